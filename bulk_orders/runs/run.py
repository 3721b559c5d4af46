"""The verbs of the library: run a workbook, resume a run; `following` has status and resolve.

A run is: read and check, plan against the ledger, confirm, record, send, look up what is doubtful, report. One
direction, no step looks back; whatever stops it, the next run goes on from the ledger.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from bulk_orders import __version__
from bulk_orders.checking.check import CheckContext
from bulk_orders.core.report import RunReport
from bulk_orders.core.summary import Disposition, Outcome, counts, exit_code, is_conserved, outcome
from bulk_orders.errors import ExitCode, GuardStopped, InputError, UsageError
from bulk_orders.ledger.interface import RowRecord, RunRecord
from bulk_orders.runs.live_results import Publisher
from bulk_orders.runs.report import Intake, build_report, options_json, take_in_again
from bulk_orders.sending.audit import AuditFindings
from bulk_orders.sending.engine import Engine
from bulk_orders.sending.planning import Plan, build_orders
from bulk_orders.sending.rows_left_out import LeftOut
from bulk_orders.sending.services import Parts
from bulk_orders.texts import runs as words
from bulk_orders.texts.plural import plural

_RUN_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""For run ids; none that look alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A workbook as it was read, once."""

    path: Path
    content: bytes

    @property
    def sha256(self) -> str:
        """Of the bytes that were read."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What the user asked for."""

    only_ready: bool = False
    """Send the good rows although others have errors."""
    first: int | None = None
    """Send only so many."""
    include_hidden: bool = False
    max_orders: int | None = None
    is_first_ever: bool = False
    """The user's word that no other ledger was ever used for this account: a new ledger has forgotten nothing."""
    results: Path | None = None
    """Where the results workbook goes; beside the input when None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the run would send, shown before anything is sent."""

    plan: Plan
    intake: Intake
    environment: str
    marketplace: str
    seconds: float
    """How long it takes at the configured rate, about."""

    @property
    def orders(self) -> int:
        """How many orders are to be sent."""
        return len(self.plan.to_send)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnd:
    """How a run ended."""

    report: RunReport
    exit_code: ExitCode
    results_path: Path | None
    """None when no results workbook could be written."""
    results_problem: str = ""
    findings: AuditFindings | None = None
    """What comparing with the marketplace told; None when nothing was sent."""


Confirm = Callable[[Proposal], int]
"""How many of the proposed orders to send: all, the first few, or 0 to stop."""


def propose(parts: Parts, source: Source, intake: Intake, options: RunOptions) -> Plan:
    """What `run_workbook` would send; nothing is recorded."""
    run = _new_run(parts, source, options)
    return _plan(parts, Engine(parts, run), run, intake, first=options.first)


def check_context(now: datetime, *, own_domain: str, include_hidden: bool) -> CheckContext:
    """What checking needs to know of the world."""
    return CheckContext(today=now.date(), own_domain=own_domain, include_hidden=include_hidden)


def run_workbook(
    parts: Parts, source: Source, intake: Intake, options: RunOptions, confirm: Confirm
) -> RunEnd:
    """Send a checked workbook's orders.

    Raises `InputError` when the workbook has errors and `options.only_ready` is not set, `GuardStopped` when it is too
    large or not confirmed, and whatever keeps a run from beginning; then nothing was sent and nothing recorded.
    """
    refuse_errors(intake, options)
    with parts.ledger.hold():
        run = replace(_new_run(parts, source, options), rows_in=intake.checked.row_count)
        engine = Engine(parts, run)
        forgets = engine.forgetting.is_suspected or may_have_forgotten(parts, intake, options)
        engine.recover()
        if forgets:
            parts.marketplace.sign_in()
        planned = _plan(parts, engine, run, intake, first=options.first, forgets=forgets)
        _guard(parts, planned, options)
        if planned.to_send or planned.doubtful:
            parts.marketplace.sign_in()
        if planned.to_send:
            number = confirm(_proposal(parts, planned, intake))
            if number <= 0:
                raise GuardStopped(words.NOT_CONFIRMED, fix=words.NOT_CONFIRMED_FIX)
            planned = planned.only_first(number)
        if forgets:
            planned = engine.look_again(planned)
        publisher = Publisher(parts.ledger, parts.profile, parts.clock, run, intake, options.results)
        publisher.probe()
        engine.enlist(planned, source.content)
        return _work_through(parts, run, intake, publisher, engine)


def may_have_forgotten(parts: Parts, intake: Intake, options: RunOptions) -> bool:
    """Does something else than its age say that this ledger does not know all its orders?

    The workbook does when it brings keys of orders that the ledger never saw; and so does a ledger that has no run of a
    live account yet, unless somebody said that this is the first one.
    """
    account = str(parts.profile.account)
    brought = set(intake.row_keys.values())
    if brought and not parts.ledger.orders_by_key(sorted(brought)):
        return True
    is_new = not any(run.account == account for run in parts.ledger.runs())
    return is_new and not parts.profile.is_practice and not options.is_first_ever


def resume_run(parts: Parts, run: RunRecord) -> RunEnd:
    """Go on with a run that stopped: look up what is doubtful, send what was not sent."""
    if run.account != str(parts.profile.account):
        raise UsageError(
            words.OTHER_ACCOUNT.format(run_id=run.run_id, profile=run.profile),
            fix=words.OTHER_ACCOUNT_FIX.format(profile=run.profile),
        )
    intake = take_in_again(parts.ledger, run)
    with parts.ledger.hold():
        engine = Engine(parts, run)
        engine.recover()
        publisher = Publisher(parts.ledger, parts.profile, parts.clock, run, intake, None)
        publisher.probe()
        parts.marketplace.sign_in()
        run = replace(run, stopped_by="", ended_at=None, exit_code=None)
        parts.ledger.finish_run(run)
        return _work_through(parts, run, intake, publisher, engine)


def _work_through(
    parts: Parts, run: RunRecord, intake: Intake, publisher: Publisher, engine: Engine
) -> RunEnd:
    """The results workbook is there from the start, and final at the end."""
    with publisher.refreshing():
        sent = engine.carry_out()
    counted = run_counts(parts, run)
    code = exit_code(counted, stopped=sent.exit_code)
    ended = replace(run, ended_at=parts.clock.now(), stopped_by=sent.reason, exit_code=int(code))
    parts.ledger.finish_run(ended)
    path, problem = publisher.publish(ended)
    code = exit_code(counted, stopped=sent.exit_code, is_written=path is not None)
    told = replace(ended, results_path=str(path or ""), exit_code=int(code))
    parts.ledger.finish_run(told if path else replace(told, results_path=run.results_path))
    report = build_report(
        parts.ledger, told, intake, now=parts.clock.now(), settings=parts.profile.described()
    )
    report = replace(report, made_new_because=publisher.made_new_because)
    return RunEnd(
        report=report, exit_code=code, results_path=path, results_problem=problem, findings=sent.findings
    )


def run_counts(parts: Parts, run: RunRecord) -> Mapping[Outcome, int]:
    """How the run's rows stand now. The conservation law is checked here: a row that has no outcome is a bug, loudly."""
    rows = parts.ledger.rows(run.run_id)
    orders = parts.ledger.orders_of_run(run.run_id)
    counted = counts(outcome(row.disposition, orders.get(row.key)) for row in rows)
    if not is_conserved(run.rows_in, counted):
        raise AssertionError(
            f"run {run.run_id}: {run.rows_in} rows in, {sum(counted.values())} accounted for"
        )
    return counted


def refuse_errors(intake: Intake, options: RunOptions) -> None:
    """Nothing is sent from a workbook with errors, unless the user said that the good rows may go."""
    checked = intake.checked
    if checked.has_file_errors:
        raise InputError(words.WORKBOOK_HAS_ERRORS, fix=words.WORKBOOK_HAS_ERRORS_FIX)
    if checked.error_row_count and not options.only_ready:
        rows = plural(checked.error_row_count, words.ROW_TO_FIX, words.ROWS_TO_FIX)
        raise InputError(rows.format(number=checked.error_row_count), fix=words.ROWS_TO_FIX_FIX)


def new_run_id(now: datetime) -> str:
    """`20261122-0215-K7QX`: when, and four letters so that two runs of one minute differ."""
    letters = "".join(secrets.choice(_RUN_LETTERS) for _ in range(4))
    return f"{now:%Y%m%d-%H%M}-{letters}"


def _new_run(parts: Parts, source: Source, options: RunOptions) -> RunRecord:
    now = parts.clock.now()
    profile = parts.profile
    return RunRecord(
        run_id=new_run_id(now),
        account=str(profile.account),
        environment=profile.environment,
        profile=profile.name,
        marketplace=profile.marketplace,
        source_name=source.path.name,
        source_path=str(source.path.absolute()),  # `report` may be asked from another folder
        source_sha256=source.sha256,
        operator=parts.operator,
        host=parts.host,
        program_version=__version__,
        started_at=now,
        options=options_json(
            {
                "only_ready": options.only_ready,
                "first": options.first,
                "include_hidden": options.include_hidden,
                "own_domain": profile.own_domain,
            }
        ),
    )


def _plan(
    parts: Parts, engine: Engine, run: RunRecord, intake: Intake, *, first: int | None, forgets: bool = False
) -> Plan:
    checked = intake.checked
    row_keys = intake.row_keys
    known = parts.ledger.orders_by_key(sorted(set(row_keys.values())))
    account = parts.profile.account
    ours = {key: order for key, order in known.items() if order.account == str(account)}
    orders = build_orders(
        checked.rows(), template=parts.template, account=account, row_keys=row_keys, known=ours
    )
    not_ready = [
        RowRecord(run_id=run.run_id, sheet_row=sheet_row, disposition=_NOT_READY[state])
        for sheet_row, state in checked.row_states.items()
        if state != "ready"
    ]
    left_out = LeftOut(
        account=account, ledger=parts.ledger, orders=intake.tables.orders, row_keys=row_keys
    ).told(not_ready, besides={order.key for order in orders})
    return engine.plan(orders, left_out, account=account, first=first, forgets=forgets)


_NOT_READY: Final = {
    "error": Disposition.INVALID,
    "skipped": Disposition.SKIPPED,
    "hidden": Disposition.HIDDEN,
}


def _guard(parts: Parts, planned: Plan, options: RunOptions) -> None:
    limit = options.max_orders or parts.profile.max_orders
    if limit is not None and len(planned.to_send) > limit:
        raise GuardStopped(
            words.TOO_MANY.format(orders=len(planned.to_send), limit=limit), fix=words.TOO_MANY_FIX
        )


def _proposal(parts: Parts, planned: Plan, intake: Intake) -> Proposal:
    rate = parts.profile.rate_per_s
    return Proposal(
        plan=planned,
        intake=intake,
        environment=parts.profile.environment,
        marketplace=parts.profile.marketplace,
        seconds=len(planned.to_send) / rate if rate else 0.0,
    )
