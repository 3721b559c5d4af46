"""Ctrl-C and its relatives: once finishes what is in flight and reports, twice stops now."""

import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Final

from bulk_orders.cli.json_objects import HAS_ANSWERED, error_json
from bulk_orders.errors import ExitCode
from bulk_orders.sending.events import AttemptBegun, AttemptEnded, Event, OrderSettled

if TYPE_CHECKING:
    from bulk_orders.cli.terminal import Terminal


_WITH_WORDS: Final = 2
"""Signals that are answered. Whoever sends more of them has seen no answer: the terminal may be blocked."""
_OVER: Final = 0
_STOPPED_AT_ONCE: Final = (
    "Stopped at once. Whatever is in doubt is looked up by `bulk-orders resume last`, or by the next run."
)
_NOTHING_SENT: Final = "Stopped at once. Nothing was sent."
_WATCHED_NO_MORE: Final = (
    "Stopped watching at once. Workers may go on; `bulk-orders resume` finishes the run when they are done."
)
_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP")


class InFlight:
    """Observes which rows' orders are sent and not answered yet. Safe between threads, and holds no lock."""

    def __init__(self) -> None:
        """Begin with none."""
        self._rows: set[int] = set()
        self.has_sent = False
        """Whether any order was about to be sent."""

    def __call__(self, event: Event) -> None:
        """Observe."""
        match event:
            case AttemptBegun(sheet_row=row):
                self.has_sent = True
                self._rows.add(row)
            case AttemptEnded(sheet_row=row) | OrderSettled(sheet_row=row):
                self._rows.discard(row)
            case _:
                pass

    def __len__(self) -> int:
        """Return how many orders are in flight."""
        return len(self._rows)


class SignalListener:
    """Listens to SIGINT, SIGTERM and SIGHUP: the first sets `stop`, the second says so and ends the process, the third just ends it.

    A command that has no orders in flight does not go on after the first: it is raised as `KeyboardInterrupt`. Ending at
    once is safe: attempts are on disk before they are sent, and the next run looks them up. Where orders are sent elsewhere, whoever
    watches them asks what the first one means, and clears `stop`: the next is a first one again.

    The handler only notes the signal; a thread acts on it. A handler runs between two steps of the main thread, and events and
    streams have locks that the main thread may hold right then.
    """

    def __init__(
        self,
        stop: threading.Event,
        terminal: "Terminal",
        in_flight: InFlight,
        *,
        waits_for_orders: bool,
        are_sent_elsewhere: bool = False,
    ) -> None:
        self._stop = stop
        self._in_flight = in_flight
        self._terminal = terminal
        self._waits_for_orders = waits_for_orders
        self._are_sent_elsewhere = are_sent_elsewhere
        self._noted: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._signals = 0
        self._lock = threading.Lock()
        self._actor = threading.Thread(target=self._act, name="signals", daemon=True)

    def listen(self) -> None:
        """Listen from now on."""
        self._actor.start()
        _listen(self._note)

    def close(self) -> None:
        """Act on nothing more: the command is over."""
        self._noted.put(_OVER)
        self._actor.join()

    def ask(self, *lines: str) -> str:
        """Show a question and read the line that a person types after it; Ctrl-D, or a terminal that went away, is an empty one.

        What was typed before the question was shown answers nothing: it is thrown away. Each signal ends the question with
        `KeyboardInterrupt`: nothing is in flight.
        """
        before = {number: signal.signal(number, signal.default_int_handler) for number in _numbers()}
        try:
            with self._lock:
                if self._signals or self._stop.is_set():  # a signal came before the question listened to it
                    raise KeyboardInterrupt
            if not _forget_typed():
                return ""
            for line in lines:
                self._terminal.question(line)
            return input()
        except EOFError:
            return ""
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._signals += 1
        if self._signals > _WITH_WORDS:
            os._exit(int(ExitCode.INTERRUPTED))
        self._noted.put(self._signals)
        if self._signals == 1 and not self._waits_for_orders:
            raise KeyboardInterrupt

    def _act(self) -> None:
        while (number := self._noted.get()) != _OVER:
            is_first = not self._stop.is_set() if self._are_sent_elsewhere else number == 1
            if is_first:
                self._begin_to_stop()
            elif HAS_ANSWERED.is_set():
                return  # the command ends by itself
            else:
                self._end_at_once()

    def _begin_to_stop(self) -> None:
        with self._lock:
            self._stop.set()
            if self._are_sent_elsewhere:
                self._signals = 0
        if self._waits_for_orders and not self._are_sent_elsewhere:
            self._terminal.say(_stopping_line(len(self._in_flight)))

    def _end_at_once(self) -> None:
        told = self._told_at_once()
        self._terminal.say(told)
        if self._terminal.is_json:
            self._terminal.json(error_json(ExitCode.INTERRUPTED, told, ""))
        os._exit(int(ExitCode.INTERRUPTED))

    def _told_at_once(self) -> str:
        if self._are_sent_elsewhere:
            return _WATCHED_NO_MORE
        return _STOPPED_AT_ONCE if self._in_flight.has_sent else _NOTHING_SENT


def _stopping_line(in_flight: int) -> str:
    """Say what a command that was told to stop still waits for."""
    if not in_flight:
        return "^C  Stopping; no order is in flight … (press it again to stop at once)"
    if in_flight == 1:
        return "^C  Stopping after the order in flight … (press it again to stop at once)"
    return "^C  Stopping after the {number} orders in flight … (press it again to stop at once)".format(
        number=in_flight
    )


def ignore_signals() -> None:
    """Let nothing stop what is left: to say how the command ended."""
    _listen(signal.SIG_IGN)


def _listen(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in _numbers():
        if threading.current_thread() is threading.main_thread():
            signal.signal(number, handler)


def _numbers() -> list[signal.Signals]:
    """Return the signals that are listened to, as far as this system has them."""
    return [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]


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
