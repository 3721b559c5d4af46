"""What Excel would repair in a workbook, or would not open at all: looked for in its parts, without Excel.

The rules are those of ECMA-376, and of what Excel is known to refuse beyond them (names of tables that differ from
their header cells, a list of formulas that names a cell without one).
"""

from ooxml.repairs.book import book_faults
from ooxml.repairs.package import Opened, package_faults
from ooxml.repairs.sheet import sheet_faults


def faults_of(content: bytes) -> list[str]:
    """One sentence for each thing that is wrong; nothing for a workbook that simply opens."""
    opened = Opened(content)
    faults = [*package_faults(opened)]
    if opened.tree(opened.main) is None:
        return faults
    return [*faults, *book_faults(opened), *sheet_faults(opened)]
