"""How we recognise our notes and sheets in a workbook that other programs saved: by what they say.

Properties of a file and authors of notes get lost on the way through other programs; what can be read stays.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bulk_orders.core import sheet_names

META_SHEET: Final = "_meta"
"""The hidden sheet of the template that says which template it is."""
ATTEMPT_HEADERS: Final = (
    *("Row", "Attempt", "Begun at (UTC)", "Seconds"),
    *("Verdict", "HTTP status", "Bytes sent", "Reason"),
    *("Support reference", "row_key", "run_id"),
)
"""Of the sheet Attempts."""
ROWS_LOOKED_AT: Final = 3
"""This many rows of a sheet tell whose it is."""

_NOTE_ON_CELL: Final = re.compile(r"([A-Z]{1,3}[0-9]{1,7}): ")
_NOTE_WITH_CODE: Final = re.compile(r"[A-Z]{1,3}[0-9]{1,7}: .*\[[A-Z]-[A-Z-]+\]\s*", re.DOTALL)
_NUMBERED: Final = re.compile(r" \([0-9]+\)$")
SUMMARY_TITLE: Final = "Run {run}"
_RUN: Final = re.compile(re.escape(SUMMARY_TITLE).replace(r"\{run\}", r"\S+"))
NOTHING_SENT: Final = "{source}. Nothing was sent. Correct the red cells here, save, and run this workbook."
_NOTHING_SENT: Final = NOTHING_SENT.partition("{source}")[2]
RESULTS_LEGEND: Final = (
    "{headline} Correct red cells here and run this workbook: what is ordered is not sent again."
)
_RESULTS_LEGEND: Final = RESULTS_LEGEND.partition("{headline}")[2]

Rows = Sequence[Sequence[str]]
"""The texts of a sheet's first rows, from A1 on."""


CHECKED_TITLE: Final = "{name}, checked"
CHECKED_LEGEND: Final = (
    "Red cell = to fix, amber = warning, blue = good to know; "
    "the note on the cell says what and how. Grey row = not sent."
)
WHERE_HEADER: Final = "Where"
TYPED_HEADER: Final = "You typed"
PROPOSED_HEADER: Final = "Proposed value"
APPLY_HEADER: Final = "Apply?"
CODE_HEADER: Final = "Code"
PLAN_YES: Final = "Yes"
PLAN_NO: Final = "No"
OTHERS_LEGEND: Final = "As in the workbook that was run; red cells are explained in their notes."
HEADER_NOTES: Final[Mapping[str, str]] = {
    "amount": "The first bill, as the marketplace answered it.",
    "cancel_before": "Microsoft's window for cancelling: 7 days from the order. Ask your distributor for theirs. Amber: less than 48 hours are left.",
    "scheduled_for": "The day on which the marketplace carries out an order that is scheduled; year-month-day.",
    "acceptance_link": "Where the customer accepts the Microsoft Customer Agreement. The order waits for that.",
    "microsoft_ids": "Microsoft's own ids, as far as the marketplace shows them: tenant, order, subscription.",
    "support_reference": "Send this value to the marketplace's support team when you ask about the order.",
}
"""What the headers of result columns explain, by column."""
RUN_LABEL: Final = "Run"
ENVIRONMENT_LABEL: Final = "Environment"
LOG_EVENTS_LABEL: Final = "Events in its log"
LOG_HEAD_LABEL: Final = "Hash of the newest event"
LIVE_BANNER: Final = "LIVE – these orders are real"
PRACTICE_BANNER: Final = "PRACTICE – nothing was really ordered"
EXAMPLES_TITLE: Final = "Examples – nothing here is sent"
START_TITLE: Final = "Order in bulk"
CONTROL_TOTALS_TITLE: Final = "Control totals"


def note_text(address: str, sentence: str) -> str:
    """Return what our note on a cell says: by the address in front it is known again."""
    return f"{address}: {sentence}"


def is_note_on_mark(address: str, text: str) -> bool:
    """Tell whether a note says what is wrong with a cell, whoever is said to have written it.

    It begins with its own cell's address. Where rows were sorted it has another one, but ends with a problem's code.
    """
    told = text.lstrip()
    begins = _NOTE_ON_CELL.match(told)
    return (begins is not None and begins[1] == address) or _NOTE_WITH_CODE.fullmatch(told) is not None


def is_note_on_header(text: str) -> bool:
    """Tell whether a note explains one of the result columns."""
    return text.strip() in HEADER_NOTES.values()


def may_be_our_sheet(name: str) -> bool:
    """Tell whether a sheet has the name of one of ours, perhaps with a number behind it."""
    return _plain(name) in _BY_NAME


def is_our_sheet(name: str, rows: Rows) -> bool:
    """Tell whether a sheet is ours: by its name and by what its first rows say."""
    is_it = _BY_NAME.get(_plain(name))
    return is_it is not None and is_it(rows)


def is_result_sheet(name: str, rows: Rows) -> bool:
    """Tell whether a sheet is one that results or a check added: those of the template stay with the workbook."""
    return _plain(name) in _ADDED and is_our_sheet(name, rows)


def is_titled_by_us(rows: Rows) -> bool:
    """Tell whether the rows above a sheet's headers are ours, as they are in a new workbook of ours."""
    legend = _text(rows, 2)
    is_checked = legend == CHECKED_LEGEND and _text(rows, 1).endswith(CHECKED_TITLE.partition("{name}")[2])
    return is_checked or legend.endswith(_RESULTS_LEGEND) or legend == OTHERS_LEGEND


def _plain(name: str) -> str:
    return _NUMBERED.sub("", name.strip()).casefold()


def _text(rows: Rows, row: int, column: int = 1) -> str:
    texts = rows[row - 1] if row <= len(rows) else ()
    return texts[column - 1].strip() if column <= len(texts) else ""


def _is_summary(rows: Rows) -> bool:
    banners = {LIVE_BANNER, PRACTICE_BANNER}
    return _RUN.fullmatch(_text(rows, 1)) is not None and _text(rows, 2) in banners


def _is_run_info(rows: Rows) -> bool:
    wanted = [RUN_LABEL, RUN_LABEL, ENVIRONMENT_LABEL]
    return [_text(rows, row) for row in (1, 2, 3)] == wanted


def _is_attempts(rows: Rows) -> bool:
    return tuple(_text(rows, 1, column) for column in range(1, len(ATTEMPT_HEADERS) + 1)) == ATTEMPT_HEADERS


def _is_problems(rows: Rows) -> bool:
    return _NOTHING_SENT in _text(rows, 2)


def _is_start(rows: Rows) -> bool:
    return _text(rows, 1, 2) == START_TITLE


def _is_examples(rows: Rows) -> bool:
    return _text(rows, 1) == EXAMPLES_TITLE


def _is_lists(rows: Rows) -> bool:
    return _text(rows, 1).startswith("L_")


def _is_meta(rows: Rows) -> bool:
    return _text(rows, 1) == "template_version"


_ADDED_SHEETS: Final[dict[str, Callable[[Rows], bool]]] = {
    sheet_names.SUMMARY: _is_summary,
    sheet_names.ATTEMPTS: _is_attempts,
    sheet_names.RUN_INFO: _is_run_info,
    sheet_names.PROBLEMS: _is_problems,
}
_TEMPLATE_SHEETS: Final[dict[str, Callable[[Rows], bool]]] = {
    sheet_names.START_HERE: _is_start,
    sheet_names.EXAMPLES: _is_examples,
    sheet_names.LISTS: _is_lists,
    META_SHEET: _is_meta,
}
_BY_NAME: Final = {name.casefold(): is_it for name, is_it in (_ADDED_SHEETS | _TEMPLATE_SHEETS).items()}
_ADDED: Final = frozenset(name.casefold() for name in _ADDED_SHEETS)
