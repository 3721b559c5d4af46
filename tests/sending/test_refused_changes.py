"""What a refusal of a change or a cancellation means: a gateway may have sent the request twice, and be answered about the second."""

import json
from dataclasses import replace

import pytest
from fake_clock import FakeClock
from sending.sending_parts import NOW, Parts, enlist, reply
from sending.test_subscriptions import CANCELLATION, CHANGE, Shop, change, other, parts

from bulk_orders.core.lifecycle import State
from bulk_orders.core.reply import Reply
from bulk_orders.ledger.memory import MemoryLedger


@pytest.mark.parametrize(
    "refusal",
    [
        reply(500, {"message": "asset.items: Item quantities are not changed.", "path": "/orders"}),
        reply(400, {"message": "Invalid request."}),
    ],
)
def test_a_refusal_of_a_repeated_request_does_not_hide_the_order_that_was_made_first(refusal: Reply) -> None:
    market = Shop()
    made = parts(market)
    market.happens["place"] = [lambda: market.orders.append(other(po_number=change().marker, created_at=NOW))]
    market.answers = [refusal]

    made.send([change()])

    assert (made.state(change()), made.fresh(change()).order_number) == (State.ACCEPTED, "CH000012")


@pytest.mark.parametrize("status", [400, 500])
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (CHANGE, "asset.items: Item quantities are not changed."),
        (CANCELLATION, "Subscription #s1 is not Active. Upgrades/Downgrades are not available now."),
        (CANCELLATION, "Subscription 's1' is not active."),
    ],
)
def test_words_that_our_own_order_brings_about_are_no_verdict_while_it_is_not_listed(
    body: str, words: str, status: int
) -> None:
    market = Shop(other())
    made = Parts(clock=FakeClock(), market=market, ledger=MemoryLedger())
    wanted = replace(change(), body=body)
    enlist(made.ledger, wanted)
    market.answers = [reply(status, {"message": words} | ({"path": "/orders"} if status == 500 else {}))]

    made.send([wanted])

    in_doubt = made.fresh(wanted)
    assert (in_doubt.state, len(market.bodies)) == (State.UNKNOWN, 1)
    order_type = json.loads(body)["type"]
    market.orders.append(other(po_number=wanted.marker, created_at=NOW, order_type=order_type))
    assert made.resolver.look_up(in_doubt)
    assert made.state(wanted) is State.ACCEPTED


@pytest.mark.parametrize(
    "words",
    [
        "Invalid request.",
        # A change leaves its subscription active: that it is not is no change's doing.
        "Subscription #s1 is not Active. Upgrades/Downgrades are not available now.",
    ],
)
def test_a_refusal_is_believed_where_no_order_there_may_be_ours(words: str) -> None:
    market = Shop(other())
    made = parts(market)
    market.answers = [reply(400, {"message": words})]

    made.send([change()])

    assert made.state(change()) is State.REJECTED


def test_final_words_reject_a_change_whatever_their_status() -> None:
    market = Shop()
    made = parts(market)
    words = "Order cannot be placed. The usage of 'seats' exceeds the new limit specified"
    market.answers = [reply(500, {"message": words, "path": "/orders"})]

    made.send([change()])

    assert (made.state(change()), made.fresh(change()).message) == (State.REJECTED, words)
