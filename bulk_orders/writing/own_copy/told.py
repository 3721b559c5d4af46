"""What the process that adds to a copy of somebody's workbook receives: everything to put in."""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bulk_orders.core.lifecycle import AttemptRecord
from bulk_orders.core.model import Problem, SheetRole, SheetTable
from bulk_orders.core.report import ResultRow, RunReport
from bulk_orders.core.summary import Outcome
from bulk_orders.writing.marks import Mark

STYLES_SHEET: Final = "styles"
"""A cell for each style that is needed beside the sheets."""
LEARNED_SHEET: Final = "attempt styles"
SLOW_ATTEMPTS: Final = 200
"""So many are written with the sheets, by the library."""
SAME_IN_RESULTS: Final = (
    *("platform_status", "scheduled_for", "currency", "attempts", "error_code", "http_status", "run_id"),
)
"""Columns in which most rows of a run say the same."""
OWN_TEXTS: Final = (
    *("order_number", "order_id", "subscription_id", "po_sent", "acceptance_link", "microsoft_ids"),
    *("support_reference", "row_key", "body_sha256", "amount"),
)
OWN_IN_RESULTS: Final = (*OWN_TEXTS, "ordered_at", "cancel_before", "source_row")
"""Columns in which each row says something else."""
SAME_IN_ATTEMPTS: Final = ("verdict", "number", "http_status", "bytes_sent", "run_id")
"""What most attempts of a run have in common."""
OWN_IN_ATTEMPTS: Final = ("A", "C", "D", "I", "J", "line")
"""Columns of the sheet Attempts in which each line says something else, and Excel's number of the line."""
VALUE_END: Final = b" "
"""What is harmless has no space; and JSON takes a space as it is, which a line end is not."""


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
    """Without rows and attempts, which follow in batches."""
    counts_from_1904: bool
    """Whether sheets and batches are for a workbook that counts days like that."""
    preface: tuple[str, str]
    """Title and legend of the orders, for a workbook of our own making."""
    marks: Mapping[str, Mapping[int, Mapping[str, Mark]]]
    """By sheet, row and column letters."""
    rows_by_outcome: Mapping[Outcome, Sequence[int]]
    """Of all rows, where the sheet has a column Check; else of none."""
    last_rows: Sequence[int]
    """The last row of each `ResultBatch`; what follows these are each an `AttemptBatch`."""
    linked_rows: Sequence[int]
    """The rows of the first attempts beyond `SLOW_ATTEMPTS`, which are links."""
    attempts: int
    """How many there are; up to `SLOW_ATTEMPTS` are on their sheet already."""
    attempt_batches: int
    verdicts: Sequence[str]
    """In the order in which they come first among the attempts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeResults:
    """Rows in which the same columns are filled, in the same styles, with nothing to be cleaned or escaped."""

    like: ResultRow
    """One of them."""
    values: Sequence[str]
    """What the rows say in each of `OWN_IN_RESULTS`, from the top down, with `VALUE_END` between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultBatch:
    """What became of rows that follow one another."""

    alike: Sequence[AlikeResults]
    others: Sequence[ResultRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeAttempts:
    """Attempts of which the same is known, with nothing to be cleaned or escaped."""

    like: AttemptRecord
    """One of them."""
    values: Sequence[str]
    """What the lines say in each of `OWN_IN_ATTEMPTS`, as in `AlikeResults`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptBatch:
    """Attempts that follow one another."""

    alike: Sequence[AlikeAttempts]
    others: Sequence[AttemptRecord]
    other_lines: Sequence[int]
    """Excel's numbers of the others' lines."""


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
