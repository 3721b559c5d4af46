"""Parameters that no column of ours sends: a vendor's own, from columns headed `parameter: NAME` or `parameter: NAME (json)`.

The first kind is sent as text. The second holds JSON: an object goes out as the parameter's `structured_value`, as imports and
migrations of subscriptions want it, anything else as its `value`.
"""

import json
from collections.abc import Sequence
from typing import Any, Final, NoReturn

JSON_MARK: Final = " (json)"
"""What the name of a column ends in whose cells hold JSON."""


def bare_name(name: str) -> str:
    """Return the parameter's name as it is sent."""
    return name.removesuffix(JSON_MARK)


def is_json(name: str) -> bool:
    """Return whether the cells of the column hold JSON."""
    return name.endswith(JSON_MARK)


def parameter(name: str, text: str) -> dict[str, Any]:
    """Return the parameter as the API wants it. Raises `ValueError` for JSON that cannot be read: the check has seen to that."""
    if not is_json(name):
        return {"name": name, "value": text}
    value = read_json(text)
    return {"name": bare_name(name), "structured_value" if isinstance(value, dict) else "value": value}


def json_fault(text: str) -> str:
    """Return why a text is not JSON that can be sent, where it goes wrong; empty when it is."""
    try:
        read_json(text)
    except json.JSONDecodeError as error:
        return "it is not JSON from character {place} on".format(place=error.pos + 1)
    except (ValueError, RecursionError) as error:
        return str(error) or "it is nested too deeply"
    return ""


def read_json(text: str) -> Any:
    """Return the value; raises `ValueError` for what is not JSON, holds a key twice, or a number that JSON does not have."""
    return json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number)


def _once_each(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError('the key "{key}" is in it twice'.format(key=key))
        found[key] = value
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError("{name} is not a number in JSON".format(name=name))
