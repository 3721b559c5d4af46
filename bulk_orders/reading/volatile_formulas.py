"""Formulas whose result changes although nobody edits the workbook: they use the clock, random numbers, the network or another workbook."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_FUNCTIONS: Final = frozenset(
    (
        *("NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY", "RAND.NV", "RANDBETWEEN.NV"),
        *("WEBSERVICE", "RTD", "DDE", "STOCKHISTORY", "CALL", "SQL.REQUEST", "COPILOT", "PY", "INFO", "CELL"),
        *("IMAGE", "TRANSLATE", "DETECTLANGUAGE", "FIELDVALUE", "_FV"),
        *("CUBEVALUE", "CUBEMEMBER", "CUBERANKEDMEMBER", "CUBESET", "CUBEKPIMEMBER", "CUBEMEMBERPROPERTY"),
        *("GOOGLEFINANCE", "GOOGLETRANSLATE"),
        *("IMPORTRANGE", "IMPORTDATA", "IMPORTFEED", "IMPORTHTML", "IMPORTXML"),
    )
)
_CALLED: Final = re.compile(r"(?<![\w.])([\w.]++)\s*+\(")
_PREFIXES: Final = re.compile(
    r"(?:(?:_xl(?!l\.)\w+|ORG\.LIBREOFFICE|COM\.(?:MICROSOFT|SUN))\.)*", re.IGNORECASE
)
"""What programs put before a function."""
_ROW_NUMBER: Final = re.compile(r"(?<=[A-Z])[0-9]+")
_OF_AN_ADD_IN: Final = "_XLL."
_ELSEWHERE: Final = re.compile(
    r"(?<![\w.\]])\[(?!0\])[^\[\]]+\][\w.:]*!|'(?:[^']|'')*\[[^\[\]]+\](?:[^']|'')*'!"
)
"""`[1]Prices!A1`, `'C:\\data\\[prices.xlsx]Nov'!A1`; not a table's column, as in `Seats[2026]`, and not `[0]`, this workbook."""
_NAMED: Final = re.compile(r"'(?:[^'\[]|'')*'!|(?<=[\w\[,])\[[^\[\]]*\]")
"""A sheet's name in quotes, or a table's column: no function, whatever its name is."""
_TEXT: Final = re.compile(r'"(?:[^"]|"")*"')
_LINKED: Final = "|"
"""`server|topic!item`, with which DDE asks another program."""
_WORD: Final = re.compile(r"(?<![\w.])[^\W\d][\w.]*+(?![\w.!\[])")
"""A name, also that of a function which somebody defined, or with its sheet before it."""
_OF_GOOGLE: Final = "DUMMYFUNCTION("
"""Sheets keeps what Excel does not know as a text in a formula."""
_BY_TEXT: Final = "INDIRECT("


def is_volatile(formula: str, names: frozenset[str] = frozenset()) -> bool:
    """Tell whether a formula may have another result tomorrow; `names` (lower case) are names for such formulas."""
    # Filled down a column, a formula differs in row numbers alone: one look is enough for all.
    return _is_volatile(formula if names else _ROW_NUMBER.sub("1", formula), names)


@lru_cache(maxsize=20_000)
def _is_volatile(formula: str, names: frozenset[str]) -> bool:
    bare = _TEXT.sub('""', formula)
    plain = _NAMED.sub("", bare) if "'" in bare or "[" in bare else bare
    capitals = bare.upper()
    functions = _NAMED.sub("", formula.replace('""', '"')) if _OF_GOOGLE in capitals else plain
    places = formula.replace('"', "") if _BY_TEXT in capitals else bare
    if _LINKED in plain or ("[" in places and _ELSEWHERE.search(places)):
        return True
    if any(map(_is_volatile_function, set(_CALLED.findall(functions)))):
        return True
    return bool(names) and any(word.lower() in names for word in _WORD.findall(plain))


@lru_cache(maxsize=2_000)
def _is_volatile_function(name: str) -> bool:
    bare = _PREFIXES.sub("", name.upper(), count=1)
    return bare in _FUNCTIONS or bare.startswith(_OF_AN_ADD_IN)


def volatile_names(formulas: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return which of a workbook's names, given with what they stand for, stand for something volatile."""
    named = list(formulas)
    found: frozenset[str] = frozenset()
    while True:
        more = frozenset(name.lower() for name, formula in named if is_volatile(formula, found))
        if more == found:
            return found
        found = more
