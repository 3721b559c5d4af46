"""The parts of a workbook and how they refer to one another, as the checks of `repairs` need them."""

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
CHOICES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
TYPES = "[Content_Types].xml"
_LINK_TYPES = {
    "worksheet": "spreadsheetml.worksheet+xml",
    "chartsheet": "spreadsheetml.chartsheet+xml",
    "styles": "spreadsheetml.styles+xml",
    "sharedStrings": "spreadsheetml.sharedStrings+xml",
    "calcChain": "spreadsheetml.calcChain+xml",
    "comments": "spreadsheetml.comments+xml",
    "table": "spreadsheetml.table+xml",
    "queryTable": "spreadsheetml.queryTable+xml",
    "connections": "spreadsheetml.connections+xml",
    "externalLink": "spreadsheetml.externalLink+xml",
    "pivotTable": "spreadsheetml.pivotTable+xml",
    "pivotCacheDefinition": "spreadsheetml.pivotCacheDefinition+xml",
    "pivotCacheRecords": "spreadsheetml.pivotCacheRecords+xml",
    "drawing": "officedocument.drawing+xml",
    "vmlDrawing": "vmlDrawing",
    "chart": "drawingml.chart+xml",
    "ctrlProp": "controlproperties+xml",
    "threadedComment": "threadedcomments+xml",
    "person": "person+xml",
    "custom-properties": "custom-properties+xml",
    "printerSettings": "printerSettings",
}
"""How the content type ends of what a relationship of this kind leads to."""
_VML_LINK = re.compile(rb"""\s(?:o:relid|r:id)\s*=\s*["']([^"']+)["']""")


@dataclass(frozen=True, kw_only=True)
class Link:
    """A relationship; `target` is a part's name, or nothing for what lies outside."""

    link_id: str
    kind: str
    target: str
    is_outside: bool


class Opened:
    """A workbook's parts; trees are parsed when they are asked for."""

    def __init__(self, content: bytes) -> None:
        self.parts: dict[str, bytes] = {}
        with zipfile.ZipFile(BytesIO(content)) as archive:
            self.names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
            for name in self.names:
                self.parts[name] = archive.read(name)
        self._known = {name.lower(): name for name in self.parts}
        self._trees: dict[str, Element | None] = {}
        self._links: dict[str, tuple[Link, ...]] = {}
        self.main = next((link.target for link in self.links("") if link.kind == "officeDocument"), "")

    def has(self, name: str) -> bool:
        return name.lower() in self._known

    def tree(self, name: str) -> Element | None:
        """A part as a tree; nothing where it is missing or not well-formed."""
        if name not in self._trees:
            found = self.parts.get(self._known.get(name.lower(), ""))
            self._trees[name] = None if found is None else _parsed(found)
        return self._trees[name]

    def links(self, part: str) -> tuple[Link, ...]:
        """What a part refers to; `""` is the package itself."""
        if part not in self._links:
            folder, name = posixpath.split(part)
            root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
            self._links[part] = tuple(_link(part, found) for found in (root if root is not None else ()))
        return self._links[part]

    def linked(self, part: str, kind: str) -> list[str]:
        return [link.target for link in self.links(part) if link.kind == kind]

    def target(self, part: str, link_id: str | None) -> str:
        return next((link.target for link in self.links(part) if link.link_id == link_id), "")


@lru_cache(maxsize=200)
def _parsed(part: bytes) -> Element | None:
    """Many workbooks have the same parts, and nobody here changes a tree."""
    try:
        return fromstring(part)
    except (ParseError, ValueError):
        return None


def _link(part: str, found: Element) -> Link:
    target = found.get("Target", "")
    is_outside = found.get("TargetMode", "").lower() == "external"
    path = posixpath.normpath(posixpath.join("/" + posixpath.dirname(part), target.partition("#")[0]))
    return Link(
        link_id=found.get("Id", ""),
        kind=found.get("Type", "").rpartition("/")[2],
        target="" if is_outside or target.startswith("#") else path.lstrip("/"),
        is_outside=is_outside or target.startswith("#"),
    )


def order_faults(where: str, root: Element, order: tuple[str, ...], *, many: frozenset[str]) -> Iterator[str]:
    """Children of the main namespace that stand in the wrong place, or twice."""
    names = [name for child in root for name in _names_of(child)]
    known = [name for name in names if name in order]
    yield from (f"{where}: element {name} is not known there" for name in names if name not in order)
    if known != sorted(known, key=order.index):
        yield f"{where}: its elements stand in the wrong order: {' '.join(known)}"
    counted = Counter(known)
    yield from (
        f"{where}: element {name} stands there twice"
        for name, number in counted.items()
        if number > 1 and name not in many
    )


def _names_of(child: Element) -> list[str]:
    if child.tag == f"{CHOICES}AlternateContent":
        first = next(iter(child), None)
        return [] if first is None else [name for inner in first for name in _names_of(inner)]
    return [child.tag.removeprefix(MAIN)] if child.tag.startswith(MAIN) else []


def package_faults(opened: Opened) -> Iterator[str]:
    """Parts that stand twice, are not well-formed, have no type, or refer to what is not there."""
    twice = Counter(name.lower() for name in opened.names)
    yield from (
        f"part {name} stands in the zip {number} times" for name, number in twice.items() if number > 1
    )
    yield from _type_faults(opened)
    for name in opened.parts:
        if name.endswith((".xml", ".rels")) and opened.tree(name) is None:
            yield f"{name} is not well-formed XML"
        if name.endswith(".rels"):
            yield from _link_faults(opened, name)
        yield from _id_faults(opened, name)
    if not opened.main:
        yield "nothing says which part is the workbook"


def _type_faults(opened: Opened) -> Iterator[str]:
    root = opened.tree(TYPES)
    if root is None:
        yield f"{TYPES} is missing"
        return
    endings = [found.get("Extension", "").lower() for found in root if found.tag.endswith("}Default")]
    stated = [found.get("PartName", "").lower() for found in root if found.tag.endswith("}Override")]
    for what, number in Counter([*endings, *stated]).items():
        if number > 1:
            yield f"the type of {what} is stated {number} times"
    yield from (
        f"a type is stated for {name}, which is missing" for name in stated if not opened.has(name[1:])
    )
    types = _types_of(opened, root)
    yield from (f"{name} has no content type" for name in opened.parts if name != TYPES and not types[name])
    for part in ("", *opened.parts):
        for link in opened.links(part):
            ending = _LINK_TYPES.get(link.kind, "")
            found = types.get(link.target, ending)
            if ending and not link.is_outside and not found.lower().endswith(ending.lower()):
                yield f"{link.target} is linked as {link.kind} and has the type {found}"


def _types_of(opened: Opened, root: Element) -> dict[str, str]:
    types = {
        (found.get("Extension") or found.get("PartName", "")).lower(): found.get("ContentType", "")
        for found in root
    }
    return {
        name: types.get(f"/{name.lower()}") or types.get(name.rpartition(".")[2].lower(), "")
        for name in opened.parts
    }


def _link_faults(opened: Opened, name: str) -> Iterator[str]:
    folder, file = posixpath.split(name)
    owner = posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels")).strip("/")
    if file != ".rels" and not opened.has(owner):
        yield f"{name} belongs to a part that is missing"
    links = opened.links("" if file == ".rels" else owner)
    for link_id, number in Counter(link.link_id for link in links).items():
        if number > 1:
            yield f"{name} has the id {link_id} {number} times"
    for link in links:
        if not link.is_outside and not opened.has(link.target):
            yield f"{name} leads to {link.target}, which is missing"


def _id_faults(opened: Opened, name: str) -> Iterator[str]:
    """Ids of relationships that a part uses and does not have."""
    known = {link.link_id for link in opened.links(name)}
    if name.endswith(".vml"):
        used = {found.decode() for found in _VML_LINK.findall(opened.parts[name])}
    elif name.endswith(".xml") and name != TYPES and (root := opened.tree(name)) is not None:
        used = {
            value
            for element in root.iter()
            for key, value in element.items()
            if key.startswith(OFFICE) and value
        }
    else:
        return
    yield from (
        f"{name} uses the relationship {link_id}, which it does not have" for link_id in sorted(used - known)
    )
