"""A workbook that is being changed: its parts, what became of some of them, and how parts refer to one another.

Parts that nobody touches are copied byte for byte when the draft is written.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from bulk_orders.errors import UnsafeToPatch
from bulk_orders.ooxml.xml_bytes import (
    attributes,
    children,
    inserted_in,
    prefixed,
    quoted,
    refuse_other_encodings,
    root_of,
    spliced,
    well_formed,
)
from bulk_orders.ooxml.zip_package import Package, PackageWriter

CONTENT_TYPES: Final = "[Content_Types].xml"
PACKAGE_LINKS: Final = "_rels/.rels"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NO_LINKS: Final = (
    _DECLARATION
    + b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
_LINKS_TYPE: Final = "application/vnd.openxmlformats-package.relationships+xml"
_CHECKED_UP_TO: Final = 30_000_000
"""Larger parts are not parsed once more after they were changed; they have been read when the workbook was checked."""

Stream = Callable[[], Iterable[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A relationship from one part to another."""

    link_id: str
    kind: str
    """The last word of its type: `worksheet`, `comments`."""
    target: str
    """The part's name; empty for what lies outside the workbook."""


class Draft:
    """The parts of a workbook while they are changed."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._changed: dict[str, bytes] = {}
        self._streams: dict[str, Stream] = {}
        self._trusted: set[str] = set()
        self._removed: set[str] = set()
        self._names: dict[str, str] = {key: part.name for key, part in package.parts.items()}

    def has(self, name: str) -> bool:
        """Whether there is such a part now."""
        return name.lower() in self._names and name.lower() not in self._removed

    def read(self, name: str) -> bytes:
        """Return a part as it is now."""
        key = name.lower()
        if key in self._changed:
            return self._changed[key]
        content = self.package.read(name)
        if key.endswith((".xml", ".rels")):
            refuse_other_encodings(content)
        return content

    def put(self, name: str, content: bytes) -> None:
        """Change a part, or add one."""
        key = name.lower()
        self._names.setdefault(key, name)
        self._removed.discard(key)
        self._changed[key] = content

    def put_stream(self, name: str, stream: Stream, *, is_ours: bool = False) -> None:
        """Change a part while it is written; one that is ours from beginning to end is not looked through again."""
        self._streams[name.lower()] = stream
        if is_ours:
            self._trusted.add(name.lower())

    def remove(self, name: str) -> None:
        """Leave a part out."""
        self._removed.add(name.lower())
        self._changed.pop(name.lower(), None)

    def names(self) -> list[str]:
        """Return the names of all parts there are now."""
        return [name for key, name in self._names.items() if key not in self._removed]

    def free_name(self, pattern: str) -> str:
        """Return a name that no part has; `pattern` has a place for a number."""
        number = 1
        while self.has(pattern.format(number)):
            number += 1
        return pattern.format(number)

    def links(self, part: str) -> list[Link]:
        """Return what a part refers to; `""` is the workbook's file itself."""
        name = links_name(part)
        if not self.has(name):
            return []
        xml = self.read(name)
        return [_link(part, attributes(xml, element)) for element in children(xml, root_of(xml))]

    def add_link(self, part: str, kind: str, target: str, *, namespace: str = OFFICE) -> str:
        """Let a part refer to another and return the relationship's id."""
        name = links_name(part)
        taken = {link.link_id for link in self.links(part)}
        number = 1
        while f"rId{number}" in taken:
            number += 1
        if not self.has(name):
            self.declare_ending(
                "rels", _LINKS_TYPE
            )  # old versions of LibreOffice state it for each part alone
        xml = self.read(name) if self.has(name) else _NO_LINKS
        root = root_of(xml)
        path = posixpath.relpath("/" + target, "/" + posixpath.dirname(part))
        fragment = b'<Relationship Id="rId%d" Type="%s/%s" Target="%s"/>' % (
            *(number, namespace.encode(), kind.encode(), quoted(path)),
        )
        self.put(name, spliced(xml, [inserted_in(xml, root, prefixed(fragment, root.prefix))]))
        return f"rId{number}"

    def drop_links(self, part: str, targets: Iterable[str]) -> None:
        """Let a part no longer refer to others."""
        unwanted = {target.lower() for target in targets}
        name = links_name(part)
        if not self.has(name):
            return
        xml = self.read(name)
        edits = [
            (element.start, element.end, b"")
            for element in children(xml, root_of(xml))
            if _link(part, attributes(xml, element)).target.lower() in unwanted
        ]
        self.put(name, spliced(xml, edits))

    def declare(self, part: str, content_type: str) -> None:
        """State what a part holds; some programs leave a type behind for a part that is gone."""
        self._forget_types([part])
        self._add_type(b'<Override PartName="/%s" ContentType="%s"/>', part, content_type)

    def declare_ending(self, ending: str, content_type: str) -> None:
        """State what all parts with a file ending hold, unless that is stated already."""
        xml = self.read(CONTENT_TYPES)
        known = {
            attributes(xml, element).get("Extension", "").lower() for element in children(xml, root_of(xml))
        }
        if ending not in known:
            self._add_type(b'<Default Extension="%s" ContentType="%s"/>', ending, content_type)

    def _add_type(self, form: bytes, name: str, content_type: str) -> None:
        xml = self.read(CONTENT_TYPES)
        root = root_of(xml)
        fragment = prefixed(form % (quoted(name), content_type.encode()), root.prefix)
        self.put(CONTENT_TYPES, spliced(xml, [inserted_in(xml, root, fragment)]))

    def _forget_types(self, parts: Iterable[str]) -> None:
        xml = self.read(CONTENT_TYPES)
        declared = {f"/{part}".lower() for part in parts}
        edits = [
            (element.start, element.end, b"")
            for element in children(xml, root_of(xml))
            if attributes(xml, element).get("PartName", "").lower() in declared
        ]
        if edits:
            self.put(CONTENT_TYPES, spliced(xml, edits))

    def remove_with_belongings(self, part: str, owner: str) -> None:
        """Leave out a part of `owner` and everything that only it refers to, drawings and charts for example."""
        gone = self._belongings(part, owner)
        self.drop_links(owner, [part])
        self._forget_types([found for name in gone for found in (name, links_name(name))])
        for name in gone:
            self.remove(name)
            self.remove(links_name(name))

    def _belongings(self, part: str, owner: str) -> set[str]:
        gone = {part.lower()}
        waiting = [part]
        while waiting:
            for link in self.links(waiting.pop()):
                if link.target and link.target.lower() not in gone:
                    gone.add(link.target.lower())
                    waiting.append(link.target)
        kept = True
        while kept:  # what somebody else refers to stays, and so does what that refers to
            outside = {
                link.target.lower()
                for name in ["", *self.names()]
                if name.lower() not in gone
                for link in self.links(name)
                if (name.lower(), link.target.lower()) != (owner.lower(), part.lower())
            }
            kept = bool(gone & outside)
            gone -= outside
        return gone

    def write(self, file: BinaryIO, last: Callable[[], None]) -> None:
        """Write all parts. Streamed ones are written first; `last` is called after them, to change what depends on them."""
        writer = PackageWriter(file)
        types = self.read(CONTENT_TYPES)
        writer.add(
            CONTENT_TYPES, well_formed([types], CONTENT_TYPES)
        )  # programs that guess look at the first part
        for key, stream in self._streams.items():
            name = self._names[key]
            size = self.package.parts[key].unpacked_bytes if key in self.package.parts else 0
            made = stream()
            is_checked = size < _CHECKED_UP_TO and key not in self._trusted
            writer.add(name, well_formed(made, name) if is_checked else made)
        last()
        for key, name in self._names.items():
            if key in self._removed or key in self._streams or key == CONTENT_TYPES.lower():
                continue
            if key in self._changed:
                is_xml = name.endswith((".xml", ".rels"))
                content = [self._changed[key]]
                writer.add(name, well_formed(content, name) if is_xml else content)
            else:
                writer.copy(self.package, self.package.parts[key])
        writer.close()


def links_name(part: str) -> str:
    """Return the name of the part that says what another refers to."""
    if not part:
        return PACKAGE_LINKS
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _link(part: str, found: dict[str, str]) -> Link:
    target = found.get("Target", "")
    is_outside = (
        found.get("TargetMode", "").lower() == "external" or re.match(r"[\w+.-]+:", target) is not None
    )
    resolved = posixpath.normpath(posixpath.join("/" + posixpath.dirname(part), target)).lstrip("/")
    return Link(
        link_id=found.get("Id", ""),
        kind=found.get("Type", "").rpartition("/")[2],
        target="" if is_outside or not target else resolved,
    )


def only(found: Iterator[str] | Iterable[str], otherwise: str) -> str:
    """Return the one name there must be; `otherwise` is why the workbook is not added to."""
    names = list(found)
    if len(names) != 1:
        raise UnsafeToPatch(otherwise)
    return names[0]
