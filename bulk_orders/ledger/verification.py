"""Whether a ledger still says what was written.

Its log is compared with itself, its tables with the log, and the log with its newest event as it was noted elsewhere.
Without such a note nobody can tell that the newest events were cut off, or that records and log were rewritten
together. What is kept of an account (how far it was read, orders of others, what was learnt) is not in the log: it
comes from the marketplace and is read from there again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from bulk_orders.ledger.chain import first_break
from bulk_orders.ledger.entries import OF_PLANS, digest, run_detail
from bulk_orders.ledger.interface import Event, Ledger
from bulk_orders.ledger.records import plain

MOST_FINDINGS: Final = 100
"""So many are named; a ledger with more has been replaced rather than changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest event of a log at some moment, as a results workbook notes it."""

    source: str
    """Where it was noted."""
    number: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found."""

    events: int
    head: str
    """The hash of the newest event; empty for an empty log."""
    findings: tuple[str, ...]
    """A sentence for each thing that is not as it was written, `MOST_FINDINGS` of them; none when all is well."""


class _Name(NamedTuple):
    """Of something that has a digest: an order, an attempt, a run, a run's rows and workbook, or a plan."""

    kind: str
    id: str
    number: int = 0


_ORDER: Final = "order"
_ATTEMPT: Final = "attempt"
_RUN: Final = "run"
_DETAIL: Final = "rows"
_PLAN: Final = "plan"


def verify(ledger: Ledger, heads: Sequence[Head] = ()) -> Verification:
    """Compare log, records and heads. Runs may go on meanwhile.

    The records are read first: what is written in between is then in the log, and any digest since counts.
    """
    before = ledger.last_event()
    records = _Records(ledger)
    log = _Log(ledger.events(), upto=before.number if before else 0, heads=heads)
    found = islice(_findings(ledger, log, records, heads), MOST_FINDINGS)
    last = log.last
    return Verification(
        events=last.number if last else 0, head=last.hash if last else "", findings=tuple(found)
    )


class _Records:
    """The digests of what the tables say."""

    def __init__(self, ledger: Ledger) -> None:
        self.digests: dict[_Name, str] = {}
        self.unreadable: dict[str, str] = {}
        """Why, by kind, where something that no version wrote keeps the others of its kind from being read."""
        reads = {_ORDER: _orders, _RUN: _runs, _DETAIL: _details, _ATTEMPT: _attempts, _PLAN: _plans}
        for kind, read in reads.items():
            try:
                self.digests.update(read(ledger))
            except ValueError as error:
                self.unreadable[kind] = str(error)


def _orders(ledger: Ledger) -> Iterator[tuple[_Name, str]]:
    for order in ledger.orders():
        yield _Name(_ORDER, order.key), digest(plain(order))


def _runs(ledger: Ledger) -> Iterator[tuple[_Name, str]]:
    for run in ledger.runs():
        yield _Name(_RUN, run.run_id), digest(plain(run))


def _details(ledger: Ledger) -> Iterator[tuple[_Name, str]]:
    for run in ledger.runs():
        try:
            source = ledger.source(run.run_id)
        except KeyError:
            yield _Name(_DETAIL, run.run_id), ""
        else:
            yield _Name(_DETAIL, run.run_id), run_detail(ledger.rows(run.run_id), source)


def _attempts(ledger: Ledger) -> Iterator[tuple[_Name, str]]:
    for run in ledger.runs():
        for attempt in ledger.attempts(run.run_id):
            yield _Name(_ATTEMPT, attempt.key, attempt.number), digest(plain(attempt))


def _plans(ledger: Ledger) -> Iterator[tuple[_Name, str]]:
    for plan in ledger.plans():
        yield _Name(_PLAN, plan.plan_id), digest(plain(plan))


class _Log:
    """What the log says: the newest digest of everything up to an event, and all digests after it."""

    def __init__(self, events: Iterator[Event], *, upto: int, heads: Sequence[Head]) -> None:
        self.known: dict[_Name, str] = {}
        self.since: dict[_Name, set[str]] = {}
        self.last: Event | None = None
        self.hashes: dict[int, str] = {}
        """Of the events that were noted elsewhere."""
        self._upto = upto
        self._noted = {head.number for head in heads}
        self.broken_at = first_break(map(self._read, events))

    def _read(self, event: Event) -> Event:
        self.last = event
        if event.number in self._noted:
            self.hashes[event.number] = event.hash
        for name, told in _digests(event):
            if event.number <= self._upto:
                self.known[name] = told
            else:
                self.since.setdefault(name, set()).add(told)
        return event

    def says(self, name: _Name, record: str) -> bool:
        """Tell whether the record is as it was written."""
        return record == self.known.get(name) or record in self.since.get(name, ())


def _digests(event: Event) -> Iterator[tuple[_Name, str]]:
    if event.step in OF_PLANS:
        yield _Name(_PLAN, event.run_id), event.record_digest
        return
    if not event.key:
        yield _Name(_RUN, event.run_id), event.record_digest
        if event.detail_digest:
            yield _Name(_DETAIL, event.run_id), event.detail_digest
        return
    yield _Name(_ORDER, event.key), event.record_digest
    if event.attempt_number is not None:
        yield _Name(_ATTEMPT, event.key, event.attempt_number), event.detail_digest


_NOT_READABLE: Final = {
    "order": "the orders cannot be read ({why}): the program never wrote that",
    "attempt": "the attempts cannot be read ({why}): the program never wrote that",
    "run": "the runs cannot be read ({why}): the program never wrote that",
    "rows": "the rows cannot be read ({why}): the program never wrote that",
    "plan": "the plans cannot be read ({why}): the program never wrote that",
}
_REMOVED: Final = {
    "order": "the order {id} is in the log and nowhere else",
    "attempt": "attempt {number} of the order {id} is in the log and nowhere else",
    "run": "run {id} is in the log and nowhere else",
    "rows": "the rows and the workbook of run {id} are in the log and nowhere else",
    "plan": "plan {id} is in the log and nowhere else",
}
"""By kind of what is gone."""


def _findings(ledger: Ledger, log: _Log, records: _Records, heads: Sequence[Head]) -> Iterator[str]:
    if log.broken_at is not None:
        yield "the event log was changed at event {number}; nothing after it can be trusted".format(
            number=log.broken_at
        )
        return  # what comes after it proves nothing
    for head in heads:
        if head.number not in log.hashes:
            there = log.last.number if log.last else 0
            yield (
                "{source} was written when the log had {number} events, and now it has {there}: "
                "the newest were cut off, or an older copy was put back"
            ).format(source=head.source, number=head.number, there=there)
        elif log.hashes[head.number] != head.hash:
            yield (
                "{source} knows another event {number}: "
                "the log was rewritten, or it belongs to another ledger"
            ).format(source=head.source, number=head.number)
    for kind, why in records.unreadable.items():
        yield _NOT_READABLE[kind].format(why=why)
    for name, record in records.digests.items():
        if not log.says(name, record):
            yield _changed(ledger, name)
    for name in log.known:
        if name not in records.digests and name.kind not in records.unreadable:
            yield _REMOVED[name.kind].format(id=name.id, number=name.number)


_CHANGED: Final = {
    "order": "the order of row {row} of run {run_id} (order number {order}) is not as the program wrote it",
    "attempt": "attempt {number} of row {row} of run {run_id} is not as the program wrote it",
    "run": "the record of run {id} is not as the program wrote it",
    "rows": "the rows or the kept workbook of run {id} are not as the program wrote them",
    "plan": "plan {id} is not as the program wrote it",
}
"""By kind of what was changed."""


def _changed(ledger: Ledger, name: _Name) -> str:
    try:
        order = ledger.order(name.id)
    except ValueError:  # said already: the orders cannot be read
        order = None
    return _CHANGED[name.kind].format(
        id=name.id,
        number=name.number,
        row=order.sheet_row if order else "–",
        run_id=order.run_id if order else "–",
        order=(order.order_number or order.order_id or "–") if order else "–",
    )
