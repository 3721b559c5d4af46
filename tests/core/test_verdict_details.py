"""What a verdict tells beside its name: the reason, the platform's words, how long to wait, whether the run stops."""

import pytest
from answers import EXPECTED, JSON, PLATFORM_ERROR, judged, no_reply, reply

from bulk_orders.core.reply import FailureKind, NoReply, Reply
from bulk_orders.core.verdict import (
    Accepted,
    NotProcessed,
    NoVerdict,
    platform_words,
    verdict_name,
)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reply(307, b""), "The address redirects (HTTP 307)."),
        (reply(500, PLATFORM_ERROR), "The answer was HTTP 500."),
        (reply(200, b"<html>"), "The answer was HTTP 200, but not a readable order."),
        (reply(299, {"id": ""}), "The answer was HTTP 299, but names no order."),
        (reply(201, {"id": "17", "errors": ["no"]}), "The answer has an order and errors at once."),
        (reply(201, {"id": "17", "customerId": "2"}), "The answer is about another order."),
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


def test_the_key_of_the_po_number_is_told_when_it_came_back_empty_and_not_when_it_is_absent() -> None:
    empty, absent = judged(reply(201, {"id": "17", "ponumber": ""})), judged(reply(201, {"id": "17"}))
    assert empty == Accepted(order_id="17", po_name="ponumber")
    assert absent == Accepted(order_id="17")


def test_of_two_spellings_of_the_po_number_the_one_with_a_value_is_read() -> None:
    verdict = judged(reply(201, {"id": "17", "poNumber": None, "ponumber": EXPECTED.marker}))
    assert verdict == Accepted(order_id="17", po_name="ponumber")


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
