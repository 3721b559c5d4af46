"""Schema 5: orders may act on subscriptions. Nothing is stored otherwise: the number keeps programs away that do not know it.

An earlier one would take a change of seats for a purchase, and post what only sets auto-renew as an order.
"""

from sqlalchemy import Connection


def change(_connection: Connection) -> None:
    """Change nothing."""
