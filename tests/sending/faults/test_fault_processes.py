"""Real processes: many at once, a closed pipe, a full disk, a ledger deleted, restored or broken between two runs."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from books.order_books import order_rows, write_book
from processes import Desk, Practice

QUICK = {
    "BULK_ORDERS_RATE_PER_S": "0",
    "BULK_ORDERS_SETTLE_S": "0",
    "BULK_ORDERS_WINDOW_S": "0.2",
    "BULK_ORDERS_WORKERS": "4",
}
ROWS = 6


@pytest.fixture
def quick(desk: Desk) -> Desk:
    desk.settings.update(QUICK)
    return desk


def run_command(desk: Desk, practice: Practice, *, rows: int = ROWS) -> tuple[object, ...]:
    book = write_book(desk.folder / "orders.xlsx", order_rows(rows))
    return ("run", book, "--practice-at", practice.base_url, "--json")


def each_once(practice: Practice, rows: int = ROWS) -> bool:
    return sorted(order["sent"]["customerId"] for order in practice.orders()) == sorted(
        row["customerId"] for row in order_rows(rows)
    )


def ledger_files(desk: Desk) -> list[Path]:
    return sorted((desk.home / "practice").glob("ledger.sqlite*"))


def ledger_file(desk: Desk) -> Path:
    return desk.home / "practice" / "ledger.sqlite"


@pytest.mark.long
def test_of_eight_processes_that_run_one_file_at_once_one_sends_and_the_others_are_told(quick: Desk) -> None:
    practice = quick.practice("--latency-ms", 150)
    command = run_command(quick, practice, rows=20)
    quick.settings["BULK_ORDERS_WORKERS"] = "2"

    ended = [started.wait() for started in [quick.start(*command) for _ in range(8)]]

    codes = sorted(process.code for process in ended)
    assert codes == [0, *[8] * 7]
    assert (practice.posts(), each_once(practice, 20)) == (20, True)


@pytest.mark.long
def test_a_ledger_deleted_between_runs_is_made_good_from_the_marketplace(quick: Desk) -> None:
    practice = quick.practice()
    command = run_command(quick, practice)
    quick.run(*command)
    for path in ledger_files(quick):
        path.unlink()

    ended = quick.run(*command)

    assert (ended.code, ended.json["counts"]["accepted"]) == (0, ROWS)
    assert (practice.posts(), each_once(practice)) == (ROWS, True)


@pytest.mark.long
def test_a_ledger_restored_from_before_the_last_run_is_made_good_from_the_marketplace(quick: Desk) -> None:
    practice = quick.practice()
    quick.run(*run_command(quick, practice, rows=2))
    backup = quick.folder / "backup"
    shutil.copytree(quick.home / "practice", backup)
    quick.run(*run_command(quick, practice))
    for path in ledger_files(quick):
        path.unlink()
    for path in backup.glob("ledger.sqlite*"):
        shutil.copy(path, quick.home / "practice")

    ended = quick.run(*run_command(quick, practice))

    assert ended.code == 0
    assert (practice.posts(), each_once(practice)) == (ROWS, True)


@pytest.mark.long
@pytest.mark.parametrize("damage", ["garbage", "cut", "empty"])
def test_a_ledger_that_cannot_be_trusted_is_refused_and_nothing_is_sent(quick: Desk, damage: str) -> None:
    practice = quick.practice()
    quick.run(*run_command(quick, practice, rows=2))
    path = ledger_file(quick)
    whole = path.read_bytes()
    damaged = {"garbage": b"no ledger" * 1000, "cut": whole[: len(whole) // 2], "empty": b""}[damage]
    path.write_bytes(damaged)

    ended = quick.run(*run_command(quick, practice))

    assert (ended.code, practice.posts(), path.read_bytes()) == (6, 2, damaged)
    assert "Fix:" in ended.err
    assert "Traceback" not in ended.words


def shell(
    desk: Desk, script: str, *arguments: object, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The program behind a shell's own means; `$@` is its command line."""
    return subprocess.run(
        ["/bin/bash", "-c", script, "bash", sys.executable, "-m", "bulk_orders", *map(str, arguments)],
        cwd=desk.folder,
        env={**desk.environment, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.long
@pytest.mark.parametrize("script", ['"$@" | head -c 1', '"$@" >&-', '"$@" >/dev/full', '"$@" 2>&-'])
def test_who_stops_listening_stops_no_order(quick: Desk, script: str) -> None:
    practice = quick.practice()
    told = shell(quick, script, *run_command(quick, practice), PYTHONIOENCODING="ascii")
    assert (practice.posts(), each_once(practice)) == (ROWS, True)
    assert "Traceback" not in told.stdout + told.stderr


@pytest.mark.long
@pytest.mark.parametrize("blocks", [40, 100])
def test_a_ledger_that_may_not_grow_sends_no_order_without_its_intent_and_the_next_run_makes_it_whole(
    quick: Desk, blocks: int
) -> None:
    """`ulimit -f` counts blocks of 1,024 bytes; the write-ahead log reaches the limit in the middle of the run."""
    practice = quick.practice()
    command = run_command(quick, practice, rows=30)
    full = shell(quick, f'ulimit -f {blocks}; "$@"', *command)
    posts = practice.posts()
    ended = quick.run(*command)
    assert full.returncode != 0
    assert "Traceback" not in full.stdout + full.stderr
    assert ended.code in {0, 5}
    assert posts <= practice.posts() <= 30
    told = {row["outcome"] for row in ended.json["rows"]}
    assert told <= {"accepted", "ordered_before", "unknown"}
    assert len({order["poNumber"] for order in practice.orders()}) == practice.count()
    assert practice.count() + ended.json["counts"]["unknown"] == 30


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_a_process_stopped_for_longer_than_the_send_deadline_sends_each_order_once(
    quick: Desk, seed: int
) -> None:
    practice = quick.practice("--latency-ms", 20)
    command = run_command(quick, practice, rows=60)
    running = quick.start(*command)
    practice.has_taken(3 + 5 * seed)
    running.signal(signal.SIGSTOP)
    time.sleep(11.0)
    running.signal(signal.SIGCONT)
    ended = running.wait()
    assert ended.code == 0, ended.words
    assert (practice.count(), each_once(practice, 60)) == (60, True)


@pytest.mark.long
def test_a_marketplace_that_freezes_in_the_middle_of_a_run_is_waited_for(quick: Desk) -> None:
    quick.settings.update(
        BULK_ORDERS_ORDER_DEADLINE_S="0.5", BULK_ORDERS_READ_DEADLINE_S="0.5", BULK_ORDERS_SETTLE_S="5"
    )
    practice = quick.practice("--latency-ms", 10)
    command = run_command(quick, practice, rows=60)
    running = quick.start(*command)
    practice.has_taken(10)
    practice.process.signal(signal.SIGSTOP)
    time.sleep(2.0)
    practice.process.signal(signal.SIGCONT)
    ended = running.wait()
    told: dict[str, Any] = json.loads(ended.out)
    assert ended.code in {0, 5}
    assert told["counts"]["unknown"] <= 4 + 3
    assert practice.posts() == 60
    assert (
        len({order["poNumber"] for order in practice.orders()})
        == practice.count()
        >= 60 - told["counts"]["unknown"]
    )


@pytest.mark.long
def test_a_lock_that_a_dead_process_held_holds_nobody_back(quick: Desk) -> None:
    practice = quick.practice("--latency-ms", 300)
    command = run_command(quick, practice)
    running = quick.start(*command)
    practice.has_taken(2)
    running.signal(signal.SIGKILL)
    running.wait()
    ended = quick.run(*command)
    assert ended.code in {0, 5}
    assert (ended.json["counts"]["not_sent"], practice.count() >= 2) == (0, True)
