"""Comments on a sheet's cells: not data, but people write "do not order" into them, so it is told that they are not read."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from bulk_orders.core.model import AUTHOR
from bulk_orders.ooxml.addresses import address_of, place_of
from bulk_orders.ooxml.workbook import linked_part
from bulk_orders.ooxml.xml_bytes import PREFIX, tag_attributes, whole_tags
from bulk_orders.ooxml.zip_package import Package

_AUTHORS: Final = re.compile(b"<" + PREFIX + rb"authors\s*>(.*?)</" + PREFIX + rb"authors\s*>", re.DOTALL)
_NAME: Final = re.compile(b"<" + PREFIX + rb"author(?:\s[^<>]*)?(?:/>|>([^<]*)</)")
_COMMENT: Final = re.compile(b"<" + PREFIX + rb"comment\s[^<>]*>")
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
    for stretch in whole_tags(chain([head], chunks)):
        for tag in _COMMENT.findall(stretch):
            about = tag_attributes(tag)
            place = place_of(about.get("ref", ""))
            if place and about.get("authorId") not in ours:
                yield address_of(place), place[0]


def _writers_of_ours(head: bytes) -> set[str]:
    """Return the numbers under which our own notes are written."""
    authors = _AUTHORS.search(head)
    names = _NAME.findall(authors[1]) if authors else []
    return {str(place) for place, name in enumerate(names) if name.strip() == AUTHOR.encode()}
