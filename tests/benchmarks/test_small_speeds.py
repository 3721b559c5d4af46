"""How quickly the program answers, and what its parts do by themselves."""

import resource
import subprocess
from pathlib import Path

import pytest
from measuring import practice_marketplace, program, say, size, stage, surroundings

THREADS = 16


def children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.benchmark
def test_help_answers_at_once() -> None:
    times_s = []
    for _ in range(5):
        before_s = children_s()
        subprocess.run(
            program("-m", "bulk_orders", "--help"), env=surroundings(), capture_output=True, check=True
        )
        times_s.append(children_s() - before_s)
    say(
        "bulk-orders --help, CPU seconds",
        {"least and most of 5": f"{min(times_s):.3f} to {max(times_s):.3f} s (wanted: 0.25)"},
    )


@pytest.mark.benchmark
def test_ledger_client_and_pace_by_themselves(tmp_path: Path) -> None:
    (tmp_path / "alone").mkdir()
    alone = stage("advance", tmp_path / "alone", size("LEDGER_ORDERS", 1000) // 5, 1)
    (tmp_path / "together").mkdir()
    together = stage("advance", tmp_path / "together", size("LEDGER_ORDERS", 1000), THREADS)
    with practice_marketplace() as url:
        client = stage("place", url, size("CLIENT_ORDERS", 1000), THREADS)
    pace = stage("pace", size("SLOTS", 100_000))
    assert client["answered"] == size("CLIENT_ORDERS", 1000)
    say(
        "by themselves",
        {
            "ledger, 1 thread": f"{alone['advances_per_s']:,.0f} durable steps/s",
            f"ledger, {THREADS} threads": f"{together['advances_per_s']:,.0f} durable steps/s",
            f"client, {THREADS} threads": f"{client['places_per_s']:,.0f} requests/s, {client['cpu_us']:.0f} us of CPU each",
            "pace, a slot": f"{pace['slot_us']:.2f} us",
            "pace at 200/s": f"{pace['share_of_rate']:.4f} of the rate, at most {pace['most_in_a_second']:.0f} in a second",
        },
    )
