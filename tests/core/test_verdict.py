"""What an answer means. Whatever is not listed is no verdict: it is looked up, never sent again."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.reply import FailureKind, NoReply, Reply
from bulk_orders.core.verdict import (
    Accepted,
    Expected,
    NotProcessed,
    NoVerdict,
    Rejected,
    classify,
    platform_words,
    verdict_name,
)

NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
EXPECTED = Expected(customer_id="1000105563", marker="BOABCDEFGHIJKLX")
PLATFORM_ERROR = {
    "timeStamp": "2026",
    "status": 400,
    "message": "No such MPN",
    "path": "/orders",
    "correlationId": "a8n-1",
}
JSON = {"content-type": "application/json"}


def reply(
    status: int, body: object = None, *, headers: dict[str, str] | None = None, is_complete: bool = True
) -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(
        status=status,
        headers=JSON if headers is None else headers,
        body=content,
        is_complete=is_complete,
        elapsed_s=0.1,
        sent_at=NOW,
    )


def no_reply(kind: FailureKind, bytes_sent: int) -> NoReply:
    return NoReply(kind=kind, detail="it broke", bytes_sent=bytes_sent, elapsed_s=0.1, sent_at=NOW)


def judged(answer: Reply | NoReply) -> object:
    return classify(answer, EXPECTED, now=NOW)


@pytest.mark.parametrize(
    "body",
    [
        {"id": "17", "customerId": "1000105563", "poNumber": EXPECTED.marker},
        {"id": 17},
        {"data": {"id": "17", "ponumber": EXPECTED.marker}},
        {"id": "17", "poNumber": None},
    ],
    ids=["whole", "number as id", "under data", "no PO number"],
)
@pytest.mark.parametrize("status", [200, 201])
def test_an_order_with_an_id_that_echoes_ours_is_accepted(status: int, body: dict[str, object]) -> None:
    verdict = judged(reply(status, body))
    assert isinstance(verdict, Accepted)
    assert verdict.order_id == "17"


def test_an_accepted_order_tells_number_status_amount_and_how_the_po_number_came_back() -> None:
    body = {
        "id": "17",
        "orderNumber": "SO000017",
        "status": "submitted",
        "total": {"amount": "12.50", "currency": "USD"},
        "poNumber": EXPECTED.marker,
    }
    assert judged(reply(201, body)) == Accepted(
        order_id="17",
        order_number="SO000017",
        platform_status="submitted",
        amount="12.50",
        currency="USD",
        po_echo=EXPECTED.marker,
        po_name="poNumber",
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"id":""}',
        b'{"id":null}',
        b'{"id":true}',
        b'{"id":"1","id":"2"}',
        b'{"id":NaN}',
        b"<html></html>",
        b'{"id":"1","errors":["no"]}',
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"data":[]}',
    ],
)
def test_a_success_without_a_readable_id_is_no_verdict(body: bytes) -> None:
    assert isinstance(judged(reply(200, body)), NoVerdict)


@pytest.mark.parametrize("status", [202, 204, 206])
def test_a_success_that_promises_nothing_is_no_verdict(status: int) -> None:
    assert isinstance(judged(reply(status, {"id": "17"})), NoVerdict)


@pytest.mark.parametrize(
    "echo", [{"customerId": "1000109999"}, {"poNumber": "BOSOMEOTHERONE"}, {"ponumber": "other"}]
)
def test_an_answer_about_another_order_is_no_verdict_and_stops_the_run(echo: dict[str, str]) -> None:
    verdict = judged(reply(201, {"id": "17"} | echo))
    assert isinstance(verdict, NoVerdict)
    assert verdict.stops_run


def test_an_order_not_marked_as_json_counts_only_when_it_repeats_customer_and_po_number() -> None:
    whole = {"id": "17", "customerId": "1000105563", "poNumber": EXPECTED.marker}
    assert isinstance(judged(reply(201, whole, headers={"content-type": "text/html"})), Accepted)
    assert isinstance(judged(reply(201, {"id": "17"}, headers={})), NoVerdict)


@pytest.mark.parametrize("status", [400, 404, 405, 413, 415, 422])
def test_a_well_formed_refusal_is_rejected_in_the_platforms_words(status: int) -> None:
    assert judged(reply(status, PLATFORM_ERROR)) == Rejected(words="No such MPN")


@pytest.mark.parametrize("status", [400, 404, 405, 413, 415, 422])
@pytest.mark.parametrize("body", [b"<html>Bad Request</html>", b"", b"{}", b'{"message":""}'])
def test_a_refusal_that_may_not_come_from_the_api_is_no_verdict(status: int, body: bytes) -> None:
    assert isinstance(judged(reply(status, body)), NoVerdict)


def test_a_refusal_that_broke_off_is_no_verdict() -> None:
    assert isinstance(judged(reply(400, PLATFORM_ERROR, is_complete=False)), NoVerdict)


@pytest.mark.parametrize("status", [100, 408, 409, 410, 425, 431, 451, 499, 500, 502, 503, 504, 599])
def test_everything_not_listed_is_no_verdict_and_keeps_the_platforms_words(status: int) -> None:
    verdict = judged(reply(status, PLATFORM_ERROR))
    assert isinstance(verdict, NoVerdict)
    assert verdict.words == "No such MPN"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_no_verdict_and_stops_the_run(status: int) -> None:
    verdict = judged(reply(status, b""))
    assert isinstance(verdict, NoVerdict)
    assert verdict.stops_run


def test_a_503_with_retry_after_only_delays_the_looking() -> None:
    verdict = judged(reply(503, PLATFORM_ERROR, headers=JSON | {"retry-after": "7"}))
    assert isinstance(verdict, NoVerdict)
    assert verdict.wait_s == 7


@pytest.mark.parametrize("status", [429, 403, 503])
def test_a_moment_to_wait_for_counts_from_our_time_where_the_server_tells_none(status: int) -> None:
    until = format_datetime(NOW + timedelta(seconds=30), usegmt=True)
    verdict = judged(reply(status, None, headers=JSON | {"retry-after": until}))
    assert isinstance(verdict, NotProcessed | NoVerdict)
    assert verdict.wait_s == 30.0


@pytest.mark.parametrize(
    "body",
    [{"message": "Queued", "id": ""}, {"id": "17", "errors": [{"message": "Queued"}]}],
    ids=["no order", "an order and errors"],
)
def test_a_success_that_may_be_none_keeps_the_platforms_words(body: object) -> None:
    verdict = judged(reply(201, body))
    assert isinstance(verdict, NoVerdict)
    assert verdict.words == "Queued"


def test_an_expired_sign_in_is_not_processed_and_renews_the_token() -> None:
    verdict = judged(reply(401, b""))
    assert isinstance(verdict, NotProcessed)
    assert verdict.renews_token


@pytest.mark.parametrize(("headers", "wait_s"), [({"retry-after": "7"}, 7.0), ({}, None)])
def test_a_gateways_429_is_not_processed_and_pauses_everyone(
    headers: dict[str, str], wait_s: float | None
) -> None:
    verdict = judged(
        reply(429, {"statusCode": 429, "message": "Rate limit is exceeded."}, headers=JSON | headers)
    )
    assert verdict == NotProcessed(
        reason="The marketplace asked us to slow down.", code="S-RATE", wait_s=wait_s, pauses_everyone=True
    )


def test_a_429_from_behind_the_gateway_proves_nothing() -> None:
    assert isinstance(judged(reply(429, PLATFORM_ERROR | {"status": 429})), NoVerdict)


def test_a_used_up_quota_is_not_processed() -> None:
    verdict = judged(
        reply(
            403,
            {"statusCode": 403, "message": "Out of call volume quota."},
            headers=JSON | {"retry-after": "3600"},
        )
    )
    assert isinstance(verdict, NotProcessed)
    assert verdict.wait_s == 900


def test_a_plain_403_is_no_verdict_and_stops_the_run() -> None:
    verdict = judged(reply(403, PLATFORM_ERROR))
    assert isinstance(verdict, NoVerdict)
    assert verdict.stops_run


@pytest.mark.parametrize("kind", list(FailureKind))
def test_silence_after_the_first_byte_is_no_verdict_whatever_its_kind(kind: FailureKind) -> None:
    assert isinstance(judged(no_reply(kind, 1)), NoVerdict)


@pytest.mark.parametrize("kind", list(FailureKind))
def test_silence_before_the_first_byte_is_not_processed_whatever_its_kind(kind: FailureKind) -> None:
    assert isinstance(judged(no_reply(kind, 0)), NotProcessed)


def test_a_refused_certificate_stops_the_run() -> None:
    verdict = judged(no_reply(FailureKind.CERTIFICATE, 0))
    assert isinstance(verdict, NotProcessed)
    assert verdict.stops_run


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (PLATFORM_ERROR, "No such MPN"),
        ({"timestamp": 1, "status": 400, "error": "Bad Request", "path": "/"}, "Bad Request"),
        ({"errors": [{"message": "a"}, "b", 3]}, "a; b"),
        ({"message": "x" * 5000}, "x" * 2000),
        ([], ""),
    ],
)
def test_the_platforms_words_are_found_in_each_known_shape(body: object, words: str) -> None:
    assert platform_words(reply(400, body)) == words


@given(status=st.integers(100, 599), body=st.binary(max_size=200), is_complete=st.booleans())
def test_only_an_id_accepts_and_only_words_reject(status: int, body: bytes, is_complete: bool) -> None:
    verdict = judged(reply(status, body, is_complete=is_complete))
    assert verdict_name(verdict) in {"accepted", "rejected", "not processed", "no verdict"}
    assert not isinstance(verdict, Accepted) or (is_complete and b"id" in body)
    assert not isinstance(verdict, Rejected) or (is_complete and 400 <= status < 500)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reply(307, b""), "The address redirects (HTTP 307)."),
        (reply(500, PLATFORM_ERROR), "The answer was HTTP 500."),
        (reply(200, b"<html>"), "The answer was HTTP 200, but not a readable order."),
        (reply(299, {"id": ""}), "The answer was HTTP 299, but names no order."),
        (reply(201, {"id": "17", "errors": ["no"]}), "The answer has an order and errors at once."),
        (reply(201, {"id": "17", "customerId": "2"}), "The answer speaks of another order."),
        (
            reply(201, {"id": "17"}, headers={}),
            "The answer is not marked as JSON and does not repeat the order.",
        ),
        (reply(403, PLATFORM_ERROR), "The marketplace answered HTTP 403, forbidden."),
        (reply(429, PLATFORM_ERROR), "The answer was HTTP 429, from behind the gateway."),
        (no_reply(FailureKind.TIMEOUT, 1), "Sent, but no answer came: no answer in time."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_doubt_says_what_was_seen(answer: Reply | NoReply, reason: str) -> None:
    verdict = judged(answer)
    assert isinstance(verdict, NoVerdict)
    assert verdict.reason == reason


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            reply(401, b""),
            NotProcessed(reason="The sign-in had expired.", code="S-AUTH", renews_token=True),
        ),
        (
            no_reply(FailureKind.NO_SIGN_IN, 0),
            NotProcessed(reason="it broke", code="S-AUTH", renews_token=True),
        ),
        (no_reply(FailureKind.NO_CONNECTION, 0), NotProcessed(reason="it broke", code="S-DOWN")),
        (
            no_reply(FailureKind.CERTIFICATE, 0),
            NotProcessed(reason="it broke", code="S-DOWN", stops_run=True),
        ),
        (
            reply(403, {"message": "Out of call volume quota."}, headers=JSON | {"retry-after": "60"}),
            NotProcessed(
                reason="The quota of the subscription key is used up.",
                code="S-RATE",
                wait_s=60.0,
                pauses_everyone=True,
            ),
        ),
    ],
    ids=["expired sign-in", "no sign-in", "no connection", "certificate", "quota"],
)
def test_proof_that_nothing_was_made_says_what_to_do_next(
    answer: Reply | NoReply, expected: NotProcessed
) -> None:
    assert judged(answer) == expected


def test_a_doubt_from_behind_the_gateway_keeps_words_and_wait_and_lets_the_run_go_on() -> None:
    assert judged(reply(429, PLATFORM_ERROR, headers=JSON | {"retry-after": "7"})) == NoVerdict(
        reason="The answer was HTTP 429, from behind the gateway.", words="No such MPN", wait_s=7.0
    )


@pytest.mark.parametrize("headers", [{}, {"retry-after": "60"}], ids=["no wait", "wait"])
def test_a_403_from_behind_the_gateway_proves_nothing_even_with_a_wait(headers: dict[str, str]) -> None:
    assert judged(reply(403, PLATFORM_ERROR, headers=JSON | headers)) == NoVerdict(
        reason="The marketplace answered HTTP 403, forbidden.", words="No such MPN", stops_run=True
    )


def test_a_403_without_a_wait_may_come_from_anywhere() -> None:
    verdict = judged(reply(403, {"message": "Access denied."}))
    assert isinstance(verdict, NoVerdict)
    assert (verdict.words, verdict.stops_run) == ("Access denied.", True)


def test_a_lost_answer_keeps_the_detail_and_lets_the_run_go_on() -> None:
    assert judged(no_reply(FailureKind.CONNECTION_LOST, 1)) == NoVerdict(
        reason="Sent, but no answer came: connection lost.", words="it broke"
    )


def test_a_redirect_says_nothing_of_a_wait() -> None:
    assert judged(reply(300, PLATFORM_ERROR, headers=JSON | {"retry-after": "7"})) == NoVerdict(
        reason="The address redirects (HTTP 300).", stops_run=True
    )
    assert judged(reply(399, b"")) == NoVerdict(reason="The address redirects (HTTP 399).", stops_run=True)


@pytest.mark.parametrize("status", [199, 400, 402])
def test_what_is_next_to_a_redirect_or_a_success_is_neither(status: int) -> None:
    assert judged(reply(status, b"")) == NoVerdict(reason=f"The answer was HTTP {status}.")


@pytest.mark.parametrize(
    ("body", "headers", "is_accepted"),
    [
        ({"id": "17", "customerId": "1000105563"}, {}, False),
        ({"id": "17", "poNumber": EXPECTED.marker}, {}, False),
        ({"id": "17", "customerId": "1000105563", "poNumber": ""}, {}, False),
        ({"id": "17"}, {"content-type": "application/problem+JSON; charset=utf-8"}, True),
    ],
    ids=["customer only", "PO number only", "empty PO number", "any kind of JSON"],
)
def test_an_answer_not_marked_as_json_repeats_both(
    body: dict[str, str], headers: dict[str, str], is_accepted: bool
) -> None:
    assert isinstance(judged(reply(201, body, headers=headers)), Accepted) is is_accepted


def test_an_empty_po_number_came_back_empty_and_an_absent_one_not_at_all() -> None:
    empty, absent = judged(reply(201, {"id": "17", "ponumber": ""})), judged(reply(201, {"id": "17"}))
    assert empty == Accepted(order_id="17", po_echo="", po_name="ponumber")
    assert absent == Accepted(order_id="17")


def test_of_two_spellings_of_the_po_number_the_one_with_a_value_is_read() -> None:
    verdict = judged(reply(201, {"id": "17", "poNumber": None, "ponumber": EXPECTED.marker}))
    assert verdict == Accepted(order_id="17", po_echo=EXPECTED.marker, po_name="ponumber")


def test_texts_of_an_order_are_trimmed_and_only_texts_and_numbers_count() -> None:
    body = {"id": " 17 ", "orderNumber": 5, "status": ["x"], "total": "12", "customerId": " 1000105563 "}
    assert judged(reply(201, body)) == Accepted(order_id="17", order_number="5")
    amounts = {"amount": False, "currency": {"code": "USD"}}
    assert judged(reply(201, {"id": "17", "total": amounts})) == Accepted(order_id="17")


def test_a_body_with_a_byte_order_mark_is_read() -> None:
    assert judged(reply(201, b'\xef\xbb\xbf{"id": "17"}')) == Accepted(order_id="17")


@pytest.mark.parametrize("body", [[{"id": "17"}], {"data": [{"id": "17"}]}, "17", 17])
def test_an_order_within_a_list_is_not_taken_for_ours(body: object) -> None:
    assert isinstance(judged(reply(201, body)), NoVerdict)


def test_words_that_break_off_are_no_words() -> None:
    assert platform_words(reply(400, PLATFORM_ERROR, is_complete=False)) == ""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"message": " a "}, "a"),
        ({"message": "  ", "error_description": "b"}, "b"),
        ({"message": 3, "error": "c"}, "c"),
        ({"detail": "d", "title": "t"}, "d"),
        ({"title": "t", "errors": ["e"]}, "t"),
        ({"error_description": "b", "error": "c"}, "b"),
        ({"errors": [{"message": ""}, {"code": 1}, "e"]}, "e"),
        ({"errors": [{"message": "x" * 3000}]}, "x" * 2000),
        ({"errors": "e"}, ""),
        ({"other": "o"}, ""),
    ],
    ids=str,
)
def test_the_first_known_name_that_has_words_gives_them(body: object, words: str) -> None:
    assert platform_words(reply(400, body)) == words


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (reply(201, {"id": "17"}), "accepted"),
        (reply(400, PLATFORM_ERROR), "rejected"),
        (reply(401), "not processed"),
        (reply(500), "no verdict"),
    ],
    ids=["accepted", "rejected", "not processed", "no verdict"],
)
def test_a_verdict_has_the_glossarys_name(answer: Reply, name: str) -> None:
    assert verdict_name(judged(answer)) == name  # type: ignore[arg-type]


@pytest.mark.parametrize("body", [b"", b"<html>Too Many Requests</html>", b"[]"])
def test_a_429_without_a_readable_body_did_not_come_from_behind_the_gateway(body: bytes) -> None:
    assert judged(reply(429, body)) == NotProcessed(
        reason="The marketplace asked us to slow down.", code="S-RATE", pauses_everyone=True
    )


@pytest.mark.parametrize(
    ("answer", "does"),
    [
        (reply(401), (True, False, False)),
        (no_reply(FailureKind.NO_SIGN_IN, 0), (True, False, False)),
        (no_reply(FailureKind.NO_CONNECTION, 0), (False, False, False)),
        (no_reply(FailureKind.CERTIFICATE, 0), (False, False, True)),
        (reply(429), (False, True, False)),
    ],
    ids=["expired sign-in", "no sign-in", "no connection", "certificate", "throttled"],
)
def test_what_was_not_processed_renews_the_token_pauses_everyone_or_stops_the_run_only_for_its_own_reason(
    answer: Reply | NoReply, does: tuple[bool, bool, bool]
) -> None:
    verdict = judged(answer)
    assert isinstance(verdict, NotProcessed)
    assert (verdict.renews_token, verdict.pauses_everyone, verdict.stops_run) == does


@pytest.mark.parametrize("answer", [reply(500), reply(200, b""), no_reply(FailureKind.NO_CONNECTION, 1)])
def test_an_answer_that_is_merely_lost_stops_no_run(answer: Reply | NoReply) -> None:
    verdict = judged(answer)
    assert isinstance(verdict, NoVerdict)
    assert verdict.stops_run is False
