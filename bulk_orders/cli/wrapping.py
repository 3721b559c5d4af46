"""Lines that fit a narrow terminal: broken between words, and never inside a command that somebody may copy."""

import os
import re
import shutil
import textwrap
from typing import IO, Final

NARROWEST: Final = 40
"""Columns below which lines are left to the terminal."""
_KEPT_TOGETHER = re.compile(r"`[^`]*`|bulk-orders(?= [a-z-])(?: (?![ (])\S*)+")
"""What stands in code marks, and a command to its end."""
_SPACE: Final = "\x00"
_MORE: Final = 2
"""Columns by which what follows is set in."""


def width_of(stream: IO[str]) -> int | None:
    """Return how many columns a terminal has; None for a file, a pipe or a log, whose lines stay whole."""
    try:
        if not stream.isatty():
            return None
        fallback = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError, AttributeError):
        return None
    columns = shutil.get_terminal_size(fallback).columns  # which heeds COLUMNS
    return columns if columns >= NARROWEST else None


def wrapped(text: str, width: int | None) -> str:
    """Return a text whose lines have at most `width` columns, where words and commands allow it."""
    if width is None or len(text) <= width:
        return text
    return "\n".join(_wrapped_line(line, width) for line in text.split("\n"))


def _wrapped_line(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    indent = len(line) - len(line.lstrip(" "))
    rest = " " * min(indent + _MORE, width // 2)
    return "\n".join(filled(line[indent:], width, first=" " * indent, rest=rest))


def filled(text: str, width: int, *, first: str = "", rest: str = "") -> list[str]:
    """Return a text as lines of at most `width` columns, where words and commands allow it; one line at least.

    `first` and `rest` are put in front of the first line and of the others.
    """
    lines = textwrap.wrap(
        _joined(text),
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
        drop_whitespace=True,
    )
    return [line.replace(_SPACE, " ") for line in lines] or [""]


def longest_piece(text: str) -> int:
    """Return the columns of the longest word or command, which is not broken."""
    return max(map(len, _joined(text).split(" ")))


def _joined(text: str) -> str:
    """Return a text in which what is kept together has no space."""
    return _KEPT_TOGETHER.sub(lambda found: found[0].replace(" ", _SPACE), text)
