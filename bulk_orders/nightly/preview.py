"""What a night would do now, and whether it may: read, and nothing changed."""

from dataclasses import dataclass
from pathlib import Path

from bulk_orders.errors import GuardStopped
from bulk_orders.ledger.interface import RunRecord
from bulk_orders.nightly import retention
from bulk_orders.nightly.inbox import Found, look
from bulk_orders.nightly.open_runs import open_runs
from bulk_orders.nightly.parts import NightParts
from bulk_orders.runs.approval import refuse_without_plan
from bulk_orders.runs.compare_again import due
from bulk_orders.sending.waits import waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a night would do now."""

    found: Found
    """Files that it would take, and those that it would leave."""
    runs: list[RunRecord]
    """To be resumed."""
    to_compare: int
    """Orders that would be compared with the marketplace again."""
    to_delete: list[Path]


def preview(parts: NightParts) -> Preview:
    """Return what a night would do now, without doing any of it. Raises as a night, and `OSError`."""
    check_guards(parts)
    parts.folders.prepare()
    with parts.folders.held():
        found = looked(parts, parts.settings.stable_s)
        refuse_files_without_plans(parts, found)
        return Preview(
            found=found,
            runs=open_runs(parts),
            to_compare=len(due(parts.services, parts.services.clock.now())),
            to_delete=old_paths(parts),
        )


def check_guards(parts: NightParts) -> None:
    """Refuse a live night without a maximum number of orders. Raises `GuardStopped`."""
    profile = parts.services.profile
    if not profile.is_practice and parts.settings.max_orders is None and profile.max_orders is None:
        raise GuardStopped(
            "A live night needs a maximum number of orders for a file.",
            fix="Add --max-orders N, or max_orders under [profiles.{name}.nightly] in settings.toml.".format(
                name=profile.name
            ),
        )


def refuse_files_without_plans(parts: NightParts, found: Found) -> None:
    """Refuse to take files where the profile sends only approved plans: they stay where they are. Raises `GuardStopped`."""
    if found.complete:
        refuse_without_plan(parts.services.profile, None)


def looked(parts: NightParts, stable_s: float) -> Found:
    """Look into the inbox for files that do not change for `stable_s` seconds. Raises `OSError`."""
    services = parts.services
    # After "Waiting for ".
    with waiting(services.observer, services.clock, "files of the inbox to be complete", for_s=stable_s):
        return look(parts.folders, stable_s=stable_s, clock=services.clock, stop=services.stop)


def old_paths(parts: NightParts) -> list[Path]:
    """Return what retention would delete now; nothing if the settings keep everything, or the folders cannot be read."""
    days = parts.settings.keep_days
    if days is None:
        return []
    try:
        return retention.old(parts.folders, keep_days=days, today=parts.now().date())
    except OSError:
        return []
