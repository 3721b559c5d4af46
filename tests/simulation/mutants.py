"""Broken variants of the protocol, kept as data: each a sentence and what it replaces. The simulation must catch each.

A mutant counts as caught by a seed whose history fails with the mutant and does not fail without it.
"""

import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import sim_disk
import sim_world
from sim_disk import SqlShelf
from sim_fate import faults_named
from sim_kernel import SimClock
from sim_platform import SimMarketplace
from sim_world import End, Plot, play

from bulk_orders import engine, planning, resolution, submission
from bulk_orders.canary import Canary, Proof
from bulk_orders.core import verdict
from bulk_orders.core.lifecycle import TRANSITIONS, State, Step, step
from bulk_orders.core.reply import FailureKind, NoReply, Reply
from bulk_orders.core.summary import Disposition, Outcome
from bulk_orders.core.verdict import Accepted, NotProcessed, Rejected
from bulk_orders.errors import ExitCode, LedgerUnusable
from bulk_orders.forgetting import Forgetting
from bulk_orders.ledger.interface import Superseded
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.marketplace.interface import OrderList, ReadFailed
from bulk_orders.resolution import Resolver
from bulk_orders.submission import SubmissionSettings

Patch = tuple[Any, str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One broken variant."""

    name: str
    sentence: str
    patches: Callable[[], Sequence[Patch]]
    change_plot: Callable[[Plot], Plot] | None = None
    """Where only rare histories can show it, so that it is caught within its budget."""
    is_unsynced: bool = False
    needs_memory: bool = False
    is_of_the_exit_code: bool = False
    """Only the exit code can show it; for all others it does not count."""
    budget: int = 20_000
    """Histories within which it must be caught."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """How histories are played while a mutant is in force."""

    change_plot: Callable[[Plot], Plot] | None = None
    is_unsynced: bool = False
    needs_memory: bool = False

    def play(self, seed: int, shelf: SqlShelf | None, *, keeps_trace: bool = False) -> End:
        return play(
            seed,
            shelf=shelf,
            keeps_trace=keeps_trace,
            change_plot=self.change_plot,
            is_unsynced=self.is_unsynced,
        )


MUTANTS: dict[str, Mutant] = {}


def mutant(
    name: str, **more: Any
) -> Callable[[Callable[[], Sequence[Patch]]], Callable[[], Sequence[Patch]]]:
    """Keep the function as the mutant `name`; its docstring is the sentence."""

    def keep(patches: Callable[[], Sequence[Patch]]) -> Callable[[], Sequence[Patch]]:
        MUTANTS[name] = Mutant(name=name, sentence=(patches.__doc__ or "").strip(), patches=patches, **more)
        return patches

    return keep


@contextmanager
def applied(name: str) -> Iterator[Variant]:
    """The mutant's replacements are in force during the block; no name is the program as it is."""
    if not name:
        yield Variant()
        return
    chosen = MUTANTS[name]
    with ExitStack() as stack:
        forget = sim_world._orders.cache_clear  # keys and markers made by a mutant must not outlive it
        forget()
        stack.callback(forget)
        for owner, attribute, value in chosen.patches():
            stack.enter_context(_replaced(owner, attribute, value))
        yield Variant(
            change_plot=chosen.change_plot,
            is_unsynced=chosen.is_unsynced,
            needs_memory=chosen.needs_memory or chosen.is_unsynced,
        )


@contextmanager
def _replaced(owner: Any, attribute: str, value: Any) -> Iterator[None]:
    if isinstance(owner, dict):
        before = dict(owner)
        owner[attribute] = value
        try:
            yield
        finally:
            owner.clear()
            owner.update(before)
        return
    before = getattr(owner, attribute)  # a name that is gone must not make a mutant that changes nothing
    setattr(owner, attribute, value)
    try:
        yield
    finally:
        setattr(owner, attribute, before)


def catch(name: str, seeds: Sequence[int]) -> int | None:
    """The first of `seeds` whose history fails with the mutant and not without it."""
    for seed in seeds:
        with applied(name) as variant:
            end = variant.play(seed, None)
        if _shows(name, end) and not _shows(name, play(seed, change_plot=variant.change_plot)):
            return seed
    return None


def _shows(name: str, end: End) -> bool:
    words = [*end.judgement.lines(), *end.broken]
    return any(("exit code" in text) == MUTANTS[name].is_of_the_exit_code for text in words)


# --- What an answer means.


def _classified(change: Callable[[Any, Any], Any]) -> Sequence[Patch]:
    honest = submission.classify

    def classify(answer: Any, expected: Any, **named: Any) -> Any:
        changed = change(answer, expected)
        return honest(answer, expected, **named) if changed is None else changed

    return [(submission, "classify", classify)]


def _not_processed(reason: str = "Try again.") -> NotProcessed:
    return NotProcessed(reason=reason, code="S-RATE", wait_s=1.0)


@mutant("5xx as not processed")
def _server_errors() -> Sequence[Patch]:
    """A server error is taken for proof that nothing was made."""
    return _classified(
        lambda answer, _: _not_processed() if isinstance(answer, Reply) and answer.status >= 500 else None
    )


@mutant("5xx as failure")
def _server_errors_fail() -> Sequence[Patch]:
    """A server error is told as a refusal."""
    return _classified(
        lambda answer, _: (
            Rejected(words="500") if isinstance(answer, Reply) and answer.status >= 500 else None
        )
    )


@mutant("timeout as failure")
def _timeout_fails() -> Sequence[Patch]:
    """No answer in time is told as a refusal."""
    return _classified(
        lambda answer, _: (
            Rejected(words="timeout")
            if isinstance(answer, NoReply) and answer.kind is FailureKind.TIMEOUT
            else None
        )
    )


@mutant("timeout is retried")
def _timeout_retried() -> Sequence[Patch]:
    """No answer in time is sent again."""
    return _classified(
        lambda answer, _: (
            _not_processed() if isinstance(answer, NoReply) and answer.kind is FailureKind.TIMEOUT else None
        )
    )


@mutant("classify by exception type")
def _by_exception() -> Sequence[Patch]:
    """A lost connection counts as not sent, whatever left before it was lost."""
    return _classified(
        lambda answer, _: (
            _not_processed()
            if isinstance(answer, NoReply) and answer.kind is FailureKind.CONNECTION_LOST
            else None
        )
    )


@mutant("truncated 201 as failure")
def _truncated() -> Sequence[Patch]:
    """A success that broke off is told as a refusal."""
    return _classified(
        lambda answer, _: (
            Rejected(words="unreadable")
            if isinstance(answer, Reply) and 200 <= answer.status < 300 and not answer.is_complete
            else None
        )
    )


@mutant("2xx without an id is accepted")
def _nameless() -> Sequence[Patch]:
    """Any 2xx is a success, with or without an id."""
    return _classified(
        lambda answer, _: (
            Accepted(order_id="")
            if isinstance(answer, Reply)
            and 200 <= answer.status < 300
            and answer.is_complete
            and not (verdict.json_object(answer) or {}).get("id")
            and not (verdict.json_object(answer) or {}).get("data")
            else None
        )
    )


@mutant("echo not compared")
def _echo() -> Sequence[Patch]:
    """An answer that speaks of another order is taken for ours."""

    def change(answer: Any, expected: Any) -> Any:
        if isinstance(answer, Reply) and answer.status == 201 and answer.is_complete:
            order = verdict.json_object(answer) or {}
            if order.get("id") and "data" not in order:
                return Accepted(order_id=str(order["id"]))
        return None

    return _classified(change)


@mutant("errors in a 2xx ignored")
def _errors_ignored() -> Sequence[Patch]:
    """An answer with an order and errors at once is taken for a success."""

    def change(answer: Any, expected: Any) -> Any:
        order = (
            verdict.json_object(answer) if isinstance(answer, Reply) and answer.status == 200 else None
        ) or {}
        return Accepted(order_id=str(order["id"])) if order.get("errors") and order.get("id") else None

    return _classified(change)


@mutant("every 4xx is a refusal")
def _all_refusals() -> Sequence[Patch]:
    """408 and 409 are told as refusals, although they say nothing about what was made."""
    return [(verdict, "REJECTING", verdict.REJECTING | {408, 409})]


@mutant("HTML 400 is a refusal")
def _html_refusal() -> Sequence[Patch]:
    """A refusal that is no JSON is believed, although it may come from a proxy."""
    return _classified(
        lambda answer, _: (
            Rejected(words="html")
            if isinstance(answer, Reply) and answer.status == 400 and b"<html" in answer.body
            else None
        )
    )


@mutant("429 from behind the gateway is retried")
def _behind() -> Sequence[Patch]:
    """Every 429 counts as refused before it was forwarded."""
    return _classified(
        lambda answer, _: _not_processed() if isinstance(answer, Reply) and answer.status == 429 else None
    )


@mutant("redirect is retried")
def _redirect() -> Sequence[Patch]:
    """A redirect counts as not processed."""
    return _classified(
        lambda answer, _: (
            _not_processed() if isinstance(answer, Reply) and 300 <= answer.status < 400 else None
        )
    )


# --- Sending.


@mutant("HTTP layer retries")
def _http_retries() -> Sequence[Patch]:
    """The HTTP library sends an order again when the answer is lost or a server error."""
    honest = SimMarketplace.place

    def place(self: Any, body: Mapping[str, Any]) -> Any:
        answer = honest(self, body)
        for _ in range(2):
            if isinstance(answer, Reply) and answer.status < 500:
                break
            answer = honest(self, body)
        return answer

    return [(SimMarketplace, "place", place)]


def _ports(change: Callable[[Any], Any]) -> Sequence[Patch]:
    """The ledger port's `advance`, changed."""
    made = sim_disk._port_class()
    return [(made, "advance", change(made.advance))]  # type: ignore[attr-defined]


@mutant("no intent")
def _no_intent() -> Sequence[Patch]:
    """The attempt is written only together with its verdict."""
    held: dict[tuple[int, str], tuple[Any, ...]] = {}

    def change(honest: Any) -> Any:
        def advance(self: Any, before: Any, after: Any, what: Step, **named: Any) -> None:
            where = (id(self._process), after.key)
            if what is Step.BEGUN:
                held[where] = (before, after, what, named)
                return
            if where in held:
                first, then, begun, more = held.pop(where)
                honest(self, first, then, begun, **more)
            honest(self, before, after, what, **named)

        return advance

    return _ports(change)


@mutant("no fsync", is_unsynced=True)
def _no_fsync() -> Sequence[Patch]:
    """Writes are told as done before they are on disk."""
    return []


@mutant("the ledger may refuse the intent")
def _intent_refused() -> Sequence[Patch]:
    """An order is sent although its attempt could not be written."""

    def change(honest: Any) -> Any:
        def advance(self: Any, before: Any, after: Any, what: Step, **named: Any) -> None:
            try:
                honest(self, before, after, what, **named)
            except (LedgerUnusable, Superseded):
                if what is not Step.BEGUN:
                    raise

        return advance

    return _ports(change)


@mutant(
    "no send deadline",
    change_plot=lambda plot: replace(
        plot,
        rates=replace(plot.rates, pause_after_intent=0.5, crash=0.01),
        lock_works=False,
        second_process=0.9,
        decides=0.9,
        runs=4,
    ),
)
def _no_deadline() -> Sequence[Patch]:
    """A process that stood still after writing the attempt sends it however late."""
    honest = SubmissionSettings.__init__

    def made(self: Any, **named: Any) -> None:
        honest(self, **{**named, "send_deadline_s": 1e12})

    return [(SubmissionSettings, "__init__", made)]


def _two_processes(plot: Plot) -> Plot:
    return replace(
        plot,
        lock_works=False,
        second_process=1.0,
        runs=4,
        lines=plot.lines[:2],
        rates=replace(plot.rates, crash=0.005, pause=0.05, stop=0.0),
        decides=0.9,
    )


@mutant("no lock and no compare-and-set", change_plot=_two_processes, needs_memory=True)
def _no_lock_no_cas() -> Sequence[Patch]:
    """Two processes write over each other's records."""
    return [(MemoryLedger, "_check_version", lambda self, before: None)]


def _aba(plot: Plot) -> Plot:
    """One process stands still with its intent on disk while a person calls the order absent and another one sends it."""
    kinds = faults_named(("slow", "timeout_after", "throttled"))
    rates = replace(
        plot.rates, crash=0.0, pause=0.0, pause_after_intent=0.5, stop=0.0, disk=0.0, post=0.9, read=0.0
    )
    return replace(
        _two_processes(plot),
        rates=replace(rates, kinds=kinds, jump=0.0, partition=0.0),
        lines=plot.lines[:1],
        decides_meanwhile=1.0,
    )


@mutant("compare-and-set on the state's name", change_plot=_aba, needs_memory=True)
def _cas_on_name() -> Sequence[Patch]:
    """Only the state is compared, not the version: A, B and A again looks like A."""

    def check(self: Any, before: Any) -> None:
        found = self._orders.get(before.key)
        if found is None or found.state is not before.state:
            raise Superseded(before.key)

    return [(MemoryLedger, "_check_version", check)]


@mutant("recovery sends what was in flight")
def _recover_resends() -> Sequence[Patch]:
    """After a crash an attempt without an end counts as not sent."""

    def recover(self: Any, account: str, *, run_id: str = "") -> int:
        found = [order for order in self._ledger.unsettled(account) if order.state is State.IN_FLIGHT]
        for order in found:
            after = step(order, Step.NOT_PROCESSED)
            self._ledger.advance(order, after, Step.NOT_PROCESSED, at=self._clock.now())
        return len(found)

    return [(Resolver, "recover", recover)]


@mutant("the next run sends what is unknown")
def _unknown_resent() -> Sequence[Patch]:
    """A row in doubt is sent again by the next run of its workbook."""
    honest = planning._disposition

    def disposition(order: Any, before: Any) -> Disposition:
        if before is not None and before.state is State.UNKNOWN:
            return Disposition.TO_SEND
        return honest(order, before)

    return [
        (planning, "_disposition", disposition),
        (TRANSITIONS, (State.UNKNOWN, Step.SUBMITTED_AGAIN), State.PENDING),  # type: ignore[list-item]
    ]


@mutant("a changed row is sent again")
def _conflict_sent() -> Sequence[Patch]:
    """A row whose reference was ordered before with other content counts as new."""
    honest = planning._disposition

    def disposition(order: Any, before: Any) -> Disposition:
        found = honest(order, before)
        return Disposition.TO_SEND if found is Disposition.CONFLICT else found

    return [
        (planning, "_disposition", disposition),
        (TRANSITIONS, (State.ACCEPTED, Step.SUBMITTED_AGAIN), State.PENDING),  # type: ignore[list-item]
    ]


@mutant("rows are known by their place")
def _by_place() -> Sequence[Patch]:
    """The key is made from the row's number."""
    return [(planning, "_fresh_key", lambda draft, account, used: f"k1:row{draft.sheet_row}")]


# --- A ledger that forgot.


@mutant("random marker")
def _random_marker() -> Sequence[Patch]:
    """The PO number is drawn anew each time."""
    numbers = itertools.count(1)
    fresh = sim_world._orders.__wrapped__
    return [
        (planning, "marker", lambda key: f"BOX{next(numbers):09d}"),
        (sim_world, "_orders", fresh),
    ]


@mutant("no look back after a lost ledger")
def _no_look_back() -> Sequence[Patch]:
    """A ledger that lost orders is trusted."""
    return [
        (sim_world, "may_have_forgotten", lambda *given: False),
        (Forgetting, "keep_in_mind", lambda self: None),
        (Forgetting, "_is_recent", lambda self, kept: False),
        (sim_world.SimBeacon, "age", lambda self, account: 0),
    ]


@mutant(
    "a look back for one run is enough",
    change_plot=lambda plot: replace(plot, deletes=0.0, rolls_back=0.8, edits=0.5, beacon_works=True, runs=4),
)
def _forgets_once() -> Sequence[Patch]:
    """Once a run has looked for its own rows, the ledger is trusted with all others."""
    return [(Forgetting, "_is_recent", lambda self, kept: False)]


@mutant(
    "one look back is enough",
    change_plot=lambda plot: replace(
        plot, deletes=0.6, habits=replace(plot.habits, commit_lag_s=280.0, listing_lag_s=60.0), runs=4
    ),
)
def _one_look() -> Sequence[Patch]:
    """After a lost ledger the marketplace is read once, without waiting for what is under way."""
    return [(engine.Engine, "look_again", lambda self, planned: planned)]


# --- Looking up.


@mutant("short window", change_plot=lambda plot: replace(plot, decides=0.9))
def _short_window() -> Sequence[Patch]:
    """Absence is said after twenty seconds."""
    return [
        (engine, "window_s", lambda lag_s: 20.0),
        (sim_world, "DECIDE_GAP_S", 10.0),
    ]


@mutant("incomplete pages count")
def _incomplete() -> Sequence[Patch]:
    """A list that lacks entries is taken for complete."""
    honest = SimMarketplace.list_orders

    def listed(self: Any, **named: Any) -> OrderList:
        return replace(honest(self, **named), is_complete=True)

    return [(SimMarketplace, "list_orders", listed)]


@mutant("a failed reading counts as absence")
def _failed_read() -> Sequence[Patch]:
    """A question without an answer is taken for an empty list."""
    honest = SimMarketplace.list_orders

    def listed(self: Any, **named: Any) -> OrderList:
        try:
            return honest(self, **named)
        except ReadFailed:
            return OrderList(orders=(), is_complete=True, server_time=self._platform.now())

    return [(SimMarketplace, "list_orders", listed)]


@mutant("the marketplace's clock is ignored", change_plot=lambda plot: replace(plot, decides=0.9))
def _no_skew() -> Sequence[Patch]:
    """Orders are looked for by our clock."""
    honest = SimMarketplace.list_orders

    def listed(self: Any, **named: Any) -> OrderList:
        # The reader believes that both clocks agree, whatever the answer says.
        return replace(honest(self, **named), server_time=SimClock(self._kernel, self._process).now())

    return [(SimMarketplace, "list_orders", listed)]


@mutant("absent means absent at once", change_plot=lambda plot: replace(plot, decides=0.9))
def _absent_at_once() -> Sequence[Patch]:
    """A person may call absent whatever is unknown, however often it was looked for."""
    return [
        (sim_world, "resendable", tuple),
    ]


@mutant("adopts whatever looks alike")
def _adopts_first() -> Sequence[Patch]:
    """Of several candidates the first is taken, whoever has it already."""

    def adopt(self: Any, order: Any, candidates: Any) -> bool:
        proof = resolution.with_platform_facts(order, next(iter(candidates)))
        self.record_purchase(proof, note="found")
        return True

    return [(Resolver, "_adopt", adopt)]


@mutant("content decides although the PO number differs")
def _content_decides() -> Sequence[Patch]:
    """An order with our product and quantity is ours, whatever PO number it carries."""

    def matches(order: Any, seen: Any) -> bool:
        sent = json.loads(order.body)["products"][0]
        return seen.customer_id == order.customer_id and (
            seen.products is None
            or (sent["mpn"], sent["quantity"]) in {(p["mpn"], p["quantity"]) for p in seen.products}
        )

    return [(resolution, "matches_marker", matches)]


@mutant("the PO number alone decides")
def _po_decides() -> Sequence[Patch]:
    """An order with our PO number is ours, whatever it holds."""

    def matches(order: Any, seen: Any) -> bool:
        return bool(seen.po_number == order.marker and seen.customer_id == order.customer_id)

    return [(resolution, "matches_marker", matches)]


@mutant("canary skipped")
def _no_canary() -> Sequence[Patch]:
    """Nothing proves that PO numbers survive before more orders are sent, or that an absent one would show."""
    return [
        (Canary, "is_proven", lambda self: True),
        (Canary, "prove", lambda self, order, stop: Proof(is_good=True)),
    ]


# --- Telling.


@mutant("unknown is told as not sent")
def _told_not_sent() -> Sequence[Patch]:
    """A row in doubt is told as one that was not sent."""
    honest = sim_world.outcome

    def told(disposition: Any, record: Any) -> Outcome:
        found = honest(disposition, record)
        return Outcome.NOT_SENT if found is Outcome.UNKNOWN else found

    return [(sim_world, "outcome", told)]


@mutant("all is well", is_of_the_exit_code=True)
def _exit_zero() -> Sequence[Patch]:
    """The exit code is 0 whatever happened."""
    return [(sim_world, "exit_code", lambda counted, *, stopped: ExitCode.OK)]


@mutant("rejected rows are left out of the report")
def _left_out() -> Sequence[Patch]:
    """A run does not record the rows of orders it took up again."""
    honest = planning.plan

    def planned(*given: Any, **named: Any) -> Any:
        found = honest(*given, **named)
        again = {after.key for _, after in found.again}
        return replace(found, rows=tuple(row for row in found.rows if row.key not in again))

    return [(engine, "plan", planned)]


@mutant("late proof is dropped", change_plot=_two_processes)
def _late_proof() -> Sequence[Patch]:
    """What comes back after another process took over is thrown away, and the order counts as not processed."""

    def record(self: Any, proof: Any, *, note: str, **named: Any) -> Any:
        current = self._ledger.order(proof.key)
        if current is not None and current.state is State.UNKNOWN:
            after = step(current, Step.SAID_ABSENT)
            self._ledger.advance(current, after, Step.SAID_ABSENT, at=self._clock.now(), note=note)
        return proof

    return [(Resolver, "record_purchase", record)]


@mutant("no audit", change_plot=lambda plot: replace(plot, habits=replace(plot.habits, replay_share=0.3)))
def _no_audit() -> Sequence[Patch]:
    """Nobody compares at the end, so that an order that the gateway sent twice is not told."""
    return [(engine.Engine, "audit", lambda self: None)]
