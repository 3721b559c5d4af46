"""What is said of a setting that has a wrong value, in our words and not in those of the library that compares it."""

from typing import Final

from pydantic import ValidationError

from bulk_orders.errors import SetupError

WRONG_SETTING: Final = 'The setting "{setting}" of the profile {name} is wrong: {reason}.'
_FIX: Final = "`bulk-orders help settings` says what each setting takes."
_WHOLE_NUMBER: Final = "it must be a whole number"
_NUMBER: Final = "it must be a number"
_TRUE_OR_FALSE: Final = "it must be true or false"
_TEXT: Final = "it must be text, in quotation marks"
_LIST: Final = "it must be a list, in square brackets"
_REASONS: Final = {
    "bool_parsing": _TRUE_OR_FALSE,
    "bool_type": _TRUE_OR_FALSE,
    "extra_forbidden": "there is no such setting",
    "finite_number": _NUMBER,
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "greater_than": "it must be more than {gt}",
    "greater_than_equal": "it must be {ge} or more",
    "int_from_float": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_type": _WHOLE_NUMBER,
    "less_than_equal": "it must be {le} or less",
    "list_type": _LIST,
    "literal_error": "it must be {expected}",
    "missing": "it is not there",
    "string_type": _TEXT,
    "tuple_type": _LIST,
}
"""By pydantic's name of what is wrong; its own sentence stands for any other."""


def wrong_setting(error: ValidationError, name: str, *tables: str) -> SetupError:
    """Make the error for the first wrong setting of the profile `name`; `tables` are those inside it that lead there."""
    first = error.errors()[0]
    limits = {
        key: f"{value:g}" if isinstance(value, float) else value
        for key, value in first.get("ctx", {}).items()
    }
    known = _REASONS.get(first["type"])
    reason = known.format(**limits) if known else first["msg"].removeprefix("Value error, ")
    setting = ".".join((*tables, *(str(part) for part in first["loc"])))
    return SetupError(
        WRONG_SETTING.format(setting=setting, name=name, reason=reason),
        fix=_FIX,
    )
