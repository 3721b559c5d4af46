"""The colours of our workbooks. Each pair reads with a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3)."""

from dataclasses import dataclass
from typing import Final

from bulk_orders.core.columns.shapes import Need


@dataclass(frozen=True, slots=True)
class Colours:
    """A cell's fill and the ink on it."""

    fill: str
    ink: str


PAPER: Final = Colours("#FFFFFF", "#262626")
TITLE: Final = Colours("#FFFFFF", "#1F3864")
QUIET: Final = Colours("#FFFFFF", "#595959")
LINK: Final = Colours("#FFFFFF", "#0B5394")

GOOD: Final = Colours("#E2F0D9", "#1E4D0F")
WAITING: Final = Colours("#DDEBF7", "#12365C")
BAD: Final = Colours("#FDE9E7", "#7A0C0C")
DOUBT: Final = Colours("#FFF2CC", "#5F4500")
GREY: Final = Colours("#EDEDED", "#404040")

LIVE: Final = Colours("#B00020", "#FFFFFF")
PRACTICE: Final = Colours("#1F5FA8", "#FFFFFF")

REQUIRED_HEADER: Final = Colours("#1F3864", "#FFFFFF")
SOMETIMES_HEADER: Final = Colours("#FFD966", "#3F3000")
OPTIONAL_HEADER: Final = Colours("#DDEBF7", "#1F3864")
FILLED_HEADER: Final = Colours("#EDEDED", "#595959")
RESULT_HEADER: Final = Colours("#0F5257", "#FFFFFF")
MACHINE_HEADER: Final = Colours("#D9D9D9", "#404040")

FILLED_CELL: Final = Colours("#F5F5F5", "#595959")
NOT_NEEDED: Final = Colours("#EDEDED", "#595959")
SKIPPED: Final = Colours("#EDEDED", "#595959")
CLOSED: Final = Colours("#FFFFFF", "#595959")

ALL: Final = (
    *(PAPER, TITLE, QUIET, LINK, GOOD, WAITING, BAD, DOUBT, GREY, LIVE, PRACTICE),
    *(REQUIRED_HEADER, SOMETIMES_HEADER, OPTIONAL_HEADER, FILLED_HEADER, RESULT_HEADER, MACHINE_HEADER),
    *(FILLED_CELL, NOT_NEEDED, SKIPPED, CLOSED),
)

ERROR_BORDER: Final = "#C00000"
WARNING_BORDER: Final = "#BF8F00"
INFO_BORDER: Final = "#2E75B6"
RULE: Final = "#BFBFBF"
"""Thin lines between cells."""
ROW_LINE: Final = "#E3E3E3"
"""Thinner still, under the rows of a data sheet."""

BARS: Final = {GOOD: "#548235", WAITING: "#2E75B6", BAD: "#C00000", DOUBT: "#BF8F00", GREY: "#7F7F7F"}
"""The strong tone of a pair, for the bars of a chart."""

HEADERS: Final = {
    Need.ALWAYS: REQUIRED_HEADER,
    Need.SOMETIMES: SOMETIMES_HEADER,
    Need.OPTIONAL: OPTIONAL_HEADER,
    Need.FILLED: FILLED_HEADER,
}
"""A column's header, by whether it must be filled in."""
