"""Areas of a sheet, as references name them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})(?::\$?([A-Z]{1,3})\$?([1-9]\d{0,6}))?")


@dataclass(frozen=True, kw_only=True)
class Area:
    """Rows and columns, from 1, both ends in it."""

    top: int
    left: int
    bottom: int
    right: int

    def meets(self, other: "Area") -> bool:
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )

    @property
    def width(self) -> int:
        return self.right - self.left + 1

    def addresses(self) -> Iterator[str]:
        for row in range(self.top, self.bottom + 1):
            yield from (f"{column_letters(column)}{row}" for column in range(self.left, self.right + 1))


def area_of(reference: str) -> Area | None:
    found = _RANGE.fullmatch(reference)
    if found is None:
        return None
    area = Area(
        top=int(found[2]),
        left=column_number(found[1]),
        bottom=int(found[4] or found[2]),
        right=column_number(found[3] or found[1]),
    )
    return area if area.top <= area.bottom and area.left <= area.right else None


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
