"""The words that the template's formulas are made of: each is a piece of an Excel formula and the same in Python.

A formula and the result that is stored with it come from one term, so they cannot say different things; a test lets
LibreOffice calculate them too. Only functions that Excel 2016, LibreOffice and Google Sheets all have are used.
It does not know which rules there are.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

Value = str | float | bool
"""What a cell shows or a part of a formula gives."""

NO_BREAK_SPACE: Final = "\u00a0"
PLACES: Final[Mapping[str, int]] = {"L_Few": 40, "L_Many": 255}
"""Names of columns of numbers from 1: the places in a text that are looked at one by one."""
_EXCELS_DAY_0: Final = dt.date(1899, 12, 30)


class NotAvailableError(Exception):
    """Excel shows `#N/A` or another error."""


class Line(Protocol):
    """A row of a sheet as terms see it."""

    @property
    def today(self) -> dt.date:
        """The day that TODAY() gives."""
        ...

    def cell(self, name: str) -> Value:
        """Return what the row's cell in a column shows."""
        ...

    def named(self, name: str) -> Sequence[Value]:
        """Return the cells that go by a defined name."""
        ...


@dataclass(frozen=True, slots=True)
class Term:
    """Something that Excel works out for one row."""

    pattern: str
    """`{customer_id}` stands for the row's cell in that column, `{0}` for the first of `parts`."""
    compute: Callable[[Line], Value]
    parts: tuple["Term", ...] = ()

    def formula(self, cells: dict[str, str]) -> str:
        """Return the piece of formula; `cells` are addresses by column name."""
        return self.pattern.format(*(part.formula(cells) for part in self.parts), **cells)


def term(pattern: str, function: Callable[..., Value], *parts: Term) -> Term:
    """Make a function of its parts, all of which are worked out first, as Excel does."""
    return Term(pattern, lambda line: function(*(part.compute(line) for part in parts)), parts)


def cell(name: str) -> Term:
    """Return the row's cell as it is."""
    return Term(f"{{{name}}}", lambda line: line.cell(name))


def shown(value: Value) -> str:
    """Return a value as text; whole numbers without their decimals."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def trimmed(value: Value) -> str:
    """Trim a value as Excel's TRIM does: no spaces around, one between words. A no-break space counts as a space."""
    return re.sub(" +", " ", shown(value).replace(NO_BREAK_SPACE, " ")).strip(" ")


def text(name: str) -> Term:
    """Return the row's cell as text without spaces around it."""
    pattern = f'TRIM(SUBSTITUTE({{{name}}},"{NO_BREAK_SPACE}"," "))'
    return Term(pattern, lambda line: trimmed(line.cell(name)))


def LOWER(of: Term) -> Term:
    """Return a text in small letters."""
    return term("LOWER({0})", str.lower, of)


def LEN(of: Term) -> Term:
    """Count the characters of a text."""
    return term("LEN({0})", lambda value: float(len(value)), of)


def without(of: Term, *signs: str) -> Term:
    """Return a text without some signs; they must not be letters."""
    for sign in signs:
        doubled = sign.replace('"', '""')
        of = term(f'SUBSTITUTE({{0}},"{doubled}","")', lambda value, sign=sign: value.replace(sign, ""), of)
    return of


def part_of(of: Term, start: int, count: int) -> Term:
    """Return `count` characters of a text from `start`, where the first is 1; fewer or none where it ends."""
    return term(f"MID({{0}},{start},{count})", lambda value: value[start - 1 : start - 1 + count], of)


def begins(of: Term, count: int) -> Term:
    """Return the first characters of a text."""
    return term(f"LEFT({{0}},{count})", lambda value: value[:count], of)


def ends(of: Term, count: int) -> Term:
    """Return the last characters of a text."""
    return term(f"RIGHT({{0}},{count})", lambda value: value[-count:], of)


def after_at(of: Term) -> Term:
    """Return what stands after the first @ of a text; an error without one."""
    return term('MID({0},FIND("@",{0})+1,255)', lambda value: value[_find("@", value) :], of)


def last_label(of: Term) -> Term:
    """Return what stands after the last dot of a text."""
    pattern = 'TRIM(RIGHT(SUBSTITUTE({0},".",REPT(" ",255)),255))'
    return term(pattern, lambda value: value.rpartition(".")[2], of)


def before_ending(of: Term, ending: str) -> Term:
    """Return what stands before the ending of a text; an error if the text is shorter than the ending."""

    def cut(value: str) -> str:
        return value[: -len(ending)] if len(value) >= len(ending) else str(_unavailable())

    return term(f"LEFT({{0}},LEN({{0}})-{len(ending)})", cut, of)


def joined(before: str, of: Term, after: str = "") -> Term:
    """Put a text between two others, which must have no quotation marks."""
    pattern = "&".join(
        piece for piece in (f'"{before}"' * bool(before), "{0}", f'"{after}"' * bool(after)) if piece
    )
    return term(pattern, lambda value: f"{before}{shown(value)}{after}", of)


def EQUALS(one: Term, other: str) -> Term:
    """Tell whether a text is another, whatever their case."""
    return term(f'{{0}}="{other}"', lambda value: value.lower() == other.lower(), one)


def is_blank(of: Term) -> Term:
    """Tell whether nothing stands there."""
    return EQUALS(of, "")


def compared(one: Term, sign: str, number: float) -> Term:
    """Tell whether a number is `<`, `>` or `<>` another."""
    decide: dict[str, Callable[[float], bool]] = {
        "<": lambda value: value < number,
        ">": lambda value: value > number,
        "<>": lambda value: value != number,
    }
    return term(f"{{0}}{sign}{number:.0f}", decide[sign], one)


def contains(of: Term, sign: str) -> Term:
    """Tell whether a text has a sign in it."""
    return term(f'ISNUMBER(FIND("{sign}",{{0}}))', lambda value: sign in value, of)


def holds(of: Term, found: Term) -> Term:
    """Tell whether a text has another in it."""
    return term("ISNUMBER(FIND({1},{0}))", lambda value, sign: shown(sign) in value, of, found)


def has_control_signs(of: Term) -> Term:
    """Tell whether a text has a line break, a tab or the like in it."""
    return term("CLEAN({0})<>{0}", lambda value: any(sign < " " for sign in value), of)


def made_of(of: Term, alphabet: str, *, is_long: bool = False) -> Term:
    """Tell whether a text has no characters but those in the cell named `alphabet`; an empty text has none.

    Its first 40 characters are looked at, of a long one 255; what is longer must be refused for that.
    """
    few, many = PLACES
    places = many if is_long else few

    def compute(line: Line) -> Value:
        allowed = str(line.named(alphabet)[0])
        return all(sign in allowed for sign in shown(of.compute(line)))

    # Excel finds nothing at the start of everything and LibreOffice does not, so the text is filled up.
    filled_up = f"{{0}}&REPT(LEFT({alphabet},1),{PLACES[places]})"
    return Term(f"ISNUMBER(SUMPRODUCT(FIND(MID({filled_up},{places},1),{alphabet})))", compute, (of,))


def one_of(of: Term, name: str) -> Term:
    """Tell whether a text is one of the cells that go by a name, whatever its case."""

    def compute(line: Line) -> Value:
        wanted = str(of.compute(line)).lower()
        return any(str(value).lower() == wanted for value in line.named(name))

    return Term(f"SUMPRODUCT(--({name}={{0}}))>0", compute, (of,))


def count_of(of: Term, name: str) -> Term:
    """Count the cells that go by a name and are exactly this text."""

    def compute(line: Line) -> Value:
        return float(line.named(name).count(of.compute(line)))

    return Term(f"SUMPRODUCT(--EXACT({name},{{0}}))", compute, (of,))


def AND(*conditions: Term) -> Term:
    """Tell whether all conditions hold."""
    return _several("AND", all, conditions)


def OR(*conditions: Term) -> Term:
    """Tell whether one of the conditions holds."""
    return _several("OR", any, conditions)


def _several(word: str, decide: Callable[[Any], bool], conditions: Sequence[Term]) -> Term:
    if len(conditions) == 1:
        return conditions[0]
    pattern = ",".join(f"{{{place}}}" for place in range(len(conditions)))
    return term(f"{word}({pattern})", lambda *values: decide(values), *conditions)


def NOT(condition: Term) -> Term:
    """Tell whether a condition does not hold."""
    return term("NOT({0})", lambda value: not value, condition)


def IF(condition: Term, then: Term, otherwise: Term) -> Term:
    """Choose one of two; the other is not worked out."""

    def compute(line: Line) -> Value:
        return then.compute(line) if condition.compute(line) else otherwise.compute(line)

    return Term("IF({0},{1},{2})", compute, (condition, then, otherwise))


def unless_error(of: Term, otherwise: Term) -> Term:
    """Return a value, or another where Excel would show an error."""

    def compute(line: Line) -> Value:
        try:
            return of.compute(line)
        except NotAvailableError:
            return otherwise.compute(line)

    return Term("IFERROR({0},{1})", compute, (of, otherwise))


def CONST(value: Value) -> Term:
    """Return a value that stands in the formula; a text must have no quotation marks."""
    pattern = (
        str(value).upper()
        if isinstance(value, bool)
        else f'"{value}"'
        if isinstance(value, str)
        else f"{value:.0f}"
    )
    return Term(pattern.replace("{", "{{").replace("}", "}}"), lambda _line: value)


def place_in(of: Term, name: str) -> Term:
    """Return which of the cells that go by a name is this text, from 1; an error if none is."""

    def compute(line: Line) -> Value:
        wanted = str(of.compute(line)).lower()
        found = (at for at, value in enumerate(line.named(name), start=1) if str(value).lower() == wanted)
        return float(next(found, 0)) or _unavailable()

    return Term(f"MATCH({{0}},{name},0)", compute, (of,))


def at_place(name: str, place: Term) -> Term:
    """Return as text what the cell at a place, from 1, of those that go by a name shows; place 0 would mean all of them."""

    def compute(line: Line) -> Value:
        cells, at = line.named(name), int(float(place.compute(line)))
        return shown(cells[at - 1] if 0 < at <= len(cells) else _unavailable())

    return Term(f'INDEX({name},{{0}})&""', compute, (place,))


def is_number(of: Term) -> Term:
    """Return whether a cell holds a number; typed as text it is none."""
    return term("ISNUMBER({0})", lambda value: isinstance(value, float), of)


def number(of: Term) -> Term:
    """Return the number that a text is; an error if it is none."""
    return term("VALUE({0})", _number, of)


def day_number(day: dt.date) -> float:
    """Return a day as Excel counts days: those since 30 December 1899."""
    return float((day - _EXCELS_DAY_0).days)


def _number(value: Value) -> float:
    try:
        return float(value)
    except ValueError:
        raise NotAvailableError from None


def _find(sign: str, value: str) -> int:
    return value.find(sign) + 1 or int(_unavailable())


def _unavailable() -> float:
    raise NotAvailableError
