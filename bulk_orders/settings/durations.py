"""Times as people type them."""

import re
from typing import Final

_UNITS_S: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}


def seconds_of(text: str) -> float | None:
    """Return `90s`, `30m`, `2h`, `1d` or `90` as seconds; None for anything else."""
    match = re.fullmatch(r"([0-9]{1,9}(?:[.][0-9]{1,9})?)\s*([smhd]?)", text.strip())
    return float(match[1]) * _UNITS_S[match[2]] if match else None
