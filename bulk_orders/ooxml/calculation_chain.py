"""Excel's list of formulas, in the order in which they were calculated.

An entry for a cell without a formula is damage to Excel. A workbook without the list is not: Excel makes it again.
"""

import re
from collections.abc import Iterator
from typing import Final

from bulk_orders.ooxml.addresses import Place, column_index
from bulk_orders.ooxml.edited_package import EditedPackage
from bulk_orders.ooxml.xml_bytes import PREFIX, whole_tags

_ENTRY: Final = re.compile(b"<" + PREFIX + rb"c\s([^<>]*)>")
_CELL: Final = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_SHEET: Final = re.compile(rb"""\bi\s*=\s*["']([0-9]+)["']""")


def listed_formulas(package: EditedPackage, main: str) -> Iterator[tuple[str, Place]]:
    """Yield the formulas that are listed: the number of their sheet, as the workbook `main` counts sheets, and their cell."""
    for part in _parts(package, main):
        sheet = ""
        for stretch in whole_tags(package.chunks(part)):
            for entry in _ENTRY.findall(stretch):
                number, cell = _SHEET.search(entry), _CELL.search(entry)
                sheet = number[1].decode() if number else sheet  # an entry is on the sheet of the one before
                if cell:
                    yield sheet, (int(cell[2]), column_index(cell[1]))


def forget_order(package: EditedPackage, main: str) -> None:
    """Leave the list out."""
    for part in _parts(package, main):
        package.remove_with_belongings(part, main)


def _parts(package: EditedPackage, main: str) -> list[str]:
    return [
        link.target for link in package.links(main) if link.kind == "calcChain" and package.has(link.target)
    ]
