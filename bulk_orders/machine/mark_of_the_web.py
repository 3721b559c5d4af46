"""Windows' note beside a file that it came from the internet: a workbook made of such a file should be opened as carefully."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from bulk_orders.machine.shell import IS_WINDOWS

_STREAM: Final = "{path}:Zone.Identifier"
_MOST_BYTES: Final = 64_000


def carry_over(
    source: Path,
    target: Path,
    *,
    is_windows: bool = IS_WINDOWS,
    read: Callable[[str, int], bytes] | None = None,
    write: Callable[[str, bytes], None] | None = None,
) -> None:
    """Give the target the mark that the source has; nothing happens where there is none, or nowhere to put it."""
    if not is_windows:
        return  # elsewhere it would be an ordinary file with a colon in its name
    with suppress(OSError):
        mark = (read or _read)(_STREAM.format(path=source), _MOST_BYTES)
        (write or _write)(_STREAM.format(path=target), mark)


def _read(stream: str, at_most_bytes: int) -> bytes:
    with Path(stream).open("rb") as file:
        return file.read(at_most_bytes)


def _write(stream: str, mark: bytes) -> None:
    with Path(stream).open("wb") as file:
        file.write(mark)
