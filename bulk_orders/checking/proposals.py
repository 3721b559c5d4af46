"""What was probably meant by a text that is not known; looked for as long as it is worth its time."""

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

_LOOKUPS = 200
"""Proposals that one check works out per list; a column of nothing but slips needs no hundred thousand."""
_COMPARED = 1000
"""Candidates that are compared for one proposal."""
_SLIP: Final = 2
TYPE_IF_MEANT: Final = "Type {proposal} if that is what you mean."


class Proposals:
    """Remembers what was proposed for a typed text, and stops looking when asked about too many."""

    def __init__(self, look: Callable[[str], str | None]) -> None:
        """Take `look`, which finds what was probably meant; it may take milliseconds."""
        self._look = look
        self._found: dict[str, str | None] = {}

    def of(self, typed: str) -> str | None:
        """Return what was probably meant, or `None` when nothing is near or too many were asked for."""
        if typed not in self._found and len(self._found) < _LOOKUPS:
            self._found[typed] = self._look(typed)
        return self._found.get(typed)


def only_meant(typed: str, known: Mapping[str, str], *, cutoff: float) -> str | None:
    """Return what a text can only stand for, among known spellings in lower case: all that are near it stand for the same.

    Figures and the first letter are as typed: "6 months" is not 36, and "biannual" not annual. More than two letters too many or
    too few are no slip, either. `cutoff` is difflib's.
    """
    typed = typed.casefold()
    alike = [
        spelling
        for spelling in known
        if abs(len(spelling) - len(typed)) <= _SLIP
        and _begins_and_counts(spelling) == _begins_and_counts(typed)
    ]
    near = {known[spelling] for spelling in get_close_matches(typed, alike, n=len(alike) or 1, cutoff=cutoff)}
    return near.pop() if len(near) == 1 else None


def _begins_and_counts(text: str) -> tuple[str, list[str]]:
    return text[:1], re.findall(r"\d+", text)


def nearest_of(known: Sequence[str]) -> Proposals:
    """Propose the nearest of many known texts."""

    def look(typed: str) -> str | None:
        candidates = known
        if len(candidates) > _COMPARED:
            # A slip changes one place, so one end is intact.
            head, tail = typed[: len(typed) // 2 + 1], typed[-(len(typed) // 2) :]
            candidates = [text for text in known if text.startswith(head) or text.endswith(tail)][:_COMPARED]
        near = get_close_matches(typed, candidates, n=1, cutoff=0.8)
        return near[0] if near else None

    return Proposals(look)
