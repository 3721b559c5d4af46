"""What somebody's own file looks like before anything is known of its columns: the beginnings of its sheets.

Which sheet, which row of headers and which separator are meant is decided by whoever looks at the sketch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bulk_orders.core.mapping import CsvForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """The first rows of a sheet."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    """From row 1 on, texts from column A on."""
    numbers: tuple[int, ...]
    """Excel's number of each row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """The beginnings of all sheets that may hold orders."""

    sheets: tuple[Beginning, ...]
    is_csv: bool
    encoding: str = ""
    """Of a CSV file that does not say itself how its letters are written: what it was read as here."""
    separator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the headers are."""

    sheet: str
    header_row: int
    csv: CsvForm = field(default_factory=CsvForm)
    names: Mapping[str, str] = field(default_factory=dict)
    """Names of columns by their headers as `folded`: what is in these is read as it is shown, or noted."""


def sketch_from(told: Mapping[str, Any]) -> Sketch:
    """Return the sketch that was made plain data."""
    return Sketch(
        sheets=tuple(
            Beginning(
                name=str(sheet["name"]),
                rows=tuple(tuple(map(str, texts)) for texts in sheet["rows"]),
                numbers=tuple(map(int, sheet["numbers"])),
            )
            for sheet in told["sheets"]
        ),
        is_csv=bool(told["is_csv"]),
        encoding=str(told["encoding"]),
        separator=str(told["separator"]),
    )
