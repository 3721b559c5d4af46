import pytest
from sending_desk import Desk, Shelf

from bulk_orders.clock import Clock
from bulk_orders.ledger.memory import MemoryLedger


@pytest.fixture
def made(clock: Clock) -> Desk:
    return Desk(clock=clock, market=Shelf(), ledger=MemoryLedger())
