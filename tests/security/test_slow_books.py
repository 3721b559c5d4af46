"""Workbooks that are made to be slow to go through: what they cost grows with their size, and no faster."""

import time
from contextlib import suppress
from io import BytesIO

import pytest
from books.hostile_books import HOSTILE, good_book, hostile_book
from books.own_books import problems_of, read

from bulk_orders.core.model import SheetRole
from bulk_orders.errors import InputError, UnsafeToPatch
from bulk_orders.writing.own_copy.checked import fill_checked
from bulk_orders.writing.own_copy.our_sheets import checked_told
from bulk_orders.writing.own_copy.told import Findings

pytestmark = pytest.mark.long

PART_BYTES = 120_000
ALLOWED_S = 5.0
"""Of the processor, for what takes a twentieth of it; gone through anew at each place, it took minutes to days."""


def cost_s(content: bytes) -> float:
    """Read a workbook and write problems into it; the processor's seconds."""
    good = read(good_book())
    problems = problems_of(good)
    found = Findings(
        tables={SheetRole.ORDERS: good.orders},
        problems=problems.problems,
        row_states=problems.row_states,
        source_name="orders.xlsx",
        mark="m",
    )
    told = checked_told(found, has_live_check=False)
    started = time.process_time()
    for step in (lambda: read(content), lambda: fill_checked(BytesIO(), content, told)):
        with suppress(InputError, UnsafeToPatch):
            step()
    return time.process_time() - started


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_begins_again_and_again_is_gone_through_once(kind: str) -> None:
    content = hostile_book(kind, PART_BYTES)
    assert len(content) < 17_000
    assert cost_s(content) < ALLOWED_S


@pytest.mark.benchmark
@pytest.mark.parametrize("kind", HOSTILE)
def test_cost_by_size(kind: str) -> None:
    sizes = [500_000 * 2**step for step in range(4)]
    costs = [cost_s(hostile_book(kind, size)) for size in sizes]
    print(
        f"\n{kind}: " + ", ".join(f"{size:,} B {cost:.2f} s" for size, cost in zip(sizes, costs, strict=True))
    )
    steepest = costs[-1] / max(costs[0], 0.05)
    print(f"eight times the size costs {steepest:.1f} times as much (wanted: at most 12)")
    assert steepest < 12
