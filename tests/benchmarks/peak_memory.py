"""The most memory that a process had at once, by its own account.

Not `ru_maxrss`: a child begins with its parent's. What Linux keeps as VmHWM begins anew with each program.
"""

from pathlib import Path
from typing import Final

CAN_TELL: Final = Path("/proc/self/status").exists()
WHY_NOT: Final = "only Linux tells the peak memory of a process apart from its parent's"


def peak_mb(process: int | str = "self") -> float:
    """In MiB; 0.0 for a process that has ended."""
    try:
        told = Path(f"/proc/{process}/status").read_text("ascii", errors="replace")
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in told.splitlines() if line.startswith("VmHWM:")) / 1024
