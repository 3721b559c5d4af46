"""DataFrames are checked as the workbook is that is written from them."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from checking_tables import CONTEXT, CUSTOMER, ORDER, PRODUCT, found_in
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bulk_orders.checking.check import CheckResult, check
from bulk_orders.checking.data_frames import tables_of
from bulk_orders.core.columns.table import columns_of
from bulk_orders.core.model import SheetRole
from bulk_orders.errors import InputError, UsageError
from bulk_orders.reading.headers import find_header
from bulk_orders.reading.workbook import read_workbook
from bulk_orders.reading.workbook_tables import FLAT as FORMS
from bulk_orders.reading.workbook_tables import WorkbookTables
from bulk_orders.writing.new_book.plain import plain_workbook

Row = Mapping[str, Any]
FLAT = CUSTOMER | ORDER


def checked(*rows: Row) -> CheckResult:
    return check(tables_of(pd.DataFrame(list(rows))), CONTEXT)


def sheets_of(tables: WorkbookTables) -> list[Any]:
    return [table for table in (tables.orders, tables.customers, tables.products) if table is not None]


def written(tables: WorkbookTables) -> WorkbookTables:
    return read_workbook(plain_workbook(sheets_of(tables)), "orders.xlsx")


@pytest.mark.parametrize(
    ("changes", "read"),
    [
        ({"quantity": 5}, "5"),
        ({"quantity": 5.0}, "5"),
        ({"quantity": np.int64(5)}, "5"),
        ({"quantity": Decimal("5.00")}, "5"),
        ({"po_number": None}, ""),
        ({"po_number": float("nan")}, ""),
        ({"po_number": pd.NA}, ""),
        ({"agreement_date": pd.NaT}, ""),
        ({"agreement_date": dt.date(2022, 4, 9)}, "2022-04-09"),
        ({"agreement_date": dt.datetime(2022, 4, 9)}, "2022-04-09"),  # noqa: DTZ001 - as pandas has days
        ({"agreement_date": pd.Timestamp("2022-04-09")}, "2022-04-09"),
        ({"agreement_date": np.datetime64("2022-04-09")}, "2022-04-09"),
        ({"offer_attestation": False}, "FALSE"),
        ({"offer_attestation": np.bool_(True)}, "TRUE"),
        ({"customer_id": 123456789012345678}, "123456789012345678"),
    ],
)
def test_a_value_with_one_text_is_that_text(changes: Row, read: str) -> None:
    tables = tables_of(pd.DataFrame([{**FLAT, **changes}]).astype(object))
    assert not tables.problems
    (name,) = changes
    place = next(at for at, column in enumerate(tables.orders.columns) if column.field == name)
    assert tables.orders.cells[0][place] == read


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"company_name": True}, "True or False"),
        ({"parameter: auto": False}, "True or False"),
        ({"po_number": dt.date(2026, 1, 2)}, "a date outside a column of dates"),
        ({"agreement_date": pd.Timestamp("2022-04-09 12:00")}, "a moment"),
        ({"agreement_date": pd.Timestamp("2022-04-09", tz="UTC")}, "a moment"),
        ({"agreement_date": pd.Timestamp("2022-04-09") + pd.Timedelta(1, "ns")}, "a moment"),
        ({"po_number": 0.1 + 0.2}, "more digits than it keeps exactly"),
        ({"customer_id": 1e17}, "more digits than it keeps exactly"),
        ({"quantity": float("inf")}, "more digits than it keeps exactly"),
        ({"po_number": [1, 2]}, "of type list"),
        ({"po_number": b"1"}, "of type bytes"),
        ({"po_number": dt.time(1)}, "of type time"),
        ({"po_number": 10**400}, "of type int"),
        ({"po_number": Decimal("Infinity")}, "of type Decimal"),
        ({"po_number": "a_x0041_"}, "keep for themselves"),
        ({"company_name": "a" * 32_768}, "longer than a cell"),
    ],
)
def test_a_value_that_would_have_to_be_guessed_is_a_problem_with_its_cell(changes: Row, why: str) -> None:
    told = checked(FLAT, {**FLAT, **changes})
    (name,) = changes
    (problem,) = [found for found in told.problems if found.code == "F-CELL"]
    letter = next(
        column.letter for column in told.tables.orders.columns if name in {column.field, column.header}
    )
    assert problem.cells == (f"{letter}3",)
    assert why in problem.message
    assert told.ready_count == 0


def test_a_column_of_the_wrong_type_is_one_problem_with_its_first_cells() -> None:
    told = checked(*[{**FLAT, "reference": f"R-{number}", "po_number": 0.1 + 0.2} for number in range(150)])
    (problem,) = [found for found in told.problems if found.code == "F-CELL"]
    assert len(problem.cells) == 100
    assert problem.sheet_row == 2


def test_a_column_that_is_not_read_may_hold_anything() -> None:
    told = checked({**FLAT, "tags": ["a"], "seen": dt.datetime(2026, 1, 2, 3), "note": 0.1 + 0.2})  # noqa: DTZ001
    assert told.ready_count == 1
    assert told.tables.extra_columns == ("Orders!AA tags", "Orders!AB seen")


def test_rows_are_those_of_the_workbook_and_blank_ones_are_left_out() -> None:
    told = checked(FLAT, dict.fromkeys(FLAT, None), {**FLAT, "reference": "R-2", "quantity": 0})
    assert list(told.row_states) == [2, 4]
    assert ("E-RANGE", "Orders!V4") in found_in(told)


def test_frames_by_sheet_are_a_workbook_of_three_sheets() -> None:
    frames = {
        name: pd.DataFrame([row])
        for name, row in (("orders", ORDER), ("customers", CUSTOMER), ("products", PRODUCT))
    }
    told = check(tables_of(frames), CONTEXT)
    assert (told.ready_count, found_in(told)) == (1, [])
    told = check(tables_of({"orders": frames["orders"]}), CONTEXT)
    assert found_in(told) == [("F-MISSING-SHEET", "")]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({}, "no DataFrame of orders"),
        ({"orders": pd.DataFrame([ORDER]), "people": pd.DataFrame()}, 'no sheet "people"'),
        ({"orders": [ORDER]}, "A list cannot be checked"),
        (5, "A int cannot be checked"),
    ],
)
def test_what_is_no_source_is_refused(source: object, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        tables_of(source)


@pytest.mark.parametrize("frame", [pd.DataFrame(), pd.DataFrame({"colour": ["red"]})])
def test_a_frame_without_known_columns_is_refused(frame: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="no row of headers"):
        tables_of(frame)


def test_a_frame_larger_than_a_sheet_is_refused() -> None:
    frame = pd.DataFrame({"mpn": pd.Series("A:1", index=range(1_048_576))})
    with pytest.raises(InputError, match=r"1,048,576 rows, more than the 1,048,575"):
        tables_of(frame)
    with pytest.raises(InputError, match="1,000 columns"):
        tables_of(pd.DataFrame([range(1_001)]))


HEADERS = sorted(
    {column.header for role in SheetRole for column in columns_of(role)}
    | {"parameter: term", "colour", "Cust ID", ""}
)
TEXT = st.text(st.characters(exclude_categories=[]), max_size=6)
VALUE: st.SearchStrategy[Any] = st.one_of(
    TEXT,
    st.sampled_from([*FLAT.values(), "_x0041_", "a\r\nb", " ", "=1", "'1", "\ud800", "\x00", "x005F_"]),
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.decimals().filter(lambda number: not number.is_snan()),  # pandas cannot print one
)


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """Good rows with cells and headers changed at random."""
    rows = draw(st.integers(0, 4))
    names = list(FLAT)
    cells = [[*FLAT.values()] for _ in range(rows)]
    random = Random(draw(st.integers()))  # noqa: S311 - nothing is secret
    for row in cells:
        for _ in range(draw(st.integers(0, 4))):
            row[random.randrange(len(names))] = draw(VALUE)
        if draw(st.integers(0, 9)) == 0:
            row[:] = [None] * len(names)
    for _ in range(draw(st.integers(0, 3))):
        names[random.randrange(len(names))] = draw(st.sampled_from(HEADERS) | TEXT)
    frame = pd.DataFrame(cells, columns=range(len(names)), dtype=object)
    frame.columns = pd.Index(names, dtype=object)
    return frame


def same_as_written(frame: pd.DataFrame) -> None:
    if find_header([(1, [str(label) for label in frame.columns])], FORMS) is None:
        with pytest.raises(InputError, match="no row of headers"):
            tables_of(frame)
        return
    tables = tables_of(frame)
    again = written(tables)
    assert sheets_of(again) == sheets_of(tables)
    if not any(problem.code == "F-CELL" for problem in tables.problems):
        assert check(again, CONTEXT).problems == check(tables, CONTEXT).problems


@settings(max_examples=15, deadline=None)
@given(frame=frames())
@example(frame=pd.DataFrame([FLAT]))
def test_a_frame_has_the_problems_of_the_workbook_that_is_written_from_it(frame: pd.DataFrame) -> None:
    same_as_written(frame)


@pytest.mark.long
@settings(max_examples=400, deadline=None)
@given(frame=frames())
def test_hundreds_of_frames_have_the_problems_of_their_workbooks(frame: pd.DataFrame) -> None:
    same_as_written(frame)


@pytest.mark.parametrize("name", ["orders", "customers", "products"])
def test_the_law_holds_for_three_sheets(name: str) -> None:
    rows = {"orders": ORDER, "customers": CUSTOMER, "products": PRODUCT}
    given_frames = {sheet: pd.DataFrame([row, row]) for sheet, row in rows.items()}
    given_frames[name].iloc[1, 1] = "a\x00\r\nb"
    tables = tables_of(given_frames)
    assert sheets_of(written(tables)) == sheets_of(tables)
    assert check(written(tables), CONTEXT).problems == check(tables, CONTEXT).problems


def test_the_same_frame_gives_the_same_bytes() -> None:
    tables = tables_of(pd.DataFrame([FLAT]))
    assert plain_workbook(sheets_of(tables)) == plain_workbook(sheets_of(tables))


def test_subscriptions_with_wishes_are_refused_and_never_taken_for_purchases_of_their_seats() -> None:
    row = {
        "Subscription ID": "1100004",
        "Customer ID": "1000105563",
        "Product (MPN)": "CFQ7TTC0LH16:0001",
        "Vendor": "Adobe",
        "Seats": "12",
        "Seats after": "15",
    }
    with pytest.raises(InputError, match="A DataFrame of subscriptions"):
        tables_of(pd.DataFrame([row]))
