"""Sheets cut into pieces: a workbook made for python-calamine, with a sheet for every few thousand rows.

Calamine never meets a stranger's XML, in which it would find another thing than we do. It keeps every cell of a sheet that
it opens, and goes through the sheet's XML twice; of pieces it holds one at a time. What a cell means, with its style and the
workbook's shared texts, stays calamine's business.
"""

from collections.abc import Iterable
from io import BytesIO

from bulk_orders.ooxml.links import OFFICE, links_name
from bulk_orders.ooxml.workbook import SHARED_TEXTS, STYLES, WORKBOOK
from bulk_orders.ooxml.zip_writer import PackageWriter

PIECE_BYTES = 16_000_000
"""Of a sheet's XML as unpacked: some ten thousand rows of 30 columns, and of larger sheets alone is there more than one."""
_FIRST_PIECE_BYTES = 100_000
"""The first piece is small, for the headers are looked for before the rest is wanted."""
_ROW = b"<row "
# Where calamine has seen merged cells, it does not go through the rows a second time to find some.
_HEAD = b"<worksheet><mergeCells></mergeCells><sheetData>"
_TAIL = b"</sheetData></worksheet>"


class SheetPieces:
    """The pieces of some sheets, one sheet after another; all but the last are packed."""

    def __init__(self, piece_bytes: int) -> None:
        self._piece_bytes = piece_bytes
        self._room = min(piece_bytes, _FIRST_PIECE_BYTES)
        self._packed = BytesIO()
        self._zip = PackageWriter(self._packed)
        self._rows: list[bytes] = []
        self._names: list[str] = []
        self._of_sheet: dict[str, list[str]] = {}
        self._key = ""
        self._is_closed = False

    def begin(self, key: str) -> None:
        """Add the rows of another sheet from here on, under this key; again, if it was begun before."""
        self._end_sheet()
        self._key = key
        self._of_sheet[key] = []
        self._room = min(self._piece_bytes, _FIRST_PIECE_BYTES)

    def has(self, key: str) -> bool:
        """Tell whether the sheet with a key has been begun."""
        return key in self._of_sheet

    def names(self, key: str) -> list[str]:
        """Return the names of a sheet's pieces, in their order."""
        return self._of_sheet.get(key, [])

    def add(self, rows: bytes) -> None:
        """Add whole rows in the form of `usual_rows`, each with its number and its cells' addresses."""
        while (cut := rows.find(_ROW, self._room)) >= 0:
            self._rows.append(rows[:cut])
            self._pack()
            rows = rows[cut:]
        self._rows.append(rows)
        self._room = max(self._room - len(rows), 0)

    def workbook(self, texts: Iterable[bytes], styles: bytes, *, is_1904: bool) -> BytesIO:
        """Return the workbook of the pieces, in their order, with the shared texts and styles of the real one.

        It is the end of it: nothing can be added, and the same workbook is returned from then on.
        """
        if self._is_closed:
            self._packed.seek(0)
            return self._packed
        self._is_closed = True
        self._end_sheet()
        sheets = {f"p{name}": ("worksheet", f"worksheets/{name}.xml") for name in self._names}
        for name, content in (
            (links_name(""), _relations({"w": ("officeDocument", WORKBOOK)})),
            (links_name(WORKBOOK), _relations(sheets)),
            (WORKBOOK, _workbook(self._names, is_1904=is_1904)),
        ):
            self._zip.add(name, [content.encode()])
        self._zip.add(STYLES, [styles])
        self._zip.add(SHARED_TEXTS, texts)
        self._zip.close()
        self._packed.seek(0)
        return self._packed

    def _end_sheet(self) -> None:
        if self._key and self._rows:
            self._pack()
        self._rows = []

    def _pack(self) -> None:
        self._names.append(str(len(self._names) + 1))
        self._of_sheet[self._key].append(self._names[-1])
        self._zip.add(f"xl/worksheets/{self._names[-1]}.xml", [_HEAD, *self._rows, _TAIL])
        self._rows, self._room = [], self._piece_bytes


def _workbook(names: Iterable[str], *, is_1904: bool) -> str:
    sheets = "".join(f'<sheet name="{name}" sheetId="{name}" r:id="p{name}"/>' for name in names)
    return (
        f'<workbook xmlns:r="{OFFICE}"><workbookPr date1904="{is_1904:d}"/>'
        f"<sheets>{sheets}</sheets></workbook>"
    )


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    told = (
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f"<Relationships>{''.join(told)}</Relationships>"
