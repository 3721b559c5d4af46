"""`subscriptions pull`: what the marketplace has, as a workbook to wish in. Nothing is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import bulk_orders
from bulk_orders.cli.commands.check import named_file, run_command
from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.progress import AskingLine, wait_lines
from bulk_orders.cli.session import Session
from bulk_orders.cli.terminal import say_next_steps, shown_path
from bulk_orders.core.columns.subscriptions import SUBSCRIPTION_COLUMNS
from bulk_orders.core.wording import counted
from bulk_orders.errors import ExitCode, Interrupted
from bulk_orders.library.pulling import SubscriptionsPulled
from bulk_orders.machine.clock import SystemClock
from bulk_orders.runs.questions import GOES_ON
from bulk_orders.settings.profiles import Profile

_USUAL_NAME: Final = Path("subscriptions.xlsx")
_SOON: Final = timedelta(days=30)
_SHOWN: Final = 20
"""Names in a line, before the rest is only counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PullOptions:
    """The flags of `subscriptions pull`."""

    target: Path | None = None
    customers: tuple[str, ...] = ()
    due_before: date | None = None
    is_fresh: bool = False
    as_json: bool = False


def pull(session: Session, profile: Profile, options: PullOptions) -> ExitCode:
    """Read the subscriptions into a workbook; exits with 7 where the seats of one are not known."""
    if not options.as_json:
        session.terminal.say("Asking the marketplace for its subscriptions …")
    found = _pulled(session, profile, options)
    following = run_command(found.path or Path(_USUAL_NAME), profile, "check")
    if options.as_json:
        session.terminal.json(_pulled_json(found, profile, following))
        return found.exit_code
    for told in _pulled_lines(found, options):
        session.terminal.say(told)
    if found.path:
        session.terminal.result(str(shown_path(found.path)))
    say_next_steps(
        session.terminal,
        [(following, "when you have written what you want: lists each change; nothing is sent")],
    )
    return found.exit_code


def _pulled(session: Session, profile: Profile, options: PullOptions) -> SubscriptionsPulled:
    with AskingLine(session.terminal, SystemClock(), is_silent=options.as_json) as line:
        try:
            return bulk_orders.pull_subscriptions(
                profile,
                customers=options.customers,
                due_before=options.due_before,
                workbook=named_file(options.target, _USUAL_NAME),
                is_fresh=options.is_fresh,
                on_answer=line.show,
                **session.given(*wait_lines(session, as_json=options.as_json)),
            )
        except (KeyboardInterrupt, Interrupted):
            raise Interrupted("Stopped; no workbook was written.", fix=GOES_ON) from None


def _pulled_lines(found: SubscriptionsPulled, options: PullOptions) -> list[str]:
    pulled, at = found.pulled, found.pulled.at.date()
    customers = len({entry.subscription.customer_id for entry in pulled.found})
    days = [entry.subscription.renewal_date for entry in pulled.found]
    soon = sum(day is not None and day - at <= _SOON for day in days)
    lines = [
        "  {subscriptions} of {customers}, {soon} renewed within 30 days.".format(
            subscriptions=counted(len(days), "{number:,} subscription", "{number:,} subscriptions"),
            customers=counted(customers, "{number:,} customer", "{number:,} customers"),
            soon=f"{soon:,}",
        )
    ]
    if pulled.ended:
        lines.append("  – Left out: {number:,} that have ended.".format(number=pulled.ended))
    if pulled.not_due:
        lines.append(
            "  – Left out: {number:,} renewed on {day} or later.".format(
                number=pulled.not_due, day=options.due_before
            )
        )
    if found.sheet.own:
        headers = ", ".join(column.header for column in found.sheet.own if column.header)
        lines.append("  Your columns are kept, their formulas as values: {headers}".format(headers=headers))
    if found.earlier:
        others = ", with its sheets {sheets}".format(sheets=", ".join(found.other_sheets))
        lines.append(
            "  The earlier workbook is kept as {path}{others}".format(
                path=shown_path(found.earlier), others=others if found.other_sheets else ""
            )
        )
    if found.sheet.lost:
        lines.append(
            "  ⚠ What you wrote beside these is not in the new workbook: {names}".format(
                names=_named(found.sheet.lost)
            )
        )
    if pulled.unread:
        lines.append(
            "  ⚠ The marketplace did not show the seats of {names}. Pull again: only those are read.".format(
                names=_named(pulled.unread)
            )
        )
    return lines


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    more = len(names) - _SHOWN
    return "{shown} and {more:,} more".format(shown=shown, more=more) if more > 0 else shown


def _pulled_json(found: SubscriptionsPulled, profile: Profile, following: str) -> dict[str, Any]:
    names = [entry.name for entry in SUBSCRIPTION_COLUMNS]
    return answer(
        found.exit_code,
        environment=profile.environment,
        counts={
            "subscriptions": len(found.pulled.found),
            "rows": len(found.sheet.rows),
            "ended": found.pulled.ended,
            "not_due": found.pulled.not_due,
        },
        unread=list(found.pulled.unread),
        lost=list(found.sheet.lost),
        rows=[{name: row.get(name) or None for name in names if name in row} for row in found.sheet.rows],
        next=[following],
        files={
            "subscriptions": str(found.path) if found.path else None,
            "earlier": str(found.earlier) if found.earlier else None,
        },
    )
