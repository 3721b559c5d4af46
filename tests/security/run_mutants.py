"""Whether every line of SECURITY.md that holds is really held by the tests that it names.

    python tests/security/run_mutants.py --jobs 2
    python tests/security/run_mutants.py --line S9
    python tests/security/run_mutants.py --line sharing

A line is broken in a copy of the tree, by one exact replacement, and its tests are run there: they must fail. First they
must pass in the copy as it is. Exit code 0 when every mutant was caught, 1 when one survived, 2 when a test fails without
any or nothing can be told.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))  # the tree before any installed copy

from security import mutants_of_files, mutants_of_networks, mutants_of_sharing, mutants_of_the_ledger
from security.mutant import Mutant, Rotten

ROOT = Path(__file__).parents[2]
MUTANTS = (*mutants_of_files.MUTANTS, *mutants_of_networks.MUTANTS, *mutants_of_the_ledger.MUTANTS)
"""Of lines of SECURITY.md."""
ALL = (*MUTANTS, *mutants_of_sharing.MUTANTS)
PATIENCE_S = 3600.0
_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv*", ".*_cache", ".hypothesis", "*.egg-info", "build", "dist", "mutants", "screenshots"
)
_PASSED, _FAILED = 0, 1
"""pytest's exit codes; by all others it says that it could not run the tests."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What pytest said of some tests in a copy of the tree."""

    failed: frozenset[str]
    """Their names, without parameters."""
    could_run: bool
    said: str


def places(tests: Sequence[str], tree: Path = ROOT) -> list[str]:
    """Return what pytest calls these tests. Raises `Rotten` for a name that is not there exactly once."""
    wanted = set(tests)
    found: dict[str, list[str]] = {name: [] for name in wanted}
    for path in sorted((tree / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        for name in wanted.intersection(re.findall(r"^def (test_\w+)", text, re.MULTILINE)):
            found[name].append(f"{path.relative_to(tree).as_posix()}::{name}")
    for name, where in found.items():
        if len(where) != 1:
            message = f"{name} stands in {len(where)} modules"
            raise Rotten(message)
    return sorted(where for (where,) in found.values())


def run_tests(tree: Path, tests: Sequence[str], *, jobs: int = 0) -> Outcome:
    """Run the tests in this copy of the tree, with its package and no other."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rf",
        "-n",
        str(jobs),
        "--hypothesis-seed=0",
        "--tb=line",
    ]
    command += ["-m", "not benchmark and not proof"]
    if len(tests) == 1:
        command.append("-x")
    settings = {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "", "COLUMNS": "300"}
    try:
        done = subprocess.run(
            [*command, *places(tests, tree)],
            cwd=tree,
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
    except subprocess.TimeoutExpired:
        return Outcome(frozenset(), could_run=False, said=f"no end within {PATIENCE_S:.0f} s")
    failed = frozenset(re.findall(r"^FAILED \S+?::(test_\w+)", done.stdout, re.MULTILINE))
    if done.returncode < 0 and len(tests) == 1:  # killed by what the line keeps away: calamine aborts
        return Outcome(frozenset(tests), could_run=True, said="")
    could_run = done.returncode == _PASSED or (done.returncode == _FAILED and bool(failed))
    return Outcome(failed, could_run=could_run, said=done.stdout[-3000:] + done.stderr[-1000:])


def copied(tree: Path, to: Path) -> Path:
    """Copy what the tests need."""
    return Path(shutil.copytree(tree, to, ignore=_LEFT_OUT, dirs_exist_ok=True))


def verdict(mutant: Mutant, unbroken: Path) -> tuple[bool, str]:
    """Return whether the mutant was caught by each of its tests, and the sentence that says so."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        tree = copied(unbroken, Path(folder) / "tree")
        mutant.apply(tree)
        outcome = run_tests(tree, mutant.tests)
    if not outcome.could_run:
        return False, f"{mutant.line} NOT TRIED in {mutant.file}\n{outcome.said}"
    missed = [name for name in mutant.tests if name not in outcome.failed]
    if missed:
        return False, f"{mutant.line} SURVIVED {', '.join(missed)}: {mutant.file}, {mutant.old.strip()!r}"
    return True, f"{mutant.line} caught by {', '.join(mutant.tests)}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--line", action="append", metavar="S9", help="only this line; may be repeated")
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args(arguments)
    known = ALL if find_spec("psycopg") else MUTANTS
    if known is not ALL:
        print("The lines of sharing are left out: psycopg is not installed (extra fleet).")
    chosen = [mutant for mutant in known if not given.line or mutant.line in given.line]
    if not chosen:
        parser.error("no such line among the mutants")
    tests = sorted({name for mutant in chosen for name in mutant.tests})
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        unbroken = copied(ROOT, Path(folder) / "tree")
        whole = run_tests(unbroken, tests, jobs=given.jobs)
        if whole.failed or not whole.could_run:
            print(f"without any mutant:\n{whole.said}")
            return 2
        with ThreadPoolExecutor(given.jobs) as pool:
            caught = 0
            for is_caught, sentence in pool.map(partial(verdict, unbroken=unbroken), chosen):
                caught += is_caught
                print(sentence, flush=True)
    print(f"{caught} of {len(chosen)} caught")
    return int(caught < len(chosen))


if __name__ == "__main__":
    raise SystemExit(main())
