"""Runs a function on bytes of unknown origin in a process of its own, so that no file can take the program down with it.

The child has little memory, little time and no secrets. It knows the function by name and hands back bytes; what they
mean, and whether they are believed, is its caller's business. Whatever becomes of it, the caller gets an answer or an
`EndedEarly`.
"""

import enum
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import IO, Any, Final, Protocol, Self, TypeVar

try:
    import resource as _resource
except ImportError:  # Windows has no such limits; the parent's clock is all there is
    _RESOURCE: ModuleType | None = None
else:
    _RESOURCE = _resource

LIMITS_ITS_PROCESSOR_TIME: Final = _RESOURCE is not None
OUT_OF_MEMORY: Final = 3
"""Exit code; where not even that is possible, the process is aborted."""

_MB: Final = 1_000_000
_SMALL_BYTES: Final = 3 * _MB
_SHARE_OF_A_BUSY_COMPUTER: Final = 6
"""Where a dozen programs want two processors, the child has its turn a sixth of the time."""
_WALL_AT_MOST_S: Final = 900
_MAX_OPEN_FILES: Final = 32
_NEEDED_BY_PYTHON: Final = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Of the environment the child gets these, where they are set, and nothing else."""
_PACKAGES: Final = Path(__file__).parents[2]
_TOO_MUCH_TIME: Final = getattr(signal, "SIGXCPU", None)
_TOO_MUCH_MEMORY: Final = {getattr(signal, name, None) for name in ("SIGABRT", "SIGKILL")}
"""Where memory runs out, libraries abort and the system kills."""
_AHEAD: Final[list[subprocess.Popen[bytes]]] = []
"""At most one, started and waiting for the next order."""
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessLimits:
    """What one file may cost."""

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


class Why(enum.Enum):
    """Why a child ended before it had answered."""

    NOT_STARTED = "not started"
    NO_TURN = "no turn on a busy computer"
    TOO_SLOW = "too slow"
    TOO_MUCH_MEMORY = "too much memory"
    GAVE_UP = "gave up"


class EndedEarly(Exception):
    """The child did not answer."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class AnswerBroken(Exception):
    """What came is not what the function sends: it died on the way, or it was made to say something else."""


class ByteSource(Protocol):
    """Where bytes come from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return so many bytes, or all; fewer only at the end."""

    def readline(self, limit: int, /) -> bytes:
        """Return the bytes up to and with the next line end."""


class ByteSink(Protocol):
    """Where bytes are written to."""

    def write(self, data: bytes | memoryview, /) -> object:
        """Take all of the bytes."""


def call(
    function: str,
    argument: Mapping[str, Any],
    contents: Iterable[bytes],
    receive: Callable[[ByteSource], _Answer],
    limits: ProcessLimits,
) -> _Answer:
    """Return what `receive` makes of what `function` writes, called with `argument`, a source of `contents`, and a sink.

    `function` is `module:name` of ours. Raises `EndedEarly`, and whatever `receive` raises but `AnswerBroken`.
    """
    order = {
        "function": function,
        "argument": argument,
        "memory_bytes": limits.memory_bytes,
        "cpu_s": max(int(limits.cpu_s), 1),
    }
    try:
        child = _taken() or started(function.partition(":")[0])
    except OSError as error:
        raise EndedEarly(Why.NOT_STARTED) from error
    clock_s = limits.wall_s if LIMITS_ITS_PROCESSOR_TIME else min(limits.cpu_s, limits.wall_s)
    with child, _Alarm(child, clock_s) as alarm:
        try:
            return receive(_asked(child, chain([json.dumps(order).encode() + b"\n"], contents)))
        except AnswerBroken as error:
            child.kill()
            raise EndedEarly(_why(child.wait(), was_late=alarm.has_rung)) from error
        finally:
            child.kill()


def start_ahead(module: str) -> None:
    """Start the process of the next `call` now: it loads `module` while the program itself still loads what it needs.

    One that nobody calls ends with the program. One that cannot be started is tried again by `call`, which says why not.
    """
    if not _AHEAD:
        with suppress(OSError):
            _AHEAD.append(started(module))


def _taken() -> subprocess.Popen[bytes] | None:
    """Return the process that was started ahead, if it still waits."""
    child = _AHEAD.pop() if _AHEAD else None
    if child is not None and child.poll() is not None:
        child.communicate()  # closes its pipes
        return None
    return child


def started(module: str) -> subprocess.Popen[bytes]:
    """Start the process; it loads `module` and waits for its order."""
    paths = [path or str(Path.cwd()) for path in (str(_PACKAGES), *sys.path)]
    environment = {"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    for variable in _NEEDED_BY_PYTHON:
        value = os.path.expandvars(f"${{{variable}}}")
        if not value.startswith("$"):
            environment[variable] = value
    child = subprocess.Popen(  # our own module; nothing of the file is on the command line
        [sys.executable, "-P", "-s", "-m", "bulk_orders.machine.isolation"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        close_fds=True,
        process_group=0,  # Ctrl-C is for the program, which then ends its child; a killed child would seem a bad file
    )
    _write(child, [module.encode() + b"\n"])
    return child


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


def _asked(child: subprocess.Popen[bytes], contents: Iterable[bytes]) -> IO[bytes]:
    """Write everything, and return where the answer comes from."""
    if child.stdin is None or child.stdout is None:
        raise AnswerBroken
    _write(child, contents)
    with suppress(OSError):
        child.stdin.close()
    return child.stdout


def _write(child: subprocess.Popen[bytes], contents: Iterable[bytes]) -> None:
    """Write everything; a child that ended meanwhile is noticed when its answer is read.

    What the child has to load and what it can begin with is sent at once, while the rest may still be made.
    """
    if child.stdin is None:
        raise AnswerBroken
    with suppress(OSError):
        for content in contents:
            child.stdin.write(content)
            child.stdin.flush()


def _why(exit_code: int, *, was_late: bool) -> Why:
    if was_late and LIMITS_ITS_PROCESSOR_TIME:
        return Why.NO_TURN
    if was_late or -exit_code == _TOO_MUCH_TIME:
        return Why.TOO_SLOW
    if exit_code == OUT_OF_MEMORY or -exit_code in _TOO_MUCH_MEMORY:
        return Why.TOO_MUCH_MEMORY
    return Why.GAVE_UP


def main() -> int:
    """Be the child: take module, limits, function and bytes from the input, answer on the output; return the exit code."""
    gc.disable()  # measured: a tenth of the time went into looking for circles among a file's rows, which have none
    importlib.import_module(sys.stdin.buffer.readline().decode().strip())
    line = sys.stdin.buffer.readline()
    if not line:  # started ahead, and never needed
        return 0
    order = json.loads(line)
    _limit_itself(int(order["memory_bytes"]), int(order["cpu_s"]))
    module, _, name = str(order["function"]).partition(":")
    function = getattr(importlib.import_module(module), name)
    out = sys.stdout.buffer
    try:
        function(order["argument"], sys.stdin.buffer, out)
    except MemoryError:
        return OUT_OF_MEMORY
    out.flush()
    gc.freeze()  # nor is there a last look
    return 0


def _limit_itself(memory_bytes: int, cpu_s: int) -> None:
    if _RESOURCE is None:
        return
    limits = {
        _RESOURCE.RLIMIT_AS: memory_bytes,
        _RESOURCE.RLIMIT_FSIZE: 0,  # it has no file to write
        _RESOURCE.RLIMIT_NOFILE: _MAX_OPEN_FILES,
        _RESOURCE.RLIMIT_CORE: 0,  # a core dump would hold the customers' data
    }
    for kind, limit in limits.items():
        with suppress(ValueError, OSError):  # macOS refuses some; the parent's clock remains
            _RESOURCE.setrlimit(kind, (limit, limit))
    with suppress(ValueError, OSError):
        # At the first figure the signal says why; a child that ignores it is killed at the second.
        _RESOURCE.setrlimit(_RESOURCE.RLIMIT_CPU, (cpu_s, cpu_s + 1))


if __name__ == "__main__":
    sys.exit(main())
