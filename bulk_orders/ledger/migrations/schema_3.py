"""Schema 3: how far each account was read, the orders there that are not ours, and whether a run's comparison was whole.

Nothing is filled: a ledger that noted no place reads the account anew, as far back as it may have missed something.
"""

from typing import Final

from sqlalchemy import Connection, text

_STATEMENTS: Final = (
    "ALTER TABLE orders ADD COLUMN enlisted_at TEXT",
    "ALTER TABLE orders ADD COLUMN held_for TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE runs ADD COLUMN audit_whole INTEGER",
    """CREATE TABLE accounts (
        account TEXT NOT NULL, read_up_to TEXT, audited_up_to TEXT, ledger_file TEXT NOT NULL, PRIMARY KEY (account)
    )""",
    """CREATE TABLE foreign_orders (
        account TEXT NOT NULL, order_id TEXT NOT NULL, order_number TEXT NOT NULL, customer_id TEXT NOT NULL,
        order_type TEXT NOT NULL, status TEXT NOT NULL, created_at TEXT, po_number TEXT, subscription_id TEXT NOT NULL,
        amount TEXT NOT NULL, currency TEXT NOT NULL, products TEXT, is_opened INTEGER NOT NULL,
        PRIMARY KEY (account, order_id)
    )""",
    "CREATE INDEX foreign_orders_by_customer ON foreign_orders (account, customer_id)",
)


def change(connection: Connection) -> None:
    """Add the columns and the tables."""
    for statement in _STATEMENTS:
        connection.execute(text(statement))
