"""Writes the JSON Schemas that are shipped: of settings, of mappings, and of what `--json` prints.

    python tests/write_schemas.py

A test compares them with the code. They are in draft 7, which the editors' TOML plug-ins understand.
"""

import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tree before any installed copy

from output_schema import output_schema

from bulk_orders.core.columns.shapes import Column, Kind
from bulk_orders.core.mapping import (
    DATE_ORDERS,
    ENCODINGS,
    MOST_PARTS,
    SEPARATORS,
    known_fields,
    may_be_fixed,
)
from bulk_orders.core.rule_constants import LEGAL_STATEMENTS
from bulk_orders.settings.profiles import Profile

TEMPLATES: Final = Path(__file__).parents[1] / "templates"
HELP: Final = Path(__file__).parents[1] / "bulk_orders" / "help"
DRAFT: Final = "http://json-schema.org/draft-07/schema#"
SECRETS: Final = ("password", "subscription_key", "client_id", "oauth2_client_secret", "ledger_url")


def settings_schema() -> dict[str, Any]:
    """Of `settings.toml`: a table of profiles, with what the page of help says about each setting."""
    told = dict(
        re.findall(r"^\| `(\w+)` \|[^|]*\| (.*) \|$", (HELP / "settings.md").read_text("utf-8"), re.MULTILINE)
    )
    found = Profile.model_json_schema()["properties"]
    settings: dict[str, Any] = {}
    for name, schema in found.items():
        if name == "name":
            continue
        if name in SECRETS:
            text = f"A file with nothing in it but the {name.replace('oauth2_', '').replace('_', ' ')}, which only you can read."
            settings[f"{name}_file"] = {"type": "string", "description": text}
            continue
        kept = {key: value for key, value in schema.items() if key not in {"title", "writeOnly", "format"}}
        settings[name] = _bare(kept) | {"description": told[name]}
    profile = {"type": "object", "additionalProperties": False, "properties": settings}
    return {
        "$schema": DRAFT,
        "title": "Settings of bulk-orders",
        "type": "object",
        "properties": {
            "profiles": {
                "description": "One table for each marketplace account: [profiles.live]",
                "type": "object",
                "additionalProperties": profile,
            }
        },
    }


def _bare(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A setting that may be left out is left out: TOML has no null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    found = {key: value for key, value in schema.items() if key != "anyOf" and value is not None}
    return found | (kinds[0] if kinds else {})


def mapping_schema() -> dict[str, Any]:
    """Of a mapping: which columns there are, and what may stand for each."""
    fields = known_fields()
    listed = {name: column for name, column in fields.items() if column.choices}
    dates = [name for name, column in fields.items() if column.kind is Kind.DATE]
    fixed = {name: _fixed(column) for name, column in fields.items() if may_be_fixed(column)}
    return {
        "$schema": DRAFT,
        "title": "Mapping of a file's own columns, for bulk-orders",
        "type": "object",
        "required": ["headers", "columns"],
        "additionalProperties": False,
        "properties": {
            "confirmed": _text("Only a confirmed mapping is used.", "boolean"),
            "headers": {
                "description": "All headers of the file, by which the mapping is found again.",
                "type": "array",
                "items": {"type": "string"},
                "minItems": 1,
                "uniqueItems": True,
            },
            "sheet": _text("The sheet that is read where more than one has these headers."),
            "csv": _table(
                {"encoding": {"enum": list(ENCODINGS)}, "separator": {"enum": list(SEPARATORS)}},
                "How a CSV file is written.",
            ),
            "columns": _table(
                {name: _text(column.help) for name, column in fields.items()}, "The header of each column."
            ),
            "values": _table(
                {
                    name: {"type": "object", "additionalProperties": _choices(column)}
                    for name, column in listed.items()
                },
                "What typed texts mean.",
            ),
            "dates": _table(
                {name: {"enum": list(DATE_ORDERS)} for name in dates}, "The order of day and month."
            ),
            "parts": _table(
                {"mpn": {"type": "integer", "minimum": 1, "maximum": MOST_PARTS}},
                "How many parts between colons make the product.",
            ),
            "fixed": _table(fixed, "What every row has."),
        },
    }


def _table(properties: Mapping[str, Any], description: str) -> dict[str, Any]:
    return {
        "description": description,
        "type": "object",
        "additionalProperties": False,
        "properties": dict(properties),
    }


def _text(description: str, kind: str = "string") -> dict[str, Any]:
    return {"type": kind, "description": description}


def _choices(column: Column) -> dict[str, Any]:
    return {"enum": [choice.label for choice in column.choices]}


def _fixed(column: Column) -> dict[str, Any]:
    value = _choices(column) if column.choices else {"type": "string"}
    if column.name not in LEGAL_STATEMENTS:
        return value
    return {
        "type": "object",
        "required": ["value", "stated_by", "stated_on"],
        "additionalProperties": False,
        "properties": {
            "value": value,
            "stated_by": _text("Who states it."),
            "stated_on": _text("The day on which it was stated."),
        },
    }


FILES: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {
    "settings.schema.json": settings_schema,
    "mapping.schema.json": mapping_schema,
    "output.schema.json": lambda: {"$schema": DRAFT, **output_schema()},
}


def text_of(name: str) -> str:
    return json.dumps(FILES[name](), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    for name in FILES:
        (TEMPLATES / name).write_text(text_of(name), encoding="utf-8")


if __name__ == "__main__":
    main()
