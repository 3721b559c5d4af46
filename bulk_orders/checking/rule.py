"""What a rule is: a code, a column, and the cells of that column in which it is broken."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bulk_orders.checking.frame import BoolArray
from bulk_orders.checking.repeats import Repeats
from bulk_orders.checking.rows import Rows
from bulk_orders.checking.statements import where
from bulk_orders.core.stated_rules import StatedRule, sent
from bulk_orders.core.statements import Every, Filled, Repeated, Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What the sentence of one broken cell needs."""

    parts: Mapping[str, str] = field(default_factory=dict)
    proposal: str | None = None


Broken = Callable[[Rows], BoolArray]
Explain = Callable[[Rows, int], Explanation]
"""Called with a position of the rows, only for broken cells."""


def no_more(_rows: Rows, _position: int) -> Explanation:
    """Explain nothing: the sentence has no gaps but column and value."""
    return Explanation()


class Seen(enum.StrEnum):
    """Whether the template's Check column sees what a rule says; of warnings and notes it shows none."""

    WHOLE = "yes"
    PART = "in part"
    NOT = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A named rule with one target column: it marks cells of that column and no others."""

    code: str
    field: str
    broken: Broken
    explain: Explain = no_more
    mistake_of: Callable[[Rows, int], int] | None = None
    """Which mistake a broken cell is part of, by position: cells of one mistake are told once, all together."""
    seen: Seen = Seen.NOT

    @property
    def name(self) -> str:
        """Code and target, as the schema's check is called: `E-RANGE quantity`."""
        return f"{self.code} {self.field}"


def is_sent(rows: Rows, name: str) -> BoolArray:
    """Return the rows whose cell matters."""
    return where(rows, sent(rows.frame.column(name)))


def text_rule(code: str, name: str, fault: Callable[[str], str]) -> Rule:
    """Make a rule about one text: `fault` says why it is wrong, or nothing. Formulas see a part of it."""
    return Rule(
        seen=Seen.PART,
        code=code,
        field=name,
        broken=lambda rows: rows.frame.where(name, lambda text: bool(fault(text)), is_sent(rows, name)),
        explain=lambda rows, position: Explanation(parts={"why": fault(rows.frame.value(name, position))}),
    )


def repeats_rule(
    code: str,
    name: str,
    repeats: Callable[[Rows], Repeats],
    broken: Broken | None = None,
    seen: Seen = Seen.NOT,
) -> Rule:
    """Make a rule about rows that repeat one another: all of them are told, and told once."""
    return Rule(
        code=code,
        field=name,
        broken=broken or (lambda rows: repeats(rows).mask),
        explain=lambda rows, position: Explanation(parts={"rows": repeats(rows).named(position)}),
        mistake_of=lambda rows, position: repeats(rows).group(position),
        seen=seen,
    )


def stated(rule: StatedRule, explain: Explain = no_more) -> Rule:
    """Make the check of a rule that `core.stated_rules` has."""

    def broken(rows: Rows) -> BoolArray:
        matters = sent(rows.frame.column(rule.column))
        return where(rows, Every((Filled(rule.column), matters, rule.statement)))

    match rule.statement:
        case Repeated(name, _) | Taken(name, _, _):
            return repeats_rule(rule.code, rule.column, lambda rows: rows.repeats(name), broken, Seen.WHOLE)
        case _:
            return Rule(code=rule.code, field=rule.column, broken=broken, explain=explain, seen=Seen.WHOLE)
