"""A large block of rows is judged in one look and a small one in two: both see the same rows, as wide as they are."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.reading.usual_rows import usual_rows

ROWS = 6_000
CELLS = (' s="3"><v>12</v></c>', ' t="s"><v>7</v></c>', ' s="3"/>', ' t="e"><v>#N/A</v></c>')


@settings(max_examples=8)
@given(
    usual=st.sets(st.integers(0, 30), min_size=2, max_size=6),
    others=st.dictionaries(st.integers(1, ROWS), st.integers(0, 51), max_size=3),
)
def test_a_large_block_is_as_wide_as_its_widest_row(usual: set[int], others: dict[int, int]) -> None:
    rows = [_row(number, sorted(usual | {others.get(number, min(usual))})) for number in range(1, ROWS + 1)]
    large = usual_rows(b"".join(rows), 0)
    small = [usual_rows(row, number) for number, row in enumerate(rows)]
    assert large is not None
    assert large.width == max(found.width for found in small if found) == max(*usual, *others.values()) + 1
    assert [*large.tags] == [tag for found in small if found for tag in found.tags]


def _row(number: int, columns: list[int]) -> bytes:
    cells = (f'<c r="{column_letters(column)}{number}"{CELLS[column % len(CELLS)]}' for column in columns)
    return f'<row r="{number}" spans="1:9">{"".join(cells)}</row>'.encode()
