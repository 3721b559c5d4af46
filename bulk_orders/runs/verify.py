"""Verify a ledger against itself and against the heads of its log that results workbooks noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bulk_orders.errors import InputError
from bulk_orders.ledger.verification import Head
from bulk_orders.reading.input_file import read_file
from bulk_orders.reading.run_info import read_run_info
from bulk_orders.texts import ledger as ledger_words
from bulk_orders.texts import results as words


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
    number, head = told.get(words.LOG_EVENTS, ""), told.get(words.LOG_HEAD, "")
    if not number.isdecimal() or not head:
        raise InputError(
            ledger_words.NOTHING_NOTED.format(source=path.name), fix=ledger_words.NOTHING_NOTED_FIX
        )
    return Noted(
        environment=told.get(words.ENVIRONMENT, ""),
        head=Head(source=path.name, number=int(number), hash=head),
    )
