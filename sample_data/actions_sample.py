"""Makes the sample of actions: what can be asked of the practice marketplace's own subscriptions."""

import csv
from pathlib import Path
from typing import Final

from bulk_orders.core.columns.table import column, columns_of
from bulk_orders.core.model import SheetRole
from bulk_orders.sandbox.catalogue import Catalogue
from bulk_orders.sandbox.customers import practice_customers
from bulk_orders.sandbox.earlier import EarlierSubscription, earlier_subscriptions

Values = dict[str, str]


def make_actions(path: Path) -> None:
    """What can be asked of the practice marketplace's own subscriptions, and an import."""
    names = ("reference", "customer_id", "company_name", "order_type", "subscription", "mpn", "quantity")
    names += ("commitment", "billing", "offer_attestation", "microsoft_subscription", "microsoft_order")
    names += ("tenant", "domain", "tenant_id", "partner_attestation", "mca_accepted")
    there = earlier_subscriptions(60, Catalogue(), practice_customers())
    rows = [_acting(there[subscription], action, more) for subscription, action, more in _ACTIONS]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(map(_header, names))
        writer.writerows([row.get(name, "") for name in names] for row in (*rows, _IMPORTED))


_ACTIONS: Final = (
    ("1100033", "Change seats now", 4),
    ("1100054", "Change seats at renewal", -3),
    ("1100018", "Auto-renew off", None),
    ("1100052", "Auto-renew on", None),
)
"""Subscription, action, and how many seats more there are afterwards."""
_IMPORTED: Final[Values] = {
    "reference": "ACT-import",
    "customer_id": "1000105563",
    "company_name": "27 Rings Jewelers",
    "order_type": "Import existing",
    "mpn": "CFQ7TTC0LH16:0001",
    "quantity": "5",
    "commitment": "1 year",
    "billing": "Monthly",
    "offer_attestation": "No",
    "microsoft_order": "a1b2c3d4e5f6",
    "microsoft_subscription": "3f2b8a1c-0000-4a6d-9a57-5d1c2e7f9b10",
    "tenant": "Existing tenant",
    "domain": "27rings.onmicrosoft.com",
    "partner_attestation": "Yes",
    "tenant_id": "a94c2acd-f6e7-4ff5-cd6c-7d03fa8aa02c",
    "mca_accepted": "Already on file",
}


def _acting(found: EarlierSubscription, action: str, more: int | None) -> Values:
    return {
        "reference": f"ACT-{found.id}",
        "customer_id": found.customer_id,
        "company_name": practice_customers()[found.customer_id].name,
        "order_type": action,
        "subscription": found.id,
        "mpn": found.offer.product.mpn,
        "quantity": "" if more is None else str(found.quantity + more),
    }


def _header(name: str) -> str:
    of_orders = {entry.name for entry in columns_of(SheetRole.ORDERS)}
    return column(SheetRole.ORDERS if name in of_orders else SheetRole.CUSTOMERS, name).header
