"""Corners of the audit: orders that are there twice, and orders that were in doubt and are there."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sending.test_subscriptions import change
from sending_parts import (
    ACCOUNT,
    NOW,
    Contested,
    Parts,
    Shelf,
    brought,
    doubtful,
    enlist,
    nothing,
    order,
    seen,
)

from bulk_orders.core.lifecycle import OrderRecord, State, Step, held_because
from bulk_orders.machine.clock import Clock
from bulk_orders.sending.audit import audit


def audited(made: Parts, *orders: OrderRecord) -> Any:
    return audit(
        orders,
        account=str(ACCOUNT),
        since=NOW,
        window_s=made.window_s,
        ledger=made.ledger,
        look=made.look,
        resolver=made.resolver,
        now=NOW,
    )


def test_a_duplicate_is_recorded_although_somebody_else_wrote_in_between(clock: Clock) -> None:
    made = Parts(clock=clock, market=Shelf(), ledger=Contested(Step.REFRESHED))
    enlist(made.ledger, order())
    placed = brought(made.ledger, order(), Step.BEGUN, Step.ACCEPTED, order_id="9001")
    made.market.orders = [seen(placed, "9001"), seen(placed, "9002")]
    assert [twice.key for twice in audited(made, placed).duplicates] == [placed.key]
    assert made.fresh(placed).code == "S-DUPLICATE"
    assert [twice.key for twice in audited(made, made.fresh(placed)).duplicates] == [placed.key]


def told_twice(made: Parts, *, ours: str, twin: str) -> OrderRecord:
    """An order known to be there twice; and then what a person cancelled."""
    enlist(made.ledger, order())
    placed = brought(made.ledger, order(), Step.BEGUN, Step.ACCEPTED, order_id="9001", amount="12.00")
    made.market.orders = [seen(placed, "9001"), seen(placed, "9002")]
    audited(made, placed)
    made.market.orders = [seen(placed, "9001", status=ours), seen(placed, "9002", status=twin)]
    return made.fresh(placed)


@pytest.mark.parametrize(
    ("ours", "twin", "order_id"),
    [
        ("completed", "cancelled", "9001"),
        ("cancelled", "completed", "9002"),
        ("cancelled", "canceled", "9001"),
    ],
)
def test_an_order_that_was_there_twice_is_ordered_once_all_but_one_are_cancelled(
    made: Parts, ours: str, twin: str, order_id: str
) -> None:
    twice = told_twice(made, ours=ours, twin=twin)
    assert twice.code == "S-DUPLICATE"
    assert audited(made, twice).duplicates == ()
    after = made.fresh(twice)
    assert (after.code, after.message, after.order_id, after.state) == ("", "", order_id, State.ACCEPTED)


def test_an_order_that_was_cancelled_before_anybody_compared_is_the_one_that_is_left(made: Parts) -> None:
    """A gateway asked twice to schedule the same, and the platform deleted the first."""
    enlist(made.ledger, order())
    placed = brought(made.ledger, order(), Step.BEGUN, Step.ACCEPTED, order_id="9001")
    made.market.orders = [seen(placed, "9001", status="cancelled"), seen(placed, "9002", status="scheduled")]
    assert audited(made, placed).duplicates == ()
    left = made.fresh(placed)
    assert (left.order_id, left.platform_status, left.code) == ("9002", "scheduled", "")


def test_of_two_found_for_an_order_in_doubt_the_one_that_is_alive_is_it_and_nothing_is_to_be_cancelled(
    made: Parts,
) -> None:
    """Somebody who is told to cancel all but one would cancel the one that is left."""
    unknown = doubtful(made.ledger)
    made.market.orders = [
        seen(unknown, "9001", status="cancelled"),
        seen(unknown, "9002", status="scheduled"),
    ]
    assert made.resolver.look_up(unknown)
    found = made.fresh(unknown)
    assert (found.order_id, found.platform_status, found.code) == ("9002", "scheduled", "")


def test_an_order_is_there_once_although_another_process_found_it_after_the_list_was_read(
    made: Parts,
) -> None:
    lost = doubtful(made.ledger)
    made.market.orders = [seen(lost, "9001")]
    made.market.hides_po = True
    found = partial(brought, made.ledger, lost, Step.FOUND, order_id="9001")
    made.market.happens["open"] = [found, nothing]
    told = audited(made, lost)
    assert (told.duplicates, told.alarms, made.fresh(lost).code) == ((), (), "")


@pytest.mark.parametrize(
    ("other_id", "is_complete", "code"),
    [("9002", True, ""), ("9002", False, "S-DUPLICATE"), ("", True, "S-DUPLICATE")],
)
def test_an_order_is_there_once_where_the_other_is_another_rows(
    made: Parts, other_id: str, is_complete: bool, code: str
) -> None:
    made.market.is_complete = is_complete
    state = State.ACCEPTED if other_id else State.PENDING
    told = order(1, marker="PO-1", state=State.ACCEPTED, order_id="9001", code="S-DUPLICATE", message="…")
    enlist(made.ledger, told, order(2, marker="PO-1", state=state, order_id=other_id))
    made.market.orders = [seen(told, "9001"), seen(told, "9002")]
    audited(made, told)
    assert made.fresh(told).code == code


def test_an_order_that_is_there_twice_stays_so_until_one_is_cancelled(made: Parts) -> None:
    twice = told_twice(made, ours="completed", twin="error")
    found = audited(made, twice)
    told = made.fresh(twice)
    assert ([duplicate.key for duplicate in found.duplicates], found.alarms) == (
        [twice.key],
        (f"row 2 of run run-1: {told.message}",),
    )
    assert told.message == twice.message.replace("(id 9002)", "(id 9002) in error")
    assert replace(told, message=twice.message, version=twice.version) == twice
    audited(made, twice)
    assert made.fresh(twice) == told


@pytest.mark.parametrize(("times", "code"), [(1, ""), (2, "S-DUPLICATE")])
def test_the_audit_takes_an_order_in_doubt_that_is_there(made: Parts, times: int, code: str) -> None:
    lost = doubtful(made.ledger)
    made.market.orders = [seen(lost, f"{9000 + number}") for number in range(times)]
    assert audited(made, lost).found == (lost.key,)
    assert (made.state(lost), made.fresh(lost).code) == (State.ACCEPTED, code)


def test_the_audit_tells_nothing_of_an_order_that_the_ledger_does_not_know(made: Parts) -> None:
    stranger = replace(order(7), attempts=1, sent_at=NOW)
    made.market.orders = [seen(stranger)]
    found = audited(made, stranger)
    assert (found.duplicates, found.found, found.others) == ((), (), 1)


def test_a_twin_of_an_order_that_was_recognised_after_its_ledger_was_lost_is_told(made: Parts) -> None:
    recognised = order(1, state=State.ACCEPTED, order_id="9001")
    enlist(made.ledger, recognised)
    made.market.orders = [seen(recognised, "9001"), seen(recognised, "9002")]
    assert [twice.key for twice in audited(made, recognised).duplicates] == [recognised.key]


def test_an_older_order_under_a_users_own_po_number_is_no_twin_of_a_recognised_one(made: Parts) -> None:
    recognised = order(1, marker="PO-1", state=State.ACCEPTED, order_id="9001")
    enlist(made.ledger, recognised)
    older = seen(recognised, "9002", created_at=NOW - timedelta(days=20))
    made.market.orders = [seen(recognised, "9001"), older]
    assert audited(made, recognised).alarms == ()


def test_a_held_row_is_held_for_what_was_made_like_it_since_too(made: Parts) -> None:
    why = held_because("row 3 asks for the same, and there is SO9001 (id 9001).", NOW)
    held = order(1, marker="PO-1", state=State.HELD, held_for="9001", **why)
    enlist(made.ledger, held)
    made.market.orders = [seen(held, "9001"), seen(held, "9002"), seen(held, "9003", po_number="PO-2")]
    assert audited(made).alarms == ()
    now = made.fresh(held)
    assert (now.state, now.held_for, now.held_at) == (State.HELD, "9001 9002", NOW)
    assert now.message == (
        "row 3 asks for the same, and there is SO9001 (id 9001). The marketplace has an order of the same product and "
        "quantity for this customer: SO9002 (id 9002) of 22-Nov-2026 02:15 UTC under PO number PO-1."
    )
    audited(made)
    assert made.fresh(held) == now


def test_a_row_that_is_held_for_another_row_keeps_its_reason(made: Parts) -> None:
    held = order(1, marker="PO-1", state=State.HELD, **held_because("it equals row 5", NOW))
    enlist(made.ledger, held)
    made.market.orders = [seen(held, "9001")]
    audited(made)
    assert made.fresh(held) == held


def contested(made: Parts, *statuses: str) -> Any:
    """What the audit tells where two rows share PO number and content, one is placed, one in doubt, and more orders are there."""
    one, other = order(1, marker="PO-1"), order(2, marker="PO-1")
    enlist(made.ledger, one, other)
    placed = brought(made.ledger, one, Step.BEGUN, Step.ACCEPTED, order_id="9001")
    lost = brought(made.ledger, other, Step.BEGUN, Step.NO_VERDICT)
    more = [seen(lost, f"{9002 + number}", status=status) for number, status in enumerate(statuses)]
    made.market.orders = [seen(placed, "9001"), *more]
    return audited(made, placed, lost)


def test_more_orders_than_rows_in_doubt_are_told_whichever_they_are(made: Parts) -> None:
    found = contested(made, "completed", "completed")
    (alarm,) = found.alarms
    which, what_to_do = alarm.split("). ")
    assert which == "there are more orders than rows in doubt (row 3): SO9002 (id 9002), SO9003 (id 9003"
    assert what_to_do == "Cancel the extra orders before 2026-11-29 02:15 UTC."
    assert (found.duplicates, found.found, found.others) == ((), (), 0)


@pytest.mark.parametrize("statuses", [("completed",), ("completed", "cancelled"), ()])
def test_as_many_orders_as_rows_in_doubt_are_no_alarm(made: Parts, statuses: tuple[str, ...]) -> None:
    assert contested(made, *statuses).alarms == ()


@pytest.mark.parametrize(("held_for", "alarms"), [("", 1), ("9001", 0)])
def test_orders_older_than_the_row_in_doubt_are_told_too_as_our_clock_may_have_been_wrong(
    made: Parts, held_for: str, alarms: int
) -> None:
    lost = order(1, marker="PO-1", held_for=held_for)
    enlist(made.ledger, lost)
    lost = brought(made.ledger, lost, Step.BEGUN, Step.NO_VERDICT)
    before = NOW - timedelta(hours=20)
    made.market.orders = [seen(lost, "9001", created_at=before), seen(lost, "9002", created_at=before)]
    found = audited(made, lost)
    assert (len(found.alarms), found.found, made.state(lost)) == (alarms, (), State.UNKNOWN)


def strangers(made: Parts, *statuses: str, **changes: Any) -> Any:
    """What the audit tells of orders under one PO number of ours whose row the ledger does not know."""
    lost = replace(order(7), attempts=1, sent_at=NOW)
    made.market.orders = [
        seen(lost, f"{9001 + number}", status=status, **changes) for number, status in enumerate(statuses)
    ]
    return audited(made)


def test_two_orders_under_a_po_number_of_ours_are_told_although_no_row_is_known(made: Parts) -> None:
    found = strangers(made, "completed", "completed")
    (alarm,) = found.alarms
    who, orders = alarm.split(": ", 1)
    assert (
        who == f"PO number {order(7).marker}, which bulk-orders made for a row that this ledger does not know"
    )
    assert orders == ("SO9001 (id 9001), SO9002 (id 9002). Cancel all but one before 2026-11-29 02:15 UTC.")
    assert (found.duplicates, found.others) == ((), 2)


def test_two_orders_of_a_row_that_only_another_copy_of_the_ledger_sent_are_told(made: Parts) -> None:
    enlist(made.ledger, order(7))
    (alarm,) = strangers(made, "completed", "completed").alarms
    assert alarm == (
        "row 8 of run run-1, which was not sent with this ledger: "
        "SO9001 (id 9001), SO9002 (id 9002). Cancel all but one before 2026-11-29 02:15 UTC."
    )
    assert made.state(order(7)) is State.PENDING
    assert strangers(made, "completed", "cancelled").alarms == ()
    assert strangers(made, "completed").alarms == ()


def test_such_orders_of_our_customers_are_opened_where_the_list_says_no_po_number(made: Parts) -> None:
    made.market.hides_po = True
    assert strangers(made, "completed", "completed").alarms == ()
    enlist(made.ledger, order(1))
    assert len(strangers(made, "completed", "completed").alarms) == 1


def test_each_order_that_is_not_ours_is_opened_once_however_often_is_audited(made: Parts) -> None:
    made.market.hides_po = True
    enlist(made.ledger, order(1))
    for _ in range(3):
        strangers(made, *["completed"] * 70)
    assert made.market.asked.count("open") == 70


def test_an_accepted_order_that_is_not_listed_yet_leaves_the_audit_not_whole_until_the_window_is_over(
    made: Parts,
) -> None:
    enlist(made.ledger, order())
    placed = brought(made.ledger, order(), Step.BEGUN, Step.ACCEPTED, order_id="9001")
    early = audited(made, placed)
    made.market.server_time = NOW + timedelta(seconds=made.window_s)
    late = audited(made, placed)
    assert (early.is_whole, early.missing) == (False, (placed.key,))
    assert early.note == "1 order that was accepted is not on the marketplace's list yet."
    assert (late.is_whole, late.missing) == (True, (placed.key,))


@pytest.mark.parametrize(
    ("statuses", "changes"),
    [
        (["completed"], {}),
        (["completed", "cancelled"], {}),
        (["completed", "completed"], {"po_number": "PO-1"}),
        (["completed", "completed"], {"po_number": ""}),
        (["completed", "completed"], {"order_type": "renewal"}),
    ],
    ids=["one order", "all but one cancelled", "a PO number of somebody's own", "no PO number", "renewals"],
)
def test_no_alarm_is_raised_for(made: Parts, statuses: list[str], changes: dict[str, Any]) -> None:
    assert strangers(made, *statuses, **changes).alarms == ()


def test_a_twin_of_a_users_own_po_number_is_told_although_our_clock_was_a_day_fast(made: Parts) -> None:
    own = order(marker="PO-1")
    enlist(made.ledger, own)
    tomorrow = NOW + timedelta(days=1)
    begun = brought(made.ledger, own, Step.BEGUN, sent_at=tomorrow)
    placed = brought(made.ledger, begun, Step.ACCEPTED, order_id="9001", accepted_at=tomorrow)
    made.market.orders = [seen(placed, "9001"), seen(placed, "9002")]
    assert [twice.key for twice in audited(made, placed).duplicates] == [placed.key]


def test_an_order_that_shows_up_late_of_a_row_that_was_found_to_need_none_is_its_order(made: Parts) -> None:
    enlist(made.ledger, order())
    done = brought(
        made.ledger, order(), Step.FOUND, order_id="", platform_status="completed", accepted_at=NOW
    )
    made.market.orders = [seen(done, "9001")]
    found = audited(made, done)
    assert (found.duplicates, found.alarms, found.missing) == ((), (), ())
    assert (made.fresh(done).order_id, made.fresh(done).code) == ("9001", "")

    made.market.orders.append(seen(done, "9002"))
    assert [twice.key for twice in audited(made, made.fresh(done)).duplicates] == [done.key]


def test_an_order_that_a_person_said_is_another_is_no_duplicate_although_our_clock_was_a_day_slow(
    made: Parts,
) -> None:
    own = order(marker="PO-1", held_for="9000")
    enlist(made.ledger, own)
    begun = brought(made.ledger, own, Step.BEGUN, sent_at=NOW - timedelta(days=1))
    unknown = brought(made.ledger, begun, Step.NO_VERDICT)
    made.market.orders = [seen(unknown, "9000", created_at=NOW - timedelta(hours=2)), seen(unknown, "9001")]
    found = audited(made, unknown)
    assert (found.duplicates, found.alarms, found.found) == ((), (), (unknown.key,))
    assert (made.fresh(unknown).order_id, made.fresh(unknown).code) == ("9001", "")


@pytest.mark.parametrize(("minutes", "times"), [(1, 1), (60, 0)], ids=["at once", "later"])
def test_a_change_by_hand_that_inherits_a_users_own_po_number_is_no_twin_unless_it_was_made_at_once(
    made: Parts, minutes: int, times: int
) -> None:
    own = replace(change(), marker="PO-7")
    enlist(made.ledger, own)
    placed = brought(made.ledger, own, Step.BEGUN, Step.ACCEPTED, order_id="9001", accepted_at=NOW)
    kind = {"order_type": "change", "subscription_id": "s1"}
    by_hand = seen(placed, "9002", created_at=NOW + timedelta(minutes=minutes), **kind)
    made.market.orders = [seen(placed, "9001", **kind), by_hand]
    found = audited(made, placed)
    assert [len(found.duplicates), found.others] == [times, 1 - times]
    told = made.fresh(placed)
    assert (told.code, "Cancel" in told.message) == ("S-DUPLICATE" if times else "", False)


def test_changes_by_hand_are_no_twins_of_a_change_that_was_never_sent(made: Parts) -> None:
    own = replace(change(), marker="PO-7")
    enlist(made.ledger, own)
    done = brought(made.ledger, own, Step.FOUND, order_id="", platform_status="completed", accepted_at=NOW)
    kind = {"order_type": "change", "subscription_id": "s1"}
    made.market.orders = [seen(done, f"900{number}", **kind) for number in (1, 2)]
    assert audited(made, done).alarms == ()
    assert made.fresh(done) == done


def test_a_change_with_a_po_number_of_ours_is_there_twice_whenever_its_double_was_made(made: Parts) -> None:
    enlist(made.ledger, change())
    placed = brought(made.ledger, change(), Step.BEGUN, Step.ACCEPTED, order_id="9001", accepted_at=NOW)
    kind = {"order_type": "change", "subscription_id": "s1"}
    late = seen(placed, "9002", created_at=NOW + timedelta(days=1), **kind)
    made.market.orders = [seen(placed, "9001", **kind), late]
    assert len(audited(made, placed).duplicates) == 1
