"""Finds the control totals that a workbook states on the sheet Start here, or in a file `NAME.ctl` beside it.

What they mean is not decided here (`core.control_totals`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from bulk_orders.core import sheet_names
from bulk_orders.core.control_totals import StatedTotal
from bulk_orders.core.our_marks import CONTROL_TOTALS_TITLE
from bulk_orders.errors import InputError
from bulk_orders.reading.input_file import read_file

ENDING: Final = ".ctl"
_MADE_FROM_IT: Final = re.compile(r"(\.(xlsx|xlsm|xls|csv|checked|fixed|results-[\w-]+))+$", re.IGNORECASE)
MAX_BYTES: Final = 10_000
SEARCHED_ROWS: Final = 100
_LABEL, _VALUE = 1, 2
"""Columns B and C."""


def totals_on_sheet(
    rows: Iterable[tuple[int, Sequence[str]]], unreadable: Iterable[int]
) -> Iterator[StatedTotal]:
    """Yield the totals below their title on a sheet Start here: labels in column B, values in C, until a label is blank.

    `rows` are Excel's numbers with texts from column A on; `unreadable` are rows whose value in C is an error, or a formula
    without a result: these are stated, too, and cannot be read.
    """
    broken = frozenset(unreadable)
    is_below = False
    for sheet_row, texts in rows:
        label, text = (*texts[_LABEL : _VALUE + 1], "", "")[:2]
        if is_below and not label.strip():
            return
        if is_below and (text.strip() or sheet_row in broken):
            place = "{sheet}!C{row}".format(sheet=sheet_names.START_HERE, row=sheet_row)
            yield StatedTotal(label=label, text="" if sheet_row in broken else text, place=place)
        is_below = is_below or label.strip().casefold() == CONTROL_TOTALS_TITLE.casefold()


def totals_beside(path: Path) -> tuple[StatedTotal, ...]:
    """Return the totals in `NAME.ctl` beside a file, one `name = value` a line; none where there is no such file.

    They also count for the workbooks that the program made from it: `NAME.csv.checked.xlsx`, `NAME.fixed.xlsx`, its results.

    Blank lines and lines that begin with # say nothing. Raises `InputError` for a file that cannot be read.
    """
    own = path.with_suffix(ENDING)
    file = own if own.exists() else path.with_name(_MADE_FROM_IT.sub("", path.name) + ENDING)
    if not file.exists():
        return ()
    content = read_file(file)
    try:
        lines = content[:MAX_BYTES].decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        lines = []
    if not lines or len(content) > MAX_BYTES:
        raise InputError(
            "{name}, which states control totals, cannot be read.".format(name=file.name),
            fix="Save it as text in UTF-8, one total a line, such as orders = 120; or delete it.",
        )
    return tuple(_stated(lines, file.name))


def _stated(lines: Iterable[str], name: str) -> Iterator[StatedTotal]:
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            label, _, text = line.partition("=")
            place = "line {number} of {name}".format(number=number, name=name)
            yield StatedTotal(label=label.strip(), text=text.strip(), place=place)
