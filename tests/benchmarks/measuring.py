"""Starts what is measured, and prints what came of it beside what is wanted."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from peak_memory import peak_mb

PROJECT = Path(__file__).parents[2]
STAGES = Path(__file__).parent / "stages.py"
_BETWEEN_LOOKS_S = 0.05


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What a process and its child need at the same moment; what they share counts once."""

    parent_mb: float = 0.0
    child_mb: float = 0.0
    child_peak_mb: float = 0.0
    """What the child had at the most until then, by its own account."""

    @property
    def together_mb(self) -> float:
        return self.parent_mb + self.child_mb


def watched_stage(name: str, *arguments: str | int | Path) -> tuple[dict[str, float], Memory]:
    """Run one stage in a process of its own that starts another; its figures, and the memory at the peak of both.

    `child_peak_mb` of the memory is that of the whole stage.
    """
    peak, child_peak_mb = Memory(), 0.0
    with subprocess.Popen(
        program(str(STAGES), name, *map(str, arguments)),
        env=surroundings(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        while process.poll() is None:
            now = _memory(process.pid)
            peak = max(peak, now, key=lambda memory: memory.together_mb)
            child_peak_mb = max(child_peak_mb, now.child_peak_mb)
            time.sleep(_BETWEEN_LOOKS_S)
        assert process.stdout is not None
        assert process.returncode == 0
        figures: dict[str, float] = json.loads(process.stdout.read())
    return figures, replace(peak, child_peak_mb=child_peak_mb)


def _memory(pid: int) -> Memory:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:  # it is done
        return Memory()
    return Memory(
        parent_mb=_share_mb(pid),
        child_mb=sum(_share_mb(int(child)) for child in children),
        child_peak_mb=max((peak_mb(child) for child in children), default=0.0),
    )


def _share_mb(pid: int) -> float:
    """The proportional set size: of pages that several processes have, each counts its part."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:")) / 1024


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
