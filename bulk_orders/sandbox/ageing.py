"""How an order ages: what becomes of it was decided when it was taken, and the time does the rest. No background work."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal
from uuid import UUID

Fate = Literal["completed", "error", "cancelled", "slow", "scheduled", "acceptance", "without-effect"]
"""What becomes of an order.

`acceptance`: the customer has to accept Microsoft's agreement first. `without-effect`: a change that is completed, and changes
nothing.
"""

# CP, LO, PF, WP and CL are codes the platform documents; which one goes with `submitted` is a guess. AS was seen with
# `processing`, and is how the platform under it names an activation that is scheduled.
_CODES: Final = {"submitted": "WP", "processing": "LO", "completed": "CP", "error": "PF", "cancelled": "CL"}
_SCHEDULED_CODE: Final = "AS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ageing:
    """How long an order rests in its first two states, both counted from its creation, and what may hold it up."""

    processing_after_s: float = 2.0
    completed_after_s: float = 5.0
    slow_after_s: float = 1800.0
    """Age at which a slow order is completed."""
    accepted_after_s: float = 3600.0
    """Age at which the customer accepts the agreement; the order then goes on like a new one."""
    scheduled_days: int = 30
    """So many days after its creation a scheduled order is carried out."""

    def status(self, fate: Fate, created: datetime, now: datetime, due: date | None = None) -> str:
        """Return the order's status at `now`."""
        age_s = (now - created).total_seconds()
        if age_s < self.processing_after_s:
            return "submitted"
        if now < self.over_at(fate, created, due):
            return "processing"
        return fate if fate in {"error", "cancelled"} else "completed"

    def code(self, fate: Fate, created: datetime, now: datetime, due: date | None = None) -> str:
        """Return the internal code that goes with the status."""
        status = self.status(fate, created, now, due)
        return _SCHEDULED_CODE if (fate, status) == ("scheduled", "processing") else _CODES[status]

    def over_at(self, fate: Fate, created: datetime, due: date | None = None) -> datetime:
        """Return when the order reaches its final state; `due` is the day of a scheduled one, if it has one of its own."""
        match fate:
            case "slow":
                return created + timedelta(seconds=self.slow_after_s)
            case "acceptance":
                return created + timedelta(seconds=self.accepted_after_s + self.completed_after_s)
            case "scheduled":
                return datetime.combine(due or self.day(created), time(), UTC)
        return created + timedelta(seconds=self.completed_after_s)

    def day(self, created: datetime) -> date:
        """Return the day on which a scheduled order is carried out."""
        return created.date() + timedelta(days=self.scheduled_days)

    def is_waiting_for_customer(self, fate: Fate, created: datetime, now: datetime) -> bool:
        """Return whether the order waits for its customer now."""
        age_s = (now - created).total_seconds()
        return fate == "acceptance" and self.processing_after_s <= age_s < self.accepted_after_s


def attestation_parameter(number: int) -> dict[str, Any]:
    """Return the parameter with the link for the customer, which an order has as long as it waits for that."""
    return {
        "name": "mca_attestation_link",
        "value": "https://admin.example/mca/accept?request={request}".format(request=UUID(int=number)),
    }


def microsoft_parameters(number: int) -> list[dict[str, Any]]:
    """Return the parameters that Microsoft's connector adds to an order that is completed."""
    return [
        {"name": "ms_customer_id", "value": str(UUID(int=number << 64))},
        {"name": "csp_order_id", "value": f"{number:012x}"},
        {"name": "subscription_id", "value": str(UUID(int=number << 32))},
    ]
