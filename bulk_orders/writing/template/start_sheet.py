"""The first sheet of the template: four steps, the colours, what is sent, and the words."""

from collections.abc import Iterable
from typing import Any, Final

from bulk_orders.core import sheet_names
from bulk_orders.core.our_marks import CONTROL_TOTALS_TITLE, START_TITLE
from bulk_orders.writing import palette
from bulk_orders.writing.cells import write_link, write_text
from bulk_orders.writing.formats import TEXT, Formats
from bulk_orders.writing.new_book.book import set_page
from bulk_orders.writing.template import start_lines as words

_STEPS: Final = (
    (words.FILL_CUSTOMERS, f"{sheet_names.CUSTOMERS}!B4"),
    (words.FILL_ORDERS, f"{sheet_names.ORDERS}!B4"),
    (words.CHECK, ""),
    (words.SEND, ""),
)
"""With the cell that each leads to."""
_COLOURS: Final = (
    (words.REQUIRED, palette.REQUIRED_HEADER),
    (words.REQUIRED_SOMETIMES, palette.SOMETIMES_HEADER),
    (words.OPTIONAL, palette.OPTIONAL_HEADER),
    (words.FILLED, palette.FILLED_HEADER),
    (words.TO_FIX, palette.BAD),
    (words.RECOMMENDED, palette.DOUBT),
    (words.NOT_NEEDED, palette.NOT_NEEDED),
)


def write_start(sheet: Any, formats: Formats, version: int) -> None:
    """Write and protect the sheet; it has no password."""
    sheet.set_column(0, 0, 3)
    sheet.set_column(1, 1, 22)
    sheet.set_column(2, 2, 104)
    sheet.hide_gridlines(2)
    sheet.set_row(0, 36)
    big: dict[str, Any] = {"bold": True, "font_size": 24, "valign": "vcenter"}
    write_text(sheet, (0, 1), START_TITLE, formats, palette.TITLE, **big)
    write_text(
        sheet,
        (1, 1),
        "Template {version}. One workbook in, marketplace orders out.".format(version=version),
        formats,
        palette.QUIET,
    )
    row = _write_steps(sheet, formats, 3)
    row = _write_totals(sheet, formats, row + 1)
    row = _write_lines(sheet, formats, row + 1, "Colours", _COLOURS)
    for title, lines in (
        ("What is sent", words.SENT),
        ("Words", words.WORDS),
        ("What only bulk-orders check can see", words.UNSEEN),
    ):
        row = _write_lines(sheet, formats, row + 1, title, [(line, palette.GREY) for line in lines])
    _write_links(sheet, formats, row + 1)
    set_page(sheet)
    sheet.protect()


def _write_steps(sheet: Any, formats: Formats, row: int) -> int:
    for number, (step, target) in enumerate(_STEPS, start=1):
        sheet.set_row(row, 24)
        write_text(
            *(sheet, (row, 0), str(number), formats, palette.REQUIRED_HEADER),
            bold=True,
            align="center",
            valign="vcenter",
        )
        if target:
            style = formats(palette.LINK, bold=True, underline=1, valign="vcenter", font_size=12, indent=1)
            write_link(sheet, (row, 1), target, step.name, style)
        else:
            write_text(
                sheet,
                (row, 1),
                step.name,
                formats,
                palette.TITLE,
                bold=True,
                valign="vcenter",
                font_size=12,
                indent=1,
            )
        write_text(sheet, (row, 2), step.text, formats, valign="vcenter")
        row += 1
    return row


def _write_totals(sheet: Any, formats: Formats, row: int) -> int:
    """Write the cells for control totals: the only ones of the sheet that people fill, as text, so that Excel changes nothing."""
    sheet.set_row(row, 24)
    title = CONTROL_TOTALS_TITLE
    write_text(sheet, (row, 1), title, formats, palette.TITLE, bold=True, font_size=14, valign="vcenter")
    write_text(
        sheet,
        (row, 2),
        "Optional. Count apart from the rows: if they differ, nothing is sent. "
        "Amount: the first bill, such as USD 16205.00.",
        formats,
        valign="vcenter",
    )
    boxed: dict[str, Any] = {"border": 1, "border_color": palette.RULE}
    for label in words.TOTALS:
        row += 1
        write_text(sheet, (row, 1), label, formats, palette.OPTIONAL_HEADER, bold=True, **boxed)
        sheet.write_blank(
            row, 2, None, formats(num_format=TEXT, align="left", indent=1, locked=False, **boxed)
        )
    return row + 1


def _write_lines(
    sheet: Any, formats: Formats, row: int, title: str, lines: Iterable[tuple[words.Line, palette.Colours]]
) -> int:
    sheet.set_row(row, 24)
    write_text(sheet, (row, 1), title, formats, palette.TITLE, bold=True, font_size=14, valign="vcenter")
    boxed: dict[str, Any] = {"bold": True, "border": 1, "border_color": palette.RULE}
    for line, colours in lines:
        row += 1
        write_text(sheet, (row, 1), line.name, formats, colours, **boxed)
        write_text(sheet, (row, 2), line.text, formats, align="left", indent=1)
    return row + 1


def _write_links(sheet: Any, formats: Formats, row: int) -> None:
    sheet.set_row(row, 24)
    title = "Sheets"
    write_text(sheet, (row, 1), title, formats, palette.TITLE, bold=True, font_size=14, valign="vcenter")
    for line in words.SHEETS:
        row += 1
        write_link(sheet, (row, 1), f"{line.name}!A1", line.name, formats(palette.LINK, underline=1))
        write_text(sheet, (row, 2), line.text, formats, align="left", indent=1)
