"""The process that a workbook is read in: it takes limits, name and bytes from its input and answers in `transfer`'s lines.

It is started by `intake.gate` only. A library that aborts, or a file that eats memory, ends this process and no other.
"""

import json
import sys
from contextlib import suppress
from types import ModuleType

from bulk_orders.errors import InputError
from bulk_orders.intake.transfer import Sender
from bulk_orders.intake.workbook import read_workbook

try:
    import resource as _resource
except ImportError:  # Windows has no such limits; the parent's clock is all there is
    _RESOURCE: ModuleType | None = None
else:
    _RESOURCE = _resource

OUT_OF_MEMORY = 3
"""Exit code; where not even that is possible, the process is aborted."""
LIMITS_ITS_PROCESSOR_TIME = _RESOURCE is not None
_MAX_OPEN_FILES = 32


def main() -> int:
    """Read one workbook; return the exit code."""
    order = json.loads(sys.stdin.buffer.readline())
    _limit_itself(int(order["memory_bytes"]), int(order["cpu_s"]))
    content = sys.stdin.buffer.read()
    out = sys.stdout.buffer
    sender = Sender(out)
    try:
        sender.finish(read_workbook(content, str(order["name"]), sender.keep))
    except InputError as error:
        sender.refuse(error)
    except MemoryError:
        return OUT_OF_MEMORY
    out.flush()
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
