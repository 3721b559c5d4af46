"""The ledger's contract, over every implementation: what people wrote can be erased, and all else goes on being verified."""

import json
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_contract import (
    ACCOUNT,
    LATER_RUN,
    NOW,
    RUN,
    advance,
    attempt,
    everything,
    order,
    row,
    run_record,
)

from bulk_orders.core.lifecycle import DUPLICATE, IllegalStep, OrderRecord, State, Step, step
from bulk_orders.core.matching import resembles
from bulk_orders.core.summary import Disposition
from bulk_orders.ledger.erasure import names_people
from bulk_orders.ledger.interface import AccountRecord, ForeignOrder, Ledger, RowRecord, Superseded
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.ledger.verification import verify
from bulk_orders.marketplace.interface import PlatformOrder

NAME = "Annabella Quillfeather"
SETTLED = {
    State.ACCEPTED: (Step.BEGUN, Step.ACCEPTED),
    State.REJECTED: (Step.BEGUN, Step.REJECTED),
    State.GAVE_UP: (Step.GAVE_UP,),
    State.DROPPED: (Step.BEGUN, Step.NO_VERDICT, Step.DROPPED),
}
UNSETTLED = {
    State.PENDING: (),
    State.IN_FLIGHT: (Step.BEGUN,),
    State.UNKNOWN: (Step.BEGUN, Step.NO_VERDICT),
}
HELD = {"state": State.HELD, "code": "S-HELD", "message": "why", "held_at": NOW}


def naming(number: int = 1, **changes: object) -> OrderRecord:
    """An order that names a person wherever one can be named."""
    body = json.dumps({"products": [{"mpn": "CFQ7TTC0LH18:0001", "quantity": 10}], "name": NAME})
    domain = "annabella-quillfeather.example"
    return order(number, **{"reference": f"{NAME} {number}", "domain": domain, "body": body, **changes})


def brought(ledger: Ledger, before: OrderRecord, steps: Sequence[Step]) -> OrderRecord:
    """The order after these steps, each of which quotes a person."""
    for what in steps:
        after = step(before, what, message=NAME, order_id="o-1" if what is Step.ACCEPTED else "")
        quoting = attempt(after, reason=NAME) if what is Step.BEGUN else None
        ledger.advance(before, after, what, at=NOW, attempt=quoting, note=f"{NAME} said so")
        before = after
    return before


def told_of_people(ledger: Ledger) -> bool:
    return "Quillfeather" in repr((everything(ledger), list(ledger.orders()))) or NAME.encode() in b"".join(
        ledger.source(run.run_id) for run in ledger.runs()
    )


def begun_run(ledger: Ledger, *orders: OrderRecord, run_id: str = RUN, source: bytes = NAME.encode()) -> None:
    options = json.dumps({"first": 3, "mapping": {"name": f"{NAME}.mapping.toml"}})
    names = {"source_name": f"{NAME}.xlsx", "source_path": f"/{NAME}.xlsx", "stopped_by": NAME}
    run = run_record(run_id, options=options, **names)
    rows = [row(one, run_id) for one in orders]
    wrong = RowRecord(
        run_id=run_id, sheet_row=99, disposition=Disposition.INVALID, code="E-NUMBER", message=NAME, fix=NAME
    )
    ledger.enlist(run, [*rows, wrong], new=orders, again=[], source=source)


def ended_run(ledger: Ledger, run_id: str = RUN) -> None:
    run = ledger.run(run_id)
    assert run is not None
    ledger.finish_run(replace(run, ended_at=NOW, exit_code=0, results_path=f"/{NAME}.results.xlsx"))


def erase_all(ledger: Ledger) -> None:
    ledger.erase([one for one in ledger.orders() if names_people(one)], ledger.runs(), at=NOW)


@pytest.mark.parametrize("state", SETTLED)
def test_an_erased_order_names_nobody_and_is_the_same_order(ledger: Ledger, state: State) -> None:
    begun_run(ledger, naming())
    before = brought(ledger, naming(), SETTLED[state])
    ended_run(ledger)
    assert told_of_people(ledger)

    erase_all(ledger)

    after = ledger.order(before.key)
    assert not told_of_people(ledger)
    assert after == replace(before, version=before.version + 1, body="", reference="", domain="", message="")
    assert verify(ledger).findings == ()
    assert [one.to_state for one in ledger.events(before.key)][-1] == state.value
    assert ledger.source(RUN) == b""
    assert [one.code for one in ledger.rows(RUN)] == ["", "E-NUMBER"]


@pytest.mark.parametrize("state", [*UNSETTLED, State.HELD])
def test_an_order_that_is_not_settled_is_not_erased_nor_anything_with_it(
    ledger: Ledger, state: State
) -> None:
    first = naming(1, **(HELD if state is State.HELD else {}))
    begun_run(ledger, first, naming(2))
    unsettled = brought(ledger, first, UNSETTLED.get(state, ()))
    settled = brought(ledger, naming(2), SETTLED[State.ACCEPTED])
    ended_run(ledger)
    before = everything(ledger)

    with pytest.raises(IllegalStep):
        ledger.erase([settled, unsettled], ledger.runs(), at=NOW)

    assert everything(ledger) == before


def test_of_two_that_write_one_order_the_erasure_may_lose(ledger: Ledger) -> None:
    begun_run(ledger, naming(1), naming(2))
    first = brought(ledger, naming(1), SETTLED[State.ACCEPTED])
    read = brought(ledger, naming(2), SETTLED[State.ACCEPTED])
    advance(ledger, read, Step.REFRESHED, platform_status="completed")
    before = everything(ledger)

    with pytest.raises(Superseded):
        ledger.erase([first, read], ledger.runs(), at=NOW)

    assert everything(ledger) == before


def test_a_workbook_of_two_runs_goes_with_the_last_of_them_and_comes_again_when_it_is_run(
    ledger: Ledger,
) -> None:
    begun_run(ledger, naming(1))
    begun_run(ledger, naming(2), run_id=LATER_RUN)
    first, later = ledger.run(RUN), ledger.run(LATER_RUN)
    assert first is not None
    assert later is not None

    ledger.erase([], [first], at=NOW)
    assert (ledger.source(RUN), ledger.source(LATER_RUN)) == (b"", NAME.encode())
    ledger.erase([], [later], at=NOW)
    assert ledger.source(LATER_RUN) == b""
    begun_run(ledger, naming(3), run_id="20261124-0215-AAAA")

    assert (ledger.source("20261124-0215-AAAA"), ledger.source(RUN)) == (NAME.encode(), b"")
    assert verify(ledger).findings == ()


def test_a_refused_order_is_corrected_and_erased_once_more(ledger: Ledger) -> None:
    begun_run(ledger, naming())
    brought(ledger, naming(), SETTLED[State.REJECTED])
    erase_all(ledger)
    erased = ledger.order(naming().key)
    assert erased is not None
    again = step(erased, Step.SUBMITTED_AGAIN, body=naming().body, run_id=LATER_RUN)
    ledger.enlist(
        run_record(LATER_RUN), [row(again, LATER_RUN)], new=[], again=[(erased, again)], source=b"x"
    )
    taken = brought(ledger, again, ())
    begun = step(taken, Step.BEGUN, attempts=2)
    ledger.advance(taken, begun, Step.BEGUN, at=NOW, attempt=attempt(begun, 2, reason=NAME), note=NAME)
    brought(ledger, begun, (Step.ACCEPTED,))

    erase_all(ledger)

    assert not told_of_people(ledger)
    assert verify(ledger).findings == ()


def test_what_is_said_of_a_duplicate_stays_for_it_names_the_orders_to_cancel(ledger: Ledger) -> None:
    begun_run(ledger, naming())
    taken = brought(ledger, naming(), SETTLED[State.ACCEPTED])
    advance(ledger, taken, Step.REFRESHED, code=DUPLICATE, message="SO1 and SO2")
    erase_all(ledger)
    after = ledger.order(naming().key)
    assert after is not None
    assert (after.message, after.body) == ("SO1 and SO2", "")
    assert not names_people(after)


def test_of_orders_of_others_only_what_tells_them_apart_is_kept(ledger: Ledger) -> None:
    lines = ({"mpn": "M1", "quantity": 3, "parameters": [{"name": "first_name_agreement", "value": NAME}]},)
    there = ForeignOrder(account=ACCOUNT, order_id="o-9", customer_id="c-1", products=lines)
    ledger.record_reading(AccountRecord(account=ACCOUNT), [there])
    assert [one.products for one in ledger.foreign_orders(ACCOUNT)] == [({"mpn": "M1", "quantity": 3},)]


@pytest.mark.parametrize(
    ("mpn", "quantity", "is_ours"), [("M1", 3, True), ("M1", 4, False), ("M2", 3, False)]
)
@pytest.mark.parametrize("body", ["", '{"products": [{"mpn": "M1", "quantity": 3}]}'])
def test_an_erased_order_is_compared_by_its_content_as_before(
    body: str, mpn: str, quantity: int, is_ours: bool
) -> None:
    seen = PlatformOrder(
        order_id="o-1", customer_id="c-1", products=({"mpn": mpn, "quantity": quantity, "more": 1},)
    )
    assert resembles(order(mpn="M1", quantity="3", body=body), seen) is is_ours


@settings(max_examples=12, deadline=None)
@given(
    kind=st.sampled_from(["memory", "sqlite"]),
    states=st.lists(st.sampled_from([*SETTLED, *UNSETTLED]), min_size=1, max_size=5),
    rounds=st.lists(st.sets(st.integers(0, 4)), min_size=1, max_size=3),
)
def test_whatever_is_erased_in_whatever_order_the_ledger_is_as_it_was_written(
    kind: str, states: list[State], rounds: list[set[int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        opened = MemoryLedger() if kind == "memory" else SqlLedger.open(Path(folder) / "ledger.db")
        with closing(opened) as ledger:
            new = [naming(number) for number in range(len(states))]
            begun_run(ledger, *new)
            for one, state in zip(new, states, strict=True):
                brought(ledger, one, (SETTLED | UNSETTLED)[state])
            for chosen in rounds:
                found = [ledger.order(new[place].key) for place in chosen if place < len(new)]
                settled = [one for one in found if one and one.state in SETTLED and names_people(one)]
                ledger.erase(settled, ledger.runs() if 0 in chosen else [], at=NOW)
                assert verify(ledger).findings == ()
                assert not any(map(names_people, ledger.orders_by_key([one.key for one in settled]).values()))
