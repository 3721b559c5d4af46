"""A plan, its profile and its ledger, without a marketplace."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bulk_orders.ledger.interface import PlanRecord
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.runs.frozen import Frozen, FrozenOrder, digest_of
from bulk_orders.settings.profiles import Profile
from bulk_orders.writing.new_book.plan_page import PlannedOrder

NOW = datetime(2026, 11, 29, 17, 15, tzinfo=UTC)
PROFILE = Profile(
    name="live",
    base_url="https://cloud.example.com/marketplace/us",
    user="me@example.com",
    policy="approval",
    approvers=("ann", "Bob"),
)


def frozen_order(row: int, **changes: Any) -> FrozenOrder:
    shown = PlannedOrder(
        sheet_row=row,
        action="sales",
        subscription="",
        reference=f"R-{row}",
        customer_id="c-1",
        company="Contoso",
        mpn="CFQ7TTC0LH18:0001",
        product="",
        quantity="2",
        commitment="1 year",
        billing="Monthly",
        domain="",
        po_number=f"BO{row}",
        amount="12.60",
        committed="151.20",
        currency="USD",
    )
    body = f'{{"poNumber":"BO{row}","products":[{{"mpn":"CFQ7TTC0LH18:0001","quantity":2}}]}}'
    plain = FrozenOrder(key=f"k1:{row}", body=body, shown=shown)
    return replace(plain, **changes)


FROZEN = Frozen(orders=(frozen_order(2), frozen_order(3)), include_hidden=False)


def a_plan(**changes: Any) -> PlanRecord:
    """A sound plan; the changes come after its digest was made."""
    plain = PlanRecord(
        plan_id="PLAN-20261129-1715-K7QX",
        digest="",
        account=str(PROFILE.account),
        environment="LIVE",
        profile="live",
        marketplace="us",
        source_name="orders.xlsx",
        source_path="/in/orders.xlsx",
        source_sha256="5" * 64,
        workbook_path="/in/orders.plan.xlsx",
        maker="ann",
        host="desk",
        program_version="0.2.0",
        orders=2,
        content=FROZEN.text(),
        made_at=NOW,
        expires_at=NOW + timedelta(hours=24),
    )
    return replace(replace(plain, digest=digest_of(plain)), **changes)


def kept(plan: PlanRecord) -> MemoryLedger:
    ledger = MemoryLedger()
    ledger.record_plan(plan)
    return ledger
