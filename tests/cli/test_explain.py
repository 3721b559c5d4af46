"""What `explain` prints of each code is sentences, without gaps."""

import re

import pytest
from processes import Desk

from bulk_orders.core.problem_texts import PROBLEM_TEXTS


def test_no_page_has_the_name_of_a_sentence_in_it() -> None:
    assert [
        code for code, text in PROBLEM_TEXTS.items() if "{todo}" in text.fix and text.fix != "{todo}"
    ] == []


@pytest.mark.parametrize("code", ["E-EMPTY", "E-DATE-TEXT", "E-CHARS", "E-CUSTOMER", "F-EMPTY", "W-NOT-SENT"])
def test_a_page_whose_sentences_differ_from_cell_to_cell_says_so(desk: Desk, code: str) -> None:
    ended = desk.run("explain", code)
    assert ended.code == 0
    assert "‹todo›" not in ended.out
    assert "  ‹why›\n" not in ended.out
    assert re.search(r"[^ ]‹reason›| \.\n", ended.out) is None
    assert re.search(r"[^.?!]\n", ended.out.partition("\n")[2].partition("Before")[0]) is None
