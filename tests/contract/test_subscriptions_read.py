"""Reading subscriptions, over HTTP and in process."""

from datetime import UTC, date, datetime

from market_places import CUSTOMER, LINE, OTHER, Place, order_for


def test_subscriptions_are_those_of_one_customer(place: Place) -> None:
    place.marketplace.place(order_for(CUSTOMER))
    place.marketplace.place(order_for(OTHER))
    order = place.simulator.orders[0]

    found = place.marketplace.list_subscriptions(customer_id=CUSTOMER)

    assert [entry.subscription_id for entry in found] == [order["subscriptionId"]]
    assert found[0].customer_id == CUSTOMER


def test_one_subscription_is_read_with_its_products(place: Place) -> None:
    place.marketplace.place(order_for(CUSTOMER))
    order = place.simulator.orders[0]

    found = place.marketplace.get_subscription(order["subscriptionId"])

    assert found is not None
    (line,) = found.lines or ()
    assert (line.mpn, line.vendor, line.seats) == (LINE["mpn"], "Microsoft", LINE["quantity"])
    assert (line.unit_price, line.currency) == ("4.20", "USD")
    assert (found.customer_id, found.status, found.auto_renew) == (CUSTOMER, "active", True)
    assert (found.term, found.billing) == (("year", "1"), ("month", "1"))
    assert found.renewal_date == found.expires_on
    assert (found.renewal_date or date.min).year == datetime.now(UTC).year + 1


def test_no_subscription_is_none(place: Place) -> None:
    assert place.marketplace.get_subscription("1") is None


def test_orders_are_listed_by_their_status(place: Place) -> None:
    place.marketplace.place(order_for(CUSTOMER))

    done = place.marketplace.list_orders(status="completed")
    open_ = place.marketplace.list_orders(status="processing")

    assert [order.customer_id for order in done.orders] == [CUSTOMER]
    assert (open_.orders, open_.is_complete) == ((), True)
