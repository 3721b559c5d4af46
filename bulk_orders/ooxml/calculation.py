"""Excel's list of formulas, in the order in which they were calculated.

An entry for a cell without a formula is damage to Excel. A workbook without the list is not: Excel makes it again.
"""

import re
from collections.abc import Iterator
from typing import Final

from bulk_orders.ooxml.addresses import column_index
from bulk_orders.ooxml.draft import Draft
from bulk_orders.ooxml.notes import Place

_ENTRY: Final = re.compile(rb"<(?:[\w.-]+:)?c\s([^<>]*)>")
_CELL: Final = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_SHEET: Final = re.compile(rb"""\bi\s*=\s*["']([0-9]+)["']""")


def listed_formulas(draft: Draft, main: str) -> Iterator[tuple[str, Place]]:
    """Yield the formulas that are listed: the number of their sheet, as the workbook `main` counts sheets, and their cell."""
    for part in _parts(draft, main):
        sheet, rest = "", b""
        for chunk in draft.package.chunks(part):
            whole, _, rest = (rest + chunk).rpartition(b">")
            for entry in _ENTRY.findall(whole + b">"):
                number, cell = _SHEET.search(entry), _CELL.search(entry)
                sheet = number[1].decode() if number else sheet  # an entry is on the sheet of the one before
                if cell:
                    yield sheet, (int(cell[2]), column_index(cell[1].decode()))


def forget_order(draft: Draft, main: str) -> None:
    """Leave the list out."""
    for part in _parts(draft, main):
        draft.remove_with_belongings(part, main)


def _parts(draft: Draft, main: str) -> list[str]:
    return [link.target for link in draft.links(main) if link.kind == "calcChain" and draft.has(link.target)]
