"""Starts what is measured, and prints what came of it beside what is wanted."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

PROJECT = Path(__file__).parents[2]
STAGES = Path(__file__).parent / "stages.py"


def size(name: str, default: int) -> int:
    """How much is measured: small enough for every day, unless the environment says BENCHMARK_<NAME>."""
    return int(os.environ.get(f"BENCHMARK_{name}", default))


def program(*arguments: str) -> list[str]:
    """The command of a process with this interpreter."""
    return [sys.executable, *arguments]


def surroundings(**more: str) -> dict[str, str]:
    """The environment of a process that works on this source tree."""
    return {**os.environ, "PYTHONPATH": str(PROJECT), **more}


def stage(name: str, *arguments: str | int | Path) -> dict[str, float]:
    """Run one stage in a process of its own; its figures."""
    done = subprocess.run(
        program(str(STAGES), name, *map(str, arguments)),
        env=surroundings(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


@contextlib.contextmanager
def practice_marketplace(*arguments: str) -> Iterator[str]:
    """A practice marketplace in a process of its own; its address."""
    with subprocess.Popen(
        program("-m", "bulk_orders.sandbox", *arguments),
        env=surroundings(),
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().removeprefix("listening on ").strip()
        finally:
            server.terminate()


def say(title: str, figures: Mapping[str, str]) -> None:
    """Print a title and its figures; nothing is judged, for a busy machine is no fault of ours."""
    print(f"\n{title}")
    for name, figure in figures.items():
        print(f"  {name:<34} {figure}")
