"""Bringing an older ledger to this program's schema: copied first, one transaction a migration, by one process alone.

`migrations` says what changes; here is how nothing is lost meanwhile.
"""

import logging
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from bulk_orders.errors import AnotherRunActive, LedgerUnusable
from bulk_orders.ledger.copies import copy_into, publish_beside, unfinished_copy
from bulk_orders.ledger.holding import held
from bulk_orders.ledger.migrations import MIGRATIONS, Migration
from bulk_orders.ledger.schema_version import note_schema_version, schema_version
from bulk_orders.ledger.transactions import transaction

PATIENCE_S: Final = 5.0
"""Of two that open an older ledger at once the second waits so long for the first, and then says so. Measured: 100,000 orders
(181 MB) are copied and changed in 1.7 s, in 4.4 s when 1,000 of them are held."""

logger = logging.getLogger("bulk_orders")


def bring_up_to_date(
    connection: Connection,
    path: Path,
    *,
    migrations: Sequence[Migration] = MIGRATIONS,
    patience_s: float = PATIENCE_S,
) -> None:
    """Carry out the migrations that the ledger lacks; what it was before stays beside it, as `NAME.before-vN`.

    Raises `AnotherRunActive` when another process holds the ledger, and `LedgerUnusable` when it cannot be copied; then it
    is as it was.
    """
    is_copied = False
    with held(path, patience_s=patience_s, refusal=_not_now):
        for migration in migrations:
            # Nobody writes between the copy and the change: the transaction has begun.
            with transaction(connection):
                if schema_version(connection) >= migration.number:
                    continue
                if not is_copied:
                    _copy(path, migration.number)
                    is_copied = True
                migration.change(connection)
                note_schema_version(connection, migration.number)
            logger.info("ledger %s has schema %d now: %s", path, migration.number, migration.says)


def _not_now(path: Path, holder: str) -> AnotherRunActive:
    return AnotherRunActive(
        (
            "The ledger {path} is from an older version of bulk-orders and "
            "cannot be updated while another run is using it{holder}."
        ).format(path=path, holder=holder),
        fix="Wait until that run has ended, then try again.",
    )


def _copy(path: Path, number: int) -> None:
    """Copy the ledger, whole and durable before the copy has its name. Raises `LedgerUnusable`."""
    name = f"{path.name}.before-v{number}"
    try:
        with unfinished_copy(path.with_name(name)) as unfinished:
            copy_into(path, unfinished)
            publish_beside(unfinished, path.with_name(name))
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LedgerUnusable(
            (
                "The ledger {path} is from an older version of bulk-orders, and "
                "the copy that must precede its update failed: {reason}."
            ).format(path=path, reason=reason),
            fix="Make room on its disk for a copy, check that its folder can be written to, then run again.",
        ) from error
