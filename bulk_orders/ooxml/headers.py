"""What is in some rows of a sheet, read from the parts themselves, and which styles the cells below it have."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bulk_orders.errors import UnsafeToPatch
from bulk_orders.ooxml.addresses import MAX_COLUMNS, place_of
from bulk_orders.ooxml.edited_package import PART_TOO_LARGE
from bulk_orders.ooxml.own_book import OwnBook, SheetPart
from bulk_orders.ooxml.row_patcher import whole_rows
from bulk_orders.ooxml.searches import TEXT
from bulk_orders.ooxml.xml_bytes import PREFIX, SHEET_ODD_XML, spliced, stretches, tag_attributes, unescaped

_VALUE: Final = re.compile(b"<" + PREFIX + rb"v(?:\s[^<>]*)?>([^<]*)</")
_PHONETIC: Final = re.compile(b"<" + PREFIX + rb"rPh\s")
_PHONETIC_END: Final = re.compile(b"</" + PREFIX + rb"rPh\s*>")
_NUMBER: Final = re.compile(rb"\s*[0-9]{1,9}\s*")
_LONGEST_TEXT: Final = 8_000_000
"""Bytes of one shared text; a cell holds 32,767 characters."""
_ENTRY_END: Final = re.compile(b"<" + PREFIX + rb"si\s*/>|</" + PREFIX + rb"si\s*>")
_CELL: Final = re.compile(b"<" + PREFIX + rb"c\s[^<>]*>")


def header_texts(book: OwnBook, sheet: SheetPart, header_row: int) -> dict[int, str]:
    """Return the texts of a row by column, from 0."""
    (texts,) = _row_texts(book, [sheet], header_row, header_row)
    return texts.get(header_row, {})


def first_rows(book: OwnBook, sheets: Sequence[SheetPart], number: int) -> Iterator[list[list[str]]]:
    """Yield the texts of the first rows of each sheet, from A1 on; what sheets share is gone through once for all."""
    for found in _row_texts(book, sheets, 1, number):
        rows = [found.get(row, {}) for row in range(1, number + 1)]
        yield [[texts.get(column, "") for column in range(1 + max(texts, default=-1))] for texts in rows]


def _row_texts(
    book: OwnBook, sheets: Sequence[SheetPart], first: int, last: int
) -> list[dict[int, dict[int, str]]]:
    shared: dict[tuple[int, int, int], int] = {}
    told: list[dict[int, dict[int, str]]] = []
    for place, sheet in enumerate(sheets):
        texts: dict[int, dict[int, str]] = defaultdict(dict)
        told.append(texts)
        for row, column, cell, inner in _cells(book, sheet, first, last):
            kind = tag_attributes(cell).get("t", "")
            value = _VALUE.search(inner)
            if kind == "s" and value and _NUMBER.fullmatch(value[1]):
                shared[place, row, column] = int(value[1])
            elif kind == "inlineStr":
                texts[row][column] = _plain(inner)
            elif value:
                texts[row][column] = unescaped(value[1])
    found = _shared_texts(book, set(shared.values()))
    for (place, row, column), number in shared.items():
        told[place][row][column] = found.get(number, "")
    return told


def _cells(book: OwnBook, sheet: SheetPart, first: int, last: int) -> Iterator[tuple[int, int, bytes, bytes]]:
    """Yield row, column, tag and content of the cells in some rows."""
    row = 0
    for patcher, rows in whole_rows(book.package.chunks(sheet.part)):
        for piece in rows.split(patcher.row_end):
            row = patcher.count(piece, row)
            if row > last:
                return
            if row >= first:
                for cell in patcher.cells(piece):
                    if cell.column >= MAX_COLUMNS:
                        raise UnsafeToPatch(SHEET_ODD_XML)
                    yield row, cell.column, cell.tag, piece[cell.inner : cell.end]


def _plain(xml: bytes) -> str:
    heard = [(start, end, b"") for start, end in stretches(xml, _PHONETIC, _PHONETIC_END)]
    return unescaped(b"".join(TEXT.findall(spliced(xml, heard) if heard else xml)))


def _shared_texts(book: OwnBook, wanted: set[int]) -> dict[int, str]:
    """Read the shared texts as far as they are needed."""
    parts = [link.target for link in book.package.links(book.main) if link.kind == "sharedStrings"]
    found: dict[int, str] = {}
    if not wanted or not parts:
        return found
    rest, number = b"", 0
    for chunk in book.package.chunks(parts[0]):
        rest += chunk
        done = 0
        for end in _ENTRY_END.finditer(rest):
            if number in wanted:
                found[number] = _plain(rest[done : end.start()])
                if len(found) == len(wanted):
                    return found
            number, done = number + 1, end.end()
        rest = rest[done:]
        if len(rest) > _LONGEST_TEXT:
            raise UnsafeToPatch(PART_TOO_LARGE.format(part=parts[0]))
    return found


def usual_styles(chunks: Iterable[bytes], header_row: int) -> dict[int, Counter[int]]:
    """Return how often cells of a column have which style, in the first rows below the header."""
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for chunk in chunks:
        for tag in _CELL.findall(chunk):
            about = tag_attributes(tag)
            place = place_of(about.get("r", ""))
            if place and place[0] > header_row and about.get("s", "").isdigit():
                found[place[1]][int(about["s"])] += 1
    return found
