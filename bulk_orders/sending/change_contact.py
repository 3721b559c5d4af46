"""First contact with an account about its subscriptions: free estimates tell how it understands what is sent, before the first is.

A change to as many seats as there are costs nothing where the quantity is the new total, and one to one seat more costs something.
Where it is added to what is there, the first costs that many seats, and no change is sent: nobody would get what the workbook
says. What fits neither, as where estimates are always nothing, is not understood.
"""

from collections.abc import Mapping
from typing import Any, Final

from bulk_orders.core.acting import SUBSCRIPTION_PLACES, placed, with_line, with_seats
from bulk_orders.core.body_shape import shaped
from bulk_orders.core.json_values import number_of
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.refusals import is_no_change
from bulk_orders.core.subscriptions import ProductLine
from bulk_orders.ledger.interface import Ledger
from bulk_orders.marketplace.interface import Estimate, Marketplace, ReadFailed
from bulk_orders.sending.account_facts import AccountFacts

PLACE: Final = "subscription_place"
MEANS: Final = "change_means"
TOTAL: Final = "total"
LINES: Final = "cancellation_lines"
_REFUSED: Final = 'the marketplace refuses to estimate a change: "{said}"'


class ChangeContact:
    """What is known of one run's account; safe between threads, which may ask twice: it costs nothing."""

    def __init__(self, *, ledger: Ledger, marketplace: Marketplace) -> None:
        """Ask nothing yet."""
        self._ledger = ledger
        self._marketplace = marketplace

    def why_not(self, order: OrderRecord, body: Mapping[str, Any], line: ProductLine) -> str:
        """Return why no change can be sent to this account; empty where it is understood. `line` is the subscription's.

        Raises `ReadFailed` where the marketplace gives no answer.
        """
        facts = AccountFacts(order.account, self._ledger)
        if facts.learnt().get(MEANS) == TOTAL:
            return ""
        price = number_of(line.unit_price)
        if not price or line.seats is None:
            return "its price is not known, so that nobody can tell how this account understands a change."
        refused = ""
        for place in SUBSCRIPTION_PLACES:
            try:
                estimate = self._estimated(facts, body, line.seats, place)
            except ReadFailed as failure:
                if not failure.said:
                    raise
                if is_no_change(failure.said):
                    facts.remember(**{PLACE: place, MEANS: TOTAL})
                    return ""
                refused = refused or failure.said
                continue
            return self._told(facts, body, estimate, line.seats, place)
        return _REFUSED.format(said=refused)

    def _estimated(self, facts: AccountFacts, body: Mapping[str, Any], seats: int, place: str) -> Estimate:
        return self._marketplace.estimate(shaped(placed(with_seats(body, seats), place), facts.shape))

    def _told(
        self, facts: AccountFacts, body: Mapping[str, Any], estimate: Estimate, seats: int, place: str
    ) -> str:
        amount = number_of(estimate.amount)
        if amount is None:
            return "the marketplace does not say what a change costs, so that nobody can tell how it understands one."
        if amount:
            return (
                "a change to the {seats} seats that there are would cost {amount} {currency}: "
                "this account does not take the quantity for the new total."
            ).format(seats=seats, amount=estimate.amount, currency=estimate.currency)
        try:
            one_more = self._estimated(facts, body, seats + 1, place)
        except ReadFailed as failure:
            if not failure.said:
                raise
            return _REFUSED.format(said=failure.said)
        if not number_of(one_more.amount):
            return "one seat more would cost nothing either, so that nobody can tell how this account understands a change."
        facts.remember(**{PLACE: place, MEANS: TOTAL})
        return ""

    def why_no_cancellation(self, order: OrderRecord, body: Mapping[str, Any], line: ProductLine) -> str:
        """Return why no cancellation can be sent to this account; empty where it is understood, with a product line or without.

        Raises `ReadFailed` where the marketplace gives no answer.
        """
        facts = AccountFacts(order.account, self._ledger)
        if LINES in facts.learnt():
            return ""
        refused = ""
        for lines in ("none", "one"):
            try:
                self._marketplace.estimate(shaped(with_line(body, line, lines), facts.shape))
            except ReadFailed as failure:
                if not failure.said:
                    raise
                refused = refused or failure.said
                continue
            facts.remember(**{LINES: lines})
            return ""
        return 'the marketplace refuses to estimate a cancellation: "{said}"'.format(said=refused)

    def lines(self, order: OrderRecord) -> str:
        """Return whether a cancellation names its product: `one` line, or `none`."""
        return AccountFacts(order.account, self._ledger).learnt().get(LINES, "none")

    def place(self, order: OrderRecord) -> str:
        """Return where the account looks for the subscription."""
        return AccountFacts(order.account, self._ledger).learnt().get(PLACE, SUBSCRIPTION_PLACES[0])
