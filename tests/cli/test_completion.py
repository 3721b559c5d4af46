"""A shell that asks for completions gets commands, options and pages of help."""

import os
import subprocess
import sys

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


@pytest.mark.parametrize(
    "typed", ["bulk-orders check ", "bulk-orders check x.csv --js", "bulk-orders run x.csv y"]
)
def test_nothing_is_started_while_somebody_types(typed: str) -> None:
    program = (
        "import sys\n"
        "sys.addaudithook(lambda event, told: event == 'subprocess.Popen' and print('STARTED', told))\n"
        "from bulk_orders.__main__ import main\n"
        "main()\n"
    )
    asked = {
        "COMP_WORDS": typed,
        "COMP_CWORD": str(typed.count(" ")),
        "_BULK_ORDERS_COMPLETE": "complete_bash",
    }
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **asked},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "STARTED" not in ended.stdout
