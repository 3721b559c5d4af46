"""The plan workbook says what would be ordered, and what was changed in it is found, cell by cell."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.reading.sheet_texts import read_sheet_texts
from bulk_orders.writing.new_book.plan_book import write_plan
from bulk_orders.writing.new_book.plan_page import (
    PlannedOrder,
    PlanPage,
    actions,
    bill,
    credited,
    headline,
    plan_id_in,
    sheets,
    what_changed,
)

NOW = datetime(2026, 11, 29, 17, 15, tzinfo=UTC)


def planned(row: int, **changes: str) -> PlannedOrder:
    plain = PlannedOrder(
        sheet_row=row,
        action="sales",
        subscription="",
        reference=f"R-{row}",
        customer_id=f"100010{row:04d}",
        company="=Contoso & Söhne",
        mpn="CFQ7TTC0LH18:0001",
        product="Business Basic",
        quantity="12",
        commitment="1 year",
        billing="Monthly",
        domain="",
        po_number=f"BO{row}",
        amount="75.60",
        committed="907.20",
        currency="USD",
    )
    return replace(plain, **changes)


PAGE = PlanPage(
    plan_id="PLAN-20261129-1715-K7QX",
    digest="d" * 64,
    environment="LIVE",
    marketplace="us",
    profile="live",
    source_name="orders.xlsx",
    maker="ann",
    host="desk",
    made_at=NOW,
    expires_at=NOW,
    orders=[
        planned(2),
        planned(3, amount="0.1", domain="new.onmicrosoft.com"),
        planned(4, amount="1000000.2", currency="EUR", quantity="1"),
        planned(5, amount="", committed="", currency="", mpn="DG7GMGF0D7FX:0002", product=""),
    ],
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_plan(tmp_path_factory.mktemp("plan") / "orders.plan.xlsx", PAGE)


def saved(written: Path, tmp_path: Path, change: Callable[[openpyxl.Workbook], object]) -> Path:
    """The plan workbook as another program saves it."""
    book = openpyxl.load_workbook(written)
    change(book)
    book.save(tmp_path / "saved.xlsx")
    return tmp_path / "saved.xlsx"


def compared(path: Path) -> tuple[list[str], str]:
    return what_changed(PAGE, read_sheet_texts(path.read_bytes(), path.name))


def test_what_was_written_reads_as_unchanged_and_unanswered(written: Path) -> None:
    assert compared(written) == ([], "")
    assert plan_id_in(read_sheet_texts(written.read_bytes(), written.name)) == PAGE.plan_id


@pytest.mark.parametrize("answer", ["", " yes "])
def test_the_answer_alone_is_no_change(written: Path, tmp_path: Path, answer: str) -> None:
    """Whatever it is: see the law below."""

    def answered(book: openpyxl.Workbook) -> None:
        book["Plan"]["B6"] = answer

    assert compared(saved(written, tmp_path, answered)) == ([], answer.strip())


def other_sheet(book: openpyxl.Workbook) -> None:
    book.create_sheet("Remarks")["A1"] = "fine"


def no_sheet(book: openpyxl.Workbook) -> None:
    book.remove(book["By customer"])


def row_removed(book: openpyxl.Workbook) -> None:
    book["Planned orders"].delete_rows(5)


def row_added(book: openpyxl.Workbook) -> None:
    book["Planned orders"]["A9"] = 7


def a_cent(book: openpyxl.Workbook) -> None:
    book["Planned orders"]["N2"] = 75.61


def a_price(book: openpyxl.Workbook) -> None:
    book["Planned orders"]["N5"] = 3


@pytest.mark.parametrize(
    ("change", "first"),
    [
        (other_sheet, "Remarks"),
        (no_sheet, "By customer"),
        (row_removed, "Planned orders!A5"),
        (row_added, "Planned orders!A9"),
        (a_cent, "Planned orders!N2"),
        pytest.param(a_price, "Planned orders!N5", marks=pytest.mark.long),
    ],
)
def test_whatever_else_was_changed_is_named(
    written: Path, tmp_path: Path, change: Callable[[openpyxl.Workbook], object], first: str
) -> None:
    assert compared(saved(written, tmp_path, change))[0][0] == first


TEXTS = {
    name: {(cell.row, cell.column): str(cell.value) for cell in make()} for name, make in sheets(PAGE).items()
}


def read_of(texts: dict[str, dict[tuple[int, int], str]]) -> dict[str, list[list[str]]]:
    return {
        name: [[cells.get((row, column), "") for column in range(17)] for row in range(40)]
        for name, cells in texts.items()
    }


@given(
    st.sampled_from([(name, at) for name, cells in TEXTS.items() for at in cells]),
    st.text(min_size=0, max_size=5),
)
def test_any_one_cell_that_says_something_else_is_found(
    where: tuple[str, tuple[int, int]], text: str
) -> None:
    name, at = where
    texts = {one: dict(cells) for one, cells in TEXTS.items()}
    before = texts[name][at]
    texts[name][at] = text
    changed, answer = what_changed(PAGE, read_of(texts))
    is_answer = (name, at) == ("Plan", (5, 1))
    is_same_number = before.replace(".", "").isdigit() and _number(text) == float(before)
    assert bool(changed) == (text != before and not is_answer and not is_same_number)
    assert answer == (text.strip() if is_answer else "")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def test_the_sum_says_each_currency_and_what_has_no_price() -> None:
    assert headline(PAGE.orders) == (
        "4 orders for 4 customers, 37 licences. First bill: EUR 1,000,000.20, USD 75.70; "
        "EUR 907.20, USD 1,814.40 committed, and 1 order without a price."
    )
    assert headline([planned(2, amount="", committed="", currency="")]).endswith(
        "The marketplace gave no price."
    )


def on_subscription(row: int, action: str, **changes: str) -> PlannedOrder:
    plain = {"action": action, "subscription": f"20000{row}", "quantity": "", "commitment": "", "billing": ""}
    return planned(row, **{**plain, "amount": "", "committed": "", "currency": "", **changes})


OF_KINDS = replace(
    PAGE,
    orders=[
        planned(2),
        on_subscription(3, "change_now", quantity="50", amount="-26.80", currency="USD"),
        on_subscription(4, "change_at_renewal", quantity="9", amount="0", currency="USD"),
        on_subscription(5, "auto_renew_off"),
        on_subscription(6, "cancel"),
    ],
)


def test_whoever_approves_is_told_what_is_done_and_not_only_how_much() -> None:
    """Turning auto-renew off read as an order of 0 licences without a price, and a credit was taken off what is bought."""
    texts = {name: [str(cell.value) for cell in make()] for name, make in sheets(OF_KINDS).items()}
    done = (
        "1 new order, 1 change of seats now, 1 change of seats at renewal, "
        "1 subscription set not to renew, 1 subscription cancelled now."
    )

    assert actions(OF_KINDS.orders) == done
    assert done in texts["Plan"]
    assert {"Auto-renew off", "Cancel"} <= {*texts["Plan"]}
    assert any("such a subscription ends at once" in text for text in texts["Plan"])
    assert headline(OF_KINDS.orders) == (
        "4 orders and 1 setting for 5 customers, 12 licences. First bill: USD 75.60; USD 907.20 committed. "
        "Credited: USD 26.80. What changes commit to is not estimated."
    )
    assert (bill(OF_KINDS.orders), credited(OF_KINDS.orders)) == (
        {"USD": Decimal("75.60")},
        {"USD": Decimal("26.80")},
    )


def test_each_planned_order_says_its_action_its_subscription_and_what_its_number_means() -> None:
    rows = [[""] * 17 for _ in range(6)]
    for cell in sheets(OF_KINDS)["Planned orders"]():
        rows[cell.row][cell.column] = str(cell.value)

    assert [rows[0][column] for column in (1, 2, 8, 13, 14, 15)] == [
        *("Action planned", "Subscription acted on", "Licences ordered"),
        *("First bill", "Credited", "Committed"),
    ]
    assert [[row[column] for column in (1, 2, 8, 13, 14, 15)] for row in rows[1:]] == [
        ["New", "", "12", "75.60", "", "907.20"],
        ["Change seats now", "200003", "to 50", "", "26.80", ""],
        ["Change seats at renewal", "200004", "to 9", "0", "", ""],
        ["Auto-renew off", "200005", "", "", "", ""],
        ["Cancel", "200006", "", "", "", ""],
    ]


def test_a_workbook_that_is_no_plan_names_none(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(tmp_path / "other.xlsx")
    for content in ((tmp_path / "other.xlsx").read_bytes(), b"PK but not a zip", b"a,b\n1,2\n"):
        assert plan_id_in(read_sheet_texts(content, "other.xlsx")) == ""
