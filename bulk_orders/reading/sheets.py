"""The sheets of one .xlsx workbook: found by name or by their headers, then read."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from bulk_orders.core import sheet_names
from bulk_orders.core.columns.subscriptions import is_header
from bulk_orders.core.control_totals import StatedTotal
from bulk_orders.core.mapping import HeaderMapping
from bulk_orders.core.model import SheetRole, SheetTable
from bulk_orders.core.our_marks import is_our_sheet, may_be_our_sheet
from bulk_orders.errors import InputError
from bulk_orders.ooxml.number_formats import number_styles
from bulk_orders.ooxml.workbook import BookSheet, book_parts
from bulk_orders.ooxml.zip_package import Package
from bulk_orders.reading.cell_text import cell_text
from bulk_orders.reading.comments import people_comments
from bulk_orders.reading.control_totals import SEARCHED_ROWS, totals_on_sheet
from bulk_orders.reading.headers import (
    HEADER_SEARCH_ROWS,
    Layout,
    bare_layout,
    find_header,
    layout_of,
    of_wishes,
)
from bulk_orders.reading.row_blocks import blocks_of, rows_with_marks
from bulk_orders.reading.sheet_findings import SheetScan
from bulk_orders.reading.sheet_pieces import PIECE_BYTES
from bulk_orders.reading.sheet_scan import is_filled
from bulk_orders.reading.sheet_values import SheetValues
from bulk_orders.reading.tables import BlockSink
from bulk_orders.reading.workbook_tables import (
    MAX_TABLE_COLUMNS,
    TELLING_FIELDS,
    TOO_MANY_COLUMNS,
    TOO_MANY_COLUMNS_FIX,
)

MAPPED_SEARCH_ROWS = 40
"""Among so many rows the headers of a mapping are looked for: exports begin with a title and what was asked for."""
_NAMES = {
    SheetRole.ORDERS: (sheet_names.ORDERS.casefold(), "orders", "order", "sales orders", "new orders"),
    SheetRole.CUSTOMERS: (
        sheet_names.CUSTOMERS.casefold(),
        "customers",
        "customer",
        "end customers",
        "clients",
    ),
    SheetRole.PRODUCTS: (
        *(sheet_names.PRODUCTS.casefold(), "products", "product", "catalogue", "catalog", "price list"),
    ),
}
"""What we call the sheet, its id, and other names: a workbook from before another label is read all the same."""

Header = tuple[int, list[str]]
"""A header row's number and texts, from column A on."""


class Book:
    """One workbook whose zip was let in; sheets are scanned and read when they are asked for."""

    def __init__(self, package: Package, main: str, piece_bytes: int = PIECE_BYTES) -> None:
        """Open the workbook's parts. Raises `InputError` if `main` or what it refers to cannot be trusted."""
        self._package = package
        parts = book_parts(package, main)
        self._styles = number_styles(package, parts.styles)
        self._sheets = parts.sheets
        self._values = SheetValues(package, parts, self._styles, piece_bytes)
        self._heads: dict[tuple[str, int], list[list[str]]] = {}

    def named(self, role: SheetRole) -> BookSheet | None:
        """Return the sheet with a name for this role, a visible one first."""
        fitting = [sheet for sheet in self._sheets if _plain(sheet) in _NAMES[role]]
        return min(
            fitting, key=lambda sheet: (not sheet.is_visible, _NAMES[role].index(_plain(sheet))), default=None
        )

    def with_headers_of(
        self, role: SheetRole, besides: Iterable[BookSheet | None], *, may_be_odd: bool = False
    ) -> list[BookSheet]:
        """Return the visible sheets with rows and the headers of a role, besides these sheets and our own.

        A sheet that cannot be read is an `InputError`, or passed over when it `may_be_odd`.
        """
        known = [sheet.name for sheet in besides if sheet]
        return [
            sheet
            for sheet in self._sheets
            if sheet.is_visible
            and sheet.name not in known
            and not self._is_ours(sheet)
            and self._has_headers_of(sheet, role, may_be_odd=may_be_odd)
        ]

    def _has_headers_of(self, sheet: BookSheet, role: SheetRole, *, may_be_odd: bool) -> bool:
        try:
            header = self.header(sheet, [role])
            fields = self.layout(sheet, header, [role]).fields if header else frozenset()
        except InputError:
            if may_be_odd:
                return False
            raise
        return len(fields & TELLING_FIELDS[role]) > 1 and is_filled(self._package, sheet.part)

    def header(self, sheet: BookSheet, roles: Sequence[SheetRole]) -> Header | None:
        """Return the header row among the first 15 rows."""
        if not self.scan(sheet).last_row:
            return None
        return find_header(enumerate(self._head(sheet), start=1), roles)

    def mapped(self, mappings: Sequence[HeaderMapping]) -> tuple[BookSheet, Header, HeaderMapping] | None:
        """Return the sheet that has a mapping's headers, their row and the mapping; the first mapping for which there is one.

        Of several sheets the one that the mapping names is taken; an `InputError` if none is.
        """
        heads = [(sheet, self.first_rows(sheet)) for sheet in self.data_sheets()] if mappings else []
        for mapping in mappings:
            found = [
                (sheet, header, mapping)
                for sheet, rows in heads
                if (header := next((head for head in rows if mapping.fits(head[1])), None))
            ]
            named = [one for one in found if one[0].name == mapping.sheet] or found
            if len(named) > 1:
                raise InputError(
                    "The sheets {one} and {other} both have the headers of {mapping}.".format(
                        mapping=mapping.name, one=named[0][0].name, other=named[1][0].name
                    ),
                    fix="Hide or delete the one that is not to be sent.",
                )
            if named:
                return named[0]
        return None

    def wish_header(self, sheet: BookSheet) -> Header | None:
        """Return the row of headers of a sheet of subscriptions with wishes; None where it is another one."""
        head = self._head(sheet) if self.scan(sheet).last_row else []
        return next(((number, texts) for number, texts in enumerate(head, 1) if is_header(texts)), None)

    def wish_layout(self, sheet: BookSheet, header: Header) -> Layout:
        """Return where the columns of such a sheet stand. Raises `InputError` for too many."""
        return of_wishes(self.layout(sheet, header, ()))

    def data_sheets(self) -> list[BookSheet]:
        """Return the visible sheets with something on them that are not ours."""
        return [
            sheet
            for sheet in self._sheets
            if sheet.is_visible and not self._is_ours(sheet) and is_filled(self._package, sheet.part)
        ]

    def first_rows(self, sheet: BookSheet, rows: int = MAPPED_SEARCH_ROWS) -> list[Header]:
        """Return a sheet's first rows with their numbers; none of a sheet that cannot be read."""
        try:
            return list(enumerate(self._head(sheet, rows), start=1)) if self.scan(sheet).last_row else []
        except InputError:
            return []

    def _head(self, sheet: BookSheet, rows: int = HEADER_SEARCH_ROWS) -> list[list[str]]:
        if (sheet.part, rows) not in self._heads:
            self._heads[sheet.part, rows] = [
                [cell_text(value)[0] for value in row[:MAX_TABLE_COLUMNS]]
                for row in islice(self._values.rows(sheet), rows)
            ]
        return self._heads[sheet.part, rows]

    def _is_ours(self, sheet: BookSheet) -> bool:
        """Tell whether a sheet is one of our template or of a results workbook: these are never read."""
        if not may_be_our_sheet(sheet.name):
            return False
        try:
            return bool(self.scan(sheet).last_row) and is_our_sheet(sheet.name, self._head(sheet))
        except InputError:
            return False

    def layout(
        self,
        sheet: BookSheet,
        header: Header,
        roles: Sequence[SheetRole],
        mapping: HeaderMapping | None = None,
    ) -> Layout:
        """Return where the sheet's columns stand; without roles they are all its own. Raises `InputError` for too many."""
        if self.scan(sheet).width > MAX_TABLE_COLUMNS:
            raise InputError(TOO_MANY_COLUMNS.format(sheet=sheet.name), fix=TOO_MANY_COLUMNS_FIX)
        return layout_of(sheet.name, header, roles, mapping) if roles else bare_layout(header)

    def table(self, sheet: BookSheet, layout: Layout, keep: BlockSink) -> tuple[SheetTable, frozenset[int]]:
        """Return the sheet's rows below its header, and which of its hidden columns have something in them."""
        scan = self.scan(sheet)
        rows = rows_with_marks(self._values.rows(sheet), scan, scan.width)
        return keep(sheet.name, layout, blocks_of(layout, rows, scan=scan, styles=self._styles))

    def texts(self, *, only: str = "") -> Iterator[tuple[str, list[list[str]]]]:
        """Yield the name of each sheet, or of the one that is named, and the texts of its rows from A1 on; hidden ones, too."""
        for sheet in self._sheets:
            if not only or _plain(sheet) == only.casefold():
                rows = self._values.rows(sheet) if self.scan(sheet).last_row else iter(())
                yield sheet.name, [[cell_text(value)[0] for value in row] for row in rows]

    def control_totals(self) -> tuple[StatedTotal, ...]:
        """Return what the sheet Start here of our template states; nothing where there is no such sheet."""
        for sheet in self._sheets:
            if _plain(sheet) == sheet_names.START_HERE.casefold() and self._is_ours(sheet):
                rows = islice(self._values.rows(sheet), SEARCHED_ROWS)
                texts = [[cell_text(value)[0] for value in row[:3]] for row in rows]
                unreadable = [row for row, marks in self.scan(sheet).marks.items() if 2 in marks]  # noqa: PLR2004 - C
                return tuple(totals_on_sheet(enumerate(texts, start=1), unreadable))
        return ()

    def comments(self, sheet: BookSheet, layout: Layout) -> list[str]:
        """Return the cells below the headers on which people left comments."""
        return people_comments(self._package, sheet.part, layout.header_row)

    def ignored(self, read: Iterable[BookSheet]) -> tuple[str, ...]:
        """Return the names of the other visible sheets that have something on them."""
        names = {sheet.name for sheet in read}
        return tuple(
            sheet.name
            for sheet in self._sheets
            if sheet.is_visible
            and sheet.name not in names
            and not self._is_ours(sheet)
            and is_filled(self._package, sheet.part)
        )

    def scan(self, sheet: BookSheet) -> SheetScan:
        """Return what a sheet has besides its values."""
        return self._values.scan(sheet)


def _plain(sheet: BookSheet) -> str:
    return sheet.name.strip().casefold()
