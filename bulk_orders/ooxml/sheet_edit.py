"""One sheet of somebody's workbook while it is added to: what stands around its rows, and its notes.

Which cells change is told by `RowChanges`; here the rest follows from it: column widths, the sheet's extent, filters,
links, notes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bulk_orders.errors import UnsafeToPatch
from bulk_orders.ooxml.addresses import Place, address_of
from bulk_orders.ooxml.areas import Area, area_of, covered_columns, reference_of
from bulk_orders.ooxml.columns import Columns, NewColumn
from bulk_orders.ooxml.edited_package import NOT_UTF8, EditedPackage
from bulk_orders.ooxml.links import OFFICE, relationship_id
from bulk_orders.ooxml.notes import (
    NO_BOXES,
    NO_COMMENTS,
    changed_comments,
    used_blocks,
    with_boxes,
    without_boxes,
)
from bulk_orders.ooxml.plain_rows import patched_sheet
from bulk_orders.ooxml.row_patcher import ColumnsTaken, RowChanges
from bulk_orders.ooxml.xml_bytes import (
    Edit,
    Element,
    attributes,
    children,
    elements,
    inserted_in,
    is_on,
    is_utf8,
    opening,
    place_for,
    quoted,
    spliced,
    tag_attributes,
    with_attribute,
)

_TAIL_ORDER: Final = (
    *(
        "sheetCalcPr",
        "sheetProtection",
        "protectedRanges",
        "scenarios",
        "autoFilter",
        "sortState",
        "dataConsolidate",
    ),
    *(
        "customSheetViews",
        "mergeCells",
        "phoneticPr",
        "conditionalFormatting",
        "dataValidations",
        "hyperlinks",
    ),
    *(
        "printOptions",
        "pageMargins",
        "pageSetup",
        "headerFooter",
        "rowBreaks",
        "colBreaks",
        "customProperties",
    ),
    *(
        "cellWatches",
        "ignoredErrors",
        "smartTags",
        "drawing",
        "legacyDrawing",
        "legacyDrawingHF",
        "drawingHF",
    ),
    *("picture", "oleObjects", "controls", "AlternateContent", "webPublishItems", "tableParts", "extLst"),
)
_IN_FRONT: Final = re.compile(rb"""\s+tabSelected\s*=\s*(?:"[^"]*"|'[^']*')""")
_VIEWS_UP_TO: Final = 100_000
"""Bytes of a sheet's part, within which its views stand."""
COMMENTS_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
VML_TYPE: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLink:
    """A link on a cell to another cell of the workbook."""

    place: Place
    location: str
    tip: str


@dataclass(slots=True, kw_only=True)
class SheetPlan:
    """What to do to a sheet."""

    changes: RowChanges
    notes: Mapping[Place, str] = field(default_factory=dict)
    columns: Mapping[int, NewColumn] = field(default_factory=dict)
    links: tuple[CellLink, ...] = ()
    dead_sheets: frozenset[str] = frozenset()
    """Sheets that are taken away, so that links to them lead nowhere."""
    filtered: Area | None = None
    """What the sheet's filter shall reach over."""
    is_printed_on_two_pages: bool = False
    """Whether a sheet that is fitted to the width of one page should be fitted to two: columns of ours make it too small."""
    keeps_notes: bool = False
    """Whether earlier notes of ours stay as well."""
    has_left_front: bool = True
    """Whether another sheet is the one that is shown first."""


def is_in_front(head: bytes) -> bool:
    """Tell whether a sheet that begins so may be the one that is shown first."""
    return b"tabSelected" in head[:_VIEWS_UP_TO]


def not_in_front(views: bytes) -> bytes:
    """Return the views of a sheet that is no longer the one that is shown first."""
    return _IN_FRONT.sub(b"", views)


class SheetEdit:
    """Carries a plan out while the sheet streams by."""

    def __init__(self, package: EditedPackage, part: str, plan: SheetPlan) -> None:
        self._package = package
        self._part = part
        self._plan = plan
        self._columns = Columns()
        self.filter_range: Area | None = None
        """Of the sheet's own filter after the change."""
        self.has_second_page = False
        """Whether the sheet is printed on two pages side by side since the change."""
        kinds = {link.kind: link.target for link in package.links(part)}
        self._comments = kinds.get("comments", "")
        if plan.notes and not self._comments:
            self._comments = package.free_name("xl/comments{}.xml")
            package.put(self._comments, NO_COMMENTS)
            package.declare(self._comments, COMMENTS_TYPE)
            package.add_link(part, "comments", self._comments)
        if plan.notes:
            package.declare_ending("vml", VML_TYPE)
        plan.changes.column_style = self._columns.style
        package.put_stream(
            part,
            lambda: patched_sheet(package.chunks(part), plan.changes, head=self._head, tail=self._tail),
        )

    def _head(self, xml: bytes) -> bytes:
        if not is_utf8(xml):
            raise UnsafeToPatch(NOT_UTF8)
        root = opening(xml)
        found = elements(xml, root.end())
        by_name = {element.name: element for element in found}
        prefix = root["name"].rpartition(b":")[0]
        prefix = prefix + b":" if prefix else b""
        edits: list[Edit] = []
        if "sheetViews" in by_name and self._plan.has_left_front:
            views = by_name["sheetViews"]
            edits.append((views.start, views.end, not_in_front(xml[views.start : views.end])))
        if "dimension" in by_name and self._plan.columns:
            edits.append(self._wider(xml, by_name["dimension"]))
        edits.extend(self._columns.changed(xml, found, prefix, self._plan.columns))
        return spliced(xml, edits)

    def _wider(self, xml: bytes, dimension: Element) -> Edit:
        tag = xml[dimension.start : dimension.inner]
        area = area_of(tag_attributes(tag).get("ref", ""))
        if area is not None:
            wider = (area[0], area[1], area[2], max(area[3], *self._plan.columns))
            tag = with_attribute(tag, "ref", reference_of(wider))
        return dimension.start, dimension.inner, tag

    def _tail(self, xml: bytes) -> bytes:
        start = xml.index(b">") + 1 if xml.startswith(b"</") else 0
        found = elements(xml, start, len(xml))
        last = found[-1].end if found else start
        end_tag = xml[last:].split(b"</", 1)[-1]
        prefix = end_tag[: end_tag.index(b":") + 1] if b":" in end_tag.split(b">")[0] else b""
        by_name = {element.name: element for element in found}
        changes = self._plan.changes
        writes_cells = bool(changes.marks or changes.values or changes.owned)
        protection = by_name.get("sheetProtection")
        if writes_cells and protection and is_on(attributes(xml, protection).get("sheet")):
            raise UnsafeToPatch("a sheet that needs marks is protected")
        if changes.are_new and changes.owned & covered_columns(xml, changes.header_row):
            raise ColumnsTaken
        tail = _Tail(xml, found, by_name, prefix, last)
        self._change_filter(tail)
        self._change_links(tail)
        self._change_pages(tail)
        self._change_notes(tail)
        return spliced(xml, tail.edits)

    def _change_filter(self, tail: "_Tail") -> None:
        element, wanted = tail.by_name.get("autoFilter"), self._plan.filtered
        if element is None:
            return  # who wants no filter gets none
        tag = tail.xml[element.start : element.inner]
        area = area_of(tag_attributes(tag).get("ref", ""))
        if area and wanted and area[0] == wanted[0] and area[1] <= wanted[3]:
            area = (area[0], area[1], max(area[2], wanted[2]), max(area[3], wanted[3]))
            self.filter_range = area
            tail.edits.append((element.start, element.inner, with_attribute(tag, "ref", reference_of(area))))

    def _change_links(self, tail: "_Tail") -> None:
        element = tail.by_name.get("hyperlinks")
        ours = b"".join(
            b'<%%shyperlink ref="%s" location="%s" tooltip="%s"/>'
            % (
                address_of(link.place).encode(),
                quoted(link.location).replace(b"%", b"%%"),
                quoted(link.tip).replace(b"%", b"%%"),
            )
            for link in self._plan.links
        )
        if element is None:
            if ours:
                tail.insert("hyperlinks", b"<%shyperlinks>" + ours + b"</%shyperlinks>")
            return
        linked = {address_of(link.place) for link in self._plan.links}
        known = children(tail.xml, element)
        dead = [link for link in known if self._is_dead(attributes(tail.xml, link), linked)]
        if len(dead) == len(known) and not ours:
            tail.edits.append((element.start, element.end, b""))
            return
        tail.edits.extend((link.start, link.end, b"") for link in dead)
        if ours:
            tail.edits.append(inserted_in(tail.xml, element, tail.with_prefix(ours)))

    def _change_pages(self, tail: "_Tail") -> None:
        element = tail.by_name.get("pageSetup")
        if element is None or not self._plan.is_printed_on_two_pages:
            return
        tag = tail.xml[element.start : element.inner]
        about = tag_attributes(tag)
        if about.get("fitToHeight") == "0" and about.get("fitToWidth", "1") == "1":
            tail.edits.append((element.start, element.inner, with_attribute(tag, "fitToWidth", "2")))
            self.has_second_page = True

    def _is_dead(self, link: Mapping[str, str], linked: set[str]) -> bool:
        sheet = link.get("location", "").rpartition("!")[0].strip("'").replace("''", "'")
        return (sheet in self._plan.dead_sheets) or link.get("ref") in linked

    def _change_notes(self, tail: "_Tail") -> None:
        if not self._comments or self._plan.keeps_notes:
            return
        changes = self._plan.changes

        def is_old(place: Place) -> bool:
            return place[0] > changes.header_row or place in changes.freed or place[1] in changes.owned

        xml, gone, added = changed_comments(self._package.read(self._comments), self._plan.notes, is_old)
        if not gone and not added:
            return
        self._package.put(self._comments, xml)
        boxes = self._boxes(tail)
        self._package.put(boxes, without_boxes(self._package.read(boxes), gone))
        if not added:
            return
        drawings = [name for name in self._package.names() if name.lower().endswith(".vml")]
        blocks = [block for name in drawings for block in used_blocks(self._package.read(name))]
        sentences = {place: self._plan.notes[place] for place in added}
        first = max(blocks, default=0) + 1
        vml = with_boxes(
            self._package.read(boxes), sentences, first_block=first, width_of=self._columns.width
        )
        self._package.put(boxes, vml)

    def _boxes(self, tail: "_Tail") -> str:
        """Return the drawing that has the boxes of this sheet's notes; it is made if there is none."""
        element = tail.by_name.get("legacyDrawing")
        if element is not None:
            link_id = relationship_id(attributes(tail.xml, element))
            for link in self._package.links(self._part):
                if link.link_id == link_id and link.target:
                    return link.target
            raise UnsafeToPatch("the boxes of its notes are missing")
        name = self._package.free_name("xl/drawings/vmlDrawing{}.vml")
        self._package.put(name, NO_BOXES)
        link_id = self._package.add_link(self._part, "vmlDrawing", name)
        tail.insert(
            "legacyDrawing",
            b'<%%slegacyDrawing xmlns:r="%s" r:id="%s"/>' % (OFFICE.encode(), link_id.encode()),
        )
        return name


@dataclass(slots=True)
class _Tail:
    """What follows the rows."""

    xml: bytes
    found: list[Element]
    by_name: dict[str, Element]
    prefix: bytes
    last: int
    edits: list[Edit] = field(default_factory=list)

    def insert(self, name: str, fragment: bytes) -> None:
        """Put an element where it belongs; its tags have `%s` for the prefix."""
        at = place_for(self.found, name, _TAIL_ORDER, self.last)
        self.edits.append((at, at, self.with_prefix(fragment)))

    def with_prefix(self, fragment: bytes) -> bytes:
        return fragment % ((self.prefix,) * fragment.replace(b"%%", b"").count(b"%s"))
