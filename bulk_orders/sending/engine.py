"""A run without workbooks, in phases with values between them; `runs` puts a workbook in front and results behind.

A new run: what is `Wanted` → `plan` → `wait_for_others` → `enlist` → the orders to send → `carry_out`. A run that goes on:
`take_up` → the orders to send → `carry_out`. Whatever stops it, the next call goes on from the ledger.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bulk_orders.core.chunks import chunks_of
from bulk_orders.core.identity import MARKER_LENGTH
from bulk_orders.core.lifecycle import DUPLICATE, OrderRecord, State
from bulk_orders.core.order_types import is_setting
from bulk_orders.core.subscription_rows import AsPulled
from bulk_orders.core.summary import Disposition
from bulk_orders.core.wording import counted
from bulk_orders.errors import BulkOrdersError, ExitCode, Interrupted, RunError, SetupError
from bulk_orders.ledger.interface import RunRecord
from bulk_orders.sending.account_facts import AccountFacts
from bulk_orders.sending.account_look import AccountLook
from bulk_orders.sending.audit import AuditFindings
from bulk_orders.sending.before_sending import CANNOT_READ_FIX, BeforeSending
from bulk_orders.sending.canary import FIRST_ORDER_TO_SHOW_UP, Canary, is_shown
from bulk_orders.sending.chunk import ChunkSender, resolver_of
from bulk_orders.sending.elsewhere import send_elsewhere
from bulk_orders.sending.first_contact import FirstContact
from bulk_orders.sending.other_ledgers import OtherLedgers, WaitAhead
from bulk_orders.sending.planning import Plan, Wanted, plan
from bulk_orders.sending.recognised_orders import compare
from bulk_orders.sending.run_audit import RunAudit
from bulk_orders.sending.run_control import STOPPED_BY_YOU, RunControl
from bulk_orders.sending.services import Services
from bulk_orders.sending.waits import waiting

NOT_MADE: Final = frozenset({State.PENDING, State.REJECTED, State.GAVE_UP})
"""What a ledger believes not to exist."""
CANARIES: Final = 3
"""Maximum orders sent one by one in search of one that can be read back."""


COMPARISON: Final = "the comparison with the marketplace's orders"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineEnd:
    """How the sending ended."""

    reason: str = ""
    """Why it ended before its last order; empty if it did not."""
    exit_code: ExitCode = ExitCode.OK
    findings: AuditFindings | None = None
    """None when no audit was made."""
    is_left: bool = False
    """It did not end: workers go on with it."""


class Engine:
    """One run's work, from the ports in `Services`. The caller holds the ledger."""

    def __init__(self, services: Services, run: RunRecord, *, is_first_ever: bool = False) -> None:
        """Prepare `run`, which may be enlisted already (resume) or not yet.

        `is_first_ever` is the user's word that no other ledger was ever used for this account.
        """
        self._services = services
        self._run = run
        self._sent_s: float | None = None
        """Our monotonic clock's time of the last sending."""
        self.begun_s = services.clock.monotonic()
        self.control = RunControl(stop=services.stop)
        self.facts = AccountFacts(run.account, services.ledger)
        self.canary = Canary(
            facts=self.facts,
            marketplace=services.marketplace,
            clock=services.clock,
            allow_unmarked=services.profile.allow_unmarked,
        )
        self.resolver = resolver_of(services, self.facts)
        self.window_s = self.resolver.window_s
        self._sender = ChunkSender(
            services, run.run_id, resolver=self.resolver, facts=self.facts, control=self.control
        )
        self._look = AccountLook(
            account=run.account,
            ledger=services.ledger,
            marketplace=services.marketplace,
            clock=services.clock,
            observer=services.observer,
            their_time=self.resolver,
            window_s=self.window_s,
        )
        self._others = OtherLedgers(
            account=run.account,
            ledger=services.ledger,
            clock=services.clock,
            observer=services.observer,
            window_s=self.window_s,
            is_only_one=is_first_ever or services.profile.is_practice,
            marketplace_now=self.resolver.marketplace_now,
        )
        self._audit = RunAudit(
            services,
            account=run.account,
            look=self._look,
            resolver=self.resolver,
            window_s=self.window_s,
        )
        self._contact = FirstContact(services, run.account)
        self._before = BeforeSending(services, look=self._look, resolver=self.resolver, others=self._others)

    def recover(self) -> int:
        """Put attempts that never ended in doubt, and return how many there were."""
        return self.resolver.recover(self._run.account, run_id=self._run.run_id)

    def draft(self, wanted: Wanted) -> Plan:
        """Return what to do with each row, by what the ledger remembers; nothing is read and nothing recorded."""
        return plan(
            wanted,
            run_id=self._run.run_id,
            account=self._services.profile.account,
            ledger=self._services.ledger,
            now=self._services.clock.now(),
            read_at=self._before.read_at,
        )

    def plan(self, wanted: Wanted) -> Plan:
        """Read the account, and return the plan without what the marketplace has already.

        An account that is not known yet is asked how it wants its orders. Raises `RunError` when it cannot be read whole, however
        long an outage is waited for, and `SetupError` when it may not be read or no order could be sent well; nothing was sent.
        """
        planned = self.draft(wanted)
        if planned.in_question or planned.doubtful:
            self._services.marketplace.sign_in()
        if not planned.in_question:
            return planned
        if wanted.brought and not self._services.ledger.orders_by_key(sorted(wanted.brought)):
            self._others.suspect()
        self._wait_until_readable(planned.in_question[0].customer_id)
        self._before.read(planned.in_question, brought=wanted.brought)
        planned = self._recognised(wanted)
        self._contact.make(planned.to_send, before=[before for before, _ in planned.again])
        return planned

    def _recognised(self, wanted: Wanted) -> Plan:
        """Return the plan by what the ledger knows now; orders that it knows and that were recognised are told to it first."""
        while True:
            planned = self.draft(wanted)
            if not planned.recognised:
                return planned
            for order, found in planned.recognised:
                self._before.tell(order, found)

    def wait_ahead(self) -> WaitAhead:
        """Return how long `wait_for_others` would wait, and why, as far as it is known now."""
        return self._others.ahead()

    def wait_for_others(self, wanted: Wanted, planned: Plan) -> Plan:
        """Return the plan once nothing that another ledger sent can be on its way any more; nothing is added to it.

        Raises `Interrupted` when it is stopped meanwhile, and as `plan` does; nothing was sent.
        """
        chosen = frozenset(order.key for order in planned.to_send)
        while planned.to_send and self._before.wait():
            self._before.read(planned.to_send, brought=wanted.brought)
            planned = self._recognised(wanted).only(chosen)
        return planned

    def enlist(self, planned: Plan, source: bytes) -> list[OrderRecord]:
        """Record the run whole, before anything is sent, and return the orders to send."""
        self._services.ledger.enlist(
            self._run, planned.rows, new=planned.new, again=planned.again, source=source
        )
        return self._pending()

    def take_up(self) -> list[OrderRecord]:
        """Compare what a run still has to send with the account first, as for a new run, and return what is left to send.

        Raises `RunError` when the account cannot be read or it is stopped meanwhile, and `SetupError` when it may not be read.
        Then nothing was sent, and its rows must not even be told: another ledger may have sent them.
        """
        # Refused orders, too: by another ledger they may have been corrected and sent.
        orders = self._not_made()
        if not orders:
            return []
        self._wait_until_readable(orders[0].customer_id)
        self._before.read(orders)
        pending = self._not_recognised()
        self._contact.make(pending, before=orders)
        while pending and self._before.wait():
            self._before.read(pending)
            pending = self._not_recognised()
        return pending

    def _not_made(self) -> list[OrderRecord]:
        return [order for order in self._orders() if order.state in NOT_MADE]

    def _not_recognised(self) -> list[OrderRecord]:
        """Tell the ledger which of the run's orders are there, and return those that are to be sent all the same."""
        orders = self._not_made()
        found = compare(
            [replace(order, state=State.PENDING) for order in orders],
            self._services.ledger,
            brought=(),
            now=self.resolver.marketplace_now(),
        )
        for order in orders:
            if order.key in found:
                self._before.tell(order, found[order.key])
        return self._pending()

    def carry_out(
        self, to_send: Sequence[OrderRecord], pulled: Mapping[str, AsPulled] | None = None
    ) -> EngineEnd:
        """Send `to_send`, look up what is in doubt, audit. Never raises for what a run can meet.

        `to_send` is what `enlist` or `take_up` returned; `pulled` what the workbook says that subscriptions have, by order key.
        """
        self._sender.pulled = pulled or {}
        try:
            self._send(to_send)
        except BulkOrdersError as error:
            self.control.break_off(str(error), error.exit_code)
        if self.control.is_left:
            return EngineEnd(reason=self.control.reason, exit_code=self.control.exit_code, is_left=True)
        orders = self._to_compare()
        self._check_all_sent(orders)
        findings = self._audited(orders)
        if self._services.stop.is_set() and not self.control.reason:
            self.control.reason, self.control.exit_code = STOPPED_BY_YOU, ExitCode.INTERRUPTED
        return EngineEnd(reason=self.control.reason, exit_code=self._code(findings), findings=findings)

    def _code(self, findings: AuditFindings | None) -> ExitCode:
        if findings is not None and findings.alarms:
            return ExitCode.OUTCOME_UNKNOWN  # of an earlier run, too, though no row of this one tells it
        is_proven = findings is None or (findings.is_whole and not findings.missing)
        if not is_proven and self.control.exit_code is ExitCode.OK:
            return ExitCode.TRY_AGAIN_LATER
        return self.control.exit_code

    def _check_all_sent(self, orders: Sequence[OrderRecord]) -> None:
        """Check that everything was sent: a run that leaves orders unsent never looks finished."""
        waiting = [order for order in orders if order.state in {State.PENDING, State.IN_FLIGHT}]
        if waiting and not self._services.stop.is_set():
            self._end(
                counted(
                    len(waiting),
                    "{number} order was not sent: "
                    "it waits for a row in doubt or for a new Microsoft tenant, or another run took it up.",
                    "{number} orders were not sent: they wait for a row in doubt or for "
                    "a new Microsoft tenant, or another run took them up.",
                ),
                ExitCode.TRY_AGAIN_LATER,
            )

    def _audited(self, orders: Sequence[OrderRecord]) -> AuditFindings | None:
        if not any(order.attempts for order in orders) and not self._audit.due():
            return None
        try:
            with waiting(self._services.observer, self._services.clock, COMPARISON):
                return self._audit.audit_when_listed(orders, sent_s=self._sent_s, lag_s=self.facts.lag_s)
        except BulkOrdersError as error:
            # The ledger cannot be written: what the audit saw is found by the next run.
            self._end(str(error), error.exit_code)
            return AuditFindings(is_whole=False, note=error.message)

    def _orders(self) -> list[OrderRecord]:
        """Return the run's own orders: to be sent by it, or in doubt since an earlier run."""
        return self._own_of(self._services.ledger.orders_of_run(self._run.run_id))

    def _own_of(self, orders: Mapping[str, OrderRecord]) -> list[OrderRecord]:
        kinds = {Disposition.TO_SEND, Disposition.DOUBTFUL_BEFORE}
        rows = self._services.ledger.rows(self._run.run_id)
        wanted = {row.key for row in rows if row.disposition in kinds}
        return sorted((orders[key] for key in wanted), key=lambda order: (order.sheet_row, order.key))

    def _to_compare(self) -> list[OrderRecord]:
        """Return the run's own orders, and those of its rows that an earlier run ordered and that are there twice."""
        orders = self._services.ledger.orders_of_run(self._run.run_id)
        twice = [order for order in orders.values() if order.code == DUPLICATE]
        return list({order.key: order for order in (*self._own_of(orders), *twice)}.values())

    def _send(self, to_send: Sequence[OrderRecord]) -> None:
        self.resolver.look_up_all(self.doubtful(), settle_s=0.0, stop=self._services.stop)
        if to_send and self._sender.is_readable(to_send[0].customer_id):
            self._send_here_or_elsewhere(self._send_canaries(list(to_send)))
            self._sent_s = self._services.clock.monotonic()
        if self.control.is_left:
            return
        # Whatever ended the sending, even Ctrl-C, the doubtful are still looked for: a second Ctrl-C ends that too.
        self.resolver.look_up_all(
            self.doubtful(), settle_s=self._services.profile.settle_s, stop=threading.Event()
        )

    def _send_here_or_elsewhere(self, orders: Sequence[OrderRecord]) -> None:
        leaves, shared = self._services.elsewhere, self._services.ledger.shared_runs()
        if leaves is None or shared is None:
            self._sender.send(orders)
        elif orders and not self.control.stop.is_set():
            send_elsewhere(
                self._services,
                shared,
                self._run,
                chunks_of(orders),
                self.control,
                pulled=self._sender.pulled,
                leaves=leaves,
            )

    def doubtful(self) -> list[OrderRecord]:
        """Return the run's orders of which nobody knows whether they were made."""
        return [order for order in self._orders() if order.state is State.UNKNOWN]

    def _pending(self) -> list[OrderRecord]:
        """Return what is this run's to send; an order in doubt since an earlier run that a person called absent is, too."""
        inherited = {
            row.key
            for row in self._services.ledger.rows(self._run.run_id)
            if row.disposition is Disposition.DOUBTFUL_BEFORE
        }
        return [
            order
            for order in self._orders()
            if order.state is State.PENDING and (order.run_id == self._run.run_id or order.key in inherited)
        ]

    def _wait_until_readable(self, customer_id: str) -> None:
        """Wait as long as an outage is waited for. Raises `RunError` and `SetupError`; nothing was sent."""
        if not self._sender.is_readable(customer_id):
            if not self.control.reason:
                raise Interrupted("Stopped before the account was read; nothing was sent.")
            is_setup = self.control.exit_code is ExitCode.SETUP_WRONG
            error = SetupError if is_setup else RunError
            raise error(self.control.reason, fix=CANNOT_READ_FIX)

    def _send_canaries(self, pending: list[OrderRecord]) -> list[OrderRecord]:
        """Send one order at a time until PO numbers are proven to survive; what is left. Ends the run if they do not.

        A short PO number of the user's proves nothing for longer ones, so up to three are tried in the rows' order. Settings have
        none: where nothing else is left, one that was shown proves that their answers are understood.
        """
        stop = self._services.stop
        wanted = min(MARKER_LENGTH, max((len(order.marker) for order in pending), default=0))
        proven = doubted = 0
        while pending and proven < CANARIES and not self.canary.is_proven(wanted) and not stop.is_set():
            order, *pending = pending
            self._sender.send([order])
            record = self._services.ledger.order(order.key)
            if record is not None and record.state is State.ACCEPTED and record.order_id:
                with waiting(self._services.observer, self._services.clock, FIRST_ORDER_TO_SHOW_UP):
                    proof = self.canary.prove(record, stop)
                proven += 1
                if not proof.is_good:
                    self._end(proof.reason, proof.exit_code)
            elif record is not None and is_shown(order, record) and all(is_setting(o.body) for o in pending):
                break
            elif record is not None and record.state is State.UNKNOWN:
                doubted += 1
                if doubted >= CANARIES:
                    self._end("None of the first orders got a clear answer.", ExitCode.TRY_AGAIN_LATER)
        return pending

    def _end(self, reason: str, exit_code: ExitCode) -> None:
        self.control.end(reason, exit_code)

    def audit(self, orders: Sequence[OrderRecord] | None = None) -> AuditFindings:
        """Compare the run's orders, or those of its account that are named, with the marketplace's.

        So are those of runs whose audit was incomplete. Records duplicates, adopts what was in doubt; sends nothing.
        """
        return self._audit.audit(self._to_compare() if orders is None else orders)
