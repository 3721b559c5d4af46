"""Changes the rows of a sheet's XML while they stream by: megabytes at a time, most rows with a few searches each.

A row that is written as Excel and nearly all libraries write rows is changed where it has to be, and everything else is
taken over as it lies there. It has to prove that it is written so; a row that does not is taken apart by `Patcher`, with
the same outcome.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import Final

from bulk_orders.errors import UnsafeToPatch
from bulk_orders.ooxml.addresses import Place, address_of, column_index
from bulk_orders.ooxml.row_patcher import (
    ROW_TOO_LONG,
    Patcher,
    RowChanges,
    has_style,
    style_of,
    with_height,
    with_style,
    without_spans,
)
from bulk_orders.ooxml.searches import OVERLAP, ROWS_BEGIN
from bulk_orders.ooxml.styles import UNSTYLED
from bulk_orders.ooxml.xml_bytes import Edit, prefixed

_ATTRIBUTES: Final = rb'(?:\s+[\w.:-]+="[^"<>]*+")*+'
_MOST_BYTES: Final = 64_000_000
"""Of one row, or of what is before and after the rows."""
_MOST_TAGS: Final = 10_000


def patched_sheet(
    chunks: Iterable[bytes],
    changes: RowChanges,
    *,
    head: Callable[[bytes], bytes],
    tail: Callable[[bytes], bytes],
) -> Iterator[bytes]:
    """Yield a sheet's part with its rows changed, and what is before and after them changed by `head` and `tail`.

    Raises `UnsafeToPatch`.
    """
    rest = b""
    rows: PlainRows | None = None
    in_rows = False
    for chunk in chunks:
        seen = max(len(rest) - OVERLAP, 0)
        rest += chunk
        if len(rest) > _MOST_BYTES:
            raise UnsafeToPatch(ROW_TOO_LONG)
        if rows is None:
            found = ROWS_BEGIN.search(rest, seen)
            if found is None:
                continue
            yield head(rest[: found.start()]) + found[0]
            rest, seen = rest[found.end() :], 0
            rows = PlainRows(changes, found[1])
            in_rows = not found[2]
        if in_rows:
            end = rest.find(rows.rows_end, seen)
            in_rows = end < 0
            if in_rows:
                last = rest.rfind(rows.row_end, seen)
                end = last + len(rows.row_end) if last >= 0 else 0
            if end:
                yield rows.patched(rest[:end])
                rest = rest[end:]
    if rows is None or in_rows:
        raise UnsafeToPatch("one of its sheets is cut off")
    yield tail(rest)


class _NotPlain(Exception):
    """A row has to be taken apart."""


class PlainRows:
    """Goes through the rows of one sheet."""

    def __init__(self, changes: RowChanges, prefix: bytes) -> None:
        self._changes = changes
        self._prefix = prefix
        self._patcher = Patcher(changes, prefix)
        self.row_end, self.rows_end = self._patcher.row_end, self._patcher.rows_end
        name = re.escape(prefix)
        self._closing = re.compile(re.escape(self.row_end))
        self._head = re.compile(rb'\s*<%srow r="([0-9]{1,7})"(%s)>' % (name, _ATTRIBUTES))
        self._cell_open = b"<" + prefix + b'c r="'
        self._cell_tag = re.compile(rb'<%sc r="[A-Z0-9]++"%s\s*/?>' % (name, _ATTRIBUTES))
        self._last_cell = re.compile(
            rb'<%sc r="([A-Z]{1,3})([0-9]{1,7})"%s\s*' % (name, _ATTRIBUTES)
            + rb"(?:/>|>(?:[^<>]*+<(?!/?%s(?:row|c)[\s/>])[^<>]*+>)*+[^<>]*+</%sc>)\s*" % (name, name)
        )
        self._first, self._last = min(changes.owned, default=0), max(changes.owned, default=-1)
        self._is_one_stretch = len(changes.owned) == self._last - self._first + 1
        self._tags: dict[bytes, bytes] = {}

    def patched(self, block: bytes) -> bytes:
        """Return whole rows, changed."""
        if self._changes.are_none:
            return block
        block = self._patcher.with_usual_ends(block)
        whole = memoryview(block)
        written: list[bytes | memoryview] = []
        start = done = 0
        for closing in self._closing.finditer(block):
            end = closing.start()
            try:
                edits = self._edits(block, start, end)
            except _NotPlain:
                edits = [(start, end, self._patcher.row(block[start:end]))]
            for begin, until, instead in edits:
                written += (whole[done:begin], instead)
                done = until
            start = closing.end()
        self._patcher.count_closed(block[start:])
        return b"".join([*written, whole[done:]])

    def _edits(self, block: bytes, start: int, end: int) -> list[Edit]:
        """Return what changes in the row that ends there. Raises `_NotPlain`."""
        head = self._head.match(block, start, end)
        if head is None:
            raise _NotPlain
        start = head.end()
        last = block.rfind(self._cell_open, start, end)
        ending = self._last_cell.fullmatch(block, last, end) if last >= 0 else None
        # The last cell is of the row that was opened, and nothing follows it: so this is one row, and all of it.
        if ending is None or ending[2] != head[1]:
            raise _NotPlain
        changes, number = self._changes, int(head[1])
        if number in changes.values or self._patcher.has_earlier_marks(block, start, end):
            raise _NotPlain
        self._patcher.number = number
        extra, height = changes.ours(number) if changes.ours else (b"", 0.0)
        marks = changes.marks.get(number)
        if not extra and not marks:
            return []
        edits = self._of_tag(head, height)
        if marks:
            if extra and marks.keys() & changes.owned:
                raise _NotPlain
            edits += self._marked(block, start, end, number)
        if extra:
            begin = end
            if column_index(ending[1]) >= self._first:
                begin = self._begin_of_ours(block, start, end, ending)
            edits.append((begin, end, prefixed(extra, self._prefix) if self._prefix else extra))
        return edits

    def _of_tag(self, head: re.Match[bytes], height: float) -> list[Edit]:
        """Return what changes in the row's tag."""
        attributes = head[2]
        tag = self._tags.get(attributes)
        if tag is None:
            if len(self._tags) >= _MOST_TAGS:
                self._tags.clear()
            tag = self._tags[attributes] = without_spans(attributes)
        if height:
            tag = with_height(tag, height)
        return [] if tag == attributes else [(head.start(2), head.end(2), tag)]

    def _marked(self, block: bytes, start: int, end: int, number: int) -> Iterator[Edit]:
        """Yield what changes in the tags of cells with marks. Raises `_NotPlain` if one is not there."""
        for column, mark in sorted(self._changes.marks[number].items(), key=itemgetter(0)):
            at = self._begin_of_cell(block, start, end, (number, column))
            tag = self._cell_tag.match(block, at, end)
            if tag is None:
                raise _NotPlain
            style = style_of(tag[0])
            wished = mark(style if style or has_style(tag[0]) else UNSTYLED)
            if wished != style:
                yield tag.start(), tag.end(), with_style(tag[0], wished)

    def _begin_of_ours(self, block: bytes, start: int, end: int, last: re.Match[bytes]) -> int:
        """Return where the cells begin that an earlier run put at the end of a row. Raises `_NotPlain` if that is not certain."""
        if self._changes.are_new or not self._is_one_stretch or column_index(last[1]) > self._last:
            raise _NotPlain
        return self._begin_of_cell(block, start, end, (int(last[2]), self._first))

    def _begin_of_cell(self, block: bytes, start: int, end: int, place: Place) -> int:
        """Return where a cell begins. Raises `_NotPlain` if it is not there."""
        at = block.find(b'%s%s"' % (self._cell_open, address_of(place).encode()), start, end)
        if at < 0:
            raise _NotPlain
        return at
