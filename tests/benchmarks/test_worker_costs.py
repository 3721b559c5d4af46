"""What workers cost beside a run that sends by itself, from the first order to the last; rows by BENCHMARK_WORKER_ROWS.

The marketplace answers at once and has no limit, so that nothing but the program and the database is measured.
"""

import os
import signal
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from flat_files import write_run_csv
from measuring import say, size
from peak_memory import CAN_TELL, WHY_NOT, peak_mb
from postgres_server import Server
from processes import Desk, Practice, Process, Starter, name_ledger

_BETWEEN_LOOKS_S = 0.1
_PATIENCE_S = 600.0
_SETTINGS = {"BULK_ORDERS_RATE_PER_S": "0"}


@pytest.mark.benchmark
@pytest.mark.skipif(not CAN_TELL, reason=WHY_NOT)
def test_workers_beside_a_run_that_sends_by_itself(
    starter: Starter, tmp_path: Path, postgres: Server
) -> None:
    rows = size("WORKER_ROWS", 1000)
    write_run_csv(tmp_path / "orders.csv", rows)
    figures = {"one process, ledger in a file": _sent(starter, tmp_path, rows)}
    for workers in (1, 2, 4):
        name = f"{workers} worker{'s' * (workers > 1)}, ledger in a database"
        figures[name] = _sent(starter, tmp_path, rows, workers, postgres)
    say(
        f"{rows:,} orders, answered at once; CPU of a row wanted: workers at most 1.5 x one process, database 0.3 ms",
        figures,
    )


def _sent(starter: Starter, folder: Path, rows: int, workers: int = 0, postgres: Server | None = None) -> str:
    """Send all rows, and say how quickly that was and what it cost."""
    url = postgres.new_database() if postgres is not None else ""
    with ExitStack() as opened:
        desks = [
            opened.enter_context(Desk(starter, folder / f"{workers}-{number}", dict(_SETTINGS)))
            for number in range(workers + 1)
        ]
        practice = desks[0].practice()
        for desk in desks if url else ():
            name_ledger(desk.home, url)
        senders = [desk.start("worker", "--practice-at", practice.base_url) for desk in desks[1:]]
        for worker in senders:
            worker.says("A worker for")
        how = ("--workers-elsewhere",) if workers else ()
        run = desks[0].start(
            *("run", folder / "orders.csv", "--practice-at", practice.base_url, "--yes", "--json"), *how
        )
        said = _measured(practice, senders or [run], rows, postgres)
        assert run.wait().code == 0
        for worker in senders:
            worker.signal(signal.SIGTERM)
            assert worker.wait().code == 0
    return said


def _measured(practice: Practice, senders: Sequence[Process], rows: int, postgres: Server | None) -> str:
    # The first orders are the canaries, which whoever began the run sends by itself.
    _wait_for(practice, rows // 10)
    begun_s, cpu_s = time.monotonic(), sum(_cpu_s(one.pid) for one in senders)
    database_s = postgres.cpu_s() if postgres is not None else 0.0
    before = practice.count()
    _wait_for(practice, rows // 2)
    half_mb = max(peak_mb(one.pid) for one in senders)
    _wait_for(practice, rows * 9 // 10)
    done = practice.count() - before
    took_s, cpu_s = time.monotonic() - begun_s, sum(_cpu_s(one.pid) for one in senders) - cpu_s
    database_s = postgres.cpu_s() - database_s if postgres is not None else 0.0
    end_mb = max(peak_mb(one.pid) for one in senders)
    return (
        f"{done / took_s:.0f} rows/s; CPU of a row {1e3 * cpu_s / done:.2f} ms, "
        f"of the database {1e3 * database_s / done:.2f} ms; peak memory {half_mb:.0f} MB at half, {end_mb:.0f} MB near the end"
    )


def _wait_for(practice: Practice, orders: int) -> None:
    ends_s = time.monotonic() + _PATIENCE_S
    while practice.count() < orders:
        assert time.monotonic() < ends_s, f"waited in vain for {orders} orders"
        time.sleep(_BETWEEN_LOOKS_S)


def _cpu_s(pid: int) -> float:
    about = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(map(int, about[11:13])) / os.sysconf("SC_CLK_TCK")
