"""Workbooks that are made to be slow to go through: each piece of them is gone through once."""

import pytest
from books.hostile_books import HOSTILE, hostile_book, processor_s

pytestmark = pytest.mark.long

PART_BYTES = 120_000
ALLOWED_S = 5.0
"""Of the processor, for what takes a twentieth of it; gone through anew at each place, it took minutes to days."""


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_begins_again_and_again_is_gone_through_once(kind: str) -> None:
    content = hostile_book(kind, PART_BYTES)
    assert len(content) < 17_000
    assert processor_s(content) < ALLOWED_S
