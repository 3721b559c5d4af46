"""What a workbook says of itself in its small parts: which sheets there are and where, and how dates count."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bulk_orders.errors import InputError
from bulk_orders.ooxml.links import links_in, links_name, relationship_id
from bulk_orders.ooxml.xml_bytes import attributes, descendants, is_on
from bulk_orders.ooxml.xml_check import read_xml
from bulk_orders.ooxml.zip_package import Package
from bulk_orders.texts import reading_files as words

WORKBOOK: Final = "xl/workbook.xml"
STYLES: Final = "xl/styles.xml"
SHARED_TEXTS: Final = "xl/sharedStrings.xml"
"""Where every program puts them, and where python-calamine looks for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetEntry:
    """A sheet as the workbook lists it."""

    name: str
    link_id: str
    number: str
    """What the workbook calls it by in other parts, whatever its place."""
    is_visible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSheet:
    """A worksheet, and where it is."""

    name: str
    part: str
    is_visible: bool


def sheet_entry(about: Mapping[str, str]) -> SheetEntry:
    """Return the sheet whose entry in the list has these attributes."""
    return SheetEntry(
        name=about.get("name", ""),
        link_id=relationship_id(about),
        number=about.get("sheetId", ""),
        is_visible=about.get("state", "visible") == "visible",
    )


def book_sheets(package: Package) -> tuple[BookSheet, ...]:
    """Return the worksheets in the workbook's order; chart and dialog sheets are left out."""
    links = links_in(read_xml(package, links_name(WORKBOOK)), WORKBOOK)
    targets = {link.link_id: link.target for link in links if link.kind == "worksheet"}
    if not all(targets.values()):
        raise InputError(words.SHEET_OUTSIDE, fix=words.SAVE_AGAIN_FIX)
    xml = read_xml(package, WORKBOOK)
    entries = (sheet_entry(attributes(xml, element)) for element in descendants(xml, "sheet"))
    return tuple(
        BookSheet(name=entry.name, part=targets[entry.link_id], is_visible=entry.is_visible)
        for entry in entries
        if entry.link_id in targets
    )


def counts_from_1904(xml: bytes) -> bool:
    """Whether the dates of a workbook are counted from 1904, as Excel once did on the Mac."""
    told = [attributes(xml, element).get("date1904") for element in descendants(xml, "workbookPr")]
    return is_on(told[-1]) if told else False


def linked_part(package: Package, part: str, kind: str) -> str:
    """Return the name of the first part that another refers to in this way; nothing where there is none."""
    name = links_name(part)
    links = links_in(read_xml(package, name), part) if package.has(name) else []
    target = next((link.target for link in links if link.kind == kind and link.target), "")
    return target if package.has(target) else ""


def has_macros(part: str) -> bool:
    """Whether a part, by its name, holds macros."""
    return part.lower().endswith("vbaproject.bin") or part.lower().startswith("xl/macrosheets/")
