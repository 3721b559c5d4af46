"""The values of a workbook's sheets, row by row, as python-calamine reads them.

It is given only rows that `sheet_scan` has measured, for a far cell makes it abort the whole process; and large sheets
one at a time because it keeps what it has open.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import repeat

from python_calamine import CalamineError, CalamineWorkbook

from bulk_orders.errors import InputError
from bulk_orders.ooxml.number_formats import NumberStyles
from bulk_orders.ooxml.workbook import BookParts, BookSheet
from bulk_orders.ooxml.xml_events import SAVE_AGAIN_FIX
from bulk_orders.ooxml.zip_package import Package
from bulk_orders.reading.cell_text import Value
from bulk_orders.reading.shared_texts import usual_texts
from bulk_orders.reading.sheet_findings import SheetScan
from bulk_orders.reading.sheet_pieces import SheetPieces
from bulk_orders.reading.sheet_rewriting import rewritten
from bulk_orders.reading.sheet_scan import SHEET_UNREADABLE, OddForm, scan_sheet
from bulk_orders.reading.volatile_formulas import volatile_names

_NO_SHARED_TEXTS = b"<sst/>"
_NUMBER, _DATE, _DURATION = 0, 14, 46
"""Built-in formats that stand for all of their kind."""
_ODD_VALUES = (CalamineError, OverflowError, ValueError)


class SheetValues:
    """The sheets of one workbook, scanned and opened when they are asked for; one is open at a time."""

    def __init__(self, package: Package, book: BookParts, styles: NumberStyles, piece_bytes: int) -> None:
        """Treat a sheet as large when its XML has more than `piece_bytes`; small ones are opened together."""
        self._package = package
        self._parts = book
        self._styles = styles
        self._piece_bytes = piece_bytes
        self._volatile_names = volatile_names(book.names)
        self._scans: dict[str, SheetScan | InputError] = {}
        self._pieces: dict[str, SheetPieces] = {}
        self._open: tuple[SheetPieces, CalamineWorkbook] | None = None

    def scan(self, sheet: BookSheet) -> SheetScan:
        """Return what a sheet has besides its values; an `InputError` for one that cannot be read."""
        if sheet.part not in self._scans:
            self._scan_with_others(sheet)
        found = self._scans[sheet.part]
        if isinstance(found, InputError):
            raise found
        return found

    def rows(self, sheet: BookSheet) -> Iterator[Sequence[Value]]:
        """Yield every row from row 1 and column A on. Raises `InputError` for what cannot be read."""
        blank: list[Value] = [""] * self.scan(sheet).width
        last_row = 0
        pieces, book = self._opened(sheet)
        try:
            for name in pieces.names(sheet.part):
                piece = book.get_sheet_by_name(name)
                if piece.start is None:
                    continue
                row_before, first_column = piece.start
                yield from repeat(blank, row_before - last_row)
                left, right = blank[:first_column], blank[first_column + piece.width :]
                rows = piece.to_python()
                del piece
                last_row = row_before + len(rows)
                yield from ([*left, *row, *right] for row in rows) if left or right else rows
        except _ODD_VALUES as error:
            raise self._unreadable(sheet) from error

    def _is_large(self, sheet: BookSheet) -> bool:
        part = self._package.parts.get(sheet.part.lower())
        return part is not None and part.unpacked_bytes > self._piece_bytes

    def _scan_with_others(self, sheet: BookSheet) -> None:
        """Scan a sheet; a small one with all small ones that have not been scanned, to be opened with them."""
        pieces = SheetPieces(self._piece_bytes)
        wanted = [sheet]
        if not self._is_large(sheet):
            wanted += [
                other
                for other in self._parts.sheets
                if other.is_visible and other.part != sheet.part and not self._is_large(other)
            ]
        for each in wanted:
            if each.part not in self._scans or each is sheet:
                self._pieces[each.part] = pieces
                try:
                    self._scans[each.part] = self._scanned(each, pieces)
                except InputError as error:
                    self._scans[each.part] = error

    def _scanned(self, sheet: BookSheet, pieces: SheetPieces) -> SheetScan:
        chunks = partial(self._package.chunks, sheet.part)
        # What the default style does to cells without a style has to be written at the cells.
        if not self._styles.default_tells:
            try:
                return self._scan_of(sheet, chunks(), pieces)
            except OddForm:
                pass
        is_1904 = self._parts.counts_from_1904
        plain = rewritten(chunks(), sheet.part, sheet.name, is_1904=is_1904)
        return self._scan_of(sheet, plain, pieces)

    def _scan_of(self, sheet: BookSheet, chunks: Iterable[bytes], pieces: SheetPieces) -> SheetScan:
        pieces.begin(sheet.part)
        try:
            return scan_sheet(
                chunks,
                sheet.part,
                sheet.name,
                self._styles,
                pieces.add,
                are_stale=not self._parts.is_calculated,
                volatile_names=self._volatile_names,
            )
        except InputError:
            pieces.begin(sheet.part)  # nothing of it is opened
            raise

    def _opened(self, sheet: BookSheet) -> tuple[SheetPieces, CalamineWorkbook]:
        """Return the pieces of a sheet; opening them is most of the work, and headers are looked for more than once."""
        if self._open is None or not self._open[0].has(sheet.part):
            self._open = None
            if sheet.part not in self._pieces:
                self._scan_with_others(sheet)
            pieces = self._pieces[sheet.part]
            self._open = pieces, self._made(sheet, pieces)
            if self._is_large(sheet):
                del self._pieces[sheet.part]
        return self._open

    def _made(self, sheet: BookSheet, pieces: SheetPieces) -> CalamineWorkbook:
        try:
            return CalamineWorkbook.from_filelike(
                pieces.workbook(
                    self._shared_texts(), self._styles_part(), is_1904=self._parts.counts_from_1904
                )
            )
        except _ODD_VALUES as error:
            raise self._unreadable(sheet) from error

    def _styles_part(self) -> bytes:
        """Return styles that say of numbers only which are dates: what a format is has been decided already."""
        kinds = (
            _DURATION if style.is_duration else _DATE if style.is_date else _NUMBER
            for style in self._styles.all
        )
        entries = b"".join(b'<xf numFmtId="%d"/>' % kind for kind in kinds)
        return b"<styleSheet><cellXfs>%s</cellXfs></styleSheet>" % entries

    def _shared_texts(self) -> Iterator[bytes]:
        if not self._parts.shared_texts:
            return iter([_NO_SHARED_TEXTS])
        return usual_texts(partial(self._package.chunks, self._parts.shared_texts), self._parts.shared_texts)

    @staticmethod
    def _unreadable(sheet: BookSheet) -> InputError:
        return InputError(SHEET_UNREADABLE.format(sheet=sheet.name), fix=SAVE_AGAIN_FIX)
