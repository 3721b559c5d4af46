"""Which columns a refusal is about: those that it names, or else those whose value it quotes."""

from typing import Final

from bulk_orders.core.columns.table import COLUMNS, TEXT_KINDS, kind_of
from bulk_orders.core.free_parameters import bare_name
from bulk_orders.core.model import Row
from bulk_orders.core.order_types import ON_SUBSCRIPTIONS

_SHORTEST_QUOTE: Final = 4
"""Characters of a value that is looked for in a refusal; shorter ones are found by chance."""
_API_NAMES: Final = {(column.api_name, column.name) for column in COLUMNS if column.api_name}


def complained_fields(said: str, row: Row | None = None) -> tuple[str, ...]:
    """Return the columns whose API name is in the marketplace's words, the longest names first; of a parameter, its name.

    Where none is named, those of the row's texts that the words quote; else, of what acts on a subscription, what is asked of it.
    """
    lowered = said.casefold()
    named = _API_NAMES | {(bare_name(name), name) for name, _ in (row.parameters if row else ())}
    found: list[str] = []
    for name, field in sorted(named, key=lambda pair: (-len(pair[0]), pair)):
        if name.casefold() in lowered:
            lowered = lowered.replace(name.casefold(), " ")
            found.append(field)
    return tuple(dict.fromkeys(found)) or _quoted(lowered, row) or asked_fields(row)


def asked_fields(row: Row | None) -> tuple[str, ...]:
    """Return the columns that say what is asked of a subscription; none of a row that asks for something else."""
    values = row.values if row else {}
    if values.get("order_type", "") not in ON_SUBSCRIPTIONS:
        return ()
    return ("quantity",) if "quantity" in values else ("subscription",)


def _quoted(lowered: str, row: Row | None) -> tuple[str, ...]:
    """Return the columns whose texts are in the words, the longest first. A choice is a word like any other, and is not looked for."""
    values = row.values if row else {}
    texts = {name: value for name, value in values.items() if kind_of(name) in TEXT_KINDS}
    found = [
        name for name, value in texts.items() if len(value) >= _SHORTEST_QUOTE and value.casefold() in lowered
    ]
    return tuple(sorted(found, key=lambda name: -len(texts[name])))
