"""The result columns as cells of somebody's own sheet, made row by row while it streams by.

The same values as `result_columns` writes, as XML: for 100,000 rows a library's call for every cell takes too long.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import repeat
from operator import attrgetter
from typing import Final

from bulk_orders.core.columns.table import RESULT_COLUMNS
from bulk_orders.core.report import CANCEL_WARNING, ResultRow
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.ooxml.cell_xml import RowForm, cell_start, number_cell, serial, text_cell
from bulk_orders.ooxml.columns import NewColumn
from bulk_orders.writing.cells import decimal_number, is_like_a_formula, wrapped_lines
from bulk_orders.writing.outcome_labels import LABELS, is_read
from bulk_orders.writing.own_copy.told import OWN_IN_RESULTS, VALUE_END, ResultBatch, ResultsTold
from bulk_orders.writing.result_widths import MACHINE_COLUMNS, RESULT_WIDTHS

_NO_TIME: Final = timedelta()
_MACHINE_WIDTH: Final = 16
_LINE_POINTS: Final = 15
_LINES_SHOWN: Final = 12
_TEXTS: Final = (
    *("order_number", "order_id", "subscription_id", "platform_status", "currency", "po_sent"),
    *("scheduled_for", "acceptance_link", "microsoft_ids"),
    *("support_reference", "row_key", "error_code", "run_id", "body_sha256"),
)
_NUMBER: Final = OWN_IN_RESULTS.index("source_row")
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
        told: ResultsTold,
        batch: Callable[[int], ResultBatch],
        positions: Mapping[str, int],
        styles: Mapping[str, int],
    ) -> None:
        """Prepare for rows of `batch`, which returns those with a number from 0."""
        self._last_rows = told.last_rows
        self._batch = batch
        self._made: dict[int, tuple[bytes, float]] = {}
        self._made_of = -1
        self._header_row = told.report.orders.header_row
        self._written_at = told.report.written_at
        self._from_1904 = told.counts_from_1904
        self._positions = positions
        self._styles = styles
        self._order = sorted(positions, key=lambda name: positions[name])
        self._letters = {name: column_letters(column) for name, column in positions.items()}
        self._opens = {name: cell_start(letters) for name, letters in self._letters.items()}
        self._outcomes = {
            kind: text_cell(styles[f"outcome {label.colours.fill}"], label.text)
            for kind, label in LABELS.items()
        }
        self._writers: list[tuple[str, Callable[[ResultRow], str]]] = [
            (self._opens[name], self._writer(name)) for name in self._order
        ]

    def row(self, number: int) -> tuple[bytes, float]:
        """Return the cells of a row, nothing where there is no result, and its height in points, 0 for the usual one.

        Rows are best asked for from the top down, as they are kept: those of a whole batch are made at once.
        """
        made = self._made.get(number)
        if made is None:
            at = bisect_left(self._last_rows, number)
            if at < len(self._last_rows) and at != self._made_of:
                self._made, self._made_of = self._all_of(self._batch(at)), at
                made = self._made.get(number)
        if made is None:
            return self._headers() if number == self._header_row else b"", 0
        return made

    def careful_row(self, result: ResultRow) -> bytes:
        """Return the cells of any result, written one by one."""
        return "".join(
            [f"{opens}{result.sheet_row}{cell}" for opens, write in self._writers if (cell := write(result))]
        ).encode()

    def _all_of(self, batch: ResultBatch) -> dict[int, tuple[bytes, float]]:
        made: dict[int, tuple[bytes, float]] = {}
        for alike in batch.alike:
            columns = [values.encode().split(VALUE_END) for values in alike.values]
            cells = self._form(alike.like).rows(columns)
            made.update(zip(map(int, columns[_NUMBER]), zip(cells, repeat(0.0), strict=False), strict=True))
        for result in batch.others:
            made[result.sheet_row] = self.careful_row(result), self._height(result)
        return made

    def _form(self, result: ResultRow) -> RowForm:
        own = {name: at for at, name in enumerate(OWN_IN_RESULTS)}
        cells = [
            (opens, cell, own.get(name, -1))
            for name, (opens, write) in zip(self._order, self._writers, strict=True)
            if (cell := write(result))
        ]
        return RowForm(cells, number_at=_NUMBER)

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
        number = amount_number(result.amount)
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
        return self._moment(result.cancel_before, cancel_style(result.cancel_before, self._written_at))


def cancel_style(until: datetime | None, now: datetime) -> str:
    """Return the name of the style that says how soon it is too late to cancel."""
    if until is None:
        return ""
    left = until - now
    if left <= _NO_TIME:
        return "closed"
    return "soon" if left < CANCEL_WARNING else "moment"


@lru_cache(maxsize=10_000)
def amount_number(text: str) -> str:
    """Return an amount as a number in a cell; nothing if it would lose something of the text."""
    plain = text.rstrip("0").rstrip(".") if "." in text else text
    return "" if decimal_number(plain) is None else f"{float(text):.15g}"
