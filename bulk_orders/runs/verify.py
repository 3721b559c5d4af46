"""Verify a ledger against itself and against the heads of its log that results workbooks noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bulk_orders.core.our_marks import ENVIRONMENT_LABEL, LOG_EVENTS_LABEL, LOG_HEAD_LABEL
from bulk_orders.errors import InputError
from bulk_orders.ledger.verification import Head
from bulk_orders.reading.input_file import read_file
from bulk_orders.reading.run_info import read_run_info


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What a results workbook says about the ledger that it was made from."""

    environment: str
    """PRACTICE or LIVE."""
    head: Head


def noted_heads(workbooks: Sequence[Path]) -> list[Noted]:
    """Read what each results workbook noted. Raises `InputError` for one that noted nothing."""
    return [_noted(path) for path in workbooks]


def _noted(path: Path) -> Noted:
    told = read_run_info(read_file(path), path.name)
    number, head = told.get(LOG_EVENTS_LABEL, ""), told.get(LOG_HEAD_LABEL, "")
    if not number.isdecimal() or not head:
        raise InputError(
            "{source} does not say how far the ledger's log had come when it was written.".format(
                source=path.name
            ),
            fix="Only results workbooks from version 0.2 or later do; name one of those.",
        )
    return Noted(
        environment=told.get(ENVIRONMENT_LABEL, ""),
        head=Head(source=path.name, number=int(number), hash=head),
    )
