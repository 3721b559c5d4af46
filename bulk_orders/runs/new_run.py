"""What a new run is asked to do: its options, its record, and what its workbook asks for, compared with nothing yet."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.identity import Account
from bulk_orders.core.lifecycle import State
from bulk_orders.core.summary import Disposition
from bulk_orders.core.version import VERSION
from bulk_orders.ledger.interface import Ledger, RowRecord, RunRecord
from bulk_orders.reading.source import Source
from bulk_orders.runs.approved_plan import ApprovedPlan
from bulk_orders.runs.live_results import resolve_target
from bulk_orders.runs.report import options_json
from bulk_orders.runs.wished_again import rows_to_order
from bulk_orders.sending.account_facts import AccountFacts
from bulk_orders.sending.planning import Wanted, build_orders
from bulk_orders.sending.rows_left_out import recognise
from bulk_orders.sending.services import Services

_RUN_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""For run ids; none that look alike."""
_NOT_READY: Final = {
    "error": Disposition.INVALID,
    "skipped": Disposition.SKIPPED,
    "hidden": Disposition.HIDDEN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What the user asked for."""

    only_ready: bool = False
    """Send the rows without errors even if others have some."""
    first: int | None = None
    """Send only so many."""
    include_hidden: bool = False
    max_orders: int | None = None
    max_amount: Decimal | float | None = None
    max_per_customer: Decimal | float | None = None
    """The most that all first bills, and those of one customer, may come to in any currency; prices are then asked for."""
    estimate: bool = False
    """Ask for prices in any case."""
    is_first_ever: bool = False
    """The user's word that no other ledger was ever used for this account: a new ledger has forgotten nothing."""
    plan: ApprovedPlan | None = None
    """The approved plan that the run sends, and nothing else."""
    results: Path | None = None
    """Where the results workbook goes; beside the input when None."""


def new_run_id(now: datetime) -> str:
    """Make an id such as `20261122-0215-K7QX`: when, and four letters so that two runs of one minute differ."""
    letters = "".join(secrets.choice(_RUN_LETTERS) for _ in range(4))
    return f"{now:%Y%m%d-%H%M}-{letters}"


def new_run(services: Services, source: Source, checked: CheckResult, options: RunOptions) -> RunRecord:
    """Return the record of a run that begins now; nothing is recorded."""
    now = services.clock.now()
    profile = services.profile
    begun = RunRecord(
        run_id=new_run_id(now),
        account=str(profile.account),
        environment=profile.environment,
        profile=profile.name,
        marketplace=profile.marketplace,
        source_name=source.path.name,
        source_path=str(source.path.absolute()),  # `report` may be asked from another folder
        source_sha256=source.sha256,
        operator=services.operator,
        host=services.host,
        program_version=VERSION,
        started_at=now,
        rows_in=checked.row_count,
        options=options_json(
            {
                "only_ready": options.only_ready,
                "first": options.first,
                "include_hidden": options.include_hidden,
                "own_domain": profile.partner_domain,
                **source.read_as,
                **(options.plan.told() if options.plan else {}),
            }
        ),
    )
    if options.results is None:
        return begun
    # On disk from the start: if the run is killed before it writes them, `resume` puts them there all the same.
    return replace(begun, results_path=str(resolve_target(begun, options.results)))


def only_planned(services: Services, run: RunRecord, wanted: Wanted, plan: ApprovedPlan) -> Wanted:
    """Return what is wanted without rows that the plan does not have, so that nothing brings them into the run later.

    One that was ordered stays, to be reported as such: it is never sent.
    """
    others = [order.key for order in wanted.orders if order.key not in plan.keys]
    known = services.ledger.orders_by_key(others)
    left_out = {key for key in others if key not in known or known[key].state is not State.ACCEPTED}
    rows = [
        RowRecord(
            run_id=run.run_id,
            sheet_row=order.sheet_row,
            disposition=Disposition.NOT_CHOSEN,
            key=order.key,
            message="Not part of the plan {plan_id}.".format(plan_id=plan.plan_id),
            fix="Plan the workbook again to send it.",
        )
        for order in wanted.orders
        if order.key in left_out
    ]
    return replace(
        wanted,
        orders=tuple(order for order in wanted.orders if order.key not in left_out),
        not_ready=(*wanted.not_ready, *rows),
    )


def wanted_by(
    checked: CheckResult,
    ledger: Ledger,
    *,
    run_id: str,
    account: Account,
    templates: Mapping[str, Mapping[str, Any]],
    longest_po: int | None,
) -> Wanted:
    """Return what the workbook asks for; PO numbers that we make are no longer than `longest_po`."""
    row_keys = checked.row_keys
    doubted = AccountFacts(str(account), ledger).doubted
    known = ledger.orders_by_key(sorted(set(row_keys.values())))
    orders = build_orders(
        rows_to_order(checked, ledger, account),
        templates=templates,
        account=account,
        row_keys=row_keys,
        known={key: order for key, order in known.items() if order.account == str(account)},
        longest_po=longest_po,
    )
    not_ready = [
        RowRecord(run_id=run_id, sheet_row=sheet_row, disposition=_NOT_READY[state])
        for sheet_row, state in checked.row_states.items()
        if state != "ready"
    ]
    left_out = recognise(
        not_ready,
        account=account,
        ledger=ledger,
        orders=checked.tables.orders,
        row_keys=row_keys,
        exclude={order.key for order in orders},
    )
    return Wanted(
        orders=tuple(orders),
        not_ready=tuple(left_out),
        brought=frozenset(row_keys.values()),
        in_doubt=(*ledger.unsettled(str(account)), *ledger.orders_by_key(sorted(doubted)).values()),
    )
