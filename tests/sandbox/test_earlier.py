"""Subscriptions from before the practice: the same at every start, and always to be renewed."""

from datetime import date

import pytest

from bulk_orders.errors import UsageError
from bulk_orders.sandbox.account_kinds import account_kind
from bulk_orders.sandbox.catalogue import Catalogue
from bulk_orders.sandbox.customers import practice_customers
from bulk_orders.sandbox.earlier import earlier_detail, earlier_row, earlier_subscriptions

DAYS = (date(2026, 3, 2), date(2026, 11, 30), date(2028, 2, 29))


def test_they_are_the_same_at_every_start_whatever_their_number() -> None:
    few = earlier_subscriptions(40, Catalogue(), practice_customers())
    many = earlier_subscriptions(400, Catalogue(), practice_customers())
    again = earlier_subscriptions(40, Catalogue(), practice_customers())
    assert list(few.items()) == list(again.items())
    assert {found.id for found in few.values()} <= many.keys()
    assert {found.status for found in few.values()} == {"active", "hold", "removed"}
    assert [found.started for found in few.values()] == sorted(found.started for found in few.values())


def test_their_customers_may_order_and_their_products_are_sold() -> None:
    customers, catalogue = practice_customers(), Catalogue()
    for found in earlier_subscriptions(400, catalogue, customers).values():
        assert customers[found.customer_id].status == "active"
        assert catalogue.by_id[found.offer.id].product.maximum >= found.quantity >= 1


@pytest.mark.parametrize("day", DAYS)
def test_on_every_day_each_of_them_is_in_a_term_and_before_its_renewal(day: date) -> None:
    for found in earlier_subscriptions(100, Catalogue(), practice_customers()).values():
        row, detail = earlier_row(found, day), earlier_detail(found, day)
        assert row["creationDate"] <= row["lastModifiedDate"] <= str(day) < row["renewalDate"]
        assert row.items() <= detail.items()
        assert (row["renewalDate"][-2:], detail["products"][0]["quantity"]) == (
            row["creationDate"][-2:],
            found.quantity,
        )


def test_their_number_is_part_of_an_accounts_kind() -> None:
    assert account_kind("subscriptions=2000") == {"earlier_subscriptions": 2000}
    for text in ("subscriptions=many", "subscriptions=-1", "subscriptions=20001"):
        with pytest.raises(UsageError, match="a number up to 20,000"):
            account_kind(text)
