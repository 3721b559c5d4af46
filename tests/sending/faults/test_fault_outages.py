"""Outages of hours: they cost no more rows than were in flight, and a run that lost patience is resumed."""

import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from engine_runs import Runs, line, live_profile
from fake_clock import FakeClock
from raw_market import Taken
from sending_parts import Shelf

from bulk_orders.core.lifecycle import State
from bulk_orders.core.reply import FailureKind, NoReply, Reply
from bulk_orders.core.summary import Outcome
from bulk_orders.errors import ExitCode
from bulk_orders.marketplace.interface import OrderList, PlatformOrder, ReadFailed


class Partitioned(Shelf):
    """A marketplace in this process that nobody reaches for an hour; what is sent into the outage may arrive or not."""

    def __init__(self, clock: FakeClock, *, begins_after: int, lasts_s: float) -> None:
        super().__init__()
        self.clock = clock
        self.taken: list[Taken] = []
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
                self.taken.append(self._made(body))
            made = self.taken[-1]
        sent_at = self.clock.now()
        if self.is_away:
            return NoReply(kind=FailureKind.TIMEOUT, detail="", bytes_sent=9, sent_at=sent_at)
        content = f'{{"id": "{made.order_id}"}}'.encode()
        headers = {"content-type": "application/json"}
        return Reply(status=201, headers=headers, body=content, is_complete=True, sent_at=sent_at)

    def _made(self, body: Mapping[str, Any]) -> Taken:
        return Taken(
            order_id=str(len(self.taken)),
            customer_id=body["customerId"],
            po_number=body["ponumber"],
            products=body["products"],
            created_at=self.clock.now(),
        )

    def get_order(self, order_id: str) -> PlatformOrder | None:
        self._check()
        return self._shown(self.taken[int(order_id)])

    def list_orders(
        self,
        *,
        customer_id: str = "",
        created_from: datetime | None = None,
        created_to: datetime | None = None,
        status: str = "",
    ) -> OrderList:
        self._check()
        found = [order for order in self.taken if customer_id in {"", order.customer_id}]
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


@pytest.mark.long
@pytest.mark.parametrize("workers", [1, 4, 16])
@pytest.mark.parametrize("hours", [1, 1.9])
def test_an_outage_of_hours_costs_no_more_rows_than_were_in_flight_and_the_run_goes_on_by_itself(
    workers: int, hours: float
) -> None:
    clock = FakeClock()
    market = Partitioned(clock, begins_after=40, lasts_s=hours * 3600.0)
    profile = live_profile("https://127.0.0.1/x", workers=workers, patience_s=7200.0, window_s=900.0)
    told = Runs(marketplace=market, profile=profile, clock=clock).run([line(n) for n in range(1, 121)])
    assert market.lost <= workers + 3
    assert told.counts[Outcome.UNKNOWN] <= workers + 3
    assert {order.state for order in told.orders} <= {State.ACCEPTED, State.UNKNOWN}
    assert (market.posts, len({order.po_number for order in market.taken})) == (120, len(market.taken))
    assert told.end.reason == ""


def test_an_outage_longer_than_the_patience_ends_the_run_to_be_resumed() -> None:
    clock = FakeClock()
    market = Partitioned(clock, begins_after=10, lasts_s=9000.0)
    runs = Runs(
        marketplace=market, profile=live_profile("https://127.0.0.1/x", patience_s=7200.0), clock=clock
    )
    first = runs.run([line(n) for n in range(1, 31)])
    clock.advance(9000.0)
    second = runs.resume(first.run_id)
    assert (first.end.exit_code, first.counts[Outcome.UNKNOWN]) == (ExitCode.TRY_AGAIN_LATER, 1)
    assert first.counts[Outcome.NOT_SENT] == 20
    assert (second.states, market.posts, second.code) == ([State.ACCEPTED] * 30, 30, ExitCode.OK)
