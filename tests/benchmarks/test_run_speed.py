"""How quickly orders are placed, with a limit and without; rows by BENCHMARK_PACED_ROWS and BENCHMARK_FREE_ROWS."""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import requests
from flat_files import write_run_csv
from measuring import PROJECT, practice_marketplace, program, say, size, surroundings

from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.ledger.sqlite_store import SqliteStore

RATE_PER_S = 100


def run_orders(folder: Path, url: str, *, rows: int, rate_per_s: int) -> dict[str, float]:
    """Place `rows` orders by the command line; what the process, the ledger and the marketplace say of it."""
    orders, ledger_file = folder / "orders.csv", folder / "ledger.sqlite"
    write_run_csv(orders, rows)
    started_s = time.perf_counter()
    done = subprocess.run(
        program(
            *("-m", "bulk_orders", "--quiet", "--ledger", str(ledger_file)),
            *("run", str(orders), "--practice-at", url, "--yes", "--json"),
        ),
        env=surroundings(BULK_ORDERS_HOME=str(folder), BULK_ORDERS_RATE_PER_S=str(rate_per_s)),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    whole_s = time.perf_counter() - started_s
    assert done.returncode == 0, done.stderr
    ledger = SqlLedger(SqliteStore(ledger_file))
    try:
        run = ledger.run(json.loads(done.stdout)["run_id"])
        assert run is not None
        assert run.ended_at is not None
        attempts = ledger.attempts(run.run_id)
    finally:
        ledger.close()
    ends = [attempt.ended_at for attempt in attempts if attempt.ended_at]
    stats = platform_stats(url, folder / "judge.token")
    assert stats["orders"] == rows
    return {
        "sending_s": (max(ends) - min(attempt.begun_at for attempt in attempts)).total_seconds(),
        "run_s": (run.ended_at - run.started_at).total_seconds(),
        "whole_s": whole_s,
        "throttled": stats["throttled"],
        "requests": sum(stats["requests"].values()),
    }


def platform_stats(url: str, token_file: Path) -> dict[str, Any]:
    origin = url.removesuffix("/marketplace/us")
    judge = {"Authorization": f"Bearer {token_file.read_text(encoding='utf-8')}"}
    stats: dict[str, Any] = requests.get(f"{origin}/_practice/stats", headers=judge, timeout=10).json()
    return stats


@pytest.mark.benchmark
def test_run_at_a_limit(tmp_path: Path) -> None:
    rows = size("PACED_ROWS", 500)
    with practice_marketplace(
        "--latency-ms", "50", "--limit", str(RATE_PER_S), "--judge-token-file", str(tmp_path / "judge.token")
    ) as url:
        found = run_orders(tmp_path, url, rows=rows, rate_per_s=RATE_PER_S)
    ideal_s = rows / RATE_PER_S
    say(
        f"run, {rows:,} rows, {RATE_PER_S}/s allowed, answers after 50 ms; wall seconds, best possible {ideal_s:.2f}",
        {
            "sending, ledger included": f"{found['sending_s']:.2f} s, {found['sending_s'] / ideal_s:.3f} x (wanted: 1.05)",
            "run, from plan to last verdict": f"{found['run_s']:.2f} s, {found['run_s'] / ideal_s:.3f} x",
            "whole process, start to workbook": f"{found['whole_s']:.2f} s",
            "answered 429": f"{found['throttled']:.0f} of {found['requests']:.0f} (wanted: under 1 %)",
        },
    )


@pytest.mark.benchmark
def test_run_without_a_limit(tmp_path: Path) -> None:
    rows = size("FREE_ROWS", 2000)
    with practice_marketplace("--judge-token-file", str(tmp_path / "judge.token")) as url:
        found = run_orders(tmp_path, url, rows=rows, rate_per_s=0)
    say(
        f"run, {rows:,} rows, no limit, no delay; wall seconds",
        {
            "sending, ledger included": f"{found['sending_s']:.2f} s, {rows / found['sending_s']:.0f} orders/s (wanted: 500)",
            "run, from plan to last verdict": f"{found['run_s']:.2f} s, {rows / found['run_s']:.0f} orders/s",
            "whole process, start to workbook": f"{found['whole_s']:.2f} s, {rows / found['whole_s']:.0f} orders/s",
        },
    )
