"""Notes on cells of somebody's sheet: the list of comments and the drawing of their boxes, to which ours are added.

A cell that has a note of the user's keeps it. Notes of ours from an earlier time are taken away first; they are known by
their author and, where a program has lost that, by what they begin with.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from bulk_orders.core.model import AUTHOR
from bulk_orders.core.our_marks import is_note_on_header, is_note_on_mark
from bulk_orders.errors import UnsafeToPatch
from bulk_orders.ooxml.addresses import Place, address_of, place_of
from bulk_orders.ooxml.cleaning import clean
from bulk_orders.ooxml.xml_bytes import (
    PREFIX,
    Edit,
    Element,
    attributes,
    children,
    escaped,
    inserted_in,
    prefixed,
    root_of,
    spliced,
    stretches,
    unescaped,
    with_attribute,
)

NO_COMMENTS: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors></authors>'
    b"<commentList></commentList></comments>"
)
NO_BOXES: Final = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"></xml>'
)
_LAYOUT: Final = b'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%s"/></o:shapelayout>'
_SHAPE_TYPE: Final = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE: Final = (
    b'<v:shape id="_x0000_s%d" type="#_x0000_t202" style="position:absolute;visibility:hidden" fillcolor="#ffffe1" '
    b'o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    b'<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    b'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%d, 15, %d, 2, %d, %d, %d, %d</x:Anchor>'
    b"<x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>"
)
_PREFIXES: Final = {
    b"v": b"urn:schemas-microsoft-com:vml",
    b"o": b"urn:schemas-microsoft-com:office:office",
    b"x": b"urn:schemas-microsoft-com:office:excel",
}
"""As everybody writes them but some libraries."""
_ANY: Final = b"<" + PREFIX
_TEXT: Final = re.compile(_ANY + rb"t(?:\s[^<>]*)?>([^<]*)</")
_BINDING: Final = re.compile(rb"""\sxmlns:([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_USE: Final = re.compile(rb"(</?|\s)([vox]):")
_ROOT: Final = re.compile(rb"<xml(?:\s[^<>]*)?>")
_ID_MAP: Final = re.compile(_ANY + rb"idmap\s[^<>]*>")
_BLOCKS: Final = re.compile(rb"""\sdata\s*+=\s*+["']([^"'<>]*)["']""")
_SHAPE_START: Final = re.compile(_ANY + rb"shape\s")
_SHAPE_END: Final = re.compile(b"</" + PREFIX + rb"shape\s*>")
_SHAPE_ID: Final = re.compile(rb"_x0000_s([0-9]{1,12})")
_BOX_ROW: Final = re.compile(_ANY + rb"Row>\s*([0-9]{1,7})\s*</")
_BOX_COLUMN: Final = re.compile(_ANY + rb"Column>\s*([0-9]{1,7})\s*</")
_BLOCK: Final = re.compile(rb"\s*[0-9]{1,9}\s*")
_IDS_OF_A_BLOCK: Final = 1_024
_MOST_UNITS: Final = 2_000
_WIDTH: Final = 300
_ROW_HEIGHT: Final = 20
_CHARACTERS_A_LINE: Final = 42
_LINES_AT_MOST: Final = 20


def changed_comments(
    xml: bytes, notes: Mapping[Place, str], is_old: Callable[[Place], bool]
) -> tuple[bytes, set[Place], list[Place]]:
    """Return the list of comments with our earlier ones gone and these added; which went, and which were added.

    Raises `UnsafeToPatch`.
    """
    root = root_of(xml)
    found = {element.name: element for element in children(xml, root)}
    if not {"authors", "commentList"} <= found.keys():
        raise UnsafeToPatch("its notes are written in an unusual way")
    authors = children(xml, found["authors"])
    ours = {
        str(number)
        for number, author in enumerate(authors)
        if xml[author.inner : author.inner_end].strip() == AUTHOR.encode()
    }
    gone: set[Place] = set()
    theirs: set[Place] = set()
    edits: list[Edit] = []
    for comment in children(xml, found["commentList"]):
        about = attributes(xml, comment)
        place = place_of(about.get("ref", ""))
        is_by_us = about.get("authorId") in ours
        if place is not None and _goes(place, comment_text(xml, comment), is_by_us, is_old):
            gone.add(place)
            edits.append((comment.start, comment.end, b""))
        elif place is not None:
            theirs.add(place)
    added = [place for place in sorted(notes) if place not in theirs]
    if added:
        author = min(ours, default=str(len(authors)))
        if not ours:
            edits.append(
                inserted_in(
                    xml, found["authors"], prefixed(b"<author>%s</author>" % AUTHOR.encode(), root.prefix)
                )
            )
        written = b"".join(_comment(place, notes[place], author) for place in added)
        edits.append(inserted_in(xml, found["commentList"], prefixed(written, root.prefix)))
    return spliced(xml, edits), gone, added


def _goes(place: Place, text: str, is_by_us: bool, is_old: Callable[[Place], bool]) -> bool:
    return is_note_on_mark(address_of(place), text) or (
        (is_by_us or is_note_on_header(text)) and is_old(place)
    )


def comment_text(xml: bytes, comment: Element) -> str:
    """Return what a comment says."""
    return unescaped(b"".join(_TEXT.findall(xml, comment.inner, comment.inner_end)))


def _comment(place: Place, sentence: str, author: str) -> bytes:
    return (
        b'<comment ref="%s" authorId="%s"><text><r><rPr><sz val="10"/><color indexed="81"/>'
        b'<rFont val="Calibri"/><family val="2"/></rPr><t xml:space="preserve">%s</t></r></text></comment>'
    ) % (
        address_of(place).encode(),
        author.encode(),
        escaped(clean(sentence, units=_MOST_UNITS)),
    )


_ODD_NOTE_BOXES: Final = "the boxes of its notes are drawn in an unusual way"


def without_boxes(vml: bytes, gone: set[Place]) -> bytes:
    """Return the drawing without the boxes of comments that went, and without the blocks of numbers they had.

    Raises `UnsafeToPatch`.
    """
    if b"</xml>" not in vml:
        raise UnsafeToPatch(_ODD_NOTE_BOXES)
    shapes = [
        (start, end, b"")
        for start, end in stretches(vml, _SHAPE_START, _SHAPE_END)
        if _box_place(vml[start:end]) in gone
    ]
    vml = spliced(vml, shapes)
    known = next(_block_lists(vml), None)
    if not shapes or not known:
        return vml
    used = {int(number) // _IDS_OF_A_BLOCK for number in _SHAPE_ID.findall(vml)}
    blocks = known[1].split(b",")
    kept = [block for block in blocks[1:] if _BLOCK.fullmatch(block) and int(block) in used]
    return spliced(vml, [(known.start(1), known.end(1), b",".join([blocks[0], *kept]))])


def _with_prefixes(vml: bytes) -> tuple[bytes, dict[bytes, bytes]]:
    """Return the drawing with names bound for boxes of ours, and these names by those they are usually written with.

    Elsewhere in the drawing the names may stand for anything: a program may declare them where it uses them.
    """
    root = _ROOT.search(vml)
    if root is None or b"</xml>" not in vml:
        raise UnsafeToPatch(_ODD_NOTE_BOXES)
    tag, names = root[0], {}
    for usual, space in _PREFIXES.items():
        bound = {prefix: double or single for prefix, double, single in _BINDING.findall(tag)}
        free = (usual, *(usual + str(number).encode() for number in range(len(bound) + 1)))
        names[usual] = next(name for name in free if bound.get(name, space) == space)
        if names[usual] not in bound:
            tag = with_attribute(tag, f"xmlns:{names[usual].decode()}", space.decode())
    return spliced(vml, [(root.start(), root.end(), tag)]), names


def _named(fragment: bytes, names: Mapping[bytes, bytes]) -> bytes:
    """Return a piece of a drawing with the names that it has to use in this one."""
    if all(usual == name for usual, name in names.items()):
        return fragment
    return _USE.sub(lambda use: use[1] + names[use[2]] + b":", fragment)


def with_boxes(
    vml: bytes, added: Mapping[Place, str], *, first_block: int, width_of: Callable[[int], int]
) -> bytes:
    """Return the drawing with the boxes of comments that were added.

    `first_block` is a block of shape numbers that no drawing of the workbook uses; `width_of` tells a column's width in
    pixels.
    """
    vml, names = _with_prefixes(vml)
    edits: list[Edit] = []
    blocks = [str(first_block + at).encode() for at in range(1 + (len(added) - 1) // (_IDS_OF_A_BLOCK - 1))]
    known = next(_block_lists(vml), None)
    if known:
        edits.append((known.start(1), known.end(1), b",".join([known[1], *blocks])))
    else:
        root = vml.index(b">", vml.index(b"<xml")) + 1
        edits.append((root, root, _named(_LAYOUT % b",".join(blocks), names)))
    pieces = [] if b'id="_x0000_t202"' in vml else [_SHAPE_TYPE]
    for number, (place, sentence) in enumerate(sorted(added.items())):
        block, place_in_block = divmod(number, _IDS_OF_A_BLOCK - 1)
        shape_id = (first_block + block) * _IDS_OF_A_BLOCK + 1 + place_in_block
        pieces.append(_box(shape_id, place, sentence, width_of))
    end = vml.rindex(b"</xml>")
    return spliced(vml, [*edits, (end, end, _named(b"".join(pieces), names))])


def used_blocks(vml: bytes) -> list[int]:
    """Return the blocks of shape numbers that a drawing uses."""
    return [
        int(block) for found in _block_lists(vml) for block in found[1].split(b",") if _BLOCK.fullmatch(block)
    ]


def _block_lists(vml: bytes) -> Iterator[re.Match[bytes]]:
    """Yield the lists of blocks; a list is the first group."""
    for tag in _ID_MAP.finditer(vml):
        found = _BLOCKS.search(vml, tag.start(), tag.end())
        if found:
            yield found


def _box_place(shape: bytes) -> Place | None:
    row, column = _BOX_ROW.search(shape), _BOX_COLUMN.search(shape)
    return (int(row[1]) + 1, int(column[1])) if row and column else None


def _box(shape_id: int, place: Place, sentence: str, width_of: Callable[[int], int]) -> bytes:
    row, column = place
    lines = sum(1 + len(line) // _CHARACTERS_A_LINE for line in sentence.splitlines() or [""])
    height = 22 + 17 * min(lines, _LINES_AT_MOST)
    top = max(row - 2, 0)
    down, below = divmod(height + 2, _ROW_HEIGHT)
    right, over = column + 1, _WIDTH + 15
    while over > width_of(right):
        over -= width_of(right)
        right += 1
    return _SHAPE % (shape_id, column + 1, top, right, over, top + down, below, row - 1, column)
