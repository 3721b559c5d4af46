"""The rows of a report as they are sent to the process that writes them into somebody's workbook, some thousands at a time.

Nearly all rows of a large run are filled alike, and nothing in them has to be cleaned or escaped. Of those only the values
that differ are sent, as the texts that go into the cells, column by column. All other rows are sent as they are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any, Final, TypeVar

from bulk_orders.core.lifecycle import AttemptRecord
from bulk_orders.core.report import ResultRow, RunReport
from bulk_orders.ooxml.cell_xml import are_harmless, serials
from bulk_orders.writing.own_copy.attempts import is_linked
from bulk_orders.writing.own_copy.result_cells import amount_number, cancel_style
from bulk_orders.writing.own_copy.told import (
    OWN_TEXTS,
    SAME_IN_ATTEMPTS,
    SAME_IN_RESULTS,
    SLOW_ATTEMPTS,
    VALUE_END,
    AlikeAttempts,
    AlikeResults,
    AttemptBatch,
    ResultBatch,
)

BATCH: Final = 2_000
FEW: Final = 8
"""So few rows are written one by one in less time than it takes to find out what they have in common."""
_NO_NUMBER: Final = "?"
"""Is not harmless, so that the row is one of the others."""
_attempt_texts: Final = attrgetter("correlation_id", "key")

_Record = TypeVar("_Record")
_Columns = list[list[Any]]


def all_batches(report: RunReport, *, counts_from_1904: bool) -> Iterator[ResultBatch | AttemptBatch]:
    """Yield the rows of a report, and then its attempts."""
    yield from result_batches(report, counts_from_1904=counts_from_1904)
    yield from attempt_batches(report.attempts, counts_from_1904=counts_from_1904)


def result_batches(report: RunReport, *, counts_from_1904: bool) -> Iterator[ResultBatch]:
    """Yield what became of the rows."""
    for start in range(0, len(report.rows), BATCH):
        rows = report.rows[start : start + BATCH]
        usual = [row for row in rows if not (row.message or row.how_to_fix)]
        texts = _result_texts(usual)
        if not are_harmless([*chain(*texts)]):
            usual = [row for row in usual if are_harmless([*chain(*_result_texts([row]))])]
            texts = _result_texts(usual)
        same = _columns(usual, ("outcome", *SAME_IN_RESULTS))
        same.append([cancel_style(row.cancel_before, report.written_at) for row in usual])
        moments = [
            serials(column, counts_from_1904=counts_from_1904)
            for column in _columns(usual, ("ordered_at", "cancel_before"))
        ]
        alike, others = _parted(
            {row.sheet_row: row for row in rows},
            {row.sheet_row: row for row in usual},
            same,
            [*texts, *moments],
        )
        yield ResultBatch(
            alike=[AlikeResults(like=like, values=values) for like, values in alike],
            others=[*others.values()],
        )


def last_rows(rows: Sequence[ResultRow]) -> list[int]:
    """Return the last row of each batch."""
    return [rows[min(start + BATCH, len(rows)) - 1].sheet_row for start in range(0, len(rows), BATCH)]


def number_of_attempt_batches(attempts: int) -> int:
    """Return how many batches so many attempts are."""
    return len(range(SLOW_ATTEMPTS, attempts, BATCH))


def attempt_batches(attempts: Sequence[AttemptRecord], *, counts_from_1904: bool) -> Iterator[AttemptBatch]:
    """Yield the attempts beyond `SLOW_ATTEMPTS`."""
    for start in range(SLOW_ATTEMPTS, len(attempts), BATCH):
        lines = dict(enumerate(attempts[start : start + BATCH], start=start + 2))
        usual = {line: attempt for line, attempt in lines.items() if attempt.ended_at and not attempt.reason}
        texts = _columns(usual.values(), ("correlation_id", "key"))
        if not _are_filled_and_harmless([*chain(*texts)]):
            usual = {
                line: attempt
                for line, attempt in usual.items()
                if _are_filled_and_harmless(_attempt_texts(attempt))
            }
            texts = _columns(usual.values(), ("correlation_id", "key"))
        same = _columns(usual.values(), SAME_IN_ATTEMPTS)
        same.append([*map(is_linked, usual)])
        numbers = [
            [str(attempt.sheet_row) for attempt in usual.values()],
            serials([attempt.begun_at for attempt in usual.values()], counts_from_1904=counts_from_1904),
            [_seconds(attempt) for attempt in usual.values()],
        ]
        alike, others = _parted(lines, usual, same, [*numbers, *texts])
        yield AttemptBatch(
            alike=[AlikeAttempts(like=like, values=values) for like, values in alike],
            others=[*others.values()],
            other_lines=[*others],
        )


def _parted(
    records: Mapping[int, _Record],
    usual: Mapping[int, _Record],
    same: Iterable[Sequence[Any]],
    values: Iterable[Sequence[str]],
) -> tuple[list[tuple[_Record, list[str]]], dict[int, _Record]]:
    """Return those that are alike, as one of them and the values of all, and the others by their numbers.

    Those are alike that are `usual`, say the same in each column of `same`, and are filled in the same ones of `values`.
    """
    numbers, found = [*usual], [*usual.values()]
    written = [*values, [*map(str, numbers)]]
    others, end = dict(records), VALUE_END.decode()
    alike = []
    for places in _alike(len(numbers), same, written):
        pick = itemgetter(*places)
        alike.append((found[places[0]], [end.join(pick(column)) for column in written]))
        for number in pick(numbers):
            del others[number]
    return alike, others


def _alike(count: int, same: Iterable[Sequence[Any]], values: Iterable[Sequence[str]]) -> list[Sequence[int]]:
    """Return the places of those that are alike, unless they are few."""
    if count < FEW:
        return []
    # Most columns are the same from the first to the last: only the others tell rows apart.
    differing = [column for column in same if column.count(column[0]) < count]
    differing += [[*map(bool, column)] for column in values if 0 < column.count("") < count]
    if not differing:
        return [range(count)]
    places: dict[object, list[int]] = defaultdict(list)
    for at, key in enumerate(zip(*differing, strict=True)):
        places[key].append(at)
    return [found for found in places.values() if len(found) >= FEW]


def _columns(records: Iterable[object], names: Iterable[str]) -> _Columns:
    records = [*records]
    return [[*map(attrgetter(name), records)] for name in names]


def _result_texts(rows: Iterable[ResultRow]) -> _Columns:
    *texts, amounts = _columns(rows, OWN_TEXTS)
    return [*texts, [amount and (amount_number(amount) or _NO_NUMBER) for amount in amounts]]


def _are_filled_and_harmless(texts: Sequence[str]) -> bool:
    return all(texts) and are_harmless(texts)


def _seconds(attempt: AttemptRecord) -> str:
    return "" if attempt.ended_at is None else str((attempt.ended_at - attempt.begun_at).total_seconds())
