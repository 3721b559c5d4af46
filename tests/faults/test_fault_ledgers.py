"""Ledgers that forgot, clocks that jump, disks that fail, an hour's outage: nothing twice, nothing silently lost."""

import errno
import itertools
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fault_scenes import FINE, Desk, MemoryBeacon, QuickClock, RawMarket, Spoilt, Taken, line, live_profile
from scripted_server import http

from bulk_orders.beacon import BeaconFile
from bulk_orders.core.lifecycle import AttemptRecord, OrderRecord, State, Step
from bulk_orders.core.reply import FailureKind, NoReply, Reply
from bulk_orders.core.summary import Outcome
from bulk_orders.errors import AnotherRunActive, ExitCode, LedgerUnusable, MarketplaceDown, RunError
from bulk_orders.ledger.chain import verify
from bulk_orders.ledger.interface import Superseded
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.marketplace.interface import Marketplace, OrderList, PlatformOrder, ReadFailed

ROWS = [line(n) for n in range(1, 6)]
NEVER = Spoilt(
    play=lambda shown: http("504 Gateway Time-out", b"<html>", Content_Type="text/html"), is_taken=False
)


def forgotten(desk: Desk) -> Desk:
    """The same machine with a new, empty ledger; nobody says that there was no other."""
    return replace(desk, ledger=MemoryLedger(), is_first_ever=False, beacon=MemoryBeacon())


def test_a_deleted_ledger_recognises_what_was_ordered_and_sends_only_the_rest() -> None:
    with RawMarket() as market:
        desk = market.desk()
        desk.run(ROWS[:3])
        told = forgotten(desk).run(ROWS)
    assert (told.states, market.posts, told.code) == ([State.ACCEPTED] * 5, 5, ExitCode.OK)
    assert [order.order_id for order in told.orders] == [order.order_id for order in market.orders]
    assert [order.attempts for order in told.orders] == [0, 0, 0, 1, 1]


def test_a_new_ledger_looks_twice_a_settle_window_apart_so_that_late_orders_are_seen() -> None:
    with RawMarket(FINE, FINE, NEVER, FINE) as market:
        desk = market.desk()
        desk.run(ROWS[:3])
        late = market.body(2)
        desk.clock.after(600.0, lambda: market.take(late))
        told = forgotten(desk).run(ROWS[:3])
    assert (told.states, market.posts) == ([State.ACCEPTED] * 3, 3)


def test_a_new_ledger_sends_nothing_while_the_marketplace_cannot_be_read() -> None:
    with RawMarket() as market:
        desk = market.desk()
        desk.run(ROWS[:1])
        market.lists = lambda query: http("500 Internal Server Error", b'{"message": "Broken."}')
        again = forgotten(desk)
        with pytest.raises(MarketplaceDown, match="Nothing was sent"):
            again.run(ROWS)
    assert (market.posts, again.ledger.runs()) == (1, ())


def test_a_new_ledger_sends_nothing_while_the_list_is_not_complete() -> None:
    with RawMarket() as market:
        desk = market.desk()
        desk.run(ROWS[:1])
        market.lists = lambda query: market.page_of([], 7)
        with pytest.raises(MarketplaceDown, match="not complete"):
            forgotten(desk).run(ROWS)
    assert market.posts == 1


def test_the_wait_for_late_orders_can_be_stopped_and_then_nothing_was_sent() -> None:
    with RawMarket() as market:
        desk = forgotten(market.desk())
        desk.clock.wait = lambda seconds, stop: True  # type: ignore[method-assign]
        with pytest.raises(RunError, match="nothing was sent"):
            desk.run(ROWS)
    assert (market.posts, desk.ledger.runs()) == (0, ())


def test_a_ledger_restored_from_before_the_last_run_is_noticed_by_the_count_of_runs() -> None:
    with RawMarket() as market:
        desk = market.desk()
        desk.run(ROWS[:2])
        old = copied(desk.ledger)
        desk.run(ROWS)
        told = replace(desk, ledger=old, number=7).run(ROWS)
    assert (told.states, market.posts) == ([State.ACCEPTED] * 5, 5)


def test_a_ledger_restored_from_the_middle_of_the_last_run_sends_nothing_twice() -> None:
    """The copy knows the run, so counting runs shows nothing; its orders look as if they were never sent."""
    with RawMarket() as market:
        desk = market.desk()
        saved: list[MemoryLedger] = []
        market.on_take = lambda order: saved or saved.append(copied(desk.ledger))
        desk.run(ROWS)
        told = replace(desk, ledger=saved[0], number=7).run(ROWS)
    assert (told.states, len(market.orders), market.posts) == ([State.ACCEPTED] * 5, 5, 5)


def test_a_run_resumed_with_a_ledger_restored_from_its_middle_sends_nothing_twice() -> None:
    with RawMarket() as market:
        desk = market.desk()
        saved: list[MemoryLedger] = []
        market.on_take = lambda order: saved or saved.append(copied(desk.ledger))
        first = desk.run(ROWS)
        told = replace(desk, ledger=saved[0]).resume(first.run_id)
    assert (told.states, len(market.orders), market.posts) == ([State.ACCEPTED] * 5, 5, 5)


def restored(desk: Desk) -> Desk:
    """The ledger is put back from before its last run, and another workbook is run with it."""
    old = copied(desk.ledger)
    desk.run(ROWS)
    later = replace(desk, ledger=old, number=7)
    later.run([line(6)])
    return later


def test_orders_that_a_ledger_lost_are_looked_for_in_every_later_workbook_not_only_in_the_next() -> None:
    with RawMarket() as market:
        desk = market.desk()
        desk.run(ROWS[:2])
        later = restored(desk)
        begun_s = later.clock.monotonic()
        told = later.run(ROWS)
        waited_s = later.clock.monotonic() - begun_s
    assert (told.states, market.posts) == ([State.ACCEPTED] * 5, 6)
    assert waited_s < later.profile.window_s  # once was enough for what might have been on its way


def test_a_copy_from_before_a_ledger_was_deleted_is_younger_than_the_ledger_that_came_after_it() -> None:
    with RawMarket() as market:
        desk = market.desk()
        desk.run(ROWS[:2])
        old = copied(desk.ledger)
        replace(desk, ledger=MemoryLedger(), is_first_ever=False, number=3).run(ROWS[:3])
        told = replace(desk, ledger=old, number=7).run(ROWS[:3])
    assert (told.states, market.posts) == ([State.ACCEPTED] * 3, 3)


def copied(ledger: Any) -> MemoryLedger:
    """As a backup has it."""
    made = MemoryLedger()
    for name in ("_runs", "_rows", "_sources", "_orders", "_attempts", "_learnt"):
        setattr(
            made,
            name,
            {
                key: dict(value) if isinstance(value, dict) else value
                for key, value in getattr(ledger, name).items()
            },
        )
    made._events = list(ledger._events)
    return made


def test_the_count_of_runs_survives_in_a_file_of_its_own_that_may_be_lost_or_broken(tmp_path: Path) -> None:
    path = tmp_path / "ledger-age.json"
    beacon = BeaconFile(path, monotonic=itertools.count().__next__)
    beacon.raise_to("a", lambda: 3)
    beacon.raise_to("a", lambda: 2)
    assert (beacon.age("a"), BeaconFile(path, monotonic=itertools.count().__next__).age("b")) == (3, 0)
    path.write_text("{broken")
    assert beacon.age("a") == 0


def test_a_ledger_that_forgot_holds_a_row_that_looks_like_an_order_without_our_po_number() -> None:
    with RawMarket() as market:
        market.take({"customerId": "c1", "ponumber": None, "products": [{"mpn": "M1", "quantity": 1}]})
        told = forgotten(market.desk()).run(ROWS[:2])
    assert (told.states, market.posts) == ([State.HELD, State.ACCEPTED], 1)
    assert "SO9000" in told.orders[0].message


def test_an_edited_row_without_a_reference_is_held_with_the_earlier_order() -> None:
    with RawMarket() as market:
        desk = market.desk()
        desk.run([line(1, reference="")])
        told = desk.run([line(1, reference="", po_number="typed later")])
        inserted = desk.run([line(2), line(1, reference="")])
    assert (told.states, market.posts) == ([State.HELD], 2)
    assert inserted.states == [State.ACCEPTED, State.ACCEPTED]
    assert "SO9000" in told.orders[0].message


# -------------------------------------------------------------------- clocks


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
        desk = market.desk(ledger=Freezing(lambda: clock.advance(next(naps, 0.0))))
        told = desk.run([line(1)])
    steps = [event.step for event in desk.ledger.events(told.orders[0].key)]
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
        desk = market.desk()
        jumps: list[Callable[[], None]] = [lambda: clock.jump(jump_s)]
        if place == "before the order":
            jumps.pop()()
        else:
            market.on_take = lambda order: jumps.pop()() if jumps else None
        told = desk.run([line(1)])
        again = desk.run([line(1)])
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
        told = market.desk(ledger=ledger).run([line(1)])
        kept = ledger.order(told.orders[0].key)
        ledger.close()
    assert kept is not None
    assert (told.states, kept.accepted_at) == ([State.ACCEPTED], market.orders[0].created_at)


# -------------------------------------------------------------------- disks and two at once


class Failing(MemoryLedger):
    """The disk fails at the n-th step, and from then on."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.left = at

    def advance(self, before: OrderRecord, after: OrderRecord, what: Step, **rest: Any) -> None:
        self.left -= 1
        if self.left <= 0:
            raise LedgerUnusable(
                f"The ledger cannot be written: {errno.errorcode[errno.ENOSPC]}.", fix="Free some room."
            )
        super().advance(before, after, what, **rest)


@pytest.mark.parametrize("at", range(1, 12))
def test_a_disk_that_is_full_at_any_step_stops_the_run_and_the_next_run_makes_it_whole(at: int) -> None:
    """At an odd step no intent is on disk, and nothing was sent; at an even one the verdict is lost, and looked up."""
    with RawMarket() as market:
        ledger = Failing(at)
        desk = market.desk(ledger=ledger)
        told = desk.run(ROWS)
        posts, intents = market.posts, sum(attempt.number for attempt in ledger.attempts(told.run_id))
        ledger.left = 10**9
        again = desk.run(ROWS)
    assert posts == intents == min(at // 2, 5)
    assert told.code in {ExitCode.SETUP_WRONG, ExitCode.OUTCOME_UNKNOWN, ExitCode.OK}
    assert (again.states, market.posts, len(market.orders)) == ([State.ACCEPTED] * 5, 5, 5)


def test_of_two_runs_with_one_ledger_the_second_is_refused() -> None:
    with RawMarket() as market:
        desk = market.desk()
        with desk.ledger.hold(), pytest.raises(AnotherRunActive):
            desk.run(ROWS)
        told = desk.run(ROWS)
    assert (told.states, market.posts) == ([State.ACCEPTED] * 5, 5)


class Lockless(SqlLedger):
    """A lock that holds nobody back: what is left is the comparison of versions."""

    def hold(self) -> Any:
        return threading.RLock()


def test_without_a_lock_eight_runs_at_once_still_send_each_order_once(tmp_path: Path) -> None:
    rows = [line(n) for n in range(1, 21)]
    with RawMarket() as market:
        path = tmp_path / "ledger.sqlite"
        SqlLedger.open(path).close()
        desks = [replace(market.desk(), ledger=Lockless(path), number=10 * n) for n in range(8)]
        threads = [threading.Thread(target=quietly, args=(desk, rows)) for desk in desks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sent = [order.po_number for order in market.orders]
        last = replace(market.desk(), ledger=desks[0].ledger, number=99).run(rows)
        events = list(desks[0].ledger.events())
        for desk in desks:
            desk.ledger.close()
    assert sorted(set(sent)) == sorted(sent)
    assert len(market.orders) <= 20
    assert {order.state for order in last.orders} <= {State.ACCEPTED, State.UNKNOWN}
    assert verify(events) is None


def quietly(desk: Desk, rows: list[dict[str, str]]) -> None:
    """Who comes late is told so by an exception; that is the point."""
    try:
        desk.run(rows)
    except (Superseded, AnotherRunActive, ValueError):
        return


class Unwritable(MemoryLedger):
    """Fails in what comes after the answer of the first order, as a dying worker would."""

    def advance(self, before: OrderRecord, after: OrderRecord, what: Step, **rest: Any) -> None:
        attempt: AttemptRecord | None = rest.get("attempt")
        if what is Step.ACCEPTED and attempt is not None and attempt.sheet_row == 3:
            raise MemoryError
        super().advance(before, after, what, **rest)


def test_an_exception_in_a_worker_ends_the_sending_and_the_row_is_looked_up_by_the_next_run() -> None:
    with RawMarket() as market:
        ledger = Unwritable()
        desk = market.desk(ledger=ledger)
        with pytest.raises(MemoryError):
            desk.run(ROWS)
        posts = market.posts
        again = replace(desk, ledger=copied(ledger), number=5).run(ROWS)
    assert (posts, again.states, market.posts) == (2, [State.ACCEPTED] * 5, 5)


# -------------------------------------------------------------------- an hour's outage


class Partitioned(Marketplace):
    """A marketplace in this process that nobody reaches for an hour; what is sent into the outage may arrive or not."""

    def __init__(self, clock: QuickClock, *, begins_after: int, lasts_s: float) -> None:
        self.clock = clock
        self.orders: list[Taken] = []
        self.posts = 0
        self.lost = 0
        self._lock = threading.Lock()
        self._begins_after = begins_after
        self._lasts_s = lasts_s
        self._until_s = float("-inf")

    @property
    def is_away(self) -> bool:
        return self.clock.monotonic() < self._until_s

    def place(self, body: Mapping[str, Any]) -> Reply | NoReply:
        with self._lock:
            self.posts += 1
            if self.posts == self._begins_after:
                self._until_s = self.clock.monotonic() + self._lasts_s
            if self.is_away:
                self.lost += 1
            if not self.is_away or self.lost % 2:
                self.orders.append(self._made(body))
            made = self.orders[-1]
        sent_at = self.clock.now()
        if self.is_away:
            return NoReply(
                kind=FailureKind.TIMEOUT, detail="", bytes_sent=9, elapsed_s=330.0, sent_at=sent_at
            )
        content = f'{{"id": "{made.order_id}"}}'.encode()
        headers = {"content-type": "application/json"}
        return Reply(
            status=201, headers=headers, body=content, is_complete=True, elapsed_s=0.1, sent_at=sent_at
        )

    def _made(self, body: Mapping[str, Any]) -> Taken:
        return Taken(
            order_id=str(len(self.orders)),
            customer_id=body["customerId"],
            po_number=body["ponumber"],
            products=body["products"],
            created_at=self.clock.now(),
        )

    def get_order(self, order_id: str) -> PlatformOrder | None:
        self._check()
        return self._shown(self.orders[int(order_id)])

    def list_orders(
        self,
        *,
        customer_id: str = "",
        created_from: datetime | None = None,
        created_to: datetime | None = None,
    ) -> OrderList:
        self._check()
        found = [order for order in self.orders if customer_id in {"", order.customer_id}]
        return OrderList(
            orders=tuple(map(self._shown, found)), is_complete=True, server_time=self.clock.now()
        )

    def _shown(self, order: Taken) -> PlatformOrder:
        return PlatformOrder(
            order_id=order.order_id,
            customer_id=order.customer_id,
            created_at=order.created_at,
            po_number=order.po_number,
            products=tuple(order.products),
        )

    def _check(self) -> None:
        if self.is_away:
            raise ReadFailed("No answer.")

    def sign_in(self) -> None:
        self._check()

    def renew_token(self) -> None:
        self._check()

    def list_subscriptions(
        self, *, customer_id: str, created_from: datetime | None = None
    ) -> tuple[Any, ...]:
        return ()

    def list_products(self) -> tuple[Any, ...]:
        return ()

    def list_customers(self) -> Any:
        return ()

    def get_customer(self, customer_id: str) -> None:
        return None

    def validate_parameters(self, body: Mapping[str, Any]) -> tuple[Any, ...]:
        return ()

    def estimate(self, body: Mapping[str, Any]) -> tuple[str, str]:
        return "", ""


@pytest.mark.parametrize("workers", [1, 4, 16])
@pytest.mark.parametrize("hours", [1, 1.9])
def test_an_outage_of_hours_costs_no_more_rows_than_were_in_flight_and_the_run_goes_on_by_itself(
    workers: int, hours: float
) -> None:
    clock = QuickClock()
    market = Partitioned(clock, begins_after=40, lasts_s=hours * 3600.0)
    profile = live_profile("https://127.0.0.1/x", workers=workers, patience_s=7200.0, window_s=900.0)
    told = Desk(marketplace=market, profile=profile, clock=clock).run([line(n) for n in range(1, 121)])
    assert market.lost <= workers + 3
    assert told.counts[Outcome.UNKNOWN] <= workers + 3
    assert {order.state for order in told.orders} <= {State.ACCEPTED, State.UNKNOWN}
    assert (market.posts, len({order.po_number for order in market.orders})) == (120, len(market.orders))
    assert told.end.reason == ""


def test_an_outage_longer_than_the_patience_ends_the_run_to_be_resumed() -> None:
    clock = QuickClock()
    market = Partitioned(clock, begins_after=10, lasts_s=9000.0)
    desk = Desk(
        marketplace=market, profile=live_profile("https://127.0.0.1/x", patience_s=7200.0), clock=clock
    )
    first = desk.run([line(n) for n in range(1, 31)])
    clock.advance(9000.0)
    second = desk.resume(first.run_id)
    assert (first.end.exit_code, first.counts[Outcome.UNKNOWN]) == (ExitCode.TRY_AGAIN_LATER, 1)
    assert first.counts[Outcome.NOT_SENT] == 20
    assert (second.states, market.posts, second.code) == ([State.ACCEPTED] * 30, 30, ExitCode.OK)
