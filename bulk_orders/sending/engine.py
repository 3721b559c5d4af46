"""A run without workbooks: recover, plan, record, send, look up, audit. `runs` puts a workbook in front and results behind.

Whatever stops it, the next call goes on from the ledger.
"""

import functools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bulk_orders.core.identity import Account
from bulk_orders.core.lifecycle import OrderRecord, State, Step, step
from bulk_orders.core.model import Order
from bulk_orders.core.settling import window_s
from bulk_orders.core.summary import Disposition
from bulk_orders.errors import BulkOrdersError, ExitCode, RunError
from bulk_orders.ledger.interface import RowRecord, RunRecord
from bulk_orders.sending.audit import AuditFindings, audit
from bulk_orders.sending.audit_due import AuditDue
from bulk_orders.sending.breaker import Breaker, CheapQuestion
from bulk_orders.sending.canary import Canary
from bulk_orders.sending.events import AttemptBegun, Event, LookingTwice
from bulk_orders.sending.lookback import LOOK_BACK, Recognised, adopted, held_words, look_back, purchase
from bulk_orders.sending.lookup import Resolver
from bulk_orders.sending.lost_ledger import LostLedger
from bulk_orders.sending.planning import Plan, plan
from bulk_orders.sending.run_control import RunControl
from bulk_orders.sending.services import Services
from bulk_orders.sending.submission import Submission, SubmissionSettings
from bulk_orders.sending.waits import waiting
from bulk_orders.texts import sending as words

OWN_MARKER: Final = 15
"""Characters of a marker that we make (`core.identity.marker`)."""
NOT_MADE: Final = frozenset({State.PENDING, State.REJECTED, State.GAVE_UP})
"""What a ledger believes not to exist."""
CANARIES: Final = 3
"""Orders sent one by one, at the most, in search of one that can be read back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineEnd:
    """How the sending ended."""

    reason: str = ""
    """Why it ended before its last order; empty if it did not."""
    exit_code: ExitCode = ExitCode.OK
    findings: AuditFindings | None = None
    """None when no audit was made."""


class Engine:
    """One run's work, from the ports in `Services`. The caller holds the ledger."""

    def __init__(self, services: Services, run: RunRecord) -> None:
        """`run` may be enlisted already (resume) or not yet."""
        self._services = services
        self._run = run
        self.lost_ledger = LostLedger(
            ledger=services.ledger, ledger_age=services.ledger_age, clock=services.clock, account=run.account
        )
        self._has_asked = False
        self._has_waited = False
        self._audit_due = AuditDue(services.ledger, run.account)
        self._found: dict[str, Recognised] = {}
        self._replan: Callable[..., Plan]
        self.control = RunControl(stop=services.stop)
        self.canary = Canary(
            account=run.account,
            ledger=services.ledger,
            marketplace=services.marketplace,
            clock=services.clock,
            allow_unmarked=services.profile.allow_unmarked,
        )
        own_window_s = services.profile.window_s
        self.window_s = window_s(self.canary.lag_s) if own_window_s is None else own_window_s
        self.resolver = Resolver(
            ledger=services.ledger,
            marketplace=services.marketplace,
            clock=services.clock,
            observer=services.observer,
            window_s=self.window_s,
            adopting=services.adopting,
        )

    def recover(self) -> int:
        """Attempts that never ended are in doubt from now on; how many there were."""
        self._keep_in_mind()
        return self.resolver.recover(self._run.account, run_id=self._run.run_id)

    def plan(
        self,
        orders: Sequence[Order],
        not_ready: Sequence[RowRecord],
        *,
        account: Account,
        first: int | None = None,
        forgets: bool = False,
    ) -> Plan:
        """What is to be done with each row; only the first `first` orders are to be sent.

        With `forgets` the ledger may have lost orders, and the marketplace is asked before anything is sent;
        `look_again` is due before the plan is enlisted.
        """
        self._replan = functools.partial(
            plan, orders, not_ready, run_id=self._run.run_id, account=account, ledger=self._services.ledger
        )
        planned = self._replan(now=self._services.clock.now())
        if forgets:
            self.lost_ledger.suspect()
            planned = self._recognise(planned)
        return planned if first is None else planned.only_first(first)

    def _recognise(self, planned: Plan) -> Plan:
        """The plan without what the marketplace has already."""
        chosen = frozenset(order.key for order in planned.to_send)
        found = self._look_back(planned.to_send)
        known = {before.key: before for before, _ in planned.again}
        for key in known.keys() & found.keys():
            self._tell_known(known[key], found[key])
        self._found |= found
        fresh = self._replan(now=self._services.clock.now())
        new = (
            adopted(order, self._found[order.key]) if order.key in self._found else order
            for order in fresh.new
        )
        return replace(fresh, new=tuple(new)).only(chosen)

    def _look_back(self, orders: Sequence[OrderRecord]) -> dict[str, Recognised]:
        services = self._services
        return look_back(
            orders, ledger=services.ledger, marketplace=services.marketplace, now=services.clock.now()
        )

    def _tell_known(self, order: OrderRecord, found: Recognised) -> None:
        """An order that the ledger knows and believed not to be made seems to be there."""
        if found.is_certain:
            name = found.seen.order_number or found.seen.order_id
            self.resolver.record_purchase(purchase(order, found), note=words.RECOGNISED.format(order=name))
            return
        held = step(order, Step.HELD_BACK, code="S-HELD", message=held_words(found))
        self._services.ledger.advance(
            order, held, Step.HELD_BACK, at=self._services.clock.now(), note=held.message
        )

    def look_again(self, planned: Plan) -> Plan:
        """For a ledger that forgets, the second look: a settle window after the first, nothing can still be on its way.

        Raises `RunError` when it is stopped meanwhile; nothing was sent.
        """
        if not (planned.to_send and self.lost_ledger.must_wait):
            return planned
        self._wait_for_stragglers()
        planned = self._recognise(planned)
        self._has_waited = True
        return planned

    def _wait_for_stragglers(self) -> None:
        self._services.observer(LookingTwice(wait_s=self.window_s))
        if self._services.clock.wait(self.window_s, self._services.stop):
            raise RunError(words.STOPPED_LOOKING, fix=words.STOPPED_LOOKING_FIX)

    def enlist(self, planned: Plan, source: bytes) -> None:
        """Record the run whole, before anything is sent."""
        self.lost_ledger.keep_in_mind()
        self._services.ledger.enlist(
            self._run, planned.rows, new=planned.new, again=planned.again, source=source
        )
        self._have_asked()

    def _keep_in_mind(self) -> None:
        """Whatever is written from now on makes the ledger older: note first that it has forgotten."""
        if self.lost_ledger.must_wait:
            self.lost_ledger.keep_in_mind()
            self._audit_due.mark_sent_since(self.resolver.marketplace_now() - LOOK_BACK)

    def _have_asked(self) -> None:
        """The run's own orders were looked for, if the ledger may have forgotten some."""
        self._has_asked = True
        if self._has_waited:
            self.lost_ledger.have_waited()
        self._record_age()

    def _record_age(self) -> None:
        self._services.ledger_age.record(self._run.account, self.lost_ledger.age)

    def carry_out(self) -> EngineEnd:
        """Send what is to be sent, look up what is in doubt, audit.

        Never raises for what a run can meet, but for `RunError` from a ledger that has forgotten while the marketplace cannot be read: then its rows must not
        even be told.
        """
        if self.lost_ledger.is_suspected and not self._has_asked:
            self._reconsider()
        try:
            self._send()
        except BulkOrdersError as error:
            self.control.end(str(error), error.exit_code)
            self.control.reason, self.control.exit_code = str(error), error.exit_code
        self._record_age()
        self._check_all_sent()
        findings = self._audited()
        if self._services.stop.is_set() and not self.control.reason:
            self.control.reason, self.control.exit_code = words.STOPPED_BY_YOU, ExitCode.INTERRUPTED
        code = self.control.exit_code
        if findings is not None and findings.alarms:
            code = ExitCode.OUTCOME_UNKNOWN  # of an earlier run, too, though no row of this one tells it
        return EngineEnd(reason=self.control.reason, exit_code=code, findings=findings)

    def _noticing(self, event: Event) -> None:
        """Tell on, and keep the ledger_age close behind the ledger: before an order leaves, the ledger_age knows of it."""
        if isinstance(event, AttemptBegun):
            self._record_age()
        self._services.observer(event)

    def _reconsider(self) -> None:
        """A run is resumed from a ledger that has forgotten: what waits to be sent is looked for first, twice."""
        for is_second in (False, True) if self.lost_ledger.must_wait else (False,):
            # A newer ledger may have known more of refused orders, too: they were corrected and sent again.
            pending = [order for order in self._orders() if order.state in NOT_MADE]
            if not pending:
                break
            if is_second:
                self._wait_for_stragglers()
                self._has_waited = True
            for key, found in self._look_back(pending).items():
                self._tell_known(next(order for order in pending if order.key == key), found)
        self._have_asked()

    def _check_all_sent(self) -> None:
        """A run that leaves orders unsent never looks finished."""
        waiting = [order for order in self._orders() if order.state in {State.PENDING, State.IN_FLIGHT}]
        if waiting and not self._services.stop.is_set():
            self._end(
                words.LEFT_UNSENT.format(number=len(waiting)),
                ExitCode.TRY_AGAIN_LATER,
            )

    def _audited(self) -> AuditFindings | None:
        if self._audit_due.since() is None and not any(order.attempts for order in self._orders()):
            return None
        try:
            with waiting(self._services.observer, self._services.clock, words.COMPARISON):
                return self.audit()
        except (
            BulkOrdersError
        ) as error:  # the ledger cannot be written: what the audit saw is found by the next run
            self._end(str(error), error.exit_code)
            return AuditFindings(is_complete=False, note=error.message)

    def _orders(self) -> list[OrderRecord]:
        """The run's own orders: to be sent by it, or in doubt since an earlier run."""
        ledger = self._services.ledger
        kinds = {Disposition.TO_SEND, Disposition.DOUBTFUL_BEFORE}
        wanted = {row.key for row in ledger.rows(self._run.run_id) if row.disposition in kinds}
        orders = ledger.orders_of_run(self._run.run_id)
        return sorted((orders[key] for key in wanted), key=lambda order: (order.sheet_row, order.key))

    def _send(self) -> None:
        stop = self._services.stop
        doubtful = [order for order in self._orders() if order.state is State.UNKNOWN]
        self.resolver.look_up_all(doubtful, settle_s=0.0, stop=stop)
        # An order in doubt since an earlier run that a person called absent is this run's to send.
        inherited = {
            row.key
            for row in self._services.ledger.rows(self._run.run_id)
            if row.disposition is Disposition.DOUBTFUL_BEFORE
        }
        pending = [
            order
            for order in self._orders()
            if order.state is State.PENDING and (order.run_id == self._run.run_id or order.key in inherited)
        ]
        breaker = self._breaker()
        if pending and self._is_readable(breaker, pending[0].customer_id):
            self._audit_due.mark_sent_since(self.resolver.marketplace_now())
            submission = self._submission(breaker)
            submission.send_all(self._send_canaries(pending, submission))
        doubtful = [order for order in self._orders() if order.state is State.UNKNOWN]
        # Whatever ended the sending, even Ctrl-C, the doubtful are still looked for: a second Ctrl-C ends that too.
        self.resolver.look_up_all(doubtful, settle_s=self._services.profile.settle_s, stop=threading.Event())

    def _is_readable(self, breaker: Breaker, customer_id: str) -> bool:
        """Wait until the marketplace can be read: where no lost answer could be looked for, nothing is sent."""
        ask = CheapQuestion(
            functools.partial(self.resolver.learn_their_time, customer_id),
            marketplace=self._services.marketplace,
            refused=lambda reason: self._end(reason, ExitCode.SETUP_WRONG),
        )
        breaker.trip(words.NOT_READABLE, ask)
        return breaker.wait_until_reset(self.control.stop) and not breaker.is_tripped

    def _send_canaries(self, pending: list[OrderRecord], submission: Submission) -> list[OrderRecord]:
        """Send one order at a time until PO numbers are proven to survive; what is left. Ends the run if they do not.

        A short PO number of the user's proves nothing for longer ones, so up to three are tried in the rows' order.
        """
        stop = self._services.stop
        wanted = min(OWN_MARKER, max((len(order.marker) for order in pending), default=0))
        proven = doubted = 0
        while pending and proven < CANARIES and not self.canary.is_proven(wanted) and not stop.is_set():
            order, *pending = pending
            submission.send_all([order])
            record = self._services.ledger.order(order.key)
            if record is not None and record.state is State.ACCEPTED:
                with waiting(self._services.observer, self._services.clock, words.FIRST_ORDER):
                    proof = self.canary.prove(record, stop)
                proven += 1
                if not proof.is_good:
                    self._end(proof.reason, proof.exit_code)
            elif record is not None and record.state is State.UNKNOWN:
                doubted += 1
                if doubted >= CANARIES:
                    self._end(words.FIRST_UNCLEAR, ExitCode.TRY_AGAIN_LATER)
        return pending

    def _end(self, reason: str, exit_code: ExitCode) -> None:
        self.control.end(reason, exit_code)

    def _breaker(self) -> Breaker:
        return Breaker(
            clock=self._services.clock,
            patience_s=self._services.profile.patience_s,
            give_up=lambda reason: self._end(reason, ExitCode.TRY_AGAIN_LATER),
            observer=self._services.observer,
        )

    def _submission(self, breaker: Breaker) -> Submission:
        services, profile = self._services, self._services.profile
        return Submission(
            run_id=self._run.run_id,
            ledger=services.ledger,
            marketplace=services.marketplace,
            resolver=self.resolver,
            limiter=services.limiter,
            breaker=breaker,
            workers=services.workers,
            clock=services.clock,
            jitter=services.jitter,
            observer=self._noticing,
            control=self.control,
            settings=SubmissionSettings(
                workers=profile.workers, stop_after=profile.stop_after, po_name=self.canary.po_name
            ),
        )

    def audit(self) -> AuditFindings:
        """Compare the run's orders with the marketplace's, and those of runs whose audit was not whole.

        Records duplicates, adopts what was in doubt; sends nothing.
        """
        self._keep_in_mind()
        orders = self._orders()
        moments = [order.sent_at for order in orders if order.sent_at]
        due = self._audit_due.since()
        since = min((*moments, *([due] if due else [])), default=self.resolver.marketplace_now())
        findings = audit(
            orders,
            account=self._run.account,
            since=since,
            ledger=self._services.ledger,
            marketplace=self._services.marketplace,
            resolver=self.resolver,
            now=self._services.clock.now(),
        )
        if findings.is_complete:
            self._audit_due.have_audited(self.resolver.marketplace_now(), self.window_s)
        return findings
