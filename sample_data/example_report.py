"""A made-up run of the demo workbook in which something of everything happened, for pictures and trials."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bulk_orders.core.lifecycle import AttemptRecord
from bulk_orders.core.problem_texts import PROBLEM_TEXTS
from bulk_orders.core.report import CANCEL_WINDOW, FailureGroup, ResultRow, RunReport
from bulk_orders.core.summary import Outcome, counts
from bulk_orders.reading.workbook_tables import WorkbookTables

RUN_ID: Final = "20261122-0215-K7QX"
STARTED_AT: Final = datetime(2026, 11, 22, 2, 15, 4, tzinfo=UTC)

_SAID: Final = "Parameter 'microsoft_domain': the domain is already used by another tenant."
_DECLINED: Final = PROBLEM_TEXTS["S-DECLINED"]
_TAKEN: Final = _DECLINED.sentence.format(why=_SAID)
_NO_ANSWER: Final = PROBLEM_TEXTS["S-NO-ANSWER"]
_REFUSED: Final = {
    "outcome": Outcome.REJECTED,
    "message": _TAKEN,
    "how_to_fix": _DECLINED.fix,
    "error_code": "S-DECLINED",
    "http_status": 400,
}
_SPECIAL: Final[dict[int, dict[str, Any]]] = {
    7: _REFUSED,
    11: _REFUSED,
    17: {
        "outcome": Outcome.UNKNOWN,
        "message": _NO_ANSWER.sentence,
        "how_to_fix": _NO_ANSWER.fix,
        "error_code": "S-NO-ANSWER",
    },
    24: {"outcome": Outcome.ORDERED_BEFORE},
    29: {"outcome": Outcome.ACCEPTED},
}
_MARKED: Final = {7: "Customers!E7", 11: "Customers!E11"}
"""Of customers with a new tenant."""
_PRICES: Final = {"1 month": 9, "1 year": 14, "3 years": 31}


def example_report(tables: WorkbookTables) -> RunReport:
    """The report, on the rows of a workbook as read."""
    at = {found.field: position for position, found in enumerate(tables.orders.columns) if found.field}
    rows = [
        _result(row, {name: cells[position] for name, position in at.items()})
        for row, cells in zip(tables.orders.sheet_rows, tables.orders.cells, strict=True)
    ]
    return RunReport(
        run_id=RUN_ID,
        environment="PRACTICE",
        profile="practice",
        marketplace="us",
        source_name="orders-november.xlsx",
        source_sha256="5b1f0c5d1f6f2c5a6a0f6cf3ab9b6a6d5e1b7f4b3c0d9e8f7a6b5c4d3e2f1a0b",
        operator="finance",
        host="desk-12",
        program_version="0.1.0",
        started_at=STARTED_AT,
        written_at=STARTED_AT + timedelta(minutes=4),
        ended_at=STARTED_AT + timedelta(minutes=3, seconds=41),
        stopped_by="",
        exit_code=5,
        audit_whole=True,
        orders=tables.orders,
        customers=tables.customers,
        products=tables.products,
        rows=rows,
        counts=counts(row.outcome for row in rows),
        failures=_failures(rows),
        attempts=[_attempt(row) for row in rows if row.attempts],
        next_steps=(
            (f"bulk-orders resolve {RUN_ID}", "looks up the rows to check by hand again; nothing is sent"),
            (
                f"bulk-orders run orders-november.results-{RUN_ID[:13]}.xlsx",
                "once you have corrected the red cells; what was ordered is not sent again",
            ),
            (f"bulk-orders status {RUN_ID} --wait 30m", "asks what became of the accepted orders"),
        ),
        settings={"rate": "2.0 orders/s", "password": "set", "subscription key": "set"},
    )


def _result(sheet_row: int, values: dict[str, str]) -> ResultRow:
    number = sheet_row - 3
    special = {"outcome": Outcome.ORDERED, **_SPECIAL.get(sheet_row, {})}
    row = ResultRow(
        sheet_row=sheet_row,
        reference=values.get("reference", ""),
        customer_id=values["customer_id"],
        mpn=values["mpn"],
        quantity=values["quantity"],
        run_id=RUN_ID,
        row_key=f"k1:{number:064x}"[:24],
        marked_cells=(_MARKED[sheet_row],) if sheet_row in _MARKED else (),
        **special,
    )
    if row.outcome not in {Outcome.ORDERED, Outcome.ACCEPTED, Outcome.ORDERED_BEFORE}:
        return replace(row, attempts=1)
    order_number, ordered_at, message = f"SO{130 + number:06}", STARTED_AT + timedelta(seconds=5 * number), ""
    if row.outcome is Outcome.ORDERED_BEFORE:
        order_number, ordered_at = "SO000121", ordered_at - timedelta(days=5, hours=6)
        message = "Ordered on {day:%d-%b-%Y} as {order}. It was not sent again.".format(
            day=ordered_at, order=order_number
        )
    return replace(
        row,
        order_number=order_number,
        order_id=str(740_200 + number),
        subscription_id=str(1_000_400 + number) if row.outcome is not Outcome.ACCEPTED else "",
        platform_status="processing" if row.outcome is Outcome.ACCEPTED else "completed",
        amount=f"{_PRICES[values['commitment']] * int(values['quantity'])}.50",
        currency="USD",
        po_sent=values.get("po_number") or f"BO{number:012}X",
        ordered_at=ordered_at,
        cancel_before=ordered_at + CANCEL_WINDOW,
        attempts=1 if row.outcome is not Outcome.ORDERED_BEFORE else 0,
        support_reference=f"0b9c41d2-77e1-4c55-9f10-{number:012}",
        http_status=201,
        message=message,
    )


def _failures(rows: list[ResultRow]) -> list[FailureGroup]:
    refused = [row for row in rows if row.outcome is Outcome.REJECTED]
    return [
        FailureGroup(
            outcome=Outcome.REJECTED,
            code="S-DECLINED",
            reason=_TAKEN,
            rows=len(refused),
            first_cell="Customers!E7",
            fix=_DECLINED.fix,
        ),
        FailureGroup(
            outcome=Outcome.UNKNOWN,
            code="S-NO-ANSWER",
            reason=_NO_ANSWER.sentence,
            rows=1,
            first_cell="Orders!A17",
            fix=_NO_ANSWER.fix,
        ),
    ]


def _attempt(row: ResultRow) -> AttemptRecord:
    begun_at = STARTED_AT + timedelta(seconds=5 * (row.sheet_row - 3))
    verdicts = {Outcome.REJECTED: "rejected", Outcome.UNKNOWN: "no verdict"}
    return AttemptRecord(
        key=row.row_key,
        run_id=RUN_ID,
        sheet_row=row.sheet_row,
        number=1,
        begun_at=begun_at,
        ended_at=begun_at + timedelta(milliseconds=840),
        verdict=verdicts.get(row.outcome, "accepted"),
        http_status=row.http_status,
        reason="read timed out" if row.outcome is Outcome.UNKNOWN else "",
        bytes_sent=2310,
        correlation_id=row.support_reference,
    )
