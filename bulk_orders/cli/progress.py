"""The progress line: rate, time left and live counts, on a terminal only. tqdm lives here."""

import sys
import threading
from collections import Counter
from datetime import timedelta
from types import TracebackType
from typing import Any, Final, Self

from tqdm import tqdm

from bulk_orders.cli.session import Session
from bulk_orders.cli.terminal import Terminal
from bulk_orders.cli.wrapping import width_of, wrapped
from bulk_orders.core.lifecycle import State
from bulk_orders.core.plain_text import with_unseen_shown
from bulk_orders.core.wording import spoken
from bulk_orders.machine.clock import Clock
from bulk_orders.sending.events import (
    AccountLearnt,
    Event,
    Observer,
    Opening,
    OrderSettled,
    Stopping,
    Throttled,
    Waiting,
    WaitingForOthers,
)
from bulk_orders.sending.waits import AGAIN_AFTER_S

_ICONS = {State.ACCEPTED: "✔", State.REJECTED: "✖", State.UNKNOWN: "⚠", State.GAVE_UP: "✖"}
_PLAIN_FAILED: Final = "failed"
_PLAIN = {
    State.ACCEPTED: "ok",
    State.REJECTED: _PLAIN_FAILED,
    State.UNKNOWN: "check",
    State.GAVE_UP: _PLAIN_FAILED,
}


class ProgressLine:
    """Shows a run's orders as they settle; prints nothing when stderr is not a terminal.

    The line is there from when the orders are known: before, it would stand in the way of what is shown of them.
    """

    def __init__(self, total: int, *, is_quiet: bool, is_plain: bool) -> None:
        """Begin with `total` orders to send; 0 where they are not known yet."""
        self._icons = _PLAIN if is_plain else _ICONS
        self._is_plain = is_plain
        self._is_quiet = is_quiet
        self._is_shown = not is_quiet and sys.stderr is not None and sys.stderr.isatty()
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._bar: tqdm[Any] | None = None
        if total:
            self.expect(total)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.refresh()  # tqdm draws some of the counts only: the last one is always seen
            self._bar.close()

    def expect(self, total: int) -> None:
        """Expect this many orders, and show the line."""
        with self._lock:
            self._bar = self._begun(total)

    def _begun(self, total: int | None) -> "tqdm[Any]":
        return tqdm(
            total=total,
            desc="Sending",
            unit="order",
            file=sys.stderr,
            disable=not self._is_shown,
            ascii=self._is_plain,
            dynamic_ncols=True,
            leave=False,
        )

    def __call__(self, event: Event) -> None:
        """Observe; safe between threads."""
        with self._lock:
            match event:
                case OrderSettled(state=state):
                    self._counts[self._icons.get(state, str(state))] += 1
                    if self._bar is None:  # nobody said how many there are
                        self._bar = self._begun(None)
                    self._bar.set_postfix_str(
                        " ".join(f"{icon}{number}" for icon, number in self._counts.items()), refresh=False
                    )
                    self._bar.update()
                case Throttled(wait_s=wait_s, sheet_row=sheet_row, attempt_number=attempt_number):
                    self._say(
                        (
                            "  The marketplace asked us to slow down; "
                            "waiting {wait_s:.0f} s (row {row}, attempt {attempt})"
                        ).format(wait_s=wait_s, row=sheet_row, attempt=attempt_number)
                    )
                case WaitingForOthers(why=why, wait_s=wait_s):
                    self._say(
                        (
                            "  {why} Reading the account again in {duration}, before anything is sent. "
                            "Ctrl-C stops the run; nothing is sent."
                        ).format(why=why, duration=spoken(wait_s)),
                        is_long=True,
                    )
                case AccountLearnt(said=said):
                    self._say(said, is_long=True)
                case Opening(opened=opened, total=total):
                    self._say(
                        (
                            "  Reading these customers' orders that were not placed here: "
                            "{opened} of {total}. Each is read once."
                        ).format(opened=opened, total=total),
                        is_long=True,
                    )
                case Waiting():
                    self._say(waiting_line(event), is_long=True)
                case Stopping(reason=reason):
                    self._say(
                        "  Stopping: {reason} Orders in flight are finished first.".format(reason=reason)
                    )
                case _:
                    pass

    def _say(self, line: str, *, is_long: bool = False) -> None:
        """Write to a terminal only; long waits go to a scheduler's log too."""
        if self._is_shown or (is_long and not self._is_quiet):
            tqdm.write(wrapped(with_unseen_shown(line), width_of(sys.stderr)), file=sys.stderr)


class AskingLine:
    """Shows how many questions are answered: as a bar on a terminal, else in a line at once, every half minute and at the end."""

    def __init__(self, terminal: Terminal, clock: Clock, *, is_silent: bool) -> None:
        """Show nothing yet."""
        self._terminal = terminal
        self._clock = clock
        self._is_silent = is_silent or terminal.is_quiet
        self._told_s = float("-inf")
        self._untold: tuple[int, int] | None = None
        """The newest count, unless it was told."""
        self._bar: tqdm[Any] | None = None
        self.was_asked = False
        """Whether there was anything to ask."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()
        if self._untold is not None:
            self._tell(*self._untold)

    def show(self, done: int, total: int) -> None:
        """Show that so many of the questions are answered; called by one thread at a time."""
        self.was_asked = True
        bar = self._bar = self._bar or self._begun()
        if not bar.disable:
            bar.total = total
            bar.update(done - bar.n)
            bar.refresh()
        elif not self._is_silent:
            self._untold = (done, total)
            if self._clock.monotonic() - self._told_s >= AGAIN_AFTER_S:
                self._tell(done, total)

    def _tell(self, done: int, total: int) -> None:
        self._told_s = self._clock.monotonic()
        self._untold = None
        self._terminal.say(
            "  Asking the marketplace: {done:,} of {total:,} questions answered.".format(
                done=done, total=total
            )
        )

    def _begun(self) -> "tqdm[Any]":
        return tqdm(
            desc="Asking",
            total=0,
            unit="question",
            file=sys.stderr,
            disable=True if self._is_silent else None,
            ascii=self._terminal.is_plain,
            dynamic_ncols=True,
            leave=False,
        )


def waiting_line(wait: Waiting) -> str:
    """Say what the program waits for, since when, and until when if that is known."""
    if wait.until is not None and wait.until > wait.since + timedelta(seconds=wait.waited_s):
        if wait.waited_s >= AGAIN_AFTER_S:
            return (
                "  Still waiting for {what} ({duration} so far, until {until:%H:%M:%S} UTC at the latest)."
            ).format(what=wait.what, duration=spoken(wait.waited_s), until=wait.until)
        return (
            "  Waiting for {what} (since {since:%H:%M:%S} UTC, until {until:%H:%M:%S} UTC at the latest)."
        ).format(what=wait.what, since=wait.since, until=wait.until)
    return "  Waiting for {what} (since {since:%H:%M:%S} UTC, {duration} so far).".format(
        what=wait.what, since=wait.since, duration=spoken(wait.waited_s)
    )


def wait_lines(session: Session, *, as_json: bool) -> tuple[Observer, ...]:
    """Say what a command without a progress line waits for; say nothing to machines."""

    def say(event: Event) -> None:
        if isinstance(event, Waiting):
            session.terminal.say(waiting_line(event))
        elif isinstance(event, AccountLearnt):
            session.terminal.say(event.said)

    return () if as_json else (say,)
