"""Laws of recognising what is on the marketplace already: nothing is taken twice, and nothing wanted is swallowed."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.identity import marker
from bulk_orders.core.lifecycle import DUPLICATE, OrderRecord, State
from bulk_orders.core.recognition import Known, carried_out_unseen, recognise, sign_of_another
from bulk_orders.core.subscriptions import PlatformSubscription, ProductLine

NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class There:
    """An order on the marketplace that is not ours."""

    order_id: str
    customer_id: str = "c1"
    order_type: str = "sales"
    status: str = "completed"
    po_number: str | None = ""
    created_at: datetime | None = NOW - timedelta(hours=1)
    products: tuple[dict[str, Any], ...] | None = ({"mpn": "M1", "quantity": 1},)
    subscription_id: str = ""


def order(number: int = 1, *, quantity: int = 1, po_number: str = "", **changes: Any) -> OrderRecord:
    key = f"k1:{number:064d}"
    body = {"products": [{"mpn": "M1", "quantity": quantity}]}
    plain = OrderRecord(
        key=key,
        account="a",
        run_id="r",
        sheet_row=number + 1,
        reference=f"R{number}",
        customer_id="c1",
        mpn="M1",
        quantity=str(quantity),
        domain="",
        marker=po_number or marker(key),
        body=json.dumps(body),
        fingerprint=f"f{number}",
    )
    return replace(plain, **changes)


KNOWN = Known(now=NOW)

orders = st.lists(
    st.builds(
        order,
        st.integers(1, 4),
        quantity=st.integers(1, 2),
        po_number=st.sampled_from(["", "PO-1", "PO-2"]),
        enlisted_at=st.sampled_from([None, NOW - timedelta(hours=2), NOW]),
        state=st.sampled_from([State.PENDING, State.PENDING, State.HELD]),
    ),
    unique_by=lambda one: one.key,
    max_size=4,
)
entries = st.lists(
    st.builds(
        There,
        order_id=st.integers(1, 9).map(str),
        po_number=st.sampled_from([None, "", "PO-1", "PO-2", *(order(n).marker for n in range(1, 5))]),
        status=st.sampled_from(["completed", "completed", "cancelled"]),
        order_type=st.sampled_from(["sales", "sales", "", "renewal"]),
        created_at=st.sampled_from([None, NOW - timedelta(hours=1), NOW - timedelta(days=40)]),
        products=st.integers(1, 2).map(lambda quantity: ({"mpn": "M1", "quantity": quantity},)),
    ),
    unique_by=lambda one: one.order_id,
    max_size=5,
)


def told(found: Any) -> dict[str, tuple[list[str], bool]]:
    return {key: ([entry.order_id for entry in one.seen], one.is_certain) for key, one in found.items()}


@given(wanted=orders, there=entries, brought=st.sets(st.integers(1, 4)))
def test_no_order_on_the_marketplace_is_taken_for_two_of_ours(
    wanted: Sequence[OrderRecord], there: Sequence[There], brought: set[int]
) -> None:
    found = recognise(wanted, there, replace(KNOWN, brought={order(number).key for number in brought}))
    taken = Counter(entry.order_id for one in found.values() if one.is_certain for entry in one.seen)
    assert all(times == 1 for times in taken.values())


@given(wanted=orders, there=entries, data=st.data())
def test_neither_the_sequence_of_the_rows_nor_that_of_the_list_matters(
    wanted: Sequence[OrderRecord], there: Sequence[There], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(wanted)), data.draw(st.permutations(there))
    assert told(recognise(*shuffled, KNOWN)) == told(recognise(wanted, there, KNOWN))


@given(wanted=orders, there=entries)
def test_a_purchase_that_was_there_before_the_row_is_never_taken_for_it(
    wanted: Sequence[OrderRecord], there: Sequence[There]
) -> None:
    by_key = {one.key: one for one in wanted}
    for key, found in recognise(wanted, there, KNOWN).items():
        for entry in found.seen if found.is_certain else ():
            if entry.po_number == marker(key):
                continue
            enlisted_at = by_key[key].enlisted_at
            assert entry.po_number == by_key[key].marker
            assert enlisted_at is not None
            assert entry.created_at >= enlisted_at
            assert entry.status != "cancelled"


@given(wanted=orders, there=entries)
def test_an_order_with_a_number_made_from_the_row_is_always_seen(
    wanted: Sequence[OrderRecord], there: Sequence[There]
) -> None:
    found = recognise(wanted, there, KNOWN)
    for one in wanted:
        same = [
            entry
            for entry in there
            if entry.po_number == marker(one.key)
            and entry.order_type != "renewal"
            and entry.products == ({"mpn": "M1", "quantity": int(one.quantity)},)
        ]
        assert not same or (one.key in found and found[one.key].is_certain)


@given(wanted=orders, there=entries)
def test_nobody_is_asked_twice_about_the_same_order(
    wanted: Sequence[OrderRecord], there: Sequence[There]
) -> None:
    found = recognise(wanted, there, KNOWN)
    held = {key: one for key, one in found.items() if not one.is_certain}
    adopted = {entry.order_id for one in found.values() if one.is_certain for entry in one.seen}
    left = [entry for entry in there if entry.order_id not in adopted]
    confirmed = [
        replace(one, held_for=" ".join(entry.order_id for entry in held[one.key].seen))
        for one in wanted
        if one.key in held and one.state is State.PENDING
    ]
    others = [one for one in wanted if one.key not in held]
    after = recognise(confirmed, left, replace(KNOWN, others=others))
    said = {one.key: set(one.held_for.split()) for one in confirmed}
    asked = {key: {entry.order_id for entry in one.seen} for key, one in after.items() if not one.is_certain}
    assert {key: said[key] & ids for key, ids in asked.items() if said[key] & ids} == {}


OWN = [order(number, po_number="PO-1", enlisted_at=NOW - timedelta(hours=2)) for number in (1, 2)]


@pytest.mark.parametrize(("number", "is_certain"), [(1, False), (2, True), (3, False)])
def test_as_many_orders_as_rows_under_one_number_are_theirs_and_others_are_asked_about(
    number: int, is_certain: bool
) -> None:
    there = [There(order_id=str(made), po_number="PO-1") for made in range(number)]
    found = recognise(OWN, there, KNOWN)
    assert {one.is_certain for one in found.values()} == {is_certain}
    assert len(found) == 2


@pytest.mark.parametrize(
    ("changes", "is_certain"),
    [
        ({"state": State.UNKNOWN}, False),
        ({"state": State.ACCEPTED, "code": DUPLICATE}, False),  # somebody was asked to cancel one of the two
        ({"state": State.ACCEPTED}, True),
    ],
)
def test_an_order_that_may_be_another_rows_is_adopted_by_nobody(
    changes: dict[str, Any], is_certain: bool
) -> None:
    there = [There(order_id="9", po_number="PO-1")]
    found = recognise(OWN[:1], there, replace(KNOWN, others=[replace(OWN[1], **changes)]))
    assert found[OWN[0].key].is_certain == is_certain


def test_a_copy_of_another_rows_order_holds_nothing() -> None:
    twin = There(order_id="9", po_number=order(2).marker)
    assert recognise([order(1)], [twin], replace(KNOWN, others=[order(2, state=State.ACCEPTED)])) == {}


def test_an_order_of_ours_with_other_content_holds_the_row_as_edited() -> None:
    found = recognise([order(1, quantity=2)], [There(order_id="9", po_number=order(1).marker)], KNOWN)
    assert (found[order(1).key].is_certain, found[order(1).key].is_edited) == (False, True)


@pytest.mark.parametrize(
    ("entry", "others", "is_sign"),
    [
        (There(order_id="1", po_number=order(7).marker), (), True),
        (There(order_id="1", po_number=order(7).marker, created_at=NOW - WINDOW), (), False),
        (There(order_id="1", po_number=order(7).marker), (order(7, attempts=1),), False),
        (There(order_id="1", po_number=order(7).marker), (order(7),), True),
        (There(order_id="1", po_number="PO-1"), (), True),
        (There(order_id="1", po_number="PO-9"), (), False),
    ],
    ids=[
        "our kind of number",
        "long ago",
        "sent by this ledger",
        "not sent by it",
        "equal to a row",
        "a stranger",
    ],
)
def test_a_sign_of_another_ledger_is(entry: There, others: tuple[OrderRecord, ...], is_sign: bool) -> None:
    young = (
        entry if entry.created_at == NOW - WINDOW else replace(entry, created_at=NOW - timedelta(minutes=5))
    )
    found = sign_of_another([OWN[0]], [young], replace(KNOWN, others=others), WINDOW)
    assert (found is not None) is is_sign


def change(**changes: Any) -> OrderRecord:
    body = {"type": "change", "subscriptionId": "s1", "products": [{"mpn": "M1", "quantity": 1}]}
    return order(1, body=json.dumps(body), **changes)


def test_a_change_of_a_ledger_that_is_lost_is_known_by_its_own_marker() -> None:
    there = There(order_id="1", order_type="change", subscription_id="s1", po_number=change().marker)
    assert recognise([change()], [there], KNOWN)[change().key].is_certain


@pytest.mark.parametrize("quantity", [3, -4, "2"])
def test_a_change_of_a_ledger_that_is_lost_to_other_seats_may_be_of_another_wish(quantity: object) -> None:
    there = There(order_id="1", order_type="change", subscription_id="s1", po_number=change().marker)
    other = replace(there, products=({"mpn": "M1", "quantity": quantity},))
    assert told(recognise([change()], [other], KNOWN)) == {change().key: (["1"], False)}
    assert recognise([change(held_for="1")], [other], KNOWN) == {}
    assert recognise([change(held_for="1", state=State.HELD)], [other], KNOWN) == {}
    assert recognise([change(state=State.UNKNOWN)], [other], KNOWN)[change().key].is_certain
    assert recognise([change()], [replace(there, products=None)], KNOWN)[change().key].is_certain


def test_a_change_by_hand_that_was_carried_out_is_no_reason_to_hold_a_new_one() -> None:
    there = There(order_id="1", order_type="change", subscription_id="s1", po_number="HAND")
    assert recognise([change()], [there], KNOWN) == {}


def at_renewal(**changes: Any) -> OrderRecord:
    wanted = change(**changes)
    return replace(wanted, body=wanted.body.replace('{"type"', '{"scheduledOn": "renewal", "type"'))


RESTS = There(order_id="1", order_type="change", subscription_id="s1", po_number="BOCUT", status="scheduled")


@pytest.mark.parametrize(
    ("there", "is_held"),
    [
        (RESTS, True),
        (replace(RESTS, po_number=""), True),
        (replace(RESTS, subscription_id=""), True),
        (replace(RESTS, status="processing"), True),
        (replace(RESTS, status="error"), True),
        (replace(RESTS, created_at=None), True),
        (replace(RESTS, status="cancelled"), False),
        (replace(RESTS, status="completed"), False),
        (replace(RESTS, created_at=NOW - timedelta(days=31)), False),
        (replace(RESTS, subscription_id="s2"), False),
        (replace(RESTS, customer_id="c2"), False),
        (replace(RESTS, order_type="sales"), False),
        (replace(RESTS, order_type="renewal"), False),
    ],
)
def test_what_rests_until_the_renewal_is_shown_by_no_subscription_and_may_be_what_a_row_asks_for_then(
    there: There, is_held: bool
) -> None:
    wanted = at_renewal()
    assert told(recognise([wanted], [there], KNOWN)) == ({wanted.key: (["1"], False)} if is_held else {})
    assert recognise([replace(wanted, held_for="1")], [there], KNOWN) == {}


@pytest.mark.parametrize(
    ("there", "is_held"),
    [
        (replace(RESTS, status="processing"), True),
        (replace(RESTS, status="error"), True),
        (replace(RESTS, status="processing", po_number=""), True),
        (replace(RESTS, status="processing", created_at=NOW - timedelta(days=31)), False),
        (replace(RESTS, status="processing", subscription_id="s2"), False),
        (replace(RESTS, status="processing", order_type="cancellation"), False),
        (replace(RESTS, status="cancelled"), False),
        (replace(RESTS, status="completed"), False),
        (RESTS, False),
    ],
)
def test_what_is_under_way_or_failed_shows_in_no_subscription_and_may_be_what_a_row_asks_for_now(
    there: There, is_held: bool
) -> None:
    wanted = change()
    assert told(recognise([wanted], [there], KNOWN)) == ({wanted.key: (["1"], False)} if is_held else {})
    assert recognise([replace(wanted, held_for="1")], [there], KNOWN) == {}


def test_what_was_carried_out_under_the_users_own_number_may_be_what_a_row_asks_for_at_a_renewal() -> None:
    there = replace(RESTS, status="completed", po_number="PO-1")
    wanted = at_renewal(po_number="PO-1")
    assert told(recognise([wanted], [there], KNOWN)) == {wanted.key: (["1"], False)}
    assert recognise([at_renewal(po_number="PO-2")], [there], KNOWN) == {}
    assert recognise([change(po_number="PO-1")], [there], KNOWN) == {}


SUBSCRIPTION = PlatformSubscription(
    subscription_id="s1",
    renewal_date=NOW.date() + timedelta(days=350),
    term=("year", "1"),
    lines=(ProductLine(mpn="M1", seats=10),),
)
OVER = replace(RESTS, status="completed", created_at=NOW - timedelta(days=20))
"""Made before the renewal, which was fifteen days ago."""


@pytest.mark.parametrize(
    ("there", "found", "is_held"),
    [
        (OVER, SUBSCRIPTION, True),
        (OVER, replace(SUBSCRIPTION, term=("", "")), True),
        (OVER, replace(SUBSCRIPTION, renewal_date=None), True),
        (replace(OVER, created_at=None), SUBSCRIPTION, True),
        (replace(OVER, created_at=NOW - timedelta(days=31)), SUBSCRIPTION, False),
        (replace(OVER, status="scheduled"), SUBSCRIPTION, False),
        (replace(OVER, subscription_id="s2"), SUBSCRIPTION, False),
        (replace(OVER, created_at=NOW - timedelta(days=2)), SUBSCRIPTION, False),
        (
            replace(OVER, created_at=NOW - timedelta(days=2)),
            *(replace(SUBSCRIPTION, lines=(ProductLine(mpn="M1", seats=1),)), True),
        ),
    ],
)
def test_what_was_carried_out_may_have_rested_until_a_renewal_unless_there_was_none_since(
    there: There, found: PlatformSubscription, is_held: bool
) -> None:
    wanted = at_renewal()
    assert carried_out_unseen(wanted, [there], found, NOW) == ([there] if is_held else [])
    assert carried_out_unseen(replace(wanted, held_for="1"), [there], found, NOW) == []
    assert carried_out_unseen(change(), [there], found, NOW) == []


NO_EFFECT = replace(OVER, created_at=NOW - timedelta(days=2))


@pytest.mark.parametrize(
    ("there", "is_held"),
    [
        (replace(NO_EFFECT, po_number=change().marker), True),
        (replace(NO_EFFECT, po_number=change().marker[:12]), True),
        (replace(NO_EFFECT, po_number="PO-OTHER"), False),
        (replace(NO_EFFECT, po_number=""), False),
        (replace(NO_EFFECT, po_number=change().marker, subscription_id="s2"), False),
        (replace(NO_EFFECT, po_number=change().marker, status="cancelled"), False),
        (replace(NO_EFFECT, po_number=change().marker, created_at=NOW - timedelta(days=31)), False),
    ],
)
def test_what_was_carried_out_under_the_rows_own_number_may_have_had_no_effect(
    there: There, is_held: bool
) -> None:
    wanted = change()
    assert carried_out_unseen(wanted, [there], SUBSCRIPTION, NOW) == ([there] if is_held else [])
    assert carried_out_unseen(replace(wanted, held_for="1"), [there], SUBSCRIPTION, NOW) == []


def test_a_change_under_the_users_own_number_may_be_one_by_hand_that_inherited_it() -> None:
    wanted = change(po_number="PO-1", enlisted_at=NOW - timedelta(hours=2))
    there = There(order_id="1", order_type="change", subscription_id="s1", po_number="PO-1")
    assert told(recognise([wanted], [there], KNOWN)) == {wanted.key: (["1"], False)}
    assert recognise([replace(wanted, held_for="1")], [there], KNOWN) == {}
    earlier = replace(there, created_at=NOW - timedelta(hours=3))
    assert recognise([wanted], [earlier], KNOWN) == {}


def test_a_change_that_inherited_a_marker_of_ours_is_no_sign_of_another_ledger() -> None:
    bought = order(2, attempts=1)
    there = There(order_id="1", order_type="change", po_number=bought.marker, created_at=NOW)
    known = replace(KNOWN, others=[bought])
    assert sign_of_another([change()], [there], known, WINDOW) is None
    assert sign_of_another([change()], [there], KNOWN, WINDOW) == NOW
