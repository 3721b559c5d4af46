"""Comments on a sheet's cells: not data, but people write "do not order" into them, so it is told that they are not read."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from bulk_orders.core.model import AUTHOR
from bulk_orders.core.our_marks import is_note_on_mark
from bulk_orders.ooxml.addresses import Place, address_of, place_of
from bulk_orders.ooxml.searches import OVERLAP, TEXT
from bulk_orders.ooxml.workbook import linked_part
from bulk_orders.ooxml.xml_bytes import PREFIX, stretches, tag_attributes, unescaped
from bulk_orders.ooxml.zip_package import Package

_AUTHORS: Final = re.compile(b"<" + PREFIX + rb"authors\s*>")
_AUTHORS_END: Final = re.compile(b"</" + PREFIX + rb"authors\s*>")
_NAME: Final = re.compile(b"<" + PREFIX + rb"author(?:\s[^<>]*)?(?:/>|>([^<]*)</)")
_COMMENT: Final = re.compile(b"<" + PREFIX + rb"comment\s[^<>]*>")
_COMMENT_END: Final = re.compile(b"</" + PREFIX + rb"comment\s*>")
_KEPT_BYTES: Final = 2_000_000
"""A list of authors or a comment that is longer is not looked through."""


def people_comments(package: Package, sheet_part: str, header_row: int) -> list[str]:
    """Return the cells below the headers on which a person left a comment, or began a conversation."""
    part = linked_part(package, sheet_part, "comments")
    if not part:
        return []
    return [cell for cell, row in _comments(package, part) if row > header_row]


def _comments(package: Package, part: str) -> Iterator[tuple[str, int]]:
    chunks = package.chunks(part)
    head = b""
    for chunk in chunks:
        seen = max(len(head) - OVERLAP, 0)
        head += chunk
        if _AUTHORS_END.search(head, seen) or len(head) > _KEPT_BYTES:
            break
    ours = _writers_of_ours(head)
    rest = b""
    for chunk in chain([head], chunks):
        rest += chunk
        done = 0
        for tag, inner, end in _whole_comments(rest):
            done = end
            about = tag_attributes(tag)
            place = place_of(about.get("ref", ""))
            if place and about.get("authorId") not in ours and not _is_ours(place, inner):
                yield address_of(place), place[0]
        rest = rest[done:] if len(rest) - done < _KEPT_BYTES else b""


def _whole_comments(xml: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Yield the tag of each comment that is complete, what it says, and where it ends."""
    end = 0
    while tag := _COMMENT.search(xml, end):
        closing = None if tag[0].endswith(b"/>") else _COMMENT_END.search(xml, tag.end())
        if closing is None and not tag[0].endswith(b"/>"):
            return
        end = closing.end() if closing else tag.end()
        yield tag[0], xml[tag.end() : closing.start()] if closing else b"", end


def _is_ours(place: Place, inner: bytes) -> bool:
    """Tell whether a note is ours though its author got lost."""
    return is_note_on_mark(address_of(place), unescaped(b"".join(TEXT.findall(inner))))


def _writers_of_ours(head: bytes) -> set[str]:
    """Return the numbers under which our own notes are written."""
    start, end = next(stretches(head, _AUTHORS, _AUTHORS_END), (0, 0))
    names = _NAME.findall(head, start, end)
    return {str(place) for place, name in enumerate(names) if name.strip() == AUTHOR.encode()}
