"""How errors are put together."""

from typing import Final

UNSAFE_TO_PATCH: Final = "The workbook cannot be added to: {reason}."
