"""What Excel would repair in a sheet: its order, its rows and cells, and the areas that may not meet."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from ooxml.repairs.areas import area_faults
from ooxml.repairs.book import Sheet, Styles, sheets_named, sheets_of, styles_of
from ooxml.repairs.notes import note_faults
from ooxml.repairs.package import MAIN, Opened, order_faults
from openpyxl.utils import column_index_from_string

_ORDER = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr"),
    *("sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate"),
    *("customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations"),
    *("hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks"),
    *("customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing"),
    *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts"),
    "extLst",
)
_KINDS = frozenset({"b", "d", "e", "inlineStr", "n", "s", "str"})
_ERRORS = re.compile(
    r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!)"
)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_MOST_LETTERS = 32_767
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_CELL_ORDER = ("f", "v", "is", "extLst")
_MOST_LINKS = 65_530
_COUNTED = ("dataValidations", "mergeCells", "tableParts", "rowBreaks", "colBreaks")
_NEVER_EMPTY = frozenset({"dataValidations", "mergeCells"})


def sheet_faults(opened: Opened) -> Iterator[str]:
    sheets, styles, texts = sheets_of(opened), styles_of(opened), _shared_texts(opened)
    if texts is not None:
        yield from (f"a shared text has {len(text):,} letters" for text in texts if len(text) > _MOST_LETTERS)
    for sheet in sheets:
        root = opened.tree(sheet.part)
        if root is None or not sheet.is_worksheet:
            continue
        yield from order_faults(sheet.name, root, _ORDER, many=frozenset({"conditionalFormatting", "cols"}))
        yield from _frame_faults(sheet, root, styles)
        found = Cells(sheet, styles, texts)
        yield from found.faults(root)
        yield from area_faults(opened, sheet, root, found.texts)
        yield from _link_faults(sheet, root, sheets)
        yield from note_faults(opened, sheet, root)
    yield from _table_faults(opened, sheets)


def _shared_texts(opened: Opened) -> list[str] | None:
    for part in opened.linked(opened.main, "sharedStrings"):
        root = opened.tree(part)
        if root is not None:
            return [plain(entry) for entry in root.iterfind(f"{MAIN}si")]
    return None


def plain(entry: Element) -> str:
    """The text of a shared or inline text, without its readings."""
    runs = [*entry.findall(f"{MAIN}t"), *entry.findall(f"{MAIN}r/{MAIN}t")]
    return "".join(run.text or "" for run in runs)


def _frame_faults(sheet: Sheet, root: Element, styles: Styles) -> Iterator[str]:
    yield from _column_faults(sheet, root, styles)
    for rule in root.iterfind(f"{MAIN}conditionalFormatting/{MAIN}cfRule"):
        if int(rule.get("dxfId", "-1")) >= styles.changes:
            yield f"{sheet.name}: a colour rule has the style {rule.get('dxfId')} of {styles.changes}"
        if int(rule.get("priority", "0")) < 1:
            yield f"{sheet.name}: a colour rule has no priority"
    for entry in root.iterfind(f"{MAIN}dataValidations/{MAIN}dataValidation"):
        yield from _list_faults(sheet, entry)
    for name in _COUNTED:
        for group in root.iterfind(f"{MAIN}{name}"):
            if group.get("count") is not None and int(group.get("count", "0")) != len(group):
                yield f"{sheet.name}: {name} says {group.get('count')} and has {len(group)}"
            if not len(group) and name in _NEVER_EMPTY:
                yield f"{sheet.name}: {name} is empty"


def _column_faults(sheet: Sheet, root: Element, styles: Styles) -> Iterator[str]:
    last = 0
    for entry in root.iterfind(f"{MAIN}cols/{MAIN}col"):
        first, end = int(entry.get("min", "0")), int(entry.get("max", "0"))
        if not last < first <= end <= _LAST_COLUMN:
            yield f"{sheet.name}: the columns {first} to {end} come after column {last}"
        last = end
        if int(entry.get("style", "0")) >= styles.cells:
            yield f"{sheet.name}: column {first} has the style {entry.get('style')} of {styles.cells}"
        if float(entry.get("width", "1")) > 255 or int(entry.get("outlineLevel", "0")) > 7:
            yield f"{sheet.name}: column {first} is too wide or too deep"


def _list_faults(sheet: Sheet, entry: Element) -> Iterator[str]:
    for name, most in (("promptTitle", 32), ("errorTitle", 32), ("prompt", 255), ("error", 255)):
        if len(entry.get(name, "")) > most:
            yield f"{sheet.name}: the {name} on {entry.get('sqref')} has more than {most} letters"
    for formula in entry:
        if len(formula.text or "") > (257 if (formula.text or "").startswith('"') else 8_192):
            yield f"{sheet.name}: the list on {entry.get('sqref')} is too long"


class Cells:
    """Goes through the rows of a sheet and keeps the texts that tables need for their headers."""

    def __init__(self, sheet: Sheet, styles: Styles, shared: list[str] | None) -> None:
        self._sheet = sheet
        self._styles = styles
        self._shared = shared
        self.texts: dict[tuple[int, int], str] = {}
        """By row and column, from 1; only of cells that hold text."""

    def faults(self, root: Element) -> Iterator[str]:
        last_row = 0
        for row in root.iterfind(f"{MAIN}sheetData/{MAIN}row"):
            number = int(row.get("r", last_row + 1))
            if not last_row < number <= _LAST_ROW:
                yield f"{self._sheet.name}: row {number} comes after row {last_row}"
            last_row = number
            if int(row.get("s", "0")) >= self._styles.cells:
                yield f"{self._sheet.name}: row {number} has the style {row.get('s')} of {self._styles.cells}"
            if float(row.get("ht", "0")) > 409.5 or int(row.get("outlineLevel", "0")) > 7:
                yield f"{self._sheet.name}: row {number} is too high or too deep"
            last = 0
            for cell in row:
                place = _ADDRESS.fullmatch(cell.get("r", "A1"))
                column = column_index_from_string(place[1]) if place and cell.get("r") else last + 1
                where = f"{self._sheet.name}!{cell.get('r', f'column {column}')}"
                if place is None or (cell.get("r") and int(place[2]) != number) or column > _LAST_COLUMN:
                    yield f"{where} does not stand in row {number}"
                if column <= last:
                    yield f"{where} comes after column {last}"
                last = column
                yield from self._cell_faults(where, cell, number, column)

    def _cell_faults(self, where: str, cell: Element, row: int, column: int) -> Iterator[str]:
        if int(cell.get("s", "0")) >= self._styles.cells:
            yield f"{where} has the style {cell.get('s')} of {self._styles.cells}"
        names = [child.tag.removeprefix(MAIN) for child in cell]
        if names != sorted(
            set(names), key=lambda name: _CELL_ORDER.index(name) if name in _CELL_ORDER else 9
        ):
            yield f"{where} holds {' '.join(names)}"
        kind, value, inner = cell.get("t", "n"), cell.findtext(f"{MAIN}v"), cell.find(f"{MAIN}is")
        if kind not in _KINDS:
            yield f"{where} is of the kind {kind}"
        if len(cell.findtext(f"{MAIN}f") or "") > 8_192:
            yield f"{where} has a formula that is too long"
        if inner is not None:
            if kind != "inlineStr" or value is not None:
                yield f"{where} holds a text and is of the kind {kind}"
            self.texts[row, column] = plain(inner)
        elif value is not None:
            yield from self._value_faults(where, kind, value, row, column)
        if len(self.texts.get((row, column), "")) > _MOST_LETTERS:
            yield f"{where} has more than {_MOST_LETTERS:,} letters"

    def _value_faults(self, where: str, kind: str, value: str, row: int, column: int) -> Iterator[str]:
        match kind:
            case "s":
                if self._shared is None or not value.isdigit() or int(value) >= len(self._shared):
                    yield f"{where} has the shared text {value} of {len(self._shared or ())}"
                else:
                    self.texts[row, column] = self._shared[int(value)]
            case "str":
                self.texts[row, column] = value
            case "n" if value.strip() and not _NUMBER.fullmatch(value.strip()):
                yield f"{where} is a number and holds {value!r}"
            case "b" if value not in {"0", "1", "true", "false"}:
                yield f"{where} is true or false and holds {value!r}"
            case "e" if not _ERRORS.fullmatch(value):
                yield f"{where} is an error and holds {value!r}"


def _link_faults(sheet: Sheet, root: Element, sheets: list[Sheet]) -> Iterator[str]:
    known = {found.name.casefold() for found in sheets}
    links = root.findall(f"{MAIN}hyperlinks/{MAIN}hyperlink")
    if len(links) > _MOST_LINKS:
        yield f"{sheet.name} has {len(links):,} links"
    yield from _twice(f"{sheet.name}: two links on", (link.get("ref", "") for link in links))
    for link in links:
        if len(link.get("tooltip", "")) > 255:
            yield f"{sheet.name}!{link.get('ref')}: the words over the link are too long"
        for name in sheets_named(link.get("location", "")):
            if name.casefold() not in known:
                yield f"{sheet.name}!{link.get('ref')} leads to the sheet {name}, which is missing"


def _table_faults(opened: Opened, sheets: list[Sheet]) -> Iterator[str]:
    """What no two tables of a workbook may have in common."""
    tables = [
        tree
        for sheet in sheets
        for part in opened.linked(sheet.part, "table")
        if (tree := opened.tree(part)) is not None
    ]
    yield from _twice("two tables have the number", (table.get("id", "") for table in tables))
    root = opened.tree(opened.main)
    assert root is not None
    names = [entry.get("name", "") for entry in root.iterfind(f"{MAIN}definedNames/{MAIN}definedName")]
    local = [
        entry.get("name", "")
        for entry in root.iterfind(f"{MAIN}definedNames/{MAIN}definedName[@localSheetId]")
    ]
    of_book = (Counter(names) - Counter(local)).elements()
    shown = [table.get("displayName", "").casefold() for table in tables]
    yield from _twice("two tables or names are called", [*shown, *(name.casefold() for name in of_book)])


def _twice(what: str, values: Iterable[str]) -> Iterator[str]:
    yield from (f"{what} {value}" for value, number in Counter(values).items() if number > 1)
