"""The drop-down lists: which columns have one, the hidden sheet they stand on, and the names they go by.

Lists go by defined names because Excel drops lists that point to another sheet when old programs save the workbook,
and a list written into the rule itself cannot have an entry with a comma.
"""

from typing import Any, Final

from xlsxwriter import Workbook

from bulk_orders.core.columns import COLUMNS, Column, Kind
from bulk_orders.workbooks.country_codes import COUNTRIES
from bulk_orders.workbooks.formats import Formats
from bulk_orders.workbooks.palette import FILLED_HEADER

LISTS_SHEET: Final = "Lists"
COUNTRY_LIST: Final = "L_Country"

TITLE_LIMIT: Final = 32
"""Characters of the title of an input or error message (MS-OI29500 2.1.613)."""
MESSAGE_LIMIT: Final = 255
ERROR_LIMIT: Final = 224

_NAMES: Final = {
    "submit": "L_Submit",
    "commitment": "L_Commitment",
    "billing": "L_Billing",
    "offer_attestation": "L_YesNo",
    "tenant": "L_Tenant",
    "mca_accepted": "L_MCA",
    "special_qualifications": "L_Qual",
}


def labels(column: Column) -> tuple[str, ...]:
    """What the column's drop-down shows; empty if it has none."""
    return tuple(choice.label for choice in column.choices)


def list_names() -> dict[tuple[str, ...], str]:
    """Defined names by what the list shows; columns with the same labels share one."""
    found: dict[tuple[str, ...], str] = {}
    for column in COLUMNS:
        if column.choices and column.in_template:
            found.setdefault(labels(column), _NAMES.get(column.name, f"L_{column.name}"))
    return found


def list_name(column: Column) -> str:
    """The defined name of the column's list; empty if it has none."""
    if column.kind is Kind.COUNTRY:
        return COUNTRY_LIST
    return list_names().get(labels(column), "") if column.choices else ""


def write_lists(book: Workbook, sheet: Any, formats: Formats) -> None:
    """Fill the sheet, name the lists and hide it."""
    lists = [(name, list(entries)) for entries, name in list_names().items()]
    columns = [
        *lists,
        (COUNTRY_LIST, [f"{code} – {name}" for code, name in COUNTRIES]),
        ("Country", [name for _, name in COUNTRIES]),
    ]
    for row in range(1 + max(len(entries) for _, entries in columns)):
        for position, (name, entries) in enumerate(columns):
            if row == 0:
                sheet.write_string(row, position, name, formats.header(FILLED_HEADER))
            elif row <= len(entries):
                sheet.write_string(row, position, entries[row - 1], formats())
    for position, (name, entries) in enumerate(columns):
        letter = chr(ord("A") + position)
        book.define_name(name, f"={LISTS_SHEET}!${letter}$2:${letter}${1 + len(entries)}")
    sheet.set_column(0, len(columns) - 1, 22)
    sheet.protect()
    sheet.hide()


def input_message(column: Column) -> dict[str, str]:
    """Title and text that Excel shows while a cell of the column is chosen."""
    text = f"{column.help} Example: {column.example}" if column.example else column.help
    return {"input_title": column.header[:TITLE_LIMIT], "input_message": text[:MESSAGE_LIMIT]}
