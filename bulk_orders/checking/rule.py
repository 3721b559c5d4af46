"""What a rule is, and the two questions that many rules share: who repeats, and what is nearest."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bulk_orders.checking.frame import BoolArray, IntArray, SheetFrame
from bulk_orders.core.columns.table import Need
from bulk_orders.texts import checking_rules as words

_ROWS_NAMED = 3
_LARGEST_KEY = 2**62
_LOOKUPS = 200
"""Proposals that one check works out per list; a column of nothing but slips needs no hundred thousand."""
_COMPARED = 1000
"""Candidates that are compared for one proposal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What the sentence of one broken cell needs."""

    parts: Mapping[str, str] = field(default_factory=dict)
    proposal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A named rule with one target column: it marks cells of that column and no others."""

    code: str
    field: str
    broken: Callable[[SheetFrame], BoolArray]
    explain: Callable[[SheetFrame, int], Explanation] = lambda _frame, _position: Explanation()
    """Called with a position of the frame, only for broken cells."""
    mistake_of: Callable[[int], int] | None = None
    """Which mistake a broken cell is part of, by position: cells of one mistake are told once, all together."""

    @property
    def name(self) -> str:
        """Code and target, as the schema's check is called: `E-RANGE quantity`."""
        return f"{self.code} {self.field}"


def sent(frame: SheetFrame, name: str) -> BoolArray:
    """Return the rows whose cell matters: what is not sent is not checked, except where it is always required."""
    entry = frame.column(name)
    if entry.sent_when is None or entry.need is Need.ALWAYS:
        return frame.everywhere(broken=True)
    return frame.equals(*entry.sent_when)


def text_rule(code: str, name: str, fault: Callable[[str], str]) -> Rule:
    """Make a rule about one text: `fault` says why it is wrong, or nothing."""
    return Rule(
        code=code,
        field=name,
        broken=lambda frame: frame.where(name, lambda text: bool(fault(text))) & sent(frame, name),
        explain=lambda frame, position: Explanation(parts={"why": fault(frame.value(name, position))}),
    )


def any_of(masks: Sequence[BoolArray]) -> BoolArray:
    """Return the rows that are in one of the masks at least."""
    found: BoolArray = np.logical_or.reduce(masks)
    return found


def all_of(masks: Sequence[BoolArray]) -> BoolArray:
    """Return the rows that are in every mask."""
    found: BoolArray = np.logical_and.reduce(masks)
    return found


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

    def explain(self, _frame: SheetFrame, position: int) -> Explanation:
        """Name the rows with this key: `9 and 31`, or `9, 31, 40 and 5 more`."""
        group = self.positions(position)
        named = [int(self._sheet_rows[other]) for other in group[:_ROWS_NAMED]]
        return Explanation(parts={"rows": listed(named, len(group))})


def listed(rows: Sequence[int], total: int) -> str:
    """Return `9`, `9 and 31` or `9, 31 and 4 more`."""
    texts = [str(row) for row in rows]
    if total > len(texts):
        return words.AND_MORE.format(first=", ".join(texts), number=total - len(texts))
    if len(texts) == 1:
        return texts[0]
    return words.AND.format(first=", ".join(texts[:-1]), last=texts[-1])


class Proposals:
    """Remembers what was proposed for a typed text, and stops looking when asked about too many."""

    def __init__(self, look: Callable[[str], str | None]) -> None:
        """`look` finds what was probably meant; it may take milliseconds."""
        self._look = look
        self._found: dict[str, str | None] = {}

    def of(self, typed: str) -> str | None:
        """Return what was probably meant, or `None` when nothing is near or too many were asked for."""
        if typed not in self._found and len(self._found) < _LOOKUPS:
            self._found[typed] = self._look(typed)
        return self._found.get(typed)


def nearest_of(known: Sequence[str]) -> Proposals:
    """Propose the nearest of many known texts."""

    def look(typed: str) -> str | None:
        candidates = known
        if len(candidates) > _COMPARED:
            # A slip changes one place, so one end is intact.
            head, tail = typed[: len(typed) // 2 + 1], typed[-(len(typed) // 2) :]
            candidates = [text for text in known if text.startswith(head) or text.endswith(tail)][:_COMPARED]
        near = difflib.get_close_matches(typed, candidates, n=1, cutoff=0.8)
        return near[0] if near else None

    return Proposals(look)
