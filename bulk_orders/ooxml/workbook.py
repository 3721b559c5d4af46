"""What a workbook says about itself in its small parts: which sheets there are and where, and how dates count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from bulk_orders.errors import InputError
from bulk_orders.ooxml.links import Link, links_in, links_name, relationship_id
from bulk_orders.ooxml.xml_bytes import attributes, descendants, is_on, unescaped
from bulk_orders.ooxml.xml_check import read_xml
from bulk_orders.ooxml.xml_events import SAVE_AGAIN_FIX
from bulk_orders.ooxml.zip_package import PART_MISSING, Package

WORKBOOK: Final = "xl/workbook.xml"
STYLES: Final = "xl/styles.xml"
SHARED_TEXTS: Final = "xl/sharedStrings.xml"
"""Where nearly every program puts them, and where python-calamine looks for them."""
CONTENT_TYPES: Final = "[Content_Types].xml"
_MAIN_TYPES: Final = frozenset(
    f"application/vnd.{kind}.main+xml"
    for kind in (
        "openxmlformats-officedocument.spreadsheetml.sheet",
        "openxmlformats-officedocument.spreadsheetml.template",
        "ms-excel.sheet.macroEnabled",
        "ms-excel.template.macroEnabled",
    )
)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class BookParts:
    """Where a workbook has its parts: where its relationships say, whatever the parts are called."""

    main: str
    styles: str
    """Empty where there are none, like that of the texts."""
    shared_texts: str
    sheets: tuple[BookSheet, ...]
    counts_from_1904: bool
    is_calculated: bool
    names: tuple[tuple[str, str], ...]
    """What people named, each with the formula it stands for."""


def main_part(package: Package) -> str:
    """Return the name of the workbook's own part; nothing where there is none. Raises `InputError` for two."""
    linked = [link.target for link in _links(package, "") if link.kind == "officeDocument"]
    declared = [
        attributes(types, element).get("PartName", "").lstrip("/")
        for types in ([read_xml(package, CONTENT_TYPES)] if package.has(CONTENT_TYPES) else [])
        for element in descendants(types, "Override")
        if attributes(types, element).get("ContentType", "") in _MAIN_TYPES
    ]
    found = dict.fromkeys(_known(package, name) for name in linked or declared or [WORKBOOK])
    if len(found) > 1:
        raise InputError("The file contains more than one workbook.", fix=SAVE_AGAIN_FIX)
    return next(iter(found))


def book_parts(package: Package, main: str) -> BookParts:
    """Return where the workbook with this own part has its other parts; chart and dialog sheets are left out.

    Raises `InputError` where a sheet or a part could be two or is missing.
    """
    links = _links(package, main)
    by_id = {link.link_id: link for link in links}
    if len(by_id) < len(links):
        raise InputError("The workbook gives the same relationship id twice.", fix=SAVE_AGAIN_FIX)
    xml = read_xml(package, main)
    sheets = []
    for element in descendants(xml, "sheet"):
        entry = sheet_entry(attributes(xml, element))
        link = by_id.get(entry.link_id)
        if link is None or link.kind != "worksheet":
            continue
        if not link.target:
            raise InputError("A sheet of the workbook is outside the workbook.", fix=SAVE_AGAIN_FIX)
        part = _known(package, link.target) or link.target
        sheets.append(BookSheet(name=entry.name, part=part, is_visible=entry.is_visible))
    if len({sheet.name.casefold() for sheet in sheets}) < len(sheets):
        raise InputError("The workbook has two sheets of the same name.", fix=SAVE_AGAIN_FIX)
    return BookParts(
        main=main,
        styles=_only_part(package, links, "styles"),
        shared_texts=_only_part(package, links, "sharedStrings"),
        sheets=tuple(sheets),
        counts_from_1904=counts_from_1904(xml),
        is_calculated=is_calculated(xml),
        names=tuple(
            (attributes(xml, element).get("name", ""), unescaped(xml[element.inner : element.inner_end]))
            for element in descendants(xml, "definedName")
        ),
    )


def _only_part(package: Package, links: Sequence[Link], kind: str) -> str:
    """Return the name of the one part of a kind, without which cells show something else; nothing where none is named."""
    named = [link.target for link in links if link.kind == kind]
    found = {target: _known(package, target) for target in named}
    for target, part in found.items():
        if not part:
            raise InputError(PART_MISSING.format(part=target or kind), fix=SAVE_AGAIN_FIX)
    if len(set(found.values())) > 1:
        parts = " and ".join(sorted(set(found.values())))
        raise InputError(
            "The workbook has two parts for the same thing: {parts}.".format(parts=parts), fix=SAVE_AGAIN_FIX
        )
    return next(iter(found.values()), "")


def _links(package: Package, part: str) -> list[Link]:
    name = links_name(part)
    return links_in(read_xml(package, name), part) if package.has(name) else []


def _known(package: Package, target: str) -> str:
    """Return the name of a part that a relationship leads to; nothing where there is none."""
    return next((name for name in (target, unquote(target)) if name and package.has(name)), "")


def counts_from_1904(xml: bytes) -> bool:
    """Tell whether the dates of a workbook are counted from 1904, as Excel once did on the Mac."""
    told = [attributes(xml, element).get("date1904") for element in descendants(xml, "workbookPr")]
    return is_on(told[-1]) if told else False


def is_calculated(xml: bytes) -> bool:
    """Tell whether the saved results of a workbook's formulas are those that Excel would show.

    A program that does not calculate writes 0, or what was there before, and asks Excel to calculate when it opens the
    workbook. Excel asks for it no more once it has.
    """
    told = [attributes(xml, element) for element in descendants(xml, "calcPr")]
    return not any(
        is_on(about.get("fullCalcOnLoad")) or about.get("calcCompleted") in {"0", "false"} for about in told
    )


def linked_part(package: Package, part: str, kind: str) -> str:
    """Return the name of the first part that another refers to in this way; nothing where there is none."""
    target = next((link.target for link in _links(package, part) if link.kind == kind and link.target), "")
    return _known(package, target)


def runs_macros(package: Package, main: str) -> bool:
    """Tell whether a workbook has macros, under whatever names."""
    linked = {link.kind for link in _links(package, main)}
    return bool(linked & {"vbaProject", "xlMacrosheet"}) or any(map(has_macros, package.parts))


def has_macros(part: str) -> bool:
    """Tell whether a part, by its name, holds macros."""
    return part.lower().endswith("vbaproject.bin") or part.lower().startswith("xl/macrosheets/")
