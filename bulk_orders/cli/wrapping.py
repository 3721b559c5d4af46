"""Lines that fit a narrow terminal: broken between words, and never inside a command that somebody may copy."""

import os
import re
import shutil
import textwrap
from typing import IO, Final

NARROWEST: Final = 40
"""Columns below which lines are left to the terminal."""
_KEPT_TOGETHER = re.compile(r"`[^`]*`|bulk-orders(?: (?![ (])\S*)+")
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
    kept = _KEPT_TOGETHER.sub(lambda found: found[0].replace(" ", _SPACE), line[indent:])
    lines = textwrap.wrap(
        kept,
        width,
        initial_indent=" " * indent,
        subsequent_indent=" " * min(indent + _MORE, width // 2),
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
        drop_whitespace=True,
    )
    return "\n".join(lines).replace(_SPACE, " ")
