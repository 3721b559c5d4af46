"""What stands in one row of a sheet, read from the parts themselves, and which styles the cells below it have."""

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from bulk_orders.core.columns.table import RESULT_COLUMNS
from bulk_orders.ooxml.addresses import column_index
from bulk_orders.ooxml.book import OwnBook, SheetPart
from bulk_orders.ooxml.rows import whole_rows
from bulk_orders.ooxml.xml_bytes import tag_attributes

_TEXT: Final = re.compile(rb"<(?:[\w.-]+:)?t(?:\s[^<>]*)?>([^<]*)</")
_VALUE: Final = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^<>]*)?>([^<]*)</")
_PHONETIC: Final = re.compile(rb"<(?:[\w.-]+:)?rPh\s.*?</(?:[\w.-]+:)?rPh>", re.DOTALL)
_ENTRY_END: Final = re.compile(rb"<(?:[\w.-]+:)?si\s*/>|</(?:[\w.-]+:)?si\s*>")
_CELL: Final = re.compile(rb"<(?:[\w.-]+:)?c\s[^<>]*>")
_ADDRESS: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_FOLDED: Final = tuple(header for name, header in RESULT_COLUMNS if name in {"row_key", "outcome_code"})


def header_texts(book: OwnBook, sheet: SheetPart, header_row: int) -> dict[int, str]:
    """Return the texts of a row by column, from 0."""
    kinds: dict[int, bytes] = {}
    shared: dict[int, int] = {}
    texts: dict[int, str] = {}
    row = 0
    for patcher, rows in whole_rows(book.draft.package.chunks(sheet.part)):
        for piece in rows.split(patcher.row_end):
            row = patcher.count(piece, row)
            if row < header_row:
                continue
            if row > header_row:
                break
            for cell in patcher.cells(piece):
                kind = tag_attributes(cell.tag).get("t", "")
                kinds[cell.column] = piece[cell.inner : cell.end]
                value = _VALUE.search(kinds[cell.column])
                if kind == "s" and value and value[1].strip().isdigit():
                    shared[cell.column] = int(value[1])
                elif kind == "inlineStr":
                    texts[cell.column] = _plain(kinds[cell.column])
                elif value:
                    texts[cell.column] = html.unescape(value[1].decode("utf-8", "replace"))
        if row >= header_row:
            break
    found = _shared_texts(book, set(shared.values()))
    texts |= {column: found.get(number, "") for column, number in shared.items()}
    return texts


def _plain(xml: bytes) -> str:
    pieces = _TEXT.findall(_PHONETIC.sub(b"", xml))
    return html.unescape(b"".join(pieces).decode("utf-8", "replace"))


def _shared_texts(book: OwnBook, wanted: set[int]) -> dict[int, str]:
    """Read the shared texts as far as they are needed."""
    parts = [link.target for link in book.draft.links(book.main) if link.kind == "sharedStrings"]
    found: dict[int, str] = {}
    if not wanted or not parts:
        return found
    rest, number = b"", 0
    for chunk in book.draft.package.chunks(parts[0]):
        rest += chunk
        done = 0
        for end in _ENTRY_END.finditer(rest):
            if number in wanted:
                found[number] = _plain(rest[done : end.start()])
            number, done = number + 1, end.end()
        rest = rest[done:]
        if len(found) == len(wanted):
            break
    return found


def result_columns_there(texts: Mapping[int, str]) -> dict[str, int]:
    """Return where a results workbook has its result columns, by name; nothing for another workbook.

    A column of the user's that happens to be called Message is not one of them: ours come together, the last ones.
    """
    by_header = {text.strip(): column for column, text in sorted(texts.items())}
    if not all(header in by_header for header in _FOLDED):
        return {}
    return {name: by_header[header] for name, header in RESULT_COLUMNS if header in by_header}


def usual_styles(chunks: Iterable[bytes], header_row: int) -> dict[int, Counter[int]]:
    """Return how often cells of a column have which style, in the first rows below the header."""
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for chunk in chunks:
        for tag in _CELL.findall(chunk):
            about = tag_attributes(tag)
            address = _ADDRESS.fullmatch(about.get("r", ""))
            if address and int(address[2]) > header_row and about.get("s", "").isdigit():
                found[column_index(address[1])][int(about["s"])] += 1
    return found
