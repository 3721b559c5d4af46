"""Every line of the checklist that holds is broken somewhere, and its tests notice each of these mutants."""

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from security.mutant import Mutant, Rotten
from security.run_mutants import ALL, MUTANTS, ROOT, places
from security.test_security_page import LINES

NEEDS_MORE = {"test_what_begins_again_and_again_is_gone_through_once"}
"""No mutant breaks it yet: one short replacement does not make a scan slow."""


def test_what_a_mutant_replaces_is_there_once() -> None:
    for mutant in ALL:
        text = (ROOT / mutant.file).read_text(encoding="utf-8")
        assert mutant.changed(text) != text, f"{mutant.line} {mutant.file}"


@pytest.mark.parametrize("text", ["", "a = 1", "if x:\n    pass\nif x:\n    pass\n"])
def test_a_mutant_that_cannot_be_made_is_an_error(text: str) -> None:
    with pytest.raises(Rotten, match="S2"):
        Mutant(line="S2", file="a.py", old="if x:", new="if False:", tests=()).changed(text)


def test_each_test_of_a_line_that_holds_is_seen_to_notice_a_mutant_of_it() -> None:
    noticing: dict[str, set[str]] = defaultdict(set)
    for mutant in MUTANTS:
        noticing[mutant.line].update(mutant.tests)
    named = {
        f"S{number}": set(re.findall(r"`(test_\w+)`", why))
        for number, _, state, why in LINES
        if state == "holds"
    }

    missing = {line: tests - noticing[line] - NEEDS_MORE for line, tests in named.items()}
    assert {line: tests for line, tests in missing.items() if tests} == {}


def test_a_line_is_broken_for_no_test_that_the_page_does_not_name_there() -> None:
    named = {f"S{number}": set(re.findall(r"`(test_\w+)`", why)) for number, _, _, why in LINES}

    assert [mutant for mutant in MUTANTS if not set(mutant.tests) <= named[mutant.line]] == []


def test_every_test_that_must_notice_one_is_found() -> None:
    tests = {name for mutant in ALL for name in mutant.tests}

    assert len(places(sorted(tests))) == len(tests)


@pytest.mark.proof
@pytest.mark.parametrize("half", [0, 1])
def test_no_mutant_survives(half: int) -> None:
    lines = sorted({mutant.line for mutant in ALL})[half::2]
    chosen = [word for line in lines for word in ("--line", line)]
    script = Path(__file__).with_name("run_mutants.py")

    done = subprocess.run([sys.executable, script, *chosen], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
