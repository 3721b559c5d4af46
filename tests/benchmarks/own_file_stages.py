"""One way of writing results into a large workbook of the user's, in a process of its own: prints its figures as JSON."""

import hashlib
import json
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, overload

sys.path.insert(0, str(Path(__file__).parents[2]))  # the tree before any installed copy

import openpyxl
import xlsxwriter
from peak_memory import peak_mb

from bulk_orders.core.columns.table import RESULT_COLUMNS
from bulk_orders.core.lifecycle import AttemptRecord
from bulk_orders.core.model import SheetColumn, SheetTable
from bulk_orders.core.report import ResultRow, RunReport
from bulk_orders.core.summary import Outcome
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.writing.own_copy.copy import write_results_into

STARTED_AT = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
HEADERS = ("reference", "customerId", "mpn", "quantity", *(f"Extra {number}" for number in range(26)))
FAILED_EVERY = 50


def make(path: Path, rows: int) -> None:
    """30 columns, shared texts as Excel writes them."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Orders")
    sheet.write_row(0, 0, HEADERS)
    for row in range(1, rows + 1):
        more = [f"some value {row * at % 997}" if at % 4 else row * at / 7 for at in range(26)]
        sheet.write_row(
            row, 0, [f"REF-{row:06d}", str(10**9 + row % 5000), "CFQ7TTC0LH16:0001", row % 50 + 1, *more]
        )
    book.add_worksheet("Mine").write(0, 0, "keep me")
    book.close()


class Made(Sequence[Any]):
    """Values made when they are asked for, so that what is measured is not what they take."""

    def __init__(self, numbers: range, one: Any) -> None:
        self._numbers = numbers
        self._one = one

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> "Made": ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return Made(self._numbers[index], self._one)
        return self._one(self._numbers[index])

    def __iter__(self) -> Iterator[Any]:
        return map(self._one, self._numbers)


def result(number: int) -> ResultRow:
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    sheet_row = number + 2
    common: dict[str, Any] = {
        "sheet_row": sheet_row,
        "po_sent": f"BO{digest[:13]}",
        "attempts": 1,
        "support_reference": f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}",
        "row_key": f"k1:{digest}",
        "run_id": "20261122-0215-K7QX",
        "body_sha256": digest,
        "customer_id": "1000000001",
    }
    if number % FAILED_EVERY == 0:
        return ResultRow(
            outcome=Outcome.REJECTED,
            message=f"The domain c{number}.onmicrosoft.com is taken.",
            how_to_fix="Choose another domain.",
            http_status=400,
            marked_cells=(f"Orders!D{sheet_row}",),
            **common,
        )
    return ResultRow(
        outcome=Outcome.ORDERED,
        order_number=f"SO{number:08d}",
        order_id=digest[:24],
        subscription_id=digest[:20],
        platform_status="completed",
        amount="12.50",
        currency="USD",
        ordered_at=STARTED_AT,
        cancel_before=STARTED_AT + timedelta(hours=168),
        http_status=201,
        **common,
    )


def attempt(number: int) -> AttemptRecord:
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    return AttemptRecord(
        key=f"k1:{digest}",
        run_id="20261122-0215-K7QX",
        sheet_row=number + 2,
        number=1,
        begun_at=STARTED_AT,
        ended_at=STARTED_AT + timedelta(seconds=0.2),
        verdict="accepted",
        http_status=201,
        reason="",
        bytes_sent=900,
        correlation_id=digest[:13],
    )


def report(rows: Sequence[ResultRow], attempts: Sequence[AttemptRecord]) -> RunReport:
    failed = -(-len(rows) // FAILED_EVERY)
    return RunReport(
        **dict.fromkeys(
            ("environment", "profile", "marketplace", "operator", "host", "program_version"), "x"
        ),
        run_id="20261122-0215-K7QX",
        source_name="big.xlsx",
        source_sha256="0" * 64,
        started_at=STARTED_AT,
        written_at=STARTED_AT,
        ended_at=None,
        stopped_by="",
        exit_code=None,
        audit_whole=True,
        orders=SheetTable(
            name="Orders",
            header_row=1,
            columns=tuple(
                SheetColumn(letter=column_letters(at), header=name) for at, name in enumerate(HEADERS)
            ),
            sheet_rows=range(2, len(rows) + 2),  # type: ignore[arg-type]
            cells=[],
        ),
        customers=None,
        products=None,
        rows=rows,
        counts={Outcome.REJECTED: failed, Outcome.ORDERED: len(rows) - failed},
        attempts=attempts,
    )


def openpyxl_only(path: Path, target: Path, _: RunReport) -> None:
    openpyxl.load_workbook(path).save(target)


def with_openpyxl(path: Path, target: Path, made: RunReport) -> None:
    """The same columns and the same attempts, cell by cell, without styles, notes and the other sheets."""
    book = openpyxl.load_workbook(path)
    sheet = book["Orders"]
    for at, (_, header) in enumerate(RESULT_COLUMNS, start=len(HEADERS) + 1):
        sheet.cell(1, at, header)
    same = {"source_row": "sheet_row", "outcome_code": "outcome"}
    names = [same.get(name, name) for name, _ in RESULT_COLUMNS]
    for found in made.rows:
        for at, name in enumerate(names, start=len(HEADERS) + 1):
            value = getattr(found, name)
            if value:
                moment = value.replace(tzinfo=None) if isinstance(value, datetime) else value
                sheet.cell(found.sheet_row, at, moment)
    attempts = book.create_sheet("Attempts")
    for tried in made.attempts:
        numbers = [tried.sheet_row, tried.number, tried.begun_at.replace(tzinfo=None), 0.2]
        words = [
            tried.verdict,
            tried.http_status,
            tried.bytes_sent,
            tried.correlation_id,
            tried.key,
            tried.run_id,
        ]
        attempts.append([*numbers, *words])
    book.save(target)


def ours(path: Path, target: Path, made: RunReport) -> None:
    write_results_into(target, path.read_bytes(), made)


WAYS = {"openpyxl_only": openpyxl_only, "with_openpyxl": with_openpyxl, "ours": ours, "ours_lean": ours}
"""`ours_lean` is given rows and attempts that are made when they are asked for: what remains in memory is ours."""


def prepared(way: str, rows: int) -> RunReport:
    if way == "ours_lean":
        return report(Made(range(rows), result), Made(range(rows), attempt))
    return report([*map(result, range(rows))], [*map(attempt, range(rows))])


def main() -> None:
    way, path, rows = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    if way == "make":
        make(path, rows)
        print("{}")
        return
    made = prepared(way, rows)
    started, started_cpu = time.perf_counter(), time.process_time()
    WAYS[way](path, path.with_name(f"{way}.xlsx"), made)
    figures = {
        "wall_s": time.perf_counter() - started,
        "cpu_s": time.process_time() - started_cpu,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
