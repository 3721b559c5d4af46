"""Rows with the same values: who repeats whom, and how the rows are named in a sentence."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bulk_orders.checking.frame import BoolArray, IntArray, SheetFrame

_ROWS_NAMED = 3


def keys_of(frame: SheetFrame, names: Sequence[str]) -> IntArray:
    """Return one number per row, from 0; rows have the same number when all these columns have the same values."""
    entries = [frame.columns[name] for name in names if name in frame]
    if not entries:
        return np.zeros(len(frame), dtype=np.int64)
    keys: IntArray = entries[0].keys[entries[0].codes]
    for entry in entries[1:]:
        # Numbered anew each time: no number comes near the largest there is.
        numbers, _ = pd.factorize(keys * len(entry.keys) + entry.keys[entry.codes])
        keys = numbers.astype(np.int64)
    return keys


def first_places(groups: IntArray, places: IntArray) -> IntArray:
    """Return by group the first of `places` that is one of its rows; -1 for none."""
    first = np.full(groups.max(initial=-1) + 1, -1, dtype=np.int64)
    first[groups[places[::-1]]] = places[::-1]
    return first


def unlike_first(groups: IntArray, values: IntArray, places: IntArray) -> IntArray:
    """Return which of `places`, that are in order, have another value than the first of their group."""
    first = first_places(groups, places)
    differs: IntArray = places[values[places] != values[first[groups[places]]]]
    return differs


class Repeats:
    """Which rows have the same key as another row."""

    def __init__(self, sheet_rows: IntArray, keys: IntArray, among: BoolArray) -> None:
        """Compare the rows `among`; a row outside repeats nothing. Keys are numbers from 0, or whatever outside."""
        self.keys = keys
        times = np.bincount(keys[among], minlength=keys.max(initial=0) + 1)
        self.mask: BoolArray = among & (times[keys] > 1)
        repeated = np.flatnonzero(self.mask)
        self._order = repeated[np.argsort(keys[repeated], kind="stable")]
        self._ordered_keys = keys[self._order]
        self._sheet_rows = sheet_rows

    def positions(self, position: int) -> IntArray:
        """Return the positions of all rows with the key of this one, in sheet order; none for one that is alone."""
        key = self.keys[position]
        start, end = np.searchsorted(self._ordered_keys, [key, key + 1])
        return self._order[start:end]

    def is_later(self) -> BoolArray:
        """Return the rows that repeat an earlier one."""
        later = self.mask.copy()
        later[self._order[np.diff(self._ordered_keys, prepend=-1) > 0]] = False
        return later

    def first_row(self, position: int) -> int:
        """Return Excel's number of the first row with this key."""
        return int(self._sheet_rows[self.positions(position)[0]])

    def group(self, position: int) -> int:
        """Return a number that rows with the same key have in common."""
        return int(self.keys[position])

    def named(self, position: int) -> str:
        """Name the rows with this key: `9 and 31`, or `9, 31, 40 and 5 more`."""
        group = self.positions(position)
        return listed([int(self._sheet_rows[other]) for other in group[:_ROWS_NAMED]], len(group))


def listed(rows: Sequence[int], total: int) -> str:
    """Return `9`, `9 and 31` or `9, 31 and 4 more`."""
    texts = [str(row) for row in rows]
    if total > len(texts):
        return "{first} and {number} more".format(first=", ".join(texts), number=total - len(texts))
    if len(texts) == 1:
        return texts[0]
    return "{first} and {last}".format(first=", ".join(texts[:-1]), last=texts[-1])
