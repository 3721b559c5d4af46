"""How a ledger grows: numbered migrations that bring an older one to the schema that `ledger.tables` describes.

A new ledger is made from `tables`, an older one by the migrations after its own number, in their sequence; a test proves that
both end in the same schema. `ledger.upgrade` runs them when a ledger is opened: under the ledger's lock, after a copy was
made beside it, each in one transaction, so that a crash leaves the schema before it or the one after it, whole.

To change the schema:

1. Change `tables`. A new column goes to the end of its table, for `ALTER TABLE … ADD COLUMN` can put it nowhere else. It
   may be empty, or has a `server_default` that the migration's statement names too. A column of a record needs the field in
   the record; `tables` refuses to load until the two agree.
2. Add `schema_N.py` with one function `change(connection)`: the statements that alter tables, then those that fill what is
   new from what is there. It runs inside a transaction and neither begins nor ends one. An error takes it back.
3. Add its entry below, with a sentence. The last number is the schema of this program; nothing else names it.
4. Make a ledger with the last release and keep it in `tests/ledger/kept`, as its page says: from then on the suite opens it.

What a migration may and may not do:

* It never changes once it was released: a ledger out there went through it as it was. So it names tables and columns itself
  (`sqlalchemy.table`, `column`) and imports neither `tables` nor a record, which go on changing.
* It runs on files and in databases alike (`postgres.schema`), where every transaction tells whether it was overtaken by one.
* It is SQLAlchemy Core or SQL that SQLite and PostgreSQL both know: `CREATE TABLE`, `ALTER TABLE … ADD COLUMN`, `CREATE
  INDEX`, `INSERT`, `UPDATE`. Moments are ISO 8601 text in UTC, as `ledger.records.text_of` writes them.
* It adds and fills; it does not remove. What is no longer used stays where it is. Events can be added to and never changed,
  a trigger sees to it: a column that later events have stays empty in those before.
* It keeps what it cannot explain, and says so in the record, rather than guess.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from bulk_orders.ledger.migrations import schema_2, schema_3, schema_4, schema_5


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step from a schema to the next."""

    number: int
    """Of the schema that it leads to."""
    says: str
    """What it brings, in a sentence for the log."""
    change: Callable[[Connection], None]


FIRST_SCHEMA: Final = 1
"""What the first ledgers had; no migration leads to it."""
MIGRATIONS: Final = (
    Migration(
        number=2,
        says=(
            "Orders that are held or dropped keep the reason; "
            "how far each account was read is kept, and which orders there were not made here."
        ),
        change=schema_2.change,
    ),
    Migration(
        number=3,
        says="Plans are kept, with who made and who approved each.",
        change=schema_3.change,
    ),
    Migration(
        number=4,
        says="Orders keep the day they are scheduled for, the customer's link, and Microsoft's ids.",
        change=schema_4.change,
    ),
    Migration(
        number=5,
        says="Orders may change, cancel or bring in subscriptions; earlier versions do not open such a ledger.",
        change=schema_5.change,
    ),
)
SCHEMA_VERSION: Final = MIGRATIONS[-1].number
"""The schema that this program writes."""
