"""Whatever waits says so: at once, every half minute, for what, since when and until when."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from bulk_orders.cli.progress import waiting_line
from bulk_orders.sending.events import OrderSettled, WaitBegun, Waiting, WaitOver
from bulk_orders.sending.waits import AGAIN_AFTER_S, AT_ONCE_S, WaitTeller, waiting


class Heard(list[Any]):
    """What an observer was told."""

    def __call__(self, event: Any) -> None:
        self.append(event)

    @property
    def waits(self) -> list[Waiting]:
        return [event for event in self if isinstance(event, Waiting)]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def teller(heard: Heard, clock: Any) -> WaitTeller:
    return WaitTeller(heard, clock)


def test_a_wait_is_told_within_a_second_and_then_every_half_minute(
    teller: WaitTeller, heard: Heard, clock: Any
) -> None:
    told_at = []
    with waiting(teller, clock, "the postman", for_s=100.0):
        for quarter in range(1, 401):
            clock.advance(0.25)
            before = len(heard.waits)
            teller.tell_due()
            told_at += [quarter / 4] * (len(heard.waits) - before)
    assert told_at == [AT_ONCE_S, AT_ONCE_S + AGAIN_AFTER_S, AT_ONCE_S + 2 * AGAIN_AFTER_S, 90.5]


def test_a_wait_says_for_what_since_when_and_until_when(teller: WaitTeller, heard: Heard, clock: Any) -> None:
    since = clock.now()
    with waiting(teller, clock, "the postman", for_s=90.0):
        clock.advance(10.0)
        teller.tell_due()
        clock.advance(35.0)
        teller.tell_due()
    told, again = heard.waits
    assert (told.what, told.since, (told.until or since) - since, told.waited_s) == (
        "the postman",
        since,
        clock.now() + (clock.now() - since) - since,
        10,
    )
    assert waiting_line(told) == (
        "  Waiting for the postman (since 02:15:00 UTC, until 02:16:30 UTC at the latest)."
    )
    assert waiting_line(again) == (
        "  Still waiting for the postman (45 seconds so far, until 02:16:30 UTC at the latest)."
    )


def test_a_wait_without_an_end_says_how_long_it_has_lasted(
    teller: WaitTeller, heard: Heard, clock: Any
) -> None:
    with waiting(teller, clock, "the postman"):
        clock.advance(120.0)
        teller.tell_due()
    assert waiting_line(heard.waits[0]) == (
        "  Waiting for the postman (since 02:15:00 UTC, 2 minutes so far)."
    )


def test_what_is_over_quickly_is_not_worth_a_word(teller: WaitTeller, heard: Heard, clock: Any) -> None:
    for _ in range(100):
        with waiting(teller, clock, "the postman"):
            clock.advance(AT_ONCE_S - 0.01)
            teller.tell_due()
    assert heard.waits == []


def test_who_is_patient_by_nature_is_told_later(teller: WaitTeller, heard: Heard, clock: Any) -> None:
    with waiting(teller, clock, "an answer", told_after_s=10.0):
        clock.advance(9.9)
        teller.tell_due()
        assert heard.waits == []
        clock.advance(0.1)
        teller.tell_due()
    assert len(heard.waits) == 1


def test_many_who_wait_for_one_thing_are_one_wait_that_lasts_as_long_as_any_of_them(
    teller: WaitTeller, heard: Heard, clock: Any
) -> None:
    began = clock.now()
    first = WaitBegun(what="the postman", since=began, until=None, told_after_s=AT_ONCE_S)
    teller(first)
    clock.advance(1.0)
    with waiting(teller, clock, "the postman"), waiting(teller, clock, "the postman"):
        teller.tell_due()
        teller(WaitOver(wait=first))
        clock.advance(AGAIN_AFTER_S)
        teller.tell_due()
    assert [wait.since == began for wait in heard.waits] == [True, False]


def test_a_wait_that_begins_anew_is_told_anew(teller: WaitTeller, heard: Heard, clock: Any) -> None:
    for _ in range(2):
        with waiting(teller, clock, "the postman"):
            clock.advance(1.0)
            teller.tell_due()
    assert len(heard.waits) == 2


def test_a_wait_ends_with_its_block_even_if_that_fails(teller: WaitTeller, heard: Heard, clock: Any) -> None:
    def fail() -> None:
        with waiting(teller, clock, "the postman"):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    clock.advance(100.0)
    teller.tell_due()
    assert heard.waits == []


def test_other_events_are_passed_on_as_they_are(teller: WaitTeller, heard: Heard) -> None:
    event = OrderSettled(sheet_row=2, state="accepted")  # type: ignore[arg-type]
    teller(event)
    assert heard == [event]


def test_a_wait_is_told_although_who_waits_is_stuck(clock: Any) -> None:
    told = threading.Event()

    def hear(event: Any) -> None:
        if isinstance(event, Waiting):
            told.set()

    teller = WaitTeller(hear, clock)
    with teller.telling(), waiting(teller, clock, "an answer that does not come"):
        assert told.wait(10.0)


def test_one_that_is_told_while_nobody_listens_stops_nobody(clock: Any) -> None:
    tell: Callable[[Any], None] = WaitTeller(lambda _: None, clock)
    with waiting(tell, clock, "the postman"):
        pass
