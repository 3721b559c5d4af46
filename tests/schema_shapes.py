"""What JSON Schemas are made of: texts, numbers, objects and lists, and the object that a command prints at its end."""

from typing import Any, Final

from bulk_orders.cli.json_objects import JSON_SCHEMA
from bulk_orders.errors import ExitCode

TEXT: Final = {"type": "string"}
TEXT_OR_NULL: Final = {"type": ["string", "null"]}
NUMBER: Final = {"type": "integer"}
NUMBER_OR_NULL: Final = {"type": ["integer", "null"]}
YES_NO: Final = {"type": "boolean"}
TEXTS: Final = {"type": "array", "items": TEXT}
MOMENT: Final = {"type": "string", "format": "date-time"}
MOMENT_OR_NULL: Final = {"type": ["string", "null"], "format": "date-time"}
ENVIRONMENT: Final = {"enum": ["LIVE", "PRACTICE"]}


def an_object(may_lack: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in may_lack],
        "additionalProperties": False,
    }


def a_list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


def ended(may_lack: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    """An object that a command prints at its end."""
    exit_code = {"enum": [int(code) for code in ExitCode]}
    return an_object(may_lack, schema={"const": JSON_SCHEMA}, exit_code=exit_code, **properties)
