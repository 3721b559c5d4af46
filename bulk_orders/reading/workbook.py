"""Reads a workbook or CSV file: finds its sheets and columns, and returns their cells as text with addresses.

Values come from python-calamine, and only from sheets that `sheet_scan` has measured: a far cell makes calamine abort the
whole process. Whether the values are right is not decided here.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import PureWindowsPath

from bulk_orders.core.columns.subscriptions import is_header
from bulk_orders.core.mapping import CsvForm, HeaderMapping
from bulk_orders.core.model import Problem, SheetRole, SheetTable
from bulk_orders.errors import InputError
from bulk_orders.ooxml.workbook import BookSheet
from bulk_orders.ooxml.zip_package import open_package
from bulk_orders.reading.csv_table import csv_head, csv_rows
from bulk_orders.reading.file_kind import FileKind, file_kind
from bulk_orders.reading.headers import (
    Layout,
    bare_layout,
    find_header,
    layout_of,
    of_wishes,
    short,
)
from bulk_orders.reading.part_checks import check_parts
from bulk_orders.reading.row_blocks import blocks_of
from bulk_orders.reading.sheet_pieces import PIECE_BYTES
from bulk_orders.reading.sheet_problems import (
    hidden_sheet,
    ignored_sheet,
    no_customers,
    of_columns,
    of_comments,
    second_sheet,
    wishes_beside,
)
from bulk_orders.reading.sheets import MAPPED_SEARCH_ROWS, Book, Header
from bulk_orders.reading.tables import BlockSink, gathered
from bulk_orders.reading.workbook_tables import (
    FLAT,
    NO_HEADER_ROW,
    ONLY_CUSTOMERS,
    START_AGAIN_FIX,
    Form,
    WorkbookTables,
    assembled,
    layout_of_orders,
)

_MAX_SHEET_NAME = 31


def read_workbook(
    content: bytes,
    name: str,
    keep: BlockSink = gathered,
    piece_bytes: int = PIECE_BYTES,
    mappings: Sequence[HeaderMapping] = (),
) -> WorkbookTables:
    """Return the tables of an .xlsx or CSV file and what is wrong with it as a whole.

    `name` is the file's, for sentences and, with CSV, for the sheet's name. An `InputError` is raised when nothing can
    be read at all: not a workbook, not safe to open, or without a row of headers. Files of unknown origin belong in
    `isolated.read_safely`, which does the same in a process of its own. A sheet with more than `piece_bytes` of XML is
    read in pieces: it takes less memory and comes to the same. The first of `mappings` that has the headers of the file
    says what its columns are.
    """
    if file_kind(content, name) is FileKind.CSV:
        return _read_csv(content, name, keep, mappings)
    package = open_package(content)
    main = check_parts(package)
    return _BookReader(Book(package, main, piece_bytes), keep, mappings).tables()


def csv_sheet(name: str) -> str:
    """Return what the only sheet of a CSV file is called."""
    # The name of a CSV file's only sheet, where the file's own name gives none.
    return PureWindowsPath(name).stem[:_MAX_SHEET_NAME] or "CSV"


def _read_csv(
    content: bytes, name: str, keep: BlockSink, mappings: Sequence[HeaderMapping]
) -> WorkbookTables:
    sheet = csv_sheet(name)
    mapping, header_row = _mapped_csv(content, mappings)
    if mapping is None and (wished := _wish_header(content)):
        rows = csv_rows(content, header_row=wished)
        layout = of_wishes(bare_layout(next(rows)))
        table, _ = keep(sheet, layout, blocks_of(layout, rows))
        return assembled(Form.WISHES, {SheetRole.ORDERS: (layout, table)}, is_csv=True)
    rows = csv_rows(content, mapping.csv, header_row) if mapping else csv_rows(content)
    header = next(rows, None) if mapping else find_header(islice(rows, 1), FLAT)
    if header is None:
        raise InputError(
            "The first line of the CSV file has none of the known headers.",
            fix=(
                "Begin with a line such as Customer ID,Product (MPN),Quantity,… If "
                "the headers are your own, type `bulk-orders map FILE`."
            ),
        )
    layout = layout_of(sheet, header, FLAT, mapping)
    table, _ = keep(sheet, layout, blocks_of(layout, rows))
    return assembled(Form.FLAT, {SheetRole.ORDERS: (layout, table)}, is_csv=True, mapping=mapping)


def _wish_header(content: bytes) -> int:
    """Return Excel's number of the row of headers of subscriptions with wishes; 0 where the file is another one."""
    head = csv_head(content, CsvForm(), MAPPED_SEARCH_ROWS)
    return next((sheet_row for sheet_row, texts in head if is_header(texts)), 0)


def _mapped_csv(content: bytes, mappings: Sequence[HeaderMapping]) -> tuple[HeaderMapping | None, int]:
    """Return the first mapping whose headers are among the first rows, and Excel's number of that row."""
    for mapping in mappings:
        try:
            head = csv_head(content, mapping.csv, MAPPED_SEARCH_ROWS)
        except InputError:
            continue  # not written as its files are; why it cannot be read is said when it is read
        for header_row, texts in head:
            if mapping.fits(texts):
                return mapping, header_row
    return None, 0


class _BookReader:
    """Reads the sheets of one .xlsx workbook."""

    def __init__(self, book: Book, keep: BlockSink, mappings: Sequence[HeaderMapping]) -> None:
        self._book = book
        self._keep = keep
        self._mapped = book.mapped(mappings)
        self._read: dict[SheetRole, tuple[Layout, SheetTable]] = {}
        self._problems: list[Problem] = []

    def tables(self) -> WorkbookTables:
        book = self._book
        customers = book.named(SheetRole.CUSTOMERS)
        products = book.named(SheetRole.PRODUCTS)
        orders, others = self._sheets_of_orders(customers, products)
        if self._mapped is None and (header := book.wish_header(orders)):
            return self._wishes(orders, header)
        customers = None if customers is orders else customers
        products = None if products is orders else products
        if customers is None:
            customers = next(
                iter(book.with_headers_of(SheetRole.CUSTOMERS, [orders, products, *others])), None
            )
        form = self._read_orders(orders, customers)
        customers = None if form is Form.FLAT else customers
        for role, sheet in ((SheetRole.CUSTOMERS, customers), (SheetRole.PRODUCTS, products)):
            if sheet and (found := book.header(sheet, [role])):
                self._add(role, sheet, book.layout(sheet, found, [role]))
        used = (orders, customers if SheetRole.CUSTOMERS in self._read else None)
        self._problems += [hidden_sheet(sheet.name) for sheet in used if sheet and not sheet.is_visible]
        if form is Form.THREE_SHEETS and SheetRole.CUSTOMERS not in self._read:
            self._problems.append(no_customers(customers.name if customers else ""))
        ignored = book.ignored([sheet for sheet in (orders, customers, products) if sheet])
        told = {found.sheet for found in self._problems}
        self._problems += [ignored_sheet(name) for name in ignored if name not in told]
        tables = assembled(
            form,
            self._read,
            problems=self._problems,
            ignored_sheets=ignored,
            mapping=self._mapped[2] if self._mapped else None,
        )
        return replace(tables, stated_totals=self._book.control_totals())

    def _wishes(self, sheet: BookSheet, header: Header) -> WorkbookTables:
        """Return the sheet of a workbook of subscriptions, which needs no other."""
        self._add(SheetRole.ORDERS, sheet, self._book.wish_layout(sheet, header))
        ignored = self._book.ignored([sheet])
        self._problems += [ignored_sheet(name) for name in ignored]
        return assembled(Form.WISHES, self._read, problems=self._problems, ignored_sheets=ignored)

    def _sheets_of_orders(
        self, customers: BookSheet | None, products: BookSheet | None
    ) -> tuple[BookSheet, list[BookSheet]]:
        """Return the sheet of orders, and those that look like one, too."""
        book = self._book
        orders = self._mapped[0] if self._mapped else book.named(SheetRole.ORDERS)
        others = book.with_headers_of(
            SheetRole.ORDERS, [customers, products, orders], may_be_odd=orders is not None
        )
        if orders is None and len(others) > 1:
            raise InputError(
                "The sheets {one} and {other} both look like orders.".format(
                    one=short(others[0].name), other=short(others[1].name)
                ),
                fix="Give the one to send the name Orders, and delete or hide the other.",
            )
        wishes = [sheet for sheet in others if book.wish_header(sheet)]
        self._problems += [wishes_beside(sheet.name, orders.name) for sheet in wishes if orders]
        seconds = [sheet for sheet in others if sheet not in wishes]
        self._problems += [second_sheet(sheet.name, orders.name) for sheet in seconds if orders]
        orders = orders or next(iter(others), None)
        if orders is None:
            raise InputError("No sheet of the workbook has the headers of orders.", fix=START_AGAIN_FIX)
        return orders, others

    def _read_mapped(self, orders: BookSheet, customers: BookSheet | None) -> Form | None:
        """Read the orders as a mapping says: with the customers beside them, if it names a column that only they have."""
        if self._mapped is None:
            return None
        _, header, mapping = self._mapped
        has_customers = bool({*mapping.columns, *mapping.fixed} & ONLY_CUSTOMERS)
        form = Form.FLAT if has_customers or customers is None else Form.THREE_SHEETS
        roles = FLAT if form is Form.FLAT else (SheetRole.ORDERS,)
        self._add(SheetRole.ORDERS, orders, self._book.layout(orders, header, roles, mapping))
        return form

    def _read_orders(self, orders: BookSheet, customers: BookSheet | None) -> Form:
        if form := self._read_mapped(orders, customers):
            return form
        header = self._book.header(orders, FLAT)
        if header is None:
            raise InputError(NO_HEADER_ROW.format(sheet=orders.name), fix=START_AGAIN_FIX)
        layout, form = layout_of_orders(
            partial(self._book.layout, orders, header), has_customers=customers is not None
        )
        self._add(SheetRole.ORDERS, orders, layout)
        return form

    def _add(self, role: SheetRole, sheet: BookSheet, layout: Layout) -> None:
        table, filled = self._book.table(sheet, layout, self._keep)
        self._read[role] = layout, table
        if role is not SheetRole.PRODUCTS:
            self._problems += of_columns(sheet.name, layout, self._book.scan(sheet), filled)
        self._problems += of_comments(sheet.name, self._book.comments(sheet, layout))
