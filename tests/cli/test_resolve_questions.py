"""What `resolve` asks a person, and what it does with an answer that is none."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bulk_orders.cli.commands.follow import asked, decision_from, doubt_lines, pair_lines
from bulk_orders.core.lifecycle import OrderRecord, State, held_because
from bulk_orders.errors import UsageError
from bulk_orders.marketplace.interface import PlatformOrder
from bulk_orders.runs.resolve import DecisionKind
from bulk_orders.sending.decisions import Doubt

SINCE = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
THERE = PlatformOrder(order_id="9001", order_number="SO9001", status="completed", po_number="PO-1")


def doubt(state: State, *there: PlatformOrder, note: str = "") -> Doubt:
    texts = dict.fromkeys(("key", "account", "run_id", "reference", "customer_id", "mpn", "domain"), "x")
    order = OrderRecord(
        sheet_row=7, quantity="1", marker="PO-1", body="{}", fingerprint="f", state=state, **texts
    )
    if state is State.HELD:
        order = replace(order, **held_because("it looks alike.", SINCE))
    return Doubt(order=order, there=there, since=SINCE, note=note)


def answered(state: State, *typed: str) -> tuple[tuple[DecisionKind, str, str] | None, Sequence[str]]:
    said: list[str] = []
    answers = list(typed)
    found = asked(doubt(state), said.append, lambda *_: answers.pop(0))
    assert answers == []
    return (found.kind, found.order_id, found.reason) if found else None, said


@pytest.mark.parametrize(
    ("state", "typed", "kind", "order_id"),
    [
        (State.HELD, "c", DecisionKind.CONFIRM, ""),
        (State.HELD, "D", DecisionKind.DROP, ""),
        (State.HELD, "9001", DecisionKind.PRESENT, "9001"),
        (State.UNKNOWN, "a", DecisionKind.ABSENT, ""),
        (State.UNKNOWN, "d", DecisionKind.DROP, ""),
        (State.UNKNOWN, "9001", DecisionKind.PRESENT, "9001"),
    ],
)
def test_a_row_is_decided_with_one_key_or_an_order_id(
    state: State, typed: str, kind: DecisionKind, order_id: str
) -> None:
    assert answered(state, typed, "because") == ((kind, order_id, "because"), [])


@pytest.mark.parametrize(
    ("state", "wrong"),
    [
        (State.HELD, "a"),
        (State.HELD, "x"),
        (State.HELD, "confirm"),
        (State.UNKNOWN, "c"),
        (State.UNKNOWN, "yes"),
        (State.UNKNOWN, "send row 7 again"),
    ],
)
def test_a_key_that_is_none_of_those_offered_is_asked_for_again(state: State, wrong: str) -> None:
    found, said = answered(state, wrong, "d", "because")
    assert (found, len(said)) == (
        (DecisionKind.DROP, "", "because"),
        1,
    )  # no reason was asked for the wrong one
    assert f'"{wrong}"' in said[0]


def test_the_reason_is_asked_for_with_the_row() -> None:
    shown: list[str] = []
    answers = ["d", "because"]

    def ask(*lines: str) -> str:
        shown.extend(lines)
        return answers.pop(0)

    asked(doubt(State.HELD), shown.append, ask)
    assert "row 7" in shown[-1]


def test_a_decision_without_a_reason_is_asked_for_again() -> None:
    found, said = answered(State.HELD, "c", "", "c", "a second one is meant")
    assert (found, len(said)) == ((DecisionKind.CONFIRM, "", "a second one is meant"), 1)


@pytest.mark.parametrize("state", [State.HELD, State.UNKNOWN])
def test_enter_leaves_a_row_as_it_is(state: State) -> None:
    assert answered(state, "") == (None, [])


def test_a_held_row_is_shown_with_what_is_known_since_when_and_what_looks_like_it() -> None:
    lines = "\n".join(doubt_lines(doubt(State.HELD, THERE), "not for held rows"))
    assert "since 2026-11-22 02:15" in lines
    assert "SO9001 (id 9001)" in lines
    assert "not for held rows" not in lines


@pytest.mark.parametrize(
    ("state", "words"), [(State.HELD, "last 30 days"), (State.UNKNOWN, "around that time")]
)
def test_that_nothing_is_there_is_said_only_of_a_whole_reading(state: State, words: str) -> None:
    assert words in "\n".join(doubt_lines(doubt(state), ""))
    assert words not in "\n".join(doubt_lines(doubt(state, note="the list is not complete"), ""))


def test_rows_that_are_decided_together_are_listed_each_with_its_order() -> None:
    lines = pair_lines([(doubt(State.HELD).order, THERE)])
    assert ["Row 7" in lines[0], "id 9001" in lines[1]] == [True, True]


def test_flags_that_decide_nothing_or_two_things_are_refused() -> None:
    flags = {"present": False, "present-all": True, "drop": True}
    with pytest.raises(UsageError, match="cannot be combined"):
        decision_from(flags, [], "", "why")
    with pytest.raises(UsageError, match="No decision"):
        decision_from({"drop": False}, [], "", "", even_cancelled=True)
    said = decision_from({"present": True}, [7], "9001", "why", even_cancelled=True)
    assert said is not None
    assert (said.kind, said.sheet_rows, said.even_cancelled) == (DecisionKind.PRESENT, (7,), True)
