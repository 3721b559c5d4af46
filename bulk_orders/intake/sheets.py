"""The sheets of one .xlsx workbook: found by name or by their headers, measured, then read with python-calamine."""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import islice

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from bulk_orders.core.model import SheetRole, SheetTable
from bulk_orders.errors import InputError
from bulk_orders.intake.book_parts import BookSheet, book_sheets, check_xml_start, number_styles
from bulk_orders.intake.cell_text import Value, cell_text
from bulk_orders.intake.container import SAVE_AGAIN, Package
from bulk_orders.intake.headers import HEADER_SEARCH_ROWS, Layout, find_header, layout_of
from bulk_orders.intake.sheet_xml import SheetScan, is_filled, scan_sheet
from bulk_orders.intake.tables import Keeper, blocks_of, rows_with_marks

MAX_TABLE_COLUMNS = 1_000
_SHARED_TEXTS = "xl/sharedStrings.xml"
_NAMES = {
    SheetRole.ORDERS: ("orders", "order", "sales orders", "new orders"),
    SheetRole.CUSTOMERS: ("customers", "customer", "end customers", "clients"),
    SheetRole.PRODUCTS: ("products", "product", "catalogue", "catalog", "price list"),
}
_OURS = frozenset({"start here", "examples", "lists", "_meta", "summary", "attempts", "run info", "problems"})
"""Sheets of our template and of results workbooks that are never read."""
TELLING_FIELDS = {
    SheetRole.ORDERS: frozenset({"customer_id", "mpn", "quantity"}),
    SheetRole.CUSTOMERS: frozenset({"company_name", "tenant", "domain", "partner_attestation"}),
}
"""Two of these make a sheet one of orders or of customers, whatever its name."""

Header = tuple[int, list[str]]
"""A header row's number and texts, from column A on."""


class Book:
    """One workbook whose zip passed the gate; sheets are scanned and read when they are asked for."""

    def __init__(self, package: Package) -> None:
        """An `InputError` is raised when the workbook's own parts cannot be trusted."""
        self._package = package
        self._styles = number_styles(package)
        self._sheets = book_sheets(package)
        self._scans: dict[str, SheetScan] = {}
        self._values: CalamineWorkbook | None = None
        self._open: tuple[str, CalamineSheet] | None = None

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
            and _plain(sheet) not in _OURS
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
        rows = islice(self._rows(sheet), HEADER_SEARCH_ROWS)
        texts = ([cell_text(value)[0] for value in row[:MAX_TABLE_COLUMNS]] for row in rows)
        return find_header(enumerate(texts, start=1), roles)

    def layout(self, sheet: BookSheet, header: Header, roles: Sequence[SheetRole]) -> Layout:
        """Return where the sheet's columns stand."""
        if self.scan(sheet).last_column > MAX_TABLE_COLUMNS:
            raise InputError(
                f"Sheet {sheet.name} has more than 1,000 columns.",
                fix="Delete the columns right of the table.",
            )
        return layout_of(sheet.name, header, roles)

    def table(self, sheet: BookSheet, layout: Layout, keep: Keeper) -> tuple[SheetTable, frozenset[int]]:
        """Return the sheet's rows below its header, and which of its hidden columns have something in them."""
        scan = self.scan(sheet)
        rows = rows_with_marks(self._rows(sheet), scan, scan.last_column)
        return keep(sheet.name, layout, blocks_of(layout, rows, scan=scan, styles=self._styles))

    def ignored(self, read: Iterable[BookSheet]) -> tuple[str, ...]:
        """Return the names of the other visible sheets that have something on them."""
        names = {sheet.name for sheet in read}
        return tuple(
            sheet.name
            for sheet in self._sheets
            if sheet.is_visible
            and sheet.name not in names
            and _plain(sheet) not in _OURS
            and is_filled(self._package, sheet.part)
        )

    def scan(self, sheet: BookSheet) -> SheetScan:
        """Return what a sheet has besides its values."""
        if sheet.part not in self._scans:
            self._scans[sheet.part] = scan_sheet(self._package, sheet.part, sheet.name, self._styles)
        return self._scans[sheet.part]

    def _rows(self, sheet: BookSheet) -> Iterator[Sequence[Value]]:
        """Yield every row from row 1 and column A on; calamine begins with the first column that is filled."""
        opened = self._calamine(sheet)
        left = [""] * (opened.start[1] if opened.start else 0)
        try:
            for row in opened.iter_rows():
                yield [*left, *row] if left else row
        except (CalamineError, OverflowError, ValueError) as error:
            raise InputError(
                f"Sheet {sheet.name} holds a value that cannot be read.", fix=SAVE_AGAIN
            ) from error

    def _calamine(self, sheet: BookSheet) -> CalamineSheet:
        """Return calamine's view of a sheet that was measured before."""
        self.scan(sheet)
        try:
            if self._values is None:
                self._check_shared_texts()
                self._values = CalamineWorkbook.from_filelike(BytesIO(self._package.content))
            # Opening a sheet is most of the work; only the last one is kept, for it is large.
            if self._open is None or self._open[0] != sheet.name:
                self._open = None
                self._open = (sheet.name, self._values.get_sheet_by_name(sheet.name))
        except (CalamineError, OverflowError, ValueError) as error:
            raise InputError(f"Sheet {sheet.name} of the workbook cannot be read.", fix=SAVE_AGAIN) from error
        return self._open[1]

    def _check_shared_texts(self) -> None:
        """Inflate the shared texts once, so that their true size is known before calamine takes them."""
        if not self._package.has(_SHARED_TEXTS):
            return
        end = b""
        for chunk in self._package.chunks(_SHARED_TEXTS):
            if not end:
                check_xml_start(chunk, _SHARED_TEXTS)
            if b"<![CDATA[" in end + chunk:  # calamine reads its text as nothing
                raise InputError("The workbook's texts hold XML that Excel never writes.", fix=SAVE_AGAIN)
            end = chunk[-20:]


def _plain(sheet: BookSheet) -> str:
    return sheet.name.strip().casefold()
