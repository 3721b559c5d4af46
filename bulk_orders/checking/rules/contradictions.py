"""In the flat form a customer's values stand in each of its orders: here they are compared with one another.

Name and domain must be the same. The tenant may differ: `W-TENANT-REPEAT` itself advises to let the later orders of a new
tenant say Existing tenant, once the first one has created it.
"""

import numpy as np
import pandas as pd

from bulk_orders.checking.frame import IntArray, SheetFrame
from bulk_orders.checking.rule import Explanation, Rule, keys_of, listed


def contradiction(frame: SheetFrame, name: str) -> Rule:
    """Make the rule that all filled cells of a column are the same for a customer, whatever their case and spaces."""
    customers, _ = pd.factorize(keys_of(frame, ["customer_id"]))
    values = _values(frame, name)
    compared = np.flatnonzero(frame.filled("customer_id") & frame.filled(name))
    first = _first_places(customers, compared, len(frame))
    differs = compared[values[compared] != values[first[customers[compared]]]]
    other = _first_places(customers, differs, len(frame))
    is_told = np.zeros(len(frame), dtype=np.bool_)
    is_told[compared] = other[customers[compared]] >= 0

    def explain(frame: SheetFrame, position: int) -> Explanation:
        place = int(other[customers[position]])
        parts = {
            "customer": frame.value("customer_id", position),
            "other": frame.value(name, place),
            "rows": listed([int(frame.sheet_rows[position]), int(frame.sheet_rows[place])], 2),
        }
        return Explanation(parts=parts)

    return Rule(
        code="E-CONTRADICTION",
        field=name,
        broken=lambda _frame: is_told,
        explain=explain,
        mistake_of=lambda position: int(customers[position]),
    )


def _values(frame: SheetFrame, name: str) -> IntArray:
    entry = frame.columns[name]
    folded = np.array([" ".join(str(text).casefold().split()) for text in entry.canonical], dtype=object)
    codes, _ = pd.factorize(folded)
    return codes.astype(np.int64)[entry.codes]


def _first_places(customers: IntArray, places: IntArray, size: int) -> IntArray:
    """Return for each customer the first of `places` that is one of its rows; -1 for none."""
    first = np.full(size, -1, dtype=np.int64)
    first[customers[places[::-1]]] = places[::-1]
    return first
