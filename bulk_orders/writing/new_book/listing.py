"""Workbooks of plain lists: a title, a sentence, headers with notes, and rows to sort and filter."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from bulk_orders.core.columns.listed import ListedColumn
from bulk_orders.core.columns.shapes import Kind
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.writing import palette
from bulk_orders.writing.cells import write_by_kind, write_note, write_text
from bulk_orders.writing.formats import DATE, LINE, MONEY, TEXT, Formats
from bulk_orders.writing.new_book.book import new_book, set_page
from bulk_orders.writing.saving import MAKE_ROOM, Replace, publish

LISTING_KIND: Final = "list workbook"
_HEADER_ROW: Final = 3
_FIRST_ROW: Final = 4
_FROZEN: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One sheet."""

    sheet: str
    legend: str
    columns: Sequence[ListedColumn]
    rows: Sequence[Mapping[str, str]]
    """Texts by the names of the columns: ISO days, plain numbers."""
    colours: Mapping[str, palette.Colours] = field(default_factory=dict)
    """Of the cells of the column `move`, by what they say."""


def write_listings(
    path: Path, listings: Sequence[Listing], *, mark: str, at: datetime, replace: Replace = os.replace
) -> Path:
    """Write the workbook and return where it is; one that somebody saved since is numbered past. Raises `ResultsNotWritten`."""

    def fill(file: BinaryIO) -> None:
        book = new_book(
            file,
            kind=LISTING_KIND,
            mark=mark,
            title=listings[0].sheet,
            created=at.replace(tzinfo=None),
            row_by_row=False,
        )
        formats = Formats(book)
        for listing in listings:
            _write(book.add_worksheet(listing.sheet), formats, listing)
        book.close()

    return publish(
        path,
        fill,
        mark=mark,
        last_rows={listing.sheet: _FIRST_ROW - 1 + len(listing.rows) for listing in listings},
        fix=MAKE_ROOM,
        replace=replace,
    )


def _write(sheet: Any, formats: Formats, listing: Listing) -> None:
    last_row, last_column = _FIRST_ROW - 1 + max(len(listing.rows), 1), len(listing.columns) - 1
    for index, entry in enumerate(listing.columns):
        sheet.set_column(index, index, entry.width)
    sheet.freeze_panes(_HEADER_ROW, _FROZEN)
    sheet.autofilter(_HEADER_ROW - 1, 0, last_row - 1, last_column)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letters(last_column)}{last_row}"})
    set_page(sheet, repeated_rows=_HEADER_ROW)
    sheet.set_row(0, 28)
    write_text(
        *(sheet, (0, 0), listing.sheet, formats, palette.TITLE),
        bold=True,
        font_size=18,
        valign="vcenter",
    )
    write_text(sheet, (1, 0), listing.legend, formats, palette.QUIET, italic=True)
    sheet.set_row(_HEADER_ROW - 1, 34)
    for index, entry in enumerate(listing.columns):
        sheet.write_string(_HEADER_ROW - 1, index, entry.header, formats.header(palette.RESULT_HEADER))
        write_note(sheet, _HEADER_ROW - 1, index, entry.help)
    for at, row in enumerate(listing.rows, start=_FIRST_ROW - 1):
        for index, entry in enumerate(listing.columns):
            text = row.get(entry.name, "")
            colours = listing.colours.get(text, palette.PAPER) if entry.name == "move" else palette.PAPER
            style = _style(formats, entry, colours)
            write_by_kind(sheet, (at, index), entry.kind, text, style, formats)


def _style(formats: Formats, entry: ListedColumn, colours: palette.Colours) -> Any:
    if entry.kind is Kind.DATE:
        return formats(colours, num_format=DATE, align="left", **LINE)
    if entry.kind is Kind.AMOUNT:
        return formats(colours, num_format=MONEY, align="right", indent=1, **LINE)
    if entry.kind is Kind.WHOLE_NUMBER:
        return formats(colours, align="right", indent=1, **LINE)
    return formats(colours, num_format=TEXT, **LINE)
