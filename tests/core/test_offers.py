"""What the catalogue says of a product, and what an order may mean by it."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.offers import NOT_SAID, Asked, Offer, limits, matching, of_vendor, offer_of

YEAR, MONTH = ("year", "1"), ("month", "1")
ENTRY: dict[str, Any] = {
    "mpn": "CFQ7TTC0LH16:0001",
    "vendor": "Microsoft",
    "name": "Exchange Online (Plan 1)",
    "minimumQuantity": "1.0",
    "maximumQuantity": "5000.0",
    "prices": [
        {"amount": "4.20", "currency": "USD", "type": "recurring"},
        {"amount": "9", "currency": "USD", "type": "setup"},
    ],
    "billingPeriod": {"type": "month", "duration": 1},
    "subscriptionPeriod": {"type": "year", "duration": 1},
    "dependsOn": [{"id": "PRD1", "mpn": "CFQ7TTC0BASE:0001"}, {"id": "PRD2"}],
}


def asked(**changes: Any) -> Asked:
    values = {"mpn": "A", "vendor": "", "quantity": 1, "term": YEAR, "billing": MONTH}
    return Asked(**{**values, **changes})


def test_an_entry_is_read_as_the_description_has_it() -> None:
    assert offer_of(ENTRY) == Offer(
        mpn="CFQ7TTC0LH16:0001",
        name="Exchange Online (Plan 1)",
        vendor="Microsoft",
        term=YEAR,
        billing=MONTH,
        smallest=1,
        largest=5000,
        prices=((Decimal("4.20"), "USD"),),
        depends_on=("CFQ7TTC0BASE:0001",),
    )


def test_an_entry_that_says_nothing_limits_nothing() -> None:
    offer = offer_of({"mpn": "A", "minimumQuantity": "", "maximumQuantity": "none", "prices": None})

    assert matching([offer], asked(quantity=10**9)) == [offer]
    assert limits([offer]) == (None, None)


def test_an_order_means_the_offers_of_its_commitment_billing_and_vendor() -> None:
    offers = [
        Offer(mpn="A", vendor="One", term=YEAR, billing=MONTH),
        Offer(mpn="A", vendor="Two", term=YEAR, billing=MONTH),
        Offer(mpn="A", vendor="One", term=MONTH, billing=MONTH),
    ]

    assert matching(offers, asked()) == offers[:2]
    assert matching(offers, asked(vendor="Two")) == [offers[1]]
    assert matching(offers, asked(billing=YEAR)) == []
    assert of_vendor(offers, "Three") == []


def test_the_widest_limits_of_several_offers_count() -> None:
    two = [Offer(mpn="A", smallest=2, largest=10), Offer(mpn="A", smallest=1, largest=300)]

    assert limits(two) == (1, 300)
    assert limits([*two, Offer(mpn="A")]) == (None, None)
    assert limits([]) == (None, None)


@given(st.dictionaries(st.sampled_from(sorted(ENTRY)), st.none() | st.text() | st.integers() | st.floats()))
def test_no_entry_is_too_odd_to_be_read(odd: dict[str, Any]) -> None:
    offer = offer_of({**ENTRY, **odd})

    assert offer.term in {YEAR, NOT_SAID}
    assert offer.smallest is None or offer.smallest >= 1
