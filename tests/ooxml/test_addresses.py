"""Addresses are Excel's own: every column of a sheet has its letters, and what is no address is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from bulk_orders.ooxml.addresses import (
    MAX_COLUMNS,
    MAX_ROWS,
    address_of,
    column_index,
    column_letters,
    place_of,
)
from bulk_orders.ooxml.areas import area_of, reference_of

PLACES = st.tuples(st.integers(1, MAX_ROWS), st.integers(0, MAX_COLUMNS - 1))


def test_every_column_has_the_letters_that_excel_gives_it() -> None:
    letters = [column_letters(index) for index in range(MAX_COLUMNS)]
    assert letters == [get_column_letter(index + 1) for index in range(MAX_COLUMNS)]
    assert [column_index(name) for name in letters] == list(range(MAX_COLUMNS))
    assert [column_index(name.encode()) for name in letters] == list(range(MAX_COLUMNS))
    assert (letters[0], letters[25], letters[26], letters[-1]) == ("A", "Z", "AA", "XFD")


@given(place=PLACES)
def test_an_address_names_its_place(place: tuple[int, int]) -> None:
    address = address_of(place)
    assert place_of(address) == place_of(address.lower()) == place
    assert place_of(f"${column_letters(place[1])}${place[0]}") == place


@given(first=PLACES, last=PLACES)
def test_a_reference_names_its_area(first: tuple[int, int], last: tuple[int, int]) -> None:
    assert area_of(reference_of((*first, *last))) == (*first, *last)
    assert area_of(address_of(first)) == (*first, *first)


@pytest.mark.parametrize("text", ["", "A", "1", "A1B", "AAAA1", "A12345678", "A-1", "Ä1", "Orders!A1", " A1"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert place_of(text) is None
    assert area_of(f"{text}:B2") is None
