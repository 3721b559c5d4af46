"""Many histories from the command line.

    python tests/simulation/run_simulation.py --histories 300000 --seed 1 --jobs 2
    python tests/simulation/run_simulation.py --histories 1 --seed 4711 --trace
    python tests/simulation/run_simulation.py --mixed --histories 3000 --counters
    python tests/simulation/run_simulation.py --mutant "no intent" --histories 20000
    python tests/simulation/run_simulation.py --mutants --jobs 2
    python tests/simulation/run_simulation.py --machines --histories 50000 --jobs 2

Exit code 0 when nothing was ordered twice, lost or told wrongly (with --mutant: when the mutant was caught, with --mutants:
when each of them was).
"""

import argparse
import contextlib
import gc
import logging
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))  # the tree before any installed copy

from mutant_registry import Variant
from mutants import MUTANTS, applied, catch
from sim_actions import MIXED_SHARE
from sim_disk import SqlShelf
from sim_histories import End, play
from sim_machines import shared
from sim_met import SOMETIMES

KEPT_BETWEEN_LOOKS = 50_000
"""Objects between looks for circles: measured, a tenth of the time."""
SQL_SHARE = 40
"""One history in so many runs on the SQLite ledger, and must be the same as on the ledger in memory."""
REPLAY_SHARE = 100
"""One history in so many is played twice, and must be the same to the byte."""
ONLY_IN_MEMORY = (
    *("ledger backed up", "ledger rolled back"),
    *("ledger copied to another file", "two ledgers in turn"),
)
"""What only the ledger in memory can be put through here."""
CHUNK = 250
SHOWN = 20


@dataclass(slots=True)
class Tally:
    """What a number of histories told."""

    histories: int = 0
    rows: int = 0
    replayed: int = 0
    replayed_from_sql: int = 0
    on_sql: int = 0
    duplicates: int = 0
    lost: int = 0
    wrong: int = 0
    broken: int = 0
    unfound: int = 0
    unsent: int = 0
    settled: int = 0
    told_duplicates: int = 0
    counted: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str]] = field(default_factory=list)

    def add(self, end: End) -> None:
        judgement = end.judgement
        self.histories += 1
        self.rows += end.rows
        self.duplicates += len(judgement.duplicates)
        self.lost += len(judgement.lost)
        self.wrong += len(judgement.wrong)
        self.broken += len(end.broken)
        self.unfound += judgement.unfound
        self.unsent += judgement.unsent
        self.settled += judgement.settled
        self.told_duplicates += judgement.told_duplicates
        self.counted.update(end.counted)
        self.failures.extend((end.seed, line) for line in (*judgement.lines(), *end.broken))

    def join(self, other: "Tally") -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, int):
                setattr(self, name, value + getattr(other, name))
        self.counted.update(other.counted)
        self.failures.extend(other.failures)


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """What the program logs of made-up histories is for nobody; whoever runs in this process afterwards logs as before."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def play_some(
    seeds: Sequence[int],
    mutant: str = "",
    mixed_share: float = MIXED_SHARE,
    *,
    stops_early: bool = False,
    on_machines: bool = False,
) -> Tally:
    """Play these seeds one after the other; `on_machines` with one ledger, if no mutant says how."""
    gc.set_threshold(KEPT_BETWEEN_LOOKS)
    tally = Tally()
    with (
        silent(),
        _played(mutant, on_machines=on_machines) as variant,
        contextlib.closing(SqlShelf()) as shelf,
    ):
        for seed in seeds:
            is_sql = seed % SQL_SHARE == 0 and not variant.needs_memory
            end = variant.play(seed, shelf if is_sql else None, mixed_share=mixed_share)
            tally.on_sql += is_sql
            if not mutant and (is_sql or seed % REPLAY_SHARE == 0):
                _replay(variant, seed, end, tally, mixed_share, is_sql=is_sql)
            tally.add(end)
            if stops_early and not end.is_good:
                break
    return tally


@contextlib.contextmanager
def _played(mutant: str, *, on_machines: bool) -> Iterator[Variant]:
    with applied(mutant) as variant:
        yield Variant(change_plot=shared) if on_machines and not mutant else variant


def _replay(variant: Variant, seed: int, end: End, tally: Tally, mixed_share: float, *, is_sql: bool) -> None:
    """The same seed once more, on the ledger in memory: the same history."""
    again = variant.play(seed, None, mixed_share=mixed_share)
    if is_sql and any(again.counted[what] for what in ONLY_IN_MEMORY):
        return  # only the ledger in memory can be restored from a backup here
    tally.replayed += 1
    tally.replayed_from_sql += is_sql
    if again.digest != end.digest:
        where = "in memory and on SQLite" if is_sql else "played twice"
        end.broken.append(f"{where}, the same seed gave two histories")


def _chunks(first: int, histories: int) -> Iterator[range]:
    for start in range(first, first + histories, CHUNK):
        yield range(start, min(start + CHUNK, first + histories))


def _play_chunk(given: tuple[range, str, float, bool]) -> Tally:
    seeds, mutant, mixed_share, on_machines = given
    return play_some(seeds, mutant, mixed_share, on_machines=on_machines)


def play_many(
    first: int,
    histories: int,
    jobs: int,
    mutant: str = "",
    mixed_share: float = MIXED_SHARE,
    *,
    on_machines: bool = False,
) -> Tally:
    """Play consecutive seeds on several cores; stops early once a mutant is caught."""
    tally = Tally()
    chunks = [(chunk, mutant, mixed_share, on_machines) for chunk in _chunks(first, histories)]
    context = multiprocessing.get_context("spawn")
    with context.Pool(jobs) as pool:
        for part in pool.imap_unordered(_play_chunk, chunks):
            tally.join(part)
            if mutant and tally.failures:
                break
    return tally


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--histories", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--mutant", default="", choices=["", *MUTANTS])
    parser.add_argument("--mixed", action="store_true", help="rows of all types in each history, not in some")
    parser.add_argument("--machines", action="store_true", help="several machines share the ledger")
    parser.add_argument("--trace", action="store_true", help="print what happened, history by history")
    parser.add_argument("--counters", action="store_true", help="print how often each thing happened")
    parser.add_argument(
        "--mutants", action="store_true", help="print the first seed that catches each mutant"
    )
    given = parser.parse_args(arguments)
    if given.mutants:
        return _catch_all(given.jobs)
    share = 1.0 if given.mixed else MIXED_SHARE
    if given.trace:
        return _trace(given, share)
    started_s = time.perf_counter()
    if given.jobs > 1:
        tally = play_many(
            given.seed, given.histories, given.jobs, given.mutant, share, on_machines=given.machines
        )
    else:
        seeds = range(given.seed, given.seed + given.histories)
        is_early, on_machines = bool(given.mutant), given.machines
        tally = play_some(seeds, given.mutant, share, stops_early=is_early, on_machines=on_machines)
    _print(tally, time.perf_counter() - started_s, given)
    return int(bool(tally.failures) != bool(given.mutant))


def _catch_all(jobs: int) -> int:
    """A line for each mutant: the first seed whose history fails with it and not without it."""
    escaped = 0
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for name, seed in pool.imap_unordered(_first_seed, MUTANTS):
            escaped += seed is None
            print(f"{seed or 'not caught':>10}  {name}", flush=True)
    print(f"{len(MUTANTS) - escaped} of {len(MUTANTS)} caught")
    return int(escaped > 0)


def _first_seed(name: str) -> tuple[str, int | None]:
    with silent():
        return name, catch(name, range(1, MUTANTS[name].budget + 1))


def _print(tally: Tally, took_s: float, given: argparse.Namespace) -> None:
    counted = tally.counted
    print(
        f"{tally.histories:,} histories in {took_s:.1f} s ({tally.histories / took_s:.0f}/s), {tally.rows:,} rows"
    )
    print(
        f"{counted['crash']:,} crashes ({counted['power loss']:,} of them power losses), {counted['intent']:,} attempts, "
        f"{tally.on_sql:,} histories on SQLite, {tally.replayed:,} replayed"
    )
    print(f"DUP {tally.duplicates}  LOST {tally.lost}  WRONG {tally.wrong}  broken {tally.broken}")
    print(
        f"at the end: {tally.settled:,} rows ordered, {tally.unsent:,} not sent, {tally.unfound:,} exist and are told as "
        f"doubtful; {tally.told_duplicates} duplicates of the gateway's were told"
    )
    if given.counters:
        for name in sorted({*counted, *SOMETIMES}):
            print(f"  {counted[name]:>9,}  {name}")
    for seed, line in sorted(tally.failures)[:SHOWN]:
        print(f"seed {seed}: {line}")
    if tally.failures:
        seed = min(tally.failures)[0]
        which = " --mixed" * given.mixed + " --machines" * given.machines
        which += f' --mutant "{given.mutant}"' * bool(given.mutant)
        print(f"replay: python tests/simulation/run_simulation.py --histories 1 --seed {seed}{which} --trace")


def _trace(given: argparse.Namespace, mixed_share: float) -> int:
    is_good = True
    is_shared = given.machines
    with _played(given.mutant, on_machines=is_shared) as variant, contextlib.closing(SqlShelf()) as shelf:
        for seed in range(given.seed, given.seed + given.histories):
            is_sql = seed % SQL_SHARE == 0 and not variant.needs_memory
            ledger = shelf if is_sql else None
            end = variant.play(seed, ledger, keeps_trace=True, mixed_share=mixed_share)
            print(f"seed {seed}")
            print("".join(end.trace or []), end="")
            is_good = is_good and end.is_good
    return 0 if is_good else 1


__all__ = ["Tally", "main", "play", "play_many", "play_some"]

if __name__ == "__main__":
    raise SystemExit(main())
