"""What `--json` prints: one object, also where a command ends with an error. Light, so that errors need no other module."""

import json
import threading
from collections.abc import Mapping
from typing import Any, Final

from bulk_orders.errors import ExitCode

JSON_SCHEMA: Final = 1
HAS_ANSWERED: Final = threading.Event()
"""Set as soon as this process's one object is being printed: whatever ends it then, there is no second one."""


def json_text(value: Mapping[str, Any]) -> str:
    """Return an object as text that a terminal can show."""
    # ASCII, and so the only sign that could do harm and that JSON does not escape is DEL.
    text = json.dumps(value, ensure_ascii=True, indent=2, default=str)
    return text.replace("\x7f", "\\u007f")


def answer(exit_code: ExitCode, **fields: Any) -> dict[str, Any]:
    """Return the one object of a command that came to its end, with what it has to say."""
    return {"schema": JSON_SCHEMA, "exit_code": int(exit_code), **fields}


def error_json(exit_code: ExitCode, message: str, fix: str, **known: Any) -> dict[str, Any]:
    """Return what is said of a command that an error ended: nothing was done that is not recorded."""
    return answer(exit_code, error={"message": message, "fix": fix or None}, **known)
