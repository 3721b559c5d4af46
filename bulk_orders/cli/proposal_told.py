"""What a run is about to send, as it is said before it is confirmed: to people, and to machines."""

from collections.abc import Sequence
from typing import Any

from bulk_orders.cli.changes_told import CHANGES_SHOWN, change_lines
from bulk_orders.cli.terminal import table_lines, warning_lines
from bulk_orders.core.asked_actions import (
    actions_counted,
    actions_told,
    licences_told,
    orders_told,
    warnings_of,
)
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.order_types import OrderType, target_of, type_of
from bulk_orders.core.records import change_record
from bulk_orders.core.subscription_rows import WantedChange
from bulk_orders.core.wording import counted, spoken
from bulk_orders.runs.proposal import Proposal
from bulk_orders.sending.other_ledgers import WaitAhead


def proposal_lines(proposal: Proposal, changes: Sequence[WantedChange] = ()) -> list[str]:
    """Return lines with what is about to be sent: by product and action, how many of each action, and what has to be known of it.

    A few actions on subscriptions are listed; `changes` are the workbook's wishes, which tell what there is now.
    """
    customers = len({order.customer_id for order in proposal.plan.to_send})
    tenants = len({order.domain for order in proposal.plan.to_send if order.domain})
    is_live = proposal.environment == "LIVE"
    lines = [
        "  LIVE   these orders are real · marketplace {marketplace}".format(marketplace=proposal.marketplace)
        if is_live
        else "  PRACTICE   nothing is billed · marketplace {marketplace}".format(
            marketplace=proposal.marketplace
        )
    ]
    lines += _product_lines(proposal.plan.to_send)
    acting = [order for order in proposal.plan.to_send if target_of(order.body)]
    lines += acting_lines(acting, changes) if len(acting) <= CHANGES_SHOWN else []
    has_purchases = len(acting) < len(proposal.plan.to_send)
    lines.append(
        "  {orders} for {customers}: {actions}{created}.".format(
            orders=orders_told(proposal.asked),
            actions=actions_told(proposal.asked),
            customers=counted(customers, "{number} customer", "{number} customers"),
            created=counted(
                tenants,
                "; {number} new Microsoft tenant will be created",
                "; {number} new Microsoft tenants will be created",
            )
            if has_purchases
            else "",
        )
    )
    lines += warning_lines(warnings_of(proposal.asked))
    if proposal.plan.doubtful:
        lines.append(
            counted(
                len(proposal.plan.doubtful),
                "  {number} row of an earlier run is in doubt: it is looked up, not sent.",
                "  {number} rows of an earlier run are in doubt: they are looked up, not sent.",
            )
        )
    if proposal.seconds > 1:
        lines.append(
            "  At the allowed rate this takes about {duration}.".format(duration=spoken(proposal.seconds))
        )
    return [*lines, *wait_ahead_lines(proposal.wait_ahead)]


def _product_lines(orders: Sequence[OrderRecord]) -> list[str]:
    groups: dict[tuple[str, OrderType], list[OrderRecord]] = {}
    for order in orders:
        groups.setdefault((order.mpn, type_of(order.body)), []).append(order)
    rows = [
        (mpn, asked.label, f"{len(members):,}", licences_told((asked, order.licences) for order in members))
        for (mpn, asked), members in sorted(groups.items(), key=lambda item: -len(item[1]))
    ]
    return table_lines(("Product", "Action", "Orders", "Licences"), rows)


def acting_lines(orders: Sequence[OrderRecord], changes: Sequence[WantedChange]) -> list[str]:
    """List what is done to subscriptions, as `check` does; what an order without a wish finds there is not known yet."""
    wished = {change.sheet_row: change_record(change) for change in changes}
    return change_lines(
        wished.get(order.sheet_row)
        or {
            "row": order.sheet_row,
            "customer_id": order.customer_id,
            "subscription_id": target_of(order.body),
            "product": order.mpn,
            "action": type_of(order.body).label,
            "now": "",
            "after": order.quantity,
            "renewal_date": "",
        }
        for order in orders
    )


def wait_ahead_lines(ahead: WaitAhead) -> list[str]:
    """Return lines about the wait before the first order, and what ends it: nobody confirms a run that then surprises them."""
    if ahead.wait_s <= 0:
        return []
    lines = [
        "  ⚠ {why}".format(why=ahead.why),
        "    So nothing is sent for the first {duration}; then the account is read again.".format(
            duration=spoken(ahead.wait_s)
        ),
    ]
    if ahead.is_for_new_ledger:
        lines.append(
            "    If no other ledger was ever used for this account, stop and add --new-ledger: "
            "then there is no wait."
        )
    return lines


def proposal_json(proposal: Proposal) -> dict[str, Any]:
    """Return what would be sent, as machines read it: `orders` is the number that --confirm takes."""
    return {
        "orders": proposal.orders,
        "actions": actions_counted(proposal.asked),
        "rows": [order.sheet_row for order in proposal.plan.to_send],
        "doubtful": len(proposal.plan.doubtful),
        "seconds": round(proposal.seconds),
    }
