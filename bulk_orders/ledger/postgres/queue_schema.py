"""The tables of the workers' queue: made by the queue's own library, in a schema beside the ledger's.

The queue holds nothing that could be lost: each of its jobs points to a chunk, and chunks are the ledger's.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection

from bulk_orders.errors import SetupError
from bulk_orders.ledger.postgres.connections import driver_of

_WHICH: Final = """SELECT current_schema() || '_queue', quote_ident(current_schema() || '_queue'),
    to_regnamespace(quote_ident(current_schema() || '_queue')) IS NOT NULL,
    coalesce(obj_description(to_regnamespace(quote_ident(current_schema() || '_queue')), 'pg_namespace'), '')"""


def make_queue(connection: Connection, ledger: str, statements: str, others: Sequence[str]) -> str:
    """Make the tables within a write transaction, if these very statements did not make them before; return the schema's name.

    `others` are workers that may use them. Raises `SetupError` where they do, and other statements made the tables.
    """
    name, quoted, is_there, made_by = connection.exec_driver_sql(_WHICH).one()
    wanted = hashlib.sha256(statements.encode()).hexdigest()
    if made_by == wanted:
        return str(name)
    if is_there and others:
        raise SetupError(
            "Workers of the ledger {path} run with another version of procrastinate: {workers}.".format(
                path=ledger, workers=", ".join(others)
            ),
            fix="Install the same version for all workers; end those before you start this one.",
        )
    if is_there:
        connection.exec_driver_sql(f"DROP SCHEMA {quoted} CASCADE")
    connection.exec_driver_sql(f"CREATE SCHEMA {quoted}")
    connection.exec_driver_sql(f"SET LOCAL search_path = {quoted}")
    # Several at once, and none of their signs is a placeholder.
    driver_of(connection).execute(statements.encode())
    connection.exec_driver_sql(f"COMMENT ON SCHEMA {quoted} IS '{wanted}'")
    return str(name)
