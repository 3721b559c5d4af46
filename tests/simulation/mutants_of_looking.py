"""Broken variants of looking for orders: in doubt, forgotten by the ledger, told to the user."""

import itertools
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sim_histories
import sim_orders
from mutant_registry import Patch, mutant, two_processes
from sim_kernel import SimClock
from sim_marketplace import SimMarketplace
from sim_plot import Plot, tagged

from bulk_orders.core import identity, matching, recognition
from bulk_orders.core.lifecycle import State, Step, step
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.marketplace.interface import OrderList, ReadFailed
from bulk_orders.runs import resolve
from bulk_orders.sending import before_sending, chunk, decisions, engine, lookup, planning, recognised_orders
from bulk_orders.sending.account_facts import AccountFacts
from bulk_orders.sending.account_look import AccountLook
from bulk_orders.sending.canary import Canary, Proof
from bulk_orders.sending.lookup import Resolver
from bulk_orders.sending.other_ledgers import OtherLedgers
from bulk_orders.sending.purchases import with_platform_facts
from bulk_orders.sending.run_audit import RunAudit


def _lost_and_edited(plot: Plot) -> Plot:
    """The ledger is lost and the workbook edited, between runs that are almost quiet."""
    habits = replace(plot.habits, po_mode="kept", lists_po=True, replay_share=0.0)
    plot = replace(_put_back(plot), habits=habits, by_hand_instead=0.0, thinks=0.0)
    return replace(plot, deletes=0.9, rolls_back=0.0, edits=0.9)


@mutant("random marker", change_plot=_lost_and_edited)
def _random_marker() -> Sequence[Patch]:
    """The PO number is drawn anew each time."""
    numbers = itertools.count(1)
    fresh = sim_orders.orders_of.__wrapped__
    return [
        (planning, "marker", lambda key, longest=None: f"BOX{next(numbers):09d}"),
        (sim_orders, "orders_of", fresh),
    ]


def _put_back(plot: Plot) -> Plot:
    """Ledgers are put back, copied and used in turn, between runs that are almost quiet."""
    rates = replace(plot.rates, crash=0.005, read=0.0, stop=0.0, disk=0.0, partition=0.0, post=0.1)
    return replace(plot, rolls_back=0.9, runs=4, rates=rates, days_later=0.0, edits=0.5)


@mutant("what others ordered is not compared", change_plot=_put_back)
def _no_look() -> Sequence[Patch]:
    """The ledger is trusted, whatever the account holds."""
    return [
        (planning, "compare", lambda *given, **named: {}),
        (engine, "compare", lambda *given, **named: {}),
    ]


@mutant("a resumed run is not compared", change_plot=_put_back)
def _resume_trusts() -> Sequence[Patch]:
    """Only a new run looks at what the account holds."""
    return [(engine.Engine, "take_up", lambda self: self._pending())]


@mutant("the place moves with every reading", change_plot=_put_back)
def _place_by_clock() -> Sequence[Patch]:
    """The account is read from the newest event on, not from where it was read whole."""

    def begin(self: Any, record: Any, now: Any) -> Any:
        return now - self._window

    return [(AccountLook, "_begin", begin)]


@mutant("a copied ledger does not wait", change_plot=lambda plot: _late(_put_back(plot)))
def _no_wait_for_others() -> Sequence[Patch]:
    """What another ledger sent a moment ago is not waited for."""
    return [(OtherLedgers, "_due", lambda self: ("", 0.0))]


def _late(plot: Plot) -> Plot:
    return replace(
        plot, habits=replace(plot.habits, listing_lag_s=240.0, po_mode="kept"), is_first_ever=False
    )


@mutant(
    "no fresh reading before sending",
    change_plot=lambda plot: replace(plot, thinks=0.9, edits=0.0, is_first_ever=True),
)
def _stale_reading() -> Sequence[Patch]:
    """What was ordered while a person thought at the prompt is not looked for."""
    return [(before_sending, "FRESH_S", 1e12)]


def _alike_by_hand(plot: Plot) -> Plot:
    """Two rows that nobody can tell apart under one PO number, and one order of them that a person made."""
    line = tagged(replace(plot.lines[0], reference="", po_number="PO-A"), by_content=False)
    plot = replace(_put_back(plot), habits=replace(plot.habits, po_mode="kept", lists_po=True))
    return replace(plot, lines=(line, line), thinks=0.9, by_hand_instead=0.9, edits=0.0, deletes=0.0)


@mutant("one order is adopted for every row that equals it", change_plot=_alike_by_hand)
def _adopts_for_all() -> Sequence[Patch]:
    """Nobody counts whether there are as many orders as rows under one PO number."""

    def by_po_number(wanted: Any, pool: Any, known: Any) -> Any:
        found = {}
        for order in wanted:
            equal = [e for e in pool.left if e.po_number == order.marker and recognition.resembles(order, e)]
            if equal and order.state is State.PENDING:
                found[order.key] = recognition.Recognised(seen=(equal[0],), is_certain=True)
        return found

    return [(recognition, "_by_po_number", by_po_number)]


@mutant(
    "what equals a row in doubt is sent",
    change_plot=lambda plot: replace(plot, renames=0.9, runs=4, edits=0.0, deletes=0.0, rolls_back=0.0),
)
def _doubles_sent() -> Sequence[Patch]:
    """A row in doubt that is given another reference is a new order."""
    return [(planning, "hold_doubles", lambda new, unsettled, now: list(new))]


@mutant(
    "a run that was not begun forgets what was in doubt",
    change_plot=lambda plot: replace(
        plot, renames=0.9, gives_up=0.9, runs=4, edits=0.0, deletes=0.0, rolls_back=0.0
    ),
)
def _doubts_forgotten() -> Sequence[Patch]:
    """Who only looked found the order, and the next run holds nothing that equals it."""
    return [(AccountFacts, "note_doubted", lambda self, keys: None)]


@mutant("whatever looks alike is adopted", change_plot=lambda plot: replace(plot, wanted_before=True))
def _adopts_alike() -> Sequence[Patch]:
    """An order of the same content is this row's, whoever made it."""
    honest = recognition.recognise

    def recognised(*given: Any) -> Any:
        return {key: replace(found, is_certain=True) for key, found in honest(*given).items()}

    return [(recognised_orders, "recognise", recognised)]


@mutant(
    "what looks alike is sent", change_plot=lambda plot: replace(plot, by_hand_instead=0.9, runs=4, edits=0.0)
)
def _ignores_alike() -> Sequence[Patch]:
    """Nobody is asked about an order of the same content."""
    return [
        (recognition, "_by_content", lambda *given: {}),
        (recognition, "_by_po_number", lambda *given: {}),
    ]


def _cut(plot: Plot) -> Plot:
    return replace(_put_back(plot), habits=replace(plot.habits, po_mode="cut 10"), edits=0.0)


@mutant("cut PO numbers are not known", change_plot=_cut)
def _cut_unknown() -> Sequence[Patch]:
    """A PO number that was cut is taken for another one."""
    return [
        (matching, "is_cut", lambda came_back, sent: came_back == sent),
        (matching, "is_marker_of", lambda key, po_number: po_number == identity.marker(key)),
    ]


@mutant(
    "an audit that was not whole is forgotten",
    is_of_the_exit_code=True,
    change_plot=lambda plot: replace(
        plot, habits=replace(plot.habits, replay_share=0.5, replay_after_s=0.0, po_mode="kept"), runs=3
    ),
)
def _audit_forgotten() -> Sequence[Patch]:
    """The run says that all is well although nobody could compare, and the next one does not either."""
    return [
        (RunAudit, "due", lambda self: ()),
        (engine.Engine, "_audited", lambda self: None),
    ]


@mutant(
    "what was recognised is not audited",
    change_plot=lambda plot: replace(
        plot,
        habits=replace(plot.habits, replay_share=0.3, po_mode="kept", lists_po=True),
        deletes=0.9,
        edits=0.9,
        runs=4,
    ),
    needs_memory=True,
)
def _recognised_unaudited() -> Sequence[Patch]:
    """Only a run that sent something compares: what a lost ledger sent may be there twice."""

    def sent(self: Any, account: str, since: Any) -> Any:
        found = [order for order in self._orders.values() if order.account == account and order.sent_at]
        return tuple(order for order in found if order.sent_at > since)

    return [(MemoryLedger, "orders_sent_since", sent)]


@mutant("short window", change_plot=lambda plot: replace(plot, decides=0.9))
def _short_window() -> Sequence[Patch]:
    """Absence is said after twenty seconds."""
    return [
        (chunk, "window_s", lambda lag_s: 20.0),
        (sim_histories, "DECIDE_GAP_S", 10.0),
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
        (resolve, "resendable", lambda orders: tuple(o for o in orders if o.state is State.UNKNOWN)),
        (decisions, "_check_is_absent", lambda _order, _resolver: None),
    ]


@mutant("adopts whatever looks alike")
def _adopts_first() -> Sequence[Patch]:
    """Of several candidates the first is taken, whoever has it already."""

    def adopt(self: Any, order: Any, candidates: Any) -> bool:
        proof = with_platform_facts(order, next(iter(candidates)))
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

    return [(lookup, "matches_marker", matches)]


@mutant("the PO number alone decides")
def _po_decides() -> Sequence[Patch]:
    """An order with our PO number is ours, whatever it holds."""

    def matches(order: Any, seen: Any) -> bool:
        return bool(seen.po_number == order.marker and seen.customer_id == order.customer_id)

    return [(lookup, "matches_marker", matches)]


@mutant(
    "canary skipped",
    change_plot=lambda plot: replace(plot, habits=replace(plot.habits, po_mode="cut 8", replay_share=0.1)),
)
def _no_canary() -> Sequence[Patch]:
    """Nothing proves that PO numbers survive before more orders are sent, so that an order made twice is told to nobody."""
    return [
        (Canary, "is_proven", lambda self, longest: True),
        (Canary, "prove", lambda self, order, stop: Proof(is_good=True)),
    ]


@mutant("rejected rows are left out of the report")
def _left_out() -> Sequence[Patch]:
    """A run does not record the rows of orders it took up again."""
    honest = planning.plan

    def planned(*given: Any, **named: Any) -> Any:
        found = honest(*given, **named)
        again = {after.key for _, after in found.again}
        return replace(found, rows=tuple(row for row in found.rows if row.key not in again))

    return [(engine, "plan", planned)]


@mutant("late proof is dropped", change_plot=two_processes)
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
    return [(engine.Engine, "audit", lambda self: None), (engine.Engine, "_audited", lambda self: None)]
