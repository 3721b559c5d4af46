"""Changes of subscriptions, as they are listed by a check and before they are confirmed."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from bulk_orders.cli.terminal import table_lines

CHANGES_SHOWN: Final = 20
"""More are listed only where somebody asks for all."""


def change_lines(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """List changes of subscriptions, from now to after; of each a record as of `change_record`."""
    header = ("Row", "Customer", "Subscription", "Product", "Action", "Now", "After", "Renewal")
    names = ("row", "customer_id", "subscription_id", "product", "action", "now", "after", "renewal_date")
    rows = [tuple(str(record[name] or "") for name in names) for record in records]
    return table_lines(header, rows) if rows else []
