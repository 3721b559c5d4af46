"""The event log as a chain: each event's hash covers the one before it, so that no edit, loss or new order goes unseen.

It shows tampering and decay, it does not prevent them: whoever can write the ledger can also write a new chain.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from bulk_orders.ledger.interface import Event
from bulk_orders.ledger.records import text_of

FIRST_PREVIOUS: Final = "0" * 64
"""What the first event names as the hash before it."""

# Measured: an encoder made once takes 2.9 µs an event, `json.dumps` with the same arguments 4.8 µs, for it makes a new one.
_canonical = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
).encode


def event_hash(
    *,
    number: int,
    key: str,
    run_id: str,
    at: datetime,
    step: str,
    from_state: str,
    to_state: str,
    note: str,
    previous_hash: str,
) -> str:
    """SHA-256, in hexadecimal, over the canonical JSON of all fields; the moment counts as its UTC text."""
    fields = {
        "number": number,
        "key": key,
        "run_id": run_id,
        "at": text_of(at),
        "step": step,
        "from_state": from_state,
        "to_state": to_state,
        "note": note,
        "previous_hash": previous_hash,
    }
    return hashlib.sha256(_canonical(fields).encode("ascii")).hexdigest()


def next_event(
    last: Event | None,
    *,
    key: str,
    run_id: str,
    at: datetime,
    step: str,
    from_state: str,
    to_state: str,
    note: str,
) -> Event:
    """The event that comes after `last`, or the first one."""
    number = 1 if last is None else last.number + 1
    previous_hash = FIRST_PREVIOUS if last is None else last.hash
    digest = event_hash(
        number=number,
        key=key,
        run_id=run_id,
        at=at,
        step=step,
        from_state=from_state,
        to_state=to_state,
        note=note,
        previous_hash=previous_hash,
    )
    return Event(
        number=number,
        key=key,
        run_id=run_id,
        at=at,
        step=step,
        from_state=from_state,
        to_state=to_state,
        note=note,
        previous_hash=previous_hash,
        hash=digest,
    )


def verify(events: Iterable[Event]) -> int | None:
    """The number that the first broken or missing event should have; `None` when the chain is whole.

    It wants the whole log, oldest first. What was cut off at the end leaves no trace in the rest: compare the last
    number with one noted elsewhere.
    """
    previous_hash = FIRST_PREVIOUS
    for number, event in enumerate(events, start=1):
        digest = event_hash(
            number=event.number,
            key=event.key,
            run_id=event.run_id,
            at=event.at,
            step=event.step,
            from_state=event.from_state,
            to_state=event.to_state,
            note=event.note,
            previous_hash=event.previous_hash,
        )
        if (event.number, event.previous_hash, event.hash) != (number, previous_hash, digest):
            return number
        previous_hash = event.hash
    return None
