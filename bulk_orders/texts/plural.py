"""One or many: the only rule of grammar that depends on a number."""


def plural(number: int, one: str, many: str) -> str:
    """Return the form that fits the number; English has two, and 0 takes the second."""
    return one if number == 1 else many


def counted(number: int, one: str, many: str) -> str:
    """Return that form with the number in place of `{number}`."""
    return plural(number, one, many).format(number=number)
