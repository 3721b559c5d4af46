"""Where a ledger lies, and one with a run of twenty orders."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from ledger_records import enlist

from bulk_orders.ledger.sql import SqlLedger


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[SqlLedger]:
    with closing(SqlLedger.open(path)) as opened:
        enlist(opened, 20)
        yield opened
