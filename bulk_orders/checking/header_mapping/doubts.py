"""What must be asked before a mapping can be saved."""

import enum
from dataclasses import dataclass

from bulk_orders.checking.header_mapping.cells import FileColumn


class DoubtKind(enum.Enum):
    """What is doubtful."""

    COLUMN = "column"
    """Which column of the file one of ours is."""
    MISSING = "missing"
    """No column of the file is one that every order needs."""
    VALUE = "value"
    """What a typed text means."""
    DATES = "dates"
    """Whether the day or the month comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingDoubt:
    """One thing that is not certain."""

    kind: DoubtKind
    field: str
    """The column of ours that it is about."""
    candidates: tuple[FileColumn, ...] = ()
    """The columns of the file that may be meant, the likeliest first; of a value or a date the one in which it stands."""
    typed: str = ""
    """The text that is not certain."""
