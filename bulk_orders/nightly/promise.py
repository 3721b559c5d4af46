"""The promise at night: orders are compared again after a day and three days, and what is not decided is named until it is.

Doubtful, held and duplicate rows come from the ledger every night, of whatever run of the account: a person may have made it.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bulk_orders.core.lifecycle import DUPLICATE, OrderRecord, State
from bulk_orders.core.report import CANCEL_WINDOW
from bulk_orders.core.summary import Outcome
from bulk_orders.core.wording import counted, plural
from bulk_orders.errors import ExitCode, LedgerUnusable
from bulk_orders.ledger.interface import Ledger, RunRecord
from bulk_orders.machine.log_lines import log
from bulk_orders.nightly.parts import NightParts
from bulk_orders.runs.compare_again import (
    Comparison,
    Difference,
    Drift,
    broken,
    compare_again,
    due,
    note_compared,
)

_CODES: Final = {
    Outcome.UNKNOWN: ExitCode.OUTCOME_UNKNOWN,
    Outcome.DUPLICATE: ExitCode.OUTCOME_UNKNOWN,
    Outcome.HELD: ExitCode.GUARD,
}
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A row that a person has to decide on."""

    run_id: str
    name: str
    """Of the workbook."""
    sheet_row: int
    outcome: Outcome
    """UNKNOWN, DUPLICATE or HELD."""
    cancel_before: datetime | None
    """Until when a duplicate of it can be cancelled; None where nothing was sent, or nobody knows when."""
    hours_left: int | None
    """Until then, in whole hours; 0 when it is over."""
    what: str
    """A sentence."""
    fix: str

    @property
    def exit_code(self) -> ExitCode:
        """Of a night that can say nothing worse."""
        return _CODES[self.outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drifted:
    """An accepted order that the marketplace does not have as the ledger has it."""

    run_id: str
    name: str
    sheet_row: int
    order_id: str
    difference: Difference
    what: str
    """A sentence."""

    @property
    def mark(self) -> str:
        """Under what the nights remember that it was reported."""
        return f"{self.order_id} {self.difference}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the account's orders stand at the end of a night."""

    undecided: tuple[Undecided, ...] = ()
    drifted: tuple[Drifted, ...] = ()


class Watch:
    """What one night does for the promise."""

    def __init__(self, parts: NightParts) -> None:
        """Read nothing yet."""
        self._parts = parts
        self._compared: Comparison | None = None
        self._followed: set[str] = set()

    def follow(self, run: RunRecord) -> None:
        """Take note that tonight's questions are about this run, too."""
        self._followed.add(run.run_id)

    def is_due(self) -> bool:
        """Tell whether orders are to be compared with the marketplace again."""
        services = self._parts.services
        return bool(due(services, services.clock.now()))

    def compare(self) -> list[RunRecord]:
        """Compare what is due, and return the runs of whose rows that told something new. Raises as `compare_again`."""
        services = self._parts.services
        due_at = services.clock.now()
        orders = due(services, due_at)
        if not orders:
            return []
        found = self._compared = compare_again(services, orders, due_at)
        log("compared-again", orders=len(orders), is_whole=found.findings.is_whole)
        run_ids = [drift.order.run_id for drift in found.drift]
        run_ids += [double.run_id for double in found.findings.duplicates]
        runs = map(services.ledger.run, dict.fromkeys(run_ids))
        return [run for run in runs if run is not None]

    @property
    def alarms(self) -> tuple[str, ...]:
        """Sentences about orders that are too many and of which the ledger has no row; those it has are rows ordered twice."""
        if self._compared is None:
            return ()
        findings = self._compared.findings
        return findings.alarms[len(findings.duplicates) :]

    @property
    def not_compared(self) -> str:
        """Why what is due is not compared; empty if it is."""
        if self._compared is None or self._compared.findings.is_whole:
            return ""
        return counted(
            self._compared.orders,
            "{number} order could not be compared with the marketplace again; the next night tries again.",
            "{number:,} orders could not be compared with the marketplace again; the next night tries again.",
        )

    def standing(self, reported: Collection[str]) -> tuple[Standing, set[str]]:
        """Return how the account's orders stand, and the marks of all drift; what was `reported` is left out.

        A file's result counts rows as they were when its run ended; what became of them since is named here alone.
        """
        ledger, account = self._parts.services.ledger, str(self._parts.services.profile.account)
        orders = [order for order in ledger.orders() if order.account == account]
        now = self._parts.services.clock.now()
        until = _known_moments(self._compared)
        is_idle = ledger.held_since(account) is None
        names: dict[str, str] = {}
        undecided = tuple(
            _undecided(order, kind, _name(ledger, order, names), until, now)
            for order in orders
            if (kind := _kind(order, is_idle=is_idle)) is not None
        )
        drift = [
            *(self._compared.drift if self._compared else ()),
            *broken(orders, now, followed=self._followed),
        ]
        drifted = [_drifted(found, _name(ledger, found.order, names)) for found in drift]
        news = tuple(found for found in drifted if found.mark not in reported)
        return Standing(undecided=undecided, drifted=news), {found.mark for found in drifted}

    def note_reported(self) -> None:
        """Record what was compared, once people can read it; where the ledger cannot be written, it stays due."""
        if self._compared is not None:
            with suppress(LedgerUnusable):
                note_compared(self._parts.services, self._compared)


def _kind(order: OrderRecord, *, is_idle: bool) -> Outcome | None:
    """Return how an order is not decided; what is in flight while nobody sends was left behind."""
    if order.state is State.UNKNOWN or (order.state is State.IN_FLIGHT and is_idle):
        return Outcome.UNKNOWN
    if order.state is State.HELD:
        return Outcome.HELD
    is_double = order.state is State.ACCEPTED and order.code == DUPLICATE
    return Outcome.DUPLICATE if is_double else None


def _known_moments(compared: Comparison | None) -> Mapping[str, datetime]:
    """Return until when duplicates can be cancelled, by order key, of those that were just compared."""
    found = compared.findings.duplicates if compared else ()
    return {double.key: double.cancel_before for double in found if double.cancel_before}


def _undecided(
    order: OrderRecord, kind: Outcome, name: str, until: Mapping[str, datetime], now: datetime
) -> Undecided:
    sent = order.placed_at
    moment = until.get(order.key, sent + CANCEL_WINDOW if sent else None)
    moment = None if kind is Outcome.HELD else moment
    hours = None if moment is None else max(0, (moment - now) // _HOUR)
    row, message = order.sheet_row, order.message
    told, fix = (
        "{name}, row {row}: nobody knows yet whether it was ordered.".format(name=name, row=row),
        "Decide: bulk-orders resolve {run_id}".format(run_id=order.run_id),
    )
    if kind is Outcome.HELD:
        told = "{name}, row {row} is held and not sent: {message}".format(name=name, row=row, message=message)
    if kind is Outcome.DUPLICATE:
        told = "{name}, row {row} was ordered twice: {message}".format(name=name, row=row, message=message)
        fix = "Cancel all but one, then check: bulk-orders audit {run_id}".format(run_id=order.run_id)
    return Undecided(
        run_id=order.run_id,
        name=name,
        sheet_row=order.sheet_row,
        outcome=kind,
        cancel_before=moment,
        hours_left=hours,
        what=" ".join(filter(None, (told, _hours(hours)))),
        fix=fix,
    )


def _hours(hours: int | None) -> str:
    if hours is None:
        return ""
    if hours == 0:
        return "The time to cancel a duplicate is over: ask the marketplace."
    return plural(
        hours, "{hours} hour left to cancel a duplicate.", "{hours} hours left to cancel a duplicate."
    ).format(hours=hours)


def _drifted(found: Drift, name: str) -> Drifted:
    order = found.order
    return Drifted(
        run_id=order.run_id,
        name=name,
        sheet_row=order.sheet_row,
        order_id=order.order_id,
        difference=found.difference,
        what=_in_words(found, name),
    )


def _in_words(found: Drift, name: str) -> str:
    row, order, there = found.order.sheet_row, found.order.order_number or found.order.order_id, found.there
    match found.difference:
        case Difference.GONE:
            return "{name}, row {row}: the marketplace no longer has order {order}.".format(
                name=name, row=row, order=order
            )
        case Difference.CANCELLED:
            return "{name}, row {row}: order {order} is cancelled on the marketplace.".format(
                name=name, row=row, order=order
            )
        case Difference.ERROR:
            return "{name}, row {row}: order {order} is in error on the marketplace.".format(
                name=name, row=row, order=order
            )
        case Difference.CUSTOMER:
            return "{name}, row {row}: order {order} belongs to customer {there} on the marketplace.".format(
                name=name, row=row, order=order, there=there
            )
        case Difference.CONTENT:
            return (
                "{name}, row {row}: order {order} has other products or quantities on the marketplace."
            ).format(name=name, row=row, order=order)
        case Difference.AMOUNT:
            ours = f"{found.order.currency} {found.order.amount}"
            return (
                "{name}, row {row}: order {order} costs {there} on the marketplace, {ours} in the ledger."
            ).format(name=name, row=row, order=order, there=there, ours=ours)


def _name(ledger: Ledger, order: OrderRecord, known: dict[str, str]) -> str:
    """Return the name of the workbook that an order came with; a run's is read once."""
    if order.run_id not in known:
        run = ledger.run(order.run_id)
        known[order.run_id] = (run.source_name if run else "") or "an erased workbook"
    return known[order.run_id]


def undecided_json(found: Undecided) -> dict[str, Any]:
    """Return one as machines read it."""
    return {
        "name": found.name,
        "run_id": found.run_id,
        "row": found.sheet_row,
        "outcome": str(found.outcome),
        "cancel_before": found.cancel_before.isoformat() if found.cancel_before else None,
        "hours_left": found.hours_left,
        "what": found.what,
        "fix": found.fix,
    }


def drifted_json(found: Drifted) -> dict[str, Any]:
    """Return one as machines read it."""
    return {
        "name": found.name,
        "run_id": found.run_id,
        "row": found.sheet_row,
        "order_id": found.order_id,
        "difference": str(found.difference),
        "what": found.what,
    }
