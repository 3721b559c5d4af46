"""Moves sheets of a workbook that XlsxWriter has written into somebody's workbook, with their styles, charts and names."""

import posixpath
import re
from typing import Final

from bulk_orders.ooxml.edited_package import EditedPackage
from bulk_orders.ooxml.own_book import AddedSheet, OwnBook, in_quotes
from bulk_orders.ooxml.workbook import CONTENT_TYPES, STYLES, WORKBOOK, sheet_entry
from bulk_orders.ooxml.xml_bytes import attributes, children, root_of

_STYLED: Final = re.compile(rb'(<(?:c|row)\s[^<>]*?\ss="|<col\s[^<>]*?\sstyle=")(\d+)"')
_NUMBERED: Final = re.compile(r"^(.*?)\d*(\.\w+)$")
_IN_FRONT: Final = b' tabSelected="1"'


class MovedSheets:
    """The sheets of a workbook of ours, of which some move into another."""

    def __init__(self, book: OwnBook, scratch: bytes) -> None:
        self._book = book
        self._from = EditedPackage(scratch)
        self.styles = book.styles.take_over(self._from.read(STYLES))
        """The other workbook's styles by those in this one."""
        xml = self._from.read(WORKBOOK)
        found = {element.name: element for element in children(xml, root_of(xml))}
        links = {link.link_id: link.target for link in self._from.links(WORKBOOK)}
        sheets = [sheet_entry(attributes(xml, element)) for element in children(xml, found["sheets"])]
        self._parts = {sheet.name: links[sheet.link_id] for sheet in sheets}
        self._positions = {str(position): sheet.name for position, sheet in enumerate(sheets)}
        self._names = [
            (attributes(xml, element), xml[element.inner : element.inner_end].decode())
            for element in (children(xml, found["definedNames"]) if "definedNames" in found else ())
        ]

    def sheet(self, name: str) -> bytes:
        """Return a sheet's part with its styles as they are in the other workbook."""
        xml = self._from.read(self._parts[name])
        return _STYLED.sub(lambda tag: b'%s%d"' % (tag[1], self.styles[int(tag[2])]), xml)

    def move(self, name: str, *, called: str, xml: bytes | None = None, in_front: bool = False) -> AddedSheet:
        """Add a sheet to the other workbook, with everything it refers to; `xml` is its part if it was changed since."""
        content = (xml if xml is not None else self.sheet(name)).replace(_IN_FRONT, b"")
        if in_front:
            content = content.replace(b"<sheetView ", b'<sheetView tabSelected="1" ', 1)
        part = self._book.sheet_part(content)
        self._bring(self._parts[name], part, name, called)
        names = tuple(
            (about, text.replace(f"{name}!", f"{in_quotes(called)}!"))
            for about, text in self._names
            if self._positions.get(about.get("localSheetId", "")) == name
        )
        return AddedSheet(name=called, part=part, names=names)

    def _bring(self, old: str, new: str, name: str, called: str) -> None:
        """Copy what a part refers to, under names that are free in the other workbook."""
        package = self._book.package
        for link in self._from.links(old):
            folder, file = posixpath.split(link.target)
            form = _NUMBERED.sub(r"\1{}\2", file)
            target = package.free_name(posixpath.join(folder, form))
            content = self._from.read(link.target)
            if called != name:
                content = content.replace(f"{name}!$".encode(), f"{in_quotes(called)}!$".encode())
            package.put(target, content)
            package.declare(target, self._type_of(link.target))
            new_id = package.add_link(new, link.kind, target)
            if new_id != link.link_id:
                raise AssertionError(f"{old} does not number its links from 1")
            self._bring(link.target, target, name, called)

    def _type_of(self, part: str) -> str:
        xml = self._from.read(CONTENT_TYPES)
        for element in children(xml, root_of(xml)):
            about = attributes(xml, element)
            if about.get("PartName", "").lower() == f"/{part}".lower():
                return about["ContentType"]
        raise AssertionError(f"{part} has no type")
