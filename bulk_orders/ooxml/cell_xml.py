"""Cells as XML: what is in them, and whole rows of them that differ from others in a few values only.

For 100,000 rows a library's call for every cell takes too long; so does a piece of our own for every cell.
"""

import re
import string
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Final

from bulk_orders.ooxml.cleaning import clean
from bulk_orders.ooxml.row_patcher import NewValue
from bulk_orders.ooxml.xml_bytes import escaped

_EPOCH: Final = datetime(1899, 12, 30, tzinfo=UTC)
_EPOCH_1904: Final = datetime(1904, 1, 1, tzinfo=UTC)
_DAY_S: Final = 86_400.0
_HARMLESS: Final = re.compile(r"[A-Za-z0-9.:][A-Za-z0-9.:-]*")
"""Keys and ids: nothing in them has to be cleaned or escaped."""
_HARMLESS_BYTES: Final = string.ascii_letters.encode() + string.digits.encode() + b".:-|"
_CONTENT: Final = re.compile("(?<=<[tv]>)[^<>]*(?=</)")


def inline(text: str) -> str:
    """Return what is in a cell for a text, cleaned and escaped."""
    if text.isalnum() and text.isascii():
        return f"<is><t>{text}</t></is>"
    if _HARMLESS.fullmatch(text):
        return f"<is><t>{text}</t></is>"
    cleaned = clean(text)
    space = (
        ' xml:space="preserve"' if cleaned != cleaned.strip() or "\n" in cleaned or "\t" in cleaned else ""
    )
    return f"<is><t{space}>{escaped(cleaned).decode()}</t></is>"


def cell_start(letters: str) -> str:
    """Return what is before the row number in a cell of a column."""
    return f'<c r="{letters}'


def text_cell(style: int, text: str) -> str:
    """Return what is behind the row number in a cell with a text."""
    return f'" s="{style}" t="inlineStr">{inline(text)}</c>'


def number_cell(style: int, number: object) -> str:
    """Return what is behind the row number in a cell with a number."""
    return f'" s="{style}"><v>{number}</v></c>'


def text_value(text: str) -> NewValue:
    """Return a text as what a cell is to hold."""
    return NewValue(kind=b' t="inlineStr"', inner=inline(text).encode())


def number_value(number: str) -> NewValue:
    """Return a number, as it is written in a workbook, as what a cell is to hold."""
    return NewValue(kind=b"", inner=b"<v>%s</v>" % number.encode())


def are_harmless(texts: Sequence[str]) -> bool:
    """Tell whether the texts can be in cells as they are, without a mark that they are not formulas."""
    joined = "|".join(texts)
    return (
        joined.isascii()
        and not joined.encode().translate(None, _HARMLESS_BYTES)
        and "|-" not in joined
        and not joined.startswith("-")
    )


def serial(moment: datetime, *, counts_from_1904: bool) -> str:
    """Return the number that Excel has for a moment in UTC."""
    passed = moment - (_EPOCH_1904 if counts_from_1904 else _EPOCH)
    return f"{passed.days}{_part_of_day(passed.seconds)}"


def serials(moments: Iterable[datetime | None], *, counts_from_1904: bool) -> list[str]:
    """Return the same for many moments, nothing for none: a call for each would take as long again."""
    epoch = _EPOCH_1904 if counts_from_1904 else _EPOCH
    return [
        "" if moment is None else f"{(passed := moment - epoch).days}{_part_of_day(passed.seconds)}"
        for moment in moments
    ]


@lru_cache(maxsize=100_000)
def _part_of_day(seconds: int) -> str:
    return f"{seconds / _DAY_S:.9f}"[1:]


class RowForm:
    """What rows have in common in which the same columns are filled, in the same styles."""

    def __init__(self, cells: Iterable[tuple[str, str, int]], *, number_at: int, end: str = "") -> None:
        """Learn from one such row; `number_at` says which of a row's values is its number, `end` what follows the cells.

        A cell is given as what is before its row number, what is behind that, and which of the values it shows, or
        -1 where it shows the same in every row.
        """
        pieces: list[str] = []
        order: list[int] = []
        for before, behind, shown in cells:
            order.append(number_at)
            if shown >= 0:
                order.append(shown)
                behind = _CONTENT.sub("\0", behind)  # noqa: PLW2901 - built up
            pieces.append(f"{before}\0{behind}")
        self._form = ("".join(pieces) + end).encode().replace(b"%", b"%%").replace(b"\0", b"%b")
        self._picked = itemgetter(*order)

    def rows(self, columns: Sequence[Sequence[bytes]]) -> list[bytes]:
        """Return rows with these values, which `are_harmless`; given are those of all rows, column by column."""
        form = self._form
        return [form % values for values in zip(*self._picked(columns), strict=True)]
