"""A shell that asks for completions gets commands, options and pages of help."""

import pytest
from processes import Desk


@pytest.mark.long
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("bulk-orders ma", {"map"}),
        ("bulk-orders che", {"check"}),
        ("bulk-orders map x.csv --col", {"--column"}),
        ("bulk-orders help ma", {"mapping"}),
        ("bulk-orders explain E-EMP", {"E-EMPTY"}),
    ],
)
def test_what_is_begun_is_completed(desk: Desk, typed: str, offered: set[str]) -> None:
    words = typed.split()
    ended = desk.run_cold(
        _BULK_ORDERS_COMPLETE="complete_bash", COMP_WORDS=typed, COMP_CWORD=str(len(words) - 1)
    )
    assert set(ended.out.split()) == offered, ended.words
