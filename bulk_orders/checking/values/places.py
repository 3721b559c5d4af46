"""Countries, states and postal codes: ISO 3166 from pycountry, and what Microsoft checks for the US and Canada."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

import pycountry

from bulk_orders.checking.proposals import only_meant

STATES_CHECKED: Mapping[str, str] = {"US": "the United States", "CA": "Canada"}
"""Countries whose states Microsoft wants as two letters, and what they are called in sentences."""

POSTAL_CODES: Mapping[str, re.Pattern[str]] = {
    "US": re.compile(r"[0-9]{5}(?:-[0-9]{4})?"),
    "CA": re.compile(r"[A-Za-z][0-9][A-Za-z] ?[0-9][A-Za-z][0-9]"),
}
LOST_ZERO = re.compile(r"[0-9]{4}")
_LABEL = re.compile(r"([A-Za-z]{2})\s+[–—-]\s+\S.*")
_COMMON: Mapping[str, str] = {"uk": "GB", "england": "GB", "great britain": "GB", "america": "US"}
_TYPED_AT_MOST = 60


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """Return the two letters and the usual name of every country, by code."""
    known = pycountry.countries
    return tuple(sorted((entry.alpha_2, getattr(entry, "common_name", entry.name)) for entry in known))


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for code, _ in countries())


@cache
def _names() -> dict[str, str]:
    """Return names and three-letter codes, in lower case, with the two letters they stand for."""
    names: dict[str, str] = {}
    for country in pycountry.countries:
        for name in ("alpha_3", "name", "official_name", "common_name"):
            spelling = getattr(country, name, None)
            if spelling:
                names[spelling.casefold()] = country.alpha_2
    return names | dict(_COMMON)


def country_code(text: str) -> str | None:
    """Return the two letters of `us` or `US – United States`; `None` for anything else, `USA` too."""
    label = _LABEL.fullmatch(text)
    code = (label[1] if label else text).upper()
    return code if code in _codes() else None


@lru_cache(maxsize=4096)
def country_proposal(text: str) -> str | None:
    """Return the code that a name, a three-letter code or a near miss stands for."""
    typed = text.casefold().strip(". ").replace(".", "")
    if len(typed) > _TYPED_AT_MOST:
        return None
    known = _names()
    return known.get(typed) or only_meant(typed, known, cutoff=0.85)


@cache
def _states(country: str) -> dict[str, str]:
    """Return a country's codes by the lower-case names of its subdivisions, and by the codes themselves."""
    codes = {name.casefold(): code for code, name in _subdivisions()[country]}
    return codes | {code.casefold(): code for code in codes.values()}


def state_codes(country: str) -> tuple[str, ...]:
    """Return the codes of a country's states, A to Z."""
    return tuple(sorted(code for code, _ in _subdivisions()[country]))


@cache
def _subdivisions() -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return by country code and name of each subdivision: from the file itself, for pycountry makes 5,000 objects of it."""
    (entries,) = json.loads(Path(pycountry.subdivisions.filename).read_bytes()).values()
    found: dict[str, list[tuple[str, str]]] = {}
    for entry in entries:
        country, _, code = entry["code"].partition("-")
        found.setdefault(country, []).append((code, entry["name"]))
    return found


def is_state(country: str, state: str) -> bool:
    """Tell whether `state` is a two-letter code of a country in `STATES_CHECKED`."""
    return _states(country).get(state.casefold()) == state


def is_postal_code(country: str, code: str) -> bool:
    """Tell whether `code` has the form that a country in `POSTAL_CODES` uses."""
    return POSTAL_CODES[country].fullmatch(code) is not None


def state_proposal(country: str, state: str) -> str | None:
    """Return the two letters of a state's name or a near miss of it."""
    known = _states(country)
    typed = state.casefold().strip(". ")
    if len(typed) > _TYPED_AT_MOST:
        return None
    return known.get(typed) or only_meant(typed, known, cutoff=0.8)
