"""A workbook read in a process of its own and checked: as it comes, or as a run saw it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bulk_orders.checking.check import CheckContext, check
from bulk_orders.checking.result import CheckResult
from bulk_orders.ledger.interface import Ledger, RunRecord
from bulk_orders.reading.isolated import read_safely


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A workbook as it was read, once."""

    path: Path
    content: bytes

    @property
    def sha256(self) -> str:
        """Of the bytes that were read."""
        return hashlib.sha256(self.content).hexdigest()


def check_context(now: datetime, *, own_domain: str, include_hidden: bool) -> CheckContext:
    """Return what checking needs to know of the world."""
    return CheckContext(today=now.date(), own_domain=own_domain, include_hidden=include_hidden)


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
