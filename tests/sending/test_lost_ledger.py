"""How long a ledger that lost orders is suspected, and how long what was on its way is waited for."""

from datetime import timedelta
from typing import Any

import pytest
from sending_parts import MemoryLedgerAge

from bulk_orders.ledger.interface import Ledger
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.sending.lookback import LOOK_BACK
from bulk_orders.sending.lost_ledger import LEAP, LostLedger


def made(ledger: Ledger, clock: Any, ledger_age: MemoryLedgerAge) -> LostLedger:
    return LostLedger(ledger=ledger, ledger_age=ledger_age, clock=clock, account="live")


def test_a_ledger_as_old_as_was_noted_lost_nothing(clock: Any) -> None:
    whole = made(MemoryLedger(), clock, MemoryLedgerAge(0))
    assert (whole.is_suspected, whole.must_wait) == (False, False)


def test_a_younger_one_is_suspected_although_it_grows_older_than_was_noted(clock: Any) -> None:
    ledger = MemoryLedger()
    made(ledger, clock, MemoryLedgerAge(9)).keep_in_mind()
    later = made(ledger, clock, MemoryLedgerAge(0))
    assert (later.is_suspected, later.must_wait) == (True, True)


def test_a_ledger_that_lost_nothing_keeps_nothing_in_mind(clock: Any) -> None:
    ledger = MemoryLedger()
    made(ledger, clock, MemoryLedgerAge(0)).keep_in_mind()
    assert ledger.learnt("live") == {}


@pytest.mark.parametrize(("later", "is_suspected"), [(LOOK_BACK, True), (LOOK_BACK * 1.01, False)])
def test_after_one_wait_it_is_suspected_for_thirty_days_and_waits_no_more(
    clock: Any, later: timedelta, *, is_suspected: bool
) -> None:
    ledger, ledger_age = MemoryLedger(), MemoryLedgerAge(9)
    lost = made(ledger, clock, ledger_age)
    lost.keep_in_mind()
    lost.have_waited()
    assert not lost.must_wait
    clock.advance(later.total_seconds())
    again = made(ledger, clock, ledger_age)
    assert (again.is_suspected, again.must_wait) == (is_suspected, False)


def test_a_ledger_that_was_waited_for_is_older_than_every_copy_of_those_before_it(clock: Any) -> None:
    ledger_age = MemoryLedgerAge(9)
    lost = made(MemoryLedger(), clock, ledger_age)
    lost.have_waited()
    ledger_age.record("live", lost.age)
    assert lost.age() == ledger_age.number == 9 + LEAP
    assert made(MemoryLedger(), clock, ledger_age).must_wait


def test_a_second_loss_makes_it_older_still(clock: Any) -> None:
    ledger, ledger_age = MemoryLedger(), MemoryLedgerAge(9)
    made(ledger, clock, ledger_age).have_waited()
    ledger_age.number = 2 * LEAP
    again = made(ledger, clock, ledger_age)
    assert again.must_wait
    again.have_waited()
    assert made(ledger, clock, ledger_age).age() == 3 * LEAP


def test_what_a_workbook_says_of_a_loss_counts_like_its_age(clock: Any) -> None:
    suspected = made(MemoryLedger(), clock, MemoryLedgerAge(0))
    suspected.suspect()
    assert (suspected.is_suspected, suspected.must_wait) == (True, True)


def test_a_ledger_that_was_waited_for_is_not_waited_for_again_on_a_workbooks_word(clock: Any) -> None:
    ledger, ledger_age = MemoryLedger(), MemoryLedgerAge(9)
    made(ledger, clock, ledger_age).have_waited()
    again = made(ledger, clock, ledger_age)
    again.suspect()
    assert (again.is_suspected, again.must_wait) == (True, False)
