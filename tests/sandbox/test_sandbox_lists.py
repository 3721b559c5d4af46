"""What the practice marketplace shows of its orders, subscriptions, customers and products, page by page and as time goes on."""

import pytest
from practice_counter import Counter

from bulk_orders.sandbox import CREDIT_HOLD_CUSTOMER, practice_customers


def test_lists_are_newest_first_and_ten_long_unless_asked_otherwise() -> None:
    counter = Counter()
    for _ in range(12):
        counter.place()

    status, body = counter.ask("GET", "/orders")

    assert (status, [row["orderNumber"] for row in body["data"]]) == (
        200,
        [f"SO{n:06d}" for n in range(12, 2, -1)],
    )
    assert body["pagination"] == {"offset": 0, "limit": 10, "total": 12}


def test_pages_meet_without_gap() -> None:
    counter = Counter()
    for _ in range(7):
        counter.place()

    pages = [counter.listed(offset=str(offset), limit="3") for offset in (0, 3, 6, 9)]

    assert [number for page in pages for number in page] == [f"SO{n:06d}" for n in range(7, 0, -1)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]


def test_a_limit_over_500_is_lowered_silently() -> None:
    assert Counter().ask("GET", "/orders", limit="9999")[1]["pagination"]["limit"] == 500


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "x"},
        {"offset": "-1"},
        {"status": "submitted,error"},
        {"creationTimeFrom": "yesterday"},
    ],
)
def test_known_filters_are_read_strictly(query: dict[str, str]) -> None:
    assert Counter().ask("GET", "/orders", **query)[0] == 400


def test_unknown_filters_change_nothing() -> None:
    counter = Counter()
    counter.place()

    assert counter.listed(createdAfter="2030-01-01", poNumber="other") == ["SO000001"]


def test_orders_are_found_by_every_documented_filter() -> None:
    counter = Counter()
    counter.place(customerId="1000105564")
    counter.later(60)
    counter.place(customerId="1000105565")

    assert counter.listed(customerId="1000105564") == ["SO000001"]
    assert counter.listed(orderNumber="SO000002") == ["SO000002"]
    assert counter.listed(status="completed") == counter.listed(statusCode="CP") == ["SO000001"]
    assert counter.listed(subscriptionId="1200001") == ["SO000001"]
    assert counter.listed(creationTimeFrom="2026-03-02T09:31:00Z") == ["SO000002"]
    assert counter.listed(creationTimeTo="2026-03-02T10:30:59+01:00") == ["SO000001"]
    assert counter.listed(creationTimeFrom="2026-03-02T09:30:00Z", creationTimeTo="2026-03-02T09:31:00Z") == [
        "SO000002",
        "SO000001",
    ]


def test_creation_times_are_compared_in_whole_seconds() -> None:
    counter = Counter()
    counter.later(0.7)
    counter.place()

    assert counter.listed(creationTimeTo="2026-03-02T09:30:00Z") == ["SO000001"]
    assert counter.listed(creationTimeFrom="2026-03-02T09:30:00.5Z") == []


def test_a_clock_that_is_set_back_keeps_orders_in_their_order() -> None:
    counter = Counter()
    counter.place()
    counter.later(-30)
    counter.place()

    assert counter.listed() == ["SO000002", "SO000001"]


def test_an_order_ages_from_submitted_to_completed_and_then_has_a_subscription() -> None:
    counter = Counter()
    order_id = counter.place()["id"]

    seen = []
    for seconds in (0, 1.9, 0.1, 2.9, 0.1):
        counter.later(seconds)
        order = counter.ask("GET", f"/orders/{order_id}")[1]
        subscriptions = counter.ask("GET", "/subscriptions", customerId="1000105563")[1]["data"]
        seen.append((order["status"], order.get("subscriptionId"), len(subscriptions)))

    assert seen == [
        ("submitted", None, 0),
        ("submitted", None, 0),
        ("processing", None, 0),
        ("processing", None, 0),
        ("completed", "1200001", 1),
    ]


def test_subscriptions_are_filtered_by_day_and_status() -> None:
    counter = Counter()
    counter.place()
    counter.later(60)

    totals = [
        counter.ask("GET", "/subscriptions", **query)[1]["pagination"]["total"]
        for query in (
            {"creationDateFrom": "2026-03-02"},
            {"creationDateFrom": "2026-03-03"},
            {"status": "hold"},
        )
    ]

    assert totals == [1, 0, 0]
    assert counter.ask("GET", "/subscriptions", status="active,hold")[0] == 400


def test_customers_and_products_are_found() -> None:
    counter = Counter()

    assert counter.ask("GET", "/customers", name="27 rings")[1]["data"][0]["id"] == "1000105563"
    assert counter.ask("GET", "/customers", externalId="EXT-1000105564")[1]["pagination"]["total"] == 1
    assert counter.ask("GET", "/customers/1000105563")[1]["name"] == "27 Rings Jewelers"
    assert counter.ask("GET", "/products", mpn="CFQ7TTC0LH16:0001")[1]["pagination"]["total"] == 3
    assert counter.ask("GET", "/products", vendor="Inkwell")[1]["pagination"]["total"] == 1


def test_every_offer_is_unique_by_mpn_vendor_term_and_billing() -> None:
    offers = Counter().simulator.catalogue.offers

    assert len(
        {(offer.product.mpn, offer.product.vendor, offer.term, offer.billing) for offer in offers}
    ) == len(offers)


def test_customers_are_the_same_at_every_start() -> None:
    assert practice_customers() == practice_customers()
    assert {"1000105563", "1000106000", "1000106999", CREDIT_HOLD_CUSTOMER} <= practice_customers().keys()
