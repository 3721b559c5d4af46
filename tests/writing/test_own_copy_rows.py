"""What is quick for most rows of a sheet gives what is right for every row, however the rows are written."""

import gc
import re
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from books.own_books import read, rich_book, some_results
from books.written_books import RUN_ID, STARTED_AT, order, report, result, table
from hypothesis import example, given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from bulk_orders.core.columns.table import RESULT_COLUMNS
from bulk_orders.core.lifecycle import AttemptRecord
from bulk_orders.core.model import SheetRole
from bulk_orders.core.report import ResultRow
from bulk_orders.core.summary import Outcome
from bulk_orders.errors import UnsafeToPatch
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.ooxml.plain_rows import PlainRows, patched_sheet
from bulk_orders.ooxml.row_patcher import ColumnsTaken, NewValue, Patcher, RowChanges
from bulk_orders.ooxml.xml_check import well_formed
from bulk_orders.writing.cells import LINKED_ROWS
from bulk_orders.writing.formats import Formats
from bulk_orders.writing.own_copy.attempts import AttemptRows
from bulk_orders.writing.own_copy.batches import BATCH, FEW, attempt_batches, result_batches
from bulk_orders.writing.own_copy.copy import write_results_into
from bulk_orders.writing.own_copy.our_sheets import result_formats, results_told
from bulk_orders.writing.own_copy.result_cells import ResultCells
from bulk_orders.writing.own_copy.told import SLOW_ATTEMPTS, AttemptBatch, ResultBatch
from bulk_orders.writing.own_copy.transfer import Pieces, pieces, received

pytestmark = pytest.mark.long

OWNED = range(6, 9)
CONTENTS = (
    *("<v>7</v>", "<v></v>", "", "<is><t>row</t></is>", '<is><t xml:space="preserve"> a </t></is>'),
    *('<f t="shared" si="0"/><v>1</v>', "<f>A1&gt;2</f>", "<is><t>&lt;row r=&quot;1&quot;&gt;</t></is>"),
)
ODD_CONTENTS = ("<v>a>b</v>", "<is><r><rPr><color rgb='FF'/></rPr><t>x</t></r></is>")
ATTRIBUTES = (
    *(' spans="1:6"', ' ht="20"', ' ht="200.5"', ' ht="15" customHeight="1"', ' hidden="true"'),
    *(' s="2" customFormat="1"', ' x14ac:dyDescent="0.25"'),
)
ODD_ATTRIBUTES = (" spans='1:6'", " ")


@st.composite
def cells(draw: st.DrawFn, row: int, odd: st.SearchStrategy[bool]) -> str:
    columns = draw(st.sampled_from((range(6), range(9), range(1, 5), range(7), range(10))))
    if draw(odd):
        columns = sorted(draw(st.sets(st.integers(0, 9))))
    written = []
    for column in columns:
        address = f' r="{column_letters(column)}{row}"'
        if draw(odd):
            address = draw(
                st.sampled_from(("", address.lower(), address.replace('"', "'"), f" x='1'{address}"))
            )
        style = draw(st.sampled_from(("", ' s="1"', ' s="2" t="s"', " s='2'" if draw(odd) else ' s="3"')))
        inner = draw(st.sampled_from(ODD_CONTENTS if draw(odd) else CONTENTS))
        cell = f"<c{address}{style}/>" if not inner else f"<c{address}{style}>{inner}</c>"
        written.append(cell + "\r\n  " * draw(odd))
    return "".join(written)


@st.composite
def rows(draw: st.DrawFn) -> str:
    odd = st.integers(0, 12).map(lambda drawn: drawn == 1) if draw(st.booleans()) else st.just(False)
    number = 0
    written = []
    for _ in range(draw(st.integers(1, 5))):
        is_numbered = not draw(odd)
        number += draw(st.integers(1, 2)) if is_numbered else 1
        attributes = draw(st.sampled_from(ODD_ATTRIBUTES if draw(odd) else ("", *ATTRIBUTES)))
        own = f' r="{number}"' if is_numbered else ""
        tag = f"<row{attributes}{own}" if draw(odd) else f"<row{own}{attributes}"
        if draw(odd):
            written.append(f"{tag}/>")
            continue
        end = "</row >" if draw(odd) else "</row>"
        written.append(f"{tag}>{draw(cells(number, odd))}{end}" + "\n" * draw(odd))
    return "".join(written)


@dataclass(frozen=True)
class Wanted:
    """Changes of rows 1 to 12."""

    ours: set[int]
    marks: dict[int, set[int]]
    values: dict[int, set[int]]
    are_new: bool
    has_earlier_marks: bool

    def changes(self) -> RowChanges:
        def made(row: int) -> tuple[bytes, float]:
            columns = OWNED[row % 2 :] if row in self.ours else ()
            texts = (f'<c r="{column_letters(at)}{row}" s="7"><v>{row}</v></c>' for at in columns)
            return "".join(texts).encode(), 31.0 * (row % 3)

        value = NewValue(kind=b' t="inlineStr"', inner=b"<is><t>new</t></is>")
        return RowChanges(
            ours=made,
            owned=frozenset(OWNED),
            are_new=self.are_new,
            marks={
                row: {at: lambda style: style + 10 if style != 1 else 1 for at in columns}
                for row, columns in self.marks.items()
            },
            values={row: dict.fromkeys(columns, value) for row, columns in self.values.items()},
            unmarked={3: lambda column: column} if self.has_earlier_marks else {},
        )


def now_and_then(value: st.SearchStrategy[set[int]]) -> st.SearchStrategy[dict[int, set[int]]]:
    return st.sampled_from(((), (2, 3), (1, 2, 4))).flatmap(
        lambda rows: st.fixed_dictionaries(dict.fromkeys(rows, value))
    )


COLUMNS = st.sets(st.integers(0, 6), min_size=1, max_size=2)
WANTED = st.builds(
    Wanted,
    ours=st.sampled_from((range(1, 12), range(1, 12, 2), range(2, 12, 3), ())).map(set),
    marks=now_and_then(COLUMNS),
    values=now_and_then(COLUMNS),
    are_new=st.booleans(),
    has_earlier_marks=st.booleans(),
)


def taken_apart(block: bytes, changes: RowChanges, prefix: bytes) -> bytes:
    """Every row changed by what is right for any row."""
    patcher = Patcher(changes, prefix)
    pieces = patcher.with_usual_ends(block).split(patcher.row_end)
    return patcher.row_end.join([*map(patcher.row, pieces[:-1]), pieces[-1]])


def outcome(block: bytes, changes: RowChanges, written: bytes | None) -> tuple[object, ...]:
    """What came of it, apart from spaces between tags; None where something stands in the way."""
    return written and re.sub(rb">\s+<", b"><", written), changes.written, changes.freed


EVERYWHERE = Wanted(ours=set(range(1, 12)), marks={}, values={}, are_new=True, has_earlier_marks=False)
TWO_ROWS = '<row r="1"><c r="A1"/></row ><row r="2"><c r="A2"/></row>'
NO_ADDRESS = '<row r="1"><c r="F1"><v>1</v></c><c><v>2</v></c></row>'


@example(xml=TWO_ROWS, wanted=EVERYWHERE, has_prefix=False)
@example(xml=NO_ADDRESS, wanted=EVERYWHERE, has_prefix=False)
@settings(max_examples=60, deadline=None)
@given(xml=rows(), wanted=WANTED, has_prefix=st.booleans())
def test_rows_come_out_as_if_each_had_been_taken_apart(xml: str, wanted: Wanted, has_prefix: bool) -> None:
    prefix = b"x:" if has_prefix else b""
    block = re.sub(rb"<(/?)(?=[a-z])", rb"<\1" + prefix, xml.encode())
    found = []
    for way in (
        lambda changes: PlainRows(changes, prefix).patched(block),
        lambda changes: taken_apart(block, changes, prefix),
    ):
        changes = wanted.changes()
        try:
            found.append(outcome(block, changes, way(changes)))
        except ColumnsTaken:
            found.append(("taken",))
    assert found[0] == found[1]


@settings(max_examples=60, deadline=None)
@given(xml=rows(), wanted=WANTED, size=st.integers(5, 90))
def test_it_does_not_matter_in_which_pieces_a_sheet_is_read(xml: str, wanted: Wanted, size: int) -> None:
    sheet = f"<worksheet><sheetData>{xml}</sheetData><pageMargins/></worksheet>".encode()
    found = []
    for chunks in ([sheet], [sheet[at : at + size] for at in range(0, len(sheet), size)]):
        made = patched_sheet(chunks, wanted.changes(), head=lambda head: head, tail=lambda tail: tail)
        try:
            found.append(b"".join(made))
        except ColumnsTaken:
            found.append(b"taken")
    assert found[0] == found[1]


def test_rows_without_numbers_are_counted_past_empty_ones() -> None:
    sheet = b"<sheetData><row><c><v>1</v></c></row><row/><row><c><v>3</v></c></row><row/></sheetData>"
    made = patched_sheet([sheet], EVERYWHERE.changes(), head=lambda head: head, tail=lambda tail: tail)
    assert re.findall(rb'r="([A-Z]+\d+)"', b"".join(made)) == [b"H1", b"I1", b"H3", b"I3"]


STYLES = {name: at for at, name in enumerate(result_formats(Formats(Workbook(BytesIO()))))}
USUAL_WORDS = ("", "SO1", "k1:0f9a", "a-b")
ODD_WORDS = ("-1", "=1+1", "a b", " a", "Zoë", "a&b", "_x0041_", "\ud800", "5%")


def results(words: st.SearchStrategy[str]) -> st.SearchStrategy[ResultRow]:
    texts = (
        "order_number",
        "order_id",
        "subscription_id",
        "po_sent",
        "acceptance_link",
        "microsoft_ids",
        "support_reference",
        "row_key",
        "body_sha256",
    )
    return st.builds(
        result,
        st.just(0),
        st.sampled_from(Outcome),
        **dict.fromkeys(texts, words),
        **dict.fromkeys(
            ("platform_status", "scheduled_for", "currency", "error_code"),
            st.sampled_from((*USUAL_WORDS, *ODD_WORDS)),
        ),
        **dict.fromkeys(("message", "how_to_fix"), st.just("") | st.just("") | words),
        amount=st.sampled_from(("", "0", "12.50", "-3", "1e5", "12.345678901")),
        ordered_at=st.none() | st.just(STARTED_AT + timedelta(seconds=0.5)),
        cancel_before=st.none()
        | st.sampled_from([STARTED_AT + timedelta(hours=hours) for hours in (0, 5, 99)]),
        attempts=st.integers(0, 2),
        http_status=st.none() | st.sampled_from((0, 201)),
    )


RESULTS = (
    results(st.just("k1:1")) | results(st.sampled_from(USUAL_WORDS)) | results(st.sampled_from(ODD_WORDS))
)


def in_crowds(records: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Some that differ, each so often that it is one of many alike, or alone."""
    crowds = st.tuples(records, st.sampled_from((1, FEW)))
    return st.lists(crowds, min_size=1, max_size=4).map(
        lambda found: [record for record, times in found for _ in range(times)]
    )


@settings(max_examples=80, deadline=None)
@given(
    found=in_crowds(RESULTS),
    order_of_columns=st.permutations([name for name, _ in RESULT_COLUMNS]),
    counts_from_1904=st.booleans(),
)
def test_cells_of_results_that_were_sent_are_those_that_are_written_one_by_one(
    found: list[ResultRow], order_of_columns: list[str], counts_from_1904: bool
) -> None:
    numbered = [
        replace(row, sheet_row=4 + at, row_key=row.row_key and f"{row.row_key}{at}")
        for at, row in enumerate(found)
    ]
    orders = table(SheetRole.ORDERS, {row.sheet_row: order() for row in numbered})
    made = report(orders, numbered)
    told = results_told(made, counts_from_1904=counts_from_1904)
    batches = Pieces(BytesIO(b"".join(pieces(result_batches(made, counts_from_1904=counts_from_1904)))))
    cells = ResultCells(
        told,
        lambda number: received(ResultBatch, batches[number]),
        {name: 5 + at for at, name in enumerate(order_of_columns)},
        STYLES,
    )
    for row in (*numbered, *numbered):
        assert cells.row(row.sheet_row)[0] == cells.careful_row(row)


def test_rows_far_apart_and_asked_for_in_any_order_are_found() -> None:
    numbered = [result(10 + 3 * at, row_key=f"k1:{at}") for at in range(2 * BATCH + 5)]
    made = report(table(SheetRole.ORDERS, {row.sheet_row: order() for row in numbered}), numbered)
    batches = Pieces(BytesIO(b"".join(pieces(result_batches(made, counts_from_1904=False)))))
    cells = ResultCells(
        results_told(made, counts_from_1904=False),
        lambda number: received(ResultBatch, batches[number]),
        {name: at for at, (name, _) in enumerate(RESULT_COLUMNS)},
        STYLES,
    )
    for at in (0, BATCH, BATCH - 1, 2 * BATCH + 4, 1):
        row = numbered[at]
        assert cells.row(row.sheet_row) == (cells.careful_row(row), 0)
        assert cells.row(row.sheet_row + 1) == (b"", 0)


ATTEMPTS = st.builds(
    AttemptRecord,
    key=st.sampled_from(("k1:1", "", "=1+1", "a & b")),
    run_id=st.sampled_from((RUN_ID, "", "-1")),
    sheet_row=st.integers(4, 6),
    number=st.integers(1, 2),
    begun_at=st.just(STARTED_AT),
    ended_at=st.none() | st.just(STARTED_AT + timedelta(seconds=0.25)),
    verdict=st.sampled_from(("", "accepted", "rejected")),
    http_status=st.none() | st.just(201),
    reason=st.just("") | st.just("=why"),
    bytes_sent=st.none() | st.just(0),
    correlation_id=st.sampled_from(("abc-1", "", "-1")),
)


@settings(max_examples=80, deadline=None)
@given(
    found=in_crowds(ATTEMPTS), before=st.sampled_from((0, LINKED_ROWS - 8)), counts_from_1904=st.booleans()
)
def test_lines_of_attempts_that_were_sent_are_those_that_are_written_one_by_one(
    found: list[AttemptRecord], before: int, counts_from_1904: bool
) -> None:
    attempts = [found[0]] * (SLOW_ATTEMPTS + before) + found
    verdicts = list(dict.fromkeys(attempt.verdict for attempt in attempts))
    rows = AttemptRows({("A", 2): 1, ("B", 2): 2}, verdicts, 7, counts_from_1904=counts_from_1904)
    batches = list(attempt_batches(attempts, counts_from_1904=counts_from_1904))
    told = Pieces(BytesIO(b"".join(pieces(batches))))
    made = b"".join(rows.of(received(AttemptBatch, told[number])) for number in range(len(batches)))
    by_line = enumerate(attempts[SLOW_ATTEMPTS:], start=SLOW_ATTEMPTS + 2)
    assert made == b"".join(rows.careful_row(line, attempt) for line, attempt in by_line)


def test_every_line_of_the_sheet_attempts_says_what_was_tried(tmp_path: Path) -> None:
    source = rich_book(tmp_path)
    texts = (("", "never"), ("abc-1", "k1:1"), ("-1", "k1:2"), ("a & b", "=1+1"), ("abc-2", "k1:3"))
    tried = [
        AttemptRecord(
            key=texts[number % 5][1],
            run_id=RUN_ID,
            sheet_row=4 + number % 6,
            number=1 + number % 3,
            begun_at=STARTED_AT + timedelta(seconds=number),
            ended_at=STARTED_AT + timedelta(seconds=number + 0.25) if number % 7 else None,
            verdict=("accepted", "rejected", "no verdict", "")[number % 4],
            http_status=(201, None)[number % 2],
            bytes_sent=(None, 900)[number % 2],
            reason="" if number % 11 else "=why",
            correlation_id=texts[number % 5][0],
        )
        for number in range(5_300)
    ]
    made = write_results_into(tmp_path / "r.xlsx", source, some_results(read(source).orders, attempts=tried))
    book = openpyxl.load_workbook(BytesIO(made.read_bytes()), read_only=True)
    for attempt, cells in zip(tried, book["Attempts"].iter_rows(min_row=2, values_only=True), strict=True):
        assert (int(cells[0]), cells[1], cells[4]) == (
            attempt.sheet_row,
            attempt.number,
            attempt.verdict or "never ended",
        )
        assert cells[2].replace(microsecond=0, tzinfo=UTC) == attempt.begun_at
        assert (cells[3], cells[5:7]) == (
            0.25 if attempt.ended_at else None,
            (attempt.http_status, attempt.bytes_sent),
        )
        assert [text or "" for text in cells[7:]] == [
            attempt.reason,
            attempt.correlation_id,
            attempt.key,
            RUN_ID,
        ]


def test_memory_is_looked_after_again_when_a_workbook_is_written_or_refused(tmp_path: Path) -> None:
    source = rich_book(tmp_path)
    found = some_results(read(source).orders)
    write_results_into(tmp_path / "r.xlsx", source, found)
    assert gc.isenabled()
    with pytest.raises(UnsafeToPatch):
        write_results_into(tmp_path / "r.xlsx", b"PK", found)
    assert gc.isenabled()


@pytest.mark.parametrize(
    "xml",
    [
        *("<a><b></a>", "<a>", "<a/><b/>", '<a b="1" b="2"/>', "<a>&other;</a>", "<a>\x01</a>", "<x:a/>"),
        *("<!DOCTYPE a><a/>", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    ],
)
def test_what_a_reader_would_stumble_over_is_not_written(xml: str) -> None:
    with pytest.raises(UnsafeToPatch) as caught:
        list(well_formed([xml[:4].encode(), xml[4:].encode()], "xl/a.xml"))
    assert "xl/a.xml" in caught.value.reason


def test_what_is_well_formed_is_handed_on_as_it_is() -> None:
    chunks = [b'<?xml version="1.0"?><a xmlns:x="u">&lt;', b"<x:b/><!-- c -->&#10;", b"</a>"]
    assert list(well_formed(chunks, "xl/a.xml")) == chunks
