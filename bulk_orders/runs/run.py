"""The verbs of the library: run a workbook, resume a run; `runs.follow` has status, `runs.resolve` decisions and the audit.

A run is: read and check, plan against the ledger, confirm, record, send, look up what is doubtful, report. One
direction, no step looks back; whatever stops it, the next run goes on from the ledger.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from bulk_orders.checking.data_frames import Frame, frame_of_records
from bulk_orders.checking.result import CheckResult
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.money import Estimate, Limits, Price
from bulk_orders.core.records import ROW_FIELDS, row_record
from bulk_orders.core.report import RunReport
from bulk_orders.core.summary import Outcome, counts, exit_code, is_conserved, outcome
from bulk_orders.core.wording import plural
from bulk_orders.errors import AnotherRunActive, ExitCode, GuardStopped, InputError, LedgerUnusable
from bulk_orders.ledger.interface import RunRecord
from bulk_orders.machine.shell import command
from bulk_orders.reading.source import Source
from bulk_orders.runs.accounts import check_account
from bulk_orders.runs.approval import refuse_to_resume, refuse_unverified, refuse_without_plan
from bulk_orders.runs.ask_marketplace import prices
from bulk_orders.runs.check import check_again
from bulk_orders.runs.control_totals import refuse_differences
from bulk_orders.runs.live_results import LiveResults
from bulk_orders.runs.money_limits import estimate_of, keep_to, limits_of
from bulk_orders.runs.new_run import RunOptions, new_run, only_planned, wanted_by
from bulk_orders.runs.own_orders import own_order_ids, pulled_of
from bulk_orders.runs.proposal import Proposal, Remaining
from bulk_orders.runs.purge import Erased
from bulk_orders.runs.report import build_report
from bulk_orders.sending.audit import AuditFindings
from bulk_orders.sending.engine import Engine
from bulk_orders.sending.planning import Plan, Wanted
from bulk_orders.sending.services import Services

logger = logging.getLogger("bulk_orders")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnd:
    """How a run ended, or how it stands now."""

    report: RunReport
    exit_code: ExitCode
    results_path: Path | None
    """None when no results workbook could be written."""
    results_problem: str = ""
    findings: AuditFindings | None = None
    """What comparing with the marketplace told; None when nothing was sent."""
    own_order_ids: Mapping[str, str] = field(default_factory=dict)
    """Where there are findings: the marketplace's ids of the run's own orders, by order key; earlier runs' may be compared, too."""
    took_s: float = 0.0
    """From the beginning of this command's work, not of the run that it goes on with."""
    failed_reads: int = 0
    """After asking for their status: orders whose question got no usable answer, the last time they were asked about."""
    erased: Erased | None = None
    """What was older than the profile keeps it, and was erased after the run."""

    @property
    def run_id(self) -> str:
        """The run's id, as `history` lists it."""
        return self.report.run_id

    def to_frame(self) -> Frame:
        """Return what became of each row of the workbook, as a DataFrame: the columns of `--json`, and what was billed.

        `row` is Excel's number, of a DataFrame that was run its place from 2; `outcome` is a value of `Outcome`; moments
        are aware.
        """
        records = (
            {
                **row_record(row),
                "amount": row.amount or None,
                "currency": row.currency or None,
                "ordered_at": row.ordered_at,
            }
            for row in self.report.rows
        )
        return frame_of_records(records, (*ROW_FIELDS, "amount", "currency", "ordered_at"))


@dataclass(frozen=True, kw_only=True)
class PreparedRun:
    """A run that was compared with the ledger and the account, and of which nothing is recorded and nothing sent yet."""

    services: Services
    source: Source
    checked: CheckResult
    options: RunOptions
    run: RunRecord
    engine: Engine
    wanted: Wanted
    plan: Plan

    @property
    def proposal(self) -> Proposal:
        """What `send` would send."""
        profile = self.services.profile
        return Proposal(
            plan=self.plan,
            environment=profile.environment,
            marketplace=profile.marketplace,
            seconds=len(self.plan.to_send) / profile.rate_per_s if profile.rate_per_s else 0.0,
            wait_ahead=self.engine.wait_ahead(),
            is_stated=bool(self.limit) and self.checked.control_totals.orders is not None,
        )

    @property
    def limit(self) -> int | None:
        """How many orders may be sent at once; None for any number. A plan was kept to its limit when it was made."""
        if self.options.plan is not None:
            return None
        own = self.options.max_orders
        return self.services.profile.max_orders if own is None else own

    @cached_property
    def prices(self) -> Mapping[str, Price]:
        """What the orders to send cost at first, by order key; the marketplace is asked once. Raises `ReadFailed`."""
        return prices(self.services, self.plan.to_send)

    @cached_property
    def limits(self) -> Limits:
        """The most that the orders to send may cost, in all, per customer and row by row."""
        options = self.options
        return limits_of(
            self.checked,
            self.plan.to_send,
            in_all=options.max_amount,
            per_customer=options.max_per_customer,
        )

    @property
    def is_priced(self) -> bool:
        """Whether prices are wanted of orders to send."""
        return bool(self.plan.to_send) and (self.limits.are_any or self.options.estimate)

    @cached_property
    def estimate(self) -> Estimate:
        """What the orders to send cost at first, and which limits are not kept. Raises `ReadFailed`."""
        return estimate_of(self.plan.to_send, self.prices, self.limits)

    def keep_to_limits(self) -> None:
        """Raise `GuardStopped` when there are more orders than may be sent, or the control totals differ.

        Raises `InputError` when a row costs more than its own limit. The marketplace is asked for prices only where an amount
        is limited or stated.
        """
        orders = self.plan.to_send
        if self.limit is not None and len(orders) > self.limit:
            raise GuardStopped(
                "The workbook has {orders} orders to send, more than the {limit} allowed.".format(
                    orders=len(orders), limit=self.limit
                ),
                fix="Raise --max-orders, or send some of them with --first N.",
            )
        if self.options.plan is None:
            # Held rows, too: once confirmed they are sent by resuming, which asks no more.
            refuse_unverified(self.services.profile, self.plan.in_question)
        if orders and self.limits.are_any:
            keep_to(self.limits, self.estimate.bills, unpriced=len(self.estimate.unpriced))
        if orders:
            refuse_differences(
                self.checked, orders, self.prices if self.checked.control_totals.amounts else {}
            )

    def send(self, number: int) -> RunEnd:
        """Record the run and send the first `number` of the proposed orders; write results, also where none is to be sent.

        Raises `GuardStopped` when there are orders to send and `number` is 0, as `keep_to_limits` does, or the profile sends only
        approved plans and this is none; and whatever keeps a run from beginning. Then nothing was sent and nothing recorded.
        """
        self.keep_to_limits()
        refuse_without_plan(self.services.profile, self.options.plan)
        if self.plan.to_send and number <= 0:
            raise GuardStopped(
                "Nothing was sent: the run was not confirmed.", fix="Run again and type the number of orders."
            )
        planned = self.engine.wait_for_others(self.wanted, self.plan.only_first(number))
        ledger, profile, clock = self.services.ledger, self.services.profile, self.services.clock
        live_results = LiveResults(ledger, profile, clock, self.run, self.checked, self.options.results)
        live_results.probe()
        to_send = self.engine.enlist(planned, self.source.content)
        self.engine.facts.note_doubted(())
        return work_through(self.services, self.run, self.checked, live_results, self.engine, to_send)


@contextmanager
def prepare_run(
    services: Services, source: Source, checked: CheckResult, options: RunOptions
) -> Iterator[PreparedRun]:
    """Plan to send a checked workbook's orders, and hold the ledger until the run is over or given up.

    Raises `InputError` when the workbook has errors and `options.only_ready` is not set, and whatever
    keeps a run from beginning; then nothing was sent and no run recorded.
    """
    refuse_errors(checked, options)
    with services.ledger.hold(str(services.profile.account)):
        run = new_run(services, source, checked, options)
        engine = Engine(services, run, is_first_ever=options.is_first_ever)
        engine.recover()
        longest_po = engine.facts.longest_po
        wanted = _wanted(services, checked, run, options, longest_po)
        # What is found from now on holds its doubles all the same, in this run or, if it is not begun, in the next.
        engine.facts.note_doubted([order.key for order in wanted.in_doubt])
        planned = engine.plan(wanted)
        if engine.facts.longest_po != longest_po:  # learnt just now: PO numbers of ours are made shorter
            wanted = _wanted(services, checked, run, options, engine.facts.longest_po)
            planned = engine.plan(wanted)
        if options.first is not None:
            planned = planned.only_first(options.first)
        yield PreparedRun(
            services=services,
            source=source,
            checked=checked,
            options=options,
            run=run,
            engine=engine,
            wanted=wanted,
            plan=planned,
        )


def _wanted(
    services: Services, checked: CheckResult, run: RunRecord, options: RunOptions, longest_po: int | None
) -> Wanted:
    wanted = wanted_by(
        checked,
        services.ledger,
        run_id=run.run_id,
        account=services.profile.account,
        templates=services.templates,
        longest_po=longest_po,
    )
    return wanted if options.plan is None else only_planned(services, run, wanted, options.plan)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedResume:
    """A run that goes on, compared with the account; nothing more of it is sent yet."""

    services: Services
    run: RunRecord
    checked: CheckResult
    engine: Engine
    live_results: LiveResults
    to_send: Sequence[OrderRecord]
    doubtful: Sequence[OrderRecord]
    """To be looked for."""

    @property
    def remaining(self) -> Remaining:
        """What `send` has before it."""
        return Remaining(run_id=self.run.run_id, to_send=len(self.to_send), to_look_up=len(self.doubtful))

    def send(self) -> RunEnd:
        """Send what is left, look up what is doubtful, and write results."""
        run = replace(self.run, stopped_by="", ended_at=None, exit_code=None)
        self.services.ledger.finish_run(run)
        return work_through(self.services, run, self.checked, self.live_results, self.engine, self.to_send)


@contextmanager
def prepare_resume(services: Services, run: RunRecord) -> Iterator[PreparedResume]:
    """Compare what a run that stopped still has to send with the account, and hold the ledger until it is over.

    Raises what keeps it from going on; then nothing was sent, and the run stands as it stood.
    """
    check_account(services, run)
    refuse_to_resume(services.profile, run)
    checked = check_again(services.ledger, run)
    with services.ledger.hold(run.account):
        engine = Engine(services, run)
        engine.recover()
        live_results = LiveResults(services.ledger, services.profile, services.clock, run, checked, None)
        live_results.probe()
        services.marketplace.sign_in()
        to_send = engine.take_up()
        yield PreparedResume(
            services=services,
            run=run,
            checked=checked,
            engine=engine,
            live_results=live_results,
            to_send=to_send,
            doubtful=engine.doubtful(),
        )


def resume_run(
    services: Services, run: RunRecord, on_stage: Callable[[Remaining], None] | None = None
) -> RunEnd:
    """Go on with a run that stopped: look up what is doubtful, send what was not sent. `on_stage` hears what is before it."""
    with prepare_resume(services, run) as prepared:
        if on_stage is not None:
            on_stage(prepared.remaining)
        return prepared.send()


def work_through(
    services: Services,
    run: RunRecord,
    checked: CheckResult,
    live_results: LiveResults,
    engine: Engine,
    to_send: Sequence[OrderRecord],
) -> RunEnd:
    """Send, look up, audit and report; the results workbook is there from the start, and final at the end."""
    with live_results.refreshing():
        sent = engine.carry_out(to_send, pulled_of(services.ledger, run, checked.pulled))
    if sent.is_left:
        return _left(services, replace(run, stopped_by=sent.reason), checked, live_results, engine)
    counted = run_counts(services, run)
    code = exit_code(counted, stopped=sent.exit_code)
    ended = replace(
        run,
        ended_at=services.clock.now(),
        stopped_by=sent.reason,
        exit_code=int(code),
        audit_whole=None if sent.findings is None else sent.findings.is_whole,
    )
    _note_end(services, ended)
    path, problem = live_results.publish(ended)
    code = exit_code(counted, stopped=sent.exit_code, is_written=path is not None)
    told = replace(ended, results_path=str(path or ""), exit_code=int(code))
    _note_end(services, told if path else replace(told, results_path=run.results_path))
    return RunEnd(
        report=_told(services, told, checked, live_results),
        exit_code=code,
        results_path=path,
        results_problem=problem,
        findings=sent.findings,
        own_order_ids=own_order_ids(services.ledger, run) if sent.findings else {},
        took_s=services.clock.monotonic() - engine.begun_s,
    )


def _left(
    services: Services, run: RunRecord, checked: CheckResult, live_results: LiveResults, engine: Engine
) -> RunEnd:
    """Tell how a run stands that workers go on with: its end is not recorded, and what is in flight is on its way."""
    path, problem = live_results.publish(run)
    report = _told(services, replace(run, results_path=str(path or "")), checked, live_results)
    code = exit_code(report.counts, stopped=ExitCode.INTERRUPTED)
    took_s = services.clock.monotonic() - engine.begun_s
    return RunEnd(report=report, exit_code=code, results_path=path, results_problem=problem, took_s=took_s)


def _told(services: Services, run: RunRecord, checked: CheckResult, live_results: LiveResults) -> RunReport:
    report = build_report(services.ledger, run, checked, now=services.clock.now(), profile=services.profile)
    return replace(report, made_new_because=live_results.made_new_because)


def _note_end(services: Services, run: RunRecord) -> None:
    """Record how the run ended; a failure to is only logged: rows in doubt are named, and `resume` goes on, or has gone on."""
    try:
        services.ledger.finish_run(run)
    except (AnotherRunActive, LedgerUnusable) as error:
        logger.warning("the end of run %s is not recorded: %s", run.run_id, type(error).__name__)


def run_counts(services: Services, run: RunRecord) -> Mapping[Outcome, int]:
    """Return how the run's rows stand now. The conservation law is checked here: a row that has no outcome is a bug, loudly."""
    rows = services.ledger.rows(run.run_id)
    orders = services.ledger.orders_of_run(run.run_id)
    counted = counts(outcome(row.disposition, orders.get(row.key)) for row in rows)
    if not is_conserved(run.rows_in, counted):
        raise AssertionError(
            f"run {run.run_id}: {run.rows_in} rows in, {sum(counted.values())} accounted for"
        )
    return counted


def refuse_errors(checked: CheckResult, options: RunOptions) -> None:
    """Refuse a workbook with errors, unless the user said that the good rows may go. Raises `InputError` with them."""
    if checked.has_file_errors:
        raise InputError(
            "The workbook has errors; nothing was sent.",
            fix="See them: {command}".format(
                command=command("bulk-orders", "check", checked.source.path if checked.source else "FILE")
            ),
        )
    if checked.error_row_count and not options.only_ready:
        rows = plural(
            checked.error_row_count,
            "{number} row to fix; nothing was sent.",
            "{number} rows to fix; nothing was sent.",
        )
        fix = (
            "Correct what is wrong, or send the others with --only-ready."
            if checked.ready_count
            else "Correct what is wrong and run again."
        )
        raise InputError(rows.format(number=checked.error_row_count), fix=fix)
