"""In the flat form a customer's values stand in each of its orders: here they are compared with one another.

Name and domain must be the same. The tenant may differ: `W-TENANT-REPEAT` itself advises to let the later orders of a new
tenant say Existing tenant, once the first one has created it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bulk_orders.checking.frame import BoolArray, IntArray, SheetFrame
from bulk_orders.checking.repeats import first_places, keys_of, listed, unlike_first
from bulk_orders.checking.rows import Rows
from bulk_orders.checking.rule import Explanation, Rule


def contradiction(name: str) -> Rule:
    """Make the rule that all filled cells of a column are the same for a customer, whatever their case and spaces."""

    def compared(rows: Rows) -> _Compared:
        return rows.once(f"contradictions of {name}", lambda: _compare(rows.frame, name))

    def explain(rows: Rows, position: int) -> Explanation:
        frame, found = rows.frame, compared(rows)
        place = int(found.other[found.customers[position]])
        parts = {
            "customer": frame.value("customer_id", position),
            "other": frame.value(name, place),
            "rows": listed([int(frame.sheet_rows[position]), int(frame.sheet_rows[place])], 2),
        }
        return Explanation(parts=parts)

    return Rule(
        code="E-CONTRADICTION",
        field=name,
        broken=lambda rows: compared(rows).broken,
        explain=explain,
        mistake_of=lambda rows, position: int(compared(rows).customers[position]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    broken: BoolArray
    customers: IntArray
    """One number per row; rows of a customer have the same."""
    other: IntArray
    """By customer, the first row that says something else than its first one; -1 for none."""


def _compare(frame: SheetFrame, name: str) -> _Compared:
    customers = keys_of(frame, ["customer_id"])
    compared = np.flatnonzero(frame.filled("customer_id") & frame.filled(name))
    differs = unlike_first(customers, keys_of(frame, [name]), compared)
    if len(differs):  # mostly none does, and then case and spaces need no look
        differs = unlike_first(customers, _values(frame, name), compared)
    other = first_places(customers, differs)
    broken = np.zeros(len(frame), dtype=np.bool_)
    broken[compared] = other[customers[compared]] >= 0
    return _Compared(broken=broken, customers=customers, other=other)


def _values(frame: SheetFrame, name: str) -> IntArray:
    entry = frame.columns[name]
    folded = np.array([" ".join(str(text).casefold().split()) for text in entry.canonical], dtype=object)
    codes, _ = pd.factorize(folded)
    return codes.astype(np.int64)[entry.codes]
