"""From the ledger back to a report: results are always derived, never remembered.

Delete the results workbook and the same report can be made again, from the workbook's bytes and the ledger's records.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.following import cancel_before
from bulk_orders.core.lifecycle import NO_EFFECT, AttemptRecord, OrderRecord
from bulk_orders.core.model import Problem, Severity
from bulk_orders.core.order_types import is_setting
from bulk_orders.core.problem_texts import PROBLEM_TEXTS
from bulk_orders.core.report import ResultRow, RunReport
from bulk_orders.core.settling import window_ends, window_s
from bulk_orders.core.summary import LEFT_OUT, PLACED, Disposition, Outcome, counts, outcome
from bulk_orders.ledger.interface import Ledger, RowRecord, RunRecord
from bulk_orders.machine.shell import command
from bulk_orders.runs.failures import failure_groups
from bulk_orders.runs.followed_rows import FOLLOWED, behind_its_tenant, followed, tenant_makers
from bulk_orders.runs.marked_cells import marked_cells
from bulk_orders.runs.next_steps import next_steps, profile_of, sender, to_resolve, to_resume
from bulk_orders.sending.subscriptions import CHANGED
from bulk_orders.settings.profiles import Profile


def build_report(
    ledger: Ledger,
    run: RunRecord,
    checked: CheckResult,
    *,
    now: datetime,
    profile: Profile,
) -> RunReport:
    """Return everything that the results workbook says about `run` at `now`."""
    found = _found(ledger, run, checked, now, profile)
    rows = found.rows
    counted = counts(row.outcome for row in rows)
    newest = ledger.last_event()
    # Takes the place of the name of a run's workbook.
    return RunReport(
        run_id=run.run_id,
        environment=run.environment,
        profile=run.profile,
        marketplace=run.marketplace,
        source_name=run.source_name or "(erased)",
        source_sha256=run.source_sha256,
        operator=run.operator,
        host=run.host,
        program_version=run.program_version,
        started_at=run.started_at,
        written_at=now,
        ended_at=run.ended_at,
        stopped_by=run.stopped_by,
        exit_code=run.exit_code,
        audit_whole=found.audit_whole,
        orders=checked.tables.orders,
        customers=checked.tables.customers,
        products=checked.tables.products,
        rows=rows,
        counts=counted,
        failures=failure_groups(rows, checked.tables.orders.name),
        attempts=found.attempts,
        to_resume=found.to_resume,
        next_steps=next_steps(
            run,
            counted,
            to_resume=found.to_resume,
            to_resolve=found.to_resolve,
            # What was a CSV file has no sheet of a pull to bring up to date.
            is_stale=not checked.tables.is_csv and any(row.error_code == CHANGED for row in rows),
            is_compared=found.audit_whole is not False,
        ),
        log_events=newest.number if newest else 0,
        log_head=newest.hash if newest else "",
        settings={
            name: _shown(value) for name, value in {**json.loads(run.options), **profile.described()}.items()
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What the ledger says about a run."""

    attempts: tuple[AttemptRecord, ...]
    rows: tuple[ResultRow, ...]
    to_resume: tuple[str, ...]
    to_resolve: tuple[str, ...]
    audit_whole: bool | None


def _found(ledger: Ledger, run: RunRecord, checked: CheckResult, now: datetime, profile: Profile) -> _Found:
    # Asked before the orders are read: if the run ends in between, they tell its end. The attempts are read after them,
    # so that each order in flight has one.
    held_since = ledger.held_since(run.account) if run.ended_at is None else None
    orders = ledger.orders_of_run(run.run_id)
    attempts = ledger.attempts(run.run_id)
    begun = {attempt.key for attempt in attempts if held_since and attempt.begun_at >= held_since}
    problems = _first_errors(checked.problems)
    lag_s = float(ledger.learnt(run.account).get("lag_s", "0"))
    window = window_s(lag_s) if profile.window_s is None else profile.window_s
    recorded = ledger.rows(run.run_id)
    makers = tenant_makers(orders.values())
    rows = tuple(
        _with_moment(
            _result_row(
                run,
                row,
                orders.get(row.key),
                outcome(row.disposition, orders.get(row.key), is_on_its_way=row.key in begun),
                checked,
                problems.get(row.sheet_row, ()),
            ),
            orders.get(row.key),
            now,
            window,
            makers,
        )
        for row in recorded
    )
    is_cut_off = run.ended_at is None and held_since is None
    is_compared = not is_cut_off or _is_compared(ledger, run, orders.values())
    return _Found(
        attempts=attempts,
        rows=rows,
        to_resume=to_resume(run, recorded, orders) if run.ended_at or is_cut_off else (),
        to_resolve=to_resolve(run, recorded, orders, ledger),
        audit_whole=run.audit_whole if is_compared or run.audit_whole is not None else False,
    )


def _is_compared(ledger: Ledger, run: RunRecord, orders: Iterable[OrderRecord]) -> bool:
    """Return True when all that the run sent was compared with the marketplace, perhaps by a later run."""
    up_to = ledger.account(run.account).audited_up_to
    moments = [order.sent_at for order in orders if order.sent_at and order.run_id == run.run_id]
    return not moments or (up_to is not None and max(moments) < up_to)


def _first_errors(problems: Iterable[Problem]) -> dict[int, tuple[Problem, ...]]:
    """Return errors by the Orders row that they stop."""
    found: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.severity is not Severity.ERROR:
            continue
        for sheet_row in problem.order_rows or problem.sheet_rows:
            found[sheet_row].append(problem)
    return {sheet_row: tuple(entries) for sheet_row, entries in found.items()}


def _result_row(
    run: RunRecord,
    row: RowRecord,
    order: OrderRecord | None,
    kind: Outcome,
    checked: CheckResult,
    problems: Sequence[Problem],
) -> ResultRow:
    message, fix, code = _words(run, row, order, kind, problems)
    cells = marked_cells(row, order, kind, checked, problems)
    is_untouched = row.disposition in LEFT_OUT and kind in {Outcome.NOT_SENT, Outcome.SKIPPED}
    if order is None or is_untouched or row.disposition is Disposition.CONFLICT:
        return ResultRow(
            sheet_row=row.sheet_row,
            outcome=kind,
            message=message,
            how_to_fix=fix,
            error_code=code,
            run_id=run.run_id,
            marked_cells=cells,
            order_number=order.order_number if order and row.disposition is Disposition.CONFLICT else "",
            order_id=order.order_id if order and row.disposition is Disposition.CONFLICT else "",
        )
    return ResultRow(
        sheet_row=row.sheet_row,
        outcome=kind,
        message=message,
        how_to_fix=fix,
        order_number=order.order_number,
        order_id=order.order_id,
        subscription_id=order.subscription_id,
        platform_status=order.platform_status,
        amount=order.amount,
        currency=order.currency,
        po_sent=order.marker if order.attempts else "",
        ordered_at=order.accepted_at,
        cancel_before=cancel_before(order),
        scheduled_for=order.scheduled_for,
        acceptance_link=order.acceptance_link,
        microsoft_ids=order.microsoft_ids,
        attempts=order.attempts,
        support_reference=order.correlation_id,
        row_key=order.key,
        error_code=code,
        http_status=order.http_status,
        run_id=run.run_id,
        body_sha256=order.fingerprint,
        reference=order.reference,
        customer_id=order.customer_id,
        mpn=order.mpn,
        quantity=order.quantity,
        marked_cells=cells,
    )


def _with_moment(
    row: ResultRow,
    order: OrderRecord | None,
    now: datetime,
    window: float,
    makers: Mapping[str, Sequence[OrderRecord]],
) -> ResultRow:
    """Return the row; one in doubt says from when on it can be decided, one that is not completed where it is.

    One that was not sent says which of the `makers` has to make its tenant first, or did not make it.
    """
    if order is None:
        return row
    if row.outcome in FOLLOWED:
        return followed(row, order, now)
    if row.outcome is not Outcome.UNKNOWN:
        return behind_its_tenant(row, order, makers)
    moment = window_ends(order, window)
    if moment is None or moment < now:
        # The texts of the codes know no run.
        resolve = "`bulk-orders resolve {run_id}`".format(run_id=row.run_id)
        return replace(row, how_to_fix=row.how_to_fix.replace("`bulk-orders resolve`", resolve))
    return replace(
        row,
        how_to_fix=(
            "Do not send it again. "
            "You can decide after {moment:%d-%b-%Y %H:%M:%S} UTC, with `bulk-orders resolve {run_id}`."
        ).format(moment=moment, run_id=row.run_id),
    )


def _words(
    run: RunRecord, row: RowRecord, order: OrderRecord | None, kind: Outcome, problems: Sequence[Problem]
) -> tuple[str, str, str]:
    """Return message, how to fix, and code of a row."""
    if problems and kind is Outcome.INVALID:
        first, more = problems[0], len(problems) - 1
        told = (
            "{where}: {message} And {number} more: `{command}` lists them.".format(
                where=first.where,
                message=first.message,
                number=more,
                command=command(
                    "bulk-orders",
                    "check",
                    Path(run.source_name) if run.source_name else "FILE",
                    *profile_of(run),
                ),
            )
            if more
            else f"{first.where}: {first.message}"
        )
        return told, first.fix, first.code
    if row.message or row.code or kind is Outcome.INVALID:
        return _told_of(row)
    if kind is Outcome.NOT_SENT:
        return _why_not_sent(run, row, order)
    if order is None or kind in PLACED | {Outcome.SENDING}:
        return _words_of_sent(order, kind), "", ""
    if kind is Outcome.ORDERED_BEFORE:
        return _words_of_ordered(order), "", ""
    return result_words(order.code if order.code == NO_EFFECT else _CODES.get(kind, order.code), order)


_AS_IT_WAS: Final = "The subscription was already as the row asks, so nothing was sent."
_CODES: Final = {
    Outcome.ORDER_IN_ERROR: "S-ORDER-ERROR",
    Outcome.ORDER_CANCELLED: "S-ORDER-CANCELLED",
}


def _words_of_ordered(order: OrderRecord) -> str:
    if order.accepted_at is None:
        return "Ordered as {order}. It was not sent again.".format(order=order.name)
    return "Ordered on {day:%d-%b-%Y} as {order}. It was not sent again.".format(
        day=order.accepted_at, order=order.name
    )


def _words_of_sent(order: OrderRecord | None, kind: Outcome) -> str:
    if kind is Outcome.SENDING:
        return "Sent; the marketplace has not answered yet."
    if order is None or (order.attempts and (order.order_id or is_setting(order.body))):
        return ""
    if order.order_id:
        return "The marketplace already had this order, so it was not sent."
    # An attempt that was refused because another order was in the way did nothing.
    return f"{_AS_IT_WAS} {order.message}".strip()


def result_words(code: str, order: OrderRecord) -> tuple[str, str, str]:
    """Return our sentence for a result code with the marketplace's words after it, how to fix it, and the code."""
    text = PROBLEM_TEXTS.get(code)
    if text is None:
        return order.message, "", code
    sentence = text.sentence if order.message else _without_why(text.sentence)
    message = sentence.format(why=order.message)
    if "{why}" not in text.sentence and order.message:
        message = f"{message} {order.message[:1].upper()}{order.message[1:]}"
    if order.held_at:
        message = "{message} Held since {day:%d-%b-%Y}.".format(message=message, day=order.held_at)
    return message, text.fix, code


def _told_of(row: RowRecord) -> tuple[str, str, str]:
    """Return what the ledger says about a row; where a sentence was erased because it quoted a cell, its code still speaks."""
    if row.message:
        return row.message, row.fix, row.code
    title, fix = words_of(row.code)
    return title or "What was wrong was erased with its cells.", fix, row.code


def words_of(code: str) -> tuple[str, str]:
    """Return what a code says of any cell: its title, and how to fix it where that does not depend on the cell."""
    text = PROBLEM_TEXTS.get(code)
    if text is None:
        return "", ""
    return text.title, "" if "{" in text.fix else text.fix


def _without_why(sentence: str) -> str:
    """Return a sentence of which nobody said why, without the gap."""
    return sentence.replace(": {why}", ".").replace(" ({why})", "")


_RESUME_COMMAND: Final = "bulk-orders resume"


def _why_not_sent(run: RunRecord, row: RowRecord, order: OrderRecord | None) -> tuple[str, str, str]:
    match row.disposition:
        case Disposition.HIDDEN:
            return (
                "The row is hidden or filtered out, so it was not sent.",
                "Show it, or run with --include-hidden.",
                "F-HIDDEN",
            )
        case Disposition.NOT_CHOSEN:
            return (
                "Ready, but not among the rows that this run was asked to send.",
                "Run the workbook again to send it.",
                "",
            )
        case _:
            why = run.stopped_by or (
                "Not sent yet." if run.ended_at is None else "The run ended before this row."
            )
            if order and order.message:
                why = "{why} Last answer: {message}".format(why=why, message=order.message)
            by = sender(run, row, order) if order else run.run_id
            return why, f"{_RESUME_COMMAND} {by}", order.code if order else ""


def _shown(value: Any) -> str:
    """Return a setting as people read it; of a mapping its name and who stated what."""
    if not isinstance(value, dict):
        return "" if value is None else str(value)
    # Of a mapping: a legal statement that it makes for every row.
    stated = [
        "{field} = {value}, stated by {who} on {day}".format(
            field=field, value=fixed["value"], who=fixed["stated_by"], day=fixed["stated_on"]
        )
        for field, fixed in value.get("fixed", {}).items()
        if isinstance(fixed, dict)
    ]
    return "; ".join([str(value["name"]), *stated])


def options_json(values: Mapping[str, Any]) -> str:
    """Return what a run was asked for, as the ledger keeps it."""
    return json.dumps(values, sort_keys=True)
