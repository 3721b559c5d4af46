"""Takes back what somebody approved on the sheet Problems, and writes values into cells of a copy of the workbook.

Both are done in a process of their own: the workbook is a stranger's.
"""

import json
from collections.abc import Sequence
from io import BytesIO

from bulk_orders.core.columns.shapes import Kind
from bulk_orders.errors import UnsafeToPatch
from bulk_orders.ooxml.addresses import Place
from bulk_orders.writing.cells import decimal_number, whole_number
from bulk_orders.writing.own_copy.isolated import GAVE_UP, in_child
from bulk_orders.writing.own_copy.told import CellValue, ProblemLine, ValuesTold


def approved_lines(source: bytes) -> list[ProblemLine] | None:
    """Return the lines marked Yes; None where there is no sheet Problems of ours. Raises `UnsafeToPatch`."""
    file = BytesIO()
    in_child("bulk_orders.writing.own_copy.fix_cells:fill_lines", None, source, file)
    try:
        found = json.loads(file.getvalue())
        return None if found is None else [_line(**line) for line in found]
    except (ValueError, TypeError, RecursionError) as error:
        raise UnsafeToPatch(GAVE_UP) from error


def _line(*, number: object, has_shared_formula: object, **texts: object) -> ProblemLine:
    """Return a line that came back: nothing in it is believed to be of its kind."""
    return ProblemLine(
        number=int(str(number)),
        has_shared_formula=bool(has_shared_formula),
        **{name: str(text) for name, text in texts.items()},
    )


def value_for(sheet: str, place: Place, text: str, kind: Kind) -> CellValue:
    """Return what a cell is to hold for a text: numbers where the column has them, else text."""
    number = {Kind.WHOLE_NUMBER: whole_number, Kind.AMOUNT: decimal_number}.get(kind, _no_number)(text)
    return CellValue(sheet=sheet, row=place[0], column=place[1], text=text, is_number=number is not None)


def _no_number(_: str) -> float | None:
    return None


def written_values(source: bytes, values: Sequence[CellValue]) -> bytes:
    """Return a copy of the workbook with these values in its cells; styles stay. Raises `UnsafeToPatch`."""
    file = BytesIO()
    in_child("bulk_orders.writing.own_copy.fix_cells:fill_values", ValuesTold(values=values), source, file)
    return file.getvalue()
