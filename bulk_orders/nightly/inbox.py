"""Which files of the inbox are complete: announced by a trigger, or still for a while."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulk_orders.machine.clock import Clock
from bulk_orders.nightly.folders import NightFolders

WORKBOOKS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv"})
"""Endings of what people take for a table; those that cannot be read are refused by name, with what to do."""
_UNFINISHED: Final = frozenset({".tmp", ".part", ".partial", ".crdownload", ".filepart"})
_OPEN_IN_EXCEL: Final = "~$"

Shape = tuple[int, int, int]
"""Size, time of change and identity of a file: what changes while somebody writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftInInbox:
    """A file that stays in the inbox, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found in the inbox."""

    complete: tuple[tuple[Path, Shape], ...]
    """To be taken, by name."""
    waiting: tuple[LeftInInbox, ...]


def shape_of(path: Path) -> Shape:
    """Return what changes while somebody writes into the file. Raises `OSError`."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ino


def look(folders: NightFolders, *, stable_s: float, clock: Clock, stop: threading.Event) -> Found:
    """Return the files that are complete, and those that are not yet. Raises `OSError` if the folder cannot be read.

    Without a trigger a file must not change between two looks; the wait is the clock's of this machine, and no two
    machines' clocks are compared.
    """
    candidates, waiting = _candidates(folders)
    if folders.trigger:
        announced = [path for path in candidates if _is_announced(folders, path)]
        unannounced = [path for path in candidates if path not in announced]
        waiting += [
            LeftInInbox(name=path.name, why="it is not announced as complete") for path in unannounced
        ]
        candidates, stable_s = announced, 0.0
    before = _shapes(candidates)
    if before and stable_s:
        clock.wait(stable_s, stop)
    after = _shapes(before)
    still = [path for path in before if before[path] == after.get(path) and before[path][0]]
    waiting += [
        LeftInInbox(name=path.name, why="it is still being written" if before[path][0] else "it is empty")
        for path in before
        if path in after and path not in still
    ]
    return Found(
        complete=tuple((path, after[path]) for path in still),
        waiting=tuple(sorted(waiting, key=lambda entry: entry.name)),
    )


def _candidates(folders: NightFolders) -> tuple[list[Path], list[LeftInInbox]]:
    """Return the workbooks of the inbox by name, and what else is there that people may take for one."""
    found: list[Path] = []
    others: list[LeftInInbox] = []
    for path in sorted(folders.inbox.iterdir()):
        is_hidden = path.name.startswith((".", _OPEN_IN_EXCEL)) or path.suffix.lower() in _UNFINISHED
        if is_hidden or path.is_dir() or folders.is_companion(path):
            continue
        if path.suffix.lower() in WORKBOOKS and not path.is_symlink() and path.is_file():
            found.append(path)
        else:
            others.append(LeftInInbox(name=path.name, why="it is not a workbook or CSV file"))
    return found, others


def _is_announced(folders: NightFolders, path: Path) -> bool:
    names = (f"{path.name}{folders.trigger}", f"{path.stem}{folders.trigger}")
    return any(path.with_name(name).exists() for name in names)


def _shapes(paths: Iterable[Path]) -> dict[Path, Shape]:
    """Return the shapes of those that are still there: a person may take a file away again."""
    shapes = {}
    for path in paths:
        try:
            shapes[path] = shape_of(path)
        except FileNotFoundError:
            continue
    return shapes
