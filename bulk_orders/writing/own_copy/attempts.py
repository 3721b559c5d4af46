"""The lines of the sheet Attempts for which a library's call per cell would take too long.

The first ones are written by `run_sheets`; these look like them because they take their styles from lines that it wrote.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bulk_orders.core.lifecycle import AttemptRecord
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.ooxml.cell_xml import RowForm, cell_start, number_cell, serial, text_cell
from bulk_orders.ooxml.own_book import AddedSheet, OwnBook, in_quotes
from bulk_orders.ooxml.xml_bytes import quoted
from bulk_orders.writing.cells import GO_TO_CELL, LINKED_ROWS, is_like_a_formula
from bulk_orders.writing.own_copy.told import (
    OWN_IN_ATTEMPTS,
    SLOW_ATTEMPTS,
    VALUE_END,
    AttemptBatch,
    ResultsTold,
)

_COLUMNS: Final = 11
_ROW_END: Final = "</row>"
_LINE: Final = OWN_IN_ATTEMPTS.index("line")
_CELL: Final = re.compile(rb'<c r="([A-Z]+)(\d+)" s="(\d+)"')
_EXTENT: Final = re.compile(rb'(<(?:autoFilter|dimension) ref="A1:[A-Z]+)\d+"')


def is_linked(line: int) -> bool:
    """Tell whether a line of the sheet is a link to its row."""
    return line <= LINKED_ROWS + 1


def with_more_attempts(
    book: OwnBook,
    sheet: AddedSheet,
    told: ResultsTold,
    batches: Iterable[AttemptBatch],
    learned: bytes,
    quoted_style: int,
) -> AddedSheet:
    """Add the lines from `SLOW_ATTEMPTS` on to the sheet that has the first ones.

    `learned` is a sheet with one attempt of each verdict, in the order in which they come first.
    """
    styles = {(column.decode(), int(row)): int(style) for column, row, style in _CELL.findall(learned)}
    rows = AttemptRows(styles, told.verdicts, quoted_style, counts_from_1904=book.counts_from_1904)
    xml = book.package.read(sheet.part)
    end = xml.index(b"</sheetData>")
    last = told.attempts + 1
    links = "".join(
        f'<hyperlink ref="A{line}" location="{target}{sheet_row}" tooltip="{tip}"/>'
        for target in [quoted(f"{in_quotes(told.report.orders.name)}!A").decode()]
        for tip in [quoted(GO_TO_CELL).decode()]
        for line, sheet_row in enumerate(told.linked_rows, start=SLOW_ATTEMPTS + 2)
    ).encode()
    head, tail = (
        _EXTENT.sub(lambda tag: b'%s%d"' % (tag[1], last), piece) for piece in (xml[:end], xml[end:])
    )
    tail = tail.replace(b"</hyperlinks>", links + b"</hyperlinks>")

    def stream() -> Iterator[bytes]:
        yield head
        yield from map(rows.of, batches)
        yield tail

    book.package.put_stream(sheet.part, stream, is_ours=True)
    names = tuple((about, re.sub(r"\d+$", str(last), text)) for about, text in sheet.names)
    return replace(sheet, names=names)


class AttemptRows:
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

    def of(self, batch: AttemptBatch) -> bytes:
        """Return the lines of a batch."""
        lines: dict[int, bytes] = {}
        for alike in batch.alike:
            columns = [values.encode().split(VALUE_END) for values in alike.values]
            numbers = [*map(int, columns[_LINE])]
            form = self._form(alike.like, is_linked=is_linked(numbers[0]))
            lines.update(zip(numbers, form.rows(columns), strict=True))
        for line, attempt in zip(batch.other_lines, batch.others, strict=True):
            lines[line] = self.careful_row(line, attempt)
        return b"".join([lines[line] for line in sorted(lines)])

    def careful_row(self, line: int, attempt: AttemptRecord) -> bytes:
        """Return the line of any attempt, written cell by cell."""
        cells = self._cells(attempt, is_linked=is_linked(line))
        return "".join([*(f"{before}{line}{behind}" for _, before, behind in cells), _ROW_END]).encode()

    def _form(self, attempt: AttemptRecord, *, is_linked: bool) -> RowForm:
        cells = self._cells(attempt, is_linked=is_linked)
        own = {column: at for at, column in enumerate(OWN_IN_ATTEMPTS)}
        shown = [(before, behind, own.get(column, -1)) for column, before, behind in cells]
        return RowForm(shown, number_at=_LINE, end=_ROW_END)

    def _cells(self, attempt: AttemptRecord, *, is_linked: bool) -> Iterator[tuple[str, str, str]]:
        """Yield the row's tag and its cells: the column, what is before the row's number, what is behind it."""
        usual, begun, ended = self._usual, attempt.begun_at, attempt.ended_at
        yield "", '<row r="', '">'
        if is_linked:
            yield _text("A", usual["A"], str(attempt.sheet_row))
        else:
            yield _number("A", usual["B"], attempt.sheet_row)
        yield _number("B", usual["B"], attempt.number)
        yield _number("C", usual["C"], serial(begun, counts_from_1904=self._from_1904))
        if ended is not None:
            yield _number("D", usual["D"], (ended - begun).total_seconds())
        # The verdict of an attempt of which only the beginning is known.
        yield _text("E", self._verdict[attempt.verdict], attempt.verdict or "never ended")
        for column, number in (("F", attempt.http_status), ("G", attempt.bytes_sent)):
            if number is not None:
                yield _number(column, usual[column], number)
        for column, text in zip(
            "HIJK", (attempt.reason, attempt.correlation_id, attempt.key, attempt.run_id), strict=True
        ):
            if text:
                yield _text(column, self._quoted if is_like_a_formula(text) else usual[column], text)


def _text(column: str, style: int, text: str) -> tuple[str, str, str]:
    return column, cell_start(column), text_cell(style, text)


def _number(column: str, style: int, number: object) -> tuple[str, str, str]:
    return column, cell_start(column), number_cell(style, number)
