"""What a plan workbook says, cell by cell: written once, and compared when somebody has saved it with an approval."""

import enum
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from bulk_orders.core import sheet_names
from bulk_orders.core.asked_actions import actions_told, licences_told, orders_told, warnings_of
from bulk_orders.core.order_types import OF_PRODUCTS, OrderType, Shown, type_of_key
from bulk_orders.core.wording import counted
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.ooxml.cleaning import clean

ANSWER: Final = (5, 1)
"""The cell beside *Approved?*, on the sheet Plan, as (row, column) from 0."""
_LICENCES: Final = "Licences ordered"
_FIRST_BILL: Final = "First bill"
_CREDITED: Final = "Credited"
_COMMITTED: Final = "Committed"
_IN_CURRENCY: Final = "Currency"
_SOME_HEADERS: Final = ("Orders", _LICENCES, _FIRST_BILL, _CREDITED, _COMMITTED, _IN_CURRENCY)
_EXCEL_ROW: Final = "Excel row"
_ACTION: Final = "Action planned"
_BUYER: Final = "For customer"
_COMPANY: Final = "Company"
_PART_NUMBER: Final = "Product ordered"
_PRODUCT: Final = "Name"
_ORDER_HEADERS: Final = (
    *(_EXCEL_ROW, _ACTION, "Subscription acted on", "Reference given", _BUYER, _COMPANY),
    *(_PART_NUMBER, _PRODUCT, _LICENCES, "Committed for", "Billed", "New tenant", "PO as sent"),
    *(_FIRST_BILL, _CREDITED, _COMMITTED, _IN_CURRENCY),
)

Value = str | int | Decimal
PLAN_TITLE: Final = "Plan {plan_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOrder:
    """One order as people are shown it."""

    sheet_row: int
    action: str
    """The key of what it asks for (`core.order_types`)."""
    subscription: str
    """The one that it acts on; empty for one that makes its own."""
    reference: str
    customer_id: str
    company: str
    mpn: str
    product: str
    quantity: str
    """Licences of a purchase, the seats afterwards of a change; empty for others."""
    commitment: str
    billing: str
    domain: str
    """A new tenant's, else empty."""
    po_number: str
    amount: str
    """The first bill as a plain decimal, negative for a credit; empty where the marketplace gave no price."""
    committed: str
    """All bills until the commitment ends, alike; empty for a change of a subscription, too."""
    currency: str

    @property
    def asked(self) -> OrderType:
        """What it asks for."""
        return type_of_key(self.action)

    @property
    def lacks_price(self) -> bool:
        """Whether it should have a price and has none; a setting and a cancellation have none to have."""
        return not self.amount and self.action in OF_PRODUCTS


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """A plan as people are shown it."""

    plan_id: str
    digest: str
    environment: str
    marketplace: str
    profile: str
    source_name: str
    maker: str
    host: str
    made_at: datetime
    expires_at: datetime
    orders: Sequence[PlannedOrder]


class CellLook(enum.Enum):
    """How a cell looks."""

    TITLE = enum.auto()
    BANNER = enum.auto()
    QUIET = enum.auto()
    HEADLINE = enum.auto()
    SECTION = enum.auto()
    WARNING = enum.auto()
    LABEL = enum.auto()
    ANSWER = enum.auto()
    HINT = enum.auto()
    PLAIN = enum.auto()
    HEADER = enum.auto()
    FIGURES = enum.auto()
    """A header over figures."""
    CELL = enum.auto()
    COUNT = enum.auto()
    MONEY = enum.auto()


@dataclass(frozen=True, slots=True)
class PlanCell:
    """One cell that has something in it; row and column from 0."""

    row: int
    column: int
    value: Value
    look: CellLook

    @property
    def address(self) -> str:
        """As Excel calls it."""
        return f"{column_letters(self.column)}{self.row + 1}"


def sheets(page: PlanPage) -> Mapping[str, Callable[[], Iterator[PlanCell]]]:
    """Return what makes the cells of each sheet, row by row, by the sheet's name."""
    return {
        sheet_names.PLAN: lambda: _plan_sheet(page),
        sheet_names.PLAN_CUSTOMERS: lambda: _table(
            0, (_BUYER, _COMPANY), page.orders, lambda order: (order.customer_id, order.company)
        ),
        sheet_names.PLAN_ORDERS: lambda: _orders_sheet(page.orders),
    }


def what_changed(page: PlanPage, read: Mapping[str, Sequence[Sequence[str]]]) -> tuple[list[str], str]:
    """Compare a saved plan workbook's texts, by sheet, with what was written; return cells that differ, and the answer."""
    changed = [name for name in read if name not in sheets(page)]
    answer = ""
    for name, make in sheets(page).items():
        if name not in read:
            changed.append(name)
            continue
        left = {
            (row, column): text
            for row, texts in enumerate(read[name])
            for column, text in enumerate(texts)
            if text
        }
        if name == sheet_names.PLAN:
            answer = left.pop(ANSWER, "").strip()
        changed += [
            f"{name}!{cell.address}"
            for cell in make()
            if cell.look is not CellLook.ANSWER
            and not _is_same(cell.value, left.pop((cell.row, cell.column), ""))
        ]
        changed += [f"{name}!{column_letters(column)}{row + 1}" for row, column in left]
    return changed, answer


def plan_id_in(read: Mapping[str, Sequence[Sequence[str]]]) -> str:
    """Return the id of the plan whose workbook it is; empty for any other workbook."""
    rows = read.get(sheet_names.PLAN, ())
    first = rows[0][0].strip() if rows and rows[0] else ""
    before = PLAN_TITLE.partition("{")[0]
    return first.removeprefix(before) if first.startswith(before) else ""


def bill(orders: Iterable[PlannedOrder]) -> dict[str, Decimal]:
    """Return the sum of first bills for each currency; a credit is not taken off it."""
    return _sums((order.currency, order.amount) for order in orders if not _is_credit(order))


def credited(orders: Iterable[PlannedOrder]) -> dict[str, Decimal]:
    """Return the sum of what is credited for each currency."""
    return {
        currency: -amount
        for currency, amount in _sums(
            (order.currency, order.amount) for order in orders if _is_credit(order)
        ).items()
    }


def committed(orders: Iterable[PlannedOrder]) -> dict[str, Decimal]:
    """Return the sum of what is committed to for each currency."""
    return _sums((order.currency, order.committed) for order in orders)


def _is_credit(order: PlannedOrder) -> bool:
    return bool(order.amount) and Decimal(order.amount) < 0


def _sums(amounts: Iterable[tuple[str, str]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for currency, amount in amounts:
        if amount:
            sums[currency] = sums.get(currency, Decimal(0)) + Decimal(amount)
    return sums


def _is_same(value: Value, text: str) -> bool:
    if isinstance(value, str):
        return value == text
    try:
        return Decimal(text) == value
    except InvalidOperation:
        return False


def headline(orders: Sequence[PlannedOrder]) -> str:
    """Say how much would be ordered, in a sentence or two."""
    told = "{orders} for {customers}, {licences}. {bill}".format(
        orders=orders_told(order.asked for order in orders),
        customers=counted(
            len({order.customer_id for order in orders}), "{number} customer", "{number:,} customers"
        ),
        licences=counted(
            sum(int(order.quantity or 0) for order in orders if order.asked.shown_by is Shown.ORDER),
            "{number} licence",
            "{number:,} licences",
        ),
        bill=_bill_told(orders),
    )
    if back := credited(orders):
        told = "{told} Credited: {credited}.".format(told=told, credited=_amounts(back))
    if any(order.amount and not order.committed for order in orders):
        told = "{told} What changes commit to is not estimated.".format(told=told)
    return told


def _bill_told(orders: Sequence[PlannedOrder]) -> str:
    sums = bill(orders)
    amounts, bound = _amounts(sums), _amounts(committed(orders)) or _amounts(dict.fromkeys(sums, Decimal(0)))
    unpriced = sum(1 for order in orders if order.lacks_price)
    if not sums:
        return "The marketplace gave no price." if unpriced else "Nothing is billed for it."
    if not unpriced:
        return "First bill: {amounts}; {committed} committed.".format(amounts=amounts, committed=bound)
    return "First bill: {amounts}; {committed} committed, and {orders} without a price.".format(
        amounts=amounts, committed=bound, orders=counted(unpriced, "{number} order", "{number:,} orders")
    )


def actions(orders: Iterable[PlannedOrder]) -> str:
    """Say what is done, action by action."""
    return "{actions}.".format(actions=actions_told(order.asked for order in orders))


def _amounts(sums: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{name} {sums[name]:,.2f}" for name in sorted(sums))


def _plan_sheet(page: PlanPage) -> Iterator[PlanCell]:
    is_live = page.environment == "LIVE"
    yield _text(0, 0, PLAN_TITLE.format(plan_id=page.plan_id), CellLook.TITLE)
    yield _text(
        1,
        0,
        "LIVE – these orders will be real" if is_live else "PRACTICE – nothing will really be ordered",
        CellLook.BANNER,
    )
    source = (
        "{source}  ·  marketplace {marketplace}  ·  profile {profile}  ·  "
        "made by {maker} on {host}, {at:%d-%b-%Y %H:%M} UTC"
    ).format(
        source=page.source_name,
        marketplace=page.marketplace,
        profile=page.profile,
        maker=page.maker,
        host=page.host,
        at=page.made_at,
    )
    yield _text(2, 0, source, CellLook.QUIET)
    yield _text(3, 0, headline(page.orders), CellLook.HEADLINE)
    yield _text(4, 0, actions(page.orders), CellLook.LABEL)
    row, column = ANSWER
    yield _text(row, 0, "Approved?", CellLook.LABEL)
    yield _text(row, column, "", CellLook.ANSWER)
    yield _text(
        row,
        column + 1,
        (
            "To approve, choose Yes and save. Whoever saves this file approves it: "
            "one of the profile's approvers, but not {maker}. Change nothing else."
        ).format(maker=page.maker),
        CellLook.HINT,
    )
    yield _text(row + 1, 0, "Expires", CellLook.LABEL)
    yield _text(row + 1, 1, "{at:%d-%b-%Y %H:%M} UTC".format(at=page.expires_at), CellLook.PLAIN)
    yield _text(row + 2, 0, "Digest", CellLook.LABEL)
    yield _text(row + 2, 1, page.digest, CellLook.PLAIN)
    warnings = warnings_of(order.asked for order in page.orders)
    for place, warning in enumerate(warnings, start=row + 4):
        yield _text(place, 0, warning.message, CellLook.WARNING)
    top = row + 4 + len(warnings) + bool(warnings)
    yield _text(top, 0, "In all", CellLook.SECTION)
    yield from _table(top + 1, (), page.orders, lambda _: ())
    top += len({order.currency for order in page.orders}) + 3
    yield _text(top, 0, "By action", CellLook.SECTION)
    yield from _table(top + 1, (_ACTION,), page.orders, lambda order: (order.asked.label,))
    top += len({(order.action, order.currency) for order in page.orders}) + 3
    yield _text(top, 0, "By product", CellLook.SECTION)
    names = (_PART_NUMBER, _PRODUCT)
    yield from _table(top + 1, names, page.orders, lambda order: (order.mpn, order.product))


def _table(
    top: int,
    names: Sequence[str],
    orders: Sequence[PlannedOrder],
    group: Callable[[PlannedOrder], tuple[str, ...]],
) -> Iterator[PlanCell]:
    """Yield a table with a line for each group and currency: orders, licences and first bill; figures begin in column C."""
    groups: dict[tuple[tuple[str, ...], str], list[PlannedOrder]] = defaultdict(list)
    for order in orders:
        groups[group(order), order.currency].append(order)
    for column, name in enumerate(names):
        yield _text(top, column, name, CellLook.HEADER)
    for column, name in enumerate(_SOME_HEADERS, start=2):
        yield _text(top, column, name, CellLook.HEADER if name == _IN_CURRENCY else CellLook.FIGURES)
    for row, ((told, currency), members) in enumerate(sorted(groups.items()), start=top + 1):
        for column, text in enumerate(told):
            yield _text(row, column, text, CellLook.CELL)
        yield PlanCell(row, 2, len(members), CellLook.COUNT)
        yield _licences(row, 3, members)
        yield from _amounts_of(row, 4, members, currency)


def _orders_sheet(orders: Sequence[PlannedOrder]) -> Iterator[PlanCell]:
    figures = {_EXCEL_ROW, _LICENCES, _FIRST_BILL, _CREDITED, _COMMITTED}
    for column, name in enumerate(_ORDER_HEADERS):
        yield _text(0, column, name, CellLook.FIGURES if name in figures else CellLook.HEADER)
    for row, order in enumerate(orders, start=1):
        yield PlanCell(row, 0, order.sheet_row, CellLook.COUNT)
        told = (
            *(order.asked.label, order.subscription, order.reference),
            *(order.customer_id, order.company, order.mpn, order.product),
        )
        for column, text in enumerate(told, start=1):
            yield _text(row, column, text, CellLook.CELL)
        yield _licences(row, 8, [order])
        asked_for = (order.commitment, order.billing, order.domain, order.po_number)
        for column, text in enumerate(asked_for, start=9):
            yield _text(row, column, text, CellLook.CELL)
        yield from _amounts_of(row, 13, [order], order.currency)


def _licences(row: int, column: int, orders: Sequence[PlannedOrder]) -> PlanCell:
    """Return the licences ordered as a number; with the seats that changes lead to it is a text."""
    told = licences_told((order.asked, int(order.quantity or 0)) for order in orders)
    number = told.replace(",", "")
    return PlanCell(row, column, int(number) if number.isdecimal() else told, CellLook.COUNT)


def _amounts_of(row: int, column: int, orders: Sequence[PlannedOrder], currency: str) -> Iterator[PlanCell]:
    """Yield first bill, credit, commitment and currency of orders that are all of that currency."""
    lack_price = any(order.lacks_price for order in orders)
    for place, sums in enumerate((bill(orders), credited(orders), committed(orders)), start=column):
        if currency in sums:
            yield PlanCell(row, place, sums[currency], CellLook.MONEY)
        elif lack_price and place != column + 1:
            yield _text(row, place, "no price", CellLook.MONEY)
        else:  # there is none to be had
            yield _text(row, place, "", CellLook.CELL)
    yield _text(row, column + 3, currency, CellLook.CELL)


def _text(row: int, column: int, text: str, look: CellLook) -> PlanCell:
    return PlanCell(row, column, clean(text), look)
