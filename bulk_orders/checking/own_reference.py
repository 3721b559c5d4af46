"""A column of the workbook's own that holds what would be the rows' reference, where no column is read as that.

Such a column is not taken for the reference: what it says would name the orders for ever. But it is not passed over in
silence either, because orders without a reference are told apart by their contents alone.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bulk_orders.core.columns.table import column, folded
from bulk_orders.core.model import Problem, SheetColumn, SheetRole, SheetTable
from bulk_orders.core.problem_texts import problem

_FIELD: Final = "reference"
_SAYS_REFERENCE = re.compile(
    r"(?:^|(?<=[^a-z]))ref(?:s|erences?|erenz|erencia|érence|erentie|no|nr|id)?(?![a-z])"
)
_WORD_STARTS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NAMES_A_ROW = re.compile(
    r"(?:our|my|internal|order|request|req|ticket|line|row|item|external)?(?:id|no|nr|num|number|key|code)?"
)
_IS_COUNTER = re.compile(r"[0-9]{1,6}(?:\.0)?")
"""Numbers of lines begin again in the next file, so they name nothing."""


def unread_reference(table: SheetTable) -> Iterator[Problem]:
    """Tell of the first column that plainly holds the reference of each row, when none is read."""
    read = [index for index, found in enumerate(table.columns) if found.field == _FIELD]
    if any(cells[index].strip() for index in read for cells in table.cells):
        return
    limit = column(SheetRole.ORDERS, _FIELD).max_length or 0
    for index, found in enumerate(table.columns):
        if found.field or found.parameter or not found.header:
            continue
        texts = [filled for cells in table.cells if (filled := cells[index].strip())]
        if _names_rows(found, texts) and all(len(text) <= limit for text in texts):
            yield _told(table, found)
            return


def _names_rows(found: SheetColumn, texts: Sequence[str]) -> bool:
    """Tell whether a column's header says that it names rows, and its texts do: none stands twice."""
    if not texts or len(set(texts)) < len(texts):
        return False
    if _SAYS_REFERENCE.search(_WORD_STARTS.sub(" ", found.header).casefold()):
        return True
    is_counter = all(map(_IS_COUNTER.fullmatch, texts))
    return not is_counter and _NAMES_A_ROW.fullmatch(folded(found.header)) is not None


def _told(table: SheetTable, found: SheetColumn) -> Problem:
    header = column(SheetRole.ORDERS, _FIELD).header
    return problem(
        "W-NOT-SENT",
        parts={
            "column": found.header,
            "reason": 'it is not under "{header}"'.format(header=header),
            "todo": 'Put it under "{header}" if it names the orders; if not, leave it.'.format(header=header),
        },
        sheet=table.name,
        sheet_row=table.header_row,
        cells=(f"{found.letter}{table.header_row}",),
        column=found.header,
        value=found.header,
    )
