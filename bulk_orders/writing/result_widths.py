"""How wide the columns are that a results workbook adds to the orders."""

from typing import Final

from bulk_orders.core.columns.table import RESULT_COLUMNS

MACHINE_COLUMNS: Final = frozenset(name for name, _ in RESULT_COLUMNS[-7:])
"""Stable names, never translated; they stand folded away at the right."""

RESULT_WIDTHS: Final = {
    "outcome": 26,
    "message": 52,
    "how_to_fix": 40,
    "order_number": 16,
    "order_id": 16,
    "subscription_id": 18,
    "platform_status": 18,
    "amount": 12,
    "currency": 9,
    "po_sent": 18,
    "ordered_at": 18,
    "cancel_before": 18,
    "scheduled_for": 14,
    "acceptance_link": 26,
    "microsoft_ids": 26,
    "attempts": 10,
    "support_reference": 20,
}
"""In characters."""
