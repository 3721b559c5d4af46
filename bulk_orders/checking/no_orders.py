"""Rows that are no orders: the headers once more, as they come along with a copied block, and totals below the rows.

Such a row has one thing wrong, and that is that it is there.
"""

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from bulk_orders.checking.frame import BoolArray, SheetFrame
from bulk_orders.core.columns.table import folded, recognised
from bulk_orders.core.model import Problem, SheetRole, SheetTable
from bulk_orders.core.problem_texts import problem

_NAMES_AN_ORDER: Final = ("mpn", "customer_id")
"""That of fewer different texts first: it leaves hardly a row to ask the other about."""
_LONGEST_LABEL: Final = 40
_LARGEST_SUMMED: Final = 1_000_000_000
_TOTAL = re.compile(
    r"(?:grand |sub-? ?|gesamt|zwischen|running )?"
    r"(?:totals?|totaal|totale|totaux|totalt|sums?|summe|suma|somma|somme|gesamt|insgesamt|zusammen|razem|celkem"
    r"|összesen|toplam|yhteensä|sammanlagt|i alt|σύνολο|итого|всего|合計|合计|总计|[σ∑])"
    r"(?![^\W_])"
)


def not_orders(table: SheetTable, frame: SheetFrame) -> Iterator[Problem]:
    """Yield a problem for each row of headers or totals; `frame` holds the table's rows in their order."""
    for position in np.flatnonzero(_may_be_headers(frame)).tolist():
        if _is_header(table, table.cells[position]):
            yield _told(table, position, "a row of headers")
    is_sum = _sums(frame)
    for position in np.flatnonzero(_names_no_order(frame)).tolist():
        cells = table.cells[position]
        if any(map(_is_label, cells)) or (is_sum[position] and _has_only_quantity(table, frame, cells)):
            yield _told(table, position, "a row of totals")


def _may_be_headers(frame: SheetFrame) -> BoolArray:
    """Return the rows in which a number's cell names its column: a quick look, for there may be a million."""
    found = frame.everywhere(broken=False)
    for name in ("customer_id", "quantity"):
        if name in frame:
            entry = frame.columns[name]
            named = np.zeros(len(entry.typed), dtype=np.bool_)
            named[[place for place in entry.readings if _names(name, entry.typed[place])]] = True
            found |= named[entry.codes]
    return found


def _names(field: str, text: str) -> bool:
    known = [found for role in SheetRole if (found := recognised(role, text))]
    return any(found.name == field for found in known)


def _is_header(table: SheetTable, cells: list[str]) -> bool:
    """Tell whether most of a row's texts are the headers of their columns."""
    pairs = [(found, text) for found, text in zip(table.columns, cells, strict=True) if text.strip()]
    named = sum(
        folded(text) == folded(found.header) or bool(found.field and _names(found.field, text))
        for found, text in pairs
    )
    return named > 1 and named * 2 > len(pairs)


def _names_no_order(frame: SheetFrame) -> BoolArray:
    """Return the rows without a customer and a product, but for a label that stands in their place."""
    found = frame.everywhere(broken=True)
    for name in _NAMES_AN_ORDER:
        if name in frame:
            entry = frame.columns[name]
            labels = entry.different(found)
            for place in np.flatnonzero(labels).tolist():
                text = entry.typed[place]
                labels[place] = not text.strip() or _is_label(text)
            found &= labels[entry.codes] & ~frame.damaged(name)
    return found


def _is_label(text: str) -> bool:
    return len(text) <= _LONGEST_LABEL and _TOTAL.match(text.strip().casefold()) is not None


def _sums(frame: SheetFrame) -> BoolArray:
    """Return the rows whose quantity is that of all rows above it."""
    if "quantity" not in frame or not len(frame):
        return frame.everywhere(broken=False)
    entry = frame.columns["quantity"]
    values = np.array([min(int(value or 0), _LARGEST_SUMMED) for value in entry.canonical], dtype=np.int64)
    numbers = values[entry.codes]
    above = np.cumsum(numbers) - numbers
    found: BoolArray = (numbers > 0) & (numbers == above)
    found[:2] = False
    return found


def _has_only_quantity(table: SheetTable, frame: SheetFrame, cells: list[str]) -> bool:
    pairs = zip(table.columns, cells, strict=True)
    return {found.field for found, text in pairs if found.field in frame and text.strip()} == {"quantity"}


def _told(table: SheetTable, position: int, what: str) -> Problem:
    row = table.sheet_rows[position]
    first = next(
        found.letter for found, text in zip(table.columns, table.cells[position], strict=True) if text.strip()
    )
    return problem(
        "E-NO-ORDER",
        parts={"row": str(row), "what": what},
        sheet=table.name,
        sheet_row=row,
        cells=(f"{first}{row}",),
    )
