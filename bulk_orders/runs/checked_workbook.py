"""The checked workbook: the user's own with its problems marked, or a new one where a copy is not safe."""

from collections.abc import Sequence
from pathlib import Path

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.model import Problem
from bulk_orders.errors import UnsafeToPatch
from bulk_orders.machine.mark_of_the_web import carry_over
from bulk_orders.reading.source import Source
from bulk_orders.writing.new_book.checked import write_checked
from bulk_orders.writing.own_copy.copy import write_checked_into


def write_findings(
    source: Source, checked: CheckResult, problems: Sequence[Problem], target: Path
) -> tuple[Path, str]:
    """Write the checked workbook: into a copy of the user's own, else a new one; where it is, and why it is new.

    Raises `ResultsNotWritten`.
    """
    tables = checked.tables
    found = (tables.orders, tables.customers, tables.products, problems, checked.row_states)
    try:
        written, reason = write_checked_into(target, source.content, *found), ""
    except UnsafeToPatch as unsafe:
        written, reason = write_checked(target, *found), unsafe.reason
    carry_over(source.path, written)
    return written, reason
