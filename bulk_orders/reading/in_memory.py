"""Sheets that never were a file: they are read as the workbook of their texts would be (`writing.new_book.plain` writes it).

The headers are row 1, so the first row of data is row 2. What the cells are as texts is the giver's business.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Final, Protocol

from bulk_orders.core import sheet_names
from bulk_orders.core.columns.subscriptions import is_header
from bulk_orders.core.model import Problem, SheetColumn, SheetRole, SheetTable
from bulk_orders.errors import InputError
from bulk_orders.ooxml.addresses import MAX_ROWS
from bulk_orders.ooxml.cleaning import CELL_UNITS, clean
from bulk_orders.reading.headers import Layout, find_header, layout_of
from bulk_orders.reading.sheet_problems import no_customers
from bulk_orders.reading.workbook_tables import (
    FLAT,
    MAX_TABLE_COLUMNS,
    NO_HEADER_ROW,
    START_AGAIN_FIX,
    TOO_MANY_COLUMNS,
    TOO_MANY_COLUMNS_FIX,
    Form,
    WorkbookTables,
    assembled,
    layout_of_orders,
)

FIRST_ROW: Final = 2
"""The number of the first row of data."""
NAMES: Final[Mapping[SheetRole, str]] = {
    SheetRole.ORDERS: sheet_names.ORDERS,
    SheetRole.CUSTOMERS: sheet_names.CUSTOMERS,
    SheetRole.PRODUCTS: sheet_names.PRODUCTS,
}
_ESCAPE: Final = "＿"
"""What `clean` writes instead of an underscore that begins an escape."""


class Given(Protocol):
    """A sheet that somebody has in memory."""

    @property
    def headers(self) -> Sequence[str]:
        """Its headers from left to right."""

    @property
    def row_count(self) -> int:
        """Its rows of data."""

    def column(
        self, position: int, found: SheetColumn, roles: Sequence[SheetRole]
    ) -> tuple[list[str], Iterable[Problem]]:
        """Return a column's texts as a workbook keeps them, and what is wrong with its cells."""


def tables_in_memory(sheets: Mapping[SheetRole, Given]) -> WorkbookTables:
    """Return the tables of the given sheets, of which one is of orders.

    Raises `InputError` where the workbook could not be read: no known headers, or more rows or columns than a sheet has.
    """
    headers = {role: _headers(NAMES[role], given) for role, given in sheets.items()}
    orders, has_customers = headers[SheetRole.ORDERS], SheetRole.CUSTOMERS in sheets
    if is_header(orders):
        raise InputError(
            "A DataFrame of subscriptions is neither checked nor run.",
            fix="Write what shall be into a workbook of `pull_subscriptions`, and pass its path.",
        )
    if find_header([(1, orders)], FLAT) is None:
        raise InputError(NO_HEADER_ROW.format(sheet=NAMES[SheetRole.ORDERS]), fix=START_AGAIN_FIX)
    layout, form = layout_of_orders(
        partial(layout_of, NAMES[SheetRole.ORDERS], (1, orders)), has_customers=has_customers
    )
    layouts = {SheetRole.ORDERS: (layout, FLAT if form is Form.FLAT else (SheetRole.ORDERS,))}
    for role in (SheetRole.CUSTOMERS, SheetRole.PRODUCTS):
        if role in sheets and find_header([(1, headers[role])], [role]):
            layouts[role] = layout_of(NAMES[role], (1, headers[role]), [role]), (role,)
    problems: list[Problem] = []
    read: dict[SheetRole, tuple[Layout, SheetTable]] = {}
    for role, (layout, roles) in layouts.items():
        table, found = _table(NAMES[role], layout, roles, sheets[role])
        read[role] = layout, table
        problems += found
    if form is Form.THREE_SHEETS and SheetRole.CUSTOMERS not in read:
        problems.append(no_customers(NAMES[SheetRole.CUSTOMERS] if has_customers else ""))
    return assembled(form, read, problems=problems)


def _headers(name: str, given: Given) -> list[str]:
    if len(given.headers) > MAX_TABLE_COLUMNS:
        raise InputError(TOO_MANY_COLUMNS.format(sheet=name), fix=TOO_MANY_COLUMNS_FIX)
    if given.row_count > MAX_ROWS - 1:
        raise InputError(
            "The DataFrame for {sheet} has {rows:,} rows, more than the {limit:,} of a sheet.".format(
                sheet=name, rows=given.row_count, limit=MAX_ROWS - 1
            ),
            fix="Split it, and run the parts one after another.",
        )
    return list(map(clean, given.headers))


def _table(
    name: str, layout: Layout, roles: Sequence[SheetRole], given: Given
) -> tuple[SheetTable, list[Problem]]:
    """Return the rows in which an input has a text, and the columns that have a header or a text."""
    columns: list[list[str]] = []
    problems: list[Problem] = []
    for position, found in zip(layout.positions, layout.columns, strict=True):
        texts, wrong = given.column(position, found, roles)
        columns.append(texts)
        problems += wrong
    inputs = zip(*(columns[index] for index in layout.inputs), strict=True)
    filled = [place for place, row in enumerate(inputs) if any(map(str.strip, row))]
    if len(filled) < given.row_count:
        columns = [[texts[place] for place in filled] for texts in columns]
    kept = [
        index
        for index, found in enumerate(layout.columns)
        if found.header or any(map(str.strip, columns[index]))
    ]
    rows = zip(*(columns[index] for index in kept), strict=True)
    table = SheetTable(
        name=name,
        header_row=FIRST_ROW - 1,
        columns=tuple(layout.columns[index] for index in kept),
        sheet_rows=tuple(place + FIRST_ROW for place in filled),
        cells=list(map(list, rows)),
    )
    return table, problems


def as_kept(texts: list[str]) -> tuple[list[str], dict[int, str]]:
    """Return texts as a workbook keeps them, and by its place why one of them is not kept as it is meant.

    Characters that no workbook can hold become one that no column takes: the check refuses them.
    """
    joined = "".join(texts)
    is_plain = joined.isascii() and joined.isprintable() and "_x" not in joined and "x005F" not in joined
    if is_plain and (len(joined) <= CELL_UNITS or max(map(len, texts)) <= CELL_UNITS):
        return texts, {}
    kept = {text: clean(text) for text in set(texts)}
    why = {text: reason for text, clean_text in kept.items() if (reason := _why_changed(text, clean_text))}
    changed = {place: why[text] for place, text in enumerate(texts) if text in why} if why else {}
    return [kept[text] for text in texts], changed


def _why_changed(text: str, kept: str) -> str:
    if text == kept:
        return ""
    if len(text.encode("utf-16-le", "surrogatepass")) > 2 * CELL_UNITS:
        return "a text longer than a cell of a workbook"
    return (
        "a text that workbooks keep for themselves, such as _x000D_"
        if kept.count(_ESCAPE) != text.count(_ESCAPE)
        else ""
    )
