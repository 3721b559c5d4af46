"""Which styles of a workbook show a number or a text as something else."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bulk_orders.ooxml.number_format import NumberFormat
from bulk_orders.ooxml.xml_bytes import Element, attributes, descendants
from bulk_orders.ooxml.xml_check import read_xml
from bulk_orders.ooxml.zip_package import Package

_DATE: Final = "yyyy/m/d"
_THAI: Final = "t0"
"""Digits, or dates, of Thailand's own where Excel is Thai."""
_CURRENCY: Final = '"$"'
"""That of the computer: another one elsewhere."""
_BUILT_IN: Final = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "m/d/yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    **dict.fromkeys((37, 38, 41), "#,##0_);(#,##0)"),
    **dict.fromkeys((39, 40, 43), "#,##0.00_);(#,##0.00)"),
    **dict.fromkeys((5, 6, 42), _CURRENCY + "#,##0_);(" + _CURRENCY + "#,##0)"),
    **dict.fromkeys((7, 8, 44), _CURRENCY + "#,##0.00_);(" + _CURRENCY + "#,##0.00)"),
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), _DATE),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), "h:mm"),
    **dict.fromkeys((*range(59, 63), *range(67, 82)), _THAI),
}
"""What the numbers stand for that need no code (18.8.30); those from 27 on in East Asia, where they differ by country."""
_TOO_MANY_DIGITS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberStyles:
    """What the cell styles, by their number, do to what they show."""

    telling: dict[int, NumberFormat]
    """Those under which a number, a date or a text shows as something else, or may."""
    all: tuple[NumberFormat, ...]

    @property
    def default_tells(self) -> bool:
        """Whether the style of cells without a style does more than nothing."""
        return bool(self.all) and not self.all[0].changes_nothing


NO_STYLES: Final = NumberStyles(telling={}, all=())


def number_styles(package: Package, part: str) -> NumberStyles:
    """Return the styles of a workbook whose `part` has them, if there is one."""
    if not part:
        return NO_STYLES
    xml = read_xml(package, part)
    codes = dict(_BUILT_IN)
    for element in descendants(xml, "numFmt"):
        codes[_format_number(xml, element)] = attributes(xml, element).get("formatCode", "")
    used = tuple(
        _format(codes.get(_format_number(xml, style)) or "General")
        for styles in descendants(xml, "cellXfs")
        for style in descendants(xml, "xf", styles.inner, styles.inner_end)
    )
    return NumberStyles(
        telling={number: style for number, style in enumerate(used) if _tells(style)},
        all=used,
    )


def _tells(style: NumberFormat) -> bool:
    is_whole_date = style.is_date and style.shows_day and style.show_text("x") == "x"
    return not (style.changes_nothing or is_whole_date)


@lru_cache(maxsize=1_000)
def _format(code: str) -> NumberFormat:
    return NumberFormat(code)


def _format_number(xml: bytes, element: Element) -> int:
    """Return the number of an element's format; -1 where the workbook does not give one."""
    text = attributes(xml, element).get("numFmtId", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < _TOO_MANY_DIGITS else -1
