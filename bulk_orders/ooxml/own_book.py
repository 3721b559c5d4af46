"""Somebody's workbook as a whole, opened to be added to: its sheets, its names, and what forbids touching it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bulk_orders.errors import UnsafeToPatch
from bulk_orders.ooxml.active_content import active_content
from bulk_orders.ooxml.cleaning import sheet_name
from bulk_orders.ooxml.edited_package import EditedPackage
from bulk_orders.ooxml.links import OFFICE
from bulk_orders.ooxml.properties import Properties
from bulk_orders.ooxml.styles import NO_STYLES, Styles
from bulk_orders.ooxml.workbook import CONTENT_TYPES, counts_from_1904, sheet_entry
from bulk_orders.ooxml.xml_bytes import (
    Edit,
    Element,
    attributes,
    children,
    escaped,
    inserted_in,
    is_on,
    place_for,
    prefixed,
    quoted,
    root_of,
    spliced,
    tag_attributes,
    with_attribute,
)

_MAIN: Final = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORKBOOK_TYPE: Final = "spreadsheetml.sheet.main+xml"
_STYLES_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_ORDER: Final = (
    *(
        "fileVersion",
        "fileSharing",
        "workbookPr",
        "workbookProtection",
        "bookViews",
        "sheets",
        "functionGroups",
    ),
    *("externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches"),
    *("smartTagPr", "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst"),
)
_SIGNED: Final = "it is signed digitally"
_SHARED: Final = "it is shared in Excel's old way, which keeps a log of changes"
_FORBIDDEN: Final = (
    ("_xmlsignatures/", _SIGNED),
    ("xl/revisions/", _SHARED),
    ("xl/usernames.xml", _SHARED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPart:
    """A sheet of the workbook."""

    name: str
    part: str
    number: str
    """What the workbook calls it by in other parts, whatever its place."""
    position: int
    """Among all sheets, from 0."""
    is_worksheet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedSheet:
    """A sheet of ours."""

    name: str
    part: str
    names: tuple[tuple[dict[str, str], str], ...] = ()
    """Names that belong to it: attributes and what they stand for."""


_ODD_SHEET_LIST: Final = "its list of sheets is written in an unusual way"


class OwnBook:
    """A workbook that is added to."""

    def __init__(self, source: bytes) -> None:
        """Open the workbook. Raises `UnsafeToPatch` with the reason if it must not be touched."""
        self.package = EditedPackage(source)
        self._refuse()
        self.main = self._main()
        self._xml = self.package.read(self.main)
        self._root = root_of(self._xml)
        self._found = children(self._xml, self._root)
        self._by_name = {element.name: element for element in self._found}
        self._refuse_protection()
        self.sheets = self._sheets()
        self.properties = Properties(self.package)
        self.styles_part, self.styles = self._styles()
        self._removed: set[str] = set()

    def _refuse(self) -> None:
        reason = active_content(self.package)
        if reason:
            raise UnsafeToPatch(reason)
        for name in self.package.names():
            for start, reason in _FORBIDDEN:
                if name.lower().startswith(start):
                    raise UnsafeToPatch(reason)
        types = self.package.read(CONTENT_TYPES)
        if _WORKBOOK_TYPE.encode() not in types:
            raise UnsafeToPatch("it is a template or has macros: not an ordinary .xlsx workbook")
        if any(link.kind == "origin" for link in self.package.links("")):
            raise UnsafeToPatch(_SIGNED)

    def _main(self) -> str:
        found = [link.target for link in self.package.links("") if link.kind == "officeDocument"]
        if len(found) != 1:
            raise UnsafeToPatch("it does not contain exactly one workbook")
        return found[0]

    def _refuse_protection(self) -> None:
        if b'"' + _MAIN + b'"' not in self._xml and b"'" + _MAIN + b"'" not in self._xml:
            raise UnsafeToPatch("it is saved as Strict Open XML")
        if "AlternateContent" in self._by_name and "sheets" not in self._by_name:
            raise UnsafeToPatch(_ODD_SHEET_LIST)
        element = self._by_name.get("workbookProtection")
        about = attributes(self._xml, element) if element else {}
        if is_on(about.get("lockStructure")) and {"workbookPassword", "workbookHashValue"} & about.keys():
            raise UnsafeToPatch("its structure is protected with a password")

    def _sheets(self) -> tuple[SheetPart, ...]:
        if "sheets" not in self._by_name:
            raise UnsafeToPatch(_ODD_SHEET_LIST)
        links = {link.link_id: link for link in self.package.links(self.main)}
        found = []
        for position, element in enumerate(children(self._xml, self._by_name["sheets"])):
            entry = sheet_entry(attributes(self._xml, element))
            link = links.get(entry.link_id)
            if link is None or not self.package.has(link.target):
                raise UnsafeToPatch("its sheet {sheet} is missing".format(sheet=entry.name))
            found.append(
                SheetPart(
                    name=entry.name,
                    part=link.target,
                    number=entry.number,
                    position=position,
                    is_worksheet=link.kind == "worksheet",
                )
            )
        if len({sheet.part.lower() for sheet in found}) < len(found):
            raise UnsafeToPatch(_ODD_SHEET_LIST)
        return tuple(found)

    def _styles(self) -> tuple[str, Styles]:
        parts = [link.target for link in self.package.links(self.main) if link.kind == "styles"]
        if parts:
            return parts[0], Styles(self.package.read(parts[0]))
        name = self.package.free_name("xl/styles{}.xml")
        self.package.put(name, NO_STYLES)
        self.package.declare(name, _STYLES_TYPE)
        self.package.add_link(self.main, "styles", name)
        return name, Styles(NO_STYLES)

    @property
    def counts_from_1904(self) -> bool:
        """Whether day 0 is in 1904, as on old Macs."""
        return counts_from_1904(self._xml)

    @property
    def defined_names(self) -> set[str]:
        """The workbook's own names, without those that belong to one sheet."""
        return {about.get("name", "") for about, _ in self._names() if "localSheetId" not in about}

    def sheet(self, name: str) -> SheetPart:
        """Return the worksheet with a name. Raises `UnsafeToPatch` if there is none."""
        for sheet in self.sheets:
            if sheet.name == name and sheet.is_worksheet:
                return sheet
        raise UnsafeToPatch("its sheet {sheet} was not found".format(sheet=name))

    def first_chunk(self, sheet: SheetPart) -> bytes:
        """Return the beginning of a sheet's part."""
        return b"".join(islice(self.package.chunks(sheet.part), 1))

    def remove(self, names: Iterable[str]) -> None:
        """Take sheets away, with what belongs to them alone."""
        for sheet in self.sheets:
            if sheet.name in set(names):
                self._removed.add(sheet.name)
                self.package.remove_with_belongings(sheet.part, self.main)

    def kept_sheets(self) -> tuple[SheetPart, ...]:
        """Return the sheets that stay."""
        return tuple(sheet for sheet in self.sheets if sheet.name not in self._removed)

    def free_sheet_name(self, wished: str, besides: Iterable[str] = ()) -> str:
        """Return the name, with a number if a sheet has it already."""
        return sheet_name(wished, [*(sheet.name for sheet in self.kept_sheets()), *besides])

    def sheet_part(self, xml: bytes) -> str:
        """Add a sheet's part."""
        name = self.package.free_name("xl/worksheets/sheet{}.xml")
        self.package.put(name, xml)
        self.package.declare(name, _SHEET_TYPE)
        return name

    def finish(
        self,
        first: Iterable[AddedSheet],
        last: Iterable[AddedSheet],
        filters: Mapping[str, str],
        repeated: Mapping[str, str],
    ) -> None:
        """Write the workbook's own part: our sheets in front and behind, the first one shown.

        By the sheet's name, `filters` are the ranges of sheets' own filters that have changed, and `repeated` the columns
        to be printed on every page beside the rows that are.
        """
        kept = self.kept_sheets()
        first, last = tuple(first), tuple(last)
        moved = {sheet.position: position for position, sheet in enumerate(kept, start=len(first))}
        where = {sheet.name: position for position, sheet in enumerate(first)}
        where |= {sheet.name: len(first) + len(kept) + position for position, sheet in enumerate(last)}
        edits = [self._sheet_list(first, last, kept)]
        edits.extend(self._views(bool(first)))
        edits.extend(self._name_list((*first, *last), moved, where, filters, repeated))
        self.package.put(self.main, spliced(self._xml, edits))

    def _sheet_list(
        self, first: tuple[AddedSheet, ...], last: tuple[AddedSheet, ...], kept: tuple[SheetPart, ...]
    ) -> Edit:
        element = self._by_name["sheets"]
        entries = children(self._xml, element)
        about = [attributes(self._xml, entries[sheet.position]) for sheet in kept]
        used = [int(sheet.get("sheetId", "0")) for sheet in about]
        numbers = iter(range(max(used, default=0) + 1, max(used, default=0) + 1 + len(first) + len(last)))
        written = [self._entry(sheet, next(numbers)) for sheet in first]
        written += [self._xml[entries[sheet.position].start : entries[sheet.position].end] for sheet in kept]
        written += [self._entry(sheet, next(numbers)) for sheet in last]
        return element.inner, element.inner_end, b"".join(written)

    def _entry(self, sheet: AddedSheet, number: int) -> bytes:
        link_id = self.package.add_link(self.main, "worksheet", sheet.part)
        return b'<%ssheet xmlns:r="%s" name="%s" sheetId="%d" r:id="%s"/>' % (
            self._root.prefix,
            OFFICE.encode(),
            quoted(sheet.name),
            number,
            link_id.encode(),
        )

    def _views(self, has_new_front: bool) -> Iterator[Edit]:
        element = self._by_name.get("bookViews")
        if element is None or not has_new_front:
            return
        for view in children(self._xml, element):
            tag = self._xml[view.start : view.inner]
            for name in ("activeTab", "firstSheet"):
                if name in tag_attributes(tag):
                    tag = with_attribute(tag, name, None)
            yield view.start, view.inner, tag

    def _names(self) -> list[tuple[dict[str, str], Element]]:
        element = self._by_name.get("definedNames")
        if element is None:
            return []
        return [(attributes(self._xml, name), name) for name in children(self._xml, element)]

    def _name_list(
        self,
        added: tuple[AddedSheet, ...],
        moved: Mapping[int, int],
        where: Mapping[str, int],
        filters: Mapping[str, str],
        repeated: Mapping[str, str],
    ) -> Iterator[Edit]:
        positions = {sheet.position: sheet.name for sheet in self.sheets}
        waiting = dict(filters)
        for about, element in self._names():
            tag = self._xml[element.start : element.inner]
            place = about.get("localSheetId")
            if place is not None and place.isdigit():
                if int(place) not in moved:
                    yield element.start, element.end, b""
                    continue
                tag = with_attribute(tag, "localSheetId", str(moved[int(place)]))
                yield element.start, element.inner, tag
                sheet = positions[int(place)]
                if about.get("name") == "_xlnm._FilterDatabase" and sheet in waiting:
                    yield element.inner, element.inner_end, _absolute(sheet, waiting.pop(sheet))
                is_of_rows = b"," not in self._xml[element.inner : element.inner_end]
                if about.get("name") == "_xlnm.Print_Titles" and sheet in repeated and is_of_rows:
                    yield element.inner, element.inner, escaped(f"{in_quotes(sheet)}!{repeated[sheet]},")
        fragments = [
            self._name({**about, "localSheetId": str(where[sheet.name])}, escaped(text))
            for sheet in added
            for about, text in sheet.names
        ]
        by_name = {positions[old]: new for old, new in moved.items()}
        for sheet, reference in waiting.items():
            about = {"name": "_xlnm._FilterDatabase", "localSheetId": str(by_name[sheet]), "hidden": "1"}
            fragments.append(self._name(about, _absolute(sheet, reference)))
        if not fragments:
            return
        written = prefixed(b"".join(fragments), self._root.prefix)
        if "definedNames" in self._by_name:
            yield inserted_in(self._xml, self._by_name["definedNames"], written)
        else:
            at = place_for(self._found, "definedNames", _ORDER, self._root.inner_end)
            tag = self._root.prefix + b"definedNames"
            yield at, at, b"<%s>%s</%s>" % (tag, written, tag)

    @staticmethod
    def _name(about: Mapping[str, str], text: bytes) -> bytes:
        written = b"".join(b' %s="%s"' % (name.encode(), quoted(value)) for name, value in about.items())
        return b"<definedName%s>%s</definedName>" % (written, text)


def in_quotes(sheet: str) -> str:
    """Return a sheet's name as a reference writes it."""
    return "'" + sheet.replace("'", "''") + "'"


def _absolute(sheet: str, reference: str) -> bytes:
    cells = re.sub(r"([A-Z]+)([0-9]+)", r"$\1$\2", reference)
    return escaped(f"{in_quotes(sheet)}!{cells}")


__all__ = ["AddedSheet", "OwnBook", "SheetPart", "in_quotes"]
