"""What a number format makes of a number or a text, as far as it can be told without Excel (ECMA-376 part 1, 18.8.31)."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Final

_PIECE: Final = re.compile(r'\[[^\]]*\]|"[^"]*"|\\.|_.|\*.|[Gg]eneral|[Ee][+-]|[aA]/[pP]|.', re.DOTALL)
_CONDITION: Final = re.compile(r"\[\s*(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)\s*\]")
_ELAPSED: Final = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_COLOUR: Final = re.compile(
    r"\[(?:black|blue|cyan|green|magenta|red|white|yellow|colou?r ?[0-9]+)\]", re.IGNORECASE
)
_CURRENCY: Final = re.compile(
    r"\[\$([^\]-]*)(?:-(?:0?[01])?[0-9a-f]{0,6}|-[^\],]*[g-z][^\],]*)?\]", re.IGNORECASE
)
"""A currency and a language: the language by a number, whose first of four bytes stands for digits other than 0 to 9, or by name."""
_DIGITS: Final = "0#?"
_LITERALS: Final = "$-+/():!^&'~{}<>= €£¥"
_OF_DATES: Final = frozenset("ymdhse")
_OF_WHOLE_NUMBERS: Final = frozenset({"0", "0.00", "#,##0", "#,##0.00"})
_DIGITS_OF_A_COMMA: Final = 3
_MOST_DECIMALS: Final = 30
"""More are none of Excel's formats."""
_EXACT: Final = Context(prec=400)
"""Digits enough for the largest number of Excel and as many decimals."""
_SECTIONS: Final = 4
"""For numbers above, below, and at zero, and for texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A number as a format shows it."""

    text: str
    is_bare: bool
    """Made of the number's digits, zeros and literals alone, without what another country writes otherwise."""
    literals: str
    """What stands besides digits."""
    is_exact: bool = True
    """Whether no digit and no minus is lost."""


@dataclass(frozen=True, slots=True)
class _Section:
    """One of the up to four parts of a format."""

    pieces: tuple[str, ...]
    condition: tuple[str, Decimal] | None

    @property
    def is_general(self) -> bool:
        return any(piece.lower() == "general" for piece in self.pieces)

    @property
    def is_of_texts(self) -> bool:
        return "@" in self.pieces

    @property
    def is_date(self) -> bool:
        return not self.is_general and any(
            piece.lower() in _OF_DATES or _ELAPSED.fullmatch(piece) or (piece.lower() == "a/p")
            for piece in self.pieces
        )


class NumberFormat:
    """One format, by its code."""

    def __init__(self, code: str) -> None:
        """Take any code; one that is not understood shows nothing that can be known."""
        sections = [_section(pieces) for pieces in _split(code)]
        of_texts = [section for section in sections if section.is_of_texts]
        if len(sections) >= _SECTIONS:
            of_texts = [sections[_SECTIONS - 1]]
        self._of_texts = of_texts[-1] if of_texts else None
        self._sections = [section for section in sections if section is not self._of_texts][: _SECTIONS - 1]
        self.shows_whole_numbers = code in _OF_WHOLE_NUMBERS
        """Whether it is one of the commonest, under which a whole number is the same number."""
        self.adds_nothing = code == "0"
        """Whether it shows whole numbers letter by letter."""

    @property
    def is_date(self) -> bool:
        """Whether it shows numbers as dates or times."""
        return any(section.is_date for section in self._sections)

    @property
    def shows_day(self) -> bool:
        """Whether one can see year, month and day of a date."""
        pieces = {piece.lower() for section in self._sections[:1] for piece in section.pieces}
        return {"m", "d"} <= pieces and bool(pieces & {"y", "e"})

    @property
    def is_duration(self) -> bool:
        """Whether it shows hours, minutes or seconds that have passed."""
        return any(_ELAPSED.fullmatch(piece) for section in self._sections for piece in section.pieces)

    @property
    def has_percent(self) -> bool:
        """Whether it shows numbers times a hundred."""
        return any("%" in section.pieces for section in self._sections)

    @property
    def changes_nothing(self) -> bool:
        """Whether all numbers and texts are shown as they are."""
        are_general = all(section.is_general and _is_plain(section, "general") for section in self._sections)
        return are_general and (self._of_texts is None or _is_plain(self._of_texts, "@"))

    def show_text(self, text: str) -> str | None:
        """Return what a text is shown as; None where that is not known."""
        if self._of_texts is None:
            return text
        shown = [text if piece == "@" else _literal(piece) for piece in self._of_texts.pieces]
        return None if None in shown else "".join(filter(None, shown))

    @lru_cache(maxsize=10_000)  # noqa: B019 - as many formats as a workbook has
    def show(self, number: str) -> Shown | None:
        """Return what a number, given as plain decimal text, is shown as; None where that is not known."""
        value = Decimal(number)
        section, is_signed = self._section_for(value)
        if section is None or section.is_date:
            return None
        if section.is_general:
            return _general(section, value if is_signed else abs(value))
        return _rendered(section, value, is_signed=is_signed)

    def _section_for(self, value: Decimal) -> tuple[_Section | None, bool]:
        """Return the section for a number, and whether a minus is put before it."""
        sections = self._sections
        if not sections:
            # A format of texts alone shows numbers as they are; with more in it than the text, programs differ.
            is_bare = self._of_texts is not None and _is_plain(self._of_texts, "@")
            return (_section(["General"]), True) if is_bare else (None, True)
        if any(section.condition for section in sections):
            fitting = (section for section in sections if _fits(section, value))
            return (next(fitting, None), True) if value >= 0 else (None, True)
        if value < 0:
            return (sections[1], False) if len(sections) > 1 else (sections[0], True)
        return (sections[2] if value == 0 and len(sections) > 2 else sections[0]), True  # noqa: PLR2004


def _split(code: str) -> list[list[str]]:
    sections: list[list[str]] = [[]]
    for piece in _PIECE.findall(code):
        if piece == ";":
            sections.append([])
        else:
            sections[-1].append(piece)
    return sections


def _section(pieces: list[str]) -> _Section:
    found = [match for match in map(_CONDITION.fullmatch, pieces) if match]
    condition = (found[0][1], Decimal(found[0][2])) if found else None
    return _Section(tuple(pieces), condition)


def _fits(section: _Section, value: Decimal) -> bool:
    if section.condition is None:
        return True
    sign, bound = section.condition
    is_less, is_equal = value < bound, value == bound
    return {
        "<": is_less,
        "<=": is_less or is_equal,
        ">": not is_less and not is_equal,
        ">=": not is_less,
        "=": is_equal,
        "<>": not is_equal,
    }[sign]


def _literal(piece: str) -> str | None:
    """Return what a piece shows by itself; None for one that stands for a part of the number, or for what is not known."""
    if currency := _CURRENCY.fullmatch(piece):
        return currency[1]
    if _COLOUR.fullmatch(piece) or _CONDITION.fullmatch(piece):
        return ""
    if piece[0] == '"' and len(piece) > 1:
        return piece[1:-1]
    if len(piece) > 1 and piece[0] in "\\_":
        return piece[1] if piece[0] == "\\" else ""
    if piece == "* ":
        return ""  # any other letter after a star fills the cell, however wide it is
    return piece if piece in _LITERALS else None


def _is_plain(section: _Section, wanted: str) -> bool:
    return (
        "".join(piece.lower() if (shown := _literal(piece)) is None else shown for piece in section.pieces)
        == wanted
    )


def _general(section: _Section, value: Decimal) -> Shown | None:
    """Put a number among the literals of a section; None where it has more than those."""
    literals = ["" if piece.lower() == "general" else _literal(piece) for piece in section.pieces]
    if None in literals:
        return None
    pairs = zip(section.pieces, literals, strict=True)
    text = "".join(f"{value:f}" if piece.lower() == "general" else literal or "" for piece, literal in pairs)
    return Shown(text=text, is_bare=True, literals="".join(filter(None, literals)))


def _rendered(section: _Section, value: Decimal, *, is_signed: bool) -> Shown | None:
    """Fill a section's places with digits; None where it has parts that are not read here."""
    whole, point, decimals = _parted(section.pieces)
    is_grouped = "," in whole
    places = [piece for piece in (*whole, *decimals) if piece in _DIGITS]
    kept = [piece for piece in (*whole, *decimals) if piece not in _DIGITS and piece != ","]
    if any(_literal(piece) is None for piece in kept) or _is_fraction(whole):
        return None
    literals = "".join(_literal(piece) or "" for piece in kept)
    if not places:
        return Shown(text=literals, is_bare=True, literals=literals, is_exact=False)
    scaled = abs(value).scaleb(-_DIGITS_OF_A_COMMA * _scale(whole, decimals))
    count = sum(piece in _DIGITS for piece in decimals)
    if count > _MOST_DECIMALS:
        return None
    rounded = scaled.quantize(Decimal(1).scaleb(-count), rounding=ROUND_HALF_UP, context=_EXACT)
    has_sign = value >= 0 or is_signed or any(sign in literals for sign in "-(")
    digits, _, after = f"{rounded:f}".partition(".")
    if is_grouped:
        digits = f"{int(digits):,}"
        whole = [piece for piece in whole if piece != ","]
    shown = _whole(whole, digits.lstrip("0") if rounded < 1 else digits, is_grouped=is_grouped)
    if point:
        shown += "." + _decimals(decimals, after)
    return Shown(
        text=f"-{shown}".strip() if value < 0 and is_signed else shown.strip(),
        is_bare=not (is_grouped or point),
        literals=literals,
        is_exact=rounded == abs(value) and has_sign,
    )


def _parted(pieces: tuple[str, ...]) -> tuple[list[str], bool, list[str]]:
    if "." not in pieces:
        return list(pieces), False, []
    place = pieces.index(".")
    return list(pieces[:place]), True, list(pieces[place + 1 :])


def _scale(whole: list[str], decimals: list[str]) -> int:
    """Return how many times the number is divided by a thousand: once for each comma after the last place."""
    last = max((place for place, piece in enumerate(whole) if piece in _DIGITS), default=-1)
    return whole[last + 1 :].count(",") + decimals.count(",")


def _is_fraction(whole: list[str]) -> bool:
    """Tell whether a slash stands between two places, and is not only a letter."""
    if "/" not in whole:
        return False
    place = whole.index("/")
    return any(piece in _DIGITS for piece in whole[:place]) and any(
        piece in _DIGITS for piece in whole[place:]
    )


def _whole(pieces: list[str], digits: str, *, is_grouped: bool) -> str:
    """Put digits into their places from the right; what does not fit goes before the first place, as in Excel."""
    shown: list[str] = []
    left = digits
    first = next((place for place, piece in enumerate(pieces) if piece in _DIGITS), len(pieces))
    for place in reversed(range(len(pieces))):
        piece = pieces[place]
        if piece not in _DIGITS:
            shown.append(_literal(piece) or "")
            continue
        if is_grouped and left.endswith(","):
            shown.append(",")
            left = left[:-1]
        shown.append(left[-1:] or {"0": "0", "?": " "}.get(piece, ""))
        left = left[:-1]
        if place == first:
            shown.append(left)
    return "".join(reversed(shown))


def _decimals(pieces: list[str], digits: str) -> str:
    needed = max((place for place, piece in enumerate(_places(pieces)) if piece == "0"), default=-1) + 1
    kept = digits.rstrip("0").ljust(needed, "0")
    shown = []
    for piece in pieces:
        if piece in _DIGITS:
            shown.append(kept[:1])
            kept = kept[1:]
        else:
            shown.append(_literal(piece) or "")
    return "".join(shown)


def _places(pieces: list[str]) -> list[str]:
    return [piece for piece in pieces if piece in _DIGITS]
