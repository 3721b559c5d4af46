"""What a results workbook shows: values only. `runs` fills them from the ledger, `writing` writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bulk_orders.core.lifecycle import AttemptRecord
from bulk_orders.core.model import SheetRole, SheetTable
from bulk_orders.core.summary import PLACED, Outcome

CANCEL_WINDOW: Final = timedelta(hours=168)
"""Microsoft's window for cancelling a seat-based subscription, from the purchase (Partner Center, cancellation policy)."""
CANCEL_WARNING: Final = timedelta(hours=48)
"""Less than this left is shown in amber."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """What became of one row."""

    sheet_row: int
    """On the Orders sheet (or the flat sheet)."""
    outcome: Outcome
    message: str = ""
    """Our plain sentence, then the marketplace's words."""
    how_to_fix: str = ""
    order_number: str = ""
    order_id: str = ""
    subscription_id: str = ""
    platform_status: str = ""
    amount: str = ""
    """Plain decimal, or empty."""
    currency: str = ""
    po_sent: str = ""
    ordered_at: datetime | None = None
    cancel_before: datetime | None = None
    scheduled_for: str = ""
    """ISO day."""
    acceptance_link: str = ""
    """Where the customer accepts Microsoft's agreement; the order waits for that."""
    microsoft_ids: str = ""
    attempts: int = 0
    support_reference: str = ""
    row_key: str = ""
    error_code: str = ""
    http_status: int | None = None
    run_id: str = ""
    body_sha256: str = ""
    reference: str = ""
    customer_id: str = ""
    mpn: str = ""
    quantity: str = ""
    marked_cells: tuple[str, ...] = ()
    """Cells that the message is about, with their sheet: `Customers!E12`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureGroup:
    """Rows that failed for one reason."""

    outcome: Outcome
    code: str
    reason: str
    rows: int
    first_cell: str
    """Where to look first: `Orders!B75`."""
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """Everything a results workbook says about a run."""

    run_id: str
    environment: str
    """PRACTICE or LIVE."""
    profile: str
    marketplace: str
    source_name: str
    source_sha256: str
    operator: str
    host: str
    program_version: str
    started_at: datetime
    written_at: datetime
    ended_at: datetime | None
    stopped_by: str
    exit_code: int | None
    audit_whole: bool | None
    """False when comparing with the marketplace could not be whole, or never came because the run was cut off after it had
    sent orders; None when it was not done."""
    orders: SheetTable
    customers: SheetTable | None
    products: SheetTable | None
    rows: Sequence[ResultRow]
    """In sheet order, one for each row of the Orders sheet."""
    counts: Mapping[Outcome, int]
    failures: Sequence[FailureGroup] = ()
    """Most rows first."""
    attempts: Sequence[AttemptRecord] = ()
    to_resume: Sequence[str] = ()
    """Runs that send what waits to be sent: this one, or those that took its rows up since; none while it is under way."""
    next_steps: Sequence[tuple[str, str]] = ()
    """(command, what it does), the most useful first."""
    made_new_because: str = ""
    """Why the workbook is not a copy of the one that was run, as `it is signed digitally`; empty for a copy."""
    log_events: int = 0
    """Events in the ledger's log when the report was made."""
    log_head: str = ""
    """Hash of the newest of them; with it `verify` can say later whether the log was cut off or rewritten."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Shown on Run info; secrets as `set` or `not set`."""

    @property
    def recognised(self) -> int:
        """How many orders the marketplace had although this ledger never sent them."""
        return sum(1 for row in self.rows if row.outcome in PLACED and not row.attempts)


def tables_of(report: RunReport) -> dict[SheetRole, SheetTable]:
    """Return the sheets that were read, by what they are for."""
    found = {
        SheetRole.ORDERS: report.orders,
        SheetRole.CUSTOMERS: report.customers,
        SheetRole.PRODUCTS: report.products,
    }
    return {role: table for role, table in found.items() if table is not None}
