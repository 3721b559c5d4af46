"""Broken variants of how orders are sent, recorded, and taken up again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sim_disk
from mutant_registry import Patch, mutant, two_processes
from sim_actions import acted
from sim_fate import faults_named
from sim_marketplace import SimMarketplace
from sim_plot import Plot, tagged

from bulk_orders.core.lifecycle import TRANSITIONS, State, Step, step
from bulk_orders.core.refusals import Busy, refusal
from bulk_orders.core.reply import Reply
from bulk_orders.core.summary import Disposition
from bulk_orders.core.verdict import NotProcessed, Rejected
from bulk_orders.errors import LedgerUnusable
from bulk_orders.ledger.interface import Superseded
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.sending import planning
from bulk_orders.sending.customer_queues import CustomerQueues
from bulk_orders.sending.lookup import Resolver
from bulk_orders.sending.submission_settings import SubmissionSettings
from bulk_orders.sending.subscriptions import BUSY, GAP_S, Subscriptions
from bulk_orders.sending.tenants import Standing, Tenants


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


@mutant(
    "the ledger may refuse the intent",
    change_plot=lambda plot: replace(plot, rates=replace(plot.rates, disk=0.08, post=0.45)),
)
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


def _aba(plot: Plot) -> Plot:
    """One process stands still with its intent on disk while a person calls the order absent and another one sends it."""
    kinds = faults_named(("slow", "timeout_after", "throttled"))
    rates = replace(
        plot.rates, crash=0.0, pause=0.0, pause_after_intent=0.5, stop=0.0, disk=0.0, post=0.9, read=0.0
    )
    return replace(
        two_processes(plot),
        rates=replace(rates, kinds=kinds, jump=0.0, partition=0.0, longest_pauses=(4000.0,)),
        lines=plot.lines[:1],
        decides_meanwhile=1.0,
    )


@mutant("no send deadline", change_plot=_aba)
def _no_deadline() -> Sequence[Patch]:
    """A process that stood still after writing the attempt sends it however late."""
    honest = SubmissionSettings.__init__

    def made(self: Any, **named: Any) -> None:
        honest(self, **{**named, "send_deadline_s": 1e12})

    return [(SubmissionSettings, "__init__", made)]


@mutant("no lock and no compare-and-set", change_plot=two_processes, needs_memory=True)
def _no_lock_no_cas() -> Sequence[Patch]:
    """Two processes write over each other's records."""
    return [(MemoryLedger, "_check_version", lambda self, before: None)]


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


def _edited(plot: Plot) -> Plot:
    """The workbook is edited between most runs."""
    habits = replace(plot.habits, po_mode="kept", replay_share=0.0)
    return replace(plot, habits=habits, edits=0.9, runs=4, thinks=0.0, by_hand_instead=0.0)


@mutant("a changed row is sent again", change_plot=_edited)
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


@mutant("orders of one customer go at once")
def _several_in_flight() -> Sequence[Patch]:
    """A customer's next order does not wait for the answer to the one before."""
    honest = CustomerQueues.take

    def take(self: Any, stop: Any) -> Any:
        while True:
            try:
                order = honest(self, stop)
            except IndexError:  # a customer who was ready twice has nothing left
                self._in_flight -= 1
                continue
            if order is not None and self._waiting[order.customer_id]:
                self._ready.append(order.customer_id)
            return order

    return [(CustomerQueues, "take", take)]


def _new_tenants(plot: Plot) -> Plot:
    """All rows are of one customer who gets a new tenant."""
    lines = tuple(replace(line, customer_id="c1", domain="c1.example") for line in plot.lines)
    tags = tuple(tagged(line, by_content=plot.habits.po_mode == "dropped") for line in lines)
    return replace(plot, lines=tags, habits=replace(plot.habits, completes_after_s=60.0))


@mutant("orders of a new tenant do not wait", change_plot=_new_tenants)
def _tenant_raced() -> Sequence[Patch]:
    """The second order for a domain goes while the first is still making the tenant."""
    return [(Tenants, "standing", lambda self, order: Standing.FIRST)]


@mutant("a conflict with our own order is proof", change_plot=acted)
def _own_conflict() -> Sequence[Patch]:
    """Whatever order a conflict names, what was sent counts as not taken."""
    honest = Subscriptions.weighed

    def weighed(self: Any, order: Any, answer: Any, verdict: Any) -> Any:
        if isinstance(refusal(answer), Busy):
            return NotProcessed(reason=verdict.words, code=BUSY, wait_s=GAP_S)
        return honest(self, order, answer, verdict)

    return [(Subscriptions, "weighed", weighed)]


@mutant("a conflict is a refusal", change_plot=acted)
def _refused_conflict() -> Sequence[Patch]:
    """A conflict comes in words, so the order counts as refused."""
    honest = Subscriptions.weighed

    def weighed(self: Any, order: Any, answer: Any, verdict: Any) -> Any:
        is_busy = isinstance(refusal(answer), Busy)
        return Rejected(words=verdict.words) if is_busy else honest(self, order, answer, verdict)

    return [(Subscriptions, "weighed", weighed)]
