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
def test_help_costs_little_more_than_the_library_that_prints_it() -> None:
    def cpu_s(*arguments: str) -> float:
        before_s = children_s()
        subprocess.run(program(*arguments), env=surroundings(), capture_output=True, check=True)
        return children_s() - before_s

    library_s, help_s = [], []
    for _ in range(9):
        library_s.append(cpu_s("-c", "import typer"))
        help_s.append(cpu_s("-m", "bulk_orders", "--help"))
    say(
        "bulk-orders --help, CPU seconds, least of 9",
        {
            "in all": f"{min(help_s):.3f} s (wanted: 0.1)",
            "beside `import typer` alone": f"{min(help_s) / min(library_s):.2f} x",
        },
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
