"""What `explain` prints of each code is sentences, without gaps."""

import re

import pytest
from processes import Desk

from bulk_orders.core.problem_texts import PROBLEM_TEXTS

_DIFFERENT = [
    code for code, text in PROBLEM_TEXTS.items() if "{todo}" in text.fix or text.sentence == "{why}"
]


def test_no_page_has_the_name_of_a_sentence_in_it() -> None:
    assert [
        code for code, text in PROBLEM_TEXTS.items() if "{todo}" in text.fix and text.fix != "{todo}"
    ] == []


@pytest.mark.parametrize("code", _DIFFERENT[::6])
def test_a_page_whose_sentences_differ_from_cell_to_cell_says_so(desk: Desk, code: str) -> None:
    ended = desk.run("explain", code)
    assert ended.code == 0
    assert "‹todo›" not in ended.out
    assert "  ‹why›\n" not in ended.out
    assert re.search(r"[^ ]‹reason›| \.\n", ended.out) is None
