"""From the sheet Subscriptions to what is to be changed: each difference between now and after is one `WantedChange`.

Says what is wrong with a wish as far as that takes no marketplace. Nothing here reads a file: a sheet is its rows of texts
with their addresses.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bulk_orders.core.columns import subscriptions as columns
from bulk_orders.core.columns.subscriptions import AUTO_RENEW_AFTER, SEATS_AFTER
from bulk_orders.core.model import Problem, Severity
from bulk_orders.core.problem_texts import problem
from bulk_orders.core.subscription_rows import SubscriptionRow, WantedChange
from bulk_orders.core.wishes import WishReader
from bulk_orders.core.wording import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedChanges:
    """What a sheet asks for."""

    changes: tuple[WantedChange, ...]
    """Of the rows without an error, in the order of the sheet: one of a row."""
    problems: tuple[Problem, ...]
    rows: int
    """How many subscriptions' rows were read."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What has to be put right first."""
        return tuple(found for found in self.problems if found.severity is Severity.ERROR)


def wanted_changes(
    rows: Sequence[SubscriptionRow], *, sheet: str, today: date, include_hidden: bool = False
) -> WantedChanges:
    """Return the differences of a sheet and what is wrong with them; rows without a wish are looked at no further."""
    wished = [row for row in rows if row.has_wish]
    seen = [row for row in wished if include_hidden or not row.is_hidden]
    read = [WishReader(row, sheet, today) for row in seen]
    for reader in read:
        reader.read()
    problems = [found for reader in read for found in reader.problems]
    changes = [change for reader in read for change in reader.changes]
    twice = list(_wished_twice(changes, {row.sheet_row: row for row in seen}, sheet))
    problems += twice
    wrong = {found.sheet_row for found in problems if found.severity is Severity.ERROR}
    wrong |= {row for found in twice for row in found.sheet_rows}
    if hidden := [row for row in wished if row not in seen]:
        problems.append(_hidden(hidden, sheet))
    unique = {(change.action, *_subject(change)): change for change in reversed(changes)}
    return WantedChanges(
        changes=tuple(
            sorted(
                (change for change in unique.values() if change.sheet_row not in wrong),
                key=lambda change: change.sheet_row,
            )
        ),
        problems=tuple(sorted(problems, key=lambda found: (found.sheet_row or 0, found.code))),
        rows=len(rows),
    )


def _wished_twice(
    changes: Iterable[WantedChange], rows: Mapping[int, SubscriptionRow], sheet: str
) -> Iterable[Problem]:
    """Tell of subscriptions for which rows want different things; the same wish in several rows is one wish."""
    by_subject: dict[tuple[str, str, str], list[WantedChange]] = {}
    for change in changes:
        by_subject.setdefault(_subject(change), []).append(change)
    for (subscription_id, _, name), found in by_subject.items():
        if len({(change.action, change.after) for change in found}) > 1:
            numbers = [change.sheet_row for change in found]
            yield problem(
                "E-WISHED-TWICE",
                parts={"subscription": subscription_id, "rows": ", ".join(map(str, numbers))},
                sheet=sheet,
                sheet_row=numbers[0],
                cells=tuple(rows[number].cells[name] for number in numbers if name in rows[number].cells),
                column=columns.COLUMN_OF[name].header,
                field=name,
                value=rows[numbers[0]].text(name),
            )


def _subject(change: WantedChange) -> tuple[str, str, str]:
    """Return what a change is about: the seats of one product, or the subscription as a whole."""
    if change.is_of_seats:
        return change.subscription_id, change.mpn, SEATS_AFTER
    return change.subscription_id, "", AUTO_RENEW_AFTER


def _hidden(rows: Sequence[SubscriptionRow], sheet: str) -> Problem:
    number = counted(len(rows), "{number:,} wish is", "{number:,} wishes are")
    places = [(row, name) for row in rows for name in (SEATS_AFTER, AUTO_RENEW_AFTER) if row.text(name)]
    return problem(
        "W-HIDDEN-WISH",
        parts={"number": number},
        sheet=sheet,
        sheet_row=rows[0].sheet_row,
        cells=tuple(row.cells[name] for row, name in places if name in row.cells),
        column=columns.COLUMN_OF[SEATS_AFTER].header,
        field=SEATS_AFTER,
    )
