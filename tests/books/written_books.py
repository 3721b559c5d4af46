"""Made-up reports to write, and workbooks read again: shared by the tests of what we write."""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from bulk_orders.core.columns.table import columns_of
from bulk_orders.core.model import CellNote, SheetColumn, SheetRole, SheetTable
from bulk_orders.core.report import ResultRow, RunReport
from bulk_orders.core.summary import Outcome, counts
from bulk_orders.ooxml.addresses import column_letters

STARTED_AT = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
RUN_ID = "20261122-0215-K7QX"


def table(
    role: SheetRole,
    rows: Mapping[int, Mapping[str, str]],
    *,
    name: str = "",
    header_row: int = 3,
    extra: Sequence[str] = (),
    notes: Mapping[tuple[int, str], CellNote] | None = None,
) -> SheetTable:
    """A sheet as the template has it; `rows` by Excel's number, values by column name or extra header."""
    known = [entry for entry in columns_of(role) if entry.in_template and not entry.is_hidden]
    names = [*(entry.name for entry in known), *extra]
    columns = [
        *(
            SheetColumn(letter=column_letters(at), header=entry.header, field=entry.name)
            for at, entry in enumerate(known)
        ),
        *(
            SheetColumn(letter=column_letters(len(known) + at), header=header)
            for at, header in enumerate(extra)
        ),
    ]
    return SheetTable(
        name=name or role.value.capitalize(),
        header_row=header_row,
        columns=tuple(columns),
        sheet_rows=tuple(rows),
        cells=[[values.get(name, "") for name in names] for values in rows.values()],
        notes=notes or {},
    )


def order(**changes: str) -> dict[str, str]:
    return {
        "reference": "NOV-1",
        "customer_id": "1000105563",
        "mpn": "CFQ7TTC0LH16:0001",
        "quantity": "5",
        "commitment": "1 year",
        "billing": "Monthly",
        "offer_attestation": "No",
        **changes,
    }


def result(sheet_row: int, outcome: Outcome = Outcome.ORDERED, **changes: Any) -> ResultRow:
    return ResultRow(sheet_row=sheet_row, outcome=outcome, run_id=RUN_ID, customer_id="1000105563", **changes)


def report(orders: SheetTable, rows: Sequence[ResultRow] = (), **changes: Any) -> RunReport:
    given = rows or [result(row) for row in orders.sheet_rows]
    values: dict[str, Any] = {
        "run_id": RUN_ID,
        "environment": "PRACTICE",
        "profile": "practice",
        "marketplace": "us",
        "source_name": "orders.xlsx",
        "source_sha256": "0" * 64,
        "operator": "finance",
        "host": "desk-12",
        "program_version": "0.1.0",
        "started_at": STARTED_AT,
        "written_at": STARTED_AT + timedelta(minutes=4),
        "ended_at": STARTED_AT + timedelta(minutes=3),
        "stopped_by": "",
        "audit_whole": None,
        "exit_code": 0,
        "orders": orders,
        "customers": None,
        "products": None,
        "rows": given,
        "counts": counts(row.outcome for row in given),
        **changes,
    }
    return RunReport(**values)


def headers(sheet: Any, row: int) -> dict[str, str]:
    """Column letters by header."""
    return {cell.value: cell.column_letter for cell in sheet[row] if cell.value}


def texts(sheet: Any) -> set[str]:
    return {cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}


def links(sheet: Any) -> list[str]:
    """Where the links of a sheet lead, from the top down."""
    return [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def formula_parts(path: Path) -> list[str]:
    """The sheets of a workbook in which any cell is a formula."""
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        return [name for name in sheets if b"<f>" in archive.read(name) or b"<f " in archive.read(name)]


def load(path: Path) -> openpyxl.Workbook:
    with path.open("rb") as file:
        return openpyxl.load_workbook(file)
