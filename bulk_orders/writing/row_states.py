"""What our column Check says about how a row stands, and how it is known again."""

from collections.abc import Iterable, Mapping
from typing import Final

from bulk_orders.writing import check_column, palette
from bulk_orders.writing.outcome_labels import LABELS

STATE_LABELS: Final[Mapping[str, tuple[str, palette.Colours]]] = {
    "ready": (check_column.READY, palette.GOOD),
    "error": (check_column.TO_FIX, palette.BAD),
    "skipped": (check_column.SKIPPED, palette.GREY),
    "hidden": (check_column.HIDDEN, palette.GREY),
    "ordered": (check_column.ORDERED, palette.GREY),
}
_STATE_STARTS: Final = frozenset(
    text[:2]
    for text in (*(text for text, _ in STATE_LABELS.values()), *(label.text for label in LABELS.values()))
) | {check_column.WARNINGS_ONE[:2]}
"""Icons with which the column Check says how a row stands."""


def are_states(texts: Iterable[str]) -> bool:
    """Tell whether the filled cells of a column say how rows stand, as those of a column Check of ours do."""
    said = [text for text in texts if text.strip()]
    return bool(said) and all(text[:2] in _STATE_STARTS for text in said)
