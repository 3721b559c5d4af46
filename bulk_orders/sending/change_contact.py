"""First contact with an account about its subscriptions: free estimates tell how it understands what is sent, before the first is.

A change to as many seats as there are costs nothing where the quantity is the new total, and one to one seat more costs something.
Where it is added to what is there, the first costs that many seats, and no change is sent: nobody would get what the workbook
says. What fits neither, as where estimates are always nothing, is not understood.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

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

_Answer = TypeVar("_Answer", Estimate, Estimate | None)


class ChangeContact:
    """What is known of one run's account; safe between threads, which may ask twice: it costs nothing."""

    def __init__(self, *, ledger: Ledger, marketplace: Marketplace) -> None:
        """Ask nothing yet."""
        self._ledger = ledger
        self._marketplace = marketplace

    def why_not(self, order: OrderRecord, body: Mapping[str, Any], line: ProductLine) -> str:
        """Return why no change can be sent to this account; empty where it is understood. `line` is the subscription's.

        Raises `ReadFailed` where the marketplace gives no answer, or says that an order is in the way.
        """
        facts = AccountFacts(order.account, self._ledger)
        if facts.learnt().get(MEANS) == TOTAL:
            return ""
        price = number_of(line.unit_price)
        if not price or line.seats is None:
            return "its price is not known, so that nobody can tell how this account understands a change."

        def ask(place: str) -> Estimate | None:
            try:
                return self._estimated(facts, body, line.seats or 0, place)
            except ReadFailed as failure:
                if is_no_change(failure.said):
                    return None
                raise

        taken = _first_taken(SUBSCRIPTION_PLACES, ask)
        if isinstance(taken, ReadFailed):
            return _REFUSED.format(said=taken.said)
        place, estimate = taken
        if estimate is not None:
            return self._told(facts, body, estimate, line.seats, place)
        facts.remember(**{PLACE: place, MEANS: TOTAL})
        return ""

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
            if not failure.is_refusal:
                raise
            return _REFUSED.format(said=failure.said)
        if not number_of(one_more.amount):
            return "one seat more would cost nothing either, so that nobody can tell how this account understands a change."
        facts.remember(**{PLACE: place, MEANS: TOTAL})
        return ""

    def why_no_cancellation(self, order: OrderRecord, body: Mapping[str, Any], line: ProductLine) -> str:
        """Return why no cancellation can be sent to this account; empty where it is understood, with a product line or without.

        Raises `ReadFailed` where the marketplace gives no answer, or says that an order is in the way.
        """
        facts = AccountFacts(order.account, self._ledger)
        if LINES in facts.learnt():
            return ""
        taken = _first_taken(
            ("none", "one"),
            lambda lines: self._marketplace.estimate(shaped(with_line(body, line, lines), facts.shape)),
        )
        if isinstance(taken, ReadFailed):
            return 'the marketplace refuses to estimate a cancellation: "{said}"'.format(said=taken.said)
        facts.remember(**{LINES: taken[0]})
        return ""

    def lines(self, order: OrderRecord) -> str:
        """Return whether a cancellation names its product: `one` line, or `none`."""
        return AccountFacts(order.account, self._ledger).learnt().get(LINES, "none")

    def place(self, order: OrderRecord) -> str:
        """Return where the account looks for the subscription."""
        return AccountFacts(order.account, self._ledger).learnt().get(PLACE, SUBSCRIPTION_PLACES[0])


def _first_taken(ways: Sequence[str], ask: Callable[[str], _Answer]) -> tuple[str, _Answer] | ReadFailed:
    """Return the first way that the account takes and its answer, or the refusal of the first where it takes none.

    An error of the server is a refusal at times, but a passing one has words, too: what it was said to is asked once more before
    another way counts. Raises `ReadFailed` where no answer is one, an order is in the way, or errors leave it open.
    """
    refusals: dict[str, ReadFailed] = {}
    for way in ways:
        answer = _asked(ask, way)
        if isinstance(answer, ReadFailed):
            refusals[way] = answer
            continue
        open_ones = [earlier for earlier, failure in refusals.items() if not failure.is_refusal]
        again = ((earlier, _asked(ask, earlier)) for earlier in open_ones)
        return next(
            ((earlier, told) for earlier, told in again if not isinstance(told, ReadFailed)), (way, answer)
        )
    for failure in refusals.values():
        if not failure.is_refusal:
            raise failure
    return refusals[ways[0]]


def _asked(ask: Callable[[str], _Answer], way: str) -> _Answer | ReadFailed:
    try:
        return ask(way)
    except ReadFailed as failure:
        if failure.is_busy or not failure.said:
            raise
        return failure
