"""Every implementation of the ledger, one after the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from ledger.kept_ledgers import SCHEMAS, empty

from bulk_orders.ledger.interface import Ledger
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.ledger.sql import SqlLedger


@pytest.fixture(
    params=["memory", "sqlite", pytest.param("sqlite brought up to date", marks=pytest.mark.long)]
)
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    if request.param == "memory":
        opened: Ledger = MemoryLedger()
    else:
        path = tmp_path / "ledger.db"
        if request.param != "sqlite":
            empty(SCHEMAS[0], path, tmp_path / "kept")
        opened = SqlLedger.open(path)
    yield opened
    opened.close()
