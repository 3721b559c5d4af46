"""The sheets Attempts and Run info of a results workbook: what an auditor or a support team asks for."""

from collections.abc import Sequence
from typing import Any, Final

from bulk_orders.core import sheet_names
from bulk_orders.core.lifecycle import AttemptRecord
from bulk_orders.core.model import SheetTable
from bulk_orders.core.our_marks import (
    ATTEMPT_HEADERS,
    ENVIRONMENT_LABEL,
    LOG_EVENTS_LABEL,
    LOG_HEAD_LABEL,
    RUN_LABEL,
)
from bulk_orders.core.report import RunReport
from bulk_orders.writing import palette
from bulk_orders.writing.book_properties import SCHEMA
from bulk_orders.writing.cells import LINKED_ROWS, write_link, write_text
from bulk_orders.writing.formats import Formats
from bulk_orders.writing.new_book.book import set_page
from bulk_orders.writing.outcome_labels import LABELS

_MOMENT: Final = "dd-mmm-yyyy hh:mm:ss"
_ATTEMPT_COLUMNS: Final = (*zip(ATTEMPT_HEADERS, (10, 9, 21, 10, 16, 10, 10, 60, 38, 30, 24), strict=True),)
_VERDICT_COLOURS: Final = {
    "accepted": palette.GOOD,
    "rejected": palette.BAD,
    "no verdict": palette.DOUBT,
    "not processed": palette.GREY,
}


def write_attempts(
    sheet: Any, formats: Formats, attempts: Sequence[AttemptRecord], orders_sheet: str
) -> None:
    """Write one line for each attempt, in the order in which they are given."""
    for index, (header, width) in enumerate(_ATTEMPT_COLUMNS):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, header, formats.header(palette.REQUIRED_HEADER))
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(attempts), 1), len(_ATTEMPT_COLUMNS) - 1)
    set_page(sheet, repeated_rows=1)
    link = formats(palette.LINK, underline=1, align="center")
    for row, attempt in enumerate(attempts, start=1):
        if row <= LINKED_ROWS:
            write_link(sheet, (row, 0), f"{orders_sheet}!A{attempt.sheet_row}", str(attempt.sheet_row), link)
        else:
            sheet.write_number(row, 0, attempt.sheet_row, formats())
        sheet.write_number(row, 1, attempt.number, formats(align="center"))
        begun = attempt.begun_at.replace(microsecond=0)
        sheet.write_datetime(row, 2, begun, formats(num_format=_MOMENT, align="left"))
        _write_ending(sheet, row, formats, attempt)


def write_run_info(sheet: Any, formats: Formats, report: RunReport) -> None:
    """Write everything about the run that is not about a row."""
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    set_page(sheet)
    row = 0
    for title, lines in _sections(report):
        write_text(sheet, (row, 0), title, formats, palette.TITLE, bold=True, font_size=14)
        for name, value in lines:
            row += 1
            write_text(sheet, (row, 0), name, formats, palette.GREY, border=1, border_color=palette.RULE)
            write_text(sheet, (row, 1), value, formats, border=1, border_color=palette.RULE, text_wrap=True)
        row += 2


def _write_ending(sheet: Any, row: int, formats: Formats, attempt: AttemptRecord) -> None:
    if attempt.ended_at is not None:
        seconds = (attempt.ended_at - attempt.begun_at).total_seconds()
        sheet.write_number(row, 3, seconds, formats(num_format="0.000", align="right", indent=1))
    # The verdict of an attempt of which only the beginning is known.
    verdict = attempt.verdict or "never ended"
    write_text(sheet, (row, 4), verdict, formats, _VERDICT_COLOURS.get(verdict, palette.DOUBT))
    for column, number in ((5, attempt.http_status), (6, attempt.bytes_sent)):
        if number is not None:
            sheet.write_number(row, column, number, formats(align="center"))
    for column, text in (
        (7, attempt.reason),
        (8, attempt.correlation_id),
        (9, attempt.key),
        (10, attempt.run_id),
    ):
        if text:
            write_text(sheet, (row, column), text, formats)


_COMPARED_AS: Final = {True: "yes, complete", False: "incomplete: run `bulk-orders audit`", None: "–"}
_WORKBOOK: Final = "Workbook"
_ROWS_ON: Final = "Rows on {sheet}"
_SETTINGS: Final = "Settings"


def _sections(report: RunReport) -> list[tuple[str, list[tuple[str, str]]]]:
    run = [
        (RUN_LABEL, report.run_id),
        (ENVIRONMENT_LABEL, report.environment),
        ("Profile", report.profile),
        ("Marketplace", report.marketplace),
        ("Started at (UTC)", f"{report.started_at:%Y-%m-%d %H:%M:%S}"),
        ("Ended at (UTC)", f"{report.ended_at:%Y-%m-%d %H:%M:%S}" if report.ended_at else "not finished"),
        ("Written at (UTC)", f"{report.written_at:%Y-%m-%d %H:%M:%S}"),
        ("Stopped by", report.stopped_by or "–"),
        ("Compared with the marketplace", _COMPARED_AS[report.audit_whole]),
        ("Exit code", "–" if report.exit_code is None else str(report.exit_code)),
        ("Sent by", report.operator),
        ("On computer", report.host),
    ]
    source = [
        (_WORKBOOK, report.source_name),
        ("SHA-256 of the workbook", report.source_sha256),
        (_ROWS_ON.format(sheet=sheet_names.ORDERS), _rows_on(report.orders)),
        (_ROWS_ON.format(sheet=sheet_names.CUSTOMERS), _rows_on(report.customers)),
        (_ROWS_ON.format(sheet=sheet_names.PRODUCTS), _rows_on(report.products)),
    ]
    if report.made_new_because:
        source.append(("Made new, not a copy of it, because", report.made_new_because))
    counts = [(label.text, f"{report.counts.get(kind, 0):,}") for kind, label in LABELS.items()]
    ledger = [(LOG_EVENTS_LABEL, str(report.log_events)), (LOG_HEAD_LABEL, report.log_head or "–")]
    program = [("bulk-orders", report.program_version), ("Results schema", str(SCHEMA))]
    settings = list(report.settings.items()) or [(_SETTINGS, "none stated")]
    return [
        (RUN_LABEL, run),
        (_WORKBOOK, source),
        ("Rows by outcome", [*counts, ("Rows in all", f"{sum(report.counts.values()):,}")]),
        ("Ledger", ledger),
        (_SETTINGS, settings),
        ("Program", program),
    ]


def _rows_on(table: SheetTable | None) -> str:
    return f"{len(table.sheet_rows):,}" if table else "–"
