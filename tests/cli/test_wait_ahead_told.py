"""A run that would wait before it sends says so with its proposal, and what ends the wait, where something does."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from fake_clock import FakeClock

from bulk_orders.cli.proposal_told import wait_ahead_lines
from bulk_orders.errors import Interrupted
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.sending.other_ledgers import OtherLedgers, WaitAhead


def others(*, is_only_one: bool = False, known_as: str | None = None) -> OtherLedgers:
    """Those of an account that this ledger knows by another file, by its own (None), or not at all ("")."""
    clock, ledger = FakeClock(), MemoryLedger()
    record = ledger.account("a")
    ledger.record_reading(replace(record, ledger_file=ledger.file() if known_as is None else known_as), [])
    return OtherLedgers(
        account="a",
        ledger=ledger,
        clock=clock,
        observer=lambda _event: None,
        window_s=900.0,
        is_only_one=is_only_one,
        marketplace_now=clock.now,
    )


def said(found: OtherLedgers) -> str:
    return " ".join(wait_ahead_lines(found.ahead()))


def test_a_ledger_that_is_new_to_the_account_waits_and_new_ledger_ends_it() -> None:
    words = said(others(known_as=""))
    assert "This ledger was never used with this account" in words
    assert "nothing is sent for the first 15 minutes" in words
    assert "stop and add --new-ledger" in words
    assert said(others(known_as="", is_only_one=True)) == ""


@pytest.mark.parametrize("is_only_one", [False, True])
def test_a_copied_one_waits_whatever_is_said_and_nothing_else_is_offered(is_only_one: bool) -> None:
    copied = others(known_as="elsewhere", is_only_one=is_only_one)
    words = said(copied)
    assert "copied or restored" in words
    assert "--new-ledger" not in words
    stop = threading.Event()
    stop.set()
    with pytest.raises(Interrupted) as stopped:
        copied.wait(stop)
    assert stopped.value.fix == "Run again and let it wait."


def test_a_ledger_that_the_account_knows_waits_only_for_what_is_left() -> None:
    known = others()
    assert known.ahead() == WaitAhead()
    known.saw(FakeClock().now() - timedelta(minutes=10))
    assert "Another ledger is used" in said(known)
    assert "for the first 5 minutes" in said(known)
