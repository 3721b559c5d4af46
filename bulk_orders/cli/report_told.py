"""What the terminal and `--json` say about a run and about its comparison with the marketplace."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.terminal import SHOWN_PROBLEMS
from bulk_orders.core.records import row_record
from bulk_orders.core.report import ResultRow, RunReport
from bulk_orders.core.summary import Outcome
from bulk_orders.core.wording import counted, plural
from bulk_orders.errors import ExitCode
from bulk_orders.runs.approved_plan import plan_told
from bulk_orders.writing.outcome_labels import LABELS

if TYPE_CHECKING:
    from bulk_orders.sending.audit import AuditFindings


def outcome_line(counted: Mapping[Outcome, int]) -> str:
    """Return a line such as `✔ 97 ordered   ✖ 2 failed`: only outcomes that occur, in the order of a summary."""
    shown = [
        f"{label.icon} {counted[kind]} {label.word[0].lower()}{label.word[1:]}"
        for kind, label in LABELS.items()
        if counted.get(kind)
    ]
    return "  " + "   ".join(shown) if shown else "  There was nothing to send."


def report_lines(report: RunReport) -> list[str]:
    """Return the lines at the end of a run: counts, then what needs somebody, grouped."""
    lines = [outcome_line(report.counts)]
    if told := plan_told(report.settings):
        plan_id, maker, by, at = told.values()
        lines.append(
            "  Plan {plan_id}, made by {maker}, approved by {by} on {at}".format(
                plan_id=plan_id, maker=maker, by=by, at=at
            )
        )
    if report.recognised:
        lines.append(
            counted(
                report.recognised,
                "  {number} order was already on the marketplace, so it was not sent.",
                "  {number} orders were already on the marketplace, so they were not sent.",
            )
        )
    for group in report.failures[:SHOWN_PROBLEMS]:
        rows = counted(group.rows, "{number} row", "{number} rows")
        lines.append(f"  {LABELS[group.outcome].icon} {group.first_cell:<14} {group.reason}  ({rows})")
        if group.fix:
            lines.append(f"    {'':<14} {group.fix}")
    return lines + followed_lines(report.rows)


def followed_lines(rows: Sequence[ResultRow]) -> list[str]:
    """Return the days of scheduled orders, and the links that customers wait for."""
    days = Counter(row.scheduled_for for row in rows if row.outcome is Outcome.SCHEDULED)
    lines = [
        plural(
            number,
            "  ◷ {number} order will be carried out on {day}.",
            "  ◷ {number} orders will be carried out on {day}.",
        ).format(number=number, day=day)
        if day
        else counted(
            number,
            "  ◷ {number} order is scheduled; the marketplace has not named the day yet.",
            "  ◷ {number} orders are scheduled; the marketplace has not named the day yet.",
        )
        for day, number in sorted(days.items())
    ]
    linked = [row for row in rows if row.outcome is Outcome.WAITING_FOR_CUSTOMER]
    lines += [
        "  ⚠ Row {row}, customer {customer_id}: {link}".format(
            row=row.sheet_row, customer_id=row.customer_id, link=row.acceptance_link
        )
        for row in linked[:SHOWN_PROBLEMS]
    ]
    if (left := len(linked) - SHOWN_PROBLEMS) > 0:
        lines.append(
            counted(
                left,
                "    … and {number} more link, in the results workbook",
                "    … and {number} more links, in the results workbook",
            )
        )
    return lines


def report_json(
    report: RunReport, exit_code: ExitCode, results: str | None, findings: "AuditFindings | None" = None
) -> dict[str, Any]:
    """Return a run as machines read it, with the comparison with the marketplace if one was just made."""
    told = answer(
        exit_code,
        run_id=report.run_id,
        environment=report.environment,
        stopped_by=report.stopped_by or None,
        audit_whole=report.audit_whole,
        approval=approval_json(report.settings),
        counts={str(kind): number for kind, number in report.counts.items()},
        rows=[row_json(row) for row in report.rows],
        next=[command for command, _ in report.next_steps],
        files={"results": results, "made_new_because": report.made_new_because or None},
    )
    return told if findings is None else told | {"audit": audit_json(findings)}


def approval_json(told: Mapping[str, object]) -> dict[str, str] | None:
    """Return by which plan and whose approval orders were sent, from a run's options or settings; None without one."""
    names = ("plan_id", "made_by", "approved_by", "approved_at")
    return dict(zip(names, plan_told(told).values(), strict=False)) or None


def row_json(row: ResultRow) -> dict[str, Any]:
    """Return one row's outcome as machines read it; no customer data."""
    return {**row_record(row), "cancel_before": _iso(row.cancel_before)}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def audit_lines(findings: "AuditFindings", run_id: str, own: Mapping[str, str]) -> list[str]:
    """Say what the comparison with the marketplace found, in a line or two; `own`: order ids of the run itself, by key.

    What earlier runs sent and no comparison has settled yet is compared, too. How many those are says nothing of the
    workbook's rows, so only what is wrong with them is counted.
    """
    ids = set(own.values())
    of_run = sum(order.order_id in ids for order in findings.seen)
    lines = []
    if of_run:
        lines.append(
            counted(
                of_run,
                "  ✔ The marketplace has this run's {number} order once.",
                "  ✔ The marketplace has this run's {number} orders once each.",
            )
        )
    elif findings.matched and not findings.alarms:
        lines.append("  ✔ The marketplace has no order of earlier runs twice.")
    if not findings.is_whole:
        why = f" ({findings.note.rstrip('.')})" if findings.note else ""
        lines = [
            (
                "  ⚠ The comparison with the marketplace is incomplete{why}: "
                "run `bulk-orders audit {run_id}` later."
            ).format(why=why, run_id=run_id)
        ]
    if findings.found:
        lines.append(
            counted(
                len(findings.found),
                "  ✔ {number} order in doubt was found there.",
                "  ✔ {number} orders in doubt were found there.",
            )
        )
    if findings.missing and findings.is_whole:
        of_run = sum(key in own for key in findings.missing)
        lines.append(
            (
                "  ⚠ Accepted, and not on the marketplace's list (yet): {orders}. "
                "Run `bulk-orders audit {run_id}` later."
            ).format(orders=_whose(of_run, len(findings.missing) - of_run), run_id=run_id)
        )
    if findings.alarms:
        lines.append(
            counted(
                len(findings.alarms),
                "  ⚠ {number} order is there MORE THAN ONCE. Cancel all but one:",
                "  ⚠ {number} orders are there MORE THAN ONCE. Cancel all but one of each:",
            )
        )
        lines += [f"  ⚠ {alarm}" for alarm in findings.alarms]
    return [*lines, *_doubt_lines(findings, run_id)]


def _doubt_lines(findings: "AuditFindings", run_id: str) -> Iterator[str]:
    if findings.in_doubt:
        doubts = counted(
            len(findings.in_doubt),
            "{number} order of this run is still in doubt",
            "{number} orders of this run are still in doubt",
        )
        yield "  ⚠ {doubts}: `bulk-orders resolve {run_id}`.".format(doubts=doubts, run_id=run_id)


def _whose(of_run: int, earlier: int) -> str:
    """Return how many orders are this run's and how many are of earlier runs."""
    if not of_run:
        return counted(earlier, "{number} order of an earlier run", "{number} orders of earlier runs")
    told = counted(of_run, "this run's {number} order", "this run's {number} orders")
    return "{told}, and {earlier} of earlier runs".format(told=told, earlier=earlier) if earlier else told


def audit_json(findings: "AuditFindings") -> dict[str, Any]:
    """Return what the comparison found as machines read it."""
    return {
        "audit_whole": findings.is_whole,
        "matched": findings.matched,
        "duplicates": [
            {
                "row_key": duplicate.key,
                "row": duplicate.sheet_row,
                "run_id": duplicate.run_id,
                "order_ids": [order.order_id for order in duplicate.orders],
                "order_numbers": [order.order_number for order in duplicate.orders],
                "cancel_before": _iso(duplicate.cancel_before),
            }
            for duplicate in findings.duplicates
        ],
        "alarms": list(findings.alarms),
        "found": list(findings.found),
        "missing": list(findings.missing),
        "others": findings.others,
        "note": findings.note or None,
    }


def asked_audit_json(findings: "AuditFindings", run_id: str) -> dict[str, Any]:
    """Return what `audit` says of the run that was asked about."""
    return {"run_id": run_id, "in_doubt": list(findings.in_doubt), **audit_json(findings)}


def audit_code(findings: "AuditFindings") -> ExitCode:
    """Return the exit code of a comparison: duplicates and doubts need a person at once, an incomplete comparison can wait."""
    if findings.alarms or findings.in_doubt:
        return ExitCode.OUTCOME_UNKNOWN
    return ExitCode.OK if findings.is_whole and not findings.missing else ExitCode.TRY_AGAIN_LATER
