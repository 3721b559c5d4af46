"""The judge catches what it is there to catch, and nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from judge import judge


def order(order_id: str, tag: str, **more: Any) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "tag": tag,
        "received_s": 10.0,
        "is_replay": False,
        "listed_s": 10.0,
        "sent_by": "p1",
        "is_foreign": False,
    } | more


def telling(*rows: tuple[str, str], tags: Sequence[str] = ("a", "b"), **more: Any) -> dict[str, Any]:
    """Rows from sheet row 2 on, each (outcome, order id); by default both rows of a workbook with the tags a and b."""
    told = [
        {"sheet_row": number, "outcome": outcome, "order_id": order_id}
        for number, (outcome, order_id) in enumerate(rows, 2)
    ]
    return {
        "at_s": 20.0,
        "told_s": 20.0,
        "name": "report",
        "exit_code": None,
        "is_last": True,
        "has_read": True,
        "left_out": [],
        "users": frozenset(),
        "expected": dict(enumerate(tags, 2)),
        "rows": told,
    } | more


BOTH = (order("1", "a"), order("2", "b"))
FINE = telling(("ordered", "1"), ("accepted", "2"), exit_code=0)


def lines(orders: Sequence[Mapping[str, Any]], *tellings: Mapping[str, Any]) -> list[str]:
    return judge(orders, tellings).lines()


def test_one_order_for_each_row_told_by_its_id_is_fine() -> None:
    assert lines(BOTH, FINE) == []


def test_two_orders_for_one_row_are_a_duplicate() -> None:
    assert lines((*BOTH, order("3", "a")), FINE) == ["DUP a: 1 rows, 2 orders (1, 3)"]


def test_two_rows_alike_may_have_two_orders_and_not_three() -> None:
    alike = telling(("ordered", "1"), ("ordered", "2"), tags=("a", "a"))
    made = (order("1", "a"), order("2", "a"))
    assert lines(made, alike) == []
    assert lines((*made, order("3", "a")), alike) == ["DUP a: 2 rows, 3 orders (1, 2, 3)"]


def test_an_order_made_twice_by_the_gateway_must_be_told() -> None:
    made = (*BOTH, order("3", "a", is_replay=True))
    assert lines(made, FINE) == ["DUP a: 1 rows, 2 orders by the gateway, and nobody was told (1, 3)"]
    assert judge(made, [FINE], [frozenset({"1", "3"})]).is_clean
    assert judge(made, [FINE], [frozenset({"1", "3"})]).told_duplicates == 1
    assert not judge(made, [FINE], [frozenset({"1"}), frozenset({"3"})]).is_clean


@pytest.mark.parametrize(
    ("listed_s", "later", "is_fine"),
    [
        (21.0, {"tags": ("b", "c")}, True),
        (20.0, {"tags": ("b", "c")}, False),
        (21.0, {"tags": ("a", "b")}, False),
        (21.0, {"tags": ("b", "c"), "users": frozenset({"p1"})}, False),
        (21.0, {"audit_whole": True}, False),
        (21.0, {"audit_whole": False, "users": frozenset({"p1"})}, True),
    ],
)
def test_one_that_the_gateway_made_for_a_ledger_and_a_row_that_are_gone_need_not_be_told(
    listed_s: float, later: dict[str, Any], is_fine: bool
) -> None:
    repeated = order("3", "a", is_replay=True, listed_s=listed_s)
    second = telling(("ordered", "2"), ("not_sent", ""), at_s=30.0, **later)
    found = judge((*BOTH, repeated), [FINE, second]).duplicates
    assert found == ([] if is_fine else ["a: 1 rows, 2 orders by the gateway, and nobody was told (1, 3)"])


def test_of_orders_that_nobody_can_tell_apart_as_many_must_be_told_as_are_too_many() -> None:
    alike = telling(("ordered", "1"), ("ordered", "2"), tags=("a", "a"))
    made = (order("1", "a"), order("2", "a"), order("3", "a", is_replay=True))
    assert judge(made, [alike], [frozenset({"1", "2"})]).is_clean
    four = (*made, order("4", "a", is_replay=True))
    assert not judge(four, [alike], [frozenset({"1", "3"}), frozenset({"3", "1"})]).is_clean
    assert judge(four, [alike], [frozenset({"1", "3"}), frozenset({"3", "4"})]).is_clean
    assert judge(four, [alike], [frozenset({"1", "3"}), frozenset({"2", "4"})]).is_clean


def test_a_row_told_as_not_sent_whose_order_exists_is_lost() -> None:
    assert lines(BOTH, telling(("not_sent", ""), ("accepted", "2"))) == [
        "LOST report: a: row 2 not_sent, but 1 exists"
    ]


def test_a_row_told_as_not_sent_may_be_sent_later() -> None:
    assert lines(BOTH, telling(("not_sent", ""), ("accepted", "2"), at_s=5.0), FINE) == []


def test_a_row_that_is_missing_from_the_report_is_lost() -> None:
    assert lines(BOTH, telling(("ordered", "1"))) == ["LOST report: row 3 (b) is told 0 times"]


def test_a_row_that_nobody_gave_is_told_wrongly() -> None:
    found = lines(BOTH, telling(("ordered", "1"), ("ordered", "2"), ("rejected", "")))
    assert found == ["WRONG report: row 4 is told and was never given"]


def test_a_row_told_as_refused_whose_order_exists_is_told_wrongly() -> None:
    found = lines(BOTH, telling(("rejected", ""), ("accepted", "2")))
    assert found == ["WRONG report: a: row 2 rejected, but 1 exists"]


def test_a_row_told_as_unknown_may_have_an_order() -> None:
    judgement = judge(BOTH, [telling(("unknown", ""), ("accepted", "2"), exit_code=5)])
    assert judgement.is_clean
    assert judgement.unfound == 1


def test_an_id_that_does_not_exist_is_told_wrongly() -> None:
    found = lines((order("2", "b"),), telling(("ordered", "9"), ("accepted", "2")))
    assert found == ["WRONG report: row 2 told ordered as 9, which does not exist"]


def test_an_id_that_belongs_to_another_row_is_told_wrongly() -> None:
    found = lines(BOTH, telling(("ordered", "2"), ("unknown", "")))
    assert found[0] == "WRONG report: row 2 told ordered as 2, which is of b and not of a"


def test_somebody_elses_order_is_told_wrongly_as_ours() -> None:
    made = (order("1", "", is_foreign=True), order("2", "b"))
    found = lines(made, telling(("ordered", "1"), ("accepted", "2")))
    assert found == ["WRONG report: row 2 told ordered as 1, which is of somebody else and not of a"]


def test_one_order_for_two_rows_is_told_wrongly() -> None:
    alike = telling(("ordered", "1"), ("ordered", "1"), tags=("a", "a"))
    assert lines((order("1", "a"),), alike) == ["WRONG report: row 3 told ordered as 1, as another row was"]


def test_a_row_that_left_the_workbook_may_own_an_order_of_its_like() -> None:
    before = telling(("ordered", "1"), ("ordered", "2"), tags=("a", "a"))
    after = telling(("not_sent", ""), tags=("a",))
    assert lines((order("1", "a"), order("2", "a")), before, after) == []


def test_a_row_of_a_run_that_died_before_it_told_anything_may_own_its_order() -> None:
    told = telling(("ordered", "2"), tags=("b",))
    assert judge(BOTH, [told], workbooks=[{2: "a", 3: "b"}]).is_clean
