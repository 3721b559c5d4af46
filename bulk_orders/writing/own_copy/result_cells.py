"""The result columns as cells of somebody's own sheet, made row by row while it streams by.

The same values as `result_columns` writes, as XML: for 100,000 rows a library's call for every cell takes too long.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Final

from bulk_orders.core.columns.table import RESULT_COLUMNS
from bulk_orders.core.report import CANCEL_WARNING, ResultRow, RunReport
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.ooxml.cell_xml import RowForm, are_harmless, cell_start, number_cell, serial, text_cell
from bulk_orders.ooxml.columns import NewColumn
from bulk_orders.writing.cells import decimal_number, is_like_a_formula, wrapped_lines
from bulk_orders.writing.new_book.result_columns import MACHINE_COLUMNS, RESULT_WIDTHS
from bulk_orders.writing.outcome_labels import LABELS, is_read

_NO_TIME: Final = timedelta()
_MACHINE_WIDTH: Final = 16
_LINE_POINTS: Final = 15
_LINES_SHOWN: Final = 12
_TEXTS: Final = (
    *("order_number", "order_id", "subscription_id", "platform_status", "currency", "po_sent"),
    *("scheduled_for", "acceptance_link", "microsoft_ids"),
    *("support_reference", "row_key", "error_code", "run_id", "body_sha256"),
)
_SAME: Final = (
    *("platform_status", "scheduled_for", "currency", "attempts", "error_code", "http_status", "run_id"),
)
"""Columns in which most rows of a run say the same."""
_OWN_TEXTS: Final = tuple(name for name in _TEXTS if name not in _SAME)
_OWN: Final = (*_OWN_TEXTS, "amount", "ordered_at", "cancel_before", "source_row")
"""Columns in which each row says something else."""
_MOST_FORMS: Final = 500
HEADERS: Final = dict(RESULT_COLUMNS)


def new_columns(positions: Mapping[str, int]) -> dict[int, NewColumn]:
    """Return the widths of the columns; those for machines are folded away."""
    return {
        column: NewColumn(width=RESULT_WIDTHS.get(name, _MACHINE_WIDTH), is_folded=name in MACHINE_COLUMNS)
        for name, column in positions.items()
    }


class ResultCells:
    """Makes the cells of one row after the other."""

    def __init__(
        self,
        report: RunReport,
        positions: Mapping[str, int],
        styles: Mapping[str, int],
        *,
        counts_from_1904: bool,
    ) -> None:
        self._rows: Sequence[ResultRow] = report.rows
        self._numbers = array("L", (row.sheet_row for row in report.rows))
        self._next = 0
        self._header_row = report.orders.header_row
        self._written_at = report.written_at
        self._positions = positions
        self._styles = styles
        self._from_1904 = counts_from_1904
        self._order = sorted(positions, key=lambda name: positions[name])
        self._letters = {name: column_letters(column) for name, column in positions.items()}
        self._opens = {name: cell_start(letters) for name, letters in self._letters.items()}
        self._outcomes = {
            kind: text_cell(styles[f"outcome {label.colours.fill}"], label.text)
            for kind, label in LABELS.items()
        }
        self._forms: dict[tuple[object, ...], RowForm] = {}
        self._writers: list[tuple[str, Callable[[ResultRow], str]]] = [
            (self._opens[name], self._writer(name)) for name in self._order
        ]
        self._same = attrgetter("outcome", *_SAME)
        self._own_texts = attrgetter(*_OWN_TEXTS)

    def row(self, number: int) -> tuple[bytes, float]:
        """Return the cells of a row, nothing where there is no result, and its height in points, 0 for the usual one."""
        result = self._result(number)
        if result is None:
            return self._headers() if number == self._header_row else b"", 0
        usual = self._usual_row(result)
        return (usual, 0) if usual else (self.careful_row(result), self._height(result))

    def careful_row(self, result: ResultRow) -> bytes:
        """Return the cells of any result, written one by one."""
        return "".join(
            [f"{opens}{result.sheet_row}{cell}" for opens, write in self._writers if (cell := write(result))]
        ).encode()

    def _usual_row(self, result: ResultRow) -> bytes:
        """Return the cells of a row that has nothing to be read, cleaned or escaped; else nothing.

        Nearly all rows of a large run are of a few forms: the same columns filled, in the same styles.
        """
        texts = self._own_texts(result)
        if result.message or result.how_to_fix or not are_harmless(texts):
            return b""
        amount = ordered = cancel = style = ""
        if result.amount:
            amount = _amount(result.amount)
            if not amount:
                return b""
        if result.ordered_at is not None:
            ordered = serial(result.ordered_at, counts_from_1904=self._from_1904)
        if result.cancel_before is not None:
            cancel = serial(result.cancel_before, counts_from_1904=self._from_1904)
            style = self._cancel_style(result.cancel_before)
        values = (*texts, amount, ordered, cancel, str(result.sheet_row))
        key = (all(values) or tuple(map(bool, values)), style, *self._same(result))
        form = self._forms.get(key)
        if form is None:
            if len(self._forms) >= _MOST_FORMS:
                self._forms.clear()
            form = self._forms[key] = self._form(result)
        return form.row(values)

    def _form(self, result: ResultRow) -> RowForm:
        cells = [
            (opens, cell, _OWN.index(name) if name in _OWN else -1)
            for name, (opens, write) in zip(self._order, self._writers, strict=True)
            if (cell := write(result))
        ]
        return RowForm(cells, number_at=_OWN.index("source_row"))

    def _result(self, number: int) -> ResultRow | None:
        """Return what became of a row; rows are asked for from the top down, as they are kept."""
        numbers, at = self._numbers, self._next
        if at >= len(numbers) or numbers[at] != number:
            at = bisect_left(numbers, number)
        self._next = at + 1
        return self._rows[at] if at < len(numbers) and numbers[at] == number else None

    def _height(self, result: ResultRow) -> float:
        if not is_read(result):
            return 0
        texts = (("message", result.message), ("how_to_fix", result.how_to_fix))
        lines = max(wrapped_lines(text, RESULT_WIDTHS[name]) for name, text in texts)
        return _LINE_POINTS * min(lines, _LINES_SHOWN) + 1 if lines > 1 else 0

    def _headers(self) -> bytes:
        cells = []
        for name in self._order:
            style = self._styles["machine header" if name in MACHINE_COLUMNS else "header"]
            cells.append(f"{self._opens[name]}{self._header_row}{text_cell(style, HEADERS[name])}")
        return "".join(cells).encode()

    def _writer(self, name: str) -> Callable[[ResultRow], str]:
        if name in _TEXTS:
            return self._text_writer(name)
        codes = {kind: text_cell(self._styles["text"], kind.value) for kind in LABELS}
        return {
            "outcome": lambda result: self._outcomes[result.outcome],
            "outcome_code": lambda result: codes[result.outcome],
            "message": lambda result: self._message(result, result.message),
            "how_to_fix": lambda result: self._message(result, result.how_to_fix),
            "amount": self._amount,
            "ordered_at": lambda result: self._moment(result.ordered_at, "moment"),
            "cancel_before": self._cancel_before,
            "attempts": lambda result: self._number(result.attempts or None),
            "http_status": lambda result: self._number(result.http_status),
            "source_row": lambda result: self._number(result.sheet_row),
        }[name]

    def _text_writer(self, name: str) -> Callable[[ResultRow], str]:
        read = attrgetter(name)
        plain, quoted = self._styles["text"], self._styles["quoted"]

        def write(result: ResultRow) -> str:
            text: str = read(result)
            if not text:
                return ""
            return text_cell(quoted if is_like_a_formula(text) else plain, text)

        return write

    def _message(self, result: ResultRow, text: str) -> str:
        if not text:
            return ""
        name = "quoted" if is_like_a_formula(text) else "text"
        if is_read(result):
            name = "wrapped quoted" if name == "quoted" else "wrapped"
        return text_cell(self._styles[name], text)

    def _number(self, number: int | None) -> str:
        return "" if number is None else number_cell(self._styles["number"], number)

    def _amount(self, result: ResultRow) -> str:
        if not result.amount:
            return ""
        number = _amount(result.amount)
        if not number:
            return text_cell(self._styles["text"], result.amount)
        return number_cell(self._styles["money"], number)

    def _moment(self, moment: datetime | None, style: str) -> str:
        if moment is None:
            return ""
        number = serial(moment, counts_from_1904=self._from_1904)
        return number_cell(self._styles[style], number)

    def _cancel_before(self, result: ResultRow) -> str:
        if result.cancel_before is None:
            return ""
        return self._moment(result.cancel_before, self._cancel_style(result.cancel_before))

    def _cancel_style(self, until: datetime) -> str:
        left = until - self._written_at
        if left <= _NO_TIME:
            return "closed"
        return "soon" if left < CANCEL_WARNING else "moment"


@lru_cache(maxsize=10_000)
def _amount(text: str) -> str:
    """Return an amount as a number in a cell; nothing if it would lose something of the text."""
    plain = text.rstrip("0").rstrip(".") if "." in text else text
    return "" if decimal_number(plain) is None else f"{float(text):.15g}"
