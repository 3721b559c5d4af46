"""What a plan freezes: each order's key and body, and its price; and what moved since."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Self

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.columns.table import column
from bulk_orders.core.identity import canonical_json
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.model import Order, Row, SheetRole
from bulk_orders.core.money import Bill, Price, bills_of
from bulk_orders.core.order_types import target_of, type_of
from bulk_orders.ledger.interface import PlanRecord
from bulk_orders.writing.new_book.plan_page import PlannedOrder, PlanPage

_FORM: Final = "p2"
"""Of the content; a plan of another form is of another version of the program."""
_SCALARS: Final = (
    "plan_id",
    "account",
    "environment",
    "profile",
    "marketplace",
    "source_sha256",
    "maker",
    "content",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenOrder:
    """One order as it is to be sent, and as people are shown it."""

    key: str
    body: str
    """Canonical JSON, PO number and all."""
    shown: PlannedOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """The content of a plan."""

    orders: tuple[FrozenOrder, ...]
    include_hidden: bool

    def text(self) -> str:
        """Return it as the ledger keeps it."""
        return canonical_json({"form": _FORM, **asdict(self)})

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what `text` made. Raises `ValueError` for anything else."""
        told = json.loads(text)
        if not cls.is_readable(text):
            raise ValueError(f"the form of this plan is not {_FORM}")
        return cls(
            orders=tuple(
                FrozenOrder(key=one["key"], body=one["body"], shown=PlannedOrder(**one["shown"]))
                for one in told["orders"]
            ),
            include_hidden=told["include_hidden"],
        )

    @staticmethod
    def is_readable(text: str) -> bool:
        """Tell whether it is of this version of the program: an older one did not show all that is approved now."""
        return bool(json.loads(text).get("form") == _FORM)

    @property
    def keys(self) -> frozenset[str]:
        """The order keys."""
        return frozenset(order.key for order in self.orders)

    @property
    def prices(self) -> dict[str, Price]:
        """The first bill of each order, by order key; orders without a price are absent."""
        return {
            order.key: Price(amount=Decimal(order.shown.amount), currency=order.shown.currency)
            for order in self.orders
            if order.shown.amount
        }


def freeze(
    orders: tuple[OrderRecord, ...], found: Mapping[str, Price], checked: CheckResult
) -> tuple[FrozenOrder, ...]:
    """Return the orders with their prices, and with what their rows say for people."""
    rows = {row.sheet_row: row for row in checked.rows()}
    names = _product_names(checked)
    bills = {bill.sheet_row: bill for bill in bills_of(orders, found)}
    return tuple(
        FrozenOrder(
            key=order.key,
            body=order.body,
            shown=_shown(order, rows[order.sheet_row], names, bills.get(order.sheet_row)),
        )
        for order in orders
    )


def _shown(order: OrderRecord, row: Row, names: Mapping[str, str], bill: Bill | None) -> PlannedOrder:
    return PlannedOrder(
        sheet_row=order.sheet_row,
        action=type_of(order.body).key,
        subscription=target_of(order.body),
        reference=order.reference,
        customer_id=order.customer_id,
        company=row.values.get("company_name", ""),
        mpn=order.mpn,
        product=names.get(order.mpn, ""),
        quantity=order.quantity,
        commitment=_label("commitment", row),
        billing=_label("billing", row),
        domain=order.domain,
        po_number=order.marker,
        amount=str(bill.first) if bill else "",
        committed=str(bill.committed) if bill and not bill.is_change else "",
        currency=bill.currency if bill else "",
    )


def _product_names(checked: CheckResult) -> dict[str, str]:
    """Return what the sheet Products calls each part number."""
    products = checked.tables.products
    fields = [found.field for found in products.columns] if products else []
    if products is None or not {"mpn", "product_name"} <= set(fields):
        return {}
    mpn, name = fields.index("mpn"), fields.index("product_name")
    return {cells[mpn]: cells[name] for cells in products.cells}


def _label(name: str, row: Row) -> str:
    key = row.values.get(name, "")
    choices = column(SheetRole.ORDERS, name).choices
    return next((choice.label for choice in choices if choice.key == key), key)


def digest_of(plan: PlanRecord) -> str:
    """Return the SHA-256, in hex, of all that a plan freezes; the ledger's log covers it once more."""
    told = {name: getattr(plan, name) for name in _SCALARS} | {"expires_at": _moment(plan.expires_at)}
    return hashlib.sha256(canonical_json(told).encode("utf-8", "surrogatepass")).hexdigest()


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def page_of(plan: PlanRecord, frozen: Frozen) -> PlanPage:
    """Return what the plan workbook shows."""
    return PlanPage(
        plan_id=plan.plan_id,
        digest=plan.digest,
        environment=plan.environment,
        marketplace=plan.marketplace,
        profile=plan.profile,
        source_name=plan.source_name,
        maker=plan.maker,
        host=plan.host,
        made_at=plan.made_at,
        expires_at=plan.expires_at,
        orders=[order.shown for order in frozen.orders],
    )


def moved_orders(
    frozen: Frozen, wanted: Mapping[int, Order], in_question: Mapping[str, OrderRecord]
) -> list[str]:
    """Say, in the rows' order, what of the frozen orders is not as it was.

    `wanted` is what the workbook gives, by sheet row; `in_question` are the orders as they would be recorded and sent, by key.
    One that was ordered is not sent again, and nothing of it can move.
    """
    return [
        what
        for order in frozen.orders
        for what in _moved(order, wanted.get(order.shown.sheet_row), in_question.get(order.key))
    ]


_NOTHING: Final = "nothing"


def _moved(order: FrozenOrder, now: Order | None, recorded: OrderRecord | None) -> Iterator[str]:
    row = order.shown.sheet_row
    if now is None:
        yield "row {row} no longer gives an order".format(row=row)
    elif now.key != order.key:
        yield "row {row} gives another order now (its order key differs)".format(row=row)
    elif recorded is not None and recorded.body != order.body:
        then, told = _leaves(json.loads(order.body)), _leaves(json.loads(recorded.body))
        field = next(name for name in (*then, *told) if then.get(name) != told.get(name))
        yield "row {row} would be sent with another {field}: {then}, now {now}".format(
            row=row, field=field, then=then.get(field, _NOTHING), now=told.get(field, _NOTHING)
        )


def _leaves(value: Any, path: str = "") -> dict[str, str]:
    """Return each value of a body by where it stands: `products[0].mpn`."""
    if isinstance(value, dict):
        inner = [_leaves(one, f"{path}.{name}" if path else name) for name, one in value.items()]
    elif isinstance(value, list):
        inner = [_leaves(one, f"{path}[{place}]") for place, one in enumerate(value)]
    else:
        return {path: canonical_json(value)}
    found = {path: canonical_json(value)} if not inner else {}
    for one in inner:
        found |= one
    return found


def moved_prices(frozen: Frozen, found: Mapping[str, Price], asked: frozenset[str]) -> list[str]:
    """Say which prices moved, by however little, of the orders that were asked about."""
    planned = frozen.prices
    return [
        "row {row} was planned at {then} and costs {now} now".format(
            row=order.shown.sheet_row, then=_price(then), now=_price(now)
        )
        for order in frozen.orders
        if order.key in asked and (then := planned.get(order.key)) != (now := found.get(order.key))
    ]


def _price(price: Price | None) -> str:
    return f"{price.currency} {price.amount}" if price else "no price"
