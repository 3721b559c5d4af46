"""The checked workbook: every problem listed with a link, every cell marked, every row where it was."""

from dataclasses import replace
from pathlib import Path

import pytest
from books.written_books import formula_parts, headers, links, load, order, table, texts

from bulk_orders.core.model import Problem, Severity, SheetRole, SheetTable
from bulk_orders.writing.cells import NOTES_PER_SHEET
from bulk_orders.writing.marks import Mark
from bulk_orders.writing.new_book.checked import marks_of_problems, write_checked

PROBLEMS = (
    Problem(
        code="W-PLACEHOLDER",
        severity=Severity.WARNING,
        message="First name looks like a placeholder.",
        sheet="Customers",
        sheet_row=5,
        cells=("I5",),
        column="Signatory first name",
        value="test",
        order_rows=(4, 8),
    ),
    Problem(
        code="E-NUMBER",
        severity=Severity.ERROR,
        message='"5 seats" is not a number.',
        fix="Type 5.",
        sheet="Orders",
        sheet_row=6,
        cells=("H6",),
        column="Quantity",
        value="5 seats",
        proposal="5",
    ),
    Problem(
        code="E-NUMBER",
        severity=Severity.ERROR,
        message='"=2" is not a number.',
        fix="Type 2.",
        sheet="Orders",
        sheet_row=8,
        cells=("H8",),
        column="Quantity",
        value="=2",
        proposal="2",
    ),
    Problem(code="F-HIDDEN", severity=Severity.WARNING, message="1 row is hidden.", sheet="Orders"),
    Problem(
        code="I-TRIM",
        severity=Severity.INFO,
        message="Removed a space.",
        sheet="Orders",
        sheet_row=4,
        cells=("K4",),
    ),
)
STATES = {4: "ready", 6: "error", 8: "error", 9: "skipped", 11: "hidden"}


@pytest.fixture
def orders() -> SheetTable:
    rows = {
        4: order(),
        6: order(reference="R-6", quantity="5 seats"),
        8: order(quantity="=2"),
        9: order(submit="Skip"),
        11: order(),
    }
    return table(SheetRole.ORDERS, rows)


@pytest.fixture
def written(tmp_path: Path, orders: SheetTable) -> Path:
    customers = table(SheetRole.CUSTOMERS, {5: {"customer_id": "1000105563", "agreement_first_name": "test"}})
    return write_checked(tmp_path / "orders.checked.xlsx", orders, customers, None, PROBLEMS, STATES)


def test_the_problems_come_first_and_the_big_line_says_how_it_stands(written: Path) -> None:
    book = load(written)
    assert book.sheetnames == ["Problems", "Orders", "Customers", "Lists"]
    assert book.active.title == "Problems"
    assert book["Problems"]["A1"].value == "2 rows to fix, 1 ready, 2 skipped or hidden, 2 warnings"
    assert "orders.xlsx" in book["Problems"]["A2"].value


def test_every_problem_has_a_line_with_a_link_errors_first(written: Path) -> None:
    sheet = load(written)["Problems"]
    top = next(row for row in range(1, 30) if sheet[f"A{row}"].value == "#")
    letters = headers(sheet, top)
    assert list(letters) == [
        *("#", "Severity", "Where", "Your reference", "Customer", "Column", "You typed", "What is wrong"),
        *("How to fix", "Proposed value", "Apply?", "Code"),
    ]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=top + 1, max_row=top + 5)]
    assert [line[2] for line in lines] == ["Orders!H6", "Orders!H8", "Customers!I5", "Orders", "Orders!K4"]
    assert lines[0][3:7] == ["R-6", "1000105563", "Quantity", "5 seats"]
    assert lines[1][6] == "=2"
    assert lines[0][9] == "5"
    assert links(sheet)[1:] == ["'Orders'!H6", "'Orders'!H8", "'Customers'!I5", "'Orders'!K4"]


@pytest.mark.parametrize(
    ("times", "headline"), [(1, "1 thing to fix, 0 ready"), (2, "2 things to fix, 0 ready")]
)
def test_a_workbook_that_is_wrong_as_a_whole_says_how_many_things_are(
    tmp_path: Path, orders: SheetTable, times: int, headline: str
) -> None:
    missing = Problem(code="F-MISSING-SHEET", severity=Severity.ERROR, message="There is no sheet Customers.")
    path = write_checked(tmp_path / "o.checked.xlsx", orders, None, None, [missing] * times, {})
    assert load(path)["Problems"]["A1"].value == headline


def test_a_header_is_marked_and_explained_like_a_cell(tmp_path: Path, orders: SheetTable) -> None:
    odd = Problem(
        code="F-HEADER",
        severity=Severity.ERROR,
        message='Column "Quantity *" is not known.',
        sheet="Orders",
        sheet_row=3,
        cells=("H3",),
    )
    path = write_checked(tmp_path / "o.checked.xlsx", orders, None, None, [odd], {})
    header = load(path)["Orders"]["H3"]
    assert header.border.left.style == "medium"
    assert header.comment.text == 'H3: Column "Quantity *" is not known. [F-HEADER]'


@pytest.mark.long
def test_what_is_good_to_know_leaves_the_notes_to_what_is_wrong(orders: SheetTable) -> None:
    wrong = Problem(code="E-NUMBER", severity=Severity.ERROR, message="a", sheet="Orders", cells=("H6",))
    removed = replace(wrong, code="I-TRIM", severity=Severity.INFO)
    many = [replace(wrong, cells=(f"C{row}",)) for row in range(4, 3 + NOTES_PER_SHEET)]
    infos = [replace(removed, cells=("H6",)), replace(removed, cells=("K6",))]
    marks = marks_of_problems(orders, [wrong, *many, *infos])
    assert marks[6]["H"] == Mark(sentence="a [E-NUMBER]\na [I-TRIM]", severity=Severity.ERROR)
    assert "K" not in marks[6]
    assert "K" in marks_of_problems(orders, [wrong, *many[1:], *infos])[6]


def test_what_occurs_often_is_one_line_on_top(written: Path) -> None:
    sheet = load(written)["Problems"]
    assert [sheet[f"{letter}6"].value for letter in "BCDE"] == ["✖ To fix", "Orders!H6", "2 ×", "Quantity"]


def test_apply_is_a_yes_or_no_list_on_the_lines_of_problems(written: Path) -> None:
    sheet = load(written)["Problems"]
    top = next(row for row in range(1, 30) if sheet[f"A{row}"].value == "#")
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules == {f"K{top + 1}:K{top + 5}": "L_YesNo"}


def test_cells_are_marked_with_a_border_and_the_same_sentence(written: Path) -> None:
    book = load(written)
    cell = book["Orders"]["H6"]
    assert cell.border.left.style == "medium"
    assert cell.comment.text == 'H6: "5 seats" is not a number. Type 5. Proposed: 5 [E-NUMBER]'
    assert cell.comment.author == "bulk-orders"
    assert book["Orders"]["K4"].comment.text == "K4: Removed a space. [I-TRIM]"
    assert book["Customers"]["I5"].comment.text == "I5: First name looks like a placeholder. [W-PLACEHOLDER]"


def test_check_counts_the_problems_of_a_row_and_leads_to_the_first(written: Path) -> None:
    sheet = load(written)["Orders"]
    assert [sheet[f"A{row}"].value for row in (4, 6, 8, 9, 11)] == [
        *("⚠ 1 warning", "✖ 1 to fix", "✖ 1 to fix", "– Skipped", "– Hidden, not sent")
    ]
    problems = load(written)["Problems"]
    assert [problems[place.split("!")[1]].value for place in links(sheet)] == [
        "Customers!I5",
        "Orders!H6",
        "Orders!H8",
    ]


def test_drop_downs_are_there_for_fixing_by_hand(written: Path) -> None:
    rules = {rule.formula1 for rule in load(written)["Orders"].data_validations.dataValidation}
    assert {"L_Submit", "L_Commitment", "L_Billing", "L_YesNo"} <= rules


def test_nothing_typed_becomes_a_formula(written: Path) -> None:
    assert formula_parts(written) == []


def test_hidden_rows_stay_hidden_so_that_running_the_copy_does_not_send_them(
    tmp_path: Path, orders: SheetTable
) -> None:
    hidden = replace(orders, hidden_rows=frozenset({11}))
    sheet = load(write_checked(tmp_path / "o.checked.xlsx", hidden, None, None, PROBLEMS, STATES))["Orders"]
    assert [row for row, found in sheet.row_dimensions.items() if found.hidden] == [11]


def test_a_workbook_without_problems_says_that_all_is_ready(tmp_path: Path, orders: SheetTable) -> None:
    path = write_checked(tmp_path / "o.checked.xlsx", orders, None, None, (), dict.fromkeys(STATES, "ready"))
    assert load(path)["Problems"]["A1"].value == "0 rows to fix, 5 ready"


def test_corrections_in_an_older_checked_workbook_are_kept(tmp_path: Path, orders: SheetTable) -> None:
    path = tmp_path / "orders.checked.xlsx"
    write_checked(path, orders, None, None, PROBLEMS, STATES)
    book = load(path)
    book["Orders"]["H6"] = 5
    book.save(path)
    assert write_checked(path, orders, None, None, PROBLEMS, STATES).name == "orders.checked (2).xlsx"
    assert load(path)["Orders"]["H6"].value == 5


def test_its_own_words_never_stand_in_for_the_user_s(written: Path) -> None:
    assert not {"None", "nan", "null"} & texts(load(written)["Orders"])
