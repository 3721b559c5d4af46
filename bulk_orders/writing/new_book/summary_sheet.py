"""The first sheet of a results workbook: one printed page that says what happened and what to do next."""

from collections.abc import Mapping
from typing import Any, Final

from xlsxwriter import Workbook

from bulk_orders.core import sheet_names
from bulk_orders.core.our_marks import LIVE_BANNER, PRACTICE_BANNER, SUMMARY_TITLE
from bulk_orders.core.report import FailureGroup, RunReport
from bulk_orders.core.summary import Outcome
from bulk_orders.core.wording import plural
from bulk_orders.ooxml.cleaning import clean
from bulk_orders.writing import palette
from bulk_orders.writing.cells import PARTED, fit_row, write_link, write_text
from bulk_orders.writing.formats import COUNT, MONEY, Formats
from bulk_orders.writing.new_book.book import set_page
from bulk_orders.writing.new_book.summary_figures import (
    DONE,
    DOUBTFUL,
    FAILED,
    Money,
    customer_lines,
    money_by_outcome,
    sum_of,
)
from bulk_orders.writing.outcome_labels import LABELS

_WIDTHS: Final = (34, 9, 17, 62, 52)
_CHART_ROWS: Final = 10
"""Lines of usual height that the chart beside the table needs."""
_ROW_PIXELS: Final = 20
_CONSOLAS: Final = 0.8
"""Letters in bold Consolas where one of a column's width fits: they are broader."""
_GROUPS_SHOWN: Final = 25
_CUSTOMERS_SHOWN: Final = 18


def write_summary(
    book: Workbook, sheet: Any, formats: Formats, report: RunReport, first_rows: Mapping[str, str]
) -> None:
    """Write the sheet; `first_rows` maps a sheet's name in the input to its name in this workbook."""
    for index, width in enumerate(_WIDTHS):
        sheet.set_column(index, index, width)
    sheet.hide_gridlines(2)
    set_page(sheet)
    page = _Page(book, sheet, formats, report, first_rows)
    page.write_title()
    page.write_outcomes()
    page.write_failures()
    page.write_next_steps()
    page.write_customers()


def headline(report: RunReport) -> str:
    """Say what happened, in one sentence."""
    counts = report.counts
    done, failed, doubtful = (
        sum(counts.get(kind, 0) for kind in kinds) for kinds in (DONE, FAILED, DOUBTFUL)
    )
    total = sum(counts.values())
    parts = [
        plural(
            total,
            "{done:,} of {total:,} row is ordered or accepted",
            "{done:,} of {total:,} rows are ordered or accepted",
        ).format(done=done, total=total)
    ]
    if failed:
        parts.append("{number:,} failed or must be fixed".format(number=failed))
    if doubtful:
        parts.append("{number:,} must be checked by hand".format(number=doubtful))
    return ", ".join(parts) + "."


_OUTCOME: Final = "Outcome"
_ROWS: Final = "Rows"
_AMOUNT: Final = "Amount"


class _Page:
    """Writes from the top down and remembers the row it has come to."""

    def __init__(
        self, book: Workbook, sheet: Any, formats: Formats, report: RunReport, names: Mapping[str, str]
    ) -> None:
        self._book = book
        self._sheet = sheet
        self._formats = formats
        self._report = report
        self._names = names
        self._row = 0

    def write_title(self) -> None:
        """Run, environment, and the line with everything an auditor asks first."""
        report, formats = self._report, self._formats
        self._sheet.set_row(0, 30)
        self._text(
            SUMMARY_TITLE.format(run=report.run_id), palette.TITLE, bold=True, font_size=22, valign="vcenter"
        )
        is_live = report.environment.upper() == "LIVE"
        colours = palette.LIVE if is_live else palette.PRACTICE
        self._next()
        self._sheet.set_row(1, 22)
        for column in range(len(_WIDTHS)):
            self._sheet.write_blank(1, column, None, formats(colours))
        banner = LIVE_BANNER if is_live else PRACTICE_BANNER
        self._text(banner, colours, bold=True, font_size=13, valign="vcenter", indent=1)
        self._next()
        source = (
            "{source}  ·  marketplace {marketplace}  ·  profile {profile}  ·  sent by {operator} on {host}"
        ).format(
            source=report.source_name,
            marketplace=report.marketplace,
            profile=report.profile,
            operator=report.operator,
            host=report.host,
        )
        self._text(source, palette.QUIET)
        self._next()
        self._text(_timing(report), palette.QUIET)
        self._next()
        self._sheet.set_row(self._row, 26)
        self._text(headline(report), palette.PAPER, bold=True, font_size=14, valign="vcenter")
        self._next(2)

    def write_outcomes(self) -> None:
        """Write the table by outcome, with its chart beside it."""
        report = self._report
        money = money_by_outcome(report.rows)
        all_money = sum_of(money.values())
        currency = next(iter(all_money.currencies)) if len(all_money.currencies) == 1 else ""
        top = self._row
        amount = "Amount ({currency})".format(currency=currency) if currency else _AMOUNT
        self._headers(_OUTCOME, _ROWS, amount, "What to do next", figures=(1, 2))
        shown = [kind for kind in LABELS if report.counts.get(kind, 0)] or [Outcome.NOT_SENT]
        lines = 2
        for kind in shown:
            label = LABELS[kind]
            self._boxed(0, label.text, label.colours, bold=True)
            self._number(1, report.counts.get(kind, 0))
            self._money(2, money.get(kind))
            is_resumed = bool(report.to_resume) or report.ended_at is None
            to_do = label.what_to_do(report.run_id, is_resumed=is_resumed)
            self._boxed(3, to_do)
            lines += fit_row(self._sheet, self._row, [(label.text, _WIDTHS[0]), (to_do, _WIDTHS[3])])
            self._next()
        self._total(sum(report.counts.values()), all_money)
        self._chart(top, shown)
        self._row += 1 + max(0, _CHART_ROWS - lines)

    def write_failures(self) -> None:
        """Write what failed, grouped by reason, most rows first."""
        groups = self._report.failures
        if not groups:
            return
        self._section("What needs somebody, grouped")
        headers = (_OUTCOME, _ROWS, "First row", "Reason", "How to fix")
        self._headers(*headers, figures=(1,))
        for group in groups[:_GROUPS_SHOWN]:
            self._failure(group)
        if (left := len(groups) - _GROUPS_SHOWN) > 0:
            self._aside("… and {number:,} more reasons, on the sheet Orders".format(number=left))
        self._next()

    def write_next_steps(self) -> None:
        """Write the commands to run now, each over the whole width, so that a long path is seen and printed to its end."""
        if not self._report.next_steps:
            return
        self._section("Next")
        for command, purpose in self._report.next_steps:
            style = {"font_name": "Consolas", "bold": True, "text_wrap": True}
            self._sheet.merge_range(
                *(self._row, 0, self._row, len(_WIDTHS) - 1, ""), self._formats(palette.TITLE, **style)
            )
            self._text(command, palette.TITLE, **style)
            fit_row(self._sheet, self._row, [(command, sum(_WIDTHS) * _CONSOLAS)])
            self._next()
            self._text(purpose, palette.PAPER, align="left", indent=1)
            self._next()
        self._next()

    def write_customers(self) -> None:
        """Write customers by orders placed, largest first."""
        lines = customer_lines(self._report)
        if not lines:
            return
        self._section("Orders by customer")
        self._headers("Customer", "Orders", _AMOUNT, "Company", figures=(1, 2))
        for line in lines[:_CUSTOMERS_SHOWN]:
            self._boxed(0, line.customer_id)
            self._number(1, line.orders)
            self._money(2, line.money)
            self._boxed(3, line.name)
            self._next()
        if (left := len(lines) - _CUSTOMERS_SHOWN) > 0:
            self._aside("… and {number:,} more customers, on the sheet Orders".format(number=left))

    def _failure(self, group: FailureGroup) -> None:
        label = LABELS[group.outcome]
        self._boxed(0, label.text, label.colours)
        self._number(1, group.rows)
        name, _, cell = group.first_cell.rpartition("!")
        target = self._names.get(name)
        if target and cell:
            style = self._formats.boxed(palette.LINK, underline=1)
            write_link(self._sheet, (self._row, 2), f"{target}!{cell}", group.first_cell, style)
        else:
            self._boxed(2, group.first_cell)
        reason = f"{group.reason} ({group.code})" if group.code else group.reason
        self._boxed(3, reason)
        self._boxed(4, group.fix)
        texts = (label.text, "", group.first_cell, reason, group.fix)
        fit_row(self._sheet, self._row, zip(texts, _WIDTHS, strict=True))
        self._next()

    def _total(self, rows: int, money: Money) -> None:
        line: dict[str, Any] = {"bold": True, "top": 2, "border_color": palette.REQUIRED_HEADER.fill}
        write_text(self._sheet, (self._row, 0), "Total", self._formats, align="left", indent=1, **line)
        self._sheet.write_number(self._row, 1, rows, self._formats(num_format=COUNT, **line))
        if money.only is not None:
            self._sheet.write_number(self._row, 2, money.only, self._formats(num_format=MONEY, **line))
        else:
            write_text(self._sheet, (self._row, 2), money.text, self._formats, **line, text_wrap=True)
        self._sheet.write_blank(self._row, 3, None, self._formats(**line))
        self._next()

    def _chart(self, top: int, shown: list[Outcome]) -> None:
        chart = self._book.add_chart({"type": "bar"})
        last = top + len(shown)
        bars = [{"fill": {"color": palette.BARS[LABELS[kind].colours]}} for kind in shown]
        chart.add_series(
            {
                "name": _ROWS,
                "categories": [sheet_names.SUMMARY, top + 1, 0, last, 0],
                "values": [sheet_names.SUMMARY, top + 1, 1, last, 1],
                "points": bars,
                "gap": max(45, 400 - 80 * len(shown)),
                "data_labels": {"value": True, "font": {"size": 10, "bold": True}},
            }
        )
        chart.set_title({"name": "Rows by outcome", "name_font": {"size": 12, "color": palette.TITLE.ink}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}, "line": {"color": palette.RULE}})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
        chart.set_chartarea({"border": {"color": palette.RULE}})
        counts = ", ".join(f"{LABELS[kind].word} {self._report.counts.get(kind, 0)}" for kind in shown)
        chart.set_size({"width": 365, "height": (_CHART_ROWS + 1) * _ROW_PIXELS})
        self._sheet.insert_chart(
            *(top, 4, chart),
            {
                "description": clean(
                    "Bar chart of rows by outcome: {counts}.".format(counts=counts), units=255
                ),
                "object_position": 2,
                "x_offset": 8,
            },
        )

    def _section(self, title: str) -> None:
        self._sheet.set_row(self._row, 24)
        self._text(title, palette.TITLE, bold=True, font_size=14, valign="vcenter")
        self._next()

    def _headers(self, *texts: str, figures: tuple[int, ...]) -> None:
        for column, text in enumerate(texts):
            is_figure = column in figures
            place: dict[str, Any] = {"align": "right"} if is_figure else {"align": "left", "indent": 1}
            style = self._formats.header(palette.REQUIRED_HEADER, **place)
            self._sheet.write_string(self._row, column, clean(text), style)
        self._next()

    def _aside(self, text: str) -> None:
        self._text(text, palette.QUIET, italic=True)
        self._next()

    def _text(self, text: str, colours: palette.Colours, **properties: Any) -> None:
        write_text(self._sheet, (self._row, 0), text, self._formats, colours, **properties)

    def _boxed(
        self, column: int, text: str, colours: palette.Colours = palette.PAPER, **properties: Any
    ) -> None:
        properties = {"align": "left", "indent": 1, **properties}
        write_text(
            *(self._sheet, (self._row, column), text, self._formats, colours),
            border=1,
            border_color=palette.RULE,
            text_wrap=True,
            **properties,
        )

    def _number(self, column: int, number: int) -> None:
        self._sheet.write_number(self._row, column, number, self._formats.boxed(num_format=COUNT))

    def _money(self, column: int, money: Money | None) -> None:
        if money is not None and money.only is not None:
            self._sheet.write_number(self._row, column, money.only, self._formats.boxed(num_format=MONEY))
        else:
            self._boxed(column, money.text if money else "", align="right")

    def _next(self, rows: int = 1) -> None:
        self._row += rows


def _timing(report: RunReport) -> str:
    told = ["Started {at:%d-%b-%Y %H:%M} UTC".format(at=report.started_at)]
    if report.ended_at is None:
        told.append(
            "not finished when this was written, {at:%d-%b-%Y %H:%M} UTC".format(at=report.written_at)
        )
        return PARTED.join(told)
    minutes, seconds = divmod(round((report.ended_at - report.started_at).total_seconds()), 60)
    if minutes:
        told.append("took {minutes:,} min {seconds} s".format(minutes=minutes, seconds=seconds))
    else:
        told.append("took {seconds} s".format(seconds=seconds))
    if report.exit_code is not None:
        told.append("exit code {code}".format(code=report.exit_code))
    if report.stopped_by:
        told.append("stopped: {reason}".format(reason=report.stopped_by))
    return PARTED.join(told)
