"""A workbook as it was read: its tables, and what is wrong with it as a whole."""

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bulk_orders.core.columns.table import columns_of
from bulk_orders.core.control_totals import StatedTotal
from bulk_orders.core.mapping import HeaderMapping
from bulk_orders.core.model import Problem, Severity, SheetRole, SheetTable
from bulk_orders.reading.cell_notes import CellNotes
from bulk_orders.reading.headers import ROW_KEY_HEADER, Layout

FLAT = (SheetRole.ORDERS, SheetRole.CUSTOMERS)
TELLING_FIELDS = {
    SheetRole.ORDERS: frozenset({"customer_id", "mpn", "quantity"}),
    SheetRole.CUSTOMERS: frozenset({"company_name", "tenant", "domain", "partner_attestation"}),
}
"""Two of these make a sheet one of orders or of customers, whatever its name."""
ONLY_CUSTOMERS = frozenset(
    {column.name for column in columns_of(SheetRole.CUSTOMERS)}
    - {column.name for column in columns_of(SheetRole.ORDERS)}
)
"""One of these makes a mapped sheet one of customers, too."""
MAX_TABLE_COLUMNS = 1_000
TOO_MANY_COLUMNS: Final = "Sheet {sheet} has more than 1,000 columns."
TOO_MANY_COLUMNS_FIX: Final = "Delete the columns to the right of the table."
START_AGAIN_FIX: Final = (
    "Put the headers in one row, or start from `bulk-orders template`. "
    "If they are your own, type `bulk-orders map FILE`."
)
NO_HEADER_ROW: Final = "Sheet {sheet} has no row of headers among its first 15 rows."
_NO_HEADER: Final = "(no header)"
"""Takes the place of a column's header."""


class Form(enum.Enum):
    """How a workbook is laid out."""

    THREE_SHEETS = "three sheets"
    FLAT = "flat"
    """Orders and customers side by side on one sheet, or a CSV file."""
    WISHES = "subscriptions"
    """A sheet that a pull made, in which people wrote what shall be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookTables:
    """A workbook as read."""

    form: Form
    orders: SheetTable
    """In the flat form with the customers' columns. Of wishes the whole sheet, its columns named as in
    `core.columns.subscriptions`."""
    customers: SheetTable | None = None
    products: SheetTable | None = None
    problems: tuple[Problem, ...] = ()
    """What is wrong with the workbook as a whole (codes `F-…`)."""
    extra_columns: tuple[str, ...] = ()
    """Kept and not sent: `Orders!P Colour`."""
    ignored_sheets: tuple[str, ...] = ()
    """Visible sheets with something on them that were not read."""
    is_csv: bool = False
    row_keys: Mapping[int, str] = field(default_factory=dict)
    """Order keys that a results workbook brought back, by sheet row of the orders."""
    mapping: str = ""
    """Name of the mapping by which the columns were found; empty where our own names were enough."""
    stated_totals: tuple[StatedTotal, ...] = ()
    """Control totals as they were typed."""


def keys_apart(tables: WorkbookTables) -> WorkbookTables:
    """Return the tables with the keys of a results workbook beside them, not as a column of the orders."""
    orders = tables.orders
    places = [place for place, column in enumerate(orders.columns) if column.header == ROW_KEY_HEADER]
    if not places:
        return tables
    place = places[-1]  # where a program made two sets of our columns, the last one was written last
    keys = {
        sheet_row: cells[place]
        for sheet_row, cells in zip(orders.sheet_rows, orders.cells, strict=False)
        if cells[place]
    }
    letter = orders.columns[place].letter
    bare = replace(
        orders,
        columns=orders.columns[:place] + orders.columns[place + 1 :],
        cells=[cells[:place] + cells[place + 1 :] for cells in orders.cells],
        notes=CellNotes(orders.notes).without(letter),
    )
    return replace(tables, orders=bare, row_keys=keys)


def layout_of_orders(
    layout: Callable[[Sequence[SheetRole]], Layout], *, has_customers: bool
) -> tuple[Layout, Form]:
    """Return where the columns of the orders are, and which form that makes: flat if the customers' columns are beside them."""
    found = layout(FLAT)
    if has_customers or len(found.fields & TELLING_FIELDS[SheetRole.CUSTOMERS]) <= 1:
        return layout([SheetRole.ORDERS]), Form.THREE_SHEETS
    return found, Form.FLAT


def assembled(
    form: Form,
    read: Mapping[SheetRole, tuple[Layout, SheetTable]],
    *,
    problems: Iterable[Problem] = (),
    ignored_sheets: tuple[str, ...] = (),
    is_csv: bool = False,
    mapping: HeaderMapping | None = None,
) -> WorkbookTables:
    """Return the workbook of sheets that were read, and say so if it has no rows."""
    tables = {role: table for role, (_, table) in read.items()}
    orders = tables[SheetRole.ORDERS]
    found = [*problems, *(told for layout, _ in read.values() for told in layout.problems)]
    if not orders.sheet_rows and form is not Form.WISHES:  # which says so in its own words
        found.append(
            Problem(
                code="F-EMPTY",
                severity=Severity.ERROR,
                sheet=orders.name,
                message="There are no rows to send on sheet {sheet}.".format(sheet=orders.name),
                fix="Fill a row below the headers, save and try again.",
            )
        )
    return keys_apart(
        WorkbookTables(
            form=form,
            orders=orders,
            customers=tables.get(SheetRole.CUSTOMERS),
            products=tables.get(SheetRole.PRODUCTS),
            problems=tuple(found),
            extra_columns=tuple(extra for layout, table in read.values() for extra in _extras(layout, table)),
            ignored_sheets=ignored_sheets,
            is_csv=is_csv,
            mapping=mapping.name if mapping else "",
        )
    )


def _extras(layout: Layout, table: SheetTable) -> Iterator[str]:
    """Name the columns that are kept and not sent; those that a problem names already are left out."""
    told = {found.cells[0] for found in layout.problems if found.cells}
    for column in table.columns:
        is_extra = not column.field and not column.parameter and column.header != ROW_KEY_HEADER
        if is_extra and f"{column.letter}{layout.header_row}" not in told:
            yield f"{table.name}!{column.letter} {column.header or _NO_HEADER}"
