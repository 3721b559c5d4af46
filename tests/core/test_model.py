"""What a problem says of the place it is about."""

import pytest

from bulk_orders.core.model import Problem, Severity


def problem(*cells: str, sheet: str = "Orders", sheet_row: int | None = None) -> Problem:
    return Problem(
        code="E-EMPTY",
        severity=Severity.ERROR,
        message="Empty.",
        sheet=sheet,
        sheet_row=sheet_row,
        cells=cells,
    )


@pytest.mark.parametrize(
    ("told", "where"),
    [
        (problem("H14", sheet_row=14), "Orders!H14"),
        (problem("C31", "C32"), "Orders!C31, C32"),
        (problem("C31", "C32", "C33"), "Orders!C31, C32, C33"),
        (problem("C31", "C32", "C33", "C34"), "Orders!C31, C32, C33, …"),
        (problem(sheet_row=14), "Orders row 14"),
        (problem(), "Orders"),
        (problem(sheet=""), ""),
    ],
)
def test_a_problem_names_up_to_three_cells_else_its_row_else_its_sheet(told: Problem, where: str) -> None:
    assert told.where == where


@pytest.mark.parametrize(
    ("told", "rows"),
    [
        (problem("H14", sheet_row=14), (14,)),
        (problem("C31", "AB32", sheet_row=31), (31, 32)),
        (problem("C32", "D31", "E32"), (32, 31)),
        (problem("H14"), ()),
        (problem(sheet_row=14), (14,)),
        (problem(), ()),
    ],
)
def test_a_problem_names_the_rows_of_its_cells_once_each_in_their_sequence(
    told: Problem, rows: tuple[int, ...]
) -> None:
    assert told.sheet_rows == rows
