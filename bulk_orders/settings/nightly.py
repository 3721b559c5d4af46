"""Settings of unattended nights: the table `[profiles.NAME.nightly]`."""

from collections.abc import Callable, Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bulk_orders.core.night_rules import Days, read_days, read_time
from bulk_orders.errors import ExitCode, SetupError
from bulk_orders.machine.private_files import read_text
from bulk_orders.settings.profiles import NIGHTLY_TABLE, profile_table
from bulk_orders.settings.secrets import check_private
from bulk_orders.settings.wrong_settings import wrong_setting

HOLD: Final = "hold"
SEND_READY: Final = "send-ready"


def _day(text: str) -> str:
    try:
        read_days(text)
    except ValueError:
        raise ValueError(
            "it must be a day such as 2026-12-24, or days such as 2026-12-24..2027-01-02"
        ) from None
    return text


def _clock(text: str) -> str:
    try:
        read_time(text) if text else None
    except ValueError:
        raise ValueError("it must be a time of day such as 05:30") from None
    return text


def _zone(text: str) -> str:
    try:
        ZoneInfo(text) if text else None
    except (KeyError, ValueError, OSError):
        raise ValueError(
            "it must be the name of a time zone, such as Europe/Berlin; on Windows install the package tzdata"
        ) from None
    return text


class Recipient(BaseModel):
    """Who is told, and of what."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    urls_file: str
    """A file with the addresses, one Apprise URL a line: `mailtos://…`, `slack://…`; it holds secrets."""
    outcomes: tuple[ExitCode, ...] = tuple(code for code in ExitCode if code is not ExitCode.OK)
    """Exit codes of nights and files that this recipient is told of; without 0 there is no message when all is well."""
    attach: bool = False
    """Results workbooks go along; they hold customers' data."""


class NightlySettings(BaseModel):
    """How the nights of one profile go."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: str = ""
    """Where the folders inbox, work, processed, needs-attention and logs are."""
    on_problem: Literal["hold", "send-ready"] = "hold"
    """What is done with a file in which some rows have errors: nothing of it is sent, or its good rows are."""
    max_orders: int | None = Field(default=None, ge=1)
    """A file with more orders is not sent; a live profile must have it."""
    max_amount: float | None = Field(default=None, ge=0)
    """A file whose first bills come to more in any currency is not sent."""
    trigger: str = ""
    """Ending of a file that says that the one of the same name is complete; empty, a file is complete when it is still."""
    stable_s: float = Field(default=60.0, ge=0)
    """A file that does not change for so long is complete."""
    not_after: Annotated[str, AfterValidator(_clock)] = ""
    """Time of day after which nothing is sent until the next night."""
    time_zone: Annotated[str, AfterValidator(_zone)] = ""
    """Of `not_after`, `freeze` and the names of folders; empty is this computer's."""
    freeze: tuple[Annotated[str, AfterValidator(_day)], ...] = ()
    """Days on which nothing is sent."""
    follow_s: float = Field(default=0.0, ge=0)
    """How long a night waits, at its end, for its orders to be set up."""
    alert_after_days: int = Field(default=3, ge=1)
    """A file that waits for so long, in the inbox or for attention, is an alert."""
    stuck_nights: int = Field(default=3, ge=1)
    """A run that so many nights could not end is an alert."""
    keep_days: int | None = Field(default=None, ge=1)
    """Folders of processed files and logs are deleted so many days after; None keeps them."""
    recipients: Mapping[str, Recipient] = Field(default_factory=dict)
    """By name, such as `finance`."""
    health_url: str = ""
    """Asked for as a night begins (`/start`) and ends (`/CODE`), so that somebody notices when none comes."""
    health_codes: Mapping[ExitCode, int] = Field(default_factory=dict)
    """Codes that are reported there instead of the night's own."""
    metrics_file: str = ""
    """Where metrics are written for Prometheus' textfile collector; it must end in .prom."""

    @property
    def end_of_night(self) -> time | None:
        """`not_after` as a time of day."""
        return read_time(self.not_after) if self.not_after else None

    @property
    def frozen_days(self) -> tuple[Days, ...]:
        """`freeze` as days."""
        return tuple(map(read_days, self.freeze))

    @property
    def zone(self) -> ZoneInfo | None:
        """`time_zone`; None is this computer's."""
        return ZoneInfo(self.time_zone) if self.time_zone else None


def recipient_urls(name: str, recipient: Recipient, warn: Callable[[str], None]) -> tuple[str, ...]:
    """Return the addresses of a recipient; lines that begin with # say nothing. Raises `SetupError`."""
    try:
        path = Path(recipient.urls_file).expanduser()
        lines = read_text(path).splitlines()
        check_private(path, warn, holds_secret=True)
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not text"
        raise SetupError(
            "The addresses of {name} cannot be read from {path}: {reason}.".format(
                name=name, path=recipient.urls_file, reason=reason
            ),
            fix="Make that file, one Apprise URL a line, for yourself alone; or correct urls_file.",
        ) from None
    return tuple(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))


def load_nightly(
    name: str,
    *,
    config_file: Path | None,
    flags: Mapping[str, Any],
    warn: Callable[[str], None],
) -> NightlySettings:
    """Return the settings of the profile's nights, with what flags say laid over them. Raises `SetupError`."""
    values = profile_table(name, config_file, warn).get(NIGHTLY_TABLE, {})
    given = {key: value for key, value in flags.items() if value is not None}
    try:
        return NightlySettings.model_validate({**values, **given} if isinstance(values, dict) else values)
    except ValidationError as error:
        raise wrong_setting(error, name, NIGHTLY_TABLE) from None
