"""The workbook of subscriptions: what the marketplace says in grey, what people wish in white, and what that changes by formula."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from bulk_orders.core import sheet_names
from bulk_orders.core.columns.listed import ListedColumn
from bulk_orders.core.columns.shapes import Kind
from bulk_orders.core.columns.subscriptions import (
    AT_RENEWAL,
    AUTO_RENEW_AFTER,
    NO,
    NOW,
    SEATS_AFTER,
    SUBSCRIPTION_COLUMNS,
    WHEN,
    WISHES,
    YES,
)
from bulk_orders.core.model import CellNote
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.ooxml.cleaning import clean
from bulk_orders.writing import palette
from bulk_orders.writing.cells import write_by_kind, write_note, write_text
from bulk_orders.writing.formats import DATE, LINE, MONEY, TEXT, Formats
from bulk_orders.writing.new_book.book import new_book, set_page
from bulk_orders.writing.new_book.subscription_formulas import (
    CHANGE,
    COST,
    DIFFERENCE,
    PLACE,
    ROW_MARK,
    Row,
    change_of,
    colour_rules,
    cost_difference_of,
    difference_of,
)
from bulk_orders.writing.saving import MAKE_ROOM, Replace, publish
from bulk_orders.writing.template.sheets import FormulaSheet

SUBSCRIPTIONS_KIND: Final = "subscriptions workbook"
MARK: Final = "subscriptions"
HEADER_ROW: Final = 3
FIRST_ROW: Final = 4
_FROZEN: Final = 2
_OWN_WIDTH: Final = 18
_LEGEND: Final = (
    "{environment}. Write only into the white cells: Seats after, Auto-renew after, When. "
    "A blank cell leaves things as they are. Your own columns go to the right; they are kept when you pull again."
)
_LISTS: Final = {AUTO_RENEW_AFTER: (YES, NO), WHEN: (AT_RENEWAL, NOW)}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnColumn:
    """A column that people added to an earlier workbook."""

    header: str
    values: Sequence[tuple[str, CellNote | None]]
    """One for each row; the note says where a text was a date."""


def write_subscriptions(
    path: Path,
    rows: Sequence[Row],
    *,
    environment: str,
    pulled_at: datetime,
    own: Sequence[OwnColumn] = (),
    aside: Path | None = None,
    replace: Replace = os.replace,
) -> Path:
    """Write the workbook and return where it is; one that was there is moved to `aside`. Raises `ResultsNotWritten`."""

    def fill(file: BinaryIO) -> None:
        book = new_book(
            file,
            kind=SUBSCRIPTIONS_KIND,
            mark=MARK,
            title="Subscriptions",
            created=pulled_at.replace(tzinfo=None),
            row_by_row=False,
        )
        sheet = book.add_worksheet(sheet_names.SUBSCRIPTIONS, FormulaSheet)
        _Sheet(sheet, Formats(book), rows, own).write(environment)
        book.close()

    return publish(
        path,
        fill,
        mark=MARK,
        last_rows={sheet_names.SUBSCRIPTIONS: FIRST_ROW - 1 + len(rows)},
        fix=MAKE_ROOM,
        aside=aside,
        replace=replace,
    )


class _Sheet:
    """Writes the sheet Subscriptions."""

    def __init__(self, sheet: Any, formats: Formats, rows: Sequence[Row], own: Sequence[OwnColumn]) -> None:
        self._sheet = sheet
        self._formats = formats
        self._rows = rows
        self._own = own
        self._last_row = FIRST_ROW - 1 + max(len(rows), 1)
        self._last_column = len(SUBSCRIPTION_COLUMNS) + len(own) - 1

    def write(self, environment: str) -> None:
        """Write everything."""
        self._arrange()
        self._write_title(environment)
        self._write_headers()
        for offset, row in enumerate(self._rows):
            self._write_row(FIRST_ROW - 1 + offset, row)
        self._write_own()
        self._set_lists()
        self._set_colours()

    def _arrange(self) -> None:
        sheet = self._sheet
        for index, entry in enumerate(SUBSCRIPTION_COLUMNS):
            sheet.set_column(index, index, entry.width)
        for index in range(len(SUBSCRIPTION_COLUMNS), self._last_column + 1):
            sheet.set_column(index, index, _OWN_WIDTH)
        sheet.freeze_panes(HEADER_ROW, _FROZEN)
        sheet.autofilter(HEADER_ROW - 1, 0, self._last_row - 1, self._last_column)
        sheet.ignore_errors(
            {"number_stored_as_text": f"A1:{column_letters(self._last_column)}{self._last_row}"}
        )
        set_page(sheet, repeated_rows=HEADER_ROW, pages_wide=2, repeated_columns=_FROZEN)
        sheet.set_selection(FIRST_ROW - 1, PLACE[SEATS_AFTER], FIRST_ROW - 1, PLACE[SEATS_AFTER])

    def _write_title(self, environment: str) -> None:
        sheet, formats = self._sheet, self._formats
        sheet.set_row(0, 28)
        bold = {"bold": True, "valign": "vcenter"}
        write_text(sheet, (0, 0), sheet_names.SUBSCRIPTIONS, formats, palette.TITLE, font_size=18, **bold)
        legend = _LEGEND.format(environment=environment)
        write_text(sheet, (1, 0), legend, formats, palette.QUIET, italic=True)
        changes, seats = self._range("change"), self._range("difference")
        formula = f'=COUNTIF({changes},"?*")&" to change  ·  "&TEXT(SUM({seats}),"+0;-0;0")&" seats"'
        style = formats(palette.TITLE, font_size=13, **bold)
        sheet.write_formula(0, PLACE["product_name"], formula, style, self._counted())

    def _counted(self) -> str:
        changed = sum(bool(change_of(row)) for row in self._rows)
        seats = sum(difference_of(row) or 0 for row in self._rows)
        return "{changed} to change  ·  {seats} seats".format(
            changed=changed, seats=f"{seats:+d}" if seats else "0"
        )

    def _range(self, name: str) -> str:
        letters = column_letters(PLACE[name])
        return f"${letters}${FIRST_ROW}:${letters}${self._last_row}"

    def _write_headers(self) -> None:
        self._sheet.set_row(HEADER_ROW - 1, 34)
        for index, entry in enumerate(SUBSCRIPTION_COLUMNS):
            colours = palette.REQUIRED_HEADER if entry.is_wanted else palette.FILLED_HEADER
            style = self._formats.header(colours, italic=entry.kind is Kind.FORMULA)
            self._sheet.write_string(HEADER_ROW - 1, index, entry.header, style)
            write_note(self._sheet, HEADER_ROW - 1, index, entry.help)
        for index, column in enumerate(self._own, start=len(SUBSCRIPTION_COLUMNS)):
            style = self._formats.header(palette.OPTIONAL_HEADER)
            self._sheet.write_string(HEADER_ROW - 1, index, clean(column.header), style)

    def _write_row(self, at: int, row: Row) -> None:
        formulas = {
            name: (made.replace(ROW_MARK, str(at + 1)), shown)
            for name, made, shown in (
                ("change", CHANGE, change_of(row)),
                ("difference", DIFFERENCE, difference_of(row)),
                ("cost_difference", COST, cost_difference_of(row)),
            )
        }
        for index, entry in enumerate(SUBSCRIPTION_COLUMNS):
            style = self._style(entry)
            if entry.kind is Kind.FORMULA:
                formula, shown = formulas[entry.name]
                self._sheet.write_formula(at, index, formula, style, "" if shown is None else shown)
            else:
                write_by_kind(
                    self._sheet, (at, index), entry.kind, row.get(entry.name, ""), style, self._formats
                )

    def _style(self, entry: ListedColumn) -> Any:
        colours = palette.PAPER if entry.is_wanted else palette.FILLED_CELL
        if entry.kind is Kind.DATE:
            return self._formats(colours, num_format=DATE, align="left", **LINE)
        if entry.name in {"unit_price", "cost_difference"}:
            return self._formats(colours, num_format=MONEY, align="right", indent=1, **LINE)
        if entry.kind in {Kind.WHOLE_NUMBER, Kind.AMOUNT} or entry.name == "difference":
            return self._formats(colours, align="right", indent=1, **LINE)
        if entry.kind is Kind.FORMULA:
            return self._formats(colours, **LINE)
        return self._formats(colours, num_format=TEXT, **LINE)

    def _write_own(self) -> None:
        plain = self._formats(**LINE)
        dated = self._formats(num_format=DATE, align="left", **LINE)
        for index, column in enumerate(self._own, start=len(SUBSCRIPTION_COLUMNS)):
            for at, (text, note) in enumerate(column.values, start=FIRST_ROW - 1):
                is_date = note is CellNote.DATE
                kind = Kind.DATE if is_date else Kind.AMOUNT
                style = dated if is_date else plain
                write_by_kind(self._sheet, (at, index), kind, text, style, self._formats)

    def _set_lists(self) -> None:
        for name, entries in _LISTS.items():
            self._validate(name, {"validate": "list", "source": list(entries)})
        self._validate(
            SEATS_AFTER,
            {
                "validate": "integer",
                "criteria": ">=",
                "value": 1,
                "error_title": "Seats after",
                "error_message": "Type the new total, a whole number from 1. Blank leaves the seats as they are.",
            },
        )

    def _validate(self, name: str, rule: dict[str, Any]) -> None:
        column = PLACE[name]
        self._sheet.data_validation(FIRST_ROW - 1, column, self._last_row - 1, column, rule)

    def _set_colours(self) -> None:
        for name, formula, colours in colour_rules(FIRST_ROW):
            is_of_wish = name in WISHES and colours != palette.BAD
            style = self._formats.inked(colours) if is_of_wish else self._formats.changed(colours)
            column = PLACE[name]
            rule = {"type": "formula", "criteria": formula, "format": style, "stop_if_true": True}
            self._sheet.conditional_format(FIRST_ROW - 1, column, self._last_row - 1, column, rule)
