"""Writes a sheet's XML again in the usual form, from what a parser finds in it.

Legal XML says the same thing in many ways: comments and CDATA within a value, spaces around it, other orders, cells without
addresses. What Excel would not show, or could show in two ways, is refused with its cell.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from bulk_orders.errors import InputError
from bulk_orders.ooxml.addresses import address_of, place_of
from bulk_orders.ooxml.xml_bytes import escaped, is_on, quoted
from bulk_orders.ooxml.xml_events import SAVE_AGAIN_FIX, parsed
from bulk_orders.reading.iso_dates import serial_of
from bulk_orders.reading.text_runs import XML_SPACE, TextRun, has_versions, is_shown

_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_ROW_NUMBER: Final = re.compile(r"[1-9][0-9]{0,6}")
_BOOLEANS: Final = {"1": "1", "true": "1", "0": "0", "false": "0"}
_CELL_PATH: Final = ["worksheet", "sheetData", "row", "c"]
_ROW_PATH: Final = _CELL_PATH[:3]
_KEPT: Final = {
    "sheetFormatPr": ("defaultColWidth",),
    "col": ("min", "max", "width", "hidden"),
    "mergeCell": ("ref",),
}
"""What is read of a sheet besides its rows, and the attributes that count."""
SHEET_ODD_XML: Final = "Sheet {sheet} contains XML that Excel never writes."


def rewritten(chunks: Iterable[bytes], part: str, sheet: str, *, is_1904: bool) -> Iterator[bytes]:
    """Yield the sheet in the usual form."""
    writer = _Writer(sheet, is_1904=is_1904)
    for _ in parsed(chunks, part, writer):
        if writer.written:
            yield "".join(writer.written).encode()
            writer.written.clear()


_CELL_WITHOUT_ADDRESS: Final = "A sheet of the workbook has a cell without a usable address."


class _Writer:
    """Takes what the parser finds."""

    def __init__(self, sheet: str, *, is_1904: bool) -> None:
        self.written: list[str] = []
        self._sheet = sheet
        self._is_1904 = is_1904
        self._path: list[str] = []
        self._row = 0
        self._column = -1
        self._cells: dict[int, str] = {}
        self._cell = _Cell(sheet, (0, 0), {})

    def start(self, name: str, about: dict[str, str]) -> None:
        self._path.append(name)
        if self._path[:4] == _CELL_PATH:
            if len(self._path) == len(_CELL_PATH):
                self._begin_cell(about)
            else:
                self._cell.begin(self._path[4:], about)
        elif self._path == _ROW_PATH:
            self._begin_row(about)
        elif self._path == _ROW_PATH[:2]:
            self.written.append("<sheetData>")
        elif name in _KEPT:
            self.written.append(_tag(name, {key: about[key] for key in _KEPT[name] if key in about}))

    def end(self, _name: str) -> None:
        if self._path == _CELL_PATH:
            self._end_cell()
        elif self._path == _ROW_PATH:
            self.written += [cell for _, cell in sorted(self._cells.items())]
            self.written.append("</row>")
        elif self._path == _ROW_PATH[:2]:
            self.written.append("</sheetData>")
        self._path.pop()

    def text(self, text: str) -> None:
        if self._path[:4] == _CELL_PATH:
            self._cell.take(self._path[4:], text)
        elif self._path[:2] == _CELL_PATH[:2] and text.strip(XML_SPACE):
            raise InputError(SHEET_ODD_XML.format(sheet=self._sheet), fix=SAVE_AGAIN_FIX)

    def _begin_row(self, about: dict[str, str]) -> None:
        number = about.get("r", str(self._row + 1)).strip(XML_SPACE)
        if not _ROW_NUMBER.fullmatch(number):
            raise InputError(_CELL_WITHOUT_ADDRESS, fix=SAVE_AGAIN_FIX)
        if int(number) == self._row:
            raise InputError(
                "Sheet {sheet} has row {row} twice.".format(sheet=self._sheet, row=number), fix=SAVE_AGAIN_FIX
            )
        if int(number) < self._row:
            raise InputError(
                "Sheet {sheet} is damaged: its rows are not stored from top to bottom.".format(
                    sheet=self._sheet
                ),
                fix=SAVE_AGAIN_FIX,
            )
        self._row, self._column = int(number), -1
        self._cells = {}
        is_hidden = is_on(about.get("hidden", "").strip(XML_SPACE)) or _is_zero(about.get("ht"))
        self.written.append(_tag("row", {"r": number} | ({"hidden": "1"} if is_hidden else {}), end=">"))

    def _begin_cell(self, about: dict[str, str]) -> None:
        address = about.get("r", address_of((self._row, self._column + 1))).strip(XML_SPACE)
        place = place_of(address)
        if place is None:
            raise InputError(_CELL_WITHOUT_ADDRESS, fix=SAVE_AGAIN_FIX)
        self._cell = _Cell(self._sheet, place, about)
        if place[0] != self._row:
            message = "Sheet {sheet} has cell {cell} among the cells of another row.".format(
                sheet=self._sheet, cell=address
            )
            raise InputError(message, fix=SAVE_AGAIN_FIX)
        self._column = place[1]
        if self._column in self._cells:
            raise self._cell.two_answers()

    def _end_cell(self) -> None:
        self._cells[self._cell.place[1]] = self._cell.xml(is_1904=self._is_1904)


class _Cell:
    """One cell while its elements come."""

    def __init__(self, sheet: str, place: tuple[int, int], about: dict[str, str]) -> None:
        self.place = place
        self._sheet = sheet
        self._kind = about.get("t", "n").strip(XML_SPACE)
        style = about.get("s", "").strip(XML_SPACE)
        self._style = style if _WHOLE.fullmatch(style) else "0"
        self._met: set[str] = set()
        self._formula: dict[str, str] = {}
        self._formula_text: list[str] = []
        self._values: list[TextRun] = []
        self._inside: list[TextRun] = []

    def begin(self, path: list[str], about: dict[str, str]) -> None:
        """Take the start of an element within the cell."""
        if len(path) == 1:
            if path[0] in self._met:
                raise self.two_answers()
            self._met.add(path[0])
        elif path[0] in {"f", "v"}:
            raise self._odd_xml()
        if path == ["f"]:
            self._formula = {key: about[key] for key in ("t", "ref", "si") if key in about}
        elif path == ["v"]:
            self._values.append(TextRun(about))
        elif path[-1] == "t":
            if has_versions(path):
                raise self._odd_xml()
            self._inside.append(TextRun(about))

    def take(self, path: list[str], text: str) -> None:
        """Take a piece of text, which must not be lost."""
        if path == ["f"]:
            self._formula_text.append(text)
        elif path == ["v"]:
            self._values[-1].pieces.append(text)
        elif path[:1] == ["is"] and path[-1] == "t":
            if is_shown(path):
                self._inside[-1].pieces.append(text)
        elif text.strip(XML_SPACE) and path[:1] != ["extLst"]:
            raise self._odd_xml()

    def two_answers(self) -> InputError:
        """Return why it is not read if another says what it is too."""
        message = "Sheet {sheet} gives cell {cell} two values.".format(
            sheet=self._sheet, cell=address_of(self.place)
        )
        return InputError(message, fix=SAVE_AGAIN_FIX)

    def _odd_xml(self) -> InputError:
        message = "Sheet {sheet} has XML in cell {cell} that Excel never writes.".format(
            sheet=self._sheet, cell=address_of(self.place)
        )
        return InputError(message, fix=SAVE_AGAIN_FIX)

    def xml(self, *, is_1904: bool) -> str:
        """Return the cell in the usual form; a value that is none of its kind is an error."""
        value, text = _joined(self._values), _joined(self._inside)
        if text and (self._kind != "inlineStr" or value not in {"", text}):
            raise self.two_answers() if value else self._odd_xml()
        kind, value = self._plain(value or text, is_1904=is_1904)
        about = {"r": address_of(self.place), "s": self._style} | ({"t": kind} if kind != "n" else {})
        inside = ""
        if "f" in self._met:
            inside = _element("f", self._formula, "".join(self._formula_text))
        if kind == "str":
            inside += _element("v", {"xml:space": "preserve"}, value)
        elif value:
            inside += _element("v", {}, value)
        return _tag("c", about, end=f">{inside}</c>" if inside else "/>")

    def _plain(self, value: str, *, is_1904: bool) -> tuple[str, str]:
        """Return the kind and the value that say the same, as one of the usual kinds."""
        kind = self._kind
        if kind in {"str", "inlineStr"}:
            # Only a formula can have the empty text as its result.
            return ("str", value) if value or "f" in self._met else ("n", "")
        value = value.strip(XML_SPACE)
        if not value:
            return ("e" if kind == "e" else "n"), ""
        match kind:
            case "n" if _NUMBER.fullmatch(value):
                return "n", value.lstrip("+")
            case "s" if _WHOLE.fullmatch(value):
                return "s", value
            case "b" if value in _BOOLEANS:
                return "b", _BOOLEANS[value]
        serial = serial_of(value, is_1904=is_1904) if kind == "d" else ""
        return ("n", serial) if serial else ("e", value)


def _joined(runs: list[TextRun]) -> str:
    return "".join(run.text() for run in runs)


def _element(name: str, about: dict[str, str], text: str) -> str:
    return f"{_tag(name, about, end='>')}{escaped(text).decode()}</{name}>"


def _is_zero(height: str | None) -> bool:
    return height is not None and bool(re.fullmatch(r"\s*(?=\.?[0-9])0*(?:\.[0-7][0-9]*)?\s*", height))


def _tag(name: str, about: dict[str, str], end: str = "/>") -> str:
    written = "".join(f' {key}="{quoted(value).decode()}"' for key, value in about.items())
    return f"<{name}{written}{end}"
