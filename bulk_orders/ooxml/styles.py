"""The styles of somebody's workbook, to which ours are added: theirs keep their numbers and their bytes.

Ours come from a workbook that XlsxWriter has written, so that both ways of writing look alike.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bulk_orders.errors import UnsafeToPatch
from bulk_orders.ooxml.xml_bytes import (
    PREFIX,
    Edit,
    Element,
    attributes,
    children,
    inserted_in,
    place_for,
    prefixed,
    root_of,
    spliced,
    tag_attributes,
    with_attribute,
)

_ORDER: Final = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs"),
    *("cellStyles", "dxfs", "tableStyles", "colors", "extLst"),
)
_NEEDED: Final = ("fonts", "fills", "borders", "cellXfs")
_FIRST_OWN_FORMAT: Final = 164
_MOST_STYLES: Final = 64_000
_LONGEST_ENTRY: Final = 64_000
"""Bytes of one font, fill or border: many styles may refer to it, and each of them is looked at."""
_LOOKS: Final = frozenset(
    {"fontId", "fillId", "borderId", "applyFont", "applyFill", "applyBorder", "applyNumberFormat", "xfId"}
)
_COLOUR: Final = re.compile(b"<" + PREFIX + rb"color(?:\s[^<>]*)?/>")
_RGB: Final = re.compile(rb'rgb="([0-9A-Fa-f]+)"')
NO_STYLES: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
"""For workbooks that some programs write without any."""


@dataclass(slots=True)
class _Section:
    """One list of styles."""

    entries: list[bytes]
    known: int
    """So many of them were there before."""
    place: dict[bytes, int]

    def add(self, entry: bytes) -> int:
        """Return the entry's number; one that is there already is not added again."""
        if entry not in self.place:
            self.place[entry] = len(self.entries)
            self.entries.append(entry)
        return self.place[entry]


UNSTYLED: Final = -1
"""In place of a style's number: of a cell that says nothing of its style."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkLook:
    """How a cell looks that has a problem, as a style of the workbook."""

    fill: int
    border: int
    colour: bytes
    """The ink, as an element."""


_ODD_STYLES: Final = "its cell styles are written in an unusual way"


class Styles:
    """Styles that grow."""

    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        self._root = root_of(xml)
        self._prefix = self._root.prefix
        self._found = children(xml, self._root)
        self._sections = {name: self._section(name) for name in ("numFmts", *_NEEDED, "dxfs")}
        if any(not self._sections[name].entries for name in _NEEDED):
            raise UnsafeToPatch(_ODD_STYLES)
        self._marked: dict[tuple[int, MarkLook], int] = {}

    def _element(self, name: str) -> Element | None:
        return next((found for found in self._found if found.name == name), None)

    def _section(self, name: str) -> _Section:
        element = self._element(name)
        found = children(self._xml, element) if element else []
        entries = [self._xml[entry.start : entry.end] for entry in found]
        if len(entries) > _MOST_STYLES or any(len(entry) > _LONGEST_ENTRY for entry in entries):
            raise UnsafeToPatch(_ODD_STYLES)
        place = {entry: number for number, entry in reversed(list(enumerate(entries)))}
        return _Section(entries, len(entries), place)

    def take_over(self, other: bytes) -> dict[int, int]:
        """Add the cell styles of a workbook of ours; return their numbers here by their numbers there."""
        theirs = Styles(other)
        maps = {
            name: {
                number: self._sections[name].add(prefixed(entry, self._prefix))
                for number, entry in enumerate(theirs._sections[name].entries)
            }
            for name in ("fonts", "fills", "borders", "dxfs")
        }
        formats = self._take_over_formats(theirs)
        taken = {}
        for number, entry in enumerate(theirs._sections["cellXfs"].entries):
            found = tag_attributes(entry[: entry.index(b">") + 1])
            for name, numbers in (
                ("numFmtId", formats),
                ("fontId", maps["fonts"]),
                ("fillId", maps["fills"]),
                ("borderId", maps["borders"]),
            ):
                wanted = int(found.get(name, "0"))
                entry = _changed(entry, {name: str(numbers.get(wanted, wanted))})  # noqa: PLW2901 - built up
            if self._element("cellStyleXfs") is None:
                entry = _changed(entry, {"xfId": None})  # noqa: PLW2901 - built up
            taken[number] = self._add_style(prefixed(entry, self._prefix))
        return taken

    def _take_over_formats(self, theirs: "Styles") -> dict[int, int]:
        here = {
            found["formatCode"]: int(found["numFmtId"])
            for found in map(tag_attributes, self._sections["numFmts"].entries)
            if "formatCode" in found and found.get("numFmtId", "").isdigit()
        }
        taken = {}
        for entry in theirs._sections["numFmts"].entries:  # noqa: SLF001 - of the same class
            found = tag_attributes(entry)
            if found["formatCode"] not in here:
                number = max([_FIRST_OWN_FORMAT - 1, *here.values()]) + 1
                here[found["formatCode"]] = number
                self._sections["numFmts"].add(
                    prefixed(_changed(entry, {"numFmtId": str(number)}), self._prefix)
                )
            taken[int(found["numFmtId"])] = here[found["formatCode"]]
        return taken

    def _add_style(self, entry: bytes) -> int:
        number = self._sections["cellXfs"].add(entry)
        if number > _MOST_STYLES:
            raise UnsafeToPatch("it has more cell styles than Excel allows")
        return number

    def look_of(self, style: int) -> MarkLook:
        """Return fill, border and ink of one of our styles."""
        found = self._style(style)
        font = self._sections["fonts"].entries[int(found["fontId"])]
        colour = _COLOUR.search(font)
        return MarkLook(
            fill=int(found["fillId"]),
            border=int(found["borderId"]),
            colour=colour[0] if colour else b"",
        )

    def marked(self, style: int, look: MarkLook) -> int:
        """Return the style that is like another, with the fill, the border and the ink of a mark.

        A cell that has no style shows its number as it is, even where the workbook's first style is a date.
        """
        is_unstyled = style == UNSTYLED
        style, key = max(style, 0), (style, look)
        if key not in self._marked:
            found = self._style(style)
            font = self._sections["fonts"].entries[int(found.get("fontId", "0"))]
            font = self._with_ink(font, look.colour)
            plain: dict[str, str | None] = {"numFmtId": "0", "applyNumberFormat": None} if is_unstyled else {}
            entry = _changed(
                self._sections["cellXfs"].entries[style],
                {
                    **plain,
                    "fontId": str(self._sections["fonts"].add(font)),
                    "fillId": str(look.fill),
                    "borderId": str(look.border),
                    "applyFont": "1",
                    "applyFill": "1",
                    "applyBorder": "1",
                },
            )
            self._marked[key] = self._add_style(entry)
        return self._marked[key]

    def _style(self, style: int) -> dict[str, str]:
        entries = self._sections["cellXfs"].entries
        if style >= len(entries):
            raise UnsafeToPatch("a cell has a style that is not there")
        return tag_attributes(entries[style][: entries[style].index(b">") + 1])

    def _with_ink(self, font: bytes, colour: bytes) -> bytes:
        if _COLOUR.search(font):
            return _COLOUR.sub(lambda _: colour, font, count=1)
        if font.endswith(b"/>"):
            return font
        # After the size, before the name: the order that Excel writes and old versions insist on.
        at = re.search(b"<" + PREFIX + rb"(?:name|family|charset|scheme)\b", font)
        end = at.start() if at else font.rindex(b"</")
        return font[:end] + colour + font[end:]

    def marks_of_ours(self, looks: list[MarkLook]) -> frozenset[int]:
        """Return the styles that look like our marks: a program that saved the workbook may have renumbered them."""
        wanted = {self._colours(look.fill, look.border) for look in looks}
        return frozenset(
            number
            for number in range(len(self._sections["cellXfs"].entries))
            if (found := self._style(number)).get("fillId", "0") != "0"
            and self._colours(int(found["fillId"]), int(found.get("borderId", "0"))) in wanted
        )

    def _colours(self, fill: int, border: int) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
        fills, borders = self._sections["fills"].entries, self._sections["borders"].entries
        if fill >= len(fills) or border >= len(borders):
            return (), ()
        return _inks(fills[fill])[:1], _inks(borders[border])

    def nature(self, style: int) -> tuple[tuple[str, str], ...]:
        """Return what a style says besides fill, border and font: number format, alignment, protection."""
        if style >= len(self._sections["cellXfs"].entries):
            return ()
        entry = self._sections["cellXfs"].entries[style]
        kept = tuple(
            sorted((name, value) for name, value in self._style(style).items() if name not in _LOOKS)
        )
        return (*kept, ("", entry[entry.index(b">") + 1 :].decode("utf-8", "replace")))

    def plain(self, style: int) -> int:
        """Return the style that is like another, without fill and border and with the workbook's usual font."""
        entry = self._sections["cellXfs"].entries[style]
        return self._add_style(_changed(entry, {"fontId": "0", "fillId": "0", "borderId": "0"}))

    def xml(self) -> bytes:
        """Return the part with what was added."""
        edits: list[Edit] = []
        for name, section in self._sections.items():
            added = b"".join(section.entries[section.known :])
            if not added:
                continue
            element = self._element(name)
            if element is None:
                tag = self._prefix + name.encode()
                whole = b'<%s count="%d">%s</%s>' % (tag, len(section.entries), added, tag)
                at = place_for(self._found, name, _ORDER, self._root.inner_end)
                edits.append((at, at, whole))
                continue
            tag = self._xml[element.start : element.inner]
            counted = with_attribute(tag, "count", str(len(section.entries)))
            if element.is_closed:
                closing = b"</" + element.prefix + name.encode() + b">"
                edits.append((element.start, element.end, counted[:-2].rstrip() + b">" + added + closing))
            else:
                edits.append((element.start, element.inner, counted))
                edits.append(inserted_in(self._xml, element, added))
        return spliced(self._xml, edits)


@lru_cache(maxsize=2 * _MOST_STYLES)
def _inks(entry: bytes) -> tuple[bytes, ...]:
    # Some programs write the alpha as 00.
    return tuple(rgb[-6:].upper() for rgb in _RGB.findall(entry))


def _changed(entry: bytes, changes: dict[str, str | None]) -> bytes:
    end = entry.index(b">") + 1
    tag = entry[:end]
    for name, value in changes.items():
        if value is not None or name in attributes_in(tag):
            tag = with_attribute(tag, name, value)
    return tag + entry[end:]


def attributes_in(tag: bytes) -> set[str]:
    """Return the names of a tag's attributes."""
    return set(tag_attributes(tag))


__all__ = ["NO_STYLES", "MarkLook", "Styles", "attributes", "attributes_in"]
