"""Every file of the corpus of bad input comes to what its table says, and no id of the catalogue is missing."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from corpus.cells import CASES as CELLS
from corpus.containers import CASES as CONTAINERS
from corpus.csv_files import CASES as CSV_FILES
from corpus.elsewhere import NOT_PLAYED, PLAYED
from corpus.entry import ANYWHERE, Case, Expected, Found, Outcome, on_the_wire, taken
from corpus.structure import CASES as STRUCTURE

from bulk_orders.errors import InputError
from bulk_orders.reading.isolated import read_safely

LONGEST_SENTENCE = 140
LARGE = {"S14 50,001 rows"}
TESTS = Path(__file__).parents[1]


def each(cases: Iterable[Case]) -> pytest.MarkDecorator:
    """One test a file."""
    return pytest.mark.parametrize(
        "case",
        [
            pytest.param(case, id=str(case), marks=pytest.mark.long if str(case) in LARGE else ())
            for case in cases
        ],
    )


def judge(found: Found, expected: Expected) -> None:
    told = [entry for entry in found.problems() if entry[0] == expected.code]
    if expected.code:
        assert told, found.problems()
        assert expected.cell in {"", ANYWHERE, told[0][2]}, told
    severities = {entry[1] for entry in found.problems()}
    if expected.outcome is Outcome.INVALID:
        assert told[0][1] == "error"
        assert found.checked.ready_count < max(found.checked.row_count, 1)
        return
    assert "error" not in severities, found.problems()
    assert not expected.code or told[0][1] == ("warning" if expected.outcome is Outcome.WARNED else "info")
    assert found.rows
    assert expected.rows in {None, len(found.rows)}
    if expected.value:
        name, value = expected.value
        assert on_the_wire(found.rows[0], name) == value


def play(case: Case, *, in_a_child: bool = False) -> None:
    content = case.content()
    if case.expected.outcome is Outcome.REFUSED:
        with pytest.raises(InputError) as caught:
            read_safely(content, case.file) if in_a_child else taken(content, case.file)
        assert case.expected.code in caught.value.message
        assert caught.value.fix
        assert max(len(caught.value.message), len(caught.value.fix)) <= LONGEST_SENTENCE
    elif in_a_child:
        judge(taken(content, case.file, read_safely), case.expected)
    else:
        judge(taken(content, case.file), case.expected)


@pytest.mark.long
@each(CELLS)
def test_a_cell_is_read_or_told_as_the_table_says(case: Case) -> None:
    play(case)


@pytest.mark.long
@each(CONTAINERS)
def test_a_container_is_refused_or_read_as_the_table_says(case: Case) -> None:
    play(case)


@pytest.mark.long
@each(CONTAINERS)
def test_a_container_is_refused_or_read_in_the_child_process(case: Case) -> None:
    play(case, in_a_child=True)


@each(STRUCTURE)
def test_sheets_headers_and_rows_are_read_or_told_as_the_table_says(case: Case) -> None:
    play(case)


@each(CSV_FILES)
def test_a_csv_file_is_read_or_told_as_the_table_says(case: Case) -> None:
    play(case)


CATALOGUE = {
    f"{area}{number:02}"
    for area, count in {"F": 24, "S": 14, "C": 36, "R": 14, "V": 20, "O": 12, "U": 30}.items()
    for number in range(1, count + 1)
}


def test_every_id_of_the_catalogue_has_a_file_or_a_test_or_a_reason() -> None:
    files = {case.id for case in (*CELLS, *CONTAINERS, *STRUCTURE, *CSV_FILES)}
    assert files | set(PLAYED) | set(NOT_PLAYED) == CATALOGUE
    assert not set(NOT_PLAYED) & (files | set(PLAYED))


def test_every_test_that_is_named_exists() -> None:
    named = [test.partition("::") for tests in PLAYED.values() for test in tests]
    assert [
        f"{path}::{name}"
        for path, _, name in named
        if not (TESTS / path).is_file() or f"def {name}(" not in (TESTS / path).read_text("utf-8")
    ] == []
