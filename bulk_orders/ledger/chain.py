"""The event log as a chain: each event's hash covers the one before it, so that no edit, loss or new order goes unseen.

An event also carries digests of what was written with it, so that a record changed outside the program is seen, too.
All this shows tampering and decay, it does not prevent them: whoever can write the ledger can also write a new chain.
What is computed here is on disks out there and never changes.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from bulk_orders.core.lifecycle import Step
from bulk_orders.ledger.entries import Entry, canonical, digest
from bulk_orders.ledger.interface import Event
from bulk_orders.ledger.records import text_of

FIRST_PREVIOUS: Final = "0" * 64
"""What the first event names as the hash before it."""


def event_hash(event: Event) -> str:
    """Return the SHA-256, in hex, of the canonical JSON of all other fields; the moment counts as its UTC text.

    Of an event with digests the note's digest counts and not the note, which may be erased one day.
    """
    fields = _always_covered(event)
    if event.record_digest:
        fields |= {
            "record_digest": event.record_digest,
            "detail_digest": event.detail_digest,
            "attempt_number": event.attempt_number,
            "note_digest": event.note_digest,
        }
    else:  # of schema 1
        fields["note"] = event.note
    return hashlib.sha256(canonical(fields).encode("ascii")).hexdigest()


def _always_covered(event: Event) -> dict[str, Any]:
    return {
        "number": event.number,
        "key": event.key,
        "run_id": event.run_id,
        "at": text_of(event.at),
        "step": event.step,
        "from_state": event.from_state,
        "to_state": event.to_state,
        "previous_hash": event.previous_hash,
    }


def remaining(events: Iterable[Event]) -> str:
    """Return the digest of what is left of events of schema 1 when their notes are erased, their hashes among it."""
    return digest(*(_always_covered(event) | {"hash": event.hash} for event in events))


def next_event(last: Event | None, entry: Entry) -> Event:
    """Return the event that records the entry and comes after `last`, or is the first one."""
    event = Event(
        number=1 if last is None else last.number + 1,
        key=entry.key,
        run_id=entry.run_id,
        at=entry.at,
        step=entry.step,
        from_state=entry.from_state,
        to_state=entry.to_state,
        note=entry.note,
        previous_hash=FIRST_PREVIOUS if last is None else last.hash,
        record_digest=entry.record_digest,
        attempt_number=entry.attempt_number,
        detail_digest=entry.detail_digest,
        note_digest=note_digest(entry.note),
        hash="",
    )
    return replace(event, hash=event_hash(event))


def note_digest(note: str) -> str:
    """Return the SHA-256 of the note, in hex; empty for none."""
    return hashlib.sha256(note.encode()).hexdigest() if note else ""


def first_break(events: Iterable[Event]) -> int | None:
    """Return the number that the first broken or missing event should have; `None` when the chain is complete.

    It wants the whole log, oldest first. What was cut off at the end leaves no trace in the rest: compare the last
    event with one noted elsewhere.
    """
    previous_hash = FIRST_PREVIOUS
    bare: dict[str, list[Event]] = {}
    """By order key, events of schema 1 whose hash covers a note that is gone, until the log says that it was erased."""
    for number, event in enumerate(events, start=1):
        if (event.number, event.previous_hash) != (number, previous_hash):
            return number
        if event.record_digest and event.note and event.note_digest != note_digest(event.note):
            return number
        if event.hash != event_hash(event):
            if event.record_digest or event.note:
                return number
            bare.setdefault(event.key, []).append(event)
        if event.step == Step.ERASED and event.detail_digest == remaining(bare.get(event.key, ())):
            bare.pop(event.key, None)
        previous_hash = event.hash
    return min((left[0].number for left in bare.values()), default=None)
