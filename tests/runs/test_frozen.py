"""What a plan freezes is read back as it was, and whatever moved since is named."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_parts import FROZEN, a_plan, frozen_order

from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.model import Order
from bulk_orders.runs.ask_marketplace import Price
from bulk_orders.runs.frozen import Frozen, digest_of, moved_orders, moved_prices

PRICES = {key: Price(amount=Decimal("12.6"), currency="USD") for key in ("k1:2", "k1:3")}
ASKED = frozenset(PRICES)


def order_now(row: int, **changes: Any) -> Order:
    then = frozen_order(row)
    plain = Order(
        key=then.key,
        sheet_row=row,
        reference=then.shown.reference,
        customer_id="c-1",
        mpn=then.shown.mpn,
        quantity="2",
        domain="",
        marker=then.shown.po_number,
        body=then.body,
        fingerprint="f",
    )
    return replace(plain, **changes)


def recorded(order: Order) -> OrderRecord:
    return OrderRecord(
        **{name: getattr(order, name) for name in Order.__dataclass_fields__}, account="a", run_id="r"
    )


def moved(*orders: Order, is_sent: bool = True) -> list[str]:
    wanted = {order.sheet_row: order for order in orders}
    return moved_orders(FROZEN, wanted, {order.key: recorded(order) for order in orders} if is_sent else {})


def test_what_was_frozen_is_read_back_and_its_digest_is_the_same() -> None:
    assert Frozen.read(FROZEN.text()) == FROZEN
    assert Frozen.read(FROZEN.text()).text() == FROZEN.text()
    with pytest.raises(ValueError, match="form"):
        Frozen.read('{"form":"p1"}')


@given(
    st.sampled_from(
        ["plan_id", "account", "environment", "profile", "marketplace", "source_sha256", "maker", "content"]
    ),
    st.text(),
)
def test_the_digest_covers_all_that_is_compared(name: str, text: str) -> None:
    plan = a_plan()
    assert (digest_of(replace(plan, **{name: text})) == plan.digest) == (text == getattr(plan, name))


def test_nothing_moved_is_nothing_to_say() -> None:
    assert moved(order_now(2), order_now(3)) == []
    assert moved_prices(FROZEN, PRICES, ASKED) == []


def test_a_row_without_its_order_or_with_another_is_named() -> None:
    assert moved(order_now(3)) == ["row 2 no longer gives an order"]
    assert moved(order_now(2, key="k1:9"), order_now(3)) == [
        "row 2 gives another order now (its order key differs)"
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"quantity":2', '"quantity":3', "products[0].quantity: 2, now 3"),
        ('"BO2"', '"BO2X"', 'poNumber: "BO2", now "BO2X"'),
        ('"poNumber":"BO2",', "", 'poNumber: "BO2", now nothing'),
        ('{"poNumber"', '{"note":"x","poNumber"', 'note: nothing, now "x"'),
        ('"quantity":2', '"quantity":"2"', 'products[0].quantity: 2, now "2"'),
    ],
)
def test_a_body_that_differs_is_named_with_its_first_field(old: str, new: str, said: str) -> None:
    changed = order_now(2, body=frozen_order(2).body.replace(old, new, 1))
    assert changed.body != frozen_order(2).body
    assert moved(changed, order_now(3)) == [f"row 2 would be sent with another {said}"]
    assert moved(changed, order_now(3), is_sent=False) == []


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (Price(amount=Decimal("12.61"), currency="USD"), "USD 12.61"),
        (Price(amount=Decimal("12.60"), currency="EUR"), "EUR 12.60"),
        (None, "no price"),
    ],
)
def test_a_price_that_moved_by_however_little_is_named(now: Price | None, said: str) -> None:
    found = {**PRICES, "k1:3": now} if now else {"k1:2": PRICES["k1:2"]}
    assert moved_prices(FROZEN, found, ASKED) == [f"row 3 was planned at USD 12.60 and costs {said} now"]
    assert moved_prices(FROZEN, found, frozenset({"k1:2"})) == []


def test_an_order_planned_without_a_price_must_not_have_one_since() -> None:
    order = frozen_order(2)
    bare = replace(order, shown=replace(order.shown, amount="", currency=""))
    frozen = replace(FROZEN, orders=(bare,))
    assert moved_prices(frozen, {}, ASKED) == []
    assert moved_prices(frozen, PRICES, ASKED) == ["row 2 was planned at no price and costs USD 12.6 now"]
