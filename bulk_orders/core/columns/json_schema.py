"""The columns as a JSON Schema: what an object must be like that becomes a row, with the labels of the drop-down lists.

It says what the table of columns says, no more: `checking.schema` also reads other spellings, and compares rows.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from bulk_orders.core.columns.table import Column, Kind, Need, column, columns_of
from bulk_orders.core.model import SheetRole

_FORMATS = {Kind.DATE: "date", Kind.EMAIL: "email", Kind.DOMAIN: "hostname"}


def json_schema(roles: Sequence[SheetRole]) -> dict[str, Any]:
    """Return the schema of a row of a sheet, or of the flat form, which is two sheets side by side."""
    entries = {
        entry.name: entry
        for role in reversed(roles)
        for entry in columns_of(role)
        if entry.kind is not Kind.FORMULA
    }
    cases = [case for entry in entries.values() for case in _cases(entry)]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": " + ".join(role.value for role in roles),
        "type": "object",
        "properties": {name: _texts(entry) for name, entry in entries.items()},
        "required": [
            entry.name for entry in entries.values() if entry.need is Need.ALWAYS and not entry.or_else
        ],
        **({"allOf": cases} if cases else {}),
    }


def _texts(entry: Column) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "string", "title": entry.header, "description": entry.help}
    if entry.example:
        found["examples"] = [entry.example]
    if entry.need is Need.ALWAYS:
        found["minLength"] = 1
    if entry.max_length:
        found["maxLength"] = entry.max_length
    if entry.choices:
        found["enum"] = [choice.label for choice in entry.choices]
    if entry.kind is Kind.WHOLE_NUMBER:
        found["pattern"] = "^[0-9]+$"
    if entry.kind in _FORMATS:
        found["format"] = _FORMATS[entry.kind]
    return found


def _cases(entry: Column) -> Iterator[dict[str, Any]]:
    """Yield what makes a column required: one cell, and where it is not always sent, the cell that has it sent."""
    for pair in entry.required_when:
        pairs = dict([pair] if entry.sent_when is None else [entry.sent_when, pair])
        labels = {name: {"const": _label(entry.sheet, name, key)} for name, key in pairs.items()}
        then = {"required": [entry.name], "properties": {entry.name: {"minLength": 1}}}
        yield {"if": {"properties": labels, "required": list(labels)}, "then": then}
    if entry.or_else:
        either = [{"required": [entry.name]}, {"required": [entry.or_else]}]
        yield {"anyOf": either}


def _label(role: SheetRole, name: str, key: str) -> str:
    choices = column(role, name).choices
    return next((choice.label for choice in choices if choice.key == key), key)
