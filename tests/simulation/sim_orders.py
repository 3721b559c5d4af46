"""The orders of a simulated workbook, as the program makes them."""

from functools import lru_cache
from typing import Final

from sim_plot import PROFILE, Line

from bulk_orders.core.model import Order, Row
from bulk_orders.sending.planning import build_orders

TEMPLATE: Final = {
    "type": "sales",
    "customerId": "{customer_id}",
    "ponumber": "{po_number}",
    "products": [{"mpn": "{mpn}", "quantity": "{quantity:int}"}],
}
CHANGE: Final = {
    "type": "change",
    "customerId": "{customer_id}",
    "ponumber": "{po_number}",
    "scheduledOn": "{scheduled_on}",
    "subscriptionId": "{subscription_id}",
    "products": [{"subscriptionId": "{subscription_id}", "mpn": "{mpn}", "quantity": "{quantity:int}"}],
}
CANCELLATION: Final = {
    "type": "cancellation",
    "customerId": "{customer_id}",
    "ponumber": "{po_number}",
    "subscriptionId": "{subscription_id}",
}
AUTO_RENEWAL: Final = {
    "customerId": "{customer_id}",
    "subscriptionId": "{subscription_id}",
    "renewalStatus": "{auto_renew:bool}",
}
IMPORT: Final = {
    **TEMPLATE,
    "products": [
        {
            "mpn": "{mpn}",
            "quantity": "{quantity:int}",
            "parameters": [
                {
                    "name": "migration_info_object",
                    "structured_value": {"subscription_id": "{microsoft_subscription}"},
                }
            ],
        }
    ],
}
TEMPLATES: Final = {
    "sales": TEMPLATE,
    "change": CHANGE,
    "cancellation": CANCELLATION,
    "auto_renewal": AUTO_RENEWAL,
    "import": IMPORT,
}
ACCOUNT: Final = PROFILE.account


@lru_cache(maxsize=64)
def orders_of(lines: tuple[Line, ...], longest_po: int | None = None) -> tuple[Order, ...]:
    rows = [
        Row(
            sheet_row=number,
            values={
                name: text
                for name, text in (
                    ("reference", line.reference),
                    ("po_number", line.po_number),
                    ("customer_id", line.customer_id),
                    ("mpn", line.mpn),
                    ("quantity", str(line.quantity or "")),
                    ("order_type", line.action),
                    ("microsoft_subscription", "ms-1" if line.action == "import" else ""),
                    ("subscription", line.subscription),
                    ("tenant", "new" if line.domain else ""),
                    ("domain", line.domain),
                )
                if text
            },
            parameters=(
                ("tag", line.tag),
                *([("tenant_preference", "new")] if line.domain else []),
            ),
        )
        for number, line in enumerate(lines, 2)
    ]
    return tuple(build_orders(rows, templates=TEMPLATES, account=ACCOUNT, longest_po=longest_po))
