"""The columns that a results workbook adds to the orders, from what became of each row."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bulk_orders.core.columns.table import RESULT_COLUMNS
from bulk_orders.core.model import SheetTable
from bulk_orders.core.our_marks import HEADER_NOTES
from bulk_orders.core.report import CANCEL_WARNING, ResultRow, RunReport
from bulk_orders.ooxml.addresses import column_index
from bulk_orders.ooxml.cleaning import clean
from bulk_orders.writing import palette
from bulk_orders.writing.cells import decimal_number, fit_row, is_like_a_formula, write_note, write_text
from bulk_orders.writing.formats import LINE, MOMENT, MONEY, Formats
from bulk_orders.writing.new_book.data_sheets import ExtraColumns
from bulk_orders.writing.outcome_labels import LABELS, is_read
from bulk_orders.writing.result_widths import MACHINE_COLUMNS, RESULT_WIDTHS

_WRAPPED: Final = frozenset({"message", "how_to_fix"})
_MOMENTS: Final = frozenset({"ordered_at", "cancel_before"})
_COUNTS: Final = frozenset({"attempts", "http_status", "source_row"})


def result_positions(table: SheetTable) -> dict[str, int]:
    """Return where each result column goes: where the input has it already (a results workbook), else on the right."""
    present = {found.header: column_index(found.letter) for found in reversed(table.columns)}
    following = 1 + max(present.values(), default=-1)
    positions: dict[str, int] = {}
    for name, header in RESULT_COLUMNS:
        if header in present:
            positions[name] = present[header]
        else:
            positions[name] = following
            following += 1
    return positions


def result_columns(sheet: Any, formats: Formats, report: RunReport) -> ExtraColumns:
    """Return the columns for this report; sets their widths on `sheet`."""
    writer = _ResultWriter(formats, report)
    writer.arrange(sheet)
    return ExtraColumns(
        first=min(writer.positions.values()),
        last=max(writer.positions.values()),
        width=sum(RESULT_WIDTHS.values()),
        write_headers=writer.write_headers,
        write_row=writer.write_row,
    )


class _ResultWriter:
    def __init__(self, formats: Formats, report: RunReport) -> None:
        self.positions: Mapping[str, int] = result_positions(report.orders)
        self._formats = formats
        self._written_at = report.written_at
        self._rows = {row.sheet_row: row for row in report.rows}
        self._plain = {
            "text": formats(**LINE),
            "quoted": formats(quote_prefix=True, **LINE),
            "number": formats(align="right", indent=1, **LINE),
            "money": formats(num_format=MONEY, align="right", indent=1, **LINE),
            "moment": formats(num_format=MOMENT, align="left", **LINE),
            "soon": formats(palette.DOUBT, num_format=MOMENT, align="left", bold=True, **LINE),
            "closed": formats(palette.CLOSED, num_format=MOMENT, align="left", **LINE),
        }

    def arrange(self, sheet: Any) -> None:
        """Set widths and fold the machine columns away."""
        for name, index in self.positions.items():
            if name in MACHINE_COLUMNS:
                sheet.set_column(index, index, 16, None, {"level": 1, "hidden": True})
            else:
                sheet.set_column(index, index, RESULT_WIDTHS[name])
        after = 1 + max(self.positions[name] for name in MACHINE_COLUMNS)
        if after not in self.positions.values():
            sheet.set_column(after, after, None, None, {"collapsed": True})

    def write_headers(self, sheet: Any, row: int) -> None:
        for name, header in RESULT_COLUMNS:
            colours = palette.MACHINE_HEADER if name in MACHINE_COLUMNS else palette.RESULT_HEADER
            sheet.write_string(row, self.positions[name], header, self._formats.header(colours))
            if name in HEADER_NOTES:
                write_note(sheet, row, self.positions[name], HEADER_NOTES[name])

    def write_row(self, sheet: Any, sheet_row: int) -> None:
        result = self._rows.get(sheet_row)
        if result is None:
            return
        row = sheet_row - 1
        label = LABELS[result.outcome]
        sheet.write_string(
            row, self.positions["outcome"], label.text, self._formats(label.colours, bold=True, **LINE)
        )
        needs_reading = is_read(result)
        if needs_reading:
            fit_row(
                sheet,
                row,
                [
                    (result.message, RESULT_WIDTHS["message"]),
                    (result.how_to_fix, RESULT_WIDTHS["how_to_fix"]),
                ],
            )
        for name, value in _values(result).items():
            index = self.positions[name]
            if value in {None, ""}:
                sheet.write_blank(row, index, None, self._plain["text"])
                continue
            if name in _MOMENTS:
                sheet.write_datetime(row, index, value.replace(microsecond=0), self._moment(name, value))
            elif name in _COUNTS:
                sheet.write_number(row, index, value, self._plain["number"])
            elif (
                name == "amount"
                and decimal_number(value.rstrip("0").rstrip(".") if "." in value else value) is not None
            ):
                sheet.write_number(row, index, float(value), self._plain["money"])
            elif needs_reading and name in _WRAPPED:
                write_text(sheet, (row, index), value, self._formats, text_wrap=True, **LINE)
            else:
                style = "quoted" if is_like_a_formula(value) else "text"
                sheet.write_string(row, index, clean(value), self._plain[style])

    def _moment(self, name: str, value: datetime) -> Any:
        if name != "cancel_before":
            return self._plain["moment"]
        left = value - self._written_at
        if left.total_seconds() <= 0:
            return self._plain["closed"]
        return self._plain["soon"] if left < CANCEL_WARNING else self._plain["moment"]


def _values(result: ResultRow) -> dict[str, Any]:
    # Everything but the outcome, in the order of RESULT_COLUMNS.
    return {
        "message": result.message,
        "how_to_fix": result.how_to_fix,
        "order_number": result.order_number,
        "order_id": result.order_id,
        "subscription_id": result.subscription_id,
        "platform_status": result.platform_status,
        "amount": result.amount,
        "currency": result.currency,
        "po_sent": result.po_sent,
        "ordered_at": result.ordered_at,
        "cancel_before": result.cancel_before,
        "scheduled_for": result.scheduled_for,
        "acceptance_link": result.acceptance_link,
        "microsoft_ids": result.microsoft_ids,
        "attempts": result.attempts or None,
        "support_reference": result.support_reference,
        "row_key": result.row_key,
        "outcome_code": result.outcome.value,
        "error_code": result.error_code,
        "http_status": result.http_status,
        "run_id": result.run_id,
        "source_row": result.sheet_row,
        "body_sha256": result.body_sha256,
    }
