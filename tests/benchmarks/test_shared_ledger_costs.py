"""What a ledger in a database costs beside one in a file; orders by BENCHMARK_LEDGER_ORDERS."""

from pathlib import Path

import pytest
from measuring import say, size, stage
from postgres_server import Server

THREADS = 16


@pytest.mark.benchmark
def test_steps_in_a_database_beside_those_in_a_file(tmp_path: Path, postgres: Server) -> None:
    orders = size("LEDGER_ORDERS", 1000)
    in_file = stage("advance", tmp_path, orders, THREADS)
    before_s = postgres.cpu_s()
    in_database = stage("advance", postgres.new_database(), orders, THREADS)
    database_ms = 1e3 * (postgres.cpu_s() - before_s) / orders
    say(
        f"ledger, {orders:,} orders with two steps each, {THREADS} threads; file beside database",
        {
            "steps a second": f"{in_file['advances_per_s']:.0f} · {in_database['advances_per_s']:.0f}",
            "CPU of the program for an order": f"{in_file['cpu_us'] / 1e3:.2f} ms · {in_database['cpu_us'] / 1e3:.2f} ms",
            "CPU of the database for an order": f"{database_ms:.2f} ms (wanted: 0.3 ms)",
        },
    )
