"""The lines of the sheet Attempts that are too many for a library's call for every cell.

The first ones are written by `run_sheets`; these look like them, for they take their styles from lines that it wrote.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bulk_orders.core.lifecycle import AttemptRecord
from bulk_orders.core.report import RunReport
from bulk_orders.texts import results as words
from bulk_orders.texts import workbook_cells
from bulk_orders.workbooks.cells import LIKE_A_FORMULA, column_letters
from bulk_orders.workbooks.parts_book import AddedSheet, OwnBook, in_quotes
from bulk_orders.workbooks.parts_results import inline, serial
from bulk_orders.workbooks.parts_xml import quoted

SLOW_ATTEMPTS: Final = 200
"""So many are written by the library."""
_LINKED_ROWS: Final = 5_000
"""More links than this only make the workbook slow to open."""
_BATCH: Final = 2_000
_COLUMNS: Final = 11
_CELL: Final = re.compile(rb'<c r="([A-Z]+)(\d+)" s="(\d+)"')
_FILTER: Final = re.compile(rb'(<autoFilter ref="A1:[A-Z]+)\d+"')


def with_more_attempts(
    book: OwnBook, sheet: AddedSheet, report: RunReport, learned: bytes, quoted_style: int
) -> AddedSheet:
    """Add the lines from `SLOW_ATTEMPTS` on to the sheet that has the first ones.

    `learned` is a sheet with one attempt of each verdict, in the order in which they come first.
    """
    attempts = report.attempts
    styles = {(column.decode(), int(row)): int(style) for column, row, style in _CELL.findall(learned)}
    verdicts = list(dict.fromkeys(attempt.verdict for attempt in attempts))
    rows = _AttemptRows(styles, verdicts, quoted_style, counts_from_1904=book.counts_from_1904)
    xml = book.draft.read(sheet.part)
    end = xml.index(b"</sheetData>")
    last = len(attempts) + 1
    links = "".join(
        f'<hyperlink ref="A{number}" location="{target}{attempt.sheet_row}" tooltip="{tip}"/>'
        for target in [quoted(f"{in_quotes(report.orders.name)}!A").decode()]
        for tip in [quoted(workbook_cells.GO_TO_CELL).decode()]
        for number, attempt in enumerate(attempts[SLOW_ATTEMPTS:_LINKED_ROWS], start=SLOW_ATTEMPTS + 2)
    ).encode()
    tail = _FILTER.sub(lambda tag: b'%s%d"' % (tag[1], last), xml[end:])
    tail = tail.replace(b"</hyperlinks>", links + b"</hyperlinks>")

    def stream() -> Iterator[bytes]:
        yield xml[:end]
        for start in range(SLOW_ATTEMPTS, len(attempts), _BATCH):
            batch = enumerate(attempts[start : start + _BATCH], start=start + 2)
            yield "".join(rows.row(number, attempt) for number, attempt in batch).encode()
        yield tail

    book.draft.put_stream(sheet.part, stream, is_ours=True)
    names = tuple((about, re.sub(r"\d+$", str(last), text)) for about, text in sheet.names)
    return replace(sheet, names=names)


class _AttemptRows:
    """Writes lines, with the styles that the library gave to others like them."""

    def __init__(
        self,
        styles: Mapping[tuple[str, int], int],
        verdicts: Sequence[str],
        quoted_style: int,
        *,
        counts_from_1904: bool,
    ) -> None:
        rows = range(2, 2 + len(verdicts))
        self._usual = {
            column: next((styles[column, row] for row in rows if (column, row) in styles), 0)
            for column in map(column_letters, range(_COLUMNS))
        }
        self._verdict = {
            verdict: styles.get(("E", row), 0) for row, verdict in zip(rows, verdicts, strict=True)
        }
        self._quoted = quoted_style
        self._from_1904 = counts_from_1904
        self._forms = {
            (is_linked, verdict): self._form(verdict, is_linked=is_linked)
            for verdict in verdicts
            for is_linked in (True, False)
        }

    def _form(self, verdict: str, *, is_linked: bool) -> str:
        """Return a line of an attempt that was answered, with places for its number and its values."""
        usual = self._usual
        row = f'<c r="A\0" s="{usual["B"]}"><v>%s</v></c>'
        if is_linked:
            row = f'<c r="A\0" s="{usual["A"]}" t="inlineStr"><is><t>%s</t></is></c>'
        numbers = [f'<c r="{column}\0" s="{usual[column]}"><v>%s</v></c>' for column in "BCDF"]
        texts = [f'<c r="{column}\0" s="{usual[column]}" t="inlineStr">%s</c>' for column in "IJK"]
        word = f'<c r="E\0" s="{self._verdict[verdict]}" t="inlineStr">{inline(verdict or words.NEVER_ENDED)}</c>'
        cells = [row, *numbers[:3], word, *numbers[3:], *texts]
        return f'<row r="\0">{"".join(cells)}</row>'

    def row(self, number: int, attempt: AttemptRecord) -> str:
        """Return a line; `number` is Excel's."""
        begun, ended = attempt.begun_at, attempt.ended_at
        is_answered = attempt.http_status is not None and attempt.bytes_sent is None
        if is_answered and ended is not None and not attempt.reason:
            values = (
                *(attempt.sheet_row, attempt.number, serial(begun, counts_from_1904=self._from_1904)),
                *((ended - begun).total_seconds(), attempt.http_status),
                *(inline(attempt.correlation_id), inline(attempt.key), inline(attempt.run_id)),
            )
            form = self._forms[number <= _LINKED_ROWS + 1, attempt.verdict]
            return form.replace("\0", str(number)) % values
        texts = (
            ("H", attempt.reason),
            ("I", attempt.correlation_id),
            ("J", attempt.key),
            ("K", attempt.run_id),
        )
        cells = [
            self._row_number(number, attempt.sheet_row),
            self._number("B", number, attempt.number),
            self._number("C", number, serial(begun, counts_from_1904=self._from_1904)),
            self._number("D", number, (ended - begun).total_seconds() if ended else None),
            self._text("E", number, self._verdict[attempt.verdict], attempt.verdict or words.NEVER_ENDED),
            self._number("F", number, attempt.http_status),
            self._number("G", number, attempt.bytes_sent),
            *(self._text(column, number, self._usual[column], text) for column, text in texts if text),
        ]
        return f'<row r="{number}">{"".join(cells)}</row>'

    def _row_number(self, number: int, sheet_row: int) -> str:
        if number <= _LINKED_ROWS + 1:
            return self._text("A", number, self._usual["A"], str(sheet_row))
        return f'<c r="A{number}" s="{self._usual["B"]}"><v>{sheet_row}</v></c>'

    def _text(self, column: str, row: int, style: int, text: str) -> str:
        style = self._quoted if text[0] in LIKE_A_FORMULA else style
        return f'<c r="{column}{row}" s="{style}" t="inlineStr">{inline(text)}</c>'

    def _number(self, column: str, row: int, number: object) -> str:
        return "" if number is None else f'<c r="{column}{row}" s="{self._usual[column]}"><v>{number}</v></c>'
