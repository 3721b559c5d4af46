"""The result columns as cells of somebody's own sheet, made row by row while it streams by.

The same values as `result_columns` writes, as XML: for 100,000 rows a library's call for every cell takes too long.
"""

import math
import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import compress
from operator import attrgetter
from typing import Any, Final

from bulk_orders.core.columns import RESULT_COLUMNS
from bulk_orders.core.report import CANCEL_WARNING, ResultRow, RunReport
from bulk_orders.workbooks import palette
from bulk_orders.workbooks.cells import LIKE_A_FORMULA, column_letters, decimal_number
from bulk_orders.workbooks.cleaning import clean
from bulk_orders.workbooks.formats import MOMENT, MONEY, Formats
from bulk_orders.workbooks.outcome_labels import LABELS
from bulk_orders.workbooks.parts_sheet import NewColumn
from bulk_orders.workbooks.parts_xml import escaped
from bulk_orders.workbooks.result_columns import MACHINE_COLUMNS, RESULT_WIDTHS

_EPOCH: Final = datetime(1899, 12, 30, tzinfo=UTC)
_EPOCH_1904: Final = datetime(1904, 1, 1, tzinfo=UTC)
_DAY_S: Final = 86_400.0
_NO_TIME: Final = timedelta()
_MACHINE_WIDTH: Final = 16
_LINE_POINTS: Final = 15
_LINES_SHOWN: Final = 12
_READ: Final = frozenset({palette.BAD, palette.DOUBT})
"""Colours of outcomes whose message has to be read."""
_TEXTS: Final = (
    *("order_number", "order_id", "subscription_id", "platform_status", "currency", "po_sent"),
    *("support_reference", "row_key", "error_code", "run_id", "body_sha256"),
)
_HARMLESS: Final = re.compile(r"[A-Za-z0-9.:][A-Za-z0-9.:-]*")
"""Keys and ids: nothing in them has to be cleaned or escaped."""
_HARMLESS_TEXTS: Final = re.compile(r"[A-Za-z0-9.:|-]*")
_CONTENT: Final = re.compile(r"(<t>|<v>)[^<>]*(</)")
_BY_OUTCOME: Final = frozenset({"outcome", "outcome_code"})
_TO_READ: Final = frozenset({"message", "how_to_fix"})
_HEADERS: Final = dict(RESULT_COLUMNS)


def result_formats(formats: Formats) -> dict[str, Any]:
    """Return the formats of the cells by what they are for; no lines and no fills: the sheet is the user's."""
    found = {
        "text": formats(),
        "quoted": formats(quote_prefix=True),
        "wrapped": formats(text_wrap=True),
        "wrapped quoted": formats(text_wrap=True, quote_prefix=True),
        "number": formats(align="right", indent=1),
        "money": formats(num_format=MONEY, align="right", indent=1),
        "moment": formats(num_format=MOMENT, align="left"),
        "soon": formats(palette.DOUBT, num_format=MOMENT, align="left", bold=True),
        "closed": formats(palette.CLOSED, num_format=MOMENT, align="left"),
        "header": formats.header(palette.RESULT_HEADER),
        "machine header": formats.header(palette.MACHINE_HEADER),
    }
    for label in LABELS.values():
        found[f"outcome {label.colours.fill}"] = formats(label.colours, bold=True)
    return found


def new_columns(positions: Mapping[str, int]) -> dict[int, NewColumn]:
    """Return the widths of the columns; those for machines are folded away."""
    return {
        column: NewColumn(width=RESULT_WIDTHS.get(name, _MACHINE_WIDTH), is_folded=name in MACHINE_COLUMNS)
        for name, column in positions.items()
    }


def inline(text: str) -> str:
    """Return what stands in a cell for a text, cleaned and escaped."""
    if text.isalnum() and text.isascii():
        return f"<is><t>{text}</t></is>"
    return _inline(text)


def _inline(text: str) -> str:
    if _HARMLESS.fullmatch(text):
        return f"<is><t>{text}</t></is>"
    cleaned = clean(text)
    space = (
        ' xml:space="preserve"' if cleaned != cleaned.strip() or "\n" in cleaned or "\t" in cleaned else ""
    )
    return f"<is><t{space}>{escaped(cleaned).decode()}</t></is>"


def serial(moment: datetime, *, counts_from_1904: bool) -> str:
    """Return the number that Excel has for a moment in UTC."""
    passed = moment - (_EPOCH_1904 if counts_from_1904 else _EPOCH)
    return f"{passed.days + passed.seconds / _DAY_S:.9f}"


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
        self._asked: tuple[int, ResultRow | None] = (-1, None)
        self._header_row = report.orders.header_row
        self._written_at = report.written_at
        self._positions = positions
        self._styles = styles
        self._from_1904 = counts_from_1904
        self._order = sorted(positions, key=lambda name: positions[name])
        self._letters = {name: column_letters(column) for name, column in positions.items()}
        text = f'" s="{styles["text"]}" t="inlineStr">'
        self._opens = {name: f'<c r="{letters}' for name, letters in self._letters.items()}
        self._text = text
        self._outcomes = {
            kind: f'" s="{styles[f"outcome {label.colours.fill}"]}" t="inlineStr">{inline(label.text)}</c>'
            for kind, label in LABELS.items()
        }
        self._forms: dict[tuple[object, ...], str] = {}
        self._reading = {kind for kind, label in LABELS.items() if label.colours in _READ}
        self._writers: list[tuple[str, Callable[[ResultRow], str]]] = [
            (self._opens[name], self._writer(name)) for name in self._order
        ]
        valued = [name for name in self._order if name not in _BY_OUTCOME and name not in _TO_READ]
        self._texts = attrgetter(*_TEXTS)
        self._values = attrgetter(*("sheet_row" if name == "source_row" else name for name in valued))
        self._at = {name: at for at, name in enumerate(valued)}

    def row(self, number: int) -> bytes:
        """Return the cells of a row of the sheet; nothing where there is no result."""
        result = self._result(number)
        if result is None:
            return self._headers() if number == self._header_row else b""
        usual = self._usual_row(number, result)
        if usual:
            return usual.encode()
        return "".join(
            [f"{opens}{number}{cell}" for opens, write in self._writers if (cell := write(result))]
        ).encode()

    def _usual_row(self, number: int, result: ResultRow) -> str:
        """Return the cells of a row that has nothing to be read, cleaned or escaped; else nothing.

        Nearly all rows of a large run are of a few forms: the same columns filled, in the same styles.
        """
        if result.message or result.how_to_fix:
            return ""
        joined = "|".join(self._texts(result))
        if not _HARMLESS_TEXTS.fullmatch(joined) or "|-" in joined or joined.startswith("-"):
            return ""
        values = list(self._values(result))
        style = ""
        if result.amount:
            values[self._at["amount"]] = amount = _amount(result.amount)
            if not amount:
                return ""
        if result.ordered_at is not None:
            values[self._at["ordered_at"]] = serial(result.ordered_at, counts_from_1904=self._from_1904)
        if result.cancel_before is not None:
            style = self._cancel_style(result.cancel_before)
            values[self._at["cancel_before"]] = serial(result.cancel_before, counts_from_1904=self._from_1904)
        if not result.attempts:
            values[self._at["attempts"]] = None
        is_there = [value is not None and value != "" for value in values]
        key = (result.outcome, style, *is_there)
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = self._form(result)
        return form.replace("\0", str(number)) % tuple(compress(values, is_there))

    def _form(self, result: ResultRow) -> str:
        """Return the cells of a row with places for its number and for the values of its columns."""
        cells = []
        for name, (opens, write) in zip(self._order, self._writers, strict=True):
            cell = write(result)
            if cell and name not in _BY_OUTCOME:
                cell = _CONTENT.sub(lambda found: f"{found[1]}%s{found[2]}", cell)
            if cell:
                cells.append(f"{opens}\0{cell}")
        return "".join(cells)

    def _result(self, number: int) -> ResultRow | None:
        """Return what became of a row; rows are asked for from the top down, as they are kept."""
        if self._asked[0] == number:
            return self._asked[1]
        numbers, at = self._numbers, self._next
        if at >= len(numbers) or numbers[at] != number:
            at = bisect_left(numbers, number)
        found = self._rows[at] if at < len(numbers) and numbers[at] == number else None
        self._next = at + 1
        self._asked = (number, found)
        return found

    def height(self, number: int) -> float:
        """Return the height in points that a row's message needs; 0 for the usual one."""
        result = self._result(number)
        if result is None or result.outcome not in self._reading:
            return 0
        lines = max(_lines(result.message, "message"), _lines(result.how_to_fix, "how_to_fix"))
        return _LINE_POINTS * min(lines, _LINES_SHOWN) + 1 if lines > 1 else 0

    def _headers(self) -> bytes:
        cells = []
        for name in self._order:
            style = self._styles["machine header" if name in MACHINE_COLUMNS else "header"]
            cells.append(
                f'{self._opens[name]}{self._header_row}" s="{style}" t="inlineStr">{inline(_HEADERS[name])}</c>'
            )
        return "".join(cells).encode()

    def _writer(self, name: str) -> Callable[[ResultRow], str]:
        if name in _TEXTS:
            return self._text_writer(name)
        codes = {kind: f"{self._text}{inline(kind.value)}</c>" for kind in LABELS}
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
        plain, quoted = self._text, f'" s="{self._styles["quoted"]}" t="inlineStr">'

        def write(result: ResultRow) -> str:
            text: str = read(result)
            if not text:
                return ""
            if text.isalnum() and text.isascii():
                return f"{plain}<is><t>{text}</t></is></c>"
            return f"{quoted if text[0] in LIKE_A_FORMULA else plain}{_inline(text)}</c>"

        return write

    def _message(self, result: ResultRow, text: str) -> str:
        if not text:
            return ""
        name = "quoted" if text[0] in LIKE_A_FORMULA else "text"
        if result.outcome in self._reading:
            name = "wrapped quoted" if name == "quoted" else "wrapped"
        return f'" s="{self._styles[name]}" t="inlineStr">{inline(text)}</c>'

    def _number(self, number: int | None) -> str:
        return "" if number is None else f'" s="{self._styles["number"]}"><v>{number}</v></c>'

    def _amount(self, result: ResultRow) -> str:
        if not result.amount:
            return ""
        number = _amount(result.amount)
        if not number:
            return f"{self._text}{inline(result.amount)}</c>"
        return f'" s="{self._styles["money"]}"><v>{number}</v></c>'

    def _moment(self, moment: datetime | None, style: str) -> str:
        if moment is None:
            return ""
        number = serial(moment, counts_from_1904=self._from_1904)
        return f'" s="{self._styles[style]}"><v>{number}</v></c>'

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


def _lines(text: str, column: str) -> int:
    width = RESULT_WIDTHS[column]
    return sum(max(1, math.ceil(0.92 * len(part) / width)) for part in text.split("\n"))
