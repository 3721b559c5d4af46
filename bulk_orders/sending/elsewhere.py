"""The port to processes that send a run's orders in place of its own."""

from collections.abc import Sequence
from typing import Protocol

from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.ledger.interface import RunRecord
from bulk_orders.sending.run_control import RunControl


class Elsewhere(Protocol):
    """Has chunks of orders sent by others."""

    def send(self, run: RunRecord, chunks: Sequence[Sequence[OrderRecord]], control: RunControl) -> None:
        """Return when each chunk was worked through, the run was stopped (`control` has why), or it was left to the others.

        No two chunks may have orders of one customer or one new tenant. The caller holds the account. Raises what the ledger raises.
        """
