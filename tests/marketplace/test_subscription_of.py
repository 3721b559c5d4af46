"""What is read of a subscription, and what is not guessed where the platform says it in another way."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bulk_orders.core.subscriptions import ACTIVE, PlatformSubscription, ProductLine
from bulk_orders.marketplace.parsing import Unreadable, subscription_of


def test_a_whole_subscription() -> None:
    found = subscription_of(
        {
            "id": 1100001,
            "name": "Exchange",
            "customerId": "1",
            "status": "active",
            "renewalStatus": False,
            "creationDate": "2026-03-12",
            "renewalDate": "2027-03-12T00:00:00+02:00",
            "expirationDate": "2027-03-12",
            "lastModifiedDate": "soon",
            "billingPeriod": {"type": "month", "duration": 1},
            "subscriptionPeriod": {"type": "year", "duration": "1"},
            "products": [{"mpn": "A", "vendor": "V", "quantity": "5.0", "unitPrice": {"amount": 4.2}}, "odd"],
        }
    )
    assert found == PlatformSubscription(
        subscription_id="1100001",
        name="Exchange",
        customer_id="1",
        status="active",
        auto_renew=False,
        created_at=datetime(2026, 3, 12, tzinfo=UTC),
        renewal_date=date(2027, 3, 12),
        expires_on=date(2027, 3, 12),
        modified_on=None,
        billing=("month", "1"),
        term=("year", "1"),
        lines=(ProductLine(mpn="A", vendor="V", seats=5, unit_price="4.2"),),
    )


@pytest.mark.parametrize("quantity", [4.5, -1, "many", None, True])
def test_a_number_of_seats_that_is_none_is_not_known(quantity: Any) -> None:
    found = subscription_of({"id": "1", "products": [{"mpn": "A", "quantity": quantity}]})
    assert [line.seats for line in found.lines or ()] == [None]


@pytest.mark.parametrize("said", ["true", 1, None])
def test_whether_it_is_renewed_is_not_guessed(said: Any) -> None:
    assert subscription_of({"id": "1", "renewalStatus": said}).auto_renew is None


def test_a_row_of_a_list_has_no_products_and_one_without_an_id_is_none() -> None:
    assert subscription_of({"id": "1"}).lines is None
    with pytest.raises(Unreadable, match="no id"):
        subscription_of({"name": "Exchange"})


def test_a_status_is_the_same_in_any_case() -> None:
    assert subscription_of({"id": "1", "status": " Active"}).status == ACTIVE
