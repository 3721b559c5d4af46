"""What is said of the money: the table, the sentences, the limits; and the same for machines."""

import json
from decimal import Decimal
from typing import Any

from bulk_orders.cli.money import limit_lines, money_json, money_lines
from bulk_orders.core.money import Bill, Estimate, Limits
from bulk_orders.runs.money_limits import guard_reasons


def bill(row: int, **changes: Any) -> Bill:
    values = {
        "sheet_row": row,
        "customer_id": "1000105563",
        "mpn": "A",
        "licences": 3,
        "first": Decimal("12.60"),
        "currency": "USD",
        "count": 12,
        "is_monthly": True,
    }
    return Bill(**{**values, **changes})


BILLS = (
    bill(4),
    bill(5, customer_id="1000105564", mpn="B", first=Decimal(2400), count=1, is_monthly=False, domain="a.b"),
    bill(6, currency="EUR", first=Decimal(7)),
)


def said(*bills: Bill, unpriced: tuple[int, ...] = ()) -> list[str]:
    names = {"A": "Exchange Online (Plan 1)", "1000105563": "27 Rings Jewelers"}
    return money_lines(Estimate(bills=bills, unpriced=unpriced), names=names, sheet="Orders")


def test_the_table_has_products_and_customers_and_sums_for_each_currency() -> None:
    rows = [line.split("   ") for line in said(*BILLS)]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]

    assert ["B", "1", "3", "USD 2,400.00", "USD 2,400.00"] in cells
    assert ["Exchange Online (Plan 1)", "2", "6", "USD 12.60, EUR 7.00", "USD 151.20, EUR 84.00"] in cells
    assert ["1000105563 27 Rings Jewelers", "2", "6", "USD 12.60, EUR 7.00", "USD 151.20, EUR 84.00"] in cells
    assert ["All", "3", "9", "USD 2,412.60, EUR 7.00", "USD 2,551.20, EUR 84.00"] in cells


def test_amounts_stand_under_one_another() -> None:
    ends = {len(line) for line in said(bill(4), bill(5, mpn="B", first=Decimal(1)))[2:5]}

    assert len(ends) == 1


def test_the_sentences_tell_monthly_from_upfront_and_name_the_largest_order_and_new_tenants() -> None:
    lines = said(*BILLS)

    assert lines[-5:] == [
        "  Billed monthly: USD 12.60, EUR 7.00 at first, USD 151.20, EUR 84.00 committed.",
        "  Billed upfront: USD 2,400.00, USD 2,400.00 committed.",
        "  Largest order: Orders row 5, USD 2,400.00 at first, USD 2,400.00 committed.",
        "  Largest order: Orders row 6, EUR 7.00 at first, EUR 84.00 committed.",
        "  1 new Microsoft tenant would be created.",
    ]


def test_of_changes_nothing_is_said_but_the_first_bill() -> None:
    change = bill(7, first=Decimal(9000), count=1, is_monthly=False, is_change=True)
    lines = said(bill(4), change)
    assert not any(" 0 " in line for line in said(change, bill(8, mpn="B", is_change=True)))

    assert lines[-3:] == [
        "  Billed monthly: USD 12.60 at first, USD 151.20 committed.",
        "  Changes: USD 9,000.00 at first, and counted so; what they commit to until the renewal is not estimated.",
        "  Largest order: Orders row 7, USD 9,000.00 at first.",
    ]
    found = money_json(Estimate(bills=(bill(4), change)))
    assert [found[name]["orders"] for name in ("monthly", "upfront", "changes")] == [1, 0, 1]


def test_a_credit_is_taken_off_nothing_and_the_seats_of_a_change_are_no_licences_ordered() -> None:
    fewer = bill(7, mpn="B", first=Decimal("-26.80"), count=1, is_monthly=False, is_change=True, licences=50)
    lines = said(bill(4), fewer)
    cells = [[cell.strip() for cell in line.split("   ") if cell.strip()] for line in lines]

    assert ["All", "2", "3", "USD 12.60", "USD 26.80", "USD 151.20"] in cells
    assert ["B", "1", "USD 26.80"] in cells
    assert "  Credited: USD 26.80; it is taken off nothing above." in lines
    assert lines[-1].startswith("  Largest order: Orders row 4, USD 12.60")
    assert money_json(Estimate(bills=(fewer,)))["all"]["credited"] == {"USD": "26.80"}


def test_one_customer_needs_no_table_of_customers_and_of_many_the_first_are_shown() -> None:
    assert not any("Customer" in line for line in said(bill(4)))
    many = said(*(bill(row, customer_id=str(row)) for row in range(4, 12)))
    assert "  … and 3 more customers; `--json` has them all." in many


def test_nothing_is_said_where_nothing_was_priced_but_what_has_no_price_is_counted() -> None:
    assert said() == []
    assert said(unpriced=(4,)) == ["  1 order has no price: row 4."]


def test_machines_get_the_same_in_full() -> None:
    found = money_json(Estimate(bills=BILLS, unpriced=(9,), reasons=("Too much.",)))

    assert json.loads(json.dumps(found)) == found
    assert found["all"] == {
        "orders": 3,
        "licences": 9,
        "first_bill": {"USD": "2412.60", "EUR": "7"},
        "credited": {},
        "committed": {"USD": "2551.20", "EUR": "84"},
    }
    assert [entry["mpn"] for entry in found["products"]] == ["B", "A"]
    assert [entry["customer_id"] for entry in found["customers"]] == ["1000105564", "1000105563"]
    assert (found["monthly"]["orders"], found["upfront"]["orders"]) == (2, 1)
    assert [entry["row"] for entry in found["largest"]] == [5, 6]
    assert (found["new_tenants"], found["unpriced_rows"]) == (1, [9])
    assert found["limits_not_kept"] == ["Too much."]
    assert money_json(Estimate()) == {}


def test_each_limit_that_is_not_kept_is_a_sentence() -> None:
    limits = Limits(in_all=Decimal(2000), per_customer=Decimal("10.5"), of_rows={4: Decimal(12)})

    assert guard_reasons(BILLS, limits, unpriced=0) == [
        "The orders cost USD 2,412.60 at first, more than the 2,000.00 of --max-amount.",
        "The orders for customer 1000105564 cost USD 2,400.00 at first, more than the 10.50 of --max-per-customer.",
        "The orders for customer 1000105563 cost USD 12.60 at first, more than the 10.50 of --max-per-customer.",
        "Row 4 costs USD 12.60 at first, more than the 12.00 that it may cost.",
    ]


def test_an_order_without_a_price_keeps_to_no_limit() -> None:
    assert guard_reasons(BILLS, Limits(in_all=Decimal(10**9)), unpriced=2) == [
        "2 orders have no price, so no limit can be kept to."
    ]
    assert guard_reasons(BILLS, Limits(), unpriced=2) == []


def test_of_many_limits_the_first_are_named() -> None:
    lines = limit_lines(Estimate(reasons=tuple(f"Limit {number}." for number in range(7))))

    assert lines[0] == "  ✖ Limit 0."
    assert lines[-1] == "  … and 2 more limits that are not kept; `--json` has them all."
