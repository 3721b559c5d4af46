"""What a run and an online check say of an order has a code of the catalogue, which `explain` knows."""

from pathlib import Path

import pytest
from books.order_books import order_row, orders_sheet, write_book
from processes import Desk, Ended

from bulk_orders.core.problem_texts import PROBLEM_TEXTS
from bulk_orders.sandbox.customers import CREDIT_HOLD_CUSTOMER

pytestmark = pytest.mark.long


def codes(ended: Ended) -> list[str | None]:
    return [row["code"] for row in ended.json["rows"]]


def test_a_customer_who_cannot_order_is_told_before_and_the_order_is_refused(desk: Desk) -> None:
    rows = [order_row(1, customerId=CREDIT_HOLD_CUSTOMER), order_row(2)]
    book = write_book(desk.folder / "orders.xlsx", [{**row, "customer_company_name": ""} for row in rows])

    checked = desk.run("check", book, "--online", "--json")
    ran = desk.run("run", book, "--practice", "--json")

    told = [(problem["code"], problem["cells"]) for problem in checked.json["problems"]]
    assert (checked.code, told) == (3, [("O-CUSTOMER", ["B2"])])
    assert codes(ran) == ["S-DECLINED", None]
    assert {"O-CUSTOMER", "S-DECLINED"} <= set(PROBLEM_TEXTS)


def test_what_is_said_of_a_parameter_stands_on_its_cell(desk: Desk) -> None:
    taken = order_row(
        1,
        tenant_preference="new",
        microsoft_domain="taken.onmicrosoft.com",
        mca_acceptance="Yes",
        agreement_date="2022-04-09",
        first_name_agreement="Robin",
        last_name_agreement="Sample",
        email_address_agreement="robin@sample.com",
    )
    book = write_book(desk.folder / "orders.xlsx", [taken])

    checked = desk.run("check", book, "--online", "--json")
    ran = desk.run("run", book, "--practice", "--json")

    told = [(problem["code"], problem["cells"]) for problem in checked.json["problems"]]
    assert ("O-REFUSED", ["E2"]) in told
    assert codes(ran) == ["S-DECLINED"]
    _, sheet, _, _ = orders_sheet(Path(ran.json["files"]["results"]))
    assert sheet["E2"].comment is not None


def test_a_reference_with_other_content_is_not_sent_and_a_row_like_an_earlier_one_is_held(desk: Desk) -> None:
    desk.run("run", write_book(desk.folder / "first.xlsx", [order_row(1), order_row(2, reference="")]))
    again = [order_row(1, quantity="9"), order_row(2, reference="", billingPeriod="Yearly, upfront")]

    ran = desk.run("run", write_book(desk.folder / "again.xlsx", again), "--practice", "--json")

    assert codes(ran) == ["E-ORDERED-BEFORE", "S-HELD"]
    assert {"E-ORDERED-BEFORE", "S-HELD"} <= set(PROBLEM_TEXTS)


def reasons(ended: Ended) -> list[tuple[str | None, str | None, str | None]]:
    return [(row["code"], row["message"], row["fix"]) for row in ended.json["rows"]]


def test_a_held_row_keeps_its_reason_in_every_later_run_and_a_dropped_one_what_was_said(desk: Desk) -> None:
    desk.settings["LOGNAME"] = "ops"
    desk.run("run", write_book(desk.folder / "first.xlsx", [order_row(1), order_row(2)]), "--practice")
    alike = write_book(desk.folder / "alike.xlsx", [order_row(1, reference=""), order_row(2, reference="")])

    first, second = (desk.run("run", alike, "--practice", "--json") for _ in range(2))
    asked = desk.run("resolve", "last")
    dropped = desk.run("resolve", "last", "--drop", "--row", 2, "--reason", "meant once", "--json")
    third = desk.run("run", alike, "--practice", "--json")

    assert reasons(first) == reasons(second)
    (code, message, fix), *_ = reasons(second)
    assert (code, bool(fix)) == ("S-HELD", True)
    assert message is not None
    why, _, since = message.removeprefix("The row is waiting for your confirmation: ").partition(
        " Held since "
    )
    assert why.startswith("the same product and quantity went to this customer on ")
    assert (since != "", f"    why       {why}\n" in asked.words) == (True, True)
    assert reasons(dropped)[0][:2] == (
        "S-DROPPED",
        "Somebody decided not to order the row (ops: meant once).",
    )
    assert reasons(dropped)[1] == reasons(third)[1] == reasons(first)[1]
    assert "it was dropped before (ops: meant once). Held since " in str(reasons(third)[0][1])
    _, sheet, columns, header_row = orders_sheet(Path(third.json["files"]["results"]))
    assert sheet.cell(header_row + 1, columns["Message"]).value == reasons(third)[0][1]


def test_both_rows_of_a_pair_are_told_and_each_marks_its_own_cell(desk: Desk) -> None:
    rows = [order_row(1), order_row(2), order_row(3, reference="ROW-0001")]

    ran = desk.run(
        "run", write_book(desk.folder / "orders.xlsx", rows), "--practice", "--only-ready", "--json"
    )

    _, sheet, _, _ = orders_sheet(Path(ran.json["files"]["results"]))
    assert codes(ran) == ["E-DUP-REF", None, "E-DUP-REF"]
    assert [row["message"].partition(":")[0] for row in ran.json["rows"] if row["code"]] == [
        "Orders!A2, A4"
    ] * 2
    assert [bool(sheet[cell].comment) for cell in ("A2", "A3", "A4")] == [True, False, True]


@pytest.mark.parametrize(
    ("faults", "code"),
    [
        (("--faults", "500-after-commit=1,po-dropped=1,list-lag=60"), "S-NO-ANSWER"),
        (
            ("--faults", "provisioning-error=1", "--processing-after-s", 0, "--completed-after-s", 0.1),
            "S-ORDER-ERROR",
        ),
    ],
)
def test_an_order_that_may_exist_and_one_that_failed_afterwards_have_a_code(
    desk: Desk, faults: tuple[object, ...], code: str
) -> None:
    desk.settings.update({"BULK_ORDERS_SETTLE_S": "1", "BULK_ORDERS_RATE_PER_S": "0"})
    practice = desk.practice(*faults)
    book = write_book(desk.folder / "orders.xlsx", [order_row(1)])
    desk.run("run", book, "--practice-at", practice.base_url)

    asked = desk.run("status", "last", "--wait", "5s", "--json")

    assert codes(asked) == [code]
    assert code in PROBLEM_TEXTS
