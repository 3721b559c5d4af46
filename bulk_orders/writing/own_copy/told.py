"""What the process that adds to a copy of somebody's workbook receives: everything to put in."""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bulk_orders.core.model import Problem, SheetRole, SheetTable
from bulk_orders.core.report import RunReport

STYLES_SHEET: Final = "styles"
"""A cell for each style that is needed beside the sheets."""
LEARNED_SHEET: Final = "attempt styles"
SLOW_ATTEMPTS: Final = 200
"""So many are written with the sheets, by the library."""


class OtherSheetsWanted(Exception):
    """The workbook is not of the kind that the sheets were made for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFindings:
    """What a check found."""

    tables: Mapping[SheetRole, SheetTable]
    problems: Sequence[Problem]
    row_states: Mapping[int, str]
    """Of each row of the orders: ready, error, skipped, hidden or ordered."""
    source_name: str
    mark: str
    """What the workbook is known by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _WithSheets:
    """What to put in, and sheets of ours that were made for it."""

    sheets: str
    """A workbook of our own with the sheets, in Base64."""

    def sheets_made(self) -> bytes:
        """Return the workbook with the sheets."""
        return b64decode(self.sheets)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsTold(_WithSheets):
    """For a workbook that was run."""

    report: RunReport
    counts_from_1904: bool
    """Whether the sheets are for a workbook that counts days like that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedTold(_WithSheets):
    """For a workbook that was checked."""

    found: CheckFindings
    has_live_check: bool
    """Whether the sheets are for a workbook whose column Check works while people type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellValue:
    """What a cell is to hold."""

    sheet: str
    row: int
    column: int
    """From 0."""
    text: str
    is_number: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuesTold:
    """For a workbook that is corrected."""

    values: Sequence[CellValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    """A line of the sheet Problems, as somebody left it."""

    number: int
    """Excel's number of the row."""
    where: str
    """`Orders!H14`."""
    typed: str
    proposed: str
    code: str
    has_shared_formula: bool = False
    """Whether the cell has a formula that other cells need."""
