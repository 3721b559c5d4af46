"""The catalogue of problems: every code explained, in sentences that fit and blame nobody."""

import re
import string
from collections.abc import Callable

import pytest

from bulk_orders.core import problem_texts
from bulk_orders.core.model import Problem, Severity
from bulk_orders.core.problem_texts import (
    PROBLEM_TEXTS,
    SENTENCE_LIMIT,
    ProblemText,
    nearest_codes,
    problem,
    sentences,
    shown,
)
from bulk_orders.core.problems.entry import text

NEVER_SAID = re.compile(
    r"\b(payload|(?<!of )record|ingest|exception|null|invalid|illegal|you must|failed to)\b", re.IGNORECASE
)


def parts_of(entry: ProblemText) -> set[str]:
    return {
        name
        for text in (entry.sentence, entry.fix)
        for _, name, _, _ in string.Formatter().parse(text)
        if name
    }


def unlike(is_right: Callable[[ProblemText], bool]) -> list[str]:
    """The codes whose texts are not as all should be."""
    return [code for code, entry in PROBLEM_TEXTS.items() if not is_right(entry)]


def test_each_code_is_explained() -> None:
    assert [code for code, entry in PROBLEM_TEXTS.items() if code != entry.code] == []
    assert unlike(lambda entry: re.fullmatch(r"[FEWIOS](-[A-Z]+)+", entry.code) is not None) == []
    assert unlike(lambda entry: bool(entry.title)) == []
    assert unlike(lambda entry: entry.why.endswith(".")) == []
    assert unlike(lambda entry: bool(entry.after) or not entry.before) == []


def filled(entry: ProblemText, typed: str) -> tuple[str, str]:
    return sentences(entry.code, dict.fromkeys(parts_of(entry), typed))


def test_each_sentence_fits_with_short_values() -> None:
    assert unlike(lambda entry: max(map(len, filled(entry, "Quantity"))) < SENTENCE_LIMIT) == []
    assert unlike(lambda entry: not filled(entry, "Quantity")[0].endswith("…")) == []


def test_each_sentence_fits_whatever_was_typed() -> None:
    assert unlike(lambda entry: max(map(len, filled(entry, "\u200b" * 5000))) <= SENTENCE_LIMIT) == []


def test_no_sentence_uses_a_word_people_do_not_use() -> None:
    assert unlike(lambda entry: not NEVER_SAID.search(f"{entry.title} {entry.sentence} {entry.fix}")) == []


@pytest.mark.parametrize(
    ("letter", "severity"), [("E", Severity.ERROR), ("W", Severity.WARNING), ("I", Severity.INFO)]
)
def test_the_letter_of_a_code_tells_its_severity(letter: str, severity: Severity) -> None:
    assert {entry.severity for code, entry in PROBLEM_TEXTS.items() if code.startswith(f"{letter}-")} == {
        severity
    }


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        ("E-EMPTY", Severity.ERROR),
        ("F-HEADER", Severity.ERROR),
        ("S-GAVE-UP", Severity.ERROR),
        ("W-ZERO", Severity.WARNING),
        ("F-HIDDEN", Severity.WARNING),
        ("F-SECOND-SHEET", Severity.WARNING),
        ("S-HELD", Severity.WARNING),
        ("S-NO-ANSWER", Severity.WARNING),
        ("I-TRIM", Severity.INFO),
        ("F-IGNORED-SHEET", Severity.INFO),
        ("S-RATE", Severity.INFO),
    ],
)
def test_an_entry_keeps_its_words_and_weighs_what_its_code_says(code: str, severity: Severity) -> None:
    words = text(code, "title", "sentence", "fix", "why", "before", "after")
    assert problem_texts._entry(words) == ProblemText(
        code=code,
        title="title",
        sentence="sentence",
        fix="fix",
        why="why",
        before="before",
        after="after",
        severity=severity,
    )
    assert PROBLEM_TEXTS[code].severity is severity


def test_values_with_braces_are_values() -> None:
    message, _ = sentences("E-LIST", {"value": "{column}", "column": "Billing", "todo": "{x}"})
    assert message == '"{column}" is not in the list of Billing.'


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("plain", "plain"),
        ("a\u200bb", "a‹U+200B›b"),
        ("a\u202eb", "a‹U+202E›b"),
        ("a b", "a b"),
        ("a b\u200b", "a b‹U+200B›"),
        ("x" * 44, "x" * 44),
        ("x" * 45, f"{'x' * 43}…"),
        ("x" * 43 + "\u200b", f"{'x' * 43}…"),
        ("x" * 44 + "\u200b", f"{'x' * 43}…"),
        ("\u200b" + "x" * 36, f"‹U+200B›{'x' * 36}"),
        ("\u200b" + "x" * 37, f"‹U+200B›{'x' * 35}…"),
    ],
)
def test_what_is_invisible_is_shown_by_its_number(typed: str, expected: str) -> None:
    assert shown(typed) == expected


@pytest.mark.parametrize(
    ("words", "fix"),
    [("x" * 140, "x" * 140), ("x" * 141, f"{'x' * 139}…")],
    ids=["as long as may be", "longer"],
)
def test_a_sentence_has_140_characters_at_the_most_and_our_own_words_may_fill_it(
    words: str, fix: str
) -> None:
    assert sentences("E-NUMBER", {"value": "5", "todo": words})[1] == fix


@pytest.mark.parametrize(
    ("part", "length"), [("todo", 140), ("reason", 140), ("why", 140), ("value", 44), ("column", 44)]
)
def test_what_people_typed_is_cut_sooner_than_our_own_words(part: str, length: int) -> None:
    assert problem_texts._limit(part) == length


def test_a_sentence_that_its_words_make_too_long_is_cut_at_140_characters() -> None:
    parts = dict.fromkeys(parts_of(PROBLEM_TEXTS["E-EMPTY"]), "") | {
        "column": "Quantity",
        "reason": "x" * 140,
    }
    assert sentences("E-EMPTY", parts)[0] == f"Quantity is empty{'x' * 122}…"


def test_a_value_is_kept_for_machines_up_to_100_characters() -> None:
    made = problem("E-NUMBER", parts={"value": "5", "todo": ""}, value="x" * 101)
    assert made.value == "x" * 100


def test_a_problem_is_made_in_the_catalogues_words() -> None:
    made = problem(
        "E-NUMBER",
        parts={"value": "5 seats", "todo": "Type 5."},
        sheet="Orders",
        cells=("H14",),
        proposal="5",
    )
    assert made.message == '"5 seats" is not a whole number.'
    assert (made.fix, made.severity, made.where) == ("Type 5.", Severity.ERROR, "Orders!H14")


def test_a_problem_carries_all_that_it_was_told_and_nothing_else() -> None:
    told = {
        "sheet": "Orders",
        "sheet_row": 14,
        "cells": ("H14", "H15"),
        "column": "Quantity",
        "field": "quantity",
        "value": "5 seats",
        "proposal": "5",
        "order_rows": (14, 15),
    }
    parts = {"value": "5 seats", "todo": "Type 5."}
    said = {
        "code": "E-NUMBER",
        "severity": Severity.ERROR,
        "message": '"5 seats" is not a whole number.',
        "fix": "Type 5.",
    }
    assert problem("E-NUMBER", parts=parts, **told) == Problem(**said, **told)
    assert problem("E-NUMBER", parts=parts) == Problem(**said)


def test_a_mistyped_code_finds_its_neighbour() -> None:
    assert nearest_codes("e-term-biling")[0] == "E-TERM-BILLING"
    assert "E-PHONE" in nearest_codes("money")
    assert nearest_codes("quite something else") == []


def test_of_many_neighbours_the_three_nearest_are_named() -> None:
    assert nearest_codes("E-DUP-REF")[0] == "E-DUP-REF"
    assert len(nearest_codes("E-DUP-REF")) == 3
