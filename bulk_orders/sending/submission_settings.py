"""How hard a run tries to send its orders."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bulk_orders.core.body_shape import BodyShape
from bulk_orders.core.subscription_rows import AsPulled


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionSettings:
    """How hard the loop of `submission` tries."""

    workers: int = 16
    """Maximum orders in flight at once."""
    max_attempts: int = 6
    """For one order in one run, counting only attempts that were provably not processed."""
    stop_after: int = 5
    """So many equal failures in a row stop the run; 0 never does."""
    send_deadline_s: float = 10.0
    """An attempt on disk for longer than this is not sent: the process was frozen meanwhile."""
    shape: BodyShape = field(default_factory=BodyShape)
    """How bodies leave for this account."""
    pulled: Mapping[str, AsPulled] = field(default_factory=dict)
    """What the workbook says that each order's subscription has, by order key: nothing is sent where it has something else."""
