"""The columns of a sheet: how wide they are, what their empty cells look like, and room for new ones."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from bulk_orders.errors import UnsafeToPatch
from bulk_orders.ooxml.addresses import MAX_COLUMNS
from bulk_orders.ooxml.xml_bytes import (
    SHEET_ODD_XML,
    Edit,
    Element,
    children,
    is_on,
    place_for,
    quoted,
    tag_attributes,
    with_attribute,
)

_HEAD_ORDER: Final = ("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols")
_STANDARD_PIXELS: Final = 64

Range = tuple[int, int, dict[str, str]]
"""First and last column, and the other attributes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewColumn:
    """How wide a column of ours is."""

    width: float
    is_folded: bool = False


class Columns:
    """The columns of one sheet."""

    def __init__(self) -> None:
        self._widths: dict[int, int] = {}
        self._styles: list[tuple[int, int, int]] = []

    def style(self, column: int) -> int:
        """Return the style of a column's cells that are not there yet."""
        return next((style for first, last, style in self._styles if first <= column <= last), 0)

    def width(self, column: int) -> int:
        """Return a column's width in pixels."""
        return self._widths.get(column, _STANDARD_PIXELS)

    def changed(
        self, xml: bytes, found: list[Element], prefix: bytes, new: Mapping[int, NewColumn]
    ) -> list[Edit]:
        """Learn the columns from what is before a sheet's rows, and make new ones wide enough.

        A column that people gave a look keeps it left and right of ours. Raises `UnsafeToPatch`.
        """
        by_name = {element.name: element for element in found}
        cols = by_name.get("cols")
        known = (
            [tag_attributes(xml[entry.start : entry.inner]) for entry in children(xml, cols)] if cols else []
        )
        if len(known) > MAX_COLUMNS:
            raise UnsafeToPatch(SHEET_ODD_XML)
        ranges = [(int(entry["min"]) - 1, int(entry["max"]) - 1, entry) for entry in known]
        self._styles = [(first, last, int(entry.get("style", "0"))) for first, last, entry in ranges]
        for first, last, entry in ranges:
            for column in range(first, min(last, first + 300) + 1):
                self._widths[column] = (
                    0 if is_on(entry.get("hidden")) else int(float(entry.get("width", "9.14")) * 7 + 5)
                )
        if not new:
            return []
        ranges = [piece for entry in ranges for piece in _without(entry, new.keys())]
        for column, look in new.items():
            self._widths[column] = 0 if look.is_folded else int(look.width * 7 + 5)
            entry = {"width": f"{look.width:g}", "customWidth": "1"}
            if look.is_folded:
                entry |= {"hidden": "1", "outlineLevel": "1"}
            ranges.append((column, column, entry))
        after = max(new) + 1
        if any(look.is_folded for look in new.values()):
            beside = [entry for entry in ranges if entry[0] <= after <= entry[1]]
            ranges = [piece for entry in ranges for piece in _without(entry, {after})]
            kept = beside[0][2] if beside else {"width": "9.140625"}
            ranges.append((after, after, {**kept, "collapsed": "1"}))
        written = b"".join(_col(prefix, entry) for entry in sorted(ranges, key=lambda entry: entry[0]))
        whole = b"<%scols>%s</%scols>" % (prefix, written, prefix)
        at = place_for(found, "cols", _HEAD_ORDER, len(xml))
        edits = [(cols.start, cols.end, whole) if cols else (at, at, whole)]
        form = by_name.get("sheetFormatPr")
        if form:
            tag = xml[form.start : form.inner]
            level = tag_attributes(tag).get("outlineLevelCol", "0")
            if level == "0":
                edits.append((form.start, form.inner, with_attribute(tag, "outlineLevelCol", "1")))
        return edits


def _without(entry: Range, columns: Collection[int]) -> list[Range]:
    first, last, about = entry
    pieces: list[Range] = []
    for column in sorted(column for column in columns if first <= column <= last):
        if first < column:
            pieces.append((first, column - 1, about))
        first = column + 1
    if first <= last:
        pieces.append((first, last, about))
    return pieces


def _col(prefix: bytes, entry: Range) -> bytes:
    first, last, about = entry
    others = b"".join(
        b' %s="%s"' % (name.encode(), quoted(value))
        for name, value in about.items()
        if name not in {"min", "max"}
    )
    return b'<%scol min="%d" max="%d"%s/>' % (prefix, first + 1, last + 1, others)
