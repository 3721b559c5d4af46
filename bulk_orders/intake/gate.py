"""Reads a file of unknown origin in a process of its own, so that no file can take the program down with it.

The child has little memory, little time and no secrets; what it hands back is data in a plain form (`transfer`). Whatever
becomes of it, the caller gets tables or an `InputError`.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Self

from bulk_orders.errors import InputError
from bulk_orders.intake.child import LIMITS_ITS_PROCESSOR_TIME, OUT_OF_MEMORY
from bulk_orders.intake.transfer import TransferBroken, received
from bulk_orders.intake.workbook import WorkbookTables
from bulk_orders.texts import intake_files as words

_MB = 1_000_000
_SMALL_BYTES = 3 * _MB
_SHARE_OF_A_BUSY_COMPUTER = 6
"""Where a dozen programs want two processors, the child has its turn a sixth of the time."""
_WALL_AT_MOST_S = 900
_NEEDED_BY_PYTHON = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Of the environment the child gets these, where they are set, and nothing else."""
_PACKAGES = Path(__file__).parents[2]
_TOO_MUCH_TIME = getattr(signal, "SIGXCPU", None)
_TOO_MUCH_MEMORY = {getattr(signal, name, None) for name in ("SIGABRT", "SIGKILL")}
"""Where memory runs out, libraries abort and the system kills."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What reading one file may cost."""

    memory_bytes: int
    """Address space of the child."""
    cpu_s: float
    """Time of the processor. A hostile file burns it; waiting for one's turn on a busy computer does not."""
    wall_s: float
    """On the clock, as a last bound where the processor's time is limited too; where it cannot be, `cpu_s` is for the clock."""
    answer_bytes: int
    """What the child may hand back."""

    @classmethod
    def for_size(cls, file_bytes: int) -> Self:
        """Return 512 MB and 10 s for a small file, and in proportion for large ones, 2 GB at most; on the clock six times as long.

        Measured: a million rows of 30 columns, 120 to 133 MB packed, took 0.8 GB of addresses with their texts in the sheet,
        1 GB with shared texts, and 40 s of the processor.
        """
        surplus = max(file_bytes - _SMALL_BYTES, 0)
        cpu_s = 10 + 2 * surplus / _MB
        return cls(
            memory_bytes=min(512 * _MB + 12 * surplus, 2_000 * _MB),
            cpu_s=cpu_s,
            wall_s=min(_SHARE_OF_A_BUSY_COMPUTER * cpu_s, _WALL_AT_MOST_S),
            answer_bytes=100 * _MB + 10 * file_bytes,
        )


def read_safely(content: bytes, name: str, limits: Limits | None = None) -> WorkbookTables:
    """Return what `workbook.read_workbook` returns, read in a child process; an `InputError` where it ends early."""
    allowed = limits or Limits.for_size(len(content))
    title = PureWindowsPath(name).name or words.NAMELESS_FILE
    order = {"name": name, "memory_bytes": allowed.memory_bytes, "cpu_s": max(int(allowed.cpu_s), 1)}
    try:
        child = started()
    except OSError as error:
        raise InputError(words.NOT_STARTED.format(name=title), fix=words.NOT_STARTED_FIX) from error
    clock_s = allowed.wall_s if LIMITS_ITS_PROCESSOR_TIME else min(allowed.cpu_s, allowed.wall_s)
    with child, _Alarm(child, clock_s) as alarm:
        try:
            return _answer(child, json.dumps(order).encode() + b"\n", content, allowed)
        except TransferBroken as error:
            child.kill()
            raise _ended_early(title, child.wait(), was_late=alarm.has_rung) from error
        finally:
            child.kill()


def started() -> subprocess.Popen[bytes]:
    """Start the process that reads; it waits for its order."""
    paths = [path or str(Path.cwd()) for path in (str(_PACKAGES), *sys.path)]
    environment = {"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    for variable in _NEEDED_BY_PYTHON:
        value = os.path.expandvars(f"${{{variable}}}")
        if not value.startswith("$"):
            environment[variable] = value
    return subprocess.Popen(  # our own module; nothing of the file is on the command line
        [sys.executable, "-P", "-s", "-m", "bulk_orders.intake.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        close_fds=True,
    )


class _Alarm:
    """Kills a child that is not done in time."""

    def __init__(self, child: subprocess.Popen[bytes], time_s: float) -> None:
        self._child = child
        self._timer = threading.Timer(time_s, self._ring)
        self._timer.daemon = True
        self.has_rung = False

    def _ring(self) -> None:
        self.has_rung = True
        self._child.kill()

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


def _answer(child: subprocess.Popen[bytes], order: bytes, content: bytes, allowed: Limits) -> WorkbookTables:
    """Write everything, then read; a child that ended meanwhile is noticed when its answer is read."""
    if child.stdin is None or child.stdout is None:
        raise TransferBroken
    with suppress(OSError):
        child.stdin.write(order)
        child.stdin.write(content)
    with suppress(OSError):
        child.stdin.close()
    return received(child.stdout, at_most_bytes=allowed.answer_bytes)


def _ended_early(title: str, exit_code: int, *, was_late: bool) -> InputError:
    if was_late and LIMITS_ITS_PROCESSOR_TIME:
        return InputError(words.NO_TURN.format(name=title), fix=words.NO_TURN_FIX)
    if was_late or -exit_code == _TOO_MUCH_TIME:
        return InputError(words.TOO_SLOW.format(name=title), fix=words.MAKE_SMALLER_FIX)
    if exit_code == OUT_OF_MEMORY or -exit_code in _TOO_MUCH_MEMORY:
        return InputError(words.TOO_MUCH_MEMORY.format(name=title), fix=words.MAKE_SMALLER_FIX)
    return InputError(words.GAVE_UP.format(name=title), fix=words.SAVE_AGAIN_FIX)
