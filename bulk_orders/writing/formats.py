"""Cell formats of one workbook, each made once.

XlsxWriter keeps every format it is asked for; a workbook with a format per cell is slow and Excel refuses 64,000 of them.
"""

from typing import TYPE_CHECKING, Any, Final

from bulk_orders.writing.palette import PAPER, ROW_LINE, RULE, Colours

if TYPE_CHECKING:  # what writes a few cells of its own does without it, and starts sooner
    from xlsxwriter import Workbook

TEXT: Final = "@"
DATE: Final = "dd-mmm-yyyy"
MOMENT: Final = "dd-mmm-yyyy hh:mm"
MONEY: Final = "#,##0.00"
COUNT: Final = "#,##0"

LINE: Final[dict[str, Any]] = {"bottom": 1, "bottom_color": ROW_LINE}
"""A thin line under a cell; cells of a data sheet have it, for a rule for all of them would hide the red borders."""
FONT: Final = "Calibri"


def _indented(properties: dict[str, Any]) -> dict[str, Any]:
    # Text that touches the line beside a number is hard to read; figures keep their place at the right.
    return {} if {"num_format", "align"} & properties.keys() else {"align": "left", "indent": 1}


class Formats:
    """Formats by what they look like."""

    def __init__(self, book: "Workbook") -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, colours: Colours = PAPER, **properties: Any) -> Any:
        """Return the format with these colours and XlsxWriter properties. Cells are aligned to the top unless said otherwise."""
        wanted = {
            "font_name": FONT,
            "font_size": 11,
            "font_color": colours.ink,
            "valign": "top",
            **properties,
        }
        if colours.fill != PAPER.fill:
            wanted["bg_color"] = colours.fill
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(dict(key))
        return self._made[key]

    def changed(self, colours: Colours, **properties: Any) -> Any:
        """Return the format of a conditional format: what it changes about a cell, nothing else."""
        wanted = {"font_color": colours.ink, "bg_color": colours.fill, **properties}
        key = (("conditional", True), *sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(wanted)
        return self._made[key]

    def inked(self, colours: Colours) -> Any:
        """Return a conditional format that leaves the fill alone: Excel would show its own in place of a mark's."""
        key = (("conditional ink", colours.ink),)
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_color": colours.ink, "bold": True})
        return self._made[key]

    def bottom_line(self) -> Any:
        """Return a conditional format that draws a thin line and leaves the rest of the cell alone."""
        key = (("conditional line", True),)
        if key not in self._made:
            self._made[key] = self._book.add_format({"bottom": 1, "bottom_color": ROW_LINE})
        return self._made[key]

    def header(self, colours: Colours, **properties: Any) -> Any:
        """Return the format of a column's header."""
        return self(
            colours,
            **{
                "bold": True,
                "text_wrap": True,
                "valign": "vcenter",
                "border": 1,
                "border_color": RULE,
                **properties,
            },
        )

    def boxed(self, colours: Colours = PAPER, **properties: Any) -> Any:
        """Return the format of a table's cell with thin lines, its text wrapped."""
        return self(
            colours,
            **{"border": 1, "border_color": RULE, "text_wrap": True, **_indented(properties), **properties},
        )
