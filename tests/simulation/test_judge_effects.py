"""The judge of what was done to subscriptions catches what it is there to catch, and nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from judge import judge
from test_judge_answers import telling

ALWAYS, NEVER = (0.0, 1e12), (90.0, 99.0)


def acting(order_id: str, tag: str = "a", **more: Any) -> dict[str, Any]:
    """What process p1 did for a row at 10 s, which its subscription showed from 12 s on; without an id, something that was set."""
    return {
        "order_id": order_id,
        "tag": tag,
        "received_s": 10.0,
        "is_replay": False,
        "is_foreign": False,
        "shown_s": 12.0,
        "is_in_vain": False,
        "deleted_s": None,
        "sent_by": "p1",
        "knows": frozenset({"p1"}),
    } | more


def in_vain(order_id: str, **more: Any) -> dict[str, Any]:
    return acting(order_id, shown_s=None, is_in_vain=True, **more)


def wish(
    *shown: tuple[float, float], is_compared: bool = True, is_edited: bool = False
) -> dict[str, dict[str, Any]]:
    """The row is known from 5 s on."""
    return {"a": {"since_s": 5.0, "shown": list(shown), "is_edited": is_edited, "is_compared": is_compared}}


def told(outcome: str, order_id: str = "", **more: Any) -> dict[str, Any]:
    """The report at 20 s, of a ledger that p1 has worked with."""
    return {
        "at_s": 20.0,
        "told_s": 20.0,
        "name": "report",
        "exit_code": None,
        "is_last": True,
        "has_read": True,
        "left_out": [],
        "users": frozenset({"p1"}),
        "expected": {2: "a"},
        "rows": [
            {"sheet_row": 2, "outcome": outcome, "order_id": order_id, "ended_s": 20.0, "is_unread": False}
        ],
    } | more


def lines(
    made: Sequence[Mapping[str, Any]], wishes: Mapping[str, Mapping[str, Any]], *tellings: Mapping[str, Any]
) -> list[str]:
    return judge(made, tellings, wishes=wishes).lines()


@pytest.mark.parametrize("outcome", ["ordered", "ordered_before", "conflict"])
@pytest.mark.parametrize("shown", [ALWAYS, (0.0, 5.0), (8.0, 9.0), (20.0, 30.0)])
def test_a_row_without_an_order_is_done_if_its_subscription_was_so_while_it_was_known(
    outcome: str, shown: tuple[float, float]
) -> None:
    assert lines((), wish(shown), told(outcome)) == []


@pytest.mark.parametrize("outcome", ["ordered", "ordered_before", "conflict"])
@pytest.mark.parametrize("shown", [[], [(0.0, 4.0)], [(21.0, 30.0)], [(0.0, 4.0), (21.0, 30.0)]])
def test_a_row_without_an_order_whose_subscription_was_not_so_is_told_wrongly(
    outcome: str, shown: list[tuple[float, float]]
) -> None:
    found = [f"WRONG report: row 2 (a) told {outcome}, and its subscription was never so"]
    assert lines((), wish(*shown), told(outcome)) == found


def test_a_purchase_without_an_order_is_not_excused_by_any_subscription() -> None:
    found = ["WRONG report: row 2 told ordered as nothing, which does not exist"]
    assert lines((), {}, told("ordered")) == found
    assert lines([acting("")], {}, told("ordered")) == found


def test_an_order_that_was_carried_out_is_told_as_ordered() -> None:
    assert lines([acting("1")], wish((12.0, 1e12)), told("ordered", "1")) == []


@pytest.mark.parametrize("shown", [[], [(6.0, 9.0)], [(21.0, 30.0)]])
def test_an_order_without_effect_is_told_wrongly_as_ordered(shown: list[tuple[float, float]]) -> None:
    """Though the subscription was so before, or is so afterwards."""
    found = ["WRONG report: row 2 (a) told ordered as 1, which had no effect"]
    assert lines([acting("1")], wish(*shown), told("ordered", "1")) == found


@pytest.mark.parametrize("outcome", ["accepted", "scheduled"])
def test_an_order_that_is_under_way_need_not_have_had_its_effect(outcome: str) -> None:
    assert lines([acting("1")], wish(), told(outcome, "1")) == []


@pytest.mark.parametrize("outcome", ["order_in_error", "order_cancelled"])
def test_an_order_told_as_failed_by_which_the_subscription_is_so_is_told_wrongly(outcome: str) -> None:
    found = [f"WRONG report: row 2 (a) told {outcome} as 1, and by 1 its subscription is so"]
    assert lines([acting("1")], wish((12.0, 1e12)), told(outcome, "1")) == found
    assert lines([acting("1")], wish((12.0, 1e12), is_edited=True), told(outcome, "1")) == []


def test_any_order_of_a_row_may_be_the_one_that_was_carried_out() -> None:
    made = [acting("1", deleted_s=13.0, shown_s=None), acting("2")]
    found = ["WRONG report: row 2 (a) told order_cancelled as 1, and by 2 its subscription is so"]
    assert lines(made, wish((12.0, 1e12)), told("order_cancelled", "1")) == found


@pytest.mark.parametrize(
    ("more", "is_wrong"),
    [
        ({}, True),
        ({"has_read": False}, False),
        (telling("order_cancelled", audit_whole=True), True),
        (telling("order_cancelled", audit_whole=False), False),
    ],
)
def test_what_a_gateway_repeated_and_was_carried_out_must_be_told_once_the_account_was_read_whole(
    more: Mapping[str, Any], is_wrong: bool
) -> None:
    made = [acting("1", deleted_s=13.0, shown_s=None), acting("2", is_replay=True, listed_s=13.0)]
    found = lines(made, wish((12.0, 1e12)), told("order_cancelled", "1", **more))
    fault = "WRONG report: row 2 (a) told order_cancelled as 1, and by 2 its subscription is so"
    assert (fault in found) is is_wrong


@pytest.mark.parametrize(("sent_by", "is_fine"), [("p0", True), ("p1", False)])
def test_a_change_of_a_forgotten_ledger_that_a_gateway_repeated_is_not_one_too_many(
    sent_by: str, is_fine: bool
) -> None:
    """The subscription was so already: once more is no other."""
    made = [acting("1", sent_by=sent_by), acting("2", sent_by=sent_by, is_replay=True, listed_s=13.0)]
    found = lines(made, wish((12.0, 1e12)), told("ordered"))
    assert any(line.startswith("DUP a: 1 rows, 2 orders by the gateway") for line in found) is not is_fine


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ({"shown_s": None}, ALWAYS),
        ({"shown_s": 21.0}, ALWAYS),
        ({}, (12.0, 20.0)),
        ({}, (13.0, 30.0)),
        ({"shown_s": None}, (0.0, 30.0)),
    ],
    ids=["no effect", "shown later", "undone since", "so only afterwards", "so before"],
)
def test_an_order_told_as_failed_may_have_failed(more: Mapping[str, Any], shown: tuple[float, float]) -> None:
    assert lines([acting("1", **more)], wish(shown), told("order_in_error", "1")) == []


def test_what_happens_between_the_writing_and_the_reading_makes_nobody_wrong() -> None:
    late = {"told_s": 25.0}
    assert lines((), wish((22.0, 1e12)), told("ordered", **late)) == []
    assert lines([acting("1", shown_s=22.0)], wish((22.0, 1e12)), told("ordered", "1", **late)) == []
    assert lines([acting("1", shown_s=22.0)], wish((22.0, 1e12)), told("order_in_error", "1", **late)) == []
    assert lines([acting("1")], wish((12.0, 23.0)), told("order_in_error", "1", **late)) == []


def test_what_somebody_else_did_does_not_make_a_failed_order_a_good_one() -> None:
    made = [acting("1", shown_s=None), acting("2", is_foreign=True)]
    assert lines(made, wish((12.0, 1e12)), told("order_in_error", "1")) == []


def test_what_was_done_for_another_row_does_not_make_a_failed_order_a_good_one() -> None:
    made = [acting("1", shown_s=None), acting("2", tag="b")]
    rows = told("order_in_error", "1")["rows"] + [{"sheet_row": 3, "outcome": "accepted", "order_id": "2"}]
    assert lines(made, wish((12.0, 1e12)), told("", expected={2: "a", 3: "b"}, rows=rows)) == []


def test_seats_that_were_added_where_they_were_to_be_the_total_are_wrong() -> None:
    made = acting("1", wrong_effect="made 22 seats where 12 were asked for")
    found = ["WRONG a: 1 made 22 seats where 12 were asked for"]
    assert lines([made], wish((12.0, 1e12)), told("ordered", "1")) == found
    assert lines([made | {"is_foreign": True, "tag": ""}], wish(ALWAYS), told("ordered")) == []


@pytest.mark.parametrize("ids", [("1", "2"), ("", "")], ids=["orders", "settings"])
def test_what_was_done_twice_for_one_row_is_a_duplicate(ids: tuple[str, str]) -> None:
    found = [f"DUP a: 1 rows, 2 orders ({', '.join(ids)})"]
    assert lines([acting(ids[0]), acting(ids[1])], wish((12.0, 1e12)), told("ordered", ids[0])) == found


AGAIN = acting("2", received_s=15.0)


@pytest.mark.parametrize("sent_by", ["", "p0"], ids=["another ledger", "before it forgot"])
def test_what_changed_nothing_and_nobody_knew_of_may_be_done_again(sent_by: str) -> None:
    made = [in_vain("1", sent_by=sent_by), AGAIN]
    assert lines(made, wish((17.0, 1e12)), told("ordered", "2")) == []


@pytest.mark.parametrize(
    ("first", "again", "is_compared"),
    [
        (in_vain("1"), AGAIN, True),
        (acting("1", sent_by="p0"), AGAIN, True),
        (in_vain("1", sent_by="p0"), AGAIN, False),
        (in_vain("1", sent_by="p0", received_s=16.0), AGAIN, True),
        (in_vain("1", sent_by="p0"), AGAIN | {"knows": frozenset({"p0", "p1"})}, True),
    ],
    ids=["known", "with effect", "not shown", "the later one", "known to the later one"],
)
def test_anything_else_that_is_done_again_is_a_duplicate(
    first: Mapping[str, Any], again: Mapping[str, Any], is_compared: bool
) -> None:
    wishes = wish((17.0, 1e12), is_compared=is_compared)
    assert lines([first, again], wishes, told("ordered", "2")) == ["DUP a: 1 rows, 2 orders (1, 2)"]


def test_one_that_a_third_order_knew_of_is_a_duplicate() -> None:
    knowing = acting("3", received_s=16.0, knows=frozenset({"p0", "p1"}))
    found = ["DUP a: 1 rows, 3 orders (1, 2, 3)"]
    assert lines([in_vain("1", sent_by="p0"), AGAIN, knowing], wish(ALWAYS), told("ordered", "2")) == found


def test_a_purchase_that_ended_in_error_is_a_duplicate_of_the_next() -> None:
    made = [in_vain("1", sent_by="p0"), AGAIN]
    assert lines(made, {}, told("ordered", "2")) == ["DUP a: 1 rows, 2 orders (1, 2)"]


@pytest.mark.parametrize("outcome", ["rejected", "gave_up", "invalid", "not_sent"])
def test_what_changed_nothing_and_the_ledger_cannot_know_need_not_be_told(outcome: str) -> None:
    assert lines([in_vain("1", sent_by="p0")], wish(), told(outcome)) == []


@pytest.mark.parametrize(("outcome", "kind"), [("rejected", "WRONG"), ("not_sent", "LOST")])
def test_what_changed_nothing_and_the_ledger_knows_must_be_told(outcome: str, kind: str) -> None:
    found = [f"{kind} report: a: row 2 {outcome}, but 1 exists"]
    assert lines([in_vain("1")], wish(), told(outcome)) == found


def test_a_scheduled_order_that_the_next_one_deleted_is_not_one_too_many() -> None:
    made = [acting("1", deleted_s=13.0, shown_s=None), acting("2")]
    assert lines(made, wish((12.0, 1e12)), told("ordered", "2")) == []


def test_what_was_set_for_a_row_is_done_and_has_no_id() -> None:
    assert lines([acting("", shown_s=None)], wish((12.0, 1e12)), told("ordered")) == []


@pytest.mark.parametrize("order_id", ["1", ""], ids=["order", "setting"])
def test_what_the_ledger_s_own_process_did_is_lost_if_its_row_is_told_as_not_sent(order_id: str) -> None:
    found = [f"LOST report: a: row 2 not_sent, but {order_id} exists"]
    assert lines([acting(order_id)], wish((12.0, 1e12)), told("not_sent")) == found


@pytest.mark.parametrize("sent_by", ["", "p0"], ids=["another ledger", "before it forgot"])
def test_what_the_ledger_cannot_know_and_will_see_before_it_sends_may_be_told_as_not_sent(
    sent_by: str,
) -> None:
    assert lines([acting("1", sent_by=sent_by)], wish((12.0, 1e12)), told("not_sent")) == []


def test_one_that_the_ledger_did_is_lost_though_another_ledger_did_the_same() -> None:
    made = [acting("1", sent_by="p0"), acting("2", deleted_s=13.0)]
    found = ["LOST report: a: row 2 not_sent, but 1, 2 exists"]
    assert lines(made, wish((12.0, 1e12)), told("not_sent")) == found


def test_a_purchase_that_another_did_is_lost_as_no_subscription_shows_it_before_sending() -> None:
    found = ["LOST report: a: row 2 not_sent, but 1 exists"]
    assert lines([acting("1", sent_by="p0")], {}, told("not_sent")) == found
    assert lines([acting("1", sent_by="p0")], wish(is_compared=False), told("not_sent")) == []


@pytest.mark.parametrize("outcome", ["invalid", "skipped", "dropped"])
def test_a_row_that_will_not_be_sent_is_lost_whoever_did_it(outcome: str) -> None:
    found = [f"LOST report: a: row 2 {outcome}, but 1 exists"]
    assert lines([acting("1", sent_by="p0")], wish((12.0, 1e12)), told(outcome)) == found


@pytest.mark.parametrize("outcome", ["rejected", "gave_up"])
def test_a_row_that_failed_is_told_wrongly_whoever_did_it(outcome: str) -> None:
    found = [f"WRONG report: a: row 2 {outcome}, but 1 exists"]
    assert lines([acting("1", sent_by="p0")], wish((12.0, 1e12)), told(outcome)) == found


@pytest.mark.parametrize(
    ("outcome", "more", "is_fine"),
    [
        ("gave_up", {"sent_by": "p0", "shown_s": 21.0}, True),
        ("gave_up", {"sent_by": "p0", "shown_s": 20.0}, False),
        ("gave_up", {"sent_by": "p1", "shown_s": 21.0}, False),
        ("rejected", {"sent_by": "p0", "shown_s": 21.0}, False),
    ],
)
def test_a_row_may_be_given_up_behind_another_ledger_s_order_that_is_not_carried_out(
    outcome: str, more: Mapping[str, Any], is_fine: bool
) -> None:
    found = [] if is_fine else [f"WRONG report: a: row 2 {outcome}, but 1 exists"]
    assert lines([acting("1", **more)], wish((21.0, 1e12)), told(outcome)) == found


def test_what_is_carried_out_after_a_row_was_given_up_does_not_make_it_wrong() -> None:
    rows = [{"sheet_row": 2, "outcome": "gave_up", "order_id": "", "ended_s": 11.0, "is_unread": False}]
    assert lines([acting("1", sent_by="p0")], wish((12.0, 1e12)), told("gave_up", rows=rows)) == []


@pytest.mark.parametrize(("sent_by", "is_fine"), [("p0", True), ("p1", False)])
def test_a_row_may_be_given_up_unread_though_another_ledger_did_it(sent_by: str, is_fine: bool) -> None:
    rows = [{"sheet_row": 2, "outcome": "gave_up", "order_id": "", "ended_s": 20.0, "is_unread": True}]
    found = lines([acting("1", sent_by=sent_by)], wish((12.0, 1e12)), told("gave_up", rows=rows))
    assert found == ([] if is_fine else ["WRONG report: a: row 2 gave_up, but 1 exists"])


@pytest.mark.parametrize(
    ("sent_by", "ended_s", "is_fine"), [("p0", 9.0, True), ("p0", 11.0, False), ("p1", 9.0, False)]
)
def test_a_row_that_was_refused_may_be_done_later_by_another_ledger(
    sent_by: str, ended_s: float, is_fine: bool
) -> None:
    rows = [{"sheet_row": 2, "outcome": "rejected", "order_id": "", "ended_s": ended_s, "is_unread": False}]
    found = [] if is_fine else ["WRONG report: a: row 2 rejected, but 1 exists"]
    assert lines([acting("1", sent_by=sent_by)], wish((12.0, 1e12)), told("rejected", rows=rows)) == found


@pytest.mark.parametrize(
    ("sent_by", "deleted_s", "is_fine"), [("p0", 13.0, True), ("p0", 21.0, False), ("p1", 13.0, False)]
)
def test_what_another_ledger_scheduled_and_was_deleted_need_not_be_told(
    sent_by: str, deleted_s: float, is_fine: bool
) -> None:
    made = in_vain("1", sent_by=sent_by, deleted_s=deleted_s)
    found = [] if is_fine else ["LOST report: a: row 2 skipped, but 1 exists"]
    assert lines([made], wish(is_compared=False), told("skipped")) == found


def test_a_row_is_not_given_up_behind_orders_of_which_one_was_carried_out() -> None:
    made = [acting("1", sent_by="p0"), acting("2", sent_by="p0", shown_s=21.0)]
    found = ["DUP a: 1 rows, 2 orders (1, 2)", "WRONG report: a: row 2 gave_up, but 1, 2 exists"]
    assert lines(made, wish((12.0, 1e12)), told("gave_up")) == found
