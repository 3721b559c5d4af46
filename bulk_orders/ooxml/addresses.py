"""Excel's own addresses of cells: columns count from 0 (`A` is 0), rows as Excel numbers them."""

import re
from functools import lru_cache
from typing import Final

MAX_ROWS: Final = 1_048_576
MAX_COLUMNS: Final = 16_384
"""Of a sheet; the last column is XFD (Excel's specifications and limits page)."""

Place = tuple[int, int]
"""Row and column of a cell."""

_PLACE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


@lru_cache(maxsize=MAX_COLUMNS)
def column_index(letters: str | bytes) -> int:
    """Return the column of capital letters: 0 for `A`, 26 for `AA`."""
    number = 0
    for letter in letters.encode() if isinstance(letters, str) else letters:
        number = number * 26 + letter - 64
    return number - 1


@lru_cache(maxsize=MAX_COLUMNS)
def column_letters(index: int) -> str:
    """Return the letters of a column: `A` for 0, `AA` for 26."""
    letters, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def place_of(address: str) -> Place | None:
    """Return the row and column that `B7` or `$B$7` names; None for anything else."""
    found = _PLACE.fullmatch(address)
    return (int(found[2]), column_index(found[1].upper())) if found else None


def address_of(place: Place) -> str:
    """Return `B7` for row 7 and column 1."""
    return f"{column_letters(place[1])}{place[0]}"
