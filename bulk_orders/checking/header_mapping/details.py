"""What the cells of a mapped column say about how it is written: dates with the day first, products with a part too many."""

import re
from collections.abc import Sequence
from typing import Final

from bulk_orders.core.mapping import DAY_MONTH, MONTH_DAY

_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2[0-9]{4}")
_LAST_MONTH: Final = 12
_CATALOGUE_ITEM = re.compile(r"[A-Z0-9]{12}:[A-Z0-9]{4}:[A-Z0-9]{12}")
"""Partner Center's catalogue item: product, SKU and availability; the first two are the part number."""
_PARTS_OF_MPN: Final = 2


def dates_of(texts: Sequence[str]) -> str:
    """Return the order of day and month that a column's dates prove; points between them are only written with the day first."""
    found = [match for match in map(_YEAR_LAST.fullmatch, texts) if match]
    if not found:
        return ""
    day_first = any(int(match[1]) > _LAST_MONTH for match in found)
    month_first = any(int(match[3]) > _LAST_MONTH for match in found)
    if day_first and month_first:
        return ""
    if day_first or all(match[2] == "." for match in found):
        return "" if month_first else DAY_MONTH
    return MONTH_DAY if month_first else ""


def date_doubt(texts: Sequence[str]) -> str:
    """Return the first date of a column that can be two days, where the column does not prove which; nothing if it does."""
    found = [match for match in map(_YEAR_LAST.fullmatch, texts) if match]
    open_ones = [match for match in found if int(match[1]) <= _LAST_MONTH and int(match[3]) <= _LAST_MONTH]
    return open_ones[0][0] if open_ones and len(open_ones) == len(found) and not dates_of(texts) else ""


def parts_of(texts: Sequence[str]) -> int:
    """Return how many parts of each text are the part number; 0 where they are it as they stand."""
    return _PARTS_OF_MPN if texts and all(map(_CATALOGUE_ITEM.fullmatch, texts)) else 0
