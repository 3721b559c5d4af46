"""Broken variants of what acts on subscriptions: seats, auto-renew, cancellations."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from mutant_registry import Patch, mutant
from sim_actions import acted
from sim_plot import Plot

from bulk_orders.core import matching, recognition
from bulk_orders.core.order_types import CANCEL, is_setting, target_of, type_of
from bulk_orders.core.verdict import Accepted, NotProcessed, NoVerdict
from bulk_orders.runs import orders_asked
from bulk_orders.sending import audit, doubles, purchases, subscriptions
from bulk_orders.sending.change_contact import ChangeContact
from bulk_orders.sending.subscriptions import Subscriptions


@mutant("types are matched across prefixes")
def _any_type() -> Sequence[Patch]:
    """Whatever carries our PO number is ours, though it is a renewal or a cancellation."""
    return [
        (matching, "may_be_of", lambda told, body: not is_setting(body)),
        (recognition, "may_be_placed_here", lambda told: True),
        (audit, "is_purchase", lambda told: True),
    ]


def _one_po_number(plot: Plot) -> Plot:
    """The changes of one customer go under one PO number of the user's."""
    lines = tuple(replace(line, customer_id="c1", po_number="PO-A") for line in plot.lines)
    return acted(replace(plot, lines=lines), ("change_now",))


@mutant("changes are matched whatever their subscription", change_plot=_one_po_number)
def _any_subscription() -> Sequence[Patch]:
    """A change under our PO number is ours, whichever subscription it is of."""
    return [(matching, "_subscriptions_of", lambda seen: set())]


@mutant("a flag is not read back")
def _not_read_back() -> Sequence[Patch]:
    """What is answered well counts as set."""
    honest = Subscriptions._read_back

    def read_back(self: Any, order: Any, verdict: Any) -> Any:
        if isinstance(verdict, Accepted):
            return Accepted(order_id="", platform_status="completed")
        return honest(self, order, verdict)

    return [(Subscriptions, "_read_back", read_back)]


@mutant("completed is believed")
def _completed_is_done() -> Sequence[Patch]:
    """An order on a subscription that says completed counts as carried out."""
    return [
        (purchases, "status_to_record", lambda order, told: told),
        (orders_asked, "_shown", lambda services, order, told, *_: told),
    ]


@mutant("nobody asks whether a change is a total")
def _not_asked() -> Sequence[Patch]:
    """A change is sent as if every account took its quantity for the new total."""
    return [(ChangeContact, "why_not", lambda self, order, body, line: "")]


@mutant("a conflict is not waited for", change_plot=partial(acted, actions=("change_now",)))
def _not_waited() -> Sequence[Patch]:
    """A change is sent again while the order that was named is still in its way."""
    return [(Subscriptions, "_behind", lambda self, order: None)]


def _by_another_ledger(plot: Plot) -> Plot:
    """Somebody else runs the same rows meanwhile, and their PO numbers are not whole."""
    cut = replace(plot.habits, po_mode="cut 8")
    return acted(replace(plot, habits=cut, thinks=0.7, runs=3), ("change_at_renewal",))


@mutant("what another ledger scheduled is not looked for", change_plot=_by_another_ledger)
def _scheduled_twice() -> Sequence[Patch]:
    """What rests until a renewal is shown by its subscription as little as what was never sent, and goes out again."""
    return [
        (recognition, "_is_shown", lambda order, entry: bool(target_of(order.body))),
        (subscriptions, "carried_out_unseen", lambda order, foreign, found, now: []),
    ]


def _answered_twice(plot: Plot) -> Plot:
    """A gateway repeats requests, and answers what the second one came to."""
    kept = replace(plot.habits, po_mode="kept", error_share=0.0)
    habits = replace(kept, replay_share=0.6, completes_after_s=20.0, listing_lag_s=200.0)
    return acted(replace(plot, habits=habits), ("cancel",))


@mutant("what our own order brings about is a refusal", change_plot=_answered_twice)
def _own_doing_refuses() -> Sequence[Patch]:
    """A subscription that is not active any more refuses its cancellation, though that was what ended it."""
    return [(subscriptions, "may_be_own_doing", lambda order, words: False)]


@mutant("a cancellation is repeated")
def _cancelled_again() -> Sequence[Patch]:
    """A cancellation without an answer is sent again: the second one can do no harm."""
    honest = Subscriptions.weighed

    def weighed(self: Any, order: Any, answer: Any, verdict: Any) -> Any:
        found = honest(self, order, answer, verdict)
        if type_of(order.body) is CANCEL and isinstance(found, NoVerdict):
            return NotProcessed(reason=found.reason, code="S-DOWN", wait_s=15.0)
        return found

    return [(Subscriptions, "weighed", weighed)]


@mutant("a change is repeated")
def _changed_again() -> Sequence[Patch]:
    """A change of seats without an answer is sent again: it is a total."""
    honest = Subscriptions.weighed

    def weighed(self: Any, order: Any, answer: Any, verdict: Any) -> Any:
        found = honest(self, order, answer, verdict)
        is_change = bool(target_of(order.body)) and not is_setting(order.body)
        if is_change and type_of(order.body) is not CANCEL and isinstance(found, NoVerdict):
            return NotProcessed(reason=found.reason, code="S-DOWN", wait_s=15.0)
        return found

    return [(Subscriptions, "weighed", weighed)]


def _renamed(plot: Plot) -> Plot:
    return replace(acted(plot), renames=0.9, runs=4, deletes=0.0, rolls_back=0.0, edits=0.0)


@mutant("a row about a subscription in doubt is not held", change_plot=_renamed)
def _not_held() -> Sequence[Patch]:
    """A new reference for what is in doubt about a subscription is a new order."""
    honest = doubles._held

    def held(order: Any, double: Any, now: Any) -> Any:
        return honest(order, None if target_of(order.body) else double, now)

    return [(doubles, "_held", held)]
