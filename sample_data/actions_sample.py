"""Makes the sample of actions: what can be asked of the practice marketplace's own subscriptions."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from bulk_orders.sandbox.catalogue import Catalogue
from bulk_orders.sandbox.customers import practice_customers
from bulk_orders.sandbox.earlier import EarlierSubscription, earlier_subscriptions
from bulk_orders.writing.template.write import write_template

Values = dict[str, str]


def make_actions(path: Path, catalogue: Sequence[Values], today: date) -> Path:
    """Make the template filled with what can be asked of the practice marketplace's own subscriptions, a purchase and an import."""
    path.unlink(missing_ok=True)
    there = earlier_subscriptions(60, Catalogue(), practice_customers())
    acting = [there[subscription] for subscription, _, _ in _ACTIONS]
    return write_template(
        path,
        rows=50,
        catalogue=catalogue,
        customers=[*(_bare(found.customer_id) for found in acting), _TENANT],
        orders=[
            *(
                _acting(found, action, more)
                for found, (_, action, more) in zip(acting, _ACTIONS, strict=True)
            ),
            _BOUGHT,
            _IMPORTED,
        ],
        today=today,
    )


_ACTIONS: Final = (
    ("1100033", "Change seats now", 4),
    ("1100054", "Change seats at renewal", -3),
    ("1100018", "Auto-renew off", None),
    ("1100052", "Auto-renew on", None),
)
"""Subscription, action, and how many seats more there are afterwards."""
_BOUGHT: Final[Values] = {
    "reference": "ACT-bought",
    "customer_id": "1000105563",
    "mpn": "CFQ7TTC0LH18:0001",
    "quantity": "3",
    "commitment": "1 year",
    "billing": "Monthly",
    "offer_attestation": "No",
}
_IMPORTED: Final[Values] = {
    **_BOUGHT,
    "reference": "ACT-import",
    "mpn": "CFQ7TTC0LH16:0001",
    "quantity": "5",
    "order_type": "Import existing",
    "microsoft_order": "a1b2c3d4e5f6",
    "microsoft_subscription": "3f2b8a1c-0000-4a6d-9a57-5d1c2e7f9b10",
}
_TENANT: Final[Values] = {
    "customer_id": "1000105563",
    "company_name": "27 Rings Jewelers",
    "tenant": "Existing tenant",
    "domain": "27rings.onmicrosoft.com",
    "partner_attestation": "Yes",
    "tenant_id": "a94c2acd-f6e7-4ff5-bd6c-7d03fa8aa02c",
    "mca_accepted": "Already on file",
}


def _bare(customer_id: str) -> Values:
    """What is done to a subscription needs nothing of its customer but who it is."""
    return {"customer_id": customer_id, "company_name": practice_customers()[customer_id].name}


def _acting(found: EarlierSubscription, action: str, more: int | None) -> Values:
    return {
        "reference": f"ACT-{found.id}",
        "customer_id": found.customer_id,
        "order_type": action,
        "subscription": found.id,
        "mpn": found.offer.product.mpn,
        "quantity": "" if more is None else str(found.quantity + more),
    }
