"""Transactions and savepoints, begun and ended by statements of our own."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection


def is_in_sqlite_transaction(connection: Connection) -> bool:
    """Tell whether SQLite has a transaction open: after some errors it has rolled back itself."""
    driver = connection.connection.driver_connection
    return isinstance(driver, sqlite3.Connection) and driver.in_transaction


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Write all of the block to SQLite's disk, or nothing of it.

    IMMEDIATE, for a transaction that has read and then wants to write is refused at once, whatever the timeout
    (measured: SQLITE_BUSY_SNAPSHOT).
    """
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        if is_in_sqlite_transaction(connection):
            connection.exec_driver_sql("ROLLBACK")
        raise


@contextmanager
def savepoint(
    connection: Connection, *, is_open: Callable[[Connection], bool] = is_in_sqlite_transaction
) -> Iterator[None]:
    """Take back what the block wrote when it raises, and nothing before it."""
    connection.exec_driver_sql("SAVEPOINT one")
    try:
        yield
    except BaseException:
        if is_open(connection):  # a full disk makes SQLite roll back by itself, savepoints included
            connection.exec_driver_sql("ROLLBACK TO one")
            connection.exec_driver_sql("RELEASE one")
        raise
    connection.exec_driver_sql("RELEASE one")
