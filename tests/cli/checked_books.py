"""What a checked workbook says, read without the program's own help: its sheet Problems, its notes and its marks.

openpyxl drops the notes of merged cells, so notes come from the parts themselves.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import openpyxl
from defusedxml.ElementTree import fromstring
from openpyxl.cell.read_only import ReadOnlyCell

from bulk_orders.writing import palette

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BORDERS: Final = {
    palette.ERROR_BORDER.lstrip("#"): "error",
    palette.WARNING_BORDER.lstrip("#"): "warning",
    palette.INFO_BORDER.lstrip("#"): "info",
}


def notes_of(path: Path) -> dict[str, str]:
    """The notes of all cells: `Orders!H4` and what is said there."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        for sheet, part in _sheets(archive):
            for target in _targets(archive, part, "/comments"):
                for comment in fromstring(archive.read(target)).iter(f"{_MAIN}comment"):
                    text = "".join(piece.text or "" for piece in comment.iter(f"{_MAIN}t"))
                    found[f"{sheet}!{comment.get('ref')}"] = text
    return found


def marks_of(path: Path) -> dict[str, str]:
    """The cells with a thick border of one of our colours, and what it stands for."""
    book = openpyxl.load_workbook(path, read_only=True)
    found = {}
    for sheet in book.worksheets:
        cells = (cell for row in sheet.iter_rows() for cell in row if isinstance(cell, ReadOnlyCell))
        for cell in cells:
            side = cell.border.left
            if side.style == "medium" and side.color.rgb[2:] in _BORDERS:
                found[f"{sheet.title}!{cell.coordinate}"] = _BORDERS[side.color.rgb[2:]]
    book.close()
    return found


def lines_of_problems(path: Path) -> list[dict[str, str]]:
    """The lines of the table on the sheet Problems, by header."""
    book = openpyxl.load_workbook(path, read_only=True)
    rows = [["" if value is None else str(value) for value in row] for row in book["Problems"].values]
    book.close()
    top = next(number for number, row in enumerate(rows) if row[0] == "#")
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :] if row[0]]


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    parts = dict(_relations(archive, "xl/workbook.xml"))
    for sheet in fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):
        yield sheet.get("name", ""), parts[sheet.get(_LINK_ID, "")][1]


def _targets(archive: zipfile.ZipFile, part: str, kind: str) -> list[str]:
    return [target for _, (found, target) in _relations(archive, part) if found.endswith(kind)]


def _relations(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, tuple[str, str]]]:
    folder, name = posixpath.split(part)
    about = f"{folder}/_rels/{name}.rels"
    if about not in archive.namelist():
        return
    for relation in fromstring(archive.read(about)):
        target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
        yield relation.get("Id", ""), (relation.get("Type", ""), target.lstrip("/"))
