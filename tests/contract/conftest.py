"""Every implementation of the ledger, one after the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bulk_orders.ledger.interface import Ledger
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.ledger.sql import SqlLedger


@pytest.fixture(params=["memory", "sqlite"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    opened = MemoryLedger() if request.param == "memory" else SqlLedger.open(tmp_path / "ledger.db")
    yield opened
    opened.close()
