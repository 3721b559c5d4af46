"""How many requests a run costs besides its orders; rows by BENCHMARK_READ_ROWS. No order on the account is foreign."""

import json
import subprocess
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flat_files import write_run_csv
from measuring import PROJECT, practice_marketplace, program, say, size, surroundings
from test_run_speed import platform_stats

ROWS = size("READ_ROWS", 2_000)
POST = "POST /orders"
COMPLETED_AFTER_S = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a command was answered."""

    orders: int
    """Placings, resent ones included."""
    reads: int
    """All other requests, sign-ins included."""
    throttled: int
    unknown: int


class Desk:
    """One home and one marketplace; each command's requests are counted apart."""

    def __init__(self, folder: Path, url: str, **settings: str) -> None:
        self.folder = folder
        self.url = url
        self._settings = {"BULK_ORDERS_HOME": str(folder), "BULK_ORDERS_RATE_PER_S": "0", **settings}

    def run(self, *arguments: str) -> Cost:
        before = platform_stats(self.url, self.folder / "judge.token")
        done = subprocess.run(
            program("-m", "bulk_orders", "--quiet", *arguments, "--json"),
            env=surroundings(**self._settings),
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in {0, 5}, done.stderr
        after = platform_stats(self.url, self.folder / "judge.token")
        asked = {
            route: count - before["requests"].get(route, 0) for route, count in after["requests"].items()
        }
        return Cost(
            orders=asked.get(POST, 0),
            reads=sum(asked.values()) - asked.get(POST, 0),
            throttled=after["throttled"] - before["throttled"],
            unknown=json.loads(done.stdout)["counts"].get("unknown", 0),
        )

    def order(self, rows: int) -> Cost:
        orders = self.folder / "orders.csv"
        write_run_csv(orders, rows)
        return self.run("run", str(orders), "--practice-at", self.url, "--yes")


@pytest.mark.benchmark
def test_reads_of_each_kind_of_run(tmp_path: Path) -> None:
    figures = {}
    with _marketplace(tmp_path / "clean", "--completed-after-s", str(COMPLETED_AFTER_S)) as url:
        desk = Desk(tmp_path / "clean", url)
        clean = desk.order(ROWS)
        figures["clean run"] = f"{clean.reads / ROWS:.3f} an order (wanted: 0.05)"
        time.sleep(COMPLETED_AFTER_S)
        status = desk.run("status", "last")
        figures["status of completed orders"] = f"{status.reads} requests (wanted: 25)"
    with _marketplace(
        tmp_path / "faults", "--faults", "500-after-commit=0.0025,reset-after-commit=0.0025"
    ) as url:
        faulty = Desk(tmp_path / "faults", url).order(ROWS)
        figures["run with 0.5 % faults"] = (
            f"{faulty.reads / ROWS:.3f} an order (wanted: 0.1), {faulty.unknown} unknown"
        )
    with (
        _marketplace(tmp_path / "sure") as sure_url,
        _marketplace(tmp_path / "doubtful", "--faults", "500-after-commit=every:25") as url,
    ):
        sure = Desk(tmp_path / "sure", sure_url).order(40)
        doubtful = Desk(tmp_path / "doubtful", url).order(40)
        figures["one lost answer in 40 rows"] = f"{doubtful.reads - sure.reads} reads more (wanted: 6)"
    with _marketplace(tmp_path / "limited", "--limit", "20") as url:
        limited = Desk(tmp_path / "limited", url, BULK_ORDERS_RATE_PER_S="20").order(200)
        figures["client at the server's rate"] = f"{limited.throttled} answered 429 (wanted: 0)"
    say(f"requests besides the orders, {ROWS:,} rows", figures)


def _marketplace(folder: Path, *arguments: str) -> AbstractContextManager[str]:
    folder.mkdir()
    return practice_marketplace("--judge-token-file", str(folder / "judge.token"), *arguments)
