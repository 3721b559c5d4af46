"""Which rows of a workbook were ordered before, as far as the ledger knows: what a run would do, without a run."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.model import Problem
from bulk_orders.core.order_types import AUTO_RENEW_ON, target_of, type_of
from bulk_orders.core.platform_status import SCHEDULED
from bulk_orders.core.problem_texts import PROBLEM_TEXTS, problem
from bulk_orders.core.summary import Disposition
from bulk_orders.ledger.interface import Ledger, RowRecord
from bulk_orders.runs.new_run import wanted_by
from bulk_orders.sending.account_facts import AccountFacts
from bulk_orders.sending.planning import Plan, plan
from bulk_orders.settings.profiles import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRows:
    """What the ledger says of a workbook's rows."""

    ordered: tuple[int, ...]
    """Sheet rows that were ordered as they stand, and are not sent again."""
    problems: tuple[Problem, ...]
    to_send: tuple[OrderRecord, ...]
    """The orders of the others, as a run would record them."""


def known_rows(
    ledger: Ledger,
    profile: Profile,
    checked: CheckResult,
    *,
    templates: Mapping[str, Mapping[str, Any]],
    now: datetime,
) -> KnownRows:
    """Compare the ready rows with the ledger; nothing is recorded and nothing asked."""
    planned = _planned(ledger, profile, checked, templates, now)
    before = ledger.orders_by_key([row.key for row in planned.rows])
    ordered = [row for row in planned.rows if row.disposition is Disposition.ORDERED_BEFORE]
    told = [_ordered(checked, row, before[row.key]) for row in ordered]
    told += [_changed(checked, row) for row in planned.rows if row.disposition is Disposition.CONFLICT]
    doubtful = [row for row in planned.rows if row.disposition is Disposition.DOUBTFUL_BEFORE]
    told += [_at(checked, row.sheet_row, "S-NO-ANSWER", {}) for row in doubtful]
    held = [order for order in planned.in_question if order.state is State.HELD]
    told += [_at(checked, order.sheet_row, "S-HELD", {"why": order.message}) for order in held]
    told += [
        _at(checked, order.sheet_row, "W-SCHEDULED", {"value": target_of(order.body), "orders": deleted})
        for order in planned.to_send
        if (deleted := _deletes(ledger, order))
    ]
    return KnownRows(
        ordered=tuple(row.sheet_row for row in ordered), problems=tuple(told), to_send=planned.to_send
    )


def _planned(
    ledger: Ledger,
    profile: Profile,
    checked: CheckResult,
    templates: Mapping[str, Mapping[str, Any]],
    now: datetime,
) -> Plan:
    account = profile.account
    wanted = wanted_by(
        checked,
        ledger,
        run_id="",
        account=account,
        templates=templates,
        longest_po=AccountFacts(str(account), ledger).longest_po,
    )
    return plan(replace(wanted, not_ready=()), run_id="", account=account, ledger=ledger, now=now)


def _deletes(ledger: Ledger, order: OrderRecord) -> str:
    """Return the orders, scheduled for renewal, that a change deletes or replaces, and that nothing comes of without a renewal."""
    target = target_of(order.body)
    if not target or type_of(order.body) is AUTO_RENEW_ON:
        return ""
    ours = ledger.orders_of_customer(order.account, order.customer_id)
    others = ledger.foreign_orders(order.account, (order.customer_id,))
    names = [
        *(
            other.name
            for other in ours
            if (other.platform_status, other.subscription_id) == (SCHEDULED, target)
        ),
        *(
            other.order_number or other.order_id
            for other in others
            if (other.status, other.subscription_id) == (SCHEDULED, target)
        ),
    ]
    return ", ".join(names)


def _ordered(checked: CheckResult, row: RowRecord, order: OrderRecord) -> Problem:
    when = " on {day:%d-%b-%Y}".format(day=order.accepted_at) if order.accepted_at else ""
    parts = {"order": order.name, "when": when}
    return _at(checked, row.sheet_row, "I-ORDERED-BEFORE", parts)


def _changed(checked: CheckResult, row: RowRecord) -> Problem:
    """Return what the plan says of a row whose reference was used for another content; it has its own sentences."""
    field = "reference"
    address = checked.address(row.sheet_row, field)
    sheet, _, cell = address.rpartition("!")
    return Problem(
        code=row.code,
        severity=PROBLEM_TEXTS[row.code].severity,
        message=row.message,
        fix=row.fix,
        sheet=sheet or checked.tables.orders.name,
        sheet_row=row.sheet_row,
        cells=(cell,) if sheet else (),
        column=checked.header(field),
        field=field,
    )


def _at(checked: CheckResult, sheet_row: int, code: str, parts: Mapping[str, str]) -> Problem:
    return problem(code, parts=parts, sheet=checked.tables.orders.name, sheet_row=sheet_row)
