"""`run` and `resume`: check, confirm, send, write results."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import bulk_orders
from bulk_orders.checking.result import CheckResult, RowState
from bulk_orders.cli.commands.check import (
    counts_line,
    say_mapping,
)
from bulk_orders.cli.commands.purge import say_erased
from bulk_orders.cli.commands.refusing import refuse_workbook
from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.money import shown_lines
from bulk_orders.cli.progress import ProgressLine
from bulk_orders.cli.proposal_told import proposal_json, proposal_lines
from bulk_orders.cli.report_told import audit_lines, report_json, report_lines
from bulk_orders.cli.session import Session, find_run
from bulk_orders.cli.terminal import (
    Terminal,
    ask_number,
    say_next_steps,
    say_reading,
    say_results,
)
from bulk_orders.core.asked_actions import orders_told
from bulk_orders.core.money import Estimate
from bulk_orders.core.summary import Disposition, Outcome
from bulk_orders.core.wording import counted, plural, spoken
from bulk_orders.errors import (
    BulkOrdersError,
    ExitCode,
    GuardStopped,
    Interrupted,
)
from bulk_orders.library.running import Stage
from bulk_orders.runs.new_run import RunOptions
from bulk_orders.runs.proposal import Proposal, Remaining
from bulk_orders.runs.run import RunEnd
from bulk_orders.sending.elsewhere import LEFT
from bulk_orders.settings.profiles import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOptions:
    """The flags of `run` that are not the library's."""

    as_json: bool = False
    confirm: int | None = None
    is_dry_run: bool = False
    at_workers: bool = False
    """Workers elsewhere send."""


def run_file(
    session: Session, path: Path, profile: Profile, options: RunOptions, send: SendOptions
) -> ExitCode:
    """Check, confirm, send, write results."""
    terminal = session.terminal
    say_reading(terminal, path)
    with ProgressLine(0, is_quiet=terminal.is_quiet or send.as_json, is_plain=terminal.is_plain) as progress:
        talk = _Talk(session, profile, options, send, progress)
        with talk.telling_the_plan():
            if send.is_dry_run:
                proposal = bulk_orders.plan(
                    path, profile, options=options, on_stage=talk.show, **session.given(progress)
                )
                return _say_dry_run(terminal, proposal, as_json=send.as_json)
            end = bulk_orders.run(
                path,
                profile,
                talk.how_many,
                options=options,
                on_stage=talk.show,
                workers_elsewhere=leaving(session) if send.at_workers else None,
                **session.given(progress),
            )
    return say_end(terminal, end, profile, as_json=send.as_json)


def leaving(session: Session) -> Callable[[], bool]:
    """Return what asks, when a run that workers send is stopped, whether it is left to them; where nobody can be asked it is not."""

    def ask() -> bool:
        if session.ask is None:
            return False
        try:
            said = session.ask(
                "Workers send this run. Type L to leave it to them, or Enter to stop it for all:"
            )
        except KeyboardInterrupt:
            return False
        return said.strip().casefold() in {"l", "leave"}

    return ask


class _Talk:
    """What is said while a run is prepared, and what is asked."""

    def __init__(
        self,
        session: Session,
        profile: Profile,
        options: RunOptions,
        send: SendOptions,
        progress: ProgressLine,
    ) -> None:
        self._session = session
        self._terminal = session.terminal
        self._profile = profile
        self._options = options
        self._send = send
        self._progress = progress
        self._checked: CheckResult | None = None
        self._proposed: Proposal | None = None

    def show(self, stage: Stage) -> None:
        """Say what was found; a workbook that is not sent ends here."""
        match stage:
            case CheckResult():
                self._checked = stage
                say_mapping(self._terminal, stage)
                refuse_workbook(
                    self._session,
                    stage,
                    self._profile,
                    self._options,
                    as_json=self._send.as_json,
                    verb="run",
                )
            case Proposal():
                self._proposed = stage
                if self._checked is not None:
                    self._terminal.say(counts_line(as_planned(self._checked, stage)))
                changes = self._checked.changes if self._checked is not None else ()
                for line in proposal_lines(stage, changes) if stage.orders else []:
                    self._terminal.say(line)
            case Estimate() if self._checked is not None:
                for line in shown_lines(stage, self._checked.tables):
                    self._terminal.say(line)

    def how_many(self, proposal: Proposal) -> int:
        """Return how many of the proposed orders to send, and expect them; from then on the run begins."""
        number = how_many(self._session, proposal, self._profile, self._send.confirm)
        self._progress.expect(number)
        self._proposed = None
        return number

    @contextmanager
    def telling_the_plan(self) -> Iterator[None]:
        """Let whatever stops the run before it begins say what it would have sent."""
        try:
            yield
        except BulkOrdersError as stopped:
            if self._proposed is not None:
                stopped.told = {"proposal": proposal_json(self._proposed)}
            raise


def as_planned(checked: CheckResult, proposal: Proposal) -> CheckResult:
    """Return the result with the rows that were ordered before, so that a run counts as `check` does."""
    known = {Disposition.ORDERED_BEFORE: RowState.ORDERED, Disposition.CONFLICT: RowState.ERROR}
    states = {row.sheet_row: known[row.disposition] for row in proposal.plan.rows if row.disposition in known}
    return replace(checked, row_states={**checked.row_states, **states})


def _say_dry_run(terminal: Terminal, proposal: Proposal, *, as_json: bool) -> ExitCode:
    if as_json:
        told = proposal_json(proposal)
        terminal.json(answer(ExitCode.OK, dry_run=True, environment=proposal.environment, proposal=told))
    else:
        terminal.result("Dry run: nothing was sent. Leave out --dry-run to send.")
    return ExitCode.OK


_ORDERS_ONE: Final = "{number} order"
_ORDERS_MANY: Final = "{number} orders"


def how_many(session: Session, proposal: Proposal, profile: Profile, confirm: int | None) -> int:
    """Return how many of the proposed orders to send: all, the first few, or 0. Asks a person before a live run.

    Where nobody can be asked, control totals that agree stand in for the number, together with a limit. Raises
    `GuardStopped` when another number was confirmed beforehand, or nothing stands in for it;
    `Interrupted` for Ctrl-C.
    """
    if confirm is not None and confirm != proposal.orders:
        raise GuardStopped(
            "To be sent: {orders}; --confirm says {said}.".format(
                orders=counted(proposal.orders, _ORDERS_ONE, _ORDERS_MANY), said=confirm
            ),
            fix="Use --confirm {orders}.".format(orders=proposal.orders),
        )
    if confirm is not None or profile.is_practice:
        return proposal.orders
    if session.ask is None and proposal.is_stated:
        return proposal.orders  # the library has compared them before it asks
    if session.ask is None:
        raise GuardStopped(
            "A live run has to be confirmed, and nobody is there to ask.",
            fix="Add --confirm {orders}, or state control totals and add --max-orders.".format(
                orders=proposal.orders
            ),
        )
    question = plural(
        proposal.orders,
        "Type {number} to send {orders}, or Enter to stop:",
        "Type {number} to send {orders}, a smaller number to send only the first few, or Enter to stop:",
    ).format(number=proposal.orders, orders=orders_told(proposal.asked))
    try:
        return ask_number(session.ask, question, orders=proposal.orders)
    except KeyboardInterrupt:
        raise Interrupted("Stopped. Nothing was sent.") from None


def resume(
    session: Session, run_id: str, *, profile_name: str | None, as_json: bool, at_workers: bool = False
) -> ExitCode:
    """Go on with a run that stopped."""
    terminal = session.terminal
    run_record, profile = find_run(session, run_id, profile_name)
    with ProgressLine(0, is_quiet=terminal.is_quiet or as_json, is_plain=terminal.is_plain) as progress:

        def show(remaining: Remaining) -> None:
            terminal.say(resume_line(remaining))
            progress.expect(remaining.to_send)

        end = bulk_orders.resume(
            run_record.run_id,
            profile,
            on_stage=show,
            workers_elsewhere=leaving(session) if at_workers else None,
            **session.given(progress),
        )
    return say_end(terminal, end, profile, as_json=as_json)


def resume_line(remaining: Remaining) -> str:
    """Return what a run that goes on has before it."""
    return "Run {run_id} goes on: {orders}, {doubtful}.".format(
        run_id=remaining.run_id,
        orders=counted(
            remaining.to_send, "{number} order is left to send", "{number} orders are left to send"
        ),
        doubtful=counted(
            remaining.to_look_up, "{number} in doubt is looked for", "{number} in doubt are looked for"
        ),
    )


def say_end(terminal: Terminal, end: RunEnd, profile: Profile, *, as_json: bool) -> ExitCode:
    """Say how a run ended, to people or as one JSON object, and return its exit code."""
    report, path = end.report, end.results_path
    if end.erased is not None:
        say_erased(terminal, profile, end.erased)
    if as_json:
        terminal.json(report_json(report, end.exit_code, str(path) if path else None, end.findings))
        return end.exit_code
    if report.stopped_by == LEFT:
        terminal.say("○ {left} Later: bulk-orders resume {run_id}".format(left=LEFT, run_id=report.run_id))
    elif report.stopped_by:
        unsent = report.counts[Outcome.NOT_SENT]
        rows = counted(len(report.rows), "{number} row", "{number} rows")
        why = "✖ The run stopped before its end; not sent: {unsent} of {rows}. {reason}".format(
            unsent=unsent, rows=rows, reason=report.stopped_by
        )
        terminal.say(why if unsent else "✖ The run stopped early. {reason}".format(reason=report.stopped_by))
    terminal.say(
        "Done in {duration}.   Run {run_id}   {environment}".format(
            duration=spoken(end.took_s), run_id=report.run_id, environment=report.environment
        )
    )
    for line in report_lines(report):
        terminal.result(line)
    if end.findings is not None:
        for line in audit_lines(end.findings, end.report.run_id, end.own_order_ids):
            terminal.say(line)
    say_results(terminal, path, end.results_problem, report.made_new_because)
    say_next_steps(terminal, report.next_steps)
    return end.exit_code
