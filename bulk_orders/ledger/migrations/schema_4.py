"""Schema 4: what a marketplace tells of an accepted order besides its status; nobody asked before."""

from typing import Final

from sqlalchemy import Connection, text

_COLUMNS: Final = ("scheduled_for", "acceptance_link", "microsoft_ids")


def change(connection: Connection) -> None:
    """Add the columns, empty."""
    for column in _COLUMNS:
        connection.execute(text(f"ALTER TABLE orders ADD COLUMN {column} TEXT DEFAULT '' NOT NULL"))
