"""What `--json` prints: one object, also where a command ends with an error. Light, so that errors need no other module."""

import json
from collections.abc import Mapping
from typing import Any, Final

from bulk_orders.errors import ExitCode

JSON_SCHEMA: Final = 1


def json_text(value: Mapping[str, Any]) -> str:
    """Return an object as text that a terminal can show."""
    # ASCII, and so the only sign that could do harm and that JSON does not escape is DEL.
    text = json.dumps(value, ensure_ascii=True, indent=2, default=str)
    return text.replace("\x7f", "\\u007f")


def error_json(exit_code: ExitCode, message: str, fix: str) -> dict[str, Any]:
    """Return what is said of a command that an error ended: nothing was done that is not recorded."""
    return {
        "schema": JSON_SCHEMA,
        "exit_code": int(exit_code),
        "error": {"message": message, "fix": fix or None},
    }
