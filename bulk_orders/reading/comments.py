"""Comments on a sheet's cells: not data, but people write "do not order" into them, so it is told that they are not read."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from bulk_orders.core.model import AUTHOR
from bulk_orders.reading.book_parts import linked_part
from bulk_orders.reading.zip_package import Package

_AUTHORS: Final = re.compile(rb"<(?:[\w.-]+:)?authors\s*>(.*?)</(?:[\w.-]+:)?authors\s*>", re.DOTALL)
_NAME: Final = re.compile(rb"<(?:[\w.-]+:)?author(?:\s[^<>]*)?(?:/>|>([^<]*)</)")
_COMMENT: Final = re.compile(rb"<(?:[\w.-]+:)?comment\s([^<>]*)>")
_CELL: Final = re.compile(rb"""\bref\s*=\s*["']\$?([A-Za-z]{1,3})\$?([0-9]{1,7})["']""")
_WRITER: Final = re.compile(rb"""\bauthorId\s*=\s*["']([0-9]+)["']""")
_KEPT_BYTES: Final = 2_000_000
"""A list of authors that is longer is not looked through."""


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
        head += chunk
        if _AUTHORS.search(head) or len(head) > _KEPT_BYTES:
            break
    ours = _writers_of_ours(head)
    rest = b""
    for chunk in chain([head], chunks):
        whole, _, rest = (rest + chunk).rpartition(b">")
        for about in _COMMENT.findall(whole + b">"):
            cell, writer = _CELL.search(about), _WRITER.search(about)
            if cell and (writer is None or writer[1] not in ours):
                yield f"{cell[1].decode().upper()}{int(cell[2])}", int(cell[2])


def _writers_of_ours(head: bytes) -> set[bytes]:
    """Return the numbers under which our own notes are written."""
    authors = _AUTHORS.search(head)
    names = _NAME.findall(authors[1]) if authors else []
    return {b"%d" % place for place, name in enumerate(names) if name.strip() == AUTHOR.encode()}
