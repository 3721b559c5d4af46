"""Rows with the same values: who repeats whom, and how the rows are named in a sentence."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bulk_orders.checking.frame import BoolArray, IntArray, SheetFrame
from bulk_orders.texts import checking_rules as words

_ROWS_NAMED = 3
_LARGEST_KEY = 2**62


def keys_of(frame: SheetFrame, names: Sequence[str]) -> IntArray:
    """Return one number per row; rows have the same number when all these columns have the same values."""
    keys = np.zeros(len(frame), dtype=np.int64)
    largest = 1
    for name in names:
        if name in frame:
            entry = frame.columns[name]
            codes, uniques = pd.factorize(entry.canonical)
            if largest * (len(uniques) + 1) > _LARGEST_KEY:
                keys, _ = pd.factorize(keys)
                largest = len(frame)
            keys = keys * (len(uniques) + 1) + codes[entry.codes]
            largest *= len(uniques) + 1
    return keys.astype(np.int64)


class Repeats:
    """Which rows have the same key as another row."""

    def __init__(self, sheet_rows: IntArray, keys: IntArray, among: BoolArray) -> None:
        """Compare the rows `among`; a row outside repeats nothing."""
        self.keys = keys
        chosen = np.flatnonzero(among)
        self._order = chosen[np.argsort(keys[chosen], kind="stable")]
        self._sheet_rows = sheet_rows
        ordered = keys[self._order]
        self._starts = np.searchsorted(ordered, keys, side="left")
        self._ends = np.searchsorted(ordered, keys, side="right")
        self.mask: BoolArray = among & (self._ends - self._starts > 1)

    def positions(self, position: int) -> IntArray:
        """Return the positions of all rows with the key of this one, in sheet order."""
        return self._order[self._starts[position] : self._ends[position]]

    def is_later(self) -> BoolArray:
        """Return the rows that repeat an earlier one."""
        later = self.mask.copy()
        rows = np.flatnonzero(later)
        later[rows] = self._order[self._starts[rows]] != rows
        return later

    def first_row(self, position: int) -> int:
        """Return Excel's number of the first row with this key."""
        return int(self._sheet_rows[self.positions(position)[0]])

    def group(self, position: int) -> int:
        """Return a number that rows with the same key have in common."""
        return int(self._starts[position])

    def named(self, position: int) -> str:
        """Name the rows with this key: `9 and 31`, or `9, 31, 40 and 5 more`."""
        group = self.positions(position)
        return listed([int(self._sheet_rows[other]) for other in group[:_ROWS_NAMED]], len(group))


def listed(rows: Sequence[int], total: int) -> str:
    """Return `9`, `9 and 31` or `9, 31 and 4 more`."""
    texts = [str(row) for row in rows]
    if total > len(texts):
        return words.AND_MORE.format(first=", ".join(texts), number=total - len(texts))
    if len(texts) == 1:
        return texts[0]
    return words.AND.format(first=", ".join(texts[:-1]), last=texts[-1])
