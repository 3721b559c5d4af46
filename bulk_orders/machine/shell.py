"""Commands as the reader can paste them into a shell: POSIX shells, and PowerShell on Windows."""

import os
import re
import shlex
from pathlib import PurePath
from typing import Final

IS_WINDOWS: Final = os.name == "nt"

_PLAIN_IN_POWERSHELL: Final = re.compile(r"[A-Za-z0-9_.:/\\-]+")
_POWERSHELL_QUOTES: Final = re.compile("['\u2018\u2019\u201a\u201b]")
"""All of them end a text in single quotes."""


def quoted(word: str | PurePath, *, is_windows: bool = IS_WINDOWS) -> str:
    """Return one word of a command, quoted where it needs to be; a path that begins with `-` is not an option then."""
    text = str(word)
    if isinstance(word, PurePath) and text.startswith("-"):
        text = f".{chr(92) if is_windows else '/'}{text}"
    if not is_windows:
        return shlex.quote(text)
    if _PLAIN_IN_POWERSHELL.fullmatch(text):
        return text
    return "'" + _POWERSHELL_QUOTES.sub(lambda found: found[0] * 2, text) + "'"


def command(*words: str | PurePath, is_windows: bool = IS_WINDOWS) -> str:
    """Return the whole command."""
    return " ".join(quoted(word, is_windows=is_windows) for word in words)
