"""Watching workers send: what came to rest is told, and the run ends when all is done, when it is stopped, or when it is left."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sending_parts import PROFILE, RUN, Parts, enlist, order
from sharing_parts import Chunks

from bulk_orders.core.lifecycle import State
from bulk_orders.core.subscription_rows import AsPulled
from bulk_orders.errors import AnotherRunActive, ExitCode
from bulk_orders.ledger.sharing import Claimed, Content, Settled
from bulk_orders.sending.elsewhere import LEFT, send_elsewhere
from bulk_orders.sending.events import OrderSettled, Stopping, WaitBegun, WaitOver
from bulk_orders.sending.run_control import STOPPED_BY_YOU, RunControl

PULLED = AsPulled(had=3)


def watch(
    made: Parts, shared: Chunks, *, leaves: Callable[[], bool] = lambda: False, stop: bool = False
) -> RunControl:
    enlist(made.ledger, order(1), order(2))
    control = RunControl()
    if stop:
        control.stop.set()
    services = made.services(profile=PROFILE.model_copy(update={"patience_s": 60.0}))
    pulled = {order(1).key: PULLED}
    send_elsewhere(services, shared, RUN, [[order(1)], [order(2)]], control, pulled=pulled, leaves=leaves)
    return control


def after(times: int, what: Callable[[Chunks], None]) -> Callable[[Chunks], None]:
    """Does it the so-manieth time."""
    left = [times]

    def each_time(shared: Chunks) -> None:
        left[0] -= 1
        if left[0] == 0:
            what(shared)

    return each_time


def told(made: Parts, *kinds: type) -> list[Any]:
    return [event for event in made.told if isinstance(event, kinds)]


def test_it_ends_when_each_chunk_is_done_and_tells_what_came_to_rest_once(made: Parts) -> None:
    first = Settled(event=9, key=order(1).key, sheet_row=2, state=State.ACCEPTED)
    shared = Chunks(each_time=after(5, Chunks.all_done), news=[first])
    control = watch(made, shared)
    assert shared.handed_out == [
        Content(keys=(order(1).key,), pulled={order(1).key: PULLED}),
        Content(keys=(order(2).key,)),
    ]
    assert told(made, OrderSettled) == [OrderSettled(sheet_row=2, state=State.ACCEPTED)]
    assert (control.reason, control.stop.is_set(), control.is_left) == ("", False, False)


def test_what_a_worker_stops_it_for_is_its_reason_and_it_ends_when_nobody_sends_any_more(made: Parts) -> None:
    def stopped(shared: Chunks) -> None:
        assert shared.shown is not None
        working = Claimed(run_id=RUN.run_id, number=1, host="h", pid=1)
        shared.shown = replace(shared.shown, claimed=(working,), stopped_because="Five.", exit_code=7)
        shared.each_time = after(3, at_rest)

    def at_rest(shared: Chunks) -> None:
        assert shared.shown is not None
        shared.shown = replace(shared.shown, claimed=())

    control = watch(made, Chunks(each_time=after(2, stopped)))
    assert (control.reason, control.exit_code) == ("Five.", ExitCode.TRY_AGAIN_LATER)
    assert [event.reason for event in told(made, Stopping)] == ["Five."]


def test_stopped_from_outside_it_is_stopped_for_all(made: Parts) -> None:
    shared = Chunks()
    control = watch(made, shared, stop=True)
    assert shared.stops == [(STOPPED_BY_YOU, int(ExitCode.INTERRUPTED))]
    assert (control.reason, control.exit_code, control.is_left) == (
        STOPPED_BY_YOU,
        ExitCode.INTERRUPTED,
        False,
    )


def test_left_to_the_workers_it_is_not_stopped(made: Parts) -> None:
    asked: list[bool] = []
    shared = Chunks()

    def leaves() -> bool:
        asked.append(True)
        return True

    control = watch(made, shared, stop=True, leaves=leaves)
    assert (shared.is_left, shared.stops, len(asked)) == (True, [], 1)
    assert (control.reason, control.is_left) == (LEFT, True)


def test_a_worker_that_is_missing_is_waited_for_and_said_and_then_the_run_ends(made: Parts) -> None:
    shared = Chunks()
    control = watch(made, shared)
    (begun,) = told(made, WaitBegun)
    assert "bulk-orders worker" in begun.what
    assert len(told(made, WaitOver)) == 1
    ((because, code),) = shared.stops
    assert ("No worker took up" in because, code) == (True, int(ExitCode.TRY_AGAIN_LATER))
    assert control.exit_code is ExitCode.TRY_AGAIN_LATER


def test_the_wait_for_a_worker_is_over_when_one_comes(made: Parts) -> None:
    def come(shared: Chunks) -> None:
        assert shared.shown is not None
        shared.shown = replace(shared.shown, claimed=(Claimed(run_id=RUN.run_id, number=1, host="h", pid=1),))
        shared.each_time = after(300, Chunks.all_done)  # longer than one is waited for

    control = watch(made, Chunks(each_time=after(3, come)))
    assert (len(told(made, WaitOver)), control.reason) == (1, "")


def test_a_run_that_another_process_took_over_is_not_gone_on_with(made: Parts) -> None:
    def take(shared: Chunks) -> None:
        shared.shown = None

    with pytest.raises(AnotherRunActive, match="took over the run"):
        watch(made, Chunks(each_time=after(2, take)))
