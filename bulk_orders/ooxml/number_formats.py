"""Which styles of a workbook show a number as something else: padded with zeros, or as a percentage."""

import re
from dataclasses import dataclass
from typing import Final

from bulk_orders.ooxml.xml_bytes import Element, attributes, descendants
from bulk_orders.ooxml.xml_check import read_xml
from bulk_orders.ooxml.zip_package import Package

_PERCENT_FORMATS: Final = frozenset({9, 10})
"""Built-in `0%` and `0.00%` (ECMA-376 part 1, 18.8.30)."""
_FORMAT_PIECE: Final = re.compile(r'\[[^\]]*\]|"[^"]*"|\\.|_.|\*.|.', re.DOTALL)
_TOO_MANY_DIGITS: Final = 10
_MASK_LETTERS: Final = "0-() +/"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberStyles:
    """The cell styles, by their number, under which a number shows as something else."""

    zero_masks: dict[int, tuple[str, ...]]
    """One entry a character, empty for a digit: `00-00` is `("", "", "-", "", "")`."""
    percents: frozenset[int]

    @property
    def default_tells(self) -> bool:
        """Whether the style of cells without a style is one of them."""
        return 0 in self.zero_masks or 0 in self.percents


NO_STYLES: Final = NumberStyles(zero_masks={}, percents=frozenset())


def number_styles(package: Package, part: str) -> NumberStyles:
    """Return the styles that pad numbers with zeros or show them as percentages; `part` has them, if there is one."""
    if not part:
        return NO_STYLES
    xml = read_xml(package, part)
    formats = {
        _format_number(xml, element): attributes(xml, element).get("formatCode", "")
        for element in descendants(xml, "numFmt")
    }
    masks = {format_id: mask for format_id, code in formats.items() if (mask := zero_mask(code))}
    percents = {format_id for format_id, code in formats.items() if _shows_percent(code)} | _PERCENT_FORMATS
    used = [
        _format_number(xml, style)
        for styles in descendants(xml, "cellXfs")
        for style in descendants(xml, "xf", styles.inner, styles.inner_end)
    ]
    return NumberStyles(
        zero_masks={style: masks[format_id] for style, format_id in enumerate(used) if format_id in masks},
        percents=frozenset(style for style, format_id in enumerate(used) if format_id in percents),
    )


def zero_mask(code: str) -> tuple[str, ...]:
    """Return the mask of a number format made of zeros and literal characters only, else nothing.

    `00000`, `00-0000`, `"PO-"0000` and `[$-409]00000` have one; `0`, `0.00`, `#,##0` and dates have none.
    """
    mask: list[str] = []
    for piece in _FORMAT_PIECE.findall(code.partition(";")[0]):
        if piece[0] == '"' and len(piece) > 1:
            mask.extend(piece[1:-1])
        elif piece[0] == "\\" and len(piece) > 1:
            mask.append(piece[1])
        elif piece in _MASK_LETTERS:
            mask.append(piece.replace("0", ""))
        elif not piece.startswith(("[$", "_", "*")):
            return ()
    return tuple(mask) if mask.count("") > 1 else ()


def _format_number(xml: bytes, element: Element) -> int:
    """Return the number of an element's format; -1 where the workbook does not give one."""
    text = attributes(xml, element).get("numFmtId", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < _TOO_MANY_DIGITS else -1


def _shows_percent(code: str) -> bool:
    return "%" in _FORMAT_PIECE.findall(code)
