"""The three sheets of the template that people fill: Orders, Customers and Products, all made from `core.columns`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from xlsxwriter import Workbook

from bulk_orders.core.columns import Column, Kind, Need
from bulk_orders.core.model import SheetRole
from bulk_orders.workbooks import palette
from bulk_orders.workbooks.cells import (
    column_letters,
    date_value,
    decimal_number,
    whole_number,
    write_note,
    write_text,
)
from bulk_orders.workbooks.formats import DATE, TEXT, Formats
from bulk_orders.workbooks.lists import ERROR_LIMIT, TITLE_LIMIT, input_message, list_name
from bulk_orders.workbooks.new_book import draw_lines, set_page
from bulk_orders.workbooks.template_rules import (
    CUSTOMER_IDS,
    CUSTOMER_NAMES,
    NOT_ON_CUSTOMERS,
    NOT_ON_PRODUCTS,
    PRODUCT_MPNS,
    PRODUCT_NAMES,
    Values,
    check_formula,
    check_text,
    findings,
    has_data_formula,
    lookup_formula,
    not_needed_formula,
    skipped_formula,
    template_columns,
)

HEADER_ROW: Final = 3
FIRST_ROW: Final = 4
LIVE_ROWS: Final = 5_000
"""Lists and colours reach so far, more than the rows that have formulas."""
LAST_ROW: Final = FIRST_ROW + LIVE_ROWS - 1
CUSTOMER_LIST: Final = "C_List"
PRODUCT_LIST: Final = "P_List"

SHEET_NAMES: Final = {
    SheetRole.ORDERS: "Orders",
    SheetRole.CUSTOMERS: "Customers",
    SheetRole.PRODUCTS: "Products",
}
_FROZEN: Final = {SheetRole.ORDERS: 4, SheetRole.CUSTOMERS: 3, SheetRole.PRODUCTS: 2}
_PRINTED_ROWS: Final = 40
_HEADER_COLOURS: Final = {
    Need.ALWAYS: palette.REQUIRED_HEADER,
    Need.SOMETIMES: palette.SOMETIMES_HEADER,
    Need.OPTIONAL: palette.OPTIONAL_HEADER,
    Need.FILLED: palette.FILLED_HEADER,
}
_LEGENDS: Final = {
    SheetRole.ORDERS: "One row is one order. Dark blue * = required · light blue = optional · grey = filled by Excel. Red cell = to fix, grey row = skipped.",
    SheetRole.CUSTOMERS: "One row is one customer. Dark blue * = required · yellow = required in some cases · light blue = optional. Red cell = to fix, grey cell = not needed.",
    SheetRole.PRODUCTS: "One row is one product; fill it by hand or from the catalogue. It gives names and limits to the sheet Orders and is never sent.",
}


def header_text(entry: Column) -> str:
    """The header in the template: required columns end in ` *`."""
    return f"{entry.header} *" if entry.need is Need.ALWAYS else entry.header


def define_names(book: Workbook) -> None:
    """Name the columns that formulas and drop-downs look things up in."""
    customers, products = SHEET_NAMES[SheetRole.CUSTOMERS], SHEET_NAMES[SheetRole.PRODUCTS]
    for name, listed, sheet, key in (
        (CUSTOMER_IDS, CUSTOMER_LIST, customers, _letter(SheetRole.CUSTOMERS, "customer_id")),
        (PRODUCT_MPNS, PRODUCT_LIST, products, _letter(SheetRole.PRODUCTS, "mpn")),
    ):
        book.define_name(name, f"={sheet}!${key}${FIRST_ROW}:${key}${LAST_ROW}")
        # A drop-down of 5,000 cells would show thousands of blank lines.
        book.define_name(listed, f"=OFFSET({sheet}!${key}${FIRST_ROW},0,0,MAX(1,COUNTA({name})),1)")
    for name, sheet, shown in (
        (CUSTOMER_NAMES, customers, _letter(SheetRole.CUSTOMERS, "company_name")),
        (PRODUCT_NAMES, products, _letter(SheetRole.PRODUCTS, "product_name")),
    ):
        book.define_name(name, f"={sheet}!${shown}${FIRST_ROW}:${shown}${LAST_ROW}")


class TemplateSheet:
    """Writes one of the three sheets."""

    def __init__(
        self, sheet: Any, formats: Formats, role: SheetRole, filled: Mapping[SheetRole, Sequence[Values]]
    ) -> None:
        self._sheet = sheet
        self._formats = formats
        self._role = role
        self._columns = template_columns(role)
        self._rows = filled.get(role, ())
        self._customers = {row.get("customer_id", ""): row for row in filled.get(SheetRole.CUSTOMERS, ())}
        self._products = {row.get("mpn", ""): row for row in filled.get(SheetRole.PRODUCTS, ())}

    def write(self, *, formula_rows: int) -> None:
        """Write everything; `formula_rows` rows get their formulas, or as many as are filled."""
        count = max(formula_rows, len(self._rows))
        self._arrange()
        self._write_title(count)
        self._write_headers()
        for offset in range(count):
            self._write_row(FIRST_ROW + offset, self._rows[offset] if offset < len(self._rows) else {})
        self._set_lists()
        self._set_colours()

    def _arrange(self) -> None:
        sheet, last = self._sheet, len(self._columns) - 1
        for index, entry in enumerate(self._columns):
            # A column's format reaches up into the title, so the grey of filled columns is on their cells only.
            style = None if entry.kind is Kind.FORMULA else self._cell_format(entry)
            sheet.set_column(index, index, entry.width, style)
        sheet.freeze_panes(HEADER_ROW, _FROZEN[self._role])
        sheet.autofilter(HEADER_ROW - 1, 0, LAST_ROW - 1, last)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letters(last)}{LAST_ROW}"})
        sheet.set_zoom(100)
        wide = 2 if self._role is SheetRole.CUSTOMERS else 1
        set_page(sheet, repeated_rows=HEADER_ROW, pages_wide=wide, repeated_columns=_FROZEN[self._role])
        sheet.print_area(0, 0, max(HEADER_ROW + len(self._rows), _PRINTED_ROWS) - 1, last)
        sheet.set_selection(FIRST_ROW - 1, 1, FIRST_ROW - 1, 1)

    def _write_title(self, count: int) -> None:
        sheet, formats = self._sheet, self._formats
        sheet.set_row(0, 28)
        write_text(
            *(sheet, (0, 0), SHEET_NAMES[self._role], formats, palette.TITLE),
            bold=True,
            font_size=18,
            valign="vcenter",
        )
        write_text(sheet, (1, 0), _LEGENDS[self._role], formats, palette.QUIET, italic=True)
        if self._columns[0].kind is not Kind.FORMULA:
            return
        cells = f"A{FIRST_ROW}:A{LAST_ROW}"
        parts: tuple[tuple[str, str], ...] = (("✔*", " ready"), ("✖*", " to fix"), ("–*", " skipped"))
        if self._role is SheetRole.CUSTOMERS:
            parts = parts[:2]
        texts = [self._check(row) for row in self._rows[:count]]
        shown = "  ·  ".join(
            f"{sum(text.startswith(sign[0]) for text in texts)}{word}" for sign, word in parts
        )
        formula = '&"  ·  "&'.join(f'COUNTIF({cells},"{sign}")&"{word}"' for sign, word in parts)
        style = formats(palette.TITLE, bold=True, font_size=13, valign="vcenter")
        sheet.write_formula(0, 2, f"={formula}", style, shown)

    def _write_headers(self) -> None:
        self._sheet.set_row(HEADER_ROW - 1, 36)
        for index, entry in enumerate(self._columns):
            is_filled = entry.need is Need.FILLED
            style = self._formats.header(_HEADER_COLOURS[entry.need], italic=is_filled)
            self._sheet.write_string(HEADER_ROW - 1, index, header_text(entry), style)
            write_note(self._sheet, HEADER_ROW - 1, index, _header_note(entry))

    def _write_row(self, row: int, values: Values) -> None:
        cells = {entry.name: f"{column_letters(index)}{row}" for index, entry in enumerate(self._columns)}
        for index, entry in enumerate(self._columns):
            if entry.kind is Kind.FORMULA:
                formula, shown = self._formula(entry, cells, values)
                self._sheet.write_formula(row - 1, index, formula, self._cell_format(entry), shown)
            elif values.get(entry.name):
                write_typed(
                    self._sheet, (row - 1, index), entry, values[entry.name], self._cell_format(entry)
                )

    def _formula(self, entry: Column, cells: Mapping[str, str], values: Values) -> tuple[str, str]:
        if entry.name == "customer_name":
            key = values.get("customer_id", "").strip()
            shown = (
                self._customers[key].get("company_name", "") if key in self._customers else NOT_ON_CUSTOMERS
            )
            formula = lookup_formula(cells["customer_id"], CUSTOMER_IDS, CUSTOMER_NAMES, NOT_ON_CUSTOMERS)
            return formula, shown if key and self._customers else ""
        if entry.name == "product_name":
            key = values.get("mpn", "").strip()
            shown = self._products[key].get("product_name", "") if key in self._products else NOT_ON_PRODUCTS
            formula = lookup_formula(cells["mpn"], PRODUCT_MPNS, PRODUCT_NAMES, NOT_ON_PRODUCTS)
            return formula, shown if key and self._products else ""
        return check_formula(self._role, cells), self._check(values)

    def _check(self, values: Values) -> str:
        return check_text(self._role, values, self._customers.keys())

    def _cell_format(self, entry: Column) -> Any:
        if entry.kind is Kind.FORMULA:
            return self._formats(palette.FILLED_CELL)
        if entry.kind is Kind.DATE:
            return self._formats(num_format=DATE, align="left")
        if entry.kind in {Kind.WHOLE_NUMBER, Kind.AMOUNT}:
            return self._formats(align="right", indent=1)
        return self._formats(num_format=TEXT)

    def _set_lists(self) -> None:
        for index, entry in enumerate(self._columns):
            if entry.kind is not Kind.FORMULA:
                self._sheet.data_validation(FIRST_ROW - 1, index, LAST_ROW - 1, index, _validation(entry))

    def _set_colours(self) -> None:
        cells = {
            entry.name: f"${column_letters(index)}{FIRST_ROW}" for index, entry in enumerate(self._columns)
        }
        lined = (
            FIRST_ROW - 1,
            0,
            FIRST_ROW + max(len(self._rows), _PRINTED_ROWS) - 2,
            len(self._columns) - 1,
        )
        if self._role is not SheetRole.PRODUCTS:
            self._colour_findings(cells)
        draw_lines(self._sheet, self._formats, lined)

    def _colour_findings(self, cells: Mapping[str, str]) -> None:
        has_data = has_data_formula(self._role, cells)
        self._colour_check()
        if self._role is SheetRole.ORDERS:
            grey = self._formats.changed(palette.SKIPPED)
            self._colour(0, len(self._columns) - 1, skipped_formula(cells), grey, stop=True)
        for entry in findings(self._role):
            index = [known.name for known in self._columns].index(entry.name)
            red = self._formats.changed(palette.BAD, border=1, border_color=palette.ERROR_BORDER)
            self._colour(index, index, f"AND({has_data},{entry.formula.format_map(cells)})", red, stop=True)
        for index, known in enumerate(self._columns):
            not_needed = not_needed_formula(known, cells)
            if not_needed:
                self._colour(
                    index, index, f"AND({has_data},{not_needed})", self._formats.changed(palette.NOT_NEEDED)
                )
        self._colour_keys(cells, has_data)

    def _colour_check(self) -> None:
        for sign, colours in (("✔", palette.GOOD), ("✖", palette.BAD), ("–", palette.SKIPPED)):
            rule = {
                "type": "text",
                "criteria": "begins with",
                "value": sign,
                "format": self._formats.changed(colours),
            }
            self._sheet.conditional_format(FIRST_ROW - 1, 0, LAST_ROW - 1, 0, rule)

    def _colour_keys(self, cells: Mapping[str, str], has_data: str) -> None:
        key = "reference" if self._role is SheetRole.ORDERS else "customer_id"
        index = [entry.name for entry in self._columns].index(key)
        red = self._formats.changed(palette.BAD, border=1, border_color=palette.ERROR_BORDER)
        self._sheet.conditional_format(
            *(FIRST_ROW - 1, index, LAST_ROW - 1, index), {"type": "duplicate", "format": red}
        )
        if self._role is SheetRole.ORDERS:
            amber = self._formats.changed(palette.DOUBT)
            self._colour(index, index, f'AND({has_data},TRIM({cells[key]})="")', amber)

    def _colour(self, first: int, last: int, formula: str, style: Any, *, stop: bool = False) -> None:
        self._sheet.conditional_format(
            *(FIRST_ROW - 1, first, LAST_ROW - 1, last),
            {"type": "formula", "criteria": f"={formula}", "format": style, "stop_if_true": stop},
        )


def write_typed(sheet: Any, at: tuple[int, int], entry: Column, text: str, style: Any) -> None:
    """Write what stands in a filled cell: numbers and dates as such, everything else as text."""
    number = {Kind.WHOLE_NUMBER: whole_number, Kind.AMOUNT: decimal_number}.get(entry.kind, _no_number)(text)
    day: datetime | None = date_value(text) if entry.kind is Kind.DATE else None
    if number is not None:
        sheet.write_number(*at, number, style)
    elif day is not None:
        sheet.write_datetime(*at, day, style)
    else:
        sheet.write_string(*at, text, style)


def _no_number(_: str) -> float | None:
    return None


def _letter(role: SheetRole, name: str) -> str:
    return column_letters([entry.name for entry in template_columns(role)].index(name))


def _header_note(entry: Column) -> str:
    need = entry.need.value.capitalize()
    goes_to = f"Sent as {entry.api_field}." if entry.api_field else "Never sent."
    example = f"\nExample: {entry.example}" if entry.example else ""
    return f"{entry.header}: {need}.\n{entry.help}{example}\n{goes_to}"


def _validation(entry: Column) -> dict[str, Any]:
    rule = _rule(entry)
    return {
        **input_message(entry),
        **rule,
        "error_type": "warning",
        "error_title": f"Please check {entry.header}"[:TITLE_LIMIT],
        "error_message": _error_message(entry, rule)[:ERROR_LIMIT],
    }


def _rule(entry: Column) -> dict[str, Any]:
    if list_name(entry):
        return {"validate": "list", "source": f"={list_name(entry)}"}
    if entry.sheet is SheetRole.ORDERS and entry.name in {"customer_id", "mpn"}:
        return {
            "validate": "list",
            "source": f"={CUSTOMER_LIST if entry.name == 'customer_id' else PRODUCT_LIST}",
        }
    makers: dict[Kind, Callable[[], dict[str, Any]]] = {
        Kind.WHOLE_NUMBER: lambda: {"validate": "integer", "criteria": ">=", "value": 1},
        Kind.AMOUNT: lambda: {"validate": "decimal", "criteria": ">=", "value": 0},
        Kind.DATE: lambda: {"validate": "date", "criteria": ">=", "value": date_value("2000-01-01")},
    }
    if entry.kind in makers:
        return makers[entry.kind]()
    if entry.max_length:
        return {"validate": "length", "criteria": "<=", "value": entry.max_length}
    return {"validate": "any"}


def _error_message(entry: Column, rule: Mapping[str, Any]) -> str:
    match rule["validate"]:
        case "list":
            return (
                f"This is not in the list of {entry.header}. Keep it only if you are sure that it is right."
            )
        case "length":
            return f"{entry.header} has at most {entry.max_length} characters."
        case "date":
            return f"{entry.header} is a date, for example {entry.example}."
        case _:
            return f"{entry.header} is a number, for example {entry.example}."
