"""The published API description (1.15): where it is, what is wrong with it, and what it does not know."""

import copy
from pathlib import Path
from typing import Any

import yaml

SPECIFICATION = Path(__file__).parents[2].parent / "shared" / "spec" / "simpleapi-1.15.yaml"
MISSING = "the published API description is not at hand"

ANY_VALUE = "typed object, described as string, number, boolean, object or array"

# Mistakes of the description itself: where, what it says instead, and why we may say so.
CORRECTIONS: tuple[tuple[tuple[str, str], dict[str, Any], str], ...] = (
    (("ParameterValue", "value"), {}, ANY_VALUE),
    (("OrderParameterValue", "value"), {}, ANY_VALUE),
    (("FulfilmentParameterValue", "value"), {}, ANY_VALUE),
)


def described() -> dict[str, Any]:
    """The description with its mistakes corrected."""
    loaded = yaml.load(SPECIFICATION.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    corrected: dict[str, Any] = copy.deepcopy(loaded)
    for (schema, field), instead, _reason in CORRECTIONS:
        corrected["components"]["schemas"][schema]["properties"][field] = instead
    return corrected


def resolved(schema: dict[str, Any], description: dict[str, Any]) -> dict[str, Any]:
    """The schema with its reference followed and the properties of `allOf` gathered."""
    if "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    properties = dict(schema.get("properties", {}))
    for part in schema.get("allOf", ()):
        properties |= resolved(part, description).get("properties", {})
    return {**schema, "properties": properties}


def undeclared(
    value: Any,
    schema: dict[str, Any],
    description: dict[str, Any],
    at: str = "",
    *,
    kept_for: str = "writeOnly",
) -> list[str]:
    """Places that the description does not know, or keeps for the other direction.

    `kept_for` is `writeOnly` for an answer, `readOnly` for a request.
    """
    schema = resolved(schema, description)
    if isinstance(value, list):
        items = schema.get("items", {})
        return [
            found
            for n, item in enumerate(value)
            for found in undeclared(item, items, description, f"{at}[{n}]", kept_for=kept_for)
        ]
    if not isinstance(value, dict) or not schema["properties"]:
        return []
    known = {name: resolved(field, description) for name, field in schema["properties"].items()}
    wrong = [f"{at}.{name}" for name in value if name not in known or known[name].get(kept_for)]
    return wrong + [
        found
        for name in value
        if name in known
        for found in undeclared(value[name], known[name], description, f"{at}.{name}", kept_for=kept_for)
    ]
