"""pandera schemas made from the rules: one per sheet, everything found at once.

Each rule is one check on its target column, closing over the frame. A check on the whole frame would report every column
of a failing row (pandera), so there is none. The check's error text is the rule's name, by which its failures come back.
"""

from collections.abc import Iterator, Sequence

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from bulk_orders.intake.rules_frame import SheetFrame
from bulk_orders.intake.rules_shape import Rule


def schema_of(frame: SheetFrame, rules: Sequence[Rule]) -> pa.DataFrameSchema:
    """Make the schema of a sheet: one column per target, one named check per rule."""
    checks: dict[str, list[pa.Check]] = {}
    for rule in rules:
        checks.setdefault(rule.field, []).append(_check(frame, rule))
    columns = {
        name: pa.Column(object, checks_of_one, nullable=True) for name, checks_of_one in checks.items()
    }
    return pa.DataFrameSchema(columns)


def _check(frame: SheetFrame, rule: Rule) -> pa.Check:
    broken = rule.broken(frame)
    if not broken.any():
        return pa.Check(lambda _series: True, error=rule.name, ignore_na=False)
    return pa.Check(lambda series: pd.Series(~broken, index=series.index), error=rule.name, ignore_na=False)


def broken_cells(frame: SheetFrame, rules: Sequence[Rule]) -> Iterator[tuple[Rule, int]]:
    """Yield each broken cell once: the rule, and the row as a position of the frame.

    Two rules of one name and target would hide one another, so names must be unique.
    """
    by_name = {rule.name: rule for rule in rules}
    if not len(frame) or not rules:
        return
    texts = pd.DataFrame(
        {name: frame.series(name) for name in {rule.field: None for rule in rules}}, dtype=object
    )
    texts.index = pd.RangeIndex(len(frame))
    try:
        schema_of(frame, rules).validate(texts, lazy=True)
    except SchemaErrors as found:
        cases = found.failure_cases
        for name, position in zip(cases["check"], cases["index"], strict=True):
            yield by_name[str(name)], int(position)
