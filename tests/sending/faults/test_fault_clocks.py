"""Clocks that jump, machines that sleep, moments far away: no order is lost, and none is sent twice."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from engine_runs import line
from raw_market import NEVER, RawMarket, Spoilt

from bulk_orders.core.lifecycle import OrderRecord, State, Step
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.ledger.sql import SqlLedger


class Freezing(MemoryLedger):
    """The machine stands still between the intent and the sending."""

    def __init__(self, freeze: Callable[[], None]) -> None:
        super().__init__()
        self._freeze = freeze

    def advance(self, before: OrderRecord, after: OrderRecord, what: Step, **rest: Any) -> None:
        super().advance(before, after, what, **rest)
        if what is Step.BEGUN:
            self._freeze()


@pytest.mark.parametrize(("asleep_s", "sent_at_once"), [(9.0, True), (11.0, False), (28_800.0, False)])
def test_an_order_whose_machine_slept_after_the_intent_is_not_sent_on_that_intent(
    asleep_s: float, sent_at_once: bool
) -> None:
    with RawMarket() as market:
        clock = market.clock
        naps = iter([asleep_s])
        runs = market.runs(ledger=Freezing(lambda: clock.advance(next(naps, 0.0))))
        told = runs.run([line(1)])
    steps = [event.step for event in runs.ledger.events(told.orders[0].key) if event.from_state]
    assert (told.states, market.posts) == ([State.ACCEPTED], 1)
    assert (steps == ["attempt begun", "accepted"]) is sent_at_once
    assert sent_at_once or steps == ["attempt begun", "not processed", "attempt begun", "accepted"]


@pytest.mark.parametrize("jump_s", [-86_400.0, -3600.0, 3600.0, 86_400.0])
@pytest.mark.parametrize("place", ["before the order", "after the order was lost"])
def test_a_wall_clock_that_jumps_neither_loses_an_order_nor_sends_it_twice(jump_s: float, place: str) -> None:
    """The window of the look-up is in the marketplace's time, which did not jump."""
    lost = Spoilt(play=NEVER.play)
    with RawMarket(lost) as market:
        clock = market.clock
        begun = clock.now()
        market.now = lambda: begun + timedelta(seconds=clock.monotonic() - 1000.0)  # type: ignore[method-assign]
        runs = market.runs()
        jumps: list[Callable[[], None]] = [lambda: clock.jump(jump_s)]
        if place == "before the order":
            jumps.pop()()
        else:
            market.on_take = lambda order: jumps.pop()() if jumps else None
        told = runs.run([line(1)])
        again = runs.run([line(1)])
    assert market.posts == 1
    assert told.states[0] in {State.ACCEPTED, State.UNKNOWN}
    assert again.states[0] in {State.ACCEPTED, State.UNKNOWN}


@pytest.mark.parametrize(
    "moment", ["2038-01-19T03:14:07+00:00", "2028-02-29T23:59:59+00:00", "2100-01-01T00:00:00+00:00"]
)
def test_moments_far_away_are_kept_and_read_like_any_other(moment: str, tmp_path: Path) -> None:
    with RawMarket(Spoilt(play=NEVER.play)) as market:
        market.clock.jump((datetime.fromisoformat(moment) - market.clock.now()).total_seconds())
        ledger = SqlLedger.open(tmp_path / "ledger.sqlite")
        told = market.runs(ledger=ledger).run([line(1)])
        kept = ledger.order(told.orders[0].key)
        ledger.close()
    assert kept is not None
    assert (told.states, kept.accepted_at) == ([State.ACCEPTED], market.orders[0].created_at)
