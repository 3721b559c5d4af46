"""How these tests are laid out.

`test_<module>.py` is about a module of `bulk_orders.sending`, whose parts are passed in (`sending_parts.py`): a
marketplace in memory that fails when it is told to, and a clock that nobody waits for.

`faults/` plays what the world does to the whole engine, over real sockets and in real processes: `catalogue.py` lists
every fault with the tests that play it, `test_fault_<kind>.py` play them.
"""

import pytest
from sending_parts import Parts, Shelf

from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.machine.clock import Clock


@pytest.fixture
def made(clock: Clock) -> Parts:
    return Parts(clock=clock, market=Shelf(), ledger=MemoryLedger())
