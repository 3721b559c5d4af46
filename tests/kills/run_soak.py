"""A long run through everything at once, and then the judge: 20,000 rows, 20 kills, two partitions, a token a minute.

    python tests/kills/run_soak.py

One answer to an order in ten is spoilt. The spoilt ones are lost answers of placed orders, throttling and ended tokens:
what was never placed and cannot be proven so stays in doubt until a person speaks, and would only measure its own rate.
The pace is 200 orders a second, so that a kill meets orders on their way and not threads that wait for the processor.
The kills come in the first half; the second half is one run, with the marketplace frozen twice, whose memory is watched.
Prints one line of JSON, and ends with 1 unless each row has exactly its one order, or is told to be in doubt and has none.
"""

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))  # the tree before any installed copy

from books.order_books import order_row, write_book
from forked import Child, Market, fork
from kill_judge import judge, told_and_written_agree
from run_once import PROGRAM, run_once

FAULTS: Final = (
    "500-after-commit=0.03,504-html=0.02,reset-after-commit=0.02,truncated-body=0.02,hang-after-commit=0.003,"
    "empty-200=0.003,429=0.003,token-expiry=0.001,read-500=0.01,hang=30,retry-after=0"
)
QUICK: Final = {
    "BULK_ORDERS_ORDER_DEADLINE_S": "2",
    "BULK_ORDERS_READ_DEADLINE_S": "3",
    "BULK_ORDERS_RATE_PER_S": "200",
    "BULK_ORDERS_SETTLE_S": "5",
    "BULK_ORDERS_STOP_AFTER": "0",
}
RUNS_TO_THE_END: Final = 6
ROUNDS: Final = 4
"""Of looking: three complete readings after the settle window, and one to spare."""
PRACTICE_CUSTOMERS: Final = 1000
GLANCE_S: Final = 0.02


class Soak:
    """One workbook, one ledger, one marketplace, for as long as it takes."""

    def __init__(self, folder: Path, *, rows: int, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - dice, no secret
        self.folder = folder
        self.given = [
            order_row(number, quantity=str(1 + number // PRACTICE_CUSTOMERS)) for number in range(1, rows + 1)
        ]
        self.book = write_book(folder / "orders.xlsx", self.given)
        self.market = Market(folder, "--faults", FAULTS, "--seed", seed, "--token-lifetime-s", 60)
        self.rss_mb: list[tuple[int, float]] = []
        """(orders placed, resident megabytes of the run) of the run that is not killed."""
        self.runs = 0

    def start(self, *arguments: object) -> Child:
        self.runs += 1
        command = arguments or ("run", self.book, "--practice-at", self.market.url, "--json")
        home = {"BULK_ORDERS_HOME": str(self.folder / "home")}
        return fork(PROGRAM, command, out=self.folder / "told.json", environment={**QUICK, **home})

    def placed(self) -> int:
        with self.market.state.open("rb") as file:
            return sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b""))

    def killed(self, times: int, until: int) -> int:
        """Kill runs so that about `until` orders are placed in the end; how many were ended by it."""
        ended = 0
        for number in range(1, times + 1):
            running = self.start()
            target = until * number // times
            while running.poll() is None and self.placed() < target:
                time.sleep(GLANCE_S)
            running.wait(self.dice.uniform(0.0, 0.05))
            ended += running.kill()
        return ended

    def whole(self, partitions: list[int], frozen_s: float) -> int | None:
        """One run to its end; the marketplace is frozen when so many orders are placed."""
        running = self.start()
        waiting = sorted(partitions)
        while running.poll() is None:
            placed = self.placed()
            self.rss_mb.append((placed, resident_mb(running.pid)))
            if waiting and placed >= waiting[0]:
                waiting.pop(0)
                self.market.child.signal(signal.SIGSTOP)
                running.wait(frozen_s)
                self.market.child.signal(signal.SIGCONT)
            running.wait(0.5)
        return running.code


def resident_mb(pid: int) -> float:
    """Of a process; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(text.split()[1]) / 1024 for text in lines if text.startswith("VmRSS")), 0.0)


def growth(samples: list[tuple[int, float]]) -> dict[str, float]:
    """Memory early and late in the sending of the run that was watched."""
    sending = [(placed, mb) for placed, mb in samples if mb]
    first, last = sending[0][0], sending[-1][0]
    span = max(last - first, 1)

    def middle(is_in: Callable[[float], bool]) -> float:
        found = sorted(mb for placed, mb in sending if is_in((placed - first) / span))
        return round(found[len(found) // 2], 1) if found else 0.0

    return {
        "early_mb": middle(lambda share: 0.1 <= share < 0.4),
        "late_mb": middle(lambda share: 0.7 <= share < 1.0),
        "peak_mb": round(max(mb for _, mb in sending), 1),
    }


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description="A long run through everything at once, then the judge.")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--frozen-s", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begun_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bulk-orders-soak-") as name:
        folder = Path(name)
        run_once()
        (folder / "home").mkdir()
        soak = Soak(folder, rows=options.rows, seed=options.seed)
        try:
            found = soaked(soak, options)
        finally:
            soak.market.close()
    found["seconds"] = round(time.monotonic() - begun_s, 1)
    print(json.dumps(found))
    return 1 if found["bad"] else 0


def soaked(soak: Soak, options: argparse.Namespace) -> dict[str, Any]:
    """Kills, the long run, runs until nothing is left to send, the judge."""
    rows = options.rows
    kills = soak.killed(options.kills, rows // 2)
    codes = [soak.whole([rows * 6 // 10, rows * 8 // 10], options.frozen_s)]
    while len(codes) < RUNS_TO_THE_END and (codes[-1] not in {0, 5} or soak_told(soak)["counts"]["not_sent"]):
        codes.append(soak.start().wait())
    told = soak_told(soak)
    verdict = judge(soak.given, soak.market.orders(), told)
    bad = [*verdict.duplicates, *verdict.lost, *verdict.wrong]
    if not bad and not told_and_written_agree(told):
        bad.append("the results workbook and --json differ")
    decided = said_absent(soak) if verdict.unknown else told
    last = judge(soak.given, soak.market.orders(), decided)
    bad += [*last.duplicates, *last.lost, *last.wrong]
    stats = soak.market.stats()
    return {
        "rows": rows,
        "kills": kills,
        "runs": soak.runs,
        "exit_codes": codes,
        "posts": stats["requests"].get("POST /orders", 0),
        "faulted_share": round(
            sum(count for name, count in stats["faults"].items() if not name.startswith("read"))
            / stats["requests"]["POST /orders"],
            3,
        ),
        "tokens": stats["requests"].get("POST /token", 0),
        **verdict.figures(),
        "settled_after_a_person_spoke": last.settled,
        "unknown_share": verdict.unknown / rows,
        **growth(soak.rss_mb),
        "bad": bad[:20],
    }


def said_absent(soak: Soak) -> dict[str, Any]:
    """A person says that what enough readings after the settle window did not show may be sent again; then it is sent."""
    for _ in range(ROUNDS):
        soak.start("resolve", "last", "--resend-absent", "--reason", "soak", "--json").wait()
    soak.start().wait()
    return soak_told(soak)


def soak_told(soak: Soak) -> dict[str, Any]:
    return json.loads(
        (soak.folder / "told.json").read_text(encoding="utf-8") or '{"rows": [], "counts": {"not_sent": 1}}'
    )


if __name__ == "__main__":
    sys.exit(main())
