"""How long something takes, as people say it."""

from typing import Final

from bulk_orders.texts.plural import counted

SECONDS_ONE: Final = "{number} second"
SECONDS_MANY: Final = "{number} seconds"
MINUTES: Final = "{minutes} minutes"
HOURS: Final = "{hours:.1f} hours"


def spoken(seconds: float) -> str:
    """Say a time as people do: `1 second`, `89 seconds`, `2 minutes`, `1.5 hours`."""
    if seconds < 90:  # noqa: PLR2004 - from here on people count in minutes
        return counted(round(seconds), SECONDS_ONE, SECONDS_MANY)
    minutes = round(seconds / 60)
    if minutes < 90:  # noqa: PLR2004 - and in hours from here on
        return MINUTES.format(minutes=minutes)
    return HOURS.format(hours=minutes / 60)
