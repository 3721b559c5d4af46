"""What workbooks that are made to be slow cost as they grow: in proportion to their size is wanted, the exponent 1."""

from math import log2

import pytest
from books.hostile_books import HOSTILE, hostile_book, processor_s
from measuring import say

SIZES = [500_000 * 2**step for step in range(4)]


@pytest.mark.benchmark
@pytest.mark.parametrize("kind", HOSTILE)
def test_cost_by_size(kind: str) -> None:
    costs_s = [processor_s(hostile_book(kind, size)) for size in SIZES]
    exponent = log2(costs_s[-1] / costs_s[0]) / log2(SIZES[-1] / SIZES[0])
    say(
        f"a hostile workbook ({kind}), read and added to, CPU seconds",
        {f"{size:,} bytes": f"{cost_s:.2f} s" for size, cost_s in zip(SIZES, costs_s, strict=True)}
        | {"exponent": f"{exponent:.2f} (wanted: 1.0)"},
    )
