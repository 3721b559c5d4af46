"""The check: tables as read become problems with their cells, and rows that are ready to be ordered.

Everything is found at once and without the network. One broken rule marks its own cells and no others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from bulk_orders.checking.catalogue import catalogue_of, in_catalogue_spelling
from bulk_orders.checking.company_details import not_sent, with_switch
from bulk_orders.checking.control_totals import counted_totals, total_problems
from bulk_orders.checking.frame import BoolArray, SheetFrame, frame_of
from bulk_orders.checking.no_orders import not_orders
from bulk_orders.checking.own_reference import unread_reference
from bulk_orders.checking.result import CheckResult, RowState
from bulk_orders.checking.rows import Beside, Rows
from bulk_orders.checking.rule import Rule
from bulk_orders.checking.schema import ROLES, Broken, Sheet, broken_rules, schema
from bulk_orders.core.columns.table import folded
from bulk_orders.core.control_totals import read_totals
from bulk_orders.core.model import Problem, Severity
from bulk_orders.core.order_types import AUTO_RENEW_OFF, ORDER_TYPES
from bulk_orders.core.problem_texts import PROBLEM_TEXTS, problem
from bulk_orders.core.wording import counted
from bulk_orders.reading.workbook_tables import Form, WorkbookTables

__all__ = ["CheckContext", "CheckResult", "RowState", "check"]

_DURATIONS: Final = frozenset(
    {"subscriptionperiodduration", "billingperiodduration", "productsbillingperiodduration"}
)
"""Headers of the API's lengths, which are part of Commitment and Billing here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """What the check needs to know besides the workbook."""

    today: date
    own_domain: str = ""
    """The partner's e-mail domain; customers must not have an address there."""
    include_hidden: bool = False
    """Treat hidden rows like the others."""


def check(tables: WorkbookTables, context: CheckContext) -> CheckResult:
    """Find everything that is wrong with a workbook, and the rows that are ready."""
    return _Check(tables, context).result()


class _Check:
    """One check while it goes on."""

    def __init__(self, tables: WorkbookTables, context: CheckContext) -> None:
        self._tables = tables
        self._context = context
        self._is_flat = tables.form is Form.FLAT
        self._problems: list[Problem] = []
        self._states: dict[int, RowState] = {}
        products = frame_of(tables.products, ROLES["products"]) if tables.products else None
        self._products = products
        customers = tables.customers if not self._is_flat else None
        self._customers = with_switch(frame_of(customers, ROLES["customers"])) if customers else None
        self._beside = Beside(
            today=context.today,
            own_domain=context.own_domain,
            customers=self._customers,
            catalogue=catalogue_of(products) if products is not None else None,
        )
        orders = with_switch(frame_of(tables.orders, ROLES["flat" if self._is_flat else "orders"]))
        if self._beside.catalogue is not None:
            orders = in_catalogue_spelling(orders, self._beside.catalogue)
        self._all_orders = orders
        self._active = orders.select(self._choose_rows())
        self._orders = Rows(frame=self._active, beside=self._beside)
        self._totals = read_totals(tables.stated_totals)

    def _choose_rows(self) -> BoolArray:
        frame = self._all_orders
        hidden = np.isin(frame.sheet_rows, list(self._tables.orders.hidden_rows))
        if self._context.include_hidden:
            hidden[:] = False
        skipped = frame.equals("submit", "skip") & ~hidden
        numbers = self._tables.orders.sheet_rows  # the table's own, of which there may be a million
        self._states = dict.fromkeys(numbers, RowState.READY)
        for mask, state in ((hidden, RowState.HIDDEN), (skipped, RowState.SKIPPED)):
            self._states |= dict.fromkeys((numbers[place] for place in np.flatnonzero(mask)), state)
        told = [found for found in not_orders(self._tables.orders, frame) if self._is_ready(found.sheet_row)]
        no_orders = [found.sheet_row for found in told if found.sheet_row is not None]
        self._states.update(dict.fromkeys(no_orders, RowState.ERROR))
        self._problems += told
        return ~hidden & ~skipped & ~np.isin(frame.sheet_rows, no_orders)

    def _is_ready(self, sheet_row: int | None) -> bool:
        return sheet_row is not None and self._states[sheet_row] is RowState.READY

    def result(self) -> CheckResult:
        self._check_orders()
        self._check_customers()
        self._check_products()
        self._check_durations()
        self._check_whole()
        problems = in_order((*self._tables.problems, *self._problems), self._tables)
        has_file_errors = any(found.severity is Severity.ERROR for found in self._tables.problems) or any(
            found.severity is Severity.ERROR and found.sheet_row is None for found in self._problems
        )
        if has_file_errors:
            # Nothing can be sent from a workbook that is not understood as a whole.
            self._states.update(
                {row: RowState.ERROR for row, state in self._states.items() if state is RowState.READY}
            )
        return CheckResult(
            problems=problems,
            row_states=self._states,
            has_file_errors=has_file_errors,
            tables=self._tables,
            join=self._orders.join,
            control_totals=self._totals[0],
        )

    def _check_orders(self) -> None:
        self._take("flat" if self._is_flat else "orders", self._orders)

    def _check_customers(self) -> None:
        if self._customers is not None:
            rows = Rows(frame=self._used_customers(), beside=self._beside)
            self._take("customers", rows, key="customer_id")

    def _used_customers(self) -> SheetFrame:
        """Return the customers that an order of Microsoft's is for; an empty frame in a workbook without the sheet."""
        if self._customers is None:
            return self._active.select(self._active.everywhere(broken=False))
        orders = self._active.select(self._orders.of_microsoft)
        used = frozenset(orders.series("customer_id") if "customer_id" in orders else ())
        return self._customers.select(self._customers.where("customer_id", used.__contains__))

    def _check_products(self) -> None:
        if self._products is None or "mpn" not in self._products or "mpn" not in self._active:
            return
        used = frozenset(self._active.series("mpn"))
        frame = self._products.select(self._products.where("mpn", used.__contains__))
        self._take("products", Rows(frame=frame, beside=self._beside), key="mpn")

    def _take(self, sheet: Sheet, rows: Rows, key: str = "") -> None:
        """Make problems of the broken cells; `key` joins another sheet's rows with those of the orders."""
        frame = rows.frame
        rows_of = self._orders.join.rows_by(key) if key else {}
        parameters = tuple(found.parameter for found in self._tables.orders.columns if found.parameter)
        for broken in broken_rules(schema(sheet, parameters=parameters), rows):
            places: list[int] = np.flatnonzero(broken.mask).tolist()
            if PROBLEM_TEXTS[broken.rule.code].severity is Severity.ERROR:
                stopped: Iterable[int] = frame.sheet_rows[broken.mask].tolist()
                if key:
                    stopped = (row for place in places for row in rows_of.get(frame.value(key, place), ()))
                self._states.update(dict.fromkeys(stopped, RowState.ERROR))
            for told in _mistakes(rows, broken):
                keys = {frame.value(key, place) for place in told} if key else set()
                order_rows = tuple(sorted(row for value in keys for row in rows_of.get(value, ())))
                self._problems.append(_problem(rows, broken.rule, told, order_rows))
            if len(places) > len(broken.told):
                self._problems.append(_untold(frame, broken.rule, len(places) - len(broken.told)))

    def _check_durations(self) -> None:
        """Report lengths in a column of their own: passed over, a year would be ordered instead of three."""
        table = self._tables.orders
        for index, found in enumerate(table.columns):
            if found.field or found.parameter or folded(found.header) not in _DURATIONS:
                continue
            for sheet_row, cells in zip(table.sheet_rows, table.cells, strict=True):
                state = self._states[sheet_row]
                if state in {RowState.HIDDEN, RowState.SKIPPED} or cells[index].strip() in {"", "1", "1.0"}:
                    continue
                self._states[sheet_row] = RowState.ERROR
                self._problems.append(
                    problem(
                        "E-DURATION",
                        parts={"column": found.header, "value": cells[index]},
                        sheet=table.name,
                        sheet_row=sheet_row,
                        cells=(f"{found.letter}{sheet_row}",),
                        column=found.header,
                        value=cells[index],
                    )
                )

    def _check_whole(self) -> None:
        table = self._tables.orders
        hidden = list(self._states.values()).count(RowState.HIDDEN)
        if hidden and not any(found.code == "F-HIDDEN" for found in self._tables.problems):
            rows = counted(hidden, "{number} row", "{number} rows")
            self._problems.append(problem("F-HIDDEN", parts={"value": rows}, sheet=table.name, value=rows))
        if self._states and not len(self._active):
            # Goes on a sentence that there are no rows to send.
            parts = {"reason": ": all of them are skipped or hidden"}
            self._problems.append(problem("F-EMPTY", parts=parts, sheet=table.name))
        self._problems += total_problems(*self._totals, counted_totals(self._active))
        self._warn_of_links()
        self._warn_of_ends()
        self._warn_of_unverified()
        self._problems += unread_reference(table)
        self._problems += not_sent(self._active if self._is_flat else self._used_customers())

    def _warn_of_links(self) -> None:
        """Explanation once: it is true of every new tenant, whatever the workbook says."""
        rows = tuple(self._active.sheet_rows[self._orders.tenants >= 0].tolist())
        if rows:
            orders = counted(len(rows), "{number} order", "{number} orders")
            sheet = self._tables.customers.name if self._tables.customers else self._tables.orders.name
            self._problems.append(
                problem("W-MCA-LINK", parts={"value": orders}, sheet=sheet, order_rows=rows)
            )

    def _warn_of_unverified(self) -> None:
        """Name once each action that nobody is known to have done."""
        for known in ORDER_TYPES:
            rows = self._active.sheet_rows[self._active.equals("order_type", known.key)].tolist()
            if known.is_unverified and rows:
                rows_told = counted(len(rows), "{number} row", "{number} rows")
                parts = {"value": known.label, "rows": rows_told}
                name = self._tables.orders.name
                self._problems.append(
                    problem(
                        "W-UNVERIFIED", parts=parts, sheet=name, value=known.label, order_rows=tuple(rows)
                    )
                )

    def _warn_of_ends(self) -> None:
        """Explain once what all rows lose that turn auto-renew off."""
        rows = tuple(self._active.sheet_rows[self._active.equals("order_type", AUTO_RENEW_OFF.key)].tolist())
        if rows:
            value = counted(len(rows), "{number} row", "{number} rows")
            sheet = self._tables.orders.name
            self._problems.append(problem("W-ENDS", parts={"value": value}, sheet=sheet, order_rows=rows))


def _mistakes(rows: Rows, broken: Broken) -> Iterable[Sequence[int]]:
    """Return the broken cells that are told together, as positions: mostly one, of a pair both."""
    mistake_of = broken.rule.mistake_of
    if mistake_of is None:
        return [(place,) for place in broken.told]
    found: dict[int, list[int]] = {}
    for place in sorted(broken.told):
        found.setdefault(mistake_of(rows, place), []).append(place)
    return found.values()


def _problem(rows: Rows, rule: Rule, positions: Sequence[int], order_rows: tuple[int, ...]) -> Problem:
    frame, position = rows.frame, positions[0]
    told = rule.explain(rows, position)
    typed = frame.typed(rule.field, position)
    is_there = rule.field in frame
    found = frame.columns[rule.field].found if is_there else None
    header = found.header.rstrip(" *") if found else frame.column(rule.field).header
    sheet_rows = [int(frame.sheet_rows[place]) for place in positions]
    cells = tuple(f"{found.letter}{sheet_row}" for sheet_row in sheet_rows) if found and found.letter else ()
    return problem(
        rule.code,
        parts={"column": header, "value": typed, "cell": cells[0] if cells else "", **told.parts},
        sheet=frame.name,
        sheet_row=sheet_rows[0],
        cells=cells,
        column=header,
        field=found.field if found else rule.field,
        value=typed,
        proposal=told.proposal,
        order_rows=order_rows,
    )


def _untold(frame: SheetFrame, rule: Rule, count: int) -> Problem:
    header = (
        frame.columns[rule.field].found.header if rule.field in frame else frame.column(rule.field).header
    )
    title = PROBLEM_TEXTS[rule.code].title
    parts = {"value": f"{count:,}", "column": header.rstrip(" *"), "title": title}
    return problem("I-MORE", parts=parts, sheet=frame.name, column=header, field=rule.field, value=rule.code)


def in_order(problems: Iterable[Problem], tables: WorkbookTables) -> tuple[Problem, ...]:
    """Sort by sheet, row and column, the workbook's own first, and keep one of each."""
    sheets = [table.name for table in (tables.orders, tables.customers, tables.products) if table is not None]
    rank: Mapping[str, int] = {name: place for place, name in enumerate(["", *sheets])}

    def place(found: Problem) -> tuple[int, int, int, str, str]:
        letters = found.cells[0].rstrip("0123456789") if found.cells else ""
        return rank.get(found.sheet, len(rank)), found.sheet_row or 0, len(letters), letters, found.code

    single = {
        (found.code, found.sheet, found.sheet_row, found.cells, found.field, found.value): found
        for found in problems
    }
    return tuple(sorted(single.values(), key=place))
