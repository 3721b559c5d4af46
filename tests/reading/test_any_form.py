"""A law: one table has one reading, in whatever package or dialect of CSV it is written."""

from collections.abc import Callable
from random import Random

import pytest
from books.any_package import AnyPackage, Cell
from books.input_books import CUSTOMER, CUSTOMER_HEADERS, ORDER, ORDER_HEADERS
from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_orders.reading.isolated import read_safely
from bulk_orders.reading.workbook import read_workbook
from bulk_orders.reading.workbook_tables import WorkbookTables

TEXT = st.text("ab<>&'\"]é東, ;|\t", min_size=1, max_size=8).map(str.strip).filter(bool)
VALUE: st.SearchStrategy[Cell] = st.one_of(st.none(), st.integers(0, 10**12), TEXT)
ROWS = st.lists(st.tuples(VALUE, VALUE), max_size=4)
LONG = pytest.mark.long
Read = Callable[[bytes, str], WorkbookTables]


def table_of(rows: list[tuple[Cell, Cell]]) -> list[list[Cell]]:
    return [list(ORDER_HEADERS), *([*ORDER[:5], first, second] for first, second in rows)]


def as_text(value: Cell) -> str:
    return "" if value is None else str(value)


def check_package(rows: list[tuple[Cell, Cell]], random: Random, read: Read = read_workbook) -> None:
    table = table_of(rows)
    content = AnyPackage(random).made({"Orders": table, "Customers": [CUSTOMER_HEADERS, CUSTOMER]})
    tables = read(content, "orders.xlsx")
    assert tables.orders.cells == [[as_text(value) for value in row] for row in table[1:]]
    assert not tables.orders.notes
    assert tables.orders.sheet_rows == tuple(range(2, len(table) + 1))
    assert tables.customers
    assert tables.customers.cells == [list(CUSTOMER) + [""] * (len(CUSTOMER_HEADERS) - len(CUSTOMER))]


def check_dialect(rows: list[tuple[Cell, Cell]], random: Random, read: Read = read_workbook) -> None:
    table = [[as_text(value) for value in row] for row in table_of(rows)]
    content = in_a_dialect(table, random)
    assert read(content, "orders.csv").orders.cells == table[1:]


def in_a_dialect(table: list[list[str]], random: Random) -> bytes:
    separator = random.choice([",", ";", "\t", "|"])
    end = random.choice(["\n", "\r\n", "\r"])
    is_quoted = random.random() < 0.5

    def cell(text: str) -> str:
        needs = is_quoted or any(letter in text for letter in f'{separator}"\r\n')
        return '"' + text.replace('"', '""') + '"' if needs else text

    lines = []
    for row in table:
        last = len(row) if is_quoted or random.random() < 0.5 else len([*row]) - (row[-1] == "")
        lines.append(separator.join(map(cell, row[:last])))
    if random.random() < 0.3:
        lines.insert(0, random.choice([f"sep={separator}", f'"sep={separator}"']))
    text = end.join(lines) + random.choice(["", end, end + end])
    return text.encode(random.choice(["utf-8", "utf-8-sig", "utf-16"]))


@LONG
@settings(max_examples=60, deadline=None)
@given(rows=ROWS, random=st.randoms(use_true_random=False))
def test_any_package_of_a_table_has_one_reading(rows: list[tuple[Cell, Cell]], random: Random) -> None:
    check_package(rows, random)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, random=st.randoms(use_true_random=False))
def test_any_dialect_of_a_table_has_one_reading(rows: list[tuple[Cell, Cell]], random: Random) -> None:
    check_dialect(rows, random)


@LONG
@settings(max_examples=1_000, deadline=None)
@given(rows=ROWS, random=st.randoms(use_true_random=False))
def test_a_thousand_packages_of_a_table_have_one_reading(
    rows: list[tuple[Cell, Cell]], random: Random
) -> None:
    check_package(rows, random)


@LONG
@settings(max_examples=1_000, deadline=None)
@given(rows=ROWS, random=st.randoms(use_true_random=False))
def test_a_thousand_dialects_of_a_table_have_one_reading(
    rows: list[tuple[Cell, Cell]], random: Random
) -> None:
    check_dialect(rows, random)


@LONG
@settings(max_examples=50, deadline=None)
@given(rows=ROWS, random=st.randoms(use_true_random=False))
def test_the_child_reads_fifty_packages_and_fifty_dialects_alike(
    rows: list[tuple[Cell, Cell]], random: Random
) -> None:
    check_package(rows, random, read_safely)
    check_dialect(rows, random, read_safely)
