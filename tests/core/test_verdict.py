"""What an answer means. Whatever is not listed is no verdict: it is looked up, never sent again."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from answers import EXPECTED, JSON, NOW, PLATFORM_ERROR, judged, no_reply, reply
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.reply import FailureKind
from bulk_orders.core.verdict import (
    Accepted,
    NotProcessed,
    NoVerdict,
    Rejected,
    platform_words,
    verdict_name,
)


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
