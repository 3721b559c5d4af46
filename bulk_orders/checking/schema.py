"""pandera schemas made from the rules: one per sheet, everything found at once.

Each rule is one check on its target column, closing over the frame. A check on the whole frame would report every column
of a failing row (pandera), so there is none. The check's error text is the rule's name, by which its failures come back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from bulk_orders.checking.frame import BoolArray, SheetFrame
from bulk_orders.checking.rule import Rule, any_of

MOST_TOLD = 10_000
"""Cells of one rule that become problems; nobody reads more, and a crafted sheet could have millions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What one rule found."""

    rule: Rule
    mask: BoolArray
    """All rows that break it."""
    told: Sequence[int]
    """The first of them, as positions of the frame."""


def schema_of(told: Mapping[str, BoolArray], rules: Mapping[str, Rule]) -> pa.DataFrameSchema:
    """Make the schema of a sheet from rules by name: one column per target, one named check per rule.

    `told` says of the rules that are broken which rows of the frame that is validated are to be told.
    """
    checks: dict[str, list[pa.Check]] = {}
    for name, rule in rules.items():
        checks.setdefault(rule.field, []).append(_check(name, told.get(name)))
    columns = {
        field: pa.Column(object, checks_of_one, nullable=True) for field, checks_of_one in checks.items()
    }
    return pa.DataFrameSchema(columns)


def _check(name: str, told: BoolArray | None) -> pa.Check:
    if told is None:
        return pa.Check(lambda _series: True, error=name, ignore_na=False)
    return pa.Check(lambda series: pd.Series(~told, index=series.index), error=name, ignore_na=False)


def _named(rules: Sequence[Rule]) -> dict[str, Rule]:
    """Give each rule a name of its own: a code may have two rules for a cell, one of reading and one of content."""
    named: dict[str, Rule] = {}
    for rule in rules:
        named[rule.name if rule.name not in named else f"{rule.name} ({len(named)})"] = rule
    return named


def broken_rules(frame: SheetFrame, rules: Sequence[Rule]) -> Iterator[Broken]:
    """Yield each broken rule once, with all its rows."""
    if not len(frame) or not rules:
        return
    named = _named(rules)
    masks = {name: mask for name, rule in named.items() if (mask := rule.broken(frame)).any()}
    if not masks:
        return
    told = {name: mask & (np.cumsum(mask) <= MOST_TOLD) for name, mask in masks.items()}
    # pandera copies what it validates, and a million rows have few to explain of: it is given those.
    chosen = any_of([frame.everywhere(broken=False), *told.values()])
    telling = frame.select(chosen)
    texts = pd.DataFrame(
        {field: telling.series(field) for field in {rule.field: None for rule in rules}}, dtype=object
    )
    texts.index = pd.Index(np.flatnonzero(chosen))
    told = {name: mask[chosen] for name, mask in told.items()}
    try:
        schema_of(told, named).validate(texts, lazy=True)
    except SchemaErrors as found:
        cases = found.failure_cases
        for name, positions in cases["index"].groupby(cases["check"], sort=False):
            yield Broken(
                rule=named[str(name)], mask=masks[str(name)], told=[int(place) for place in positions]
            )
