"""Whether a ledger may have lost orders, and how long the marketplace is asked because of it.

A ledger that was deleted, or restored from an older copy, is younger than its ledger_age. What it lost nobody can list, so
for as long as lost orders could be ordered again unseen, each order is looked for before it is sent: twice, a settle
window apart, until that was done once since the loss was noticed; then once.
"""

from datetime import datetime
from typing import Final

from bulk_orders.clock import Clock
from bulk_orders.ledger.interface import Ledger
from bulk_orders.sending.ledger_age import LedgerAge
from bulk_orders.sending.lookback import LOOK_BACK

FORGETS: Final = "forgets"
"""What is learnt of an account whose ledger lost orders: `LOST`, then the moment when a settle window was waited for."""
LOST: Final = "yes"
AGE_ADDED: Final = "age_added"
"""What is learnt of an account whose ledger was made older than all its earlier copies."""
LEAP: Final = 1000
"""As much older: more than is ever written between two raisings of the ledger_age."""


class LostLedger:
    """Of one account's ledger. The caller holds the ledger."""

    def __init__(self, *, ledger: Ledger, ledger_age: LedgerAge, clock: Clock, account: str) -> None:
        """Reads what is known; has to be made before anything is written, which makes a ledger older."""
        self._ledger = ledger
        self._ledger_age = ledger_age
        self._clock = clock
        self._account = account
        learnt = ledger.learnt(account)
        kept = learnt.get(FORGETS, "")
        self._added = int(learnt.get(AGE_ADDED, "0"))
        self.must_wait = kept == LOST or self.age() < ledger_age.age(account)
        """True while what the lost part of the ledger sent may still be on its way."""
        self.is_suspected = self.must_wait or self._is_recent(kept)
        """True while an order may be on the marketplace that this ledger does not know."""

    def age(self) -> int:
        """Of the ledger, as the ledger_age counts it."""
        return self._ledger.age() + self._added

    def _is_recent(self, kept: str) -> bool:
        return bool(kept) and self._clock.now() - datetime.fromisoformat(kept) <= LOOK_BACK

    def suspect(self) -> None:
        """Something else than the ledger's age says that it may have lost orders."""
        if not self.is_suspected:
            self.is_suspected = self.must_wait = True

    def keep_in_mind(self) -> None:
        """Note a loss before what is written next makes the ledger look old enough."""
        if self.must_wait:
            self._ledger.remember(self._account, FORGETS, LOST)

    def have_waited(self) -> None:
        """The marketplace was asked a settle window after the loss: all that the lost part sent has arrived by now.

        From here on this ledger is the one that counts, so it becomes older than every copy of those before it.
        """
        self.must_wait = False
        self._added += max(0, self._ledger_age.age(self._account) - self.age()) + LEAP
        self._ledger.remember(self._account, AGE_ADDED, str(self._added))
        self._ledger.remember(self._account, FORGETS, self._clock.now().isoformat())
