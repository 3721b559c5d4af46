"""What is still to be audited, kept in the ledger: a run that dies before its audit leaves it to the next one.

A gateway that sends a request twice may show the second order only a while later, so an audit right after the sending
is followed by another: nothing is due only once an audit, a settle window after the last sending, was whole.
"""

from datetime import datetime, timedelta
from typing import Final

from bulk_orders.ledger.interface import Ledger

AUDIT_DUE: Final = "audit_due"
"""The name under which it is kept: since when, in ISO 8601; then `quiet` if nothing was sent since the last audit."""
QUIET: Final = "quiet"


class AuditDue:
    """Of one account. All moments are the marketplace's, UTC."""

    def __init__(self, ledger: Ledger, account: str) -> None:
        """The caller holds the ledger."""
        self._ledger = ledger
        self._account = account

    def since(self) -> datetime | None:
        """Orders made since then are to be audited; None when no audit is due."""
        return self._kept()[0]

    def _kept(self) -> tuple[datetime | None, bool]:
        since, quiet = (*self._ledger.learnt(self._account).get(AUDIT_DUE, "").split(), "", "")[:2]
        return (datetime.fromisoformat(since) if since else None), quiet == QUIET

    def _keep(self, value: str) -> None:
        self._ledger.remember(self._account, AUDIT_DUE, value)

    def mark_sent_since(self, since: datetime) -> None:
        """Orders are sent from `since` on: said before the first of them leaves."""
        due = self.since()
        self._keep(min(since, due or since).isoformat())

    def have_audited(self, now: datetime, window_s: float) -> None:
        """An audit was whole at `now`; what was sent within the settle window before it is to be looked at again."""
        due, is_quiet = self._kept()
        if due is None:
            return
        window = timedelta(seconds=window_s)
        if not is_quiet:
            self._keep(f"{(now - window).isoformat()} {QUIET}")
        elif now >= due + 2 * window:
            self._keep("")
