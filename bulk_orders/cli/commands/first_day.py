"""`doctor --first-day`: a dialogue that leads through the first day with an account, with two real orders at most."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from bulk_orders.checking.result import CheckResult
from bulk_orders.cli.commands.check import run_command, take_source
from bulk_orders.cli.commands.doctor_command import code_of, every_finding, finding_json, finding_lines
from bulk_orders.cli.commands.refusing import refuse_workbook
from bulk_orders.cli.commands.run import say_end
from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.progress import ProgressLine
from bulk_orders.cli.proposal_told import acting_lines, proposal_json, wait_ahead_lines
from bulk_orders.cli.session import Session
from bulk_orders.cli.terminal import Terminal, ask_for, problem_lines, say_next_steps, shown_path
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.order_types import target_of
from bulk_orders.errors import BulkOrdersError, ExitCode, GuardStopped, InputError, Interrupted
from bulk_orders.reading.source import Source
from bulk_orders.runs.approval import refuse_without_plan
from bulk_orders.runs.first_day import Fact, free_facts, refusals, shown_by
from bulk_orders.runs.new_run import RunOptions
from bulk_orders.runs.run import PreparedRun, prepare_run
from bulk_orders.sending.services import Services
from bulk_orders.sending.waits import waiting
from bulk_orders.settings.profiles import Profile

MOST_ORDERS: Final = 2
_PLACE_IT: Final = "1"
_MOST_ASKED: Final = 5
"""Rows that the marketplace would not take, before the workbook is to be corrected."""


def lead(session: Session, path: Path, profile: Profile, *, is_first_ever: bool, as_json: bool) -> ExitCode:
    """Look at the set-up, ask what is free, and place one order after the other, each after it was typed.

    Exits with the code of the first finding that is not well, or of the run of an order that did not end well; raises
    `GuardStopped` where nobody can be asked, and `Interrupted` on Ctrl-C at a question.
    """
    terminal = session.terminal
    refuse_without_plan(profile, None)
    options = RunOptions(is_first_ever=is_first_ever)
    terminal.say(
        (
            "First day with this account, in three steps: this computer, free questions, and "
            "one or two orders of {name}. Nothing is ordered until you type 1."
        ).format(name=path.name)
    )
    terminal.say("1. This computer and the sign-in")
    findings = every_finding(session, profile)
    for line in finding_lines(findings):
        terminal.say(line)
    code = code_of(findings)
    if code is not ExitCode.OK:
        if as_json:
            terminal.json(answer(code, findings=[finding_json(finding) for finding in findings]))
        return code
    source, checked = take_source(session, path, profile)
    refuse_workbook(session, checked, profile, options, as_json=as_json)
    day = _Day(session, profile, source, checked, options, as_json=as_json)
    return day.spend()


_STOPPED_AFTER: Final = "No second order was placed. The first one stays."


class _Day:
    """One workbook's first orders, one after the other."""

    def __init__(
        self,
        session: Session,
        profile: Profile,
        source: Source,
        checked: CheckResult,
        options: RunOptions,
        *,
        as_json: bool,
    ) -> None:
        self._session = session
        self._profile = profile
        self._source = source
        self._checked = checked
        self._options = options
        self._terminal = session.terminal
        self._as_json = as_json
        self._refused: set[str] = set()
        """Keys of orders that the marketplace would not take."""
        self._left = 0
        """Orders of the workbook that are left to send."""
        self._steps: Sequence[tuple[str, str]] = ()
        """What helps next with the order that was placed last."""

    def spend(self) -> ExitCode:
        """Place at most two orders, the second only after the first was taken."""
        code = ExitCode.OK
        for number in range(1, MOST_ORDERS + 1):
            code, is_over = self._one(number)
            if is_over:
                return code
        self._say_next()
        return code

    def _one(self, number: int) -> tuple[ExitCode, bool]:
        """Propose one order and place it if that is typed; return the exit code, and whether the day is over."""
        silent = self._terminal.is_quiet or self._as_json
        with (
            ProgressLine(0, is_quiet=silent, is_plain=self._terminal.is_plain) as progress,
            self._session.open_services(self._profile, (progress,)) as services,
            prepare_run(services, self._source, self._checked, self._options) as prepared,
        ):
            _refuse_doubt(prepared)
            order = self._ready(services, prepared, number)
            if order is None:
                self._say_none_left(number)
                return ExitCode.OK, True
            if number == 1:
                self._say_free(services, order)
            alone = replace(prepared, plan=prepared.plan.only(frozenset({order.key})))
            try:
                alone.keep_to_limits()
                if not self._is_wanted(alone, order, number):
                    return ExitCode.OK, True
            except BulkOrdersError as stopped:
                stopped.told = {"proposal": proposal_json(alone.proposal)}
                raise
            progress.expect(1)
            end = alone.send(1)
            placed = services.ledger.orders_of_run(end.report.run_id)[order.key]
            is_clear = end.exit_code is ExitCode.OK and placed.state is State.ACCEPTED
            self._left, self._steps = len(prepared.plan.to_send) - is_clear, end.report.next_steps
            if is_clear:  # The day itself says what is next, once.
                end = replace(end, report=replace(end.report, next_steps=()))
            code = say_end(self._terminal, end, self._profile, as_json=False)
            self._terminal.say("What the order showed:")
            _say_facts(self._terminal, shown_by(services, placed))
            if not is_clear and number < MOST_ORDERS:
                self._terminal.say("No second order is proposed until this one is settled.")
            return code, not is_clear

    def _ready(self, services: Services, prepared: PreparedRun, number: int) -> OrderRecord | None:
        """Return the first order that the marketplace would take, and say why it is not one before it; None where none is left.

        Raises `InputError` after a few that it would not take.
        """
        if number == 1:
            self._terminal.say("2. Free questions, which order nothing")
        left = [order for order in prepared.plan.to_send if order.key not in self._refused]
        for order in left[:_MOST_ASKED]:
            # After "Waiting for ".
            what = "the answers about row {row}".format(row=order.sheet_row)
            with waiting(services.observer, services.clock, what):
                found = refusals(services, order, self._checked)
            if not found:
                return order
            self._refused.add(order.key)
            self._terminal.say("  Row {row} is not proposed:".format(row=order.sheet_row))
            for line in problem_lines(found, self._command("check")):
                self._terminal.say(line)
        if not left:
            return None
        raise InputError(
            "The marketplace would not take these rows; nothing was ordered now.",
            fix="Correct them: {command} --online".format(command=self._command("check")),
        )

    def _say_none_left(self, number: int) -> None:
        if number > 1:
            self._terminal.say("The workbook has no second order.")
            self._say_next()
            return
        self._terminal.say(
            "No row of the workbook is left to order, and nothing was ordered now. "
            "`bulk-orders run` says why, row by row."
        )
        if self._as_json:
            self._terminal.json(answer(ExitCode.OK, facts=[]))

    def _say_free(self, services: Services, order: OrderRecord) -> None:
        # After "Waiting for ".
        with waiting(services.observer, services.clock, "the answers to free questions"):
            facts = list(free_facts(services, order))
        _say_facts(self._terminal, facts)
        self._terminal.say("3. Real orders, one at a time")
        if self._session.ask is None or self._as_json:
            stopped = GuardStopped(
                "Orders of the first day are confirmed by a person, and nobody is there to ask. "
                "Nothing was ordered.",
                fix="Leave out --json." if self._as_json else "Run it in a terminal.",
            )
            stopped.told = {"facts": [{"name": fact.name, "text": fact.text} for fact in facts]}
            raise stopped

    def _is_wanted(self, prepared: PreparedRun, order: OrderRecord, number: int) -> bool:
        """Ask whether it is placed. Raises `Interrupted` on Ctrl-C."""
        for line in wait_ahead_lines(prepared.proposal.wait_ahead):
            self._terminal.say(line)
        environment = prepared.proposal.environment
        wanted = [
            "  Row {row}: customer {customer_id}, {quantity} × {mpn}, PO number {po_number}".format(
                row=order.sheet_row,
                customer_id=order.customer_id,
                quantity=order.quantity,
                mpn=order.mpn,
                po_number=order.marker,
            )
        ]
        if target_of(order.body):
            wanted = acting_lines([order], self._checked.changes)
        question = (
            "This order is {environment}. Type 1 to place it, or Enter to stop:"
            if number == 1
            else (
                "A second order confirms what the first one showed. "
                "This one is {environment}, too. Type 1 to place it, or Enter to stop:"
            )
        )
        typed = self._typed(number, *wanted, question.format(environment=environment))
        if not typed:
            self._terminal.say(
                "Nothing was ordered. What was learnt is kept: `bulk-orders doctor` shows it."
                if number == 1
                else _STOPPED_AFTER
            )
            if number > 1:
                self._say_next()
        return bool(typed)

    def _typed(self, number: int, *question: str) -> str:
        ask, expected = self._session.ask, "Type 1 and Enter, or Enter alone."
        try:
            return ask_for(ask, *question, expected=expected, is_answer=_PLACE_IT.__eq__) if ask else ""
        except KeyboardInterrupt:
            raise Interrupted("Stopped. Nothing was ordered." if number == 1 else _STOPPED_AFTER) from None

    def _say_next(self) -> None:
        if not (self._left or self._refused):
            self._terminal.say("The account is ready.")
            say_next_steps(self._terminal, self._steps)
            return
        following = f"{self._command('check')} --online" if self._refused else self._command("run")
        self._terminal.say("The account is ready. Next: {command}".format(command=following))

    def _command(self, verb: str) -> str:
        return run_command(shown_path(self._source.path), self._profile, verb)


def _refuse_doubt(prepared: PreparedRun) -> None:
    """Raise `GuardStopped` where nobody knows yet whether an earlier order of the workbook was made."""
    for order in prepared.plan.doubtful[:1]:
        raise GuardStopped(
            "Row {row} has been in doubt since run {run_id}, so no other order is placed.".format(
                row=order.sheet_row, run_id=order.run_id
            ),
            fix="Find out first: bulk-orders resolve {run_id}".format(run_id=order.run_id),
        )


def _say_facts(terminal: Terminal, facts: Iterable[Fact]) -> None:
    for fact in facts:
        mark = "✔" if fact.is_usual else "⚠"
        terminal.say(f"  {mark} {fact.name:<18} {fact.text}")
