"""A large sheet cut into pieces: a workbook made for python-calamine, with a sheet for every few thousand rows.

Calamine keeps every cell of a sheet that it opens, and goes through the sheet's XML twice; of pieces it holds one at a time.
Only the rows are cut. What a cell means, with its style and the workbook's shared texts, stays calamine's business.
"""

import zipfile
from collections.abc import Iterable
from io import BytesIO

from bulk_orders.ooxml.links import OFFICE, links_name
from bulk_orders.ooxml.workbook import SHARED_TEXTS, STYLES, WORKBOOK

PIECE_BYTES = 16_000_000
"""Of a sheet's XML as unpacked: some ten thousand rows of 30 columns, and of larger sheets alone is there more than one."""
_FIRST_PIECE_BYTES = 100_000
"""The first piece is small, for the headers are looked for before the rest is wanted."""
_ROW = b"<row "
# Where calamine has seen merged cells, it does not go through the rows a second time to find some.
_HEAD = b"<worksheet><mergeCells></mergeCells><sheetData>"
_TAIL = b"</sheetData></worksheet>"
_QUICKLY = 1
"""Deflate's level: 400 MB/s, and no more than a fifth larger than as Excel packs it."""


class SheetPieces:
    """The pieces of one sheet; all but the last are packed."""

    def __init__(self, piece_bytes: int) -> None:
        self._piece_bytes = piece_bytes
        self._room = min(piece_bytes, _FIRST_PIECE_BYTES)
        self._packed = BytesIO()
        self._zip = zipfile.ZipFile(self._packed, "w", zipfile.ZIP_DEFLATED, compresslevel=_QUICKLY)
        self._rows: list[bytes] = []
        self._names: list[str] = []

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

        It is the end of it: nothing can be added.
        """
        self._pack()
        with self._zip as packed:
            packed.writestr(links_name(""), _relations({"w": ("officeDocument", WORKBOOK)}))
            sheets = {f"p{name}": ("worksheet", f"worksheets/{name}.xml") for name in self._names}
            packed.writestr(links_name(WORKBOOK), _relations(sheets))
            packed.writestr(WORKBOOK, _workbook(self._names, is_1904=is_1904))
            packed.writestr(STYLES, styles)
            with packed.open(SHARED_TEXTS, "w", force_zip64=True) as part:
                for chunk in texts:
                    part.write(chunk)
        self._packed.seek(0)
        return self._packed

    def _pack(self) -> None:
        self._names.append(str(len(self._names) + 1))
        self._zip.writestr(f"xl/worksheets/{self._names[-1]}.xml", b"".join([_HEAD, *self._rows, _TAIL]))
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
