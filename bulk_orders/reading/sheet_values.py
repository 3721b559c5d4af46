"""The values of a workbook's sheets, row by row, as python-calamine reads them.

It is given only sheets that `sheet_scan` has measured, for a far cell makes it abort the whole process; and large sheets only
in pieces, for it keeps what it has open.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import repeat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from bulk_orders.errors import InputError
from bulk_orders.ooxml.number_formats import NumberStyles
from bulk_orders.ooxml.workbook import SHARED_TEXTS, STYLES, WORKBOOK, BookSheet, counts_from_1904
from bulk_orders.ooxml.xml_check import check_xml_start, read_xml
from bulk_orders.ooxml.zip_package import MAX_SMALL_PART_BYTES, Package
from bulk_orders.reading.cell_text import Value
from bulk_orders.reading.sheet_pieces import SheetPieces
from bulk_orders.reading.sheet_scan import SheetScan, scan_sheet
from bulk_orders.texts import reading_files as words

_NO_SHARED_TEXTS = b"<sst/>"
_NO_STYLES = b"<styleSheet/>"
_ODD_VALUES = (CalamineError, OverflowError, ValueError)


class SheetValues:
    """The sheets of one workbook, scanned and opened when they are asked for; one is open at a time."""

    def __init__(self, package: Package, styles: NumberStyles, piece_bytes: int) -> None:
        """A sheet is large when its XML has more than `piece_bytes`."""
        self._package = package
        self._styles = styles
        self._piece_bytes = piece_bytes
        self._scans: dict[str, SheetScan] = {}
        self._pieces: dict[str, SheetPieces] = {}
        self._book: tuple[str, CalamineWorkbook] | None = None
        self._sheet: tuple[str, CalamineSheet] | None = None

    def scan(self, sheet: BookSheet) -> SheetScan:
        """Return what a sheet has besides its values; an `InputError` for one that calamine must not be given."""
        if sheet.part not in self._scans:
            self._scans[sheet.part] = self._scanned(sheet)
        return self._scans[sheet.part]

    def rows(self, sheet: BookSheet) -> Iterator[Sequence[Value]]:
        """Yield every row from row 1 and column A on."""
        self.scan(sheet)
        rows = self._rows_in_pieces(sheet) if self._is_large(sheet) else self._rows_at_once(sheet)
        try:
            yield from rows
        except _ODD_VALUES as error:
            raise InputError(
                words.VALUE_UNREADABLE.format(sheet=sheet.name), fix=words.SAVE_AGAIN_FIX
            ) from error

    def _is_large(self, sheet: BookSheet) -> bool:
        part = self._package.parts.get(sheet.part.lower())
        return part is not None and part.unpacked_bytes > self._piece_bytes

    def _scanned(self, sheet: BookSheet) -> SheetScan:
        take = None
        if self._is_large(sheet):
            self._pieces[sheet.part] = pieces = SheetPieces(self._piece_bytes)
            take = pieces.add
        return scan_sheet(self._package, sheet.part, sheet.name, self._styles, take)

    def _rows_at_once(self, sheet: BookSheet) -> Iterator[Sequence[Value]]:
        """Calamine begins with the first column that is filled."""
        opened = self._opened(sheet)
        left = [""] * (opened.start[1] if opened.start else 0)
        for row in opened.iter_rows():
            yield [*left, *row] if left else row

    def _rows_in_pieces(self, sheet: BookSheet) -> Iterator[Sequence[Value]]:
        """Of a piece calamine gives the box of what is filled; around it the sheet is blank."""
        blank: list[Value] = [""] * self.scan(sheet).width
        last_row = 0
        book = self._book_of_pieces(sheet)
        for name in book.sheet_names:
            piece = self._unless_odd(sheet, book, name)
            if piece.start is None:
                continue
            row_before, first_column = piece.start
            if row_before < last_row:
                raise InputError(words.SHEET_OUT_OF_ORDER.format(sheet=sheet.name), fix=words.SAVE_AGAIN_FIX)
            yield from repeat(blank, row_before - last_row)
            left, right = blank[:first_column], blank[first_column + piece.width :]
            rows = piece.to_python()
            del piece
            last_row = row_before + len(rows)
            yield from ([*left, *row, *right] for row in rows) if left or right else rows

    def _opened(self, sheet: BookSheet) -> CalamineSheet:
        # Opening a sheet is most of the work, and its headers are looked for more than once.
        if self._sheet is None or self._sheet[0] != sheet.name:
            self._sheet = None
            self._sheet = sheet.name, self._unless_odd(sheet, self._real_book(sheet), sheet.name)
        return self._sheet[1]

    def _real_book(self, sheet: BookSheet) -> CalamineWorkbook:
        if self._book is None or self._book[0]:
            self._book = None
            for _ in self._shared_texts():
                pass  # their true size is known before calamine takes them
            self._book = "", self._made(sheet, BytesIO(self._package.content))
        return self._book[1]

    def _book_of_pieces(self, sheet: BookSheet) -> CalamineWorkbook:
        if self._book is None or self._book[0] != sheet.part:
            self._book = self._sheet = None
            if sheet.part not in self._pieces:
                self._scanned(sheet)
            styles = self._styles_part()
            is_1904 = counts_from_1904(read_xml(self._package, WORKBOOK))
            pieces = self._pieces.pop(sheet.part).workbook(self._shared_texts(), styles, is_1904=is_1904)
            self._book = sheet.part, self._made(sheet, pieces)
        return self._book[1]

    def _styles_part(self) -> bytes:
        if not self._package.has(STYLES):
            return _NO_STYLES
        return self._package.read(STYLES, at_most_bytes=MAX_SMALL_PART_BYTES)

    def _made(self, sheet: BookSheet, content: BytesIO) -> CalamineWorkbook:
        try:
            return CalamineWorkbook.from_filelike(content)
        except _ODD_VALUES as error:
            raise self._unreadable(sheet) from error

    def _unless_odd(self, sheet: BookSheet, book: CalamineWorkbook, name: str) -> CalamineSheet:
        try:
            return book.get_sheet_by_name(name)
        except _ODD_VALUES as error:
            raise self._unreadable(sheet) from error

    @staticmethod
    def _unreadable(sheet: BookSheet) -> InputError:
        return InputError(words.SHEET_UNREADABLE.format(sheet=sheet.name), fix=words.SAVE_AGAIN_FIX)

    def _shared_texts(self) -> Iterator[bytes]:
        """Yield the part of the shared texts; its true size is known when it has been yielded to the end."""
        if not self._package.has(SHARED_TEXTS):
            yield _NO_SHARED_TEXTS
            return
        end = b""
        for chunk in self._package.chunks(SHARED_TEXTS):
            if not end:
                check_xml_start(chunk, SHARED_TEXTS)
            if b"<![CDATA[" in end + chunk:  # calamine reads its text as nothing
                raise InputError(words.TEXTS_ODD_XML, fix=words.SAVE_AGAIN_FIX)
            end = chunk[-20:]
            yield chunk
