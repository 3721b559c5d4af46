"""The concrete parts that a night works with, handed around as one value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bulk_orders.core.night_rules import frozen, seconds_left
from bulk_orders.core.report import RunReport
from bulk_orders.errors import ExitCode
from bulk_orders.nightly.folders import NightFolders
from bulk_orders.sending.services import Services
from bulk_orders.settings.nightly import NightlySettings

RunJson = Callable[[RunReport, ExitCode, str | None], Mapping[str, Any]]
"""A run as `--json` prints it: its report, its exit code, and where its results are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NightParts:
    """What a night works with."""

    services: Services
    folders: NightFolders
    settings: NightlySettings
    run_json: RunJson

    def now(self) -> datetime:
        """Return the moment, in the time zone of the settings."""
        return self.services.clock.now().astimezone(self.settings.zone)

    def why_not_now(self) -> str:
        """Say why nothing may be sent now: a frozen day, the end of the night, a stop; empty if it may."""
        if days := frozen(self.now(), self.settings.frozen_days):
            return "nothing is sent from {first} to {last}".format(first=days.first, last=days.last)
        if self.seconds_left() == 0:
            return "the night is over; nothing is sent after {time}".format(time=self.settings.not_after)
        return "the night was stopped" if self.services.stop.is_set() else ""

    def seconds_left(self) -> float | None:
        """Return how long the night lasts; None if it has no end."""
        return seconds_left(self.now(), self.settings.end_of_night)

    def results_folder(self) -> Path:
        """Return the folder of today's results, made if it is missing. Raises `OSError`."""
        return self.folders.made(self.folders.processed(self.now().date()))
