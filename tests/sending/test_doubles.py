"""A new row that equals an order in doubt is held, whatever its reference."""

import json
from dataclasses import replace

import pytest
from sending_parts import NOW, order

from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.sending.doubles import hold_doubles


@pytest.mark.parametrize("state", [State.UNKNOWN, State.IN_FLIGHT])
@pytest.mark.parametrize("reference", ["", "another", "R1 corrected"])
def test_a_new_row_that_equals_an_order_in_doubt_is_held_whatever_its_reference(
    state: State, reference: str
) -> None:
    (held,) = hold_doubles([order(2, reference=reference)], [order(1, state=state)], NOW)
    assert (held.state, held.code) == (State.HELD, "S-HELD")
    assert "row 2 of run run-1" in held.message


@pytest.mark.parametrize("change", [{"customer_id": "c2"}, {"mpn": "M2"}, {"quantity": "2"}])
def test_a_new_row_that_asks_for_something_else_is_not(change: dict[str, str]) -> None:
    new = order(2, **change)
    assert hold_doubles([new], [order(1, state=State.UNKNOWN)], NOW) == [new]


def test_a_new_row_that_equals_an_order_found_since_the_run_began_is_held_and_told_so() -> None:
    found = order(1, state=State.ACCEPTED, order_id="9001", order_number="SO9001")
    (held,) = hold_doubles([order(2)], [found], NOW)
    assert held.state is State.HELD
    assert "row 2 of run run-1 asks for the same" in held.message
    assert "ordered as SO9001" in held.message


@pytest.mark.parametrize("state", sorted(set(State) - {State.UNKNOWN, State.IN_FLIGHT, State.ACCEPTED}))
def test_an_order_that_was_not_made_holds_nothing(state: State) -> None:
    assert hold_doubles([order(2)], [order(1, state=state)], NOW) == [order(2)]


def test_a_row_that_is_held_already_keeps_its_reason() -> None:
    held = replace(order(2), state=State.HELD, message="for another reason")
    assert hold_doubles([held], [order(1, state=State.UNKNOWN)], NOW) == [held]


def acting(number: int, **changes: str) -> OrderRecord:
    body = {"type": "change", "subscriptionId": "s1", "products": [{"mpn": "M1"}]}
    return order(number, **{"body": json.dumps(body), **changes})


def test_a_new_row_on_the_subscription_of_one_in_doubt_is_held_whatever_it_asks_for() -> None:
    doubt = acting(1, state=State.UNKNOWN)
    cancels = json.dumps({"type": "cancellation", "subscriptionId": "s1"})
    sets = json.dumps({"subscriptionId": "s1", "renewalStatus": True})
    for new in (acting(2, quantity="9"), acting(2, body=cancels), acting(2, body=sets, quantity="")):
        assert [held.state for held in hold_doubles([new], [doubt], NOW)] == [State.HELD]
    other = acting(2, body=json.dumps({"type": "change", "subscriptionId": "s2"}))
    assert hold_doubles([other, order(3)], [doubt], NOW) == [other, order(3)]
