"""Whatever comes back for an order: what the row is told, how often it was sent, and that it was looked up."""

import gzip
import itertools
import json
import time
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from engine_runs import Runs, Told, line
from raw_market import FINE, RawMarket, Spoilt, first_post
from scripted_server import Play, drip, http, http_bytes, raw, reset, silence

from bulk_orders.core.lifecycle import State
from bulk_orders.core.summary import Outcome
from bulk_orders.errors import ExitCode, RunError

SHORT_S = 0.3
HTML = b"<html><h1>Gateway</h1></html>"
WORDS = {"message": "The platform says no.", "path": "/orders"}

Bytes = Callable[[dict[str, Any]], Play]


def says(status: str, value: Any, **headers: str) -> Bytes:
    return lambda shown: http(status, json.dumps(value).encode(), **headers)


def raw_body(status: str, body: bytes, **headers: str) -> Bytes:
    return lambda shown: http(status, body, **headers)


def echo(status: str = "201 Created", headers: dict[str, str] | None = None, **changes: Any) -> Bytes:
    """The order as it would be shown, with changes; a change to None takes the key away."""

    def play(shown: dict[str, Any]) -> Play:
        value = {key: there for key, there in {**shown, **changes}.items() if there is not None}
        return http(status, json.dumps(value).encode(), **(headers or {}))

    return play


def twice(shown: dict[str, Any]) -> Play:
    """The answer to another request comes first."""
    strange = http_bytes("201 Created", json.dumps({**shown, "id": "1", "customerId": "somebody"}).encode())
    return raw(strange + http_bytes("201 Created", json.dumps(shown).encode()))


ODD_200 = {
    "P10 html": raw_body("200 OK", HTML, Content_Type="text/html"),
    "P10 empty": raw_body("200 OK", b""),
    "P10 null": raw_body("200 OK", b"null"),
    "P10 list": raw_body("200 OK", b"[]"),
    "P10 object": raw_body("200 OK", b"{}"),
    "P10 empty id": says("200 OK", {"id": ""}),
    "P10 null id": says("200 OK", {"id": None}),
    "P10 boolean id": says("200 OK", {"id": True}),
    "P10 nan": raw_body("200 OK", b'{"id": "1", "total": NaN}'),
    "P10 twice": raw_body("200 OK", b'{"id": "1", "id": "2"}'),
    "P10 too long": raw_body("200 OK", b'{"id": "1", "x": "' + b"x" * 1_100_000 + b'"}'),
    "P10 too deep": raw_body("200 OK", b'{"id": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "P10 no utf-8": raw_body("200 OK", b'{"id": "\xff\xfe"}'),
}
LOST = {
    "P5 silence": lambda _: silence(),
    "P6 silence of a server that never reads": lambda _: silence(),
    "P7 reset": lambda _: reset(),
    "P7 close": lambda _: raw(b"", closes=True),
    "P7 close in the head": lambda _: raw(b"HTTP/1.1 201 Cre", closes=True),
    **ODD_200,
    "P12 an order and errors": echo(errors=[{"message": "Sold out."}]),
    "P12 errors alone": says("200 OK", {"errors": ["Sold out."]}),
    "P13 accepted for later": echo("202 Accepted"),
    "P13 no content": raw_body("204 No Content", b""),
    "P13 partial": echo("206 Partial Content"),
    "P16 html 400": raw_body("400 Bad Request", HTML, Content_Type="text/html"),
    "P16 html 404": raw_body("404 Not Found", HTML, Content_Type="text/html"),
    "P17 408": says("408 Request Timeout", WORDS),
    "P17 425": says("425 Too Early", WORDS),
    "P17 499": says("499 Client Closed Request", WORDS),
    "P18 409": says("409 Conflict", WORDS),
    "P19 431": says("431 Request Header Fields Too Large", WORDS),
    "P20 429 from behind": says("429 Too Many Requests", WORDS),
    "P21 500": says("500 Internal Server Error", WORDS),
    "P21 500 html": raw_body("500 Internal Server Error", HTML, Content_Type="text/html"),
    "P21 502": says("502 Bad Gateway", WORDS),
    "P21 503 later": says("503 Service Unavailable", WORDS, Retry_After="7"),
    "P21 504": raw_body("504 Gateway Time-out", HTML, Content_Type="text/html"),
    "P23 too slow": lambda shown: drip(http_bytes("201 Created", json.dumps(shown).encode()), every_s=0.05),
    "P25 bomb": raw_body("201 Created", gzip.compress(b" " * 20_000_000), Content_Encoding="gzip"),
    "P27 large head": raw_body("201 Created", b"{}", X_Much="x" * 100_000),
    "P27 trailing rubbish": lambda _: raw(b"\x00\x01\x02rubbish\r\n\r\n", closes=True),
    "P28 no json, no echo": echo(headers={"Content-Type": "text/plain"}, customerId=None, poNumber=None),
    "unheard of": says("418 I'm a teapot", WORDS),
}
IN_BRIEF = {
    *("P5 silence", "P7 reset", "P7 close in the head", "P10 html", "P10 null id", "P10 twice"),
    *("P10 too deep", "P12 an order and errors", "P13 accepted for later", "P17 408", "P18 409"),
    *("P20 429 from behind", "P21 502", "P23 too slow", "P25 bomb", "P28 no json, no echo"),
}
"""One of each kind; that none of the others is a verdict either, `tests/core/test_verdict.py` says of each."""
assert LOST.keys() >= IN_BRIEF
EACH_LOST = [name if name in IN_BRIEF else pytest.param(name, marks=pytest.mark.long) for name in LOST]
STOPPING = {
    "P11 another customer": echo(customerId="somebody"),
    "P11 another PO number": echo(poNumber="another"),
    "P14 301": raw_body("301 Moved Permanently", b"", Location="http://127.0.0.1:9/"),
    "P14 302": raw_body("302 Found", b"", Location="http://127.0.0.1:9/"),
    "P14 307": raw_body("307 Temporary Redirect", b"", Location="http://127.0.0.1:9/"),
    "P14 308": raw_body("308 Permanent Redirect", b"", Location="http://127.0.0.1:9/"),
    "P24 an answer to somebody else": twice,
    "T7 plain 403": says("403 Forbidden", {"message": "Forbidden"}),
}
REFUSALS = {
    "P15 400": "400 Bad Request",
    "P15 404": "404 Not Found",
    "P15 405": "405 Method Not Allowed",
    "P15 422": "422 Unprocessable Content",
    "P19 413": "413 Content Too Large",
    "P19 415": "415 Unsupported Media Type",
}


def run_one(spoilt: Spoilt, rows: int = 1) -> tuple[Told, RawMarket, Runs]:
    with RawMarket(spoilt, FINE) as market:
        runs = market.runs(order_deadline_s=SHORT_S)
        return runs.run([line(n) for n in range(1, rows + 1)]), market, runs


@pytest.mark.parametrize("name", EACH_LOST)
def test_a_lost_answer_of_an_order_that_was_taken_is_found_by_looking_and_sent_once(name: str) -> None:
    told, market, _ = run_one(Spoilt(play=LOST[name]))
    assert told.states == [State.ACCEPTED]
    assert told.orders[0].order_id == market.orders[0].order_id
    assert (market.posts, len(market.orders), told.code) == (1, 1, ExitCode.OK)
    assert market.asked["list"] >= 1


@pytest.mark.parametrize("name", EACH_LOST)
def test_a_lost_answer_of_an_order_that_was_not_taken_is_named_for_a_person_and_sent_once(name: str) -> None:
    told, market, runs = run_one(Spoilt(play=LOST[name], is_taken=False))
    again = runs.run([line(1)])
    assert told.states == again.states == [State.UNKNOWN]
    assert (market.posts, told.code, again.code) == (1, ExitCode.OUTCOME_UNKNOWN, ExitCode.OUTCOME_UNKNOWN)
    assert market.asked["list"] >= 1


@pytest.mark.parametrize("name", STOPPING)
@pytest.mark.parametrize("is_taken", [True, False])
def test_an_answer_that_every_row_would_get_stops_the_run_before_the_second_order(
    name: str, is_taken: bool
) -> None:
    told, market, _ = run_one(Spoilt(play=STOPPING[name], is_taken=is_taken), rows=2)
    assert told.states == [State.ACCEPTED if is_taken else State.UNKNOWN, State.PENDING]
    assert (market.posts, told.code) == (1, ExitCode.SETUP_WRONG if is_taken else ExitCode.OUTCOME_UNKNOWN)
    assert told.end.reason


@pytest.mark.parametrize("name", REFUSALS)
def test_a_well_formed_refusal_is_the_rows_own_and_the_next_row_is_sent(name: str) -> None:
    told, market, _ = run_one(Spoilt(play=says(REFUSALS[name], WORDS), is_taken=False), rows=2)
    assert told.states == [State.REJECTED, State.ACCEPTED]
    assert told.orders[0].message == "The platform says no."
    assert (market.posts, told.code) == (2, ExitCode.SOME_FAILED)


def test_a_server_that_reads_nothing_has_perhaps_taken_the_order() -> None:
    told, market, _ = run_one(Spoilt(play=lambda _: silence(), is_taken=False, is_read=False))
    assert (told.states, market.posts) == ([State.UNKNOWN], 1)


def test_five_equal_lost_answers_in_a_row_stop_the_run() -> None:
    with RawMarket(FINE, Spoilt(play=LOST["P21 502"], is_taken=False)) as market:
        told = market.runs().run([line(n) for n in range(1, 10)])
    assert told.states == [State.ACCEPTED, *[State.UNKNOWN] * 5, *[State.PENDING] * 3]
    assert (market.posts, told.end.exit_code) == (6, ExitCode.TRY_AGAIN_LATER)
    assert told.end.reason.startswith("5 identical failures in a row")


def test_three_refusals_of_the_size_in_a_row_do_not_hide_behind_each_other() -> None:
    with RawMarket(FINE, Spoilt(play=says("413 Content Too Large", WORDS), is_taken=False)) as market:
        told = market.runs().run([line(n) for n in range(1, 10)])
    assert told.states == [State.ACCEPTED, *[State.REJECTED] * 5, *[State.PENDING] * 3]
    assert market.posts == 6


def test_a_refused_connection_is_waited_for_behind_the_breaker_and_no_order_is_sent() -> None:
    with RawMarket() as market:
        runs = market.runs(profile={"patience_s": 60.0})
        runs.marketplace.sign_in()
        market.hang_up()
        with pytest.raises(RunError, match=r"no useful answer for 6\d seconds"):
            runs.run([line(1), line(2)])
    assert (market.posts, runs.ledger.runs()) == (0, ())


def test_a_short_outage_costs_nothing_and_the_run_goes_on_by_itself() -> None:
    """The connection is refused twice, then somebody listens again."""
    with RawMarket() as market:
        runs = market.runs()
        runs.marketplace.sign_in()
        market.hang_up()
        runs.clock.after(20.0, market.listen_again)
        told = runs.run([line(1), line(2)])
    assert told.states == [State.ACCEPTED, State.ACCEPTED]
    assert (market.posts, told.code) == (2, ExitCode.OK)


def test_a_stale_connection_that_dies_under_an_order_is_a_lost_answer_and_not_a_second_order() -> None:
    with RawMarket(FINE, Spoilt(play=lambda _: raw(b"", closes=True), is_taken=False), FINE) as market:
        told = market.runs().run([line(1), line(2), line(3)])
    assert told.states == [State.ACCEPTED, State.UNKNOWN, State.ACCEPTED]
    assert market.posts == 3


def test_a_slow_answer_within_the_deadline_is_an_answer() -> None:
    slow = Spoilt(
        play=lambda shown: drip(http_bytes("201 Created", json.dumps(shown).encode()), every_s=0.0005)
    )
    told, market, _ = run_one(slow)
    assert (told.states, market.posts) == ([State.ACCEPTED], 1)


def test_an_order_under_data_or_with_a_number_as_its_id_is_an_answer() -> None:
    wrapped = Spoilt(
        play=lambda shown: http("200 OK", json.dumps({"data": {**shown, "id": int(shown["id"])}}).encode())
    )
    told, market, _ = run_one(wrapped)
    assert (told.orders[0].order_id, market.posts) == ("9000", 1)


@pytest.mark.parametrize("kind", ["text/plain", "text/html; charset=utf-16", "application/octet-stream"])
def test_a_wrong_content_type_is_believed_only_with_our_own_words_repeated(kind: str) -> None:
    told, market, _ = run_one(Spoilt(play=echo(headers={"Content-Type": kind})))
    assert (told.orders[0].state, told.orders[0].order_id) == (State.ACCEPTED, "9000")
    assert (market.posts, [event.step for event in _events(told)]) == (1, ["attempt begun", "accepted"])


def _events(told: Told) -> list[Any]:
    """What happened to the first order after it was recorded."""
    return list(told.engine._services.ledger.events(told.orders[0].key))[1:]


@pytest.mark.parametrize(
    "lead", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"]
)
def test_informational_answers_before_the_real_one_change_nothing(lead: bytes) -> None:
    told, market, _ = run_one(
        Spoilt(play=lambda shown: raw(lead + http_bytes("201 Created", json.dumps(shown).encode())))
    )
    assert (told.states, market.posts) == ([State.ACCEPTED], 1)


def test_a_gateway_that_replays_our_order_is_told_at_the_end_of_the_run_with_both_ids() -> None:
    told, market, _ = run_one(Spoilt(play=FINE.play, times=2))
    cancel_by = market.orders[0].created_at + timedelta(hours=168)
    assert (market.posts, len(market.orders), told.code) == (1, 2, ExitCode.OUTCOME_UNKNOWN)
    assert told.counts[Outcome.DUPLICATE] == 1
    assert told.orders[0].message == (
        f"SO9000 (id 9000), SO9001 (id 9001). Cancel all but one before {cancel_by:%Y-%m-%d %H:%M} UTC."
    )


def test_a_replay_behind_a_lost_answer_is_told_too() -> None:
    told, _, _ = run_one(Spoilt(play=LOST["P21 504"], times=2))
    assert (told.code, told.counts[Outcome.DUPLICATE]) == (ExitCode.OUTCOME_UNKNOWN, 1)
    assert "9000" in told.orders[0].message
    assert "9001" in told.orders[0].message


@pytest.mark.parametrize("later_s", [1.0, 120.0, 6000.0, 72_000.0])
def test_an_order_that_appears_late_is_found_by_the_next_run_and_never_sent_again(later_s: float) -> None:
    with RawMarket(Spoilt(play=LOST["P21 504"], is_taken=False), FINE) as market:
        runs = market.runs()
        first = runs.run([line(1)])
        runs.clock.advance(later_s)
        market.take(json.loads(first_post(market).body))
        second = runs.run([line(1)])
    assert (first.states, second.states) == ([State.UNKNOWN], [State.ACCEPTED])
    assert (market.posts, second.code) == (1, ExitCode.OK)


RETRY_AFTER = {
    "7": 7.0,
    "0": 0.0,
    "1.5": 1.5,
    "-1": 0.0,
    "": 0.0,
    "soon": 0.0,
    "Thu, 99 Foo 2026 00:00:00 GMT": 0.0,
    "3, 5": 5.0,
}


@pytest.mark.parametrize(("text", "wait_s"), RETRY_AFTER.items())
def test_a_429_waits_as_long_as_it_is_told_and_sends_the_same_order_again(text: str, wait_s: float) -> None:
    gateway = {"statusCode": 429, "message": "Rate limit is exceeded."}
    throttled = Spoilt(play=says("429 Too Many Requests", gateway, Retry_After=text), is_taken=False)
    with RawMarket(throttled, FINE) as market:
        runs = market.runs()
        begun_s = runs.clock.monotonic()
        told = runs.run([line(1)])
    assert told.states == [State.ACCEPTED]
    assert (market.posts, told.orders[0].attempts) == (2, 2)
    assert wait_s <= runs.clock.monotonic() - begun_s < wait_s + 60.0


@pytest.mark.parametrize(("ahead_s", "wait_s"), [(30, 30.0), (-30, 0.0)])
def test_a_moment_to_come_back_is_counted_from_the_servers_own_date(ahead_s: int, wait_s: float) -> None:
    with RawMarket() as market:
        runs = market.runs()
        there = runs.clock.now() + timedelta(days=400)
        headers = {
            "Date": format_datetime(there, usegmt=True),
            "Retry_After": format_datetime(there + timedelta(seconds=ahead_s), usegmt=True),
        }
        market.spoils = [Spoilt(play=says("429 Too Many Requests", {}, **headers), is_taken=False), FINE]
        begun_s = runs.clock.monotonic()
        told = runs.run([line(1)])
    assert (told.states, market.posts) == ([State.ACCEPTED], 2)
    assert wait_s <= runs.clock.monotonic() - begun_s < wait_s + 60.0


@pytest.mark.parametrize("text", ["900", "99999999999999999999", "Fri, 01 Jan 2099 00:00:00 GMT"])
def test_a_429_that_asks_for_a_quarter_of_an_hour_ends_the_run_with_the_row_unsent(text: str) -> None:
    throttled = Spoilt(play=says("429 Too Many Requests", {}, Retry_After=text), is_taken=False)
    with RawMarket(throttled) as market:
        told = market.runs().run([line(1), line(2)])
    assert told.states == [State.PENDING, State.PENDING]
    assert (market.posts, told.code) == (1, ExitCode.TRY_AGAIN_LATER)


def test_a_429_that_never_ends_ends_the_run_with_the_row_unsent() -> None:
    with RawMarket(Spoilt(play=says("429 Too Many Requests", {}), is_taken=False)) as market:
        told = market.runs().run([line(1), line(2)])
    assert told.states == [State.PENDING, State.PENDING]
    assert (market.posts, told.code) == (6, ExitCode.TRY_AGAIN_LATER)


def test_a_429_holds_every_sender_and_not_only_the_one_who_got_it() -> None:
    throttled = Spoilt(play=says("429 Too Many Requests", {}, Retry_After="40"), is_taken=False)
    sent_at_s: list[float] = []
    with RawMarket(FINE, throttled, FINE) as market:
        runs = market.runs(profile={"workers": 4})
        market.on_post = lambda: sent_at_s.append(runs.clock.monotonic())
        told = runs.run([line(n) for n in range(1, 20)])
    pauses = sorted(later - earlier for earlier, later in itertools.pairwise(sent_at_s))
    assert told.states == [State.ACCEPTED] * 19
    assert pauses[-1] > 30.0


@pytest.mark.long
def test_an_answer_cut_off_at_any_byte_is_looked_up_and_never_believed_or_refused() -> None:
    """The recorded answer of an order that was taken, cut at each byte, each time for another row."""
    with RawMarket() as market:
        runs = market.runs(profile={"stop_after": 0})
        runs.run([line(1)])
        shown = market.orders[0].shown()
        length = len(http_bytes("201 Created", json.dumps(shown).encode()))
        rows = [line(n) for n in range(2, length + 2)]
        market.spoils = [Spoilt(play=cut_at(cut)) for cut in range(length)]
        begun_s = time.monotonic()
        told = runs.run(rows)
    steps = {
        event.step for order in told.orders for event in runs.ledger.events(order.key) if event.from_state
    }
    assert told.states == [State.ACCEPTED] * length
    assert steps == {"attempt begun", "no verdict", "found on the marketplace"}
    assert [order.order_id for order in told.orders] == [order.order_id for order in market.orders[1:]]
    assert market.posts == length + 1
    assert time.monotonic() - begun_s < 60


def cut_at(cut: int) -> Bytes:
    def play(shown: dict[str, Any]) -> Play:
        # The row's number may have more digits than the recorded answer's: the end is counted from behind.
        whole = http_bytes("201 Created", json.dumps(shown).encode())
        return raw(whole[: min(cut, len(whole) - 1)], closes=True)

    return play
