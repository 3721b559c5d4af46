"""Ctrl-C and its relatives: once finishes what is in flight and reports, twice stops now."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Final

from bulk_orders.cli.json_objects import HAS_ANSWERED, error_json
from bulk_orders.errors import ExitCode

if TYPE_CHECKING:
    from bulk_orders.cli.terminal import Terminal


_STOPPED_AT_ONCE: Final = (
    "Stopped at once. Orders that were in flight are looked up by the next `bulk-orders resume` or `run`."
)


def stop_on_signals(stop: threading.Event, terminal: "Terminal", *, waits_for_orders: bool) -> None:
    """Make SIGINT, SIGTERM and SIGHUP set `stop` from now on; a second one ends the process at once.

    A command that has no orders in flight does not go on after the first: it is raised as `KeyboardInterrupt`. Ending at
    once is safe: attempts are on disk before they are sent, and the next run looks them up.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        del number, frame
        if stop.is_set():
            terminal.say(_STOPPED_AT_ONCE)
            if terminal.is_json and not HAS_ANSWERED.is_set():
                terminal.json(error_json(ExitCode.INTERRUPTED, _STOPPED_AT_ONCE, ""))
            os._exit(int(ExitCode.INTERRUPTED))
        stop.set()
        if not waits_for_orders:
            raise KeyboardInterrupt
        terminal.say("^C  Stopping after the orders in flight … (press it again to stop at once)")

    _listen(handle)


def ignore_signals() -> None:
    """Let nothing stop what is left: to say how the command ended."""
    _listen(signal.SIG_IGN)


def _listen(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and threading.current_thread() is threading.main_thread():
            signal.signal(number, handler)


def ask(stop: threading.Event, terminal: "Terminal", *lines: str) -> str:
    """Show a question and read the line that a person types after it; Ctrl-D, or a terminal that went away, is an empty one.

    What was typed before the question was shown answers nothing: it is thrown away. Ctrl-C ends the question with
    `KeyboardInterrupt`: nothing is in flight.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        if stop.is_set():  # Ctrl-C came before the question was being listened to
            raise KeyboardInterrupt
        if not _forget_typed():
            return ""
        for line in lines:
            terminal.question(line)
        return input()
    except EOFError:
        return ""
    finally:
        signal.signal(signal.SIGINT, before)


if sys.platform == "win32":
    import msvcrt

    def _forget_typed() -> bool:
        while msvcrt.kbhit():
            msvcrt.getwch()
        return True

else:
    import termios

    def _forget_typed() -> bool:
        """Throw away what was typed and not read yet; False where the terminal went away."""
        try:
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
        except termios.error:
            return False
        return True
