"""Words that follow a number or a time: one or many, and how long something takes."""


def plural(number: int, one: str, many: str) -> str:
    """Return the form that fits the number; English has two, and 0 takes the second."""
    return one if number == 1 else many


def counted(number: int, one: str, many: str) -> str:
    """Return that form with the number in place of `{number}`."""
    return plural(number, one, many).format(number=number)


def spoken(seconds: float) -> str:
    """Say a time as people do: `1 second`, `89 seconds`, `2 minutes`, `1.5 hours`."""
    if seconds < 90:  # noqa: PLR2004 - from here on people count in minutes
        return counted(round(seconds), "{number} second", "{number} seconds")
    minutes = round(seconds / 60)
    if minutes < 90:  # noqa: PLR2004 - and in hours from here on
        return "{minutes} minutes".format(minutes=minutes)
    return "{hours:.1f} hours".format(hours=minutes / 60)
