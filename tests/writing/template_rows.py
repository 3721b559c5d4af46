"""Sheets of the template filled with rows, good ones and broken ones, by a seeded generator."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from template_broken_rows import (
    BROKEN_ACTIONS,
    BROKEN_CUSTOMERS,
    BROKEN_DETAILS,
    BROKEN_IMPORTS,
    BROKEN_NEW,
    BROKEN_ORDERS,
    BROKEN_STATEMENTS,
)
from template_good_rows import (
    BARE,
    DETAILED,
    FIRST_CUSTOMER,
    GOOD_ACTIONS,
    GOOD_CUSTOMERS,
    GOOD_DETAILS,
    GOOD_STATEMENTS,
    GOOD_WAYS,
    IMPORT,
    KNOWN,
    NEW,
    ON_FILE,
    ORDER,
    PRODUCTS,
    STATED,
    Values,
)

from bulk_orders.core.model import SheetRole


@dataclass(slots=True)
class Sheets:
    """Rows of the three sheets, in order."""

    orders: list[Values] = field(default_factory=list)
    customers: list[Values] = field(default_factory=list)
    products: list[Values] = field(default_factory=lambda: [dict(row) for row in PRODUCTS])

    def add(self, order: Values, customer: Values) -> None:
        """Add an order with a customer of its own."""
        number = len(self.customers)
        identity = str(FIRST_CUSTOMER + number)
        own: Values = {"customer_id": identity}
        if "domain" not in customer or customer["domain"] == ON_FILE["domain"]:
            own["domain"] = f"ambershop{number}.onmicrosoft.com"
        self.customers.append({**customer, **own})
        self.orders.append({"reference": f"NOV-{number:04}", "customer_id": identity, **ORDER, **order})

    def filled(self) -> dict[str, list[Values]]:
        """As `write_template` takes them."""
        return {"orders": self.orders, "customers": self.customers, "catalogue": self.products}


def generated(seed: int, count: int) -> Sheets:
    """About half good rows, written in many ways; the others broken in one place or two, a few skipped or left blank."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    sheets = Sheets()
    while len(sheets.orders) < count:
        if chance.random() < 0.5:
            sheets.add(*_good(chance))
        else:
            chance.choice(_BREAKERS)(chance, sheets)
    return sheets


def _good(chance: random.Random) -> tuple[Values, Values]:
    order, customer = dict(ORDER), dict(chance.choice(GOOD_CUSTOMERS))
    role, changes = chance.choice(GOOD_WAYS)
    if role is SheetRole.ORDERS:
        order |= changes
    elif "tenant" not in changes or customer["tenant"] == "Existing tenant":
        customer |= changes
    if "agreement_date" in customer and chance.random() < 0.5:
        customer |= chance.choice(GOOD_STATEMENTS)
    if customer.get("address") and customer["country"].startswith("US") and chance.random() < 0.7:
        customer |= chance.choice(GOOD_DETAILS)
    return order, customer


def _break_order(chance: random.Random, sheets: Sheets) -> None:
    order, customer = dict(chance.choice(BROKEN_ORDERS)), chance.choice(GOOD_CUSTOMERS)
    if chance.random() < 0.3:
        order |= chance.choice(BROKEN_ORDERS)
    sheets.add(order, dict(customer))


def _break_customer(chance: random.Random, sheets: Sheets) -> None:
    base, breaks = chance.choice(
        (
            (ON_FILE, BROKEN_CUSTOMERS),
            (NEW, BROKEN_NEW),
            (STATED, BROKEN_STATEMENTS),
            (DETAILED, BROKEN_DETAILS),
            (DETAILED, BROKEN_STATEMENTS),
            ({**DETAILED, "tenant": "New tenant"}, BROKEN_CUSTOMERS),
        )
    )
    customer = {**base, **chance.choice(breaks)}
    if chance.random() < 0.3:
        customer |= chance.choice(breaks)
    order = dict(chance.choice(BROKEN_ORDERS)) if chance.random() < 0.2 else {}
    sheets.add(order, customer)


def _repeat_reference(chance: random.Random, sheets: Sheets) -> None:
    name = chance.choice(("NOV-TWICE", "Nov-Twice", "PO*", "?", " 007 "))
    sheets.add({"reference": name}, dict(ON_FILE))
    sheets.add({"reference": name.strip(), "submit": chance.choice(("", "", "Skip"))}, dict(ON_FILE))


def _repeat_customer(_chance: random.Random, sheets: Sheets) -> None:
    sheets.add({}, dict(ON_FILE))
    sheets.add({}, dict(ON_FILE))
    sheets.customers[-1]["customer_id"] = sheets.customers[-2]["customer_id"] + " "
    sheets.orders[-1]["customer_id"] = sheets.customers[-2]["customer_id"]


def _repeat_domain(chance: random.Random, sheets: Sheets) -> None:
    domain = f"shared{len(sheets.customers) // 40}.onmicrosoft.com"
    sheets.add({}, {**NEW, "domain": domain.upper()})
    sheets.add({}, {**NEW, "domain": domain, "tenant": chance.choice(("new", "Existing tenant"))})


def _of_other_vendors(chance: random.Random, sheets: Sheets) -> None:
    """Of a customer that Microsoft could not set up: alone, beside an order of Microsoft's, and beside one that waits."""
    other: Values = {"vendor": "Inkwell", "offer_attestation": ""}
    sheets.add(other, {**ON_FILE, "tenant": "", "partner_attestation": "No"})
    beside = chance.choice(({}, {"submit": "Skip"}, {"vendor": "Northbeam"}))
    if chance.random() < 0.7:
        identity = sheets.orders[-1]["customer_id"]
        sheets.add(beside, dict(ON_FILE))
        sheets.orders[-1]["customer_id"] = identity


def _act(chance: random.Random, sheets: Sheets) -> None:
    """On a subscription of its own, of a customer that nothing can be bought for; sometimes something is bought beside it."""
    order = {"subscription": str(1_100_000 + len(sheets.orders)), **chance.choice(GOOD_ACTIONS)}
    if chance.random() < 0.5:
        order |= chance.choice(BROKEN_ACTIONS)
    sheets.add(order, dict(chance.choice((BARE, BARE, ON_FILE))))
    if chance.random() < 0.3:
        identity = sheets.customers[-1]["customer_id"]
        sheets.add(chance.choice(({}, {"submit": "Skip"}, {"order_type": "New"})), dict(ON_FILE))
        sheets.orders[-1]["customer_id"] = identity


def _act_twice(chance: random.Random, sheets: Sheets) -> None:
    """On one subscription, or not quite: the other row waits, or buys something."""
    same = {"subscription": str(1_100_000 + len(sheets.orders))}
    sheets.add({**same, **chance.choice(GOOD_ACTIONS)}, dict(BARE))
    other = chance.choice(
        (chance.choice(GOOD_ACTIONS), {"submit": "Skip", "order_type": "Cancel"}, {"order_type": "New"})
    )
    sheets.add({**same, **other}, dict(ON_FILE))


def _import(chance: random.Random, sheets: Sheets) -> None:
    """Of a tenant that is known, or is not; sometimes of what another row brings in, too."""
    order = {**IMPORT, "microsoft_subscription": f"3f2b8a1c-{len(sheets.orders)}"}
    sheets.add(order, dict(chance.choice((KNOWN, KNOWN, ON_FILE, NEW, {**KNOWN, "domain": ""}))))
    if chance.random() < 0.5:
        sheets.orders[-1] |= chance.choice(BROKEN_IMPORTS)
    if chance.random() < 0.3:
        sheets.add({**order, "order_type": chance.choice(("import", "", "Cancel"))}, dict(KNOWN))
        sheets.orders[-1]["subscription"] = str(1_100_000 + len(sheets.orders))


def _skip(chance: random.Random, sheets: Sheets) -> None:
    sheets.add(
        {"submit": chance.choice(("Skip", "no", " FALSE")), **chance.choice(BROKEN_ORDERS[6:18])},
        dict(ON_FILE),
    )


def _leave_blank(_chance: random.Random, sheets: Sheets) -> None:
    sheets.orders.append({"order_note": " \u00a0"})
    sheets.add({"customer_id": "", "reference": ""}, dict(ON_FILE))


_BREAKERS: tuple[Callable[[random.Random, Sheets], None], ...] = (
    *(_break_order,) * 6,
    *(_break_customer,) * 12,
    *(_act, _act, _act, _act_twice, _import, _import),
    *(_repeat_reference, _repeat_customer, _repeat_domain, _of_other_vendors, _skip, _leave_blank),
)
