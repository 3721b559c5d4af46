"""Ctrl-C and its relatives: once finishes what is in flight and reports, twice stops now."""

import os
import signal
import threading
from types import FrameType

from bulk_orders.cli.terminal import Terminal
from bulk_orders.errors import ExitCode
from bulk_orders.texts import terminal as words


def stop_on_signals(stop: threading.Event, terminal: Terminal) -> None:
    """Make SIGINT, SIGTERM and SIGHUP set `stop` from now on; a second one ends the process at once.

    Ending at once is safe: attempts are on disk before they are sent, and the next run looks them up.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        del number, frame
        if stop.is_set():
            terminal.say(words.STOPPED_AT_ONCE)
            os._exit(int(ExitCode.INTERRUPTED))
        stop.set()
        terminal.say(words.STOPPING_AFTER)

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and threading.current_thread() is threading.main_thread():
            signal.signal(number, handle)


def read_line(stop: threading.Event) -> str:
    """Read a line that a person types. Ctrl-C ends the question with `KeyboardInterrupt`: nothing is in flight."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        if stop.is_set():  # Ctrl-C came before the question was being listened to
            raise KeyboardInterrupt
        return input()
    finally:
        signal.signal(signal.SIGINT, before)
