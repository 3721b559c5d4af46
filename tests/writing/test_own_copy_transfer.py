"""A law: what the process that writes into a copy is told arrives as it was said."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from books.written_books import report, table
from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_orders.core.lifecycle import AttemptRecord
from bulk_orders.core.model import Problem, Severity, SheetRole, SheetTable
from bulk_orders.core.report import FailureGroup, ResultRow
from bulk_orders.core.summary import Outcome
from bulk_orders.writing.marks import Mark
from bulk_orders.writing.own_copy.told import (
    AlikeAttempts,
    AlikeResults,
    AttemptBatch,
    CellValue,
    CheckedTold,
    CheckFindings,
    ResultBatch,
    ResultsTold,
    ValuesTold,
)
from bulk_orders.writing.own_copy.transfer import Pieces, pieces, received, sent

TEXT = st.sampled_from(["", "a", "1", "é東", '"', "\x1e", "\ud800"])
NUMBER = st.integers(0, 3)
MOMENT = st.sampled_from(
    [datetime(2026, 11, 22, 2, 15, tzinfo=UTC), datetime(2026, 3, 1, 0, 0, 1, 5, tzinfo=UTC)]
)
MAYBE_MOMENT = st.none() | MOMENT
TEXTS = st.lists(TEXT, max_size=2).map(tuple)
ORDERS = table(SheetRole.ORDERS, {})

ROW = st.builds(
    ResultRow,
    sheet_row=NUMBER,
    outcome=st.sampled_from(Outcome),
    message=TEXT,
    ordered_at=MAYBE_MOMENT,
    cancel_before=MAYBE_MOMENT,
    http_status=st.none() | NUMBER,
    marked_cells=TEXTS,
)
ATTEMPT = st.builds(
    AttemptRecord,
    key=TEXT,
    run_id=TEXT,
    sheet_row=NUMBER,
    number=NUMBER,
    begun_at=MOMENT,
    ended_at=MAYBE_MOMENT,
)
MARK = st.builds(Mark, sentence=TEXT, severity=st.sampled_from(Severity))
PROBLEM = st.builds(
    Problem,
    code=TEXT,
    severity=st.sampled_from(Severity),
    message=TEXT,
    sheet_row=st.none() | NUMBER,
    cells=TEXTS,
    proposal=st.none() | TEXT,
    order_rows=st.lists(NUMBER, max_size=2).map(tuple),
)
CELL = st.builds(CellValue, sheet=TEXT, row=NUMBER, column=NUMBER, text=TEXT, is_number=st.booleans())


def many(records: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """None, some that differ, or one over and over: a column of one value goes another way."""
    return st.lists(records, max_size=4) | st.tuples(records, st.integers(1, 3)).map(
        lambda pair: [pair[0]] * pair[1]
    )


def plain(value: Any) -> Any:
    """The fields of a value, those of values in it too, whatever kind of sequence or record holds them."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value


@settings(deadline=None)
@given(
    marks=st.dictionaries(
        TEXT, st.dictionaries(NUMBER, st.dictionaries(TEXT, MARK, max_size=2), max_size=2), max_size=2
    ),
    failures=many(st.builds(FailureGroup, outcome=st.sampled_from(Outcome))),
    steps=st.lists(st.tuples(TEXT, TEXT), max_size=2),
    ended_at=MAYBE_MOMENT,
    audit_whole=st.none() | st.booleans(),
    hidden=st.frozensets(NUMBER),
    rows_by_outcome=st.dictionaries(st.sampled_from(Outcome), st.lists(NUMBER, max_size=2), max_size=2),
)
def test_results_arrive_as_they_were_told(
    marks: Any, rows_by_outcome: Any, hidden: frozenset[int], **changes: Any
) -> None:
    steps = changes.pop("steps")
    orders = SheetTable(
        name=ORDERS.name,
        header_row=3,
        columns=ORDERS.columns,
        sheet_rows=(4, 5),
        cells=[],
        hidden_rows=hidden,
    )
    told = ResultsTold(
        report=report(orders, next_steps=steps, **changes),
        sheets="",
        counts_from_1904=bool(hidden),
        preface=("a", "b"),
        marks=marks,
        rows_by_outcome=rows_by_outcome,
        last_rows=[*hidden],
        linked_rows=[*hidden],
        attempts=7,
        attempt_batches=1,
        verdicts=["accepted", ""],
    )
    assert plain(received(ResultsTold, sent(told))) == plain(told)


@settings(deadline=None)
@given(rows=many(ROW), values=TEXTS, attempts=many(ATTEMPT), lines=st.lists(NUMBER, max_size=2))
def test_batches_arrive_one_after_the_other_and_as_often_as_they_are_asked_for(
    rows: list[Any], values: Any, attempts: list[Any], lines: list[int]
) -> None:
    first = ResultBatch(alike=[AlikeResults(like=row, values=values) for row in rows], others=rows)
    second = AttemptBatch(
        alike=[AlikeAttempts(like=attempt, values=values) for attempt in attempts],
        others=attempts,
        other_lines=lines,
    )
    read = Pieces(BytesIO(b"".join(pieces([first, second]))))
    for number, batch in ((1, second), (0, first), (1, second)):
        assert plain(received(type(batch), read[number])) == plain(batch)


@settings(deadline=None)
@given(
    problems=many(PROBLEM),
    states=st.dictionaries(NUMBER, TEXT, max_size=3),
    name=TEXT,
    has_live_check=st.booleans(),
)
def test_findings_arrive_as_they_were_told(
    problems: list[Any], states: Mapping[int, str], name: str, *, has_live_check: bool
) -> None:
    found = CheckFindings(
        tables={SheetRole.ORDERS: ORDERS}, problems=problems, row_states=states, source_name=name, mark=name
    )
    told = CheckedTold(found=found, sheets="", has_live_check=has_live_check)
    assert plain(received(CheckedTold, sent(told))) == plain(told)


@given(values=many(CELL))
def test_corrections_arrive_as_they_were_told(values: list[Any]) -> None:
    told = ValuesTold(values=values)
    assert plain(received(ValuesTold, sent(told))) == plain(told)
