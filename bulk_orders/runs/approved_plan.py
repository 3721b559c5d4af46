"""The plan that a run sends: by which plan and whose approval, as the run's record says for good."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

TOLD: Final = ("plan", "plan_made_by", "plan_approved_by", "plan_approved_at")
"""Names under which a run's options say by which plan and whose approval it sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedPlan:
    """The plan that a run sends, and whose it is."""

    plan_id: str
    made_by: str
    approved_by: str
    approved_at: datetime
    keys: frozenset[str]
    """Of its orders: no other is sent."""

    def told(self) -> dict[str, str]:
        """Return what the run's options say of it."""
        moment = f"{self.approved_at:%Y-%m-%d %H:%M:%S} UTC"
        return dict(zip(TOLD, (self.plan_id, self.made_by, self.approved_by, moment), strict=True))


def plan_told(options: Mapping[str, object]) -> dict[str, str]:
    """Return what `ApprovedPlan.told` said among a run's options or settings; nothing for a run without a plan."""
    return {name: str(options[name]) for name in TOLD if name in options}
