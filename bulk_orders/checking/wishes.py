"""The check of a workbook of subscriptions: each wish becomes a row that asks for an action, and is checked like any other.

The rows keep their numbers and cells, so that problems and results stand where the wish was written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bulk_orders.checking.check import CheckContext, check, in_order
from bulk_orders.checking.result import CheckResult, RowState
from bulk_orders.core.columns import subscriptions as columns
from bulk_orders.core.columns.table import column
from bulk_orders.core.model import SheetColumn, SheetRole, SheetTable
from bulk_orders.core.problem_texts import problem
from bulk_orders.core.subscription_rows import SubscriptionRow, WantedChange, rows_of
from bulk_orders.core.wanted_changes import WantedChanges, wanted_changes
from bulk_orders.reading.workbook_tables import Form, WorkbookTables

_ORDER_FIELD: Final[Mapping[str, str]] = {
    "subscription_id": "subscription",
    "customer_id": "customer_id",
    "mpn": "mpn",
    columns.SEATS_AFTER: "quantity",
    columns.AUTO_RENEW_AFTER: "order_type",
}
"""What a cell of the sheet is for the order that a wish becomes."""
_OWN_FIELD: Final = {**_ORDER_FIELD, columns.CHECK: columns.CHECK, "customer_name": "company_name"}
"""The same for the sheet itself, where a check says how each row stands, and whose row it is."""
_SAID_ALREADY: Final = "W-ENDS"
"""Each row's own warning names the day."""


def check_wishes(tables: WorkbookTables, context: CheckContext) -> CheckResult:
    """Find everything that is wrong with what a workbook of subscriptions wishes, and the rows that are ready."""
    sheet = tables.orders
    rows = rows_of(sheet)
    wanted = wanted_changes(
        rows, sheet=sheet.name, today=context.today, include_hidden=context.include_hidden
    )
    states = _states(rows, wanted, include_hidden=context.include_hidden)
    # Somebody wished, and all of it is so already: there is nothing to do, and nothing to correct.
    is_fulfilled = any(row.has_wish for row in rows) and RowState.HIDDEN not in states.values()
    if not (wanted.changes or is_fulfilled) and RowState.ERROR not in states.values():
        nothing = problem("F-NO-WISH", parts={"value": sheet.name}, sheet=sheet.name)
        tables = replace(tables, problems=(*tables.problems, nothing))
    as_orders = replace(tables, form=Form.FLAT, orders=_orders(sheet, wanted.changes))
    found = check(as_orders, context)
    problems = [told for told in found.problems if told.code != _SAID_ALREADY]
    whole = replace(tables, orders=_own(sheet, states))
    return replace(
        found,
        problems=in_order((*problems, *wanted.problems), whole),
        row_states={row: found.row_states.get(row, state) for row, state in states.items()},
        tables=whole,
        changes=wanted.changes,
    )


def _states(
    rows: Sequence[SubscriptionRow], wanted: WantedChanges, *, include_hidden: bool
) -> dict[int, RowState]:
    """Return the states of the rows that wish something, in sheet order; a wish that is fulfilled is none."""
    wrong = {row for told in wanted.errors for row in told.sheet_rows}
    changed = {change.sheet_row for change in wanted.changes}
    states = {}
    for row in rows:
        if row.sheet_row in wrong:
            states[row.sheet_row] = RowState.ERROR
        elif row.sheet_row in changed:
            states[row.sheet_row] = RowState.READY
        elif row.has_wish and row.is_hidden and not include_hidden:
            states[row.sheet_row] = RowState.HIDDEN
    return states


def _orders(sheet: SheetTable, changes: Sequence[WantedChange]) -> SheetTable:
    """Return the changes as rows of orders, each value with the cell that it comes from."""
    letters = {found.field: found.letter for found in sheet.columns if found.field}
    headers = {found.field: found.header for found in sheet.columns if found.field}
    ours = [
        SheetColumn(letter=letters.get(name, ""), header=headers.get(name, ""), field=field)
        for name, field in _ORDER_FIELD.items()
    ]
    header = column(SheetRole.ORDERS, "reference").header
    return SheetTable(
        name=sheet.name,
        header_row=sheet.header_row,
        columns=(*ours, SheetColumn(letter="", header=header, field="reference")),
        sheet_rows=tuple(change.sheet_row for change in changes),
        cells=[_cells(change) for change in changes],
    )


def _cells(change: WantedChange) -> list[str]:
    return [
        change.subscription_id,
        change.customer_id,
        change.mpn,
        str(change.after) if change.is_of_seats else "",
        change.action.label,
        change.reference,
    ]


def _own(sheet: SheetTable, states: Mapping[int, RowState]) -> SheetTable:
    """Return the rows that wish something as they stand on the sheet, with the names that orders have for their columns."""
    kept = [(row, cells) for row, cells in zip(sheet.sheet_rows, sheet.cells, strict=True) if row in states]
    return replace(
        sheet,
        columns=tuple(replace(found, field=_OWN_FIELD.get(found.field, "")) for found in sheet.columns),
        sheet_rows=tuple(row for row, _ in kept),
        cells=[cells for _, cells in kept],
    )
