"""What helps people type into a column of the template: drop-down, message, warning, note on the header."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bulk_orders.core.columns.table import Column, Kind, Need
from bulk_orders.core.model import SheetRole
from bulk_orders.writing.cells import date_value, decimal_number, whole_number
from bulk_orders.writing.drop_downs import ERROR_LIMIT, TITLE_LIMIT, input_message, list_name

CUSTOMER_LIST: Final = "C_List"
PRODUCT_LIST: Final = "P_List"
_NEEDS: Final = {
    Need.ALWAYS: "Required",
    Need.SOMETIMES: "Required in some cases",
    Need.OPTIONAL: "Optional",
    Need.FILLED: "Filled by Excel",
}


def header_text(entry: Column) -> str:
    """Return the header in the template: those of required columns end in ` *`."""
    return f"{entry.header} *" if entry.need is Need.ALWAYS else entry.header


def header_note(entry: Column) -> str:
    """Return the header's note: what the column is, an example, and where it goes."""
    need = _NEEDS[entry.need]
    goes_to = "Sent as {api_field}.".format(api_field=entry.api_field) if entry.api_field else "Never sent."
    if not entry.example:
        return f"{entry.header}: {need}.\n{entry.help}\n{goes_to}"
    return "{header}: {need}.\n{help}\nExample: {example}\n{goes_to}".format(
        header=entry.header, need=need, help=entry.help, example=entry.example, goes_to=goes_to
    )


def write_typed(sheet: Any, at: tuple[int, int], entry: Column, text: str, style: Any) -> None:
    """Write what stands in a filled cell: numbers and dates as such, everything else as text."""
    number = {Kind.WHOLE_NUMBER: whole_number, Kind.AMOUNT: decimal_number}.get(entry.kind, _no_number)(text)
    day = date_value(text) if entry.kind is Kind.DATE else None
    if number is not None:
        sheet.write_number(*at, number, style)
    elif day is not None:
        sheet.write_datetime(*at, day, style)
    else:
        sheet.write_string(*at, text, style)


def _no_number(_: str) -> float | None:
    return None


def validation(entry: Column) -> dict[str, Any]:
    """Return XlsxWriter's options for the column's cells; what is typed against them is warned of and kept."""
    rule = _rule(entry)
    if rule["validate"] == "any":
        return {**input_message(entry), **rule}
    return {
        **input_message(entry),
        **rule,
        "error_type": "warning",
        "error_title": "Please check {header}".format(header=entry.header)[:TITLE_LIMIT],
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
            return "This is not in the list. Keep it only if you are sure that it is right."
        case "length":
            return "{header} has at most {number} characters.".format(
                header=entry.header, number=entry.max_length
            )
        case "date":
            return "{header} is a date, for example {example}.".format(
                header=entry.header, example=entry.example
            )
        case _:
            return "{header} is a number, for example {example}.".format(
                header=entry.header, example=entry.example
            )
