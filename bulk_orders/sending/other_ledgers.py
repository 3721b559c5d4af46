"""Orders that another ledger sent may still be on their way, seen by nobody: until when nothing is sent because of them.

Another ledger is a copy of this file, the file that it was copied from, or one on another machine.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bulk_orders.errors import Interrupted
from bulk_orders.ledger.interface import Ledger
from bulk_orders.machine.clock import Clock
from bulk_orders.sending.events import Observer, WaitingForOthers
from bulk_orders.sending.waits import AGAIN_AFTER_S

_ANOTHER_LEDGER: Final = "Another ledger is used for this account: what it sent may still be on its way."
_COPIED: Final = "This ledger was copied or restored: what its other copy sent may still be on its way."
_NEVER_USED: Final = (
    "This ledger was never used with this account: what another ledger sent may still be on its way."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitAhead:
    """The wait that a run has before it, because of what another ledger may have sent."""

    wait_s: float = 0.0
    """0 where there is nothing to wait for."""
    why: str = ""
    """A sentence."""
    is_for_new_ledger: bool = False
    """This ledger was never used with the account: the word that no other one ever was ends the wait."""


class OtherLedgers:
    """Of one account. The caller holds the ledger."""

    def __init__(
        self,
        *,
        account: str,
        ledger: Ledger,
        clock: Clock,
        observer: Observer,
        window_s: float,
        is_only_one: bool,
        marketplace_now: Callable[[], datetime],
    ) -> None:
        """Take `is_only_one`: there never was another ledger for this account, as somebody said or as it must be."""
        self._account = account
        self._ledger = ledger
        self._clock = clock
        self._tell = observer
        self.window_s = window_s
        self._marketplace_now = marketplace_now
        self._is_only_one = is_only_one
        self._sign_at: datetime | None = None
        self._is_another_known = False
        self._has_waited = False

    def suspect(self) -> None:
        """Note that the workbook brings orders of a ledger that is not this one."""
        self._is_another_known = True

    def saw(self, made_at: datetime | None) -> None:
        """Note when the newest order was made that another ledger must have sent; None when there is none."""
        self._sign_at = max(filter(None, (made_at, self._sign_at)), default=None)

    def wait(self, stop: threading.Event) -> bool:
        """Wait until all that another ledger sent is listed; True if there was anything to wait for.

        Raises `Interrupted` when it is stopped meanwhile; nothing was sent.
        """
        due = self.ahead()
        if due.wait_s <= 0:
            return False
        until_s = self._clock.monotonic() + due.wait_s
        while (left_s := until_s - self._clock.monotonic()) > 0:
            self._tell(WaitingForOthers(why=due.why, wait_s=left_s))
            if self._clock.wait(min(left_s, AGAIN_AFTER_S), stop):
                raise Interrupted(
                    "Stopped while waiting for orders of another ledger; nothing was sent.",
                    fix=(
                        "Run again and let it wait; "
                        "or add --new-ledger if no other ledger was ever used for this account."
                        if due.is_for_new_ledger
                        else "Run again and let it wait."
                    ),
                )
        self._sign_at = None
        self._is_another_known = False
        self._has_waited = True
        return True

    def ahead(self) -> WaitAhead:
        """Return the wait that is due now."""
        why, wait_s = self._due()
        return WaitAhead(why=why, wait_s=max(0.0, wait_s), is_for_new_ledger=why == _NEVER_USED)

    def _due(self) -> tuple[str, float]:
        known_as = self._ledger.account(self._account).ledger_file
        if self._is_another_known:
            return _ANOTHER_LEDGER, self.window_s
        is_first = self._is_only_one and not known_as
        if known_as != self._ledger.file() and not is_first and not self._has_waited:
            return _COPIED if known_as else _NEVER_USED, self.window_s
        if self._sign_at is None:
            return "", 0.0
        over_at = self._sign_at + timedelta(seconds=self.window_s)
        return _ANOTHER_LEDGER, (over_at - self._marketplace_now()).total_seconds()

    def have_arrived(self) -> None:
        """Remember that the account was read whole since: from now on the ledger knows itself by this file."""
        record = self._ledger.account(self._account)
        if record.ledger_file != self._ledger.file():
            self._ledger.record_reading(replace(record, ledger_file=self._ledger.file()), [])
