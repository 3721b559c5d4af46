"""A workbook read in a process of its own and checked: as it comes, or as a run saw it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulk_orders.checking.check import CheckContext, check
from bulk_orders.checking.frame import frame_of
from bulk_orders.checking.mapped_values import as_meant, as_typed
from bulk_orders.checking.result import CheckResult, OrderJoin, RowState
from bulk_orders.checking.wishes import check_wishes
from bulk_orders.core import sheet_names
from bulk_orders.core.columns.table import column
from bulk_orders.core.control_totals import StatedTotal
from bulk_orders.core.mapping import HeaderMapping
from bulk_orders.core.mapping_data import from_data
from bulk_orders.core.model import SheetColumn, SheetRole, SheetTable
from bulk_orders.core.summary import Disposition
from bulk_orders.reading.isolated import read_safely
from bulk_orders.reading.workbook_tables import Form, WorkbookTables

if TYPE_CHECKING:
    from bulk_orders.ledger.interface import Ledger, RunRecord

_STILL_KNOWN: Final = ("customer_id", "mpn", "quantity")
"""Columns whose values the ledger has when the workbook is erased."""
_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls")
"""Endings that a checked workbook does not keep: two files that differ in another one have a checked workbook each."""
_STATES: Final = {
    Disposition.INVALID: RowState.ERROR,
    Disposition.SKIPPED: RowState.SKIPPED,
    Disposition.HIDDEN: RowState.HIDDEN,
}


def checked_path(path: Path) -> Path:
    """Return where the checked workbook goes if nothing else is said: `orders.checked.xlsx`, `orders.csv.checked.xlsx`."""
    name = path.stem.removesuffix(".checked") if path.suffix.lower() in _WORKBOOKS else path.name
    return path.with_name(f"{name}.checked.xlsx")


def check_context(now: datetime, *, own_domain: str, include_hidden: bool) -> CheckContext:
    """Return what checking needs to know of the world."""
    return CheckContext(today=now.date(), own_domain=own_domain, include_hidden=include_hidden)


def read_and_check(
    content: bytes,
    name: str,
    context: CheckContext,
    mappings: Sequence[HeaderMapping] = (),
    *,
    totals: Sequence[StatedTotal] = (),
) -> CheckResult:
    """Read a workbook in a process of its own, and check it. Raises `InputError` when there is nothing to check.

    The first of `mappings` that has its headers says what its columns are; its name is in the result's tables. `totals`
    are control totals that are stated beside it.
    """
    tables = read_safely(content, name, mappings=mappings)
    tables = replace(tables, stated_totals=(*tables.stated_totals, *totals))
    if tables.form is Form.WISHES:
        return check_wishes(tables, context)
    mapping = mapping_of(tables, mappings)
    if mapping is None:
        return check(tables, context)
    return as_typed(check(as_meant(tables, mapping), context), tables, mapping)


def mapping_of(tables: WorkbookTables, mappings: Sequence[HeaderMapping]) -> HeaderMapping | None:
    """Return the mapping by which the tables were read."""
    return next((mapping for mapping in mappings if tables.mapping and mapping.name == tables.mapping), None)


def check_again(ledger: "Ledger", run: "RunRecord") -> CheckResult:
    """Return the workbook of a run as the run saw it: its own bytes, its own day, its own settings.

    Of one that was erased there are the rows, with what the ledger still knows of their orders.
    """
    source = ledger.source(run.run_id)
    if not source:
        return _erased(ledger, run)
    options = json.loads(run.options)
    context = CheckContext(
        today=run.started_at.astimezone(UTC).date(),
        own_domain=options.get("own_domain", ""),
        include_hidden=options.get("include_hidden", False),
    )
    told = dict(options.get("mapping") or {})
    mappings = [from_data(told, str(told.pop("name")))] if told else []
    return read_and_check(source, run.source_name, context, mappings)


def _erased(ledger: "Ledger", run: "RunRecord") -> CheckResult:
    orders = ledger.orders_of_run(run.run_id)
    rows = ledger.rows(run.run_id)
    table = SheetTable(
        name=sheet_names.ORDERS,
        header_row=max(1, min((row.sheet_row for row in rows), default=2) - 1),
        columns=tuple(
            SheetColumn(letter=letter, header=column(SheetRole.ORDERS, name).header, field=name)
            for letter, name in zip("ABC", _STILL_KNOWN, strict=True)
        ),
        sheet_rows=tuple(row.sheet_row for row in rows),
        cells=[
            [str(getattr(orders[row.key], name)) if row.key in orders else "" for name in _STILL_KNOWN]
            for row in rows
        ],
    )
    tables = WorkbookTables(form=Form.THREE_SHEETS, orders=table)
    return CheckResult(
        problems=(),
        row_states={row.sheet_row: _STATES.get(row.disposition, RowState.READY) for row in rows},
        has_file_errors=False,
        tables=tables,
        join=OrderJoin(frame_of(table, (SheetRole.ORDERS,)), None),
    )
