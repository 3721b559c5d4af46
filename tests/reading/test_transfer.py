"""A law: what the child process hands back is what it has read, whatever the cells hold."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_orders.core.model import CellNote, Problem, Severity, SheetColumn
from bulk_orders.errors import InputError
from bulk_orders.machine.isolation import AnswerBroken
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.reading.headers import Layout
from bulk_orders.reading.tables import Block, BlockSink, gathered
from bulk_orders.reading.transfer import Sender, received
from bulk_orders.reading.workbook_tables import Form, WorkbookTables

MANY_BYTES = 10_000_000
TEXT = st.text(st.sampled_from("a1 \x1e\n\"'é東\ud800"), max_size=6)
HEADER = st.sampled_from(["", "Colour", "Quantity"])
SHEETS = ("orders", "customers", "products")


@st.composite
def blocks(draw: st.DrawFn, letters: list[str]) -> list[Block]:
    """Rows one below another, with notes of some of their cells."""
    made: list[Block] = []
    row = 1
    for count in draw(st.lists(st.integers(1, 3), max_size=3)):
        steps = draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))
        rows = [row := row + step for step in steps]
        places = st.tuples(st.sampled_from(rows), st.sampled_from(letters))
        made.append(
            Block(
                sheet_rows=rows,
                cells=[draw(st.lists(TEXT, min_size=len(letters), max_size=len(letters))) for _ in rows],
                notes=draw(st.dictionaries(places, st.sampled_from(CellNote), max_size=4)),
                shown=draw(st.dictionaries(places, TEXT, max_size=3)),
                filled=draw(st.sets(st.integers(0, len(letters) - 1))),
                hidden_rows=draw(st.sets(st.sampled_from(rows))),
            )
        )
    return made


@st.composite
def sheets(draw: st.DrawFn) -> tuple[str, Layout, list[Block]]:
    headers = draw(st.lists(HEADER, min_size=1, max_size=4))
    letters = [column_letters(place) for place in range(len(headers))]
    columns = tuple(
        SheetColumn(letter=letter, header=header) for letter, header in zip(letters, headers, strict=True)
    )
    layout = Layout(
        header_row=draw(st.integers(1, 15)),
        columns=columns,
        positions=tuple(range(len(columns))),
        inputs=(),
        problems=(),
    )
    return draw(TEXT), layout, draw(blocks(letters))


PROBLEM = st.builds(
    Problem,
    code=TEXT,
    severity=st.sampled_from(Severity),
    message=TEXT,
    sheet_row=st.none() | st.integers(1, 9),
    cells=st.lists(TEXT, max_size=2).map(tuple),
    proposal=st.none() | TEXT,
    order_rows=st.lists(st.integers(1, 9), max_size=2).map(tuple),
)


def workbook(
    made: list[tuple[str, Layout, list[Block]]],
    keep: BlockSink,
    problems: list[Problem],
    extra: list[str],
    *,
    is_csv: bool,
) -> WorkbookTables:
    tables = {role: keep(*sheet)[0] for role, sheet in zip(SHEETS, made, strict=False)}
    return WorkbookTables(
        form=Form.FLAT if is_csv else Form.THREE_SHEETS,
        orders=tables["orders"],
        customers=tables.get("customers"),
        products=tables.get("products"),
        problems=tuple(problems),
        extra_columns=tuple(extra),
        ignored_sheets=tuple(extra),
        is_csv=is_csv,
    )


@given(
    made=st.lists(sheets(), min_size=1, max_size=3),
    problems=st.lists(PROBLEM, max_size=2),
    extra=st.lists(TEXT, max_size=2),
    is_csv=st.booleans(),
)
def test_what_is_received_is_what_was_read(
    made: list[tuple[str, Layout, list[Block]]], problems: list[Problem], extra: list[str], *, is_csv: bool
) -> None:
    wire = BytesIO()
    sender = Sender(wire)
    sender.finish(workbook(made, sender.keep, problems, extra, is_csv=is_csv))
    wire.seek(0)
    assert received(wire, at_most_bytes=MANY_BYTES) == workbook(
        made, gathered, problems, extra, is_csv=is_csv
    )
    with pytest.raises(AnswerBroken):
        received(BytesIO(wire.getvalue()), at_most_bytes=len(wire.getvalue()) - 1)


@given(message=TEXT, fix=TEXT)
def test_a_refusal_is_received_as_it_was_raised(message: str, fix: str) -> None:
    wire = BytesIO()
    Sender(wire).refuse(InputError(message, fix=fix))
    wire.seek(0)
    with pytest.raises(InputError) as refused:
        received(wire, at_most_bytes=MANY_BYTES)
    assert (refused.value.message, refused.value.fix) == (message, fix)


@settings(max_examples=15)
@given(made=sheets(), ends=st.lists(st.integers(0, 5_000), min_size=10, max_size=10))
def test_an_answer_that_is_cut_off_is_none(made: tuple[str, Layout, list[Block]], ends: list[int]) -> None:
    wire = BytesIO()
    sender = Sender(wire)
    sender.finish(workbook([made], sender.keep, [], [], is_csv=False))
    whole = wire.getvalue().removesuffix(b"\n")
    for end in ends:
        with pytest.raises(AnswerBroken):
            received(BytesIO(whole[: min(end, len(whole) - 1)]), at_most_bytes=MANY_BYTES)
