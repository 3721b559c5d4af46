"""Every fault of the catalogue is played by tests that exist, or says why it cannot be."""

import ast
from functools import cache
from pathlib import Path

from catalogue import CATALOGUE
from catalogue_entry import Entry

TESTS = Path(__file__).parents[2]
FAULTS = {"I": 12, "T": 10, "P": 28, "Q": 12, "M": 18, "L": 18}
UNPLAYED = {"M16", "L8", "L9"}


@cache
def functions(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def missing(entry: Entry) -> list[str]:
    """Tests that the entry names and that are not there."""
    named = [test.partition("::") for test in entry.tests]
    return [
        f"{path}::{name}"
        for path, _, name in named
        if not (TESTS / path).is_file() or name not in functions(TESTS / path)
    ]


def test_all_98_faults_are_in_the_table_in_their_order() -> None:
    expected = [f"{letter}{number}" for letter, count in FAULTS.items() for number in range(1, count + 1)]
    assert list(CATALOGUE) == expected
    assert len(CATALOGUE) == 98


def test_every_fault_is_played_by_tests_that_exist() -> None:
    assert {fault: missing(entry) for fault, entry in CATALOGUE.items() if missing(entry)} == {}


def test_what_no_test_plays_is_known_and_says_why() -> None:
    assert {name for name, entry in CATALOGUE.items() if not entry.tests} == UNPLAYED
    assert all(CATALOGUE[name].why_not for name in UNPLAYED)


def test_every_fault_is_told_in_a_few_words_of_its_own() -> None:
    told = [entry.fault for entry in CATALOGUE.values()]
    assert len(set(told)) == len(told)
    assert all(3 <= len(words) <= 80 for words in told)


def test_every_test_of_the_faults_is_named_or_stands_beside_one_that_is() -> None:
    """Files without any named test would be proofs that nobody finds."""
    named = {test.partition("::")[0] for entry in CATALOGUE.values() for test in entry.tests}
    files = {str(path.relative_to(TESTS)) for path in (TESTS / "sending" / "faults").glob("test_fault_*.py")}
    assert files <= named
