"""A row and an order-body template give the order body.

The template is the vendor's body with placeholders, one per text: `"{customer_id}"`, `"{quantity:int}"`,
`"{offer_attestation:bool}"`, `"{agreement_date:us_date}"`. A blank value takes its key, its parameter or its whole branch
with it. It does not know where templates come from, nor what is required: the check has seen to that.
"""

import functools
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from bulk_orders.core.columns.table import COLUMNS, Column
from bulk_orders.core.free_parameters import parameter
from bulk_orders.core.model import Row
from bulk_orders.core.order_types import OF_PRODUCTS, USUAL

PLACEHOLDER: Final = re.compile(r"\{(?P<name>[a-z0-9_]+)(?::(?P<form>[a-z_]+))?\}")
BLANK: Final = object()


class TemplateWrong(ValueError):
    """An order-body template names something that does not exist; the message says what and where."""


def _boolean(text: str) -> bool:
    return {"true": True, "false": False}[text]


def _us_date(text: str) -> str:
    return date.fromisoformat(text).strftime("%m-%d-%Y")


FORMS: Final[dict[str, Callable[[str], Any]]] = {"": str, "int": int, "bool": _boolean, "us_date": _us_date}
"""How a placeholder's text becomes JSON; `us_date` is the guide's MM-DD-YYYY."""


_SENT_COLUMNS: Final = tuple(column for column in COLUMNS if column.placeholders)
_API_WORDS: Final = {
    (column.name, choice.key): choice.api for column in _SENT_COLUMNS for choice in column.choices
}


_TENANT_PARAMETER: Final = "tenant_preference"
_EXISTING: Final = "existing"
_ONLY_FOR_NEW: Final = frozenset(
    column.api_name for column in _SENT_COLUMNS if column.sent_when == ("send_company_details", "yes")
)
"""The company's details make a tenant; one that is there has them."""


def placeholder_values(row: Row) -> dict[str, str]:
    """Return the texts for the placeholders: choices in the API's words, and only what should be sent."""
    values: dict[str, str] = {}
    for column in _SENT_COLUMNS:
        text = row.values.get(column.name, "")
        if not text or not _is_sent(column, row):
            continue
        api_words = _API_WORDS[column.name, text] if column.choices else (text,)
        named = zip(column.placeholders, api_words, strict=True)
        values.update({name: value for name, value in named if value})
    return values


def _is_sent(column: Column, row: Row) -> bool:
    if column.order_types and row.values.get("order_type", USUAL.key) not in column.order_types:
        return False
    if column.sent_when is None:
        return True
    name, key = column.sent_when
    return row.values.get(name) == key


def fill(template: Mapping[str, Any], row: Row, *, po_number: str) -> dict[str, Any]:
    """Return the order body for `row`, with `po_number` as its PO number and the row's free parameters added.

    Raises `TemplateWrong` when the template names an unknown column or form.
    """
    values = placeholder_values(row) | {"po_number": po_number}
    body = _filled(template, values)
    if not isinstance(body, dict):
        raise TemplateWrong("The order-body template is empty once blanks are dropped.")
    if row.parameters and row.values.get("order_type", USUAL.key) in OF_PRODUCTS:
        line = body.setdefault("products", [{}])[0]
        line.setdefault("parameters", []).extend(parameter(name, text) for name, text in row.parameters)
    return body


def for_existing_tenant(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of an order for a new tenant, as it is sent once an earlier order has made that tenant."""
    return {**body, "products": [_for_existing_tenant(line) for line in body.get("products", [])]}


def _for_existing_tenant(line: Mapping[str, Any]) -> dict[str, Any]:
    parameters = [
        {**given, "value": _EXISTING} if given.get("name") == _TENANT_PARAMETER else given
        for given in line.get("parameters", [])
        if given.get("name") not in _ONLY_FOR_NEW
    ]
    return {**line, "parameters": parameters}


def _filled(part: Any, values: Mapping[str, str]) -> Any:
    match part:
        case str():
            return _replaced(part, values)
        case Mapping():
            return _filled_mapping(part, values)
        case list():
            entries = [entry for entry in (_filled(inner, values) for inner in part) if entry is not BLANK]
            return entries or BLANK
        case _:
            return part


def _filled_mapping(part: Mapping[str, Any], values: Mapping[str, str]) -> Any:
    filled = {key: _filled(inner, values) for key, inner in part.items()}
    if "name" in filled and any(filled.get(key) is BLANK for key in ("value", "structured_value")):
        return BLANK  # a parameter without its value disappears whole
    kept = {key: value for key, value in filled.items() if value is not BLANK}
    return kept or BLANK


def _replaced(text: str, values: Mapping[str, str]) -> Any:
    name, form = _parsed(text)
    if not name:
        return text
    return FORMS[form](values[name]) if values.get(name) else BLANK


@functools.cache
def _parsed(text: str) -> tuple[str, str]:
    """Return the name and form of a placeholder; no name for a plain text."""
    match = PLACEHOLDER.fullmatch(text)
    if match is None:
        return "", ""
    name, form = match["name"], match["form"] or ""
    if form not in FORMS:
        raise TemplateWrong(
            'The order-body template says "{text}"; known forms are {forms}.'.format(
                text=text, forms=", ".join(filter(None, FORMS))
            )
        )
    if name not in KNOWN_NAMES:
        raise TemplateWrong(
            'The order-body template says "{text}"; no column has the name {name}.'.format(
                text=text, name=name
            )
        )
    return name, form


KNOWN_NAMES: Final = frozenset(name for column in _SENT_COLUMNS for name in column.placeholders)
