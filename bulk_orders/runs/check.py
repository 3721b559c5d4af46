"""A workbook read in a process of its own and checked: as it comes, or as a run saw it."""

import json
from datetime import UTC

from bulk_orders.checking.check import CheckContext, check
from bulk_orders.checking.result import CheckResult
from bulk_orders.ledger.interface import Ledger, RunRecord
from bulk_orders.reading.isolated import read_safely


def read_and_check(content: bytes, name: str, context: CheckContext) -> CheckResult:
    """Read a workbook in a process of its own, and check it. Raises `InputError` when there is nothing to check."""
    return check(read_safely(content, name), context)


def check_again(ledger: Ledger, run: RunRecord) -> CheckResult:
    """Return the workbook of a run as the run saw it: its own bytes, its own day, its own settings."""
    options = json.loads(run.options)
    context = CheckContext(
        today=run.started_at.astimezone(UTC).date(),
        own_domain=options.get("own_domain", ""),
        include_hidden=options.get("include_hidden", False),
    )
    return read_and_check(ledger.source(run.run_id), run.source_name, context)
