"""SIGKILL of the real program at the n-th system call of each kind that leaves a trace, for every n, and then the judge.

    python tests/kills/run_syscalls.py                  every call of a run of five rows
    python tests/kills/run_syscalls.py --error ENOSPC   the call fails instead: a full disk; EIO is a broken one
    python tests/kills/run_syscalls.py --calls openat mkdir   these only, so that others can be tried beside it
    python tests/kills/run_syscalls.py --sample 12 --seed 1

strace kills the process as it enters the call, or makes the call fail; the numbers count in each thread by itself, those
of the process that reads the workbook too. The run is then made again to its end. Prints one line of JSON, and ends with 1
if anything was ordered twice, lost, or told wrongly.
"""

import argparse
import json
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))  # the tree before any installed copy

from books.order_books import order_row, write_book
from forked import Child, Market, fork
from kill_judge import judge
from run_once import PROGRAM, run_once

ROWS: Final = 5
CALLS: Final = (
    "write",
    "pwrite64",
    "fdatasync",
    "fsync",
    "rename",
    "unlink",
    "ftruncate",
    "connect",
    "sendto",
    "openat",
    "mkdir",
)
LAST: Final = {"write": 120, "pwrite64": 120, "fdatasync": 30, "fsync": 15, "rename": 8, "unlink": 12, "ftruncate": 6,
               "connect": 2, "sendto": 8, "openat": 260, "mkdir": 4}  # fmt: skip
"""From where a sample is drawn; a full round goes on until the run ends by itself."""
QUICK: Final = {"BULK_ORDERS_RATE_PER_S": "0", "BULK_ORDERS_SETTLE_S": "0", "BULK_ORDERS_WORKERS": "2"}
PATIENCE_S: Final = 60.0
TRACED_S: Final = 10.0
KILL: Final = "signal=SIGKILL"


class Case:
    """One run that dies at one system call, with a home and a marketplace of its own.

    On a shared one each run would find more orders of others to record, and come to more system calls than the one before.
    """

    def __init__(self, number: int, folder: Path) -> None:
        self.folder = folder / str(number)
        (self.folder / "home").mkdir(parents=True)
        self.market = Market(self.folder)
        self.given = [order_row(n) for n in range(1, ROWS + 1)]
        self.book = write_book(self.folder / "orders.xlsx", self.given)

    def start(self, *, stopped: bool = False) -> Child:
        command = ("run", self.book, "--practice-at", self.market.url, "--json")
        home = {"BULK_ORDERS_HOME": str(self.folder / "home")}
        return fork(
            PROGRAM, command, out=self.folder / "told.json", environment={**QUICK, **home}, stopped=stopped
        )

    def strike(self, call: str, number: int, what: str) -> bool:
        """True if a thread came to its n-th call and was struck, False if all ended before."""
        running = self.start(stopped=True)
        trace = self.folder / "trace"
        with (self.folder / "strace.err").open("wb") as err:
            tracer = subprocess.Popen(
                ["strace", "-f", "-q", "-s", "0", "-p", str(running.pid), "-o", str(trace),
                 "-e", f"trace={call}", "-e", f"inject={call}:{what}:when={number}"],
                stderr=err,
            )  # fmt: skip
            wait_until_traced(running.pid, tracer)
            running.signal(signal.SIGCONT)
            code = running.wait(TRACED_S)
            if (
                code is None
            ):  # now and then strace does not let go of a process, or of its stop: then we kill it
                running.signal(signal.SIGCONT)
                running.kill()
            tracer.kill()
            tracer.wait()
        return running.wait(TRACED_S) == -signal.SIGKILL or is_struck(trace, call, number)

    def judged(self) -> list[str]:
        """Run to the end, and what is wrong then."""
        for _ in range(3):
            code = self.start().wait()
            if code in {0, 5} and not (told := self.told())["counts"]["not_sent"]:
                break
        else:
            return [f"the run does not come to its end, but to {code}"]
        verdict = judge(self.given, self.market.orders(), told)
        unfound = [f"{verdict.unfound} rows in doubt are there"] if verdict.unfound else []
        return [*verdict.duplicates, *verdict.lost, *verdict.wrong, *unfound]

    def told(self) -> dict[str, Any]:
        return json.loads((self.folder / "told.json").read_text(encoding="utf-8"))

    def close(self) -> None:
        self.market.close()
        shutil.rmtree(self.folder)


def wait_until_traced(pid: int, tracer: subprocess.Popen[bytes]) -> None:
    """Until strace has attached itself."""
    end = time.monotonic() + PATIENCE_S
    status = Path(f"/proc/{pid}/status")
    while "TracerPid:\t0" in status.read_text(encoding="ascii"):
        if tracer.poll() is not None or time.monotonic() > end:
            raise RuntimeError("strace cannot attach itself here")
        time.sleep(0.002)


def is_struck(trace: Path, call: str, number: int) -> bool:
    """Did a thread come to its n-th call, be it one of the process that reads the workbook?

    strace tells of a call that it made fail; of one at which it killed it may tell nothing but the end of the process.
    """
    told = trace.read_text(encoding="utf-8", errors="replace")
    calls = Counter(re.findall(rf"^(\d+) +{call}\(", told, re.MULTILINE))
    killed = re.findall(r"^(\d+) +\+\+\+ killed by SIGKILL", told, re.MULTILINE)
    return max(calls.values(), default=0) >= number or any(calls[pid] == number - 1 for pid in killed)


def all_points(calls: Sequence[str]) -> list[tuple[str, int]]:
    """One after the other; who reaches the end of a call's numbers skips the rest."""
    return [(call, number) for call in calls for number in range(1, 2000)]


def sample(points: int, seed: int) -> list[tuple[str, int]]:
    """Each call in turn, at a random number."""
    dice = random.Random(seed)  # noqa: S311 - dice, no secret
    calls = [CALLS[n % len(CALLS)] for n in range(points)]
    return [(call, dice.randint(1, LAST[call])) for call in calls]


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description="Kill the real program at each system call, then judge.")
    parser.add_argument("--sample", type=int, help="only so many calls, drawn by the seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--calls", nargs="+", choices=CALLS, default=CALLS, help="these calls only")
    parser.add_argument("--error", default="", help="the calls fail with this error, EIO or ENOSPC")
    options = parser.parse_args()
    what = f"error={options.error}" if options.error else KILL
    points = sample(options.sample, options.seed) if options.sample else all_points(options.calls)
    begun_s = time.monotonic()
    struck: Counter[str] = Counter()
    ended: set[str] = set()
    bad: list[str] = []
    with tempfile.TemporaryDirectory(prefix="bulk-orders-calls-") as name:
        folder = Path(name)
        run_once()
        for count, (call, number) in enumerate(points):
            if call in ended:
                continue
            case = Case(count, folder)
            try:
                if case.strike(call, number, what):
                    struck[call] += 1
                elif not options.sample:
                    ended.add(call)
                bad += [f"{call} {number}: {text}" for text in case.judged()]
            finally:
                case.close()
    took_s = round(time.monotonic() - begun_s, 1)
    print(json.dumps({"struck": sum(struck.values()), "by_call": struck, "seconds": took_s, "bad": bad}))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
