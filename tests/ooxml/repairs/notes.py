"""Comments, their boxes and form controls: what stands in one part must be drawn in another."""

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ooxml.repairs.book import Sheet
from ooxml.repairs.package import MAIN, OFFICE, Opened
from ooxml.repairs.places import area_of

_ANY = rb"<(?:[\w.-]+:)?"
_SHAPE = re.compile(_ANY + rb"shape\s.*?</(?:[\w.-]+:)?shape\s*>", re.DOTALL)
_SHAPE_NUMBER = re.compile(_ANY + rb"""shape\s[^<>]*?\b(?:(?:[\w.-]+:)?sp)?id\s*=\s*["']_x0000_s(\d+)["']""")
_BLOCKS = re.compile(_ANY + rb"""idmap\s[^<>]*?data\s*=\s*["']([^"'<>]*)["']""")
_PLACE = re.compile(_ANY + rb"Row>\s*(\d+)\s*</[^<>]*>\s*" + _ANY + rb"Column>\s*(\d+)\s*<")
_PREFIX = re.compile(rb"<([\w.-]+):|\s([\w.-]+):[\w.-]+\s*=")
_NUMBERS_OF_A_BLOCK = 1_024


def note_faults(opened: Opened, sheet: Sheet, root: Element) -> Iterator[str]:
    drawings = [
        opened.target(sheet.part, entry.get(f"{OFFICE}id")) for entry in root.iterfind(f"{MAIN}legacyDrawing")
    ]
    vml = b"".join(opened.parts.get(name, b"") for name in drawings)
    for name in drawings:
        yield from _prefix_faults(name, opened.parts.get(name, b""))
    shapes = Counter(int(number) for shape in _SHAPE.findall(vml) for number in _SHAPE_NUMBER.findall(shape))
    yield from (
        f"{sheet.name}: two shapes have the number {number}" for number, found in shapes.items() if found > 1
    )
    blocks = {int(block) for data in _BLOCKS.findall(vml) for block in data.split(b",") if block.strip()}
    for number in shapes:
        if blocks and number // _NUMBERS_OF_A_BLOCK not in blocks:
            yield f"{sheet.name}: shape {number} is in none of the blocks {sorted(blocks)}"
    are_numbered = len(shapes) == len(_SHAPE.findall(vml))  # LibreOffice calls all of them shape_0
    for control in root.iter(f"{MAIN}control"):
        if are_numbered and int(control.get("shapeId", "0")) not in shapes:
            yield f"{sheet.name}: the control {control.get('name')} is not drawn"
    parts = opened.linked(sheet.part, "comments")
    if len(parts) > 1:
        yield f"{sheet.name} has {len(parts)} lists of comments"
    drawn = {(int(row) + 1, int(column) + 1) for row, column in _PLACE.findall(vml)}
    for part in parts:
        yield from _comment_faults(opened, sheet, part, drawn)


def _prefix_faults(name: str, vml: bytes) -> Iterator[str]:
    """Names that stand for nothing; a drawing of Excel's own need not be well-formed otherwise."""
    used = {
        first or second for tag in re.findall(rb"<[^<>]*>", vml) for first, second in _PREFIX.findall(tag)
    }
    bound = {*re.findall(rb"xmlns:([\w.-]+)\s*=", vml), b"xmlns", b"xml"}
    yield from (f"{name}: {prefix.decode()} stands for nothing" for prefix in sorted(used - bound))


def _comment_faults(opened: Opened, sheet: Sheet, part: str, drawn: set[tuple[int, int]]) -> Iterator[str]:
    tree = opened.tree(part)
    if tree is None:
        return
    authors = [entry.text or "" for entry in tree.iterfind(f"{MAIN}authors/{MAIN}author")]
    comments = tree.findall(f"{MAIN}commentList/{MAIN}comment")
    places = Counter(comment.get("ref", "") for comment in comments)
    yield from (
        f"{sheet.name}!{place} has {number} comments" for place, number in places.items() if number > 1
    )
    for comment in comments:
        area = area_of(comment.get("ref", ""))
        if int(comment.get("authorId", "0")) >= len(authors):
            yield f"{sheet.name}!{comment.get('ref')}: nobody wrote its comment"
        if area is None or (area.top, area.left) not in drawn:
            yield f"{sheet.name}!{comment.get('ref')}: its comment has no box"
    yield from _thread_faults(opened, sheet, {**dict.fromkeys(authors)}, places)


def _thread_faults(
    opened: Opened, sheet: Sheet, authors: dict[str, None], places: Counter[str]
) -> Iterator[str]:
    """Conversations need a person each, and a comment that older programs show in their place."""
    people = {
        person.get("id")
        for part in opened.linked(opened.main, "person")
        for person in (opened.tree(part) or ())
    }
    for part in opened.linked(sheet.part, "threadedComment"):
        for entry in opened.tree(part) or ():
            if entry.get("personId") not in people:
                yield f"{part}: nobody wrote what stands on {entry.get('ref')}"
            if entry.get("ref", "") not in places:
                yield f"{part}: {entry.get('ref')} has no comment for older programs"
            if entry.get("parentId") is None and f"tc={entry.get('id')}" not in authors:
                yield f"{part}: the comment on {entry.get('ref')} is not bound to its conversation"
