"""What Excel would repair in the workbook's own parts: sheets, names, styles, the list of formulas, properties."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from ooxml.repairs.package import MAIN, OFFICE, Opened, order_faults
from ooxml.repairs.places import area_of

_WORKBOOK_ORDER = (
    *("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets"),
    *("functionGroups", "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews"),
    *("pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects"),
    "extLst",
)
_STYLE_ORDER = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs"),
    *("cellStyles", "dxfs", "tableStyles", "colors", "extLst"),
)
_XF_ORDER = ("alignment", "protection", "extLst")
_DXF_ORDER = ("font", "numFmt", "fill", "alignment", "border", "protection", "extLst")
_FIRST_OWN_FORMAT = 164
_NO_REFERENCE = re.compile(r'"(?:[^"]|"")*"|#REF!')
_SHEETS = re.compile(r"'((?:[^']|'')+)'!|([^\W\d][\w.]*(?::[^\W\d][\w.]*)?)!")
_MOST_STYLES = 65_490
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]|^'|'$")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One entry of the workbook's list of sheets."""

    name: str
    part: str
    number: str
    """Its sheetId."""
    is_worksheet: bool
    is_visible: bool


@dataclass(frozen=True, kw_only=True)
class Styles:
    """How many styles there are for cells, and for what changes their look."""

    cells: int
    changes: int


def sheets_of(opened: Opened) -> list[Sheet]:
    root = opened.tree(opened.main)
    assert root is not None
    kinds = {link.link_id: link.kind for link in opened.links(opened.main)}
    return [
        Sheet(
            name=entry.get("name", ""),
            part=opened.target(opened.main, entry.get(f"{OFFICE}id")),
            number=entry.get("sheetId", ""),
            is_worksheet=kinds.get(entry.get(f"{OFFICE}id", "")) == "worksheet",
            is_visible=entry.get("state", "visible") == "visible",
        )
        for entry in root.iterfind(f"{MAIN}sheets/{MAIN}sheet")
    ]


def styles_of(opened: Opened) -> Styles:
    root = next((opened.tree(part) for part in opened.linked(opened.main, "styles")), None)
    if root is None:
        return Styles(cells=1, changes=0)
    return Styles(
        cells=len(root.findall(f"{MAIN}cellXfs/{MAIN}xf")), changes=len(root.findall(f"{MAIN}dxfs/{MAIN}dxf"))
    )


def book_faults(opened: Opened) -> Iterator[str]:
    root = opened.tree(opened.main)
    assert root is not None
    sheets = sheets_of(opened)
    yield from order_faults(opened.main, root, _WORKBOOK_ORDER, many=frozenset())
    yield from _sheet_list_faults(opened, root, sheets)
    yield from _name_faults(root, sheets)
    yield from _style_faults(opened)
    yield from _formula_list_faults(opened, sheets)
    yield from _property_faults(opened)
    yield from _pivot_faults(opened, root, sheets)


def _sheet_list_faults(opened: Opened, root: Element, sheets: list[Sheet]) -> Iterator[str]:
    for what, values in (
        ("name", [sheet.name.casefold() for sheet in sheets]),
        ("number", [sheet.number for sheet in sheets]),
        ("part", [sheet.part for sheet in sheets]),
    ):
        yield from (
            f"two sheets have the {what} {value}" for value, found in Counter(values).items() if found > 1
        )
    for sheet in sheets:
        if not 0 < len(sheet.name) <= 31 or _FORBIDDEN.search(sheet.name):
            yield f"no sheet can be called {sheet.name!r}"
    if not any(sheet.is_visible for sheet in sheets):
        yield "no sheet is visible"
    for view in root.iterfind(f"{MAIN}bookViews/{MAIN}workbookView"):
        for name in ("activeTab", "firstSheet"):
            if int(view.get(name, "0")) >= len(sheets):
                yield f"{name} is {view.get(name)}, of {len(sheets)} sheets"
    selected = [
        sheet.name
        for sheet in sheets
        if (tree := opened.tree(sheet.part)) is not None
        and any(
            view.get("tabSelected") in {"1", "true"}
            for view in tree.iterfind(f"{MAIN}sheetViews/{MAIN}sheetView")
        )
    ]
    if len(selected) > 1:
        yield f"whoever types writes into several sheets at once: {', '.join(selected)}"


def sheets_named(formula: str) -> set[str]:
    """The sheets of this workbook that a formula refers to."""
    found = set()
    for quoted, plain in _SHEETS.findall(_NO_REFERENCE.sub(" ", formula)):
        name = quoted.replace("''", "'") or plain
        if "[" not in name and "]" not in name and not re.match(r"\w+\.\w{3,4}$", name):
            found |= set(name.split(":"))
    return found


def _name_faults(root: Element, sheets: list[Sheet]) -> Iterator[str]:
    known = {sheet.name.casefold() for sheet in sheets}
    entries = root.findall(f"{MAIN}definedNames/{MAIN}definedName")
    keys = Counter((entry.get("name", "").casefold(), entry.get("localSheetId")) for entry in entries)
    yield from (
        f"the name {name} is there {number} times" for (name, _), number in keys.items() if number > 1
    )
    for entry in entries:
        place = entry.get("localSheetId")
        if place is not None and int(place) >= len(sheets):
            yield f"the name {entry.get('name')} belongs to sheet {place}, of {len(sheets)}"
        for sheet in sheets_named(entry.text or ""):
            if sheet.casefold() not in known:
                yield f"the name {entry.get('name')} refers to the sheet {sheet}, which is missing"


def _style_faults(opened: Opened) -> Iterator[str]:
    for part in opened.linked(opened.main, "styles"):
        root = opened.tree(part)
        if root is None:
            continue
        yield from order_faults(part, root, _STYLE_ORDER, many=frozenset())
        for group in root:
            yield from _count_faults(part, group)
        formats = {entry.get("numFmtId", "") for entry in root.iterfind(f"{MAIN}numFmts/{MAIN}numFmt")}
        sizes = {
            name: len(root.findall(f"{MAIN}{group}/*"))
            for name, group in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"))
        }
        bases = len(root.findall(f"{MAIN}cellStyleXfs/{MAIN}xf"))
        for group in ("cellStyleXfs", "cellXfs"):
            entries = root.findall(f"{MAIN}{group}/{MAIN}xf")
            if len(entries) > _MOST_STYLES:
                yield f"{part} has {len(entries)} styles"
            limits = sizes if group == "cellStyleXfs" else {**sizes, "xfId": max(bases, 1)}
            for number, entry in enumerate(entries):
                where = f"{part} {group} {number}"
                yield from order_faults(where, entry, _XF_ORDER, many=frozenset())
                yield from _xf_faults(where, entry, limits, formats)
        for number, entry in enumerate(root.iterfind(f"{MAIN}dxfs/{MAIN}dxf")):
            yield from order_faults(f"{part} dxf {number}", entry, _DXF_ORDER, many=frozenset())
        for entry in root.iterfind(f"{MAIN}cellStyles/{MAIN}cellStyle"):
            if int(entry.get("xfId", "0")) >= bases:
                yield f"{part}: the style {entry.get('name')} stands on {entry.get('xfId')}, which is missing"


def _xf_faults(where: str, entry: Element, sizes: dict[str, int], formats: set[str]) -> Iterator[str]:
    for name, size in sizes.items():
        if int(entry.get(name, "0")) >= size:
            yield f"{where}: {name} {entry.get(name)} is missing"
    form = entry.get("numFmtId", "0")
    if int(form) >= _FIRST_OWN_FORMAT and form not in formats:
        yield f"{where}: number format {form} is missing"


def _count_faults(part: str, group: Element) -> Iterator[str]:
    stated = group.get("count")
    if stated is not None and stated.isdigit() and int(stated) != len(group):
        yield f"{part}: {group.tag.rpartition('}')[2]} says {stated} and has {len(group)}"


def _formula_list_faults(opened: Opened, sheets: list[Sheet]) -> Iterator[str]:
    for part in opened.linked(opened.main, "calcChain"):
        root = opened.tree(part)
        if root is None:
            continue
        if not len(root):
            yield f"{part} lists no formula"
        cells = {sheet.number: _formula_cells(opened.tree(sheet.part)) for sheet in sheets}
        number = ""
        for entry in root.iterfind(f"{MAIN}c"):
            number = entry.get("i", number)
            if number not in cells:
                yield f"{part} lists a formula of sheet {number}, which is missing"
            elif entry.get("r", "") not in cells[number]:
                yield f"{part} lists {entry.get('r')} of sheet {number}, which has no formula"


def _formula_cells(root: Element | None) -> set[str]:
    """Cells with a formula of their own, or in the area of one."""
    found: set[str] = set()
    for cell in root.iter(f"{MAIN}c") if root is not None else ():
        formula = cell.find(f"{MAIN}f")
        if formula is not None:
            area = area_of(formula.get("ref", "")) if formula.get("t") in {"array", "dataTable"} else None
            found |= set(area.addresses()) if area else {cell.get("r", "")}
    return found


def _property_faults(opened: Opened) -> Iterator[str]:
    for part in opened.linked("", "custom-properties"):
        root = opened.tree(part)
        if root is None:
            continue
        numbers = Counter(entry.get("pid", "") for entry in root)
        names = Counter(entry.get("name", "").casefold() for entry in root)
        yield from (
            f"{part} has the number {value} {found} times" for value, found in numbers.items() if found > 1
        )
        yield from (f"{part} has {value} {found} times" for value, found in names.items() if found > 1)
        for entry in root:
            if int(entry.get("pid", "0")) < 2 or len(entry) != 1:
                yield f"{part}: {entry.get('name')} is not written as Excel reads it"
    for kind in ("core-properties", "extended-properties", "custom-properties"):
        if len(opened.linked("", kind)) > 1:
            yield f"there are two parts of {kind}"


def _pivot_faults(opened: Opened, root: Element, sheets: list[Sheet]) -> Iterator[str]:
    """What pivot tables are made of, and looks that parts beside the sheets ask for."""
    caches = Counter(
        entry.get("cacheId", "") for entry in root.iterfind(f"{MAIN}pivotCaches/{MAIN}pivotCache")
    )
    yield from (f"two pivot caches have the number {value}" for value, found in caches.items() if found > 1)
    changes = styles_of(opened).changes
    for sheet in sheets:
        for part in opened.linked(sheet.part, "pivotTable"):
            tree = opened.tree(part)
            if tree is not None and tree.get("cacheId", "") not in caches:
                yield f"{part} uses the cache {tree.get('cacheId')}, which is missing"
        for part in (*opened.linked(sheet.part, "pivotTable"), *opened.linked(sheet.part, "table")):
            tree = opened.tree(part)
            for element in tree.iter() if tree is not None else ():
                for name, value in element.items():
                    if name.lower().endswith("dxfid") and int(value) >= changes:
                        yield f"{part}: {name} is {value} of {changes}"
