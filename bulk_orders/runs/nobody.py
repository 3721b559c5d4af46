"""A report without data about people: for whoever has to know what became of the orders, and nothing of the customers.

Only what is known to name nobody is kept. Columns of the user's own, the sheet Customers and every sentence that quotes
a cell or the marketplace are left out.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

from bulk_orders.core.columns.table import column
from bulk_orders.core.model import SheetColumn, SheetRole, SheetTable
from bulk_orders.core.report import ResultRow, RunReport
from bulk_orders.runs.failures import failure_groups
from bulk_orders.runs.report import words_of

_MAPPING: Final = "mapping"
"""Of the settings: its name may be that of a customer, and it names whoever made a statement."""
_LEFT_OUT: Final = "(left out)"


def without_people(report: RunReport) -> RunReport:
    """Return the report with outcomes, ids and amounts, and nobody's name."""
    sent = {row.sheet_row for row in report.rows if row.row_key}
    orders = _only_reference_of_others(_bare_table(report.orders, SheetRole.ORDERS), sent)
    letters = {f"{orders.name}!{found.letter}" for found in orders.columns}
    rows = tuple(_bare_row(row, letters) for row in report.rows)
    return replace(
        report,
        orders=orders,
        customers=None,
        products=_bare_table(report.products, SheetRole.PRODUCTS) if report.products else None,
        rows=rows,
        failures=failure_groups(rows, orders.name),
        attempts=tuple(replace(attempt, reason="") for attempt in report.attempts),
        source_name=_LEFT_OUT,
        settings={name: value for name, value in report.settings.items() if name != _MAPPING},
        # The workbook cannot be run again without its customers, and its name may be that of one.
        next_steps=tuple(step for step in report.next_steps if not step[0].startswith("bulk-orders run ")),
        stopped_by=_LEFT_OUT if report.stopped_by else "",
        made_new_because="what names people was left out",
    )


def _bare_table(table: SheetTable, role: SheetRole) -> SheetTable:
    kept = [place for place, found in enumerate(table.columns) if _names_nobody(found, role)]
    return replace(
        table,
        name=str(role).capitalize(),
        columns=tuple(table.columns[place] for place in kept),
        cells=[[cells[place] for place in kept] for cells in table.cells],
    )


def _only_reference_of_others(table: SheetTable, sent: set[int]) -> SheetTable:
    """Return the table with the reference alone of rows that gave no order: nobody has seen what else is in them."""
    return replace(
        table,
        cells=[
            cells
            if sheet_row in sent
            else [
                text if found.field == "reference" else ""
                for text, found in zip(cells, table.columns, strict=True)
            ]
            for sheet_row, cells in zip(table.sheet_rows, table.cells, strict=True)
        ],
    )


def _names_nobody(found: SheetColumn, role: SheetRole) -> bool:
    try:
        return column(role, found.field).names_nobody
    except KeyError:
        return False


def _bare_row(row: ResultRow, letters: set[str]) -> ResultRow:
    message, fix = words_of(row.error_code)
    return replace(
        row,
        message=message,
        how_to_fix=fix,
        acceptance_link="",
        marked_cells=tuple(cell for cell in row.marked_cells if cell.rstrip("0123456789") in letters),
    )


def path_without_people(results: Path, run_id: str) -> Path:
    """Return where such results go: beside the whole ones, under a name that says nothing of the workbook's."""
    return results.with_name(f"{run_id}.no-customer-data.xlsx")
