"""What the check found: problems, states of rows, and the ready rows with their customers joined in."""

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from bulk_orders.checking.data_frames import frame_of_records
from bulk_orders.checking.frame import PARAMETER_PREFIX, CodeArray, IntArray, SheetFrame
from bulk_orders.core.columns.table import COLUMNS, column
from bulk_orders.core.control_totals import NO_TOTALS, ControlTotals
from bulk_orders.core.identity import KEY_VERSION
from bulk_orders.core.model import Problem, Row, Severity, SheetRole, SheetTable
from bulk_orders.core.money import Estimate
from bulk_orders.core.records import PROBLEM_FIELDS, problem_record
from bulk_orders.core.subscription_rows import AsPulled, WantedChange
from bulk_orders.core.vendors import is_microsofts
from bulk_orders.reading.source import Source
from bulk_orders.reading.workbook_tables import WorkbookTables

_NOT_IN_ROWS = frozenset({"submit"})
"""It decides whether there is a row at all."""
_DEFAULTS: Mapping[str, str] = {
    entry.name: entry.blank_means
    for entry in COLUMNS
    if entry.blank_means and entry.sheet is not SheetRole.PRODUCTS and entry.name not in _NOT_IN_ROWS
}
_MICROSOFTS = frozenset(entry.name for entry in COLUMNS if entry.is_microsofts)


class RowState(enum.StrEnum):
    """What the check says of an order row."""

    READY = "ready"
    ERROR = "error"
    SKIPPED = "skipped"
    HIDDEN = "hidden"
    ORDERED = "ordered"
    """Nothing is wrong with it, and it was ordered before: said only where a ledger was looked into."""


class OrderJoin:
    """The order rows that are checked, and the customer of each."""

    def __init__(self, orders: SheetFrame, customers: SheetFrame | None) -> None:
        """Join by customer ID; of two rows for a customer the first counts (and both are reported)."""
        self._orders = orders
        self._customers = customers
        self._by_id: dict[str, int] = {}
        if customers is not None and "customer_id" in customers:
            for position, customer in enumerate(customers.series("customer_id")):
                if customer:
                    self._by_id.setdefault(str(customer), position)
        self._customer_values: dict[int, dict[str, str]] = {}

    @cached_property
    def _position_of(self) -> dict[int, int]:
        return {row: position for position, row in enumerate(self._orders.sheet_rows.tolist())}

    @property
    def known_customers(self) -> Sequence[str]:
        """The customer IDs on the sheet Customers."""
        return tuple(self._by_id)

    @property
    def unordered_customers(self) -> Sequence[str]:
        """The customer IDs on the sheet Customers for which there is no order."""
        ordered = set(self.positions.tolist())
        return tuple(customer for customer, position in self._by_id.items() if position not in ordered)

    @cached_property
    def positions(self) -> IntArray:
        """Each order row's customer as a position on the sheet Customers; -1 for none."""
        if "customer_id" not in self._orders:
            return np.full(len(self._orders), -1, dtype=np.int64)
        entry = self._orders.columns["customer_id"]
        found = [self._by_id.get(str(customer), -1) for customer in entry.canonical]
        return np.array(found, dtype=np.int64)[entry.codes]

    @cached_property
    def _order_columns(self) -> list[tuple[str, list[str], CodeArray]]:
        """Names, different values and which row has which: lists, for they are read value by value."""
        return [(name, entry.canonical.tolist(), entry.codes) for name, entry in self._orders.columns.items()]

    def rows_by(self, name: str) -> dict[str, tuple[int, ...]]:
        """Return the sheet rows of the orders by their value in a column."""
        rows: dict[str, list[int]] = {}
        for value, sheet_row in zip(self._orders.series(name), self._orders.sheet_rows.tolist(), strict=True):
            rows.setdefault(str(value), []).append(sheet_row)
        return {value: tuple(of_value) for value, of_value in rows.items()}

    def customer_row(self, sheet_row: int) -> int | None:
        """Return where an order row's customer stands on the sheet Customers."""
        position = self._position_of.get(sheet_row)
        if position is None or self._customers is None:
            return None
        customer = int(self.positions[position])
        return int(self._customers.sheet_rows[customer]) if customer >= 0 else None

    def row(self, sheet_row: int) -> Row:
        """Return an order row with its customer's values; what the order says itself wins."""
        position = self._position_of[sheet_row]
        own = {
            name: value
            for name, values, codes in self._order_columns
            if (value := values[codes[position]]) and name not in _NOT_IN_ROWS
        }
        customer = int(self.positions[position]) if self._customers is not None else -1
        if customer >= 0 and customer not in self._customer_values and self._customers is not None:
            self._customer_values[customer] = _values(self._customers, customer)
        joined = {**_DEFAULTS, **self._customer_values.get(customer, {}), **own}
        if not is_microsofts(joined.get("vendor", "")):
            joined = {name: value for name, value in joined.items() if name not in _MICROSOFTS}
        names = sorted(name for name in joined if name.startswith(PARAMETER_PREFIX))
        parameters = tuple((name.removeprefix(PARAMETER_PREFIX), joined.pop(name)) for name in names)
        return Row(sheet_row=sheet_row, values=joined, parameters=parameters)


def _values(frame: SheetFrame, position: int) -> dict[str, str]:
    return {
        name: value
        for name, entry in frame.columns.items()
        if name not in _NOT_IN_ROWS and (value := str(entry.canonical[entry.codes[position]]))
    }


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """A workbook after its check. Rows = ready + with errors + skipped + hidden + ordered before."""

    problems: tuple[Problem, ...]
    """Sorted by sheet, row and column; those of the workbook as a whole come first."""
    row_states: Mapping[int, RowState]
    """By Excel's number of the order row, in sheet order."""
    has_file_errors: bool
    """Something is wrong with the workbook as a whole; then no row is ready."""
    tables: WorkbookTables
    join: OrderJoin
    control_totals: ControlTotals = NO_TOTALS
    """As the workbook states them; those of orders and licences agree with its rows, or it has file errors."""
    source: Source | None = None
    """The file that was read; None for DataFrames that were only checked."""
    estimate: Estimate | None = None
    """What the rows would cost; None where the marketplace was not asked."""
    changes: tuple[WantedChange, ...] = ()
    """What a workbook of subscriptions wishes, one of a row; empty for orders."""

    @property
    def row_keys(self) -> dict[int, str]:
        """Order keys that a results workbook brought back, by sheet row."""
        return {
            sheet_row: key
            for sheet_row, key in self.tables.row_keys.items()
            if key.startswith(f"{KEY_VERSION}:")
        }

    @property
    def pulled(self) -> dict[int, AsPulled]:
        """What each row's subscription had when it was pulled, by sheet row."""
        return {change.sheet_row: change.pulled for change in self.changes}

    @property
    def row_count(self) -> int:
        """All order rows with data."""
        return len(self.row_states)

    @property
    def ready_count(self) -> int:
        """Rows without an error; warnings do not count here."""
        return self._count(RowState.READY)

    @property
    def error_row_count(self) -> int:
        """Rows that are not sent because of an error in them, or in their customer."""
        return self._count(RowState.ERROR)

    @property
    def skipped_count(self) -> int:
        """Rows that say Skip."""
        return self._count(RowState.SKIPPED)

    @property
    def hidden_count(self) -> int:
        """Hidden rows that are left out."""
        return self._count(RowState.HIDDEN)

    @property
    def ordered_count(self) -> int:
        """Rows that were ordered before and are not sent again."""
        return self._count(RowState.ORDERED)

    @property
    def has_red_cells(self) -> bool:
        """Whether an error is in a cell, which a checked workbook then shows in red."""
        return any(problem.severity is Severity.ERROR and problem.cells for problem in self.problems)

    def to_frame(self) -> pd.DataFrame:
        """Return the problems as a DataFrame, one row for each; without any, no rows.

        The columns are those of `check --json`: `code`, `severity`, `sheet`, `cell`, `cells`, `row`, `column`, `value`,
        `message`, `fix`, `proposal`, `order_rows`.
        """
        return frame_of_records(map(problem_record, self.problems), PROBLEM_FIELDS)

    def _count(self, state: RowState) -> int:
        return sum(found is state for found in self.row_states.values())

    def rows(self) -> Iterator[Row]:
        """Yield the ready rows in sheet order, each made when it is asked for."""
        for sheet_row, state in self.row_states.items():
            if state is RowState.READY:
                yield self.join.row(sheet_row)

    def address(self, sheet_row: int, field: str) -> str:
        """Return the cell that a column's value of an order row comes from: `Orders!H14`, or `Customers!E9`.

        Where there is no such cell, the row is named: `Orders row 14`.
        """
        letter = self._letter(self.tables.orders, field)
        if letter:
            return f"{self.tables.orders.name}!{letter}{sheet_row}"
        customer_row = self.join.customer_row(sheet_row)
        if self.tables.customers is not None and customer_row is not None:
            letter = self._letter(self.tables.customers, field)
            if letter:
                return f"{self.tables.customers.name}!{letter}{customer_row}"
        # Names a row of a sheet, where there is no cell to name: `Orders row 14`.
        return "{sheet} row {row}".format(sheet=self.tables.orders.name, row=sheet_row)

    def header(self, field: str) -> str:
        """Return the header that people see over a column, as typed; else the template's."""
        for table in (self.tables.orders, self.tables.customers):
            for found in table.columns if table else ():
                if field in {found.field, found.parameter}:
                    return found.header.rstrip(" *")
        for role in (SheetRole.ORDERS, SheetRole.CUSTOMERS):
            try:
                return column(role, field).header
            except KeyError:
                continue
        return field

    @staticmethod
    def _letter(table: SheetTable, field: str) -> str:
        return next(
            (found.letter for found in table.columns if field and field in {found.field, found.parameter}), ""
        )
