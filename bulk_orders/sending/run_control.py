"""Whether and why a run ends early, shared by all who work for it."""

import threading
from dataclasses import dataclass, field
from typing import Final

from bulk_orders.errors import ExitCode

STOPPED_BY_YOU: Final = "Stopped by you."


@dataclass(slots=True, kw_only=True)
class RunControl:
    """Whether and why the run ends early; shared by all workers."""

    stop: threading.Event = field(default_factory=threading.Event)
    reason: str = ""
    exit_code: ExitCode = ExitCode.OK
    is_left: bool = False
    """Others go on with the run; this process only stops watching."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def end(self, reason: str, exit_code: ExitCode) -> None:
        """Begin no more orders. The first reason given stays."""
        with self.lock:
            if not self.stop.is_set():
                self.reason, self.exit_code = reason, exit_code
                self.stop.set()

    def break_off(self, reason: str, exit_code: ExitCode) -> None:
        """Begin no more orders; this reason counts, whatever was given before."""
        with self.lock:
            self.reason, self.exit_code = reason, exit_code
            self.stop.set()
