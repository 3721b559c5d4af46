"""Rules for cells that the action of their row does not use: somebody typed there what does not happen."""

from collections.abc import Sequence
from functools import partial

from bulk_orders.checking.frame import BoolArray, IntArray
from bulk_orders.checking.repeats import keys_of
from bulk_orders.checking.rows import Rows
from bulk_orders.checking.rule import Explanation, Rule
from bulk_orders.checking.values.choices import label_of
from bulk_orders.core.columns.table import columns_of
from bulk_orders.core.model import SheetRole
from bulk_orders.core.order_types import OF_PRODUCTS, USUAL

_ACTION = "order_type"


def unused_rules(parameters: Sequence[str]) -> list[Rule]:
    """Return the rules of the orders; `parameters` are columns of its own, named `parameter:NAME`."""
    of_columns = [
        (entry.name, entry.order_types) for entry in columns_of(SheetRole.ORDERS) if entry.order_types
    ]
    return [
        _unused(name, types) for name, types in (*of_columns, *((name, OF_PRODUCTS) for name in parameters))
    ]


def _unused(name: str, types: Sequence[str]) -> Rule:
    """Make the rule of one column: the cells of one action are told once, all together."""
    return Rule(
        code="W-NOT-USED",
        field=name,
        broken=partial(_is_unused, name=name, types=types),
        explain=_explain,
        mistake_of=lambda rows, position: int(_actions(rows)[position]),
    )


def _is_unused(rows: Rows, *, name: str, types: Sequence[str]) -> BoolArray:
    frame = rows.frame
    if name not in frame or (_ACTION not in frame and USUAL.key in types):
        return frame.everywhere(broken=False)
    uses = frame.where(_ACTION, types.__contains__) if _ACTION in frame else frame.everywhere(broken=False)
    is_understood = frame.filled(_ACTION) if _ACTION in frame else ~uses
    return is_understood & ~uses & ~frame.blank(name)


def _explain(rows: Rows, position: int) -> Explanation:
    frame = rows.frame
    action = frame.value(_ACTION, position) or USUAL.key
    return Explanation(parts={"action": label_of(frame.column(_ACTION), action)})


def _actions(rows: Rows) -> IntArray:
    return rows.once("actions", lambda: keys_of(rows.frame, [_ACTION]))
