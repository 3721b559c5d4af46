"""When a run audits, what it covers, and what is recorded: until an audit was complete, every run repeats it.

What was sent up to when was compared is part of the ledger. A gateway that sends a request twice may show the second order
only a while later, so an audit right after the sending is followed by another: nothing is due only once one was complete a
settle window after the last sending.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.sending.account_look import FIRST_LOOK, AccountLook
from bulk_orders.sending.audit import AuditFindings, audit
from bulk_orders.sending.lookup import WINDOW_BEFORE, Resolver
from bulk_orders.sending.services import Services

LISTED_BY_S: Final = (5.0, 15.0, 30.0, 60.0)
"""After an audit that misses orders just accepted, when the list is asked again, in seconds."""


class RunAudit:
    """Of one account. The caller holds the ledger."""

    def __init__(
        self, services: Services, *, account: str, look: AccountLook, resolver: Resolver, window_s: float
    ) -> None:
        """Take `window_s`, the settle window."""
        self._services = services
        self._account = account
        self._look = look
        self._resolver = resolver
        self._window_s = window_s

    def due(self) -> tuple[OrderRecord, ...]:
        """Return all that was sent or recognised, by whatever run, and not compared a settle window later."""
        since = self._compared_up_to() or datetime.min.replace(tzinfo=UTC)
        return self._services.ledger.orders_sent_since(self._account, since)

    def _compared_up_to(self) -> datetime | None:
        """Return up to when nothing has to be compared any more; None where nothing ever was."""
        audited_up_to = self._services.ledger.account(self._account).audited_up_to
        return audited_up_to and audited_up_to - timedelta(seconds=self._window_s)

    def audit(self, orders: Sequence[OrderRecord]) -> AuditFindings:
        """Compare `orders` and all that is due with what the account holds; records duplicates, adopts, sends nothing."""
        ledger = self._services.ledger
        chosen = {order.key: order for order in (*orders, *self.due())}
        # From where the last audit ended, too: what another copy of this ledger sent since may be there twice.
        # An order that was recognised after its ledger was lost was never sent by this one: it is as old as the marketplace says.
        moments = [
            moment for order in chosen.values() for moment in (order.sent_at, order.accepted_at) if moment
        ]
        begin = self._compared_up_to() or self._resolver.marketplace_now() - FIRST_LOOK
        since = min((begin, *moments))
        findings = audit(
            tuple(chosen.values()),
            account=self._account,
            since=since - WINDOW_BEFORE,
            window_s=self._window_s,
            ledger=ledger,
            look=self._look,
            resolver=self._resolver,
            now=self._services.clock.now(),
        )
        if findings.is_whole and findings.read_at is not None:
            record = ledger.account(self._account)
            ledger.record_reading(replace(record, audited_up_to=findings.read_at), [])
        return findings

    def audit_when_listed(
        self, orders: Sequence[OrderRecord], *, sent_s: float | None, lag_s: float
    ) -> AuditFindings:
        """Audit once the list has had `lag_s` to show the last order; a list that is later still is asked again.

        `sent_s` is our monotonic clock's time of the last sending; None when nothing was sent.
        """
        clock, stop = self._services.clock, self._services.stop
        if sent_s is not None:
            clock.wait(sent_s + lag_s - clock.monotonic(), stop)
        findings = self.audit(orders)
        started_s = clock.monotonic()
        for at_s in LISTED_BY_S:
            if findings.is_whole or not findings.missing or stop.is_set():
                break
            clock.wait(started_s + at_s - clock.monotonic(), stop)
            findings = self.audit([self._fresh(order) for order in orders])
        return findings

    def _fresh(self, order: OrderRecord) -> OrderRecord:
        return self._services.ledger.order(order.key) or order
