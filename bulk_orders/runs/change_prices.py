"""What a change of a subscription costs: asked for in the shape in which the account takes it, as it is sent."""

import json
from contextlib import suppress

from bulk_orders.core.acting import for_subscription, line_of, placed
from bulk_orders.core.body_shape import shaped
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.refusals import is_no_change
from bulk_orders.core.subscriptions import PlatformSubscription
from bulk_orders.ledger.interface import Ledger
from bulk_orders.marketplace.interface import Estimate, Marketplace, ReadFailed
from bulk_orders.sending.account_facts import AccountFacts
from bulk_orders.sending.change_contact import ChangeContact


def change_estimate(
    order: OrderRecord, found: PlatformSubscription, ledger: Ledger, marketplace: Marketplace
) -> Estimate:
    """Return what the change costs at first; nothing, where the marketplace says that it changes nothing.

    Where the account refuses it, and nobody knows yet where it looks for the subscription, that is learnt as before the
    first change is sent. Raises `ReadFailed`.
    """
    contact = ChangeContact(ledger=ledger, marketplace=marketplace)
    body, line = for_subscription(json.loads(order.body), found), line_of(order, found)

    def ask(place: str) -> Estimate:
        try:
            return marketplace.estimate(
                shaped(placed(body, place), AccountFacts(order.account, ledger).shape)
            )
        except ReadFailed as failure:
            if not is_no_change(failure.said):
                raise
            return Estimate(amount="0", currency=line.currency if line else "")

    place = contact.place(order)
    try:
        return ask(place)
    except ReadFailed as failure:
        if line is not None and failure.said and not failure.is_busy:
            with suppress(ReadFailed):  # the first refusal says more
                contact.why_not(order, body, line)
        if contact.place(order) == place:
            raise
    return ask(contact.place(order))
