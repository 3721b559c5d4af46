"""What an order builds on is not there, and another process took the order up meanwhile."""

from dataclasses import replace

import pytest
from fake_clock import FakeClock
from sending.sending_parts import Contested, Parts, brought, enlist, run_record
from sending.test_subscriptions import FOUND, Shop, change

from bulk_orders.core.lifecycle import Step
from bulk_orders.sending.events import OrderSettled


@pytest.mark.parametrize("what", [Step.HELD_BACK, Step.GAVE_UP])
def test_a_change_that_another_process_took_up_is_left_to_them(what: Step) -> None:
    market = Shop()
    made = Parts(clock=FakeClock(), market=market, ledger=Contested(what))
    enlist(made.ledger, change())
    if what is Step.HELD_BACK:
        doubt = replace(change(2), run_id="run-2")
        made.ledger.enlist(run_record(2), [], new=[doubt], again=[], source=b"x")
        brought(made.ledger, doubt, Step.BEGUN, Step.NO_VERDICT)
    else:
        market.found = replace(FOUND, customer_id="c9")
    made.send([change()])
    assert made.fresh(change()) == change()
    assert (market.bodies, [event for event in made.told if isinstance(event, OrderSettled)]) == ([], [])
