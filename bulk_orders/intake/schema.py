"""pandera schemas made from the rules: one per sheet, everything found at once.

Each rule is one check on its target column, closing over the frame. A check on the whole frame would report every column
of a failing row (pandera), so there is none. The check's error text is the rule's name, by which its failures come back.
"""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from bulk_orders.intake.rules_frame import SheetFrame
from bulk_orders.intake.rules_shape import Rule


def schema_of(frame: SheetFrame, rules: Mapping[str, Rule]) -> pa.DataFrameSchema:
    """Make the schema of a sheet from rules by name: one column per target, one named check per rule."""
    checks: dict[str, list[pa.Check]] = {}
    for name, rule in rules.items():
        checks.setdefault(rule.field, []).append(_check(frame, name, rule))
    columns = {
        field: pa.Column(object, checks_of_one, nullable=True) for field, checks_of_one in checks.items()
    }
    return pa.DataFrameSchema(columns)


def _check(frame: SheetFrame, name: str, rule: Rule) -> pa.Check:
    broken = rule.broken(frame)
    if not broken.any():
        return pa.Check(lambda _series: True, error=name, ignore_na=False)
    return pa.Check(lambda series: pd.Series(~broken, index=series.index), error=name, ignore_na=False)


def _named(rules: Sequence[Rule]) -> dict[str, Rule]:
    """Give each rule a name of its own: a code may have two rules for a cell, one of reading and one of content."""
    named: dict[str, Rule] = {}
    for rule in rules:
        named[rule.name if rule.name not in named else f"{rule.name} ({len(named)})"] = rule
    return named


def broken_cells(frame: SheetFrame, rules: Sequence[Rule]) -> Iterator[tuple[Rule, int]]:
    """Yield each broken cell once: the rule, and the row as a position of the frame."""
    if not len(frame) or not rules:
        return
    named = _named(rules)
    texts = pd.DataFrame(
        {field: frame.series(field) for field in {rule.field: None for rule in rules}}, dtype=object
    )
    texts.index = pd.RangeIndex(len(frame))
    try:
        schema_of(frame, named).validate(texts, lazy=True)
    except SchemaErrors as found:
        cases = found.failure_cases
        for name, position in zip(cases["check"], cases["index"], strict=True):
            yield named[str(name)], int(position)
