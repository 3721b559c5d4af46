"""SIGKILL of the real program at random moments, resumed until done, and then the judge.

    python tests/kills/run_kills.py --kills 1000 --seed 1

Each history has a workbook, a ledger and a practice marketplace process of its own, which spoils one answer to an order
in ten: half of these orders were placed. The run is killed up to ten times, at moments of which half are random and half
follow the taking of an order by a hair. Prints one line of JSON, and ends with 1 if anything was ordered twice, lost, or
told wrongly. A history is made again by its own `--seed`.

With `--database` the ledger is in a PostgreSQL that is started for it: what was being committed when the program was killed is
on its way to a server that lives on. The lease of a killed run counts as over at once.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))  # the tree before any installed copy

from books.order_books import order_row, write_book
from forked import Child, Market, fork
from kill_judge import judge, told_and_written_agree
from postgres_server import Server, server
from processes import name_ledger
from run_once import PROGRAM, run_once

ROWS: Final = 24
KILLS_A_HISTORY: Final = 10
RUNS_TO_THE_END: Final = 8
PLACED: Final = ("500-after-commit", "504-html", "reset-after-commit", "truncated-body", "hang-after-commit")
NOT_PLACED: Final = ("500-before-commit", "503-before-commit", "reset-before-commit", "429", "token-expiry")
FAULTS: Final = ",".join(
    [*(f"{name}=0.01" for name in (*PLACED, *NOT_PLACED)), "hang=30", "retry-after=0", "read-500=0.02"]
)
QUICK: Final = {
    "BULK_ORDERS_ORDER_DEADLINE_S": "0.5",
    "BULK_ORDERS_RATE_PER_S": "0",
    "BULK_ORDERS_SETTLE_S": "0",
    "BULK_ORDERS_STOP_AFTER": "0",
    "BULK_ORDERS_WORKERS": "6",
}


@dataclass
class Tally:
    """What some histories came to."""

    histories: int = 0
    kills: int = 0
    runs: int = 0
    rows: int = 0
    posts: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    killed_after: Counter[str] = field(default_factory=Counter)
    """How many orders the killed run had placed."""
    judged: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)


class History:
    """One workbook, killed again and again."""

    def __init__(self, seed: str, folder: Path, postgres: Server | None = None) -> None:
        self.seed = seed
        self.dice = random.Random(seed)  # noqa: S311 - dice, no secret
        self.folder = folder
        self.given = [order_row(number, customers=16, quantity=str(number)) for number in range(1, ROWS + 1)]
        self.book = write_book(folder / "orders.xlsx", self.given)
        self.market = Market(folder, "--faults", FAULTS, "--seed", self.dice.randrange(2**31))
        self.usual_s = 0.5
        self.postgres = postgres
        self.database = ""
        (folder / "home").mkdir()
        if postgres is not None:
            self._share(postgres.new_database())

    def _share(self, url: str) -> None:
        self.database = url.removeprefix("postgresql://").partition("/")[2].partition("?")[0]
        name_ledger(self.folder / "home", url)

    def _let_lease_end(self) -> None:
        """As if nobody had renewed it for long: whoever had it was killed."""
        if self.postgres is not None and self.postgres.say(
            "SELECT 1 FROM pg_class WHERE relname = 'leases'", database=self.database
        ):
            over = "UPDATE leases SET expires_at = expires_at - interval '1 hour'"
            self.postgres.say(over, database=self.database)

    def start(self) -> Child:
        self._let_lease_end()
        command = ("run", self.book, "--practice-at", self.market.url, "--json")
        home = {"BULK_ORDERS_HOME": str(self.folder / "home")}
        return fork(PROGRAM, command, out=self.folder / "told.json", environment={**QUICK, **home})

    def kill_once(self, tally: Tally) -> bool:
        """Start the run and kill it at a moment of the dice; False if it ended before that."""
        before = self.market.size()
        begun_s = time.monotonic()
        running = self.start()
        tally.runs += 1
        if self.dice.random() < 0.5:
            wait_s = self.dice.uniform(0.02, self.usual_s)
            running.wait(wait_s)
        else:
            grown = self.dice.choice((1, 1, 400, 1500, 4000))
            while running.poll() is None and self.market.size() < before + grown:
                time.sleep(0.0005)
            running.wait(self.dice.uniform(0.0, 0.008))
        if not running.kill():
            self.usual_s = 0.8 * self.usual_s + 0.2 * (time.monotonic() - begun_s)
            return False
        tally.kills += 1
        taken = self.market.size() > before
        tally.killed_after["some orders" if taken else "no order"] += 1
        return True

    def play(self, tally: Tally, kills: int) -> None:
        """Kill, go on to the end, judge."""
        for _ in range(kills):
            self.kill_once(tally)
        told: dict[str, Any] = {"rows": []}
        for _ in range(RUNS_TO_THE_END):
            ended = self.start()
            tally.runs += 1
            code = ended.wait()
            if code in {0, 5} and not (told := ended.told())["counts"]["not_sent"]:
                break
        stats = self.market.stats()
        verdict = judge(self.given, self.market.orders(), told)
        if self.postgres is not None:
            assert self.postgres.say("SELECT 1 FROM events LIMIT 1", database=self.database)
        bad = [*verdict.duplicates, *verdict.lost, *verdict.wrong]
        if not bad and not told_and_written_agree(told):
            bad.append("the results workbook and --json differ")
        tally.bad += [f"seed {self.seed}: {text}" for text in bad]
        tally.judged.update(verdict.figures())
        tally.faults.update(stats["faults"])
        tally.posts += stats["requests"].get("POST /orders", 0)
        tally.histories += 1
        tally.rows += len(self.given)

    def close(self) -> None:
        self.market.close()


def histories(kills: int, seed: str, *, keep: Path | None = None, postgres: Server | None = None) -> Tally:
    """Histories one after the other until there were so many kills."""
    run_once()
    tally = Tally()
    number = 0
    while tally.kills < kills:
        folder = Path(tempfile.mkdtemp(prefix="bulk-orders-kills-"))
        history = History(f"{seed}.{number}", folder, postgres)
        was_bad = len(tally.bad)
        try:
            history.play(tally, min(KILLS_A_HISTORY, kills - tally.kills))
        finally:
            history.close()
            if len(tally.bad) > was_bad and keep is not None:
                shutil.copytree(folder, keep / f"{seed}.{number}")
            shutil.rmtree(folder)
        number += 1
    return tally


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description="Kill the real program again and again, then judge.")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--streams", type=int, default=3, help="histories side by side (%(default)s)")
    parser.add_argument("--database", action="store_true", help="keep the ledger in a PostgreSQL")
    parser.add_argument("--keep", type=Path, help="folder for the files of histories that went wrong")
    options = parser.parse_args()
    begun_s = time.monotonic()
    if options.streams > 1:
        total = side_by_side(options)
    else:
        with ExitStack() as running:
            postgres = running.enter_context(server()) if options.database else None
            found = histories(options.kills, options.seed, keep=options.keep, postgres=postgres)
        total = {**vars(found)}
    took_s = time.monotonic() - begun_s
    print(
        json.dumps({**total, "seconds": round(took_s, 1), "kills_per_s": round(total["kills"] / took_s, 1)})
    )
    return 1 if total["bad"] or total["judged"].get("unfound", 0) else 0


def side_by_side(options: argparse.Namespace) -> dict[str, Any]:
    """The same in several processes, each with its share."""
    share = -(-options.kills // options.streams)
    more = ["--keep", str(options.keep)] if options.keep else []
    more += ["--database"] if options.database else []
    started = [
        subprocess.Popen(
            [
                sys.executable,
                __file__,
                "--kills",
                str(share),
                "--seed",
                f"{options.seed}-{n}",
                "--streams",
                "1",
                *more,
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(options.streams)
    ]
    total: dict[str, Any] = {}
    for stream in started:
        said, _ = stream.communicate()
        for name, value in json.loads(said).items():
            if isinstance(value, dict):
                counted = Counter(total.get(name, {}))
                counted.update(value)
                total[name] = dict(counted)
            else:
                total[name] = total.get(name, type(value)()) + value
    return total


if __name__ == "__main__":
    sys.exit(main())
