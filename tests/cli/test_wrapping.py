"""On a narrow terminal lines break between words, and a command stays in one piece; in a file they stay whole."""

import io
import os
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from books.order_books import order_row, write_book
from hypothesis import given
from hypothesis import strategies as st
from processes import Desk

from bulk_orders.cli.wrapping import width_of, wrapped

WORDS = st.lists(
    st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=1, max_size=30), min_size=1
)
WIDTHS = st.integers(min_value=40, max_value=120)


@given(WORDS, WIDTHS, st.integers(min_value=0, max_value=30))
def test_every_word_is_there_and_no_line_is_too_long(words: list[str], width: int, indent: int) -> None:
    text = " " * indent + " ".join(words)
    lines = wrapped(text, width).split("\n")
    assert " ".join(lines).split() == text.split()
    if "`" not in text:
        assert all(len(line) <= width or len(line.split()) == 1 for line in lines)


@given(st.text(max_size=300))
def test_in_a_file_a_line_stays_as_it_is(text: str) -> None:
    assert wrapped(text, None) == text
    assert width_of(io.StringIO(text)) is None


@pytest.mark.parametrize(
    "command",
    ["bulk-orders check '/a folder/with a very long name/orders of november.xlsx'", "`bulk-orders map FILE`"],
)
def test_a_command_stays_in_one_piece(command: str) -> None:
    text = f"  Nothing was sent, and all of the rows are ready to be sent. Next:  {command}"
    assert command in wrapped(text, 60)


def test_a_version_is_no_command() -> None:
    versions = "  ✔ versions     bulk-orders 1.2.0, Python 3.13.1, httpx 0.28.1, openpyxl 3.1.5, lxml 6.0.0"
    assert max(map(len, wrapped(versions, 60).split("\n"))) <= 60


def at_a_terminal(desk: Desk, *arguments: object) -> str:
    """What a command shows on a terminal of 60 columns whose user wants no colours, and presses Enter."""
    person, program = os.openpty()
    desk.settings |= {"COLUMNS": "60", "NO_COLOR": "1", "TERM": "xterm-256color"}
    shown = bytearray()

    def look() -> None:
        with suppress(OSError):  # the other end is closed
            while piece := os.read(person, 65_536):
                shown.extend(piece)

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    running = desk.at_a_terminal(program, *arguments)
    os.write(person, b"\n")
    running.wait()
    os.close(program)
    looking.join(10)
    os.close(person)
    return shown.decode()


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo terminals here")
@pytest.mark.parametrize("command", [("check",), ("run", "--practice"), ("map",)])
def test_a_terminal_of_60_columns_without_colours(desk: Desk, command: tuple[str, ...]) -> None:
    path = write_book(desk.folder / "orders.xlsx", [order_row(1), order_row(2, quantity="many " * 12)])
    shown = at_a_terminal(desk, command[0], Path(path).name, *command[1:])
    assert shown.strip()
    assert "\x1b" not in shown
    assert max(len(line) for line in shown.replace("\r", "\n").split("\n")) <= 60
