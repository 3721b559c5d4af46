"""SIGKILL of the real program, at random moments and at system calls: nothing twice, nothing lost, nothing told wrongly."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from books.order_books import order_row
from kill_judge import judge
from postgres_server import why_missing

HERE = Path(__file__).parent

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")


def played(script: str, *arguments: object, seconds: float) -> dict[str, Any]:
    ended = subprocess.run(
        [sys.executable, str(HERE / script), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert ended.stdout, ended.stderr
    return dict(json.loads(ended.stdout))


def assert_nothing_wrong(told: dict[str, Any]) -> None:
    assert told["bad"] == []
    judged = told["judged"]
    assert [judged.get(name, 0) for name in ("duplicates", "lost", "wrong", "unfound")] == [0, 0, 0, 0]
    assert judged["settled"] + judged["unknown"] == told["rows"]


@pytest.mark.parametrize(
    "kills", [pytest.param(60, marks=pytest.mark.long), pytest.param(1000, marks=pytest.mark.proof)]
)
def test_kills_at_random_moments_order_nothing_twice_and_lose_nothing(kills: int) -> None:
    told = played("run_kills.py", "--kills", kills, "--seed", 5, seconds=3600)
    assert told["kills"] >= kills
    assert_nothing_wrong(told)
    assert told["faults"]


@pytest.mark.skipif(bool(why_missing()), reason=why_missing())
@pytest.mark.parametrize(
    "kills", [pytest.param(20, marks=pytest.mark.long), pytest.param(1000, marks=pytest.mark.proof)]
)
def test_kills_while_the_ledger_is_in_a_database_order_nothing_twice_and_lose_nothing(kills: int) -> None:
    told = played("run_kills.py", "--database", "--kills", kills, "--seed", 5, seconds=7200)
    assert told["kills"] >= kills
    assert_nothing_wrong(told)


needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


@needs_strace
@pytest.mark.long
@pytest.mark.parametrize("error", ["", "EIO", "ENOSPC"])
def test_a_kill_or_a_failure_at_some_system_calls_orders_nothing_twice_and_loses_nothing(error: str) -> None:
    told = played("run_syscalls.py", "--sample", 8, "--seed", 1, "--error", error, seconds=600)
    assert told["bad"] == []
    assert told["by_call"].keys() >= {"write", "pwrite64", "rename"}


@needs_strace
@pytest.mark.proof
@pytest.mark.parametrize("error", ["", "EIO", "ENOSPC"])
def test_a_kill_or_a_failure_at_every_system_call_orders_nothing_twice_and_loses_nothing(error: str) -> None:
    told = played("run_syscalls.py", "--error", error, seconds=7200)
    assert told["bad"] == []
    assert told["by_call"].keys() >= {"write", "pwrite64", "fdatasync", "connect", "sendto"}


@pytest.mark.proof
def test_a_soak_of_20000_rows_ends_in_one_order_for_each_row() -> None:
    told = played("run_soak.py", seconds=3600)
    assert told["bad"] == []
    assert (told["duplicates"], told["lost"], told["wrong"], told["unfound"]) == (0, 0, 0, 0)
    assert told["settled_after_a_person_spoke"] == told["rows"] == 20_000
    assert told["late_mb"] < told["early_mb"] * 1.1


ROW = order_row(1, quantity="5")
PLACED = {
    "id": "77",
    "sent": {"customerId": ROW["customerId"], "products": [{"mpn": ROW["mpn"], "quantity": 5}]},
}


def told_as(outcome: str, order_id: str | None = "77", reference: str = "ROW-0001") -> dict[str, Any]:
    return {"rows": [{"reference": reference, "outcome": outcome, "order_id": order_id}]}


@pytest.mark.parametrize(
    ("orders", "told", "found"),
    [
        ([PLACED], told_as("accepted"), (0, 0, 0, 0)),
        ([PLACED, {**PLACED, "id": "78"}], told_as("accepted"), (1, 0, 0, 0)),
        ([], told_as("accepted"), (0, 0, 1, 0)),
        ([PLACED], told_as("accepted", "78"), (0, 0, 1, 0)),
        ([PLACED], told_as("not_sent", None), (0, 1, 0, 0)),
        ([PLACED], told_as("rejected", None), (0, 1, 0, 0)),
        ([PLACED], {"rows": []}, (0, 1, 0, 0)),
        ([PLACED], told_as("accepted", reference="other"), (0, 1, 0, 0)),
        ([PLACED], told_as("unknown", None), (0, 0, 0, 1)),
        ([], told_as("unknown", None), (0, 0, 0, 0)),
        ([], told_as("not_sent", None), (0, 0, 1, 0)),
    ],
)
def test_the_judge_sees_what_is_twice_lost_wrong_and_not_found(
    orders: list[Any], told: dict[str, Any], found: tuple[int, ...]
) -> None:
    verdict = judge([ROW], orders, told)
    assert (len(verdict.duplicates), len(verdict.lost), len(verdict.wrong), verdict.unfound) == found
