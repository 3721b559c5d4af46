"""What the marketplace is asked before anything is ordered, and where what it says is told."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from contract.in_process_marketplace import InProcessMarketplace
from runs.online_parts import (
    NOW,
    Desk,
    Overruled,
    Silent,
    book,
    checked_book,
    customer,
    new_customer,
    order,
    places,
)

from bulk_orders.errors import Interrupted, SetupError
from bulk_orders.marketplace.interface import (
    Estimate,
    ParameterFinding,
    ParameterValidation,
    ReadFailed,
)
from bulk_orders.runs.kept_answers import KeptAnswers

BROKEN = [
    order(1, MPN="CFQ7TTC0LH16:9999"),
    order(2, Quantity="400", MPN="CFQ7TTC0LH18:0001"),
    order(3, Commitment="3 years"),
    order(4, Commitment="1 month", MPN="CFQ7TTC0LFLZ:0001"),
    order(5),
]
CELLS = ["Orders!C2", "Orders!D3", "Orders!E4", "Orders!E5"]
CATALOGUE = [
    [
        "CFQ7TTC0LH16:0001",
        "Exchange Online (Plan 1)",
        "1 year; 1 month",
        "Monthly; Yearly, upfront",
        1,
        10000,
    ],
    ["CFQ7TTC0LH18:0001", "Business Basic", "1 year; 1 month", "Monthly; Yearly, upfront", 1, 300],
    ["CFQ7TTC0LFLZ:0001", "Microsoft 365 E5", "1 year; 3 years", "Monthly; Yearly, upfront", 1, 10000],
]
"""What the practice marketplace sells, as a sheet says it."""


def test_the_same_broken_rows_are_found_in_the_file_the_catalogue_and_by_the_platform_on_the_same_cells() -> (
    None
):
    by_the_file = checked_book(book(BROKEN, products=CATALOGUE)).problems
    catalogue = Desk(book(BROKEN))
    platform = Desk(book(BROKEN), market=Silent)

    assert places(by_the_file) == sorted(
        zip(["E-PRODUCT", "E-RANGE", "E-OFFERED", "E-OFFERED"], CELLS, strict=True)
    )
    assert places(catalogue.ask().problems) == sorted(
        zip(["O-PRODUCT", "O-QUANTITY", "O-OFFERED", "O-OFFERED"], CELLS, strict=True)
    )
    assert sorted(
        {cell for _, where in places(platform.ask().problems) for cell in where.split(", ")[:1]}
    ) == (sorted(CELLS))
    assert [desk.simulator.order_count for desk in (catalogue, platform)] == [0, 0]
    assert [desk.asked["POST /orders"] for desk in (catalogue, platform)] == [0, 0]


def test_what_is_said_of_a_customer_stands_on_its_cell() -> None:
    rows = [
        order(1, Customer_ID="1000105602"),
        order(2, Customer_ID="999"),
        order(3, Customer_ID="1000105564"),
    ]
    customers = [
        customer("1000105602", Company_name="Unpaid & Sons"),
        customer("999"),
        customer("1000105564", Company_name="Blue Heron Kayaks"),
    ]
    desk = Desk(book(rows, customers))

    problems = desk.ask().problems

    assert places(problems) == [
        ("O-CUSTOMER", "Orders!B2"),
        ("O-CUSTOMER", "Orders!B3"),
        ("W-OTHER-NAME", "Customers!B4"),
    ]
    assert "creditHold" in problems[0].message
    assert "Alder Street Bakery" in problems[2].message
    assert "`bulk-orders customers pull`" in problems[1].fix
    assert desk.asked["POST /validation/parameters"] == 1


def test_a_parameter_that_is_refused_is_the_cell_that_fills_it_on_whichever_sheet() -> None:
    desk = Desk(book([order(1), order(2, Quantity="4")], [new_customer(Domain="taken.onmicrosoft.com")]))

    (found,) = desk.ask().problems

    assert (found.code, found.where, found.order_rows) == ("O-REFUSED", "Customers!D2", (2, 3))
    assert (found.column, found.value) == ("Domain", "taken.onmicrosoft.com")
    assert "already used" in found.message


def test_a_parameter_of_the_users_own_is_found_in_its_column() -> None:
    refusing = ParameterValidation(
        findings=(ParameterFinding(mpn="A", name="ExtraThing", is_error=True, message="No such thing."),)
    )
    content = book([[*order(1), "x"]], also=["parameter: ExtraThing"])
    desk = Desk(content, market=Overruled, answers={"validation": lambda _request: refusing})

    (found,) = desk.ask().problems

    assert (found.code, found.where, found.value) == ("O-REFUSED", "Orders!H2", "x")


def test_a_parameter_without_a_column_is_told_of_its_row_by_name() -> None:
    refusing = ParameterValidation(
        findings=(ParameterFinding(mpn="A", name="agreement_link", is_error=True, message="Accept it."),)
    )
    desk = Desk(book([order(1)]), market=Overruled, answers={"validation": lambda _request: refusing})

    (found,) = desk.ask().problems

    assert (found.where, "agreement_link: Accept it." in found.message) == ("Orders row 2", True)


def test_a_product_name_in_place_of_its_mpn_is_answered_with_the_mpn() -> None:
    (found,) = Desk(book([order(1, MPN="Microsoft 365 Business Premium")])).ask().problems
    (unknown,) = Desk(book([order(1, MPN="CFQ7TTC0LH16:9999")])).ask().problems

    assert "`bulk-orders catalog pull`" in unknown.fix
    assert (found.code, found.where, found.proposal) == ("O-PRODUCT", "Orders!C2", "CFQ7TTC0LCHC:0002")


def test_a_commitment_that_leaves_one_choice_is_proposed() -> None:
    row = order(1, MPN="CFQ7TTC0HX99:0001", Offer_attestation="Yes")
    (found,) = Desk(book([row])).ask().problems

    assert (found.where, found.proposal) == ("Orders!E2", "1 month")


def test_a_product_that_brings_another_one_is_a_warning_unless_that_one_is_ordered_too() -> None:
    entry = {"mpn": "CFQ7TTC0LH16:0001", "dependsOn": [{"mpn": "CFQ7TTC0LH18:0001"}]}
    alone = Desk(book([order(1)]), market=Overruled, answers={"products": [entry]})
    together = [order(1), order(2, MPN="CFQ7TTC0LH18:0001")]
    both = Desk(book(together), market=Overruled, answers={"products": [entry]})

    assert places(alone.ask().problems) == [("W-DEPENDS", "Orders!C2")]
    assert "Orders!C2" not in [where for _, where in places(both.ask().problems)]


def test_what_cannot_be_validated_now_is_a_warning_and_the_check_goes_on() -> None:
    desk = Desk(book([order(1), order(2, Quantity="4")]))
    desk.simulator.fail_next("validation-409")

    said = desk.ask()

    (found,) = said.problems
    assert (found.code, str(found.severity)) == ("W-NOT-ASKED", "warning")
    assert "can't be performed" in found.message
    assert len(said.prices) == 2


def test_a_row_that_gets_no_answer_does_not_end_the_check() -> None:
    failure = ReadFailed("POST /validation/parameters got 500.", status=500)
    desk = Desk(book([order(1)]), market=Overruled, answers={"validation": failure})

    assert places(desk.ask().problems) == [("W-NOT-ASKED", "Orders row 2")]


def test_where_nothing_gets_an_answer_the_check_ends() -> None:
    failure = ReadFailed("POST /validation/parameters got 500.", status=500)
    rows = [order(number, Quantity=str(number)) for number in range(1, 9)]
    desk = Desk(book(rows), market=Overruled, answers={"validation": failure})

    with pytest.raises(ReadFailed):
        desk.ask()


def test_what_a_person_has_to_set_right_ends_the_check_at_once() -> None:
    failure = ReadFailed("POST /validation/parameters got 403.", status=403, needs_setup=True)
    desk = Desk(book([order(1)]), market=Overruled, answers={"validation": failure})

    with pytest.raises(SetupError):
        desk.ask()


def test_each_distinct_question_is_asked_once() -> None:
    rows = [order(number) for number in range(1, 11)]
    desk = Desk(book(rows))

    said = desk.ask()

    assert desk.asked == {
        "GET /customers/{id}": 1,
        "GET /products": 1,
        "POST /validation/parameters": 1,
        "POST /orders/estimate": 1,
    }
    assert len(said.prices) == 10
    assert (desk.told[0], desk.told[-1]) == ((0, 4), (4, 4))


def test_a_row_with_something_wrong_is_asked_about_no_further() -> None:
    desk = Desk(book([order(1, MPN="CFQ7TTC0LH16:9999")]))

    desk.ask()

    assert "POST /validation/parameters" not in desk.asked
    assert "POST /orders/estimate" not in desk.asked


def test_for_prices_alone_nothing_else_is_asked_and_a_refusal_is_a_finding_all_the_same() -> None:
    desk = Desk(book([order(1), order(2, Quantity="400", MPN="CFQ7TTC0LH18:0001")]))

    said = desk.ask(is_online=False)

    assert set(desk.asked) == {"POST /orders/estimate"}
    assert places(said.problems) == [("O-REFUSED", "Orders!D3")]
    assert [(price.amount, price.currency) for price in said.prices.values()] == [(Decimal("12.60"), "USD")]


def test_a_draft_is_used_again_by_the_next_check_also_of_a_row_that_was_corrected(tmp_path: Path) -> None:
    def kept() -> KeptAnswers:
        return KeptAnswers(tmp_path / "answers.jsonl", account="a", now=lambda: NOW)

    first = Desk(book([order(1)], [new_customer(Domain="taken.onmicrosoft.com")]), kept=kept)
    again = Desk(
        book([order(1, Quantity="4")], [new_customer(Domain="free.onmicrosoft.com")]),
        simulator=first.simulator,
        kept=kept,
    )

    assert [len(desk.ask().problems) for desk in (first, again)] == [1, 0]
    assert (first.asked["POST /validation/parameters"], first.simulator.drafts_made) == (2, 1)


def test_a_draft_that_the_platform_forgot_is_made_anew(tmp_path: Path) -> None:
    kept = KeptAnswers(tmp_path / "answers.jsonl", account="a", now=lambda: NOW)
    desk = Desk(book([order(1)]), kept=lambda: kept)
    forgotten = "3f0c7b4e-0000-4000-8000-000000000000"
    for name in names_of_drafts(desk):
        kept.keep_drafts(name, [forgotten])

    assert desk.ask().problems == ()
    assert desk.simulator.drafts_made == 1


def names_of_drafts(desk: Desk) -> list[str]:
    """What the drafts of a check are kept under, found by letting it ask."""
    seen: list[str] = []

    class Noting(KeptAnswers):
        def keep_drafts(self, name: str, draft_ids: Any) -> None:
            seen.append(name)

    Desk(desk.content, kept=lambda: Noting(None, account="a", now=lambda: NOW)).ask()
    return seen


def test_a_check_that_was_interrupted_goes_on_where_it_was(tmp_path: Path) -> None:
    class Stopping(InProcessMarketplace):
        left = 6

        def estimate(self, body: Any) -> Estimate:
            self.left -= 1
            if self.left < 0:
                desk.services.stop.set()
            return super().estimate(body)

    def kept() -> KeptAnswers:
        return KeptAnswers(tmp_path / "answers.jsonl", account="a", now=lambda: NOW)

    rows = [order(number, Quantity=str(number)) for number in range(1, 41)]
    desk = Desk(book(rows), market=Stopping, kept=kept)
    with pytest.raises(Interrupted):
        desk.ask()
    asked = sum(desk.asked.values())

    again = Desk(book(rows), simulator=desk.simulator, kept=kept)
    said = again.ask()

    assert (len(said.problems), len(said.prices)) == (0, 40)
    assert asked < sum(again.asked.values()) == 2 + 40 + 40
    assert again.told[-1] == (82, 82)


def test_when_a_check_is_over_the_next_one_asks_anew(tmp_path: Path) -> None:
    def kept() -> KeptAnswers:
        return KeptAnswers(tmp_path / "answers.jsonl", account="a", now=lambda: NOW)

    desk = Desk(book([order(1)]), kept=kept)
    desk.ask()
    desk.ask()

    assert set(desk.asked.values()) == {2}
