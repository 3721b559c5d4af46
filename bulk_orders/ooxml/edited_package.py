"""A workbook that is being changed: its parts, what became of some of them, and how parts refer to one another.

Parts that nobody touches are copied byte for byte when it is written.
"""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import BinaryIO, Final

from bulk_orders.errors import InputError, UnsafeToPatch
from bulk_orders.ooxml.links import OFFICE, Link, link_of, links_in, links_name
from bulk_orders.ooxml.workbook import CONTENT_TYPES
from bulk_orders.ooxml.xml_bytes import (
    attributes,
    children,
    inserted_in,
    is_utf8,
    prefixed,
    quoted,
    root_of,
    spliced,
)
from bulk_orders.ooxml.xml_check import well_formed
from bulk_orders.ooxml.zip_package import open_package
from bulk_orders.ooxml.zip_writer import PackageWriter

_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NO_LINKS: Final = (
    _DECLARATION
    + b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
_LINKS_TYPE: Final = "application/vnd.openxmlformats-package.relationships+xml"
_CHECKED_UP_TO: Final = 30_000_000
"""Larger parts are not parsed once more after they were changed; they have been read when the workbook was checked."""

_MOST_BYTES: Final = 30_000_000
"""Of a part that is read whole."""
_MOST_BYTES_OF_LINKS: Final = 4_000_000
_MOST_BYTES_OF_TYPES: Final = 400_000
_MOST_BYTES_OF_PROPERTIES: Final = 200_000

Stream = Callable[[], Iterable[bytes]]
PART_TOO_LARGE: Final = "its part {part} is very large"
NOT_UTF8: Final = "one of its parts is not in UTF-8"


class EditedPackage:
    """The parts of a workbook while they are changed."""

    def __init__(self, content: bytes) -> None:
        """Open the zip. Raises `UnsafeToPatch` if it cannot be copied part by part."""
        try:
            self._original = open_package(content)
        except InputError as error:
            raise UnsafeToPatch("it is not a whole .xlsx file") from error
        self._changed: dict[str, bytes] = {}
        self._streams: dict[str, Stream] = {}
        self._trusted: set[str] = set()
        self._removed: set[str] = set()
        self._names: dict[str, str] = {key: part.name for key, part in self._original.parts.items()}
        self._links: dict[str, list[Link]] = {}

    def has(self, name: str) -> bool:
        """Tell whether there is such a part now."""
        return name.lower() in self._names and name.lower() not in self._removed

    def read(self, name: str) -> bytes:
        """Return a part as it is now. Raises `UnsafeToPatch` if it is missing, damaged, too large or not UTF-8."""
        key = name.lower()
        if key in self._changed:
            return self._changed[key]
        part = self._original.parts.get(key)
        if part is not None and part.unpacked_bytes > _most_bytes(key):
            raise UnsafeToPatch(PART_TOO_LARGE.format(part=part.name))
        content = b"".join(self.chunks(name))
        if key.endswith((".xml", ".rels")) and not is_utf8(content):
            raise UnsafeToPatch(NOT_UTF8)
        return content

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a part as it was before it was changed, about 1 MiB at a time.

        Raises `UnsafeToPatch` if it is missing or damaged.
        """
        if not self._original.has(name):
            raise UnsafeToPatch("it lacks its part {part}".format(part=name))
        try:
            yield from self._original.chunks(name)
        except InputError as error:
            raise UnsafeToPatch("its part {part} is damaged".format(part=name)) from error

    def put(self, name: str, content: bytes) -> None:
        """Change a part, or add one."""
        key = name.lower()
        self._names.setdefault(key, name)
        self._removed.discard(key)
        self._links.pop(key, None)
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
        key = name.lower()
        if key not in self._links:
            self._links[key] = links_in(self.read(name), part)
        return self._links[key]

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
            if link_of(part, attributes(xml, element)).target.lower() in unwanted
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
        lead = {
            name.lower(): {link.target.lower() for link in self.links(name) if link.target}
            for name in ["", *self.names()]
        }
        lead[owner.lower()] = lead.get(owner.lower(), set()) - {part.lower()}
        gone = _reached([part.lower()], lead)
        outside = {target for name, targets in lead.items() if name not in gone for target in targets}
        return gone - _reached(
            outside, lead
        )  # what somebody else refers to stays, and so does what that refers to

    def write(self, file: BinaryIO, last: Callable[[], None]) -> None:
        """Write all parts. Streamed ones are written first; `last` is called after them, to change what depends on them."""
        writer = PackageWriter(file)
        types = self.read(CONTENT_TYPES)
        writer.add(
            CONTENT_TYPES, well_formed([types], CONTENT_TYPES)
        )  # programs that guess look at the first part
        for key, stream in self._streams.items():
            name = self._names[key]
            size = self._original.parts[key].unpacked_bytes if key in self._original.parts else 0
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
                writer.copy(self._original, self._original.parts[key])
        writer.close()


def _reached(start: Iterable[str], lead: Mapping[str, set[str]]) -> set[str]:
    """Return these parts and all that they lead to."""
    found = set(start)
    waiting = list(found)
    while waiting:
        new = lead.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _most_bytes(key: str) -> int:
    """Return how large a part may be that is read whole; what is taken apart again for each change may be less."""
    if key == CONTENT_TYPES.lower():
        return _MOST_BYTES_OF_TYPES
    if key.startswith("docprops/"):
        return _MOST_BYTES_OF_PROPERTIES
    return _MOST_BYTES_OF_LINKS if key.endswith(".rels") else _MOST_BYTES
