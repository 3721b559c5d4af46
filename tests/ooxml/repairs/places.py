"""Areas of a sheet, as references name them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl.utils import column_index_from_string, get_column_letter

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
            yield from (f"{get_column_letter(column)}{row}" for column in range(self.left, self.right + 1))


def area_of(reference: str) -> Area | None:
    found = _RANGE.fullmatch(reference)
    if found is None:
        return None
    area = Area(
        top=int(found[2]),
        left=column_index_from_string(found[1]),
        bottom=int(found[4] or found[2]),
        right=column_index_from_string(found[3] or found[1]),
    )
    return area if area.top <= area.bottom and area.left <= area.right else None
