"""One credential's pace for processes on any machine: a row in the ledger's database, in the database's own time.

`core.pacing.Pacer` decides, as in one process alone. A process reads the row together with the time, lets the pacer take
slots for all of its threads that wait, and writes the row back if nobody else did meanwhile. No lock is held between the
two, so that a process that freezes keeps nobody waiting. What comes out are seconds to wait, never another machine's moment.
"""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import psycopg

from bulk_orders.core.pacing import Pacer, Slot
from bulk_orders.ledger.postgres import faults
from bulk_orders.ledger.postgres.address import Address
from bulk_orders.ledger.postgres.connections import check_same, connect
from bulk_orders.ledger.postgres.patience import PATIENCE_S, Patience, Waiting
from bulk_orders.machine.clock import Clock

_Answer = TypeVar("_Answer")

AHEAD_S: Final = 0.25
"""No process takes slots further ahead than its next one: those of a process that dies are lost to all."""
KNOWN_FOR_S: Final = 0.25
"""After so long a process asks again whether another was told to pause."""

CREATE_PACES: Final = """CREATE UNLOGGED TABLE paces (
    credential TEXT PRIMARY KEY, version BIGINT NOT NULL, state TEXT NOT NULL
) WITH (fillfactor = 60)"""
"""Unlogged, for nothing in it has to survive: after a crash it is empty, and the pace begins anew."""
_READ: Final = (
    "SELECT version, state, extract(epoch FROM clock_timestamp())::float8 FROM paces WHERE credential = %s"
)
_BEGIN: Final = "INSERT INTO paces (credential, version, state) VALUES (%s, 0, '') ON CONFLICT DO NOTHING"
_WRITE: Final = "UPDATE paces SET version = version + 1, state = %s WHERE credential = %s AND version = %s"
_DIGITS: Final = 4
"""Moments are kept to a tenth of a millisecond, so that a slot has one name wherever it is said."""


@dataclass(slots=True, eq=False)
class _Ticket:
    """A thread that waits for a slot."""

    slot: Slot | None = None


@dataclass(slots=True, kw_only=True)
class _Known:
    """The row as it was read."""

    version: int
    pacer: Pacer
    alarms: int
    """How many were given so far."""
    now_s: float
    """In the database's time."""
    heard_s: float
    """The same moment, or a little later, on our own clock."""

    def due_s(self, moment_s: float) -> float:
        return self.heard_s + moment_s - self.now_s


class SharedPace:
    """The pace of all processes that use one credential and keep their ledger in one database."""

    def __init__(
        self,
        address: Address,
        clock: Clock,
        *,
        database: str,
        credential: str,
        rate_per_s: float,
        patience_s: float = PATIENCE_S,
        waiting: Waiting = nullcontext,
    ) -> None:
        """Take `database`, which the address has to lead to (`connections.which`), and this process' own `rate_per_s`.

        Processes with different rates each leave the gap of their own after their slots.
        """
        self._address = address
        self._clock = clock
        self._database = database
        self._credential = credential
        self._rate_per_s = rate_per_s
        self._patience_s = patience_s
        self._said_waiting = waiting
        self._closing = threading.Event()
        self._turn = threading.Lock()
        """Held by the thread that takes slots for all."""
        self._line = threading.Lock()
        """Held while the connection is used."""
        self._connection: psycopg.Connection[Any] | None = None
        self._door = threading.Lock()
        """Held for moments, while what follows is changed."""
        self._tickets: list[_Ticket] = []
        self._late: list[tuple[float, float]] = []
        """Slots that were used late, and when: told with the next question."""
        self._last_due_s = self._asked_s = self._paused_until_s = float("-inf")
        self._alarms: int | None = None
        """As they are known; None before the first question."""
        self._heeded: int | None = None
        """How many of them were our own, or are told to us."""

    def reserve(self, stop: threading.Event) -> Slot | None:
        """Do as the port of `sending.pace` says; what is asked once is for all threads that wait."""
        if self._rate_per_s <= 0:
            now_s = self._clock.monotonic()
            return Slot(due_s=now_s + max(0.0, self.pause_s()), moment_s=now_s)
        ticket = _Ticket()
        with self._door:
            self._tickets.append(ticket)
        try:
            with self._turn:
                while ticket.slot is None:
                    if self._clock.wait(self._last_due_s - AHEAD_S - self._clock.monotonic(), stop):
                        return None
                    self._hand_out()
        finally:
            with self._door:
                if ticket in self._tickets:
                    self._tickets.remove(ticket)
        return ticket.slot

    def _hand_out(self) -> None:
        most = max(1, int(self._rate_per_s * AHEAD_S))
        with self._door:
            tickets = self._tickets[:most]
        slots = self._change(lambda known: [known.pacer.reserve(known.now_s) for _ in tickets])
        self._last_due_s = slots[-1].due_s
        with self._door:
            for ticket, slot in zip(tickets, slots, strict=True):
                ticket.slot = slot
                self._tickets.remove(ticket)

    def used(self, slot: Slot) -> None:
        """Do as the port says; the others hear of it when this process asks for its next slots."""
        late_s = self._clock.monotonic() - slot.due_s
        if late_s > 0 and self._rate_per_s > 0:
            with self._door:
                self._late.append((slot.moment_s, slot.moment_s + late_s))

    def throttled(self, wait_s: float) -> None:
        """Do as the port says, for every process."""

        def throttle(known: _Known) -> list[float]:
            known.pacer.throttled(known.now_s, wait_s)
            return []

        self._change(throttle)

    def pause_s(self) -> float:
        """Do as the port says, asking again what is not known for sure."""
        if not self._is_known():
            with self._line:
                if not self._is_known():  # nobody asked while we waited
                    self._patiently(self._read)
        return self._paused_until_s - self._clock.monotonic()

    def alarm(self) -> None:
        """Do as the port says."""

        def give(known: _Known) -> list[float]:
            known.alarms += 1
            return []

        self._change(give)
        self._heeded = self._alarms

    def is_alarmed(self) -> bool:
        """Do as the port says, by what is known: at least what `pause_s` had to ask for."""
        with self._door:
            is_news = self._heeded != self._alarms
            self._heeded = self._alarms
        return is_news

    def close(self) -> None:
        """Let go of the connection; a question that waits for the database ends."""
        self._closing.set()
        with self._line:
            self._disconnect()

    def _is_known(self) -> bool:
        return self._clock.monotonic() - self._asked_s < KNOWN_FOR_S

    def _change(self, change: Callable[[_Known], list[float]]) -> list[Slot]:
        """Write what `change` makes of the row, and return the slots that it took."""
        with self._line:
            while True:
                slots = self._patiently(lambda: self._changed(change))
                if slots is not None:
                    return slots

    def _changed(self, change: Callable[[_Known], list[float]]) -> list[Slot] | None:
        """Return None when somebody else changed it meanwhile."""
        known = self._read()
        with self._door:
            late = list(self._late)
        for slot_s, used_s in late:
            known.pacer.used(slot_s, used_s)
        moments = [round(at_s, _DIGITS) for at_s in change(known)]
        written = self._connected().execute(_WRITE, (_text_of(known), self._credential, known.version))
        if written.rowcount != 1:
            return None
        with self._door:
            del self._late[: len(late)]
        self._note(known)
        return [Slot(due_s=known.due_s(at_s), moment_s=at_s) for at_s in moments]

    def _read(self) -> _Known:
        """Ask the database, whatever is known."""
        connection = self._connected()
        while (found := connection.execute(_READ, (self._credential,)).fetchone()) is None:
            connection.execute(_BEGIN, (self._credential,))
        heard_s = self._clock.monotonic()
        version, text, now_s = found
        kept: dict[str, Any] = json.loads(text) if text else {}
        now_s = round(now_s, _DIGITS)
        pacer = _pacer_of(kept, self._rate_per_s, now_s)
        known = _Known(
            version=version, pacer=pacer, alarms=kept.get("alarms", 0), now_s=now_s, heard_s=heard_s
        )
        self._note(known)
        return known

    def _note(self, known: _Known) -> None:
        self._asked_s = known.heard_s
        self._paused_until_s = known.due_s(known.pacer.paused_until_s)
        with self._door:
            if self._alarms is None:
                self._heeded = known.alarms  # given before we came
            self._alarms = known.alarms

    def _patiently(self, ask: Callable[[], _Answer]) -> _Answer:
        """Return the answer, and wait for a database that went away. Raises `LedgerUnusable`.

        A change of which nobody knows whether it was written is made once more: at worst, slots stay unused.
        """
        try:
            with Patience(self._patience_s, self._clock, self._said_waiting, self._closing) as patience:
                while True:
                    try:
                        return ask()
                    except psycopg.Error as error:
                        self._disconnect()
                        patience.wait_after(error)
        except psycopg.Error as error:
            raise faults.fault_of(self._address.name, error).error() from error

    def _connected(self) -> "psycopg.Connection[Any]":
        if self._connection is None:
            connection = connect(self._address)
            try:
                connection.execute("SET synchronous_commit = off")
                check_same(connection, self._address, self._database)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()


def _text_of(known: _Known) -> str:
    """Return what is kept: moments as seconds from now, and the rate as a share of whoever's rate it is."""
    pacer, now_s = known.pacer, known.now_s
    kept = {
        "now": now_s,
        "alarms": known.alarms,
        "share": round(pacer.current_per_s / pacer.rate_per_s, 6) if pacer.rate_per_s > 0 else 1.0,
        **{name: round(getattr(pacer, name) - now_s, _DIGITS) for name in _MOMENTS},
        "recent": [round(moment_s - now_s, _DIGITS) for moment_s in pacer.recent],
    }
    return json.dumps(kept, separators=(",", ":"))


_MOMENTS: Final = ("next_s", "paused_until_s", "changed_s")


def _pacer_of(kept: Mapping[str, Any], rate_per_s: float, now_s: float) -> Pacer:
    """Return the pacer that was kept. Where the database's clock went back, all moments go back with it."""
    pacer = Pacer(rate_per_s=rate_per_s, next_s=now_s, paused_until_s=now_s, changed_s=now_s)
    if kept:
        then_s = min(kept["now"], now_s)
        pacer.current_per_s = rate_per_s * kept["share"]
        for name in _MOMENTS:
            setattr(pacer, name, round(then_s + kept[name], _DIGITS))
        pacer.recent = [round(then_s + moment_s, _DIGITS) for moment_s in kept["recent"]]
    return pacer
