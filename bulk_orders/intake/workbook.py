"""Reads a workbook or CSV file: finds its sheets and columns, and returns their cells as text with addresses.

Values come from python-calamine, and only from sheets that `sheet_xml` has measured: a far cell makes calamine abort the
whole process. Whether the values are right is not decided here.
"""

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PureWindowsPath

from bulk_orders.core.model import Problem, Severity, SheetRole, SheetTable
from bulk_orders.errors import InputError
from bulk_orders.intake.book_parts import check_parts
from bulk_orders.intake.container import open_package
from bulk_orders.intake.csv_table import csv_rows
from bulk_orders.intake.file_kind import FileKind, file_kind
from bulk_orders.intake.headers import Layout, find_header, layout_of
from bulk_orders.intake.sheets import TELLING_FIELDS, Book
from bulk_orders.intake.tables import fill_table

_MAX_SHEET_NAME = 31
_START_AGAIN = "Put the headers in one row, or start from `bulk-orders template`."
_FLAT = (SheetRole.ORDERS, SheetRole.CUSTOMERS)


class Form(enum.Enum):
    """How a workbook is laid out."""

    THREE_SHEETS = "three sheets"
    FLAT = "flat"
    """Orders and customers side by side on one sheet, or a CSV file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookTables:
    """A workbook as read."""

    form: Form
    orders: SheetTable
    """In the flat form with the customers' columns."""
    customers: SheetTable | None
    products: SheetTable | None
    problems: tuple[Problem, ...]
    """What is wrong with the workbook as a whole (codes `F-…`)."""
    extra_columns: tuple[str, ...]
    """Kept and not sent: `Orders!P Colour`."""
    ignored_sheets: tuple[str, ...]
    """Visible sheets with something on them that were not read."""
    is_csv: bool


def read_workbook(content: bytes, name: str) -> WorkbookTables:
    """Return the tables of an .xlsx or CSV file and what is wrong with it as a whole.

    `name` is the file's, for sentences and, with CSV, for the sheet's name. An `InputError` is raised when nothing can
    be read at all: not a workbook, not safe to open, or without a row of headers.
    """
    if file_kind(content, name) is FileKind.CSV:
        return _read_csv(content, name)
    package = open_package(content)
    check_parts(package)
    return _read_book(Book(package))


def _read_csv(content: bytes, name: str) -> WorkbookTables:
    sheet = PureWindowsPath(name).stem[:_MAX_SHEET_NAME] or "CSV"
    rows = csv_rows(content)
    header = find_header(rows[:1], _FLAT)
    if header is None:
        raise InputError(
            "The first line of the CSV file has none of the known headers.",
            fix="Begin with a line such as Customer ID,Product (MPN),Quantity,…",
        )
    layout = layout_of(sheet, header, _FLAT)
    return _assembled(Form.FLAT, {SheetRole.ORDERS: (layout, fill_table(sheet, layout, rows))}, is_csv=True)


def _read_book(book: Book) -> WorkbookTables:
    customers = book.named(SheetRole.CUSTOMERS)
    products = book.named(SheetRole.PRODUCTS)
    orders = book.named(SheetRole.ORDERS) or book.with_headers_of(SheetRole.ORDERS, [customers, products])
    if orders is None:
        raise InputError("No sheet of the workbook has the headers of orders.", fix=_START_AGAIN)
    customers = customers or book.with_headers_of(SheetRole.CUSTOMERS, [orders, products])
    header = book.header(orders, _FLAT)
    if header is None:
        raise InputError(
            f"Sheet {orders.name} has no row of headers among its first 15 rows.", fix=_START_AGAIN
        )
    layout = book.layout(orders, header, _FLAT)
    form = Form.FLAT
    if customers or len(layout.fields & TELLING_FIELDS[SheetRole.CUSTOMERS]) <= 1:
        form = Form.THREE_SHEETS
        layout = book.layout(orders, header, [SheetRole.ORDERS])
    read = {SheetRole.ORDERS: (layout, book.table(orders, layout))}
    for role, sheet in ((SheetRole.CUSTOMERS, customers), (SheetRole.PRODUCTS, products)):
        if sheet and (found := book.header(sheet, [role])):
            layout = book.layout(sheet, found, [role])
            read[role] = (layout, book.table(sheet, layout))
    problems = [] if orders.is_visible else [_hidden_sheet(orders.name)]
    if form is Form.THREE_SHEETS and SheetRole.CUSTOMERS not in read:
        problems.append(_no_customers(customers.name if customers else ""))
    ignored = book.ignored([sheet for sheet in (orders, customers, products) if sheet])
    return _assembled(form, read, problems=problems, ignored_sheets=ignored)


def _assembled(
    form: Form,
    read: Mapping[SheetRole, tuple[Layout, SheetTable]],
    *,
    problems: Iterable[Problem] = (),
    ignored_sheets: tuple[str, ...] = (),
    is_csv: bool = False,
) -> WorkbookTables:
    tables = {role: table for role, (_, table) in read.items()}
    orders = tables[SheetRole.ORDERS]
    found = [*problems, *(problem for layout, _ in read.values() for problem in layout.problems)]
    if not orders.sheet_rows:
        found.append(
            Problem(
                code="F-EMPTY",
                severity=Severity.ERROR,
                sheet=orders.name,
                message=f"There are no rows to send on sheet {orders.name}.",
                fix="Fill a row below the headers, save and try again.",
            )
        )
    return WorkbookTables(
        form=form,
        orders=orders,
        customers=tables.get(SheetRole.CUSTOMERS),
        products=tables.get(SheetRole.PRODUCTS),
        problems=tuple(found),
        extra_columns=tuple(extra for layout, table in read.values() for extra in _extras(layout, table)),
        ignored_sheets=ignored_sheets,
        is_csv=is_csv,
    )


def _extras(layout: Layout, table: SheetTable) -> Iterator[str]:
    """Name the columns that are kept and not sent; those that a problem names already are left out."""
    told = {problem.cells[0] for problem in layout.problems if problem.cells}
    for column in table.columns:
        is_extra = not column.field and not column.parameter
        if is_extra and f"{column.letter}{layout.header_row}" not in told:
            yield f"{table.name}!{column.letter} {column.header or '(no header)'}"


def _hidden_sheet(name: str) -> Problem:
    return Problem(
        code="F-HIDDEN-SHEET",
        severity=Severity.ERROR,
        sheet=name,
        message=f"The sheet {name} is hidden.",
        fix="Show it (right-click a sheet's tab, Unhide), look through its rows and save.",
    )


def _no_customers(name: str) -> Problem:
    return Problem(
        code="F-MISSING-SHEET",
        severity=Severity.ERROR,
        sheet=name,
        message=f"The sheet {name} has no row of headers."
        if name
        else "The workbook has no sheet Customers.",
        fix="Add it as in `bulk-orders template`, or put the customers' columns beside the orders.",
    )
