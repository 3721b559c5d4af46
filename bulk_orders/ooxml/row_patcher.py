"""Takes the rows of a sheet's XML apart, cell by cell, however they are written, and puts them together with changes.

This is what is right for every row; `plain_rows` has what is quick for most of them.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from bulk_orders.errors import UnsafeToPatch
from bulk_orders.ooxml.addresses import Place, address_of, column_index, place_of
from bulk_orders.ooxml.areas import covered_columns
from bulk_orders.ooxml.searches import OVERLAP, ROWS_BEGIN
from bulk_orders.ooxml.styles import UNSTYLED
from bulk_orders.ooxml.xml_bytes import SHEET_ODD_XML, is_on, prefixed, tag_attributes

_SPANS: Final = re.compile(rb"""\s+spans\s*=\s*(?:"[^"]*"|'[^']*')""")
_HEIGHT: Final = re.compile(rb"""\s+ht\s*=\s*["']([\d.]+)["']""")
_OWN_HEIGHT: Final = re.compile(rb"""\s(?:customHeight|hidden)\s*=\s*["'](?:1|true)""")
_USUAL_ADDRESS: Final = re.compile(rb' r="([A-Z]{1,3})[0-9]')
_STYLE: Final = re.compile(rb"""\ss\s*=\s*["']([0-9]+)""")
_MANY_STYLES: Final = 64
_MOST_BYTES: Final = 64_000_000
"""Of one row, or of what is before the rows."""
_STYLE_ATTRIBUTE: Final = re.compile(rb"""\ss\s*=\s*(?:"[^"]*"|'[^']*')""")
ROW_TOO_LONG: Final = "one of its sheets has a row that is far too long"


class ColumnsTaken(Exception):
    """Something stands where cells of ours were to go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewValue:
    """What a cell is to hold; its style stays."""

    kind: bytes
    """The attribute that says so, ` t="inlineStr"`; nothing for numbers."""
    inner: bytes


@dataclass(slots=True, kw_only=True)
class RowChanges:
    """What to change in the rows of one sheet; columns count from 0."""

    header_row: int = 0
    ours: Callable[[int], tuple[bytes, float]] | None = None
    """Our cells of a row, ready, and the height in points that the row needs if nobody set another, 0 for any."""
    owned: frozenset[int] = frozenset()
    """Columns in which only our cells may stand."""
    are_new: bool = True
    """Whether the owned columns must be empty before."""
    marks: Mapping[int, Mapping[int, Callable[[int], int]]] = field(default_factory=dict)
    """By row and column: the style of the mark by the cell's style."""
    unmarked: Mapping[int, Callable[[int], int]] = field(default_factory=dict)
    """By styles of earlier marks: the style by column that cells without a mark go back to."""
    values: Mapping[int, Mapping[int, NewValue]] = field(default_factory=dict)
    column_style: Callable[[int], int] = lambda _: 0
    """The style of a cell that is not there yet."""
    written: set[Place] = field(default_factory=set)
    """Rows and columns of the values that were put in."""
    freed: set[Place] = field(default_factory=set)
    """Rows and columns of the marks that were taken away."""

    @property
    def are_none(self) -> bool:
        """Whether every row stays as it is."""
        return self.ours is None and not (self.marks or self.unmarked or self.values)

    def writes_over(self, place: Place) -> bool:
        """Tell whether what is in a cell, by row and column, may be lost."""
        return place[1] in self.owned or place[1] in self.values.get(place[0], ())


def furthest_column(chunks: Iterable[bytes], header_row: int) -> int:
    """Return the index of the last column of a sheet with a filled cell, or with something that covers its cells."""
    furthest, tail = -1, b""
    chunks = iter(chunks)
    for patcher, rows in whole_rows(chunks):
        for piece in rows.split(patcher.row_end):
            filled = (cell.column for cell in patcher.cells(piece) if cell.is_filled)
            furthest = max(furthest, *filled, -1)
        tail = patcher.rest
    return max(furthest, *covered_columns(b"".join([tail, *chunks]), header_row), -1)


def formulas_at(chunks: Iterable[bytes], places: Collection[Place]) -> dict[Place, bool]:
    """Return which of the cells of a sheet are formulas, and whether other cells share them."""
    rows = {row for row, _ in places}
    found: dict[Place, bool] = {}
    row = 0
    for patcher, block in whole_rows(chunks):
        for piece in block.split(patcher.row_end):
            row = patcher.count(piece, row)
            if row not in rows or b"<" not in piece:
                continue
            for cell in patcher.cells(piece):
                xml = piece[cell.inner : cell.end]
                if (row, cell.column) in places and (b"<f" in xml or b":f" in xml):
                    found[row, cell.column] = b"shared" in xml or b"array" in xml or b"dataTable" in xml
    return found


def style_of(tag: bytes) -> int:
    """Return the number of a cell's style."""
    found = _STYLE.search(tag)
    return int(found[1]) if found else 0


@dataclass(slots=True)
class Cell:
    """One cell in the bytes of a row."""

    column: int
    start: int
    inner: int
    end: int
    tag: bytes
    is_filled: bool

    def style(self) -> int:
        """Return the number of its style."""
        return style_of(self.tag)


class Patcher:
    """Goes through the rows of one sheet."""

    def __init__(self, changes: RowChanges, prefix: bytes) -> None:
        self._changes = changes
        self._prefix = prefix
        self._open = b"<" + prefix + b"row"
        self.row_end = b"</" + prefix + b"row>"
        self.rows_end = b"</" + prefix + b"sheetData"
        self._cell_tag = re.compile(b"<" + prefix + rb"c(?=[\s/>])((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
        self._cell_end = re.compile(b"</" + prefix + rb"c\s*>")
        self._odd_row_end = re.compile(b"</" + prefix + rb"row\s+>")
        self._content = re.compile(b"<" + prefix + rb"(?:v|f|is)(?:\s[^<>]*)?(?:/>|>)")
        marks = b"|".join(b"%d" % style for style in sorted(changes.unmarked))
        if len(changes.unmarked) > _MANY_STYLES:
            marks = b"[0-9]+"  # every row with a style is looked at cell by cell: that takes less time than so many choices
        self._earlier = re.compile(rb"""\ss\s*=\s*["'](?:""" + marks + rb""")["']""") if marks else None
        self.number = 0
        """Of the row before."""
        self.rest = b""
        """What was read after the rows."""

    def with_usual_ends(self, block: bytes) -> bytes:
        """Return whole rows in which the last one ends in the usual way, as those do by which rows are found.

        Raises `UnsafeToPatch`.
        """
        if b"!" in block and b"<!" in block:
            raise UnsafeToPatch(SHEET_ODD_XML)
        end = block.rfind(self.row_end)
        if block.find(self.row_end[:-1], end + len(self.row_end) if end >= 0 else 0) < 0:
            return block
        return self._odd_row_end.sub(self.row_end, block)

    def has_earlier_marks(self, block: bytes, start: int, end: int) -> bool:
        """Tell whether a row has cells in a style of earlier marks."""
        return self._earlier is not None and self._earlier.search(block, start, end) is not None

    def row(self, piece: bytes) -> bytes:
        """Return a row without its closing tag, with the rows of one tag that stand before it, changed.

        Raises `UnsafeToPatch`.
        """
        start = piece.rfind(self._open)
        if start < 0:
            raise UnsafeToPatch("one of its sheets has rows inside rows")
        if start and self._odd_row_end.search(piece, 0, start):
            pieces = self._odd_row_end.sub(self.row_end, piece).split(self.row_end)
            return self.row_end.join(map(self.row, pieces))
        tag_end = piece.index(b">", start)
        self.count_closed(piece[:start])
        self.number = row = self._row_number(piece[start : tag_end + 1])
        changes = self._changes
        extra, height = changes.ours(row) if changes.ours else (b"", 0.0)
        if not (
            extra
            or row in changes.marks
            or row in changes.values
            or self.has_earlier_marks(piece, 0, len(piece))
        ):
            return piece
        tag = without_spans(piece[start:tag_end])
        if height:
            tag = with_height(tag, height)
        rebuilt = self._rebuilt(tag + b">", piece[tag_end + 1 :], prefixed(extra, self._prefix))
        return piece[:start] + rebuilt

    def count_closed(self, rows: bytes) -> None:
        """Count the rows that are written as one tag."""
        at = rows.find(self._open)
        while at >= 0:
            end = rows.index(b">", at) + 1
            self.number = self._row_number(rows[at:end])
            at = rows.find(self._open, end)

    def _row_number(self, tag: bytes) -> int:
        found = tag_attributes(tag).get("r", "")
        return int(found) if found.isdigit() else self.number + 1

    def count(self, piece: bytes, before: int) -> int:
        """Return the number of the last row that begins in a piece, given that of the row before."""
        self.number = before
        self.count_closed(piece)
        return self.number

    def cells(self, rows: bytes) -> Iterator[Cell]:
        """Yield the cells of one row; those without an address follow the one before. Raises `UnsafeToPatch`."""
        column, at = -1, 0
        while found := self._cell_tag.search(rows, at):
            tag = found[0]
            address = _USUAL_ADDRESS.match(found[1])
            column = column_index(address[1]) if address else _odd_column(tag, column)
            if found[1].endswith(b"/"):
                at = found.end()
                yield Cell(column, found.start(), found.end(), at, tag, is_filled=False)
                continue
            closing = self._cell_end.search(rows, found.end())
            if closing is None:
                raise UnsafeToPatch("one of its sheets has a cell that does not end")
            at = closing.end()
            is_filled = self._content.search(rows, found.end(), closing.start()) is not None
            yield Cell(column, found.start(), found.end(), at, tag, is_filled=is_filled)

    def _rebuilt(self, tag: bytes, content: bytes, extra: bytes) -> bytes:
        """Rebuild a row."""
        changes, row = self._changes, self.number
        marks, values = changes.marks.get(row, {}), changes.values.get(row, {})
        placed: list[tuple[int, bytes]] = []
        done = 0
        for cell in self.cells(content):
            before, done = content[done : cell.start], cell.end
            if extra and cell.column in changes.owned:
                if cell.is_filled and changes.are_new:
                    raise ColumnsTaken
                placed.append((cell.column, before))
                continue
            written = self._cell(cell, content, marks.get(cell.column), values.get(cell.column))
            placed.append((cell.column, before + written))
        there = {column for column, _ in placed}
        placed.extend(
            (column, self._new_cell(column, marks.get(column), values.get(column), tag))
            for column in (marks.keys() | values.keys()) - there
        )
        placed.extend((cell.column, extra[cell.start : cell.end]) for cell in self.cells(extra))
        placed.sort(key=lambda entry: entry[0])
        return b"".join([tag, *(written for _, written in placed), content[done:]])

    def _cell(
        self, cell: Cell, content: bytes, mark: Callable[[int], int] | None, value: NewValue | None
    ) -> bytes:
        changes, row = self._changes, self.number
        if mark is None and value is None and not changes.unmarked:
            return content[cell.start : cell.end]
        wished = style = cell.style()
        if style in changes.unmarked:
            wished = changes.unmarked[style](cell.column)
            if mark is None:
                changes.freed.add((row, cell.column))
        if mark is not None:
            wished = mark(wished if wished or has_style(cell.tag) else UNSTYLED)
        if value is not None:
            changes.written.add((row, cell.column))
            return self._written(cell.column, wished, value)
        if wished == style:
            return content[cell.start : cell.end]
        return with_style(cell.tag, wished) + content[cell.inner : cell.end]

    def _new_cell(
        self, column: int, mark: Callable[[int], int] | None, value: NewValue | None, tag: bytes
    ) -> bytes:
        of_row = tag_attributes(tag)
        own = of_row.get("s", "") if is_on(of_row.get("customFormat")) else ""
        style = int(own) if own.isdigit() else self._changes.column_style(column)
        if mark is not None:
            style = mark(style)
        if value is not None:
            self._changes.written.add((self.number, column))
            return self._written(column, style, value)
        address = address_of((self.number, column)).encode()
        return b'<%sc r="%s" s="%d"/>' % (self._prefix, address, style)

    def _written(self, column: int, style: int, value: NewValue) -> bytes:
        name = self._prefix + b"c"
        address = address_of((self.number, column)).encode()
        inner = prefixed(value.inner, self._prefix)
        return b'<%s r="%s" s="%d"%s>%s</%s>' % (name, address, style, value.kind, inner, name)


def _odd_column(tag: bytes, before: int) -> int:
    """Return the column of a cell whose address is written in another way, or not at all: then it is the next one."""
    place = place_of(tag_attributes(tag).get("r", ""))
    return place[1] if place else before + 1


def without_spans(tag: bytes) -> bytes:
    """Return a row's tag without the hint which columns it has."""
    return _SPANS.sub(b"", tag)


def has_style(tag: bytes) -> bool:
    """Tell whether a cell says which style it has."""
    return _STYLE_ATTRIBUTE.search(tag) is not None


def with_style(tag: bytes, style: int) -> bytes:
    """Return a cell's tag with a style."""
    tag = _STYLE_ATTRIBUTE.sub(b"", tag)
    at = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:at].rstrip() + b' s="%d"' % style + tag[at:]


def with_height(tag: bytes, height: float) -> bytes:
    """Return a row's tag that is high enough, unless somebody set its height or hid it."""
    if _OWN_HEIGHT.search(tag):
        return tag
    found = _HEIGHT.search(tag)
    if found is None:
        return tag + b' ht="%s"' % f"{height:g}".encode()
    if float(found[1]) >= height:
        return tag
    return _HEIGHT.sub(b' ht="%s"' % f"{height:g}".encode(), tag)


def whole_rows(chunks: Iterable[bytes]) -> Iterator[tuple[Patcher, bytes]]:
    """Yield rows of a sheet as they come, with what takes them apart. Raises `UnsafeToPatch`."""
    rest = b""
    patcher: Patcher | None = None
    for chunk in chunks:
        seen = max(len(rest) - OVERLAP, 0)
        rest += chunk
        if len(rest) > _MOST_BYTES:
            raise UnsafeToPatch(ROW_TOO_LONG)
        if patcher is None:
            found = ROWS_BEGIN.search(rest, seen)
            if found is None:
                continue
            patcher = Patcher(RowChanges(), found[1])
            rest, seen = rest[found.end() :], 0
        end = rest.find(patcher.rows_end, seen)
        if end < 0:
            end = max(rest.rfind(patcher.row_end, seen), 0)
        rows, rest = rest[:end], rest[end:]
        patcher.rest = rest
        yield patcher, rows
        if rest.startswith(patcher.rows_end):
            return
