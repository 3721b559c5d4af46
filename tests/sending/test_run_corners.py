"""Corners of a run's beginning and end: the first order, a ledger that forgot, a marketplace that cannot be read."""

import functools
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sending_desk import (
    ACCOUNT,
    NOW,
    RUN,
    Desk,
    Shelf,
    beacon_at,
    brought,
    enlist,
    fails,
    nothing,
    order,
    reply,
    seen,
)

from bulk_orders.core.lifecycle import State, Step
from bulk_orders.core.model import Order
from bulk_orders.errors import ExitCode, MarketplaceDown
from bulk_orders.marketplace.interface import ReadFailed
from bulk_orders.sending.canary import Canary
from bulk_orders.sending.engine import Engine
from bulk_orders.sending.ledger_age import LedgerAgeFile
from bulk_orders.sending.lookback import MOST_OPENED, held_words, look_back


def test_the_canary_reads_again_after_a_failed_reading_and_does_without_the_list(made: Desk) -> None:
    enlist(made.ledger, order())
    placed = brought(made.ledger, order(), Step.BEGUN, Step.ACCEPTED, order_id="9001")
    made.market.orders = [seen(placed, "9001")]
    made.market.happens = {
        "open": [fails(ReadFailed("No.")), nothing],
        "list": [fails(ReadFailed("No.")), nothing],
    }
    canary = canary_of(made)
    assert canary.prove(placed, threading.Event()).is_good
    assert (canary.is_proven(15), canary.is_proven(16), canary.lag_s) == (True, False, 0.5)


def test_a_stop_while_the_canary_measures_how_late_lists_are_measures_nothing(made: Desk) -> None:
    enlist(made.ledger, order())
    placed = brought(made.ledger, order(), Step.BEGUN, Step.ACCEPTED, order_id="9001")
    made.market.orders = [seen(placed, "9001")]
    stop = threading.Event()
    made.market.happens = {"open": [stop.set]}
    canary = canary_of(made)
    assert canary.prove(placed, stop).is_good
    assert (canary.lag_s, "list" in made.market.asked) == (0.0, False)


def canary_of(made: Desk) -> Canary:
    return Canary(
        account=str(ACCOUNT),
        ledger=made.ledger,
        marketplace=made.market,
        clock=made.clock,
        allow_unmarked=False,
    )


def test_a_forgetful_ledger_sends_nothing_when_a_customer_has_too_many_orders_to_be_read(made: Desk) -> None:
    made.market.orders = [seen(order(), str(number)) for number in range(MOST_OPENED + 1)]
    with pytest.raises(MarketplaceDown, match="more than 200 orders"):
        look_back([order()], ledger=made.ledger, marketplace=made.market, now=NOW)
    made.market.orders.pop()
    assert look_back([order()], ledger=made.ledger, marketplace=made.market, now=NOW)


def test_a_forgetful_ledger_sends_nothing_when_a_listed_order_cannot_be_opened(made: Desk) -> None:
    made.market.orders = [seen(order(), "9", products=None)]
    made.market.closed = {"9"}
    with pytest.raises(MarketplaceDown, match="cannot be opened"):
        look_back([order()], ledger=made.ledger, marketplace=made.market, now=NOW)


def test_a_forgetful_ledgers_unsent_order_that_looks_ordered_is_held_for_a_person(made: Desk) -> None:
    enlist(made.ledger, order())
    made.market.orders = [seen(order(), po_number="typed by somebody")]
    engine = Engine(made.services(ledger_age=beacon_at(99)), RUN)
    end = engine.carry_out()
    assert (made.state(order()), made.market.bodies, end.reason) == (State.HELD, [], "")


def test_a_held_order_names_all_that_may_be_it_as_far_as_they_can_be_read(made: Desk) -> None:
    shared = order(marker="PO-A")
    there = [seen(shared, f"{number}") for number in range(1, 8)]
    found = look_back([shared], ledger=made.ledger, marketplace=Shelf(*there[:2]), now=NOW)
    many = look_back([shared], ledger=made.ledger, marketplace=Shelf(*there), now=NOW)
    assert held_words(found[shared.key]) == (
        "the marketplace has 2 orders with its PO number or its content for this customer: "
        "SO1 (id 1) of 22-Nov-2026, SO2 (id 2) of 22-Nov-2026."
    )
    assert held_words(many[shared.key]).endswith("SO5 (id 5) of 22-Nov-2026 and 2 more.")


def test_an_order_that_may_be_two_rows_holds_both_of_them(made: Desk) -> None:
    there = seen(order(), po_number="")
    found = look_back([order(1), order(2)], ledger=made.ledger, marketplace=Shelf(there), now=NOW)
    assert {key: (one.seen, one.is_certain) for key, one in found.items()} == {
        order(number).key: (there, False) for number in (1, 2)
    }


def test_a_forgetful_ledgers_unsent_orders_are_taken_as_found_and_the_new_ones_sent(made: Desk) -> None:
    enlist(made.ledger, order(1), order(2, customer_id="c2", mpn="M2"))
    made.market.orders = [seen(order(1))]
    Engine(made.services(ledger_age=beacon_at(99)), RUN).carry_out()
    assert made.state(order(1)) is State.ACCEPTED
    assert len(made.market.bodies) == 1
    assert made.market.asked[:3] == ["list", "list", "list"]


def test_a_known_unsent_order_that_looks_ordered_is_held_before_the_plan_is_made(made: Desk) -> None:
    enlist(made.ledger, order())
    made.market.orders = [seen(order(), po_number="typed by somebody")]
    names = ("key", "sheet_row", "reference", "customer_id", "mpn", "quantity", "domain", "marker", "body")
    asked = Order(**{name: getattr(order(), name) for name in names}, fingerprint="f1")
    engine = Engine(made.services(), replace(RUN, run_id="run-2"))
    planned = engine.plan([asked], [], account=ACCOUNT, forgets=True)
    assert (planned.to_send, made.state(order())) == ((), State.HELD)


def test_nothing_is_sent_to_a_marketplace_that_cannot_be_read(made: Desk) -> None:
    enlist(made.ledger, order())
    made.market.happens = {"list": [fails(ReadFailed("HTTP 503."))]}
    end = Engine(made.services(), RUN).carry_out()
    assert (made.market.bodies, made.state(order())) == ([], State.PENDING)
    assert end.exit_code is ExitCode.TRY_AGAIN_LATER
    assert end.reason.endswith("The marketplace's list of orders cannot be read.")


@pytest.mark.parametrize(
    ("status", "retry_after_s", "code", "sent"),
    [
        (403, None, ExitCode.SETUP_WRONG, 0),
        (404, None, ExitCode.SETUP_WRONG, 0),
        (403, 5.0, ExitCode.OK, 1),
        (401, None, ExitCode.OK, 1),
    ],
)
def test_an_account_that_may_not_read_its_orders_sends_none(
    made: Desk, status: int, retry_after_s: float | None, code: ExitCode, sent: int
) -> None:
    enlist(made.ledger, order())
    refusal = fails(
        ReadFailed("Refused.", status=status, retry_after_s=retry_after_s, needs_setup=retry_after_s is None)
    )
    made.market.happens = {"list": [refusal, nothing]}
    made.market.answers = [reply(201, {"id": "9001"})]
    made.market.orders = [seen(order(), "9001")]
    end = Engine(made.services(), RUN).carry_out()
    assert (end.exit_code, len(made.market.bodies)) == (code, sent)
    assert ("renew" in made.market.asked) is (status == 401)


def test_a_run_that_is_stopped_says_so(made: Desk) -> None:
    enlist(made.ledger, order())
    services = made.services()
    services.stop.set()
    end = Engine(services, RUN).carry_out()
    assert (end.reason, end.exit_code, made.market.bodies) == (
        "Stopped by you.",
        ExitCode.INTERRUPTED,
        [],
    )


def test_the_count_of_what_a_ledger_knew_is_written_at_most_five_times_a_second(tmp_path: Path) -> None:
    moments = iter([10.0, 10.0, 10.1, 10.3, 10.3])
    ledger_age = LedgerAgeFile(tmp_path / "ages.json", monotonic=moments.__next__)
    told = []
    for age in (1, 2, 3):
        ledger_age.record("a", functools.partial(int, age))
        told.append(ledger_age.age("a"))
    assert told == [1, 1, 3]
    (tmp_path / "ages.json").write_text("[1]")
    assert ledger_age.age("a") == 0
