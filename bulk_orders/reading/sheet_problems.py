"""What is wrong with the sheets of a workbook as a whole, as the problems that are told of it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bulk_orders.core.model import Problem, Severity
from bulk_orders.core.problem_texts import problem
from bulk_orders.core.wording import counted
from bulk_orders.reading.headers import Layout

if TYPE_CHECKING:
    from bulk_orders.reading.sheet_findings import SheetScan


def of_columns(sheet: str, layout: Layout, scan: "SheetScan", filled: frozenset[int]) -> Iterator[Problem]:
    """Tell of columns whose values come from formulas, or are sent even though nobody sees them."""
    hidden: list[str] = []
    for index in layout.inputs:
        column, position = layout.columns[index], layout.positions[index]
        if index in filled and position in scan.hidden_columns:
            hidden.append(f"{column.letter} ({column.header.rstrip(' *')})")
        rows = [row for row in scan.formulas.get(position, ()) if row > layout.header_row]
        rows = [row for row in rows if position not in scan.marks.get(row, ())]
        if rows:
            told = counted(len(rows), "{number:,} cell with a formula", "{number:,} cells with formulas")
            yield problem(
                "I-FORMULA",
                parts={"column": column.header.rstrip(" *"), "value": told},
                sheet=sheet,
                sheet_row=rows[0],
                cells=(f"{column.letter}{rows[0]}",),
                column=column.header.rstrip(" *"),
                field=column.field,
                value=told,
            )
    if hidden:
        yield problem("W-HIDDEN-COLUMN", parts={"value": ", ".join(hidden)}, sheet=sheet, value=hidden[0])


def of_comments(sheet: str, cells: Sequence[str]) -> Iterator[Problem]:
    """Tell that comments are not read: somebody may have asked in one not to order the row."""
    if cells:
        number = counted(len(cells), "{number:,} comment", "{number:,} comments")
        parts = {"sheet": sheet, "value": number, "cell": cells[0]}
        yield problem("I-COMMENTS", parts=parts, sheet=sheet, value=number)


def second_sheet(name: str, orders: str) -> Problem:
    """Say that only one sheet of orders is read."""
    return problem("F-SECOND-SHEET", parts={"value": name, "sheet": orders}, sheet=name, value=name)


def wishes_beside(name: str, orders: str) -> Problem:
    """Say that a workbook has orders and wishes of subscriptions."""
    return problem("F-WISHES-BESIDE", parts={"value": name, "sheet": orders}, sheet=name, value=name)


def ignored_sheet(name: str) -> Problem:
    """Say that a sheet is not read."""
    return problem("F-IGNORED-SHEET", parts={"value": name}, sheet=name, value=name)


def hidden_sheet(name: str) -> Problem:
    """Say that a sheet that would be sent is hidden."""
    return Problem(
        code="F-HIDDEN-SHEET",
        severity=Severity.ERROR,
        sheet=name,
        message="The sheet {sheet} is hidden.".format(sheet=name),
        fix="Show it (right-click a sheet's tab, Unhide), look through its rows and save.",
    )


def no_customers(name: str) -> Problem:
    """Say that the sheet Customers is missing, or has no headers if it has a `name`."""
    return Problem(
        code="F-MISSING-SHEET",
        severity=Severity.ERROR,
        sheet=name,
        message="The sheet {sheet} has no row of headers.".format(sheet=name)
        if name
        else "The workbook has no sheet Customers.",
        fix="Add it as in `bulk-orders template`, or put the customers' columns beside the orders.",
    )
