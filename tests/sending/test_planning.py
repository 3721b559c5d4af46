"""From checked rows to what a run will do: nothing that may exist is ever planned to be sent."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.identity import Account, marker
from bulk_orders.core.lifecycle import DROPPED, OrderRecord, State, Step, held_because, step
from bulk_orders.core.model import Order, Row
from bulk_orders.core.summary import Disposition
from bulk_orders.ledger.interface import RunRecord
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.sending.planning import Plan, Wanted, build_orders, plan

TEMPLATE = json.loads(
    (Path(__file__).parents[2] / "templates" / "order_bodies" / "sales.json").read_text("utf-8")
)
ACCOUNT = Account(host="practice", marketplace="us", user="practice")
NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)


def row(sheet_row: int = 4, **values: str) -> Row:
    whole = {
        "customer_id": "1000105563",
        "mpn": "A:1",
        "quantity": "5",
        "commitment": "year",
        "billing": "month",
        "tenant": "existing",
    }
    return Row(sheet_row=sheet_row, values=whole | values)


def orders_of(
    *rows: Row, row_keys: dict[int, str] | None = None, known: dict[str, OrderRecord] | None = None
) -> list[Order]:
    return build_orders(rows, templates={"sales": TEMPLATE}, account=ACCOUNT, row_keys=row_keys, known=known)


def planned(orders: list[Order], ledger: MemoryLedger, now: datetime = NOW) -> Plan:
    return plan(Wanted(orders=tuple(orders)), run_id="r2", account=ACCOUNT, ledger=ledger, now=now)


def ledger_with(order: Order, state: State, **changes: object) -> MemoryLedger:
    """A ledger in which an earlier run brought `order` to `state`."""
    ledger = MemoryLedger()
    first = planned([order], ledger)
    run = RunRecord(
        run_id="r1",
        account=str(ACCOUNT),
        environment="PRACTICE",
        profile="practice",
        marketplace="us",
        source_name="a.xlsx",
        source_path="/a.xlsx",
        source_sha256="",
        operator="me",
        host="here",
        program_version="0",
        started_at=NOW,
    )
    rows = [replace(entry, run_id="r1") for entry in first.rows]
    record = replace(first.new[0], run_id="r1")
    ledger.enlist(run, rows, new=[record], again=[], source=b"")
    for what in PATHS[state]:
        more = {"attempts": 1, "sent_at": NOW} if what is Step.BEGUN else changes
        after = step(record, what, **more)
        ledger.advance(record, after, what, at=NOW)
        record = after
    return ledger


PATHS = {
    State.PENDING: (),
    State.IN_FLIGHT: (Step.BEGUN,),
    State.UNKNOWN: (Step.BEGUN, Step.NO_VERDICT),
    State.ACCEPTED: (Step.BEGUN, Step.ACCEPTED),
    State.REJECTED: (Step.BEGUN, Step.REJECTED),
    State.GAVE_UP: (Step.GAVE_UP,),
    State.DROPPED: (Step.BEGUN, Step.NO_VERDICT, Step.DROPPED),
    State.HELD: (Step.HELD_BACK,),
}


def test_a_row_without_a_po_number_carries_its_marker() -> None:
    order = orders_of(row())[0]
    assert order.marker == marker(order.key)
    assert json.loads(order.body)["ponumber"] == order.marker


def test_a_users_own_po_number_is_sent_as_it_is() -> None:
    assert json.loads(orders_of(row(po_number="00-0000"))[0].body)["ponumber"] == "00-0000"


def test_identical_rows_without_a_reference_are_different_orders_in_any_run() -> None:
    one, two = orders_of(row(4), row(9))
    assert one.key != two.key
    assert [order.key for order in orders_of(row(5), row(6))] == [one.key, two.key]


def test_a_reference_makes_the_order_whatever_its_content() -> None:
    assert orders_of(row(reference="N-1"))[0].key == orders_of(row(reference="n-1", quantity="9"))[0].key


@pytest.mark.parametrize("state", [State.IN_FLIGHT, State.UNKNOWN])
def test_an_order_in_doubt_is_never_planned_to_be_sent(state: State) -> None:
    order = orders_of(row())[0]
    made = planned([order], ledger_with(order, state))
    assert made.to_send == ()
    assert made.rows[0].disposition is Disposition.DOUBTFUL_BEFORE
    assert [record.key for record in made.doubtful] == [order.key]


def test_an_accepted_order_is_ordered_before() -> None:
    order = orders_of(row())[0]
    made = planned([order], ledger_with(order, State.ACCEPTED, order_id="7"))
    assert made.to_send == ()
    assert made.rows[0].disposition is Disposition.ORDERED_BEFORE


def test_an_accepted_reference_with_other_content_is_a_conflict_that_names_the_order() -> None:
    ledger = ledger_with(
        orders_of(row(reference="N-1"))[0],
        State.ACCEPTED,
        order_id="7",
        order_number="SO000007",
        accepted_at=NOW,
    )
    made = planned(orders_of(row(reference="N-1", quantity="9")), ledger)
    assert made.rows[0].disposition is Disposition.CONFLICT
    assert "N-1 was ordered on 22-Nov-2026 as SO000007" in made.rows[0].message
    assert made.to_send == ()


@pytest.mark.parametrize("state", [State.PENDING, State.REJECTED, State.GAVE_UP])
def test_an_order_that_was_provably_not_made_is_taken_up_with_its_new_content(state: State) -> None:
    ledger = ledger_with(orders_of(row(reference="N-1"))[0], state)
    made = planned(orders_of(row(reference="N-1", quantity="9")), ledger)
    assert [(order.state, order.quantity) for order in made.to_send] == [(State.PENDING, "9")]


def test_a_dropped_order_comes_back_only_as_held() -> None:
    order = orders_of(row(reference="N-1"))[0]
    made = planned([order], ledger_with(order, State.DROPPED))
    assert made.to_send == ()
    assert [(after.state, after.code, after.held_at) for _, after in made.again] == [
        (State.HELD, "S-HELD", NOW)
    ]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (
            {"code": DROPPED, "message": "ops: twice"},
            "it was dropped before (ops: twice); it was sent before that",
        ),
        ({}, "it was dropped before; it was sent before that"),
    ],
)
def test_a_dropped_order_that_comes_back_says_what_was_said_of_it(said: dict[str, str], why: str) -> None:
    order = orders_of(row(reference="N-1"))[0]
    ((_, after),) = planned([order], ledger_with(order, State.DROPPED, **said)).again
    assert after.message == f"{why}, and may exist."


def test_a_dropped_order_that_was_never_sent_cannot_exist() -> None:
    order = orders_of(row(reference="N-1"))[0]
    ledger = ledger_with(order, State.HELD, **held_because("it looks alike.", NOW))
    (held,) = ledger.orders_by_key([order.key]).values()
    ledger.advance(held, step(held, Step.DROPPED, code=DROPPED, message="ops: no"), Step.DROPPED, at=NOW)
    ((_, after),) = planned([order], ledger).again
    assert after.message == "it was dropped before (ops: no)."


@given(st.integers(1, 4))
def test_a_held_order_keeps_its_reason_however_often_it_comes_again(runs: int) -> None:
    order = orders_of(row(reference="N-1"))[0]
    ledger = ledger_with(order, State.HELD, **held_because("it looks alike.", NOW))
    for later in range(1, runs + 1):
        ((before, after),) = planned([order], ledger, NOW + timedelta(days=later)).again
        ledger.advance(before, after, Step.SUBMITTED_AGAIN, at=NOW)
    assert (after.code, after.message, after.held_at) == ("S-HELD", "it looks alike.", NOW)


@pytest.mark.parametrize("what", [Step.CONFIRMED, Step.DROPPED, Step.FOUND])
def test_an_order_that_is_held_no_longer_is_held_since_no_moment(what: Step) -> None:
    order = orders_of(row(reference="N-1"))[0]
    held = ledger_with(order, State.HELD, **held_because("it looks alike.", NOW)).order(order.key)
    assert held is not None
    assert step(held, what).held_at is None


@pytest.mark.parametrize("state", [State.ACCEPTED, State.UNKNOWN, State.IN_FLIGHT])
def test_a_nameless_row_that_looks_like_a_recent_order_is_held(state: State) -> None:
    ledger = ledger_with(orders_of(row())[0], state)
    made = planned(orders_of(row(po_number="other")), ledger)
    assert made.to_send == ()
    assert (made.new[0].state, made.new[0].held_at) == (State.HELD, NOW)
    assert "22-Nov-2026" in made.new[0].message


@pytest.mark.parametrize(
    ("change", "later"),
    [
        ({"quantity": "6"}, timedelta()),
        ({"reference": "N-2"}, timedelta()),
        ({"po_number": "x"}, timedelta(days=30, seconds=1)),
    ],
    ids=["other quantity", "a reference of its own", "31 days later"],
)
def test_what_differs_enough_is_not_held(change: dict[str, str], later: timedelta) -> None:
    ledger = ledger_with(orders_of(row())[0], State.ACCEPTED)
    assert len(planned(orders_of(row(**change)), ledger, NOW + later).to_send) == 1


def test_a_change_of_a_subscription_is_no_purchase_that_a_nameless_row_looks_like() -> None:
    (bought,) = orders_of(row())
    body = json.dumps({"type": "change", "subscriptionId": "s1", "products": [{"mpn": "A:1", "quantity": 5}]})
    ledger = ledger_with(replace(bought, body=body), State.ACCEPTED)
    assert len(planned(orders_of(row(po_number="other")), ledger).to_send) == 1


def test_only_the_first_so_many_are_sent_and_the_others_say_so() -> None:
    made = planned(
        orders_of(row(4, reference="a"), row(5, reference="b"), row(6, reference="c")), MemoryLedger()
    ).only_first(2)
    assert [order.sheet_row for order in made.to_send] == [4, 5]
    assert [entry.disposition for entry in made.rows] == [
        Disposition.TO_SEND,
        Disposition.TO_SEND,
        Disposition.NOT_CHOSEN,
    ]
    assert len(made.new) == 2


def test_a_row_that_brings_its_key_is_its_order_after_any_edit() -> None:
    order = orders_of(row())[0]
    known = {order.key: ledger_with(order, State.ACCEPTED).order(order.key)}
    edited = orders_of(row(17, quantity="9"), row_keys={17: order.key}, known=known)
    assert edited[0].key == order.key


def test_of_copied_rows_the_one_with_the_orders_content_keeps_the_key() -> None:
    order = orders_of(row())[0]
    known = {order.key: ledger_with(order, State.ACCEPTED).order(order.key)}
    copies = orders_of(row(4, quantity="9"), row(5), row_keys={4: order.key, 5: order.key}, known=known)
    assert [copy.key == order.key for copy in copies] == [False, True]


def test_a_row_whose_reference_was_removed_is_still_its_order() -> None:
    order = orders_of(row(reference="N-1"))[0]
    known = {order.key: ledger_with(order, State.ACCEPTED).order(order.key)}
    assert orders_of(row(), row_keys={4: order.key}, known=known)[0].key == order.key


def test_a_reference_wins_over_a_brought_key() -> None:
    order = orders_of(row(reference="N-1"))[0]
    known = {order.key: ledger_with(order, State.ACCEPTED).order(order.key)}
    two = orders_of(row(4), row(5, reference="N-1"), row_keys={4: order.key}, known=known)
    assert [entry.key == order.key for entry in two] == [False, True]


def test_a_reference_wins_over_a_brought_key_also_when_the_record_does_not_tell_its_own_any_more() -> None:
    order = orders_of(row(reference="N-1"))[0]
    told = ledger_with(order, State.ACCEPTED).order(order.key)
    known = {order.key: replace(told, reference="", body="")}
    two = orders_of(row(4), row(5, reference="N-1"), row_keys={4: order.key}, known=known)
    assert [entry.key == order.key for entry in two] == [False, True]
    assert orders_of(row(4), row_keys={4: order.key}, known=known)[0].key == order.key


def test_a_key_that_the_ledger_does_not_know_is_not_believed() -> None:
    assert orders_of(row(), row_keys={4: "k1:made-up"}, known={})[0].key == orders_of(row())[0].key


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "", "A", "B", "C"]), st.sampled_from(["1", "2"]), st.booleans()),
        max_size=8,
    )
)
def test_no_two_nameless_rows_of_a_workbook_share_an_order(drawn: list[tuple[str, str, bool]]) -> None:
    first = orders_of(row())[0]
    known = {first.key: ledger_with(first, State.ACCEPTED).order(first.key)}
    rows = [
        row(4 + place, quantity=quantity, reference=reference)
        for place, (reference, quantity, _) in enumerate(drawn)
    ]
    keys = {4 + place: first.key for place, (_, _, is_kept) in enumerate(drawn) if is_kept}
    orders = orders_of(*rows, row_keys=keys, known=known)
    nameless = [order.key for order in orders if not order.reference]
    assert len(nameless) == len(set(nameless))
