"""The rules that Excel can express, each stated once: the check and the template's Check column both go by them.

Beside these stand what the table of columns says by itself (a choice of the list, digits, a length) and the rules that need
Python (`checking.rules`), which formulas do not see, or see in part.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bulk_orders.core.columns.table import Column, Need, columns_of
from bulk_orders.core.model import SheetRole
from bulk_orders.core.order_types import IMPORT, ON_SUBSCRIPTIONS
from bulk_orders.core.rule_constants import (
    EXAMPLE_REFERENCES,
    GUIDES_DOMAIN,
    MICROSOFT,
    PHONE_DIGITS,
    TOO_LONG_BILLING,
)
from bulk_orders.core.statements import (
    DigitsBelow,
    Either,
    Every,
    Filled,
    IsMailAt,
    IsOneOf,
    IsState,
    Not,
    NotOffered,
    OfCustomer,
    OfMicrosoft,
    Outside,
    ProductSays,
    Repeated,
    Says,
    Statement,
    Taken,
    Unlisted,
)

ALWAYS: Final = Every(())
IS_NEW: Final = Says("tenant", "new")
IS_IMPORT: Final = Says("order_type", IMPORT.key)
ACTS_ON_SUBSCRIPTION: Final = Either(tuple(Says("order_type", key) for key in ON_SUBSCRIPTIONS))
LACKS_TENANT: Final = Not(Every((Says("tenant", "existing"), Filled("domain"), Filled("tenant_id"))))
"""Of a customer: what an import needs to know of its tenant is not all there."""
COUNTRIES_WITH_STATES: Final = ("US", "CA")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedRule:
    """A cell of the column is broken where it is filled, is sent, and the statement is so."""

    code: str
    sheet: SheetRole
    column: str
    statement: Statement


def sent(entry: Column) -> Statement:
    """Return where a column's cells matter: what is not sent is not checked, except where it is always required."""
    conditions: list[Statement] = [OfMicrosoft()] if entry.is_microsofts else []
    if entry.order_types:
        conditions.append(Either(tuple(Says("order_type", key) for key in entry.order_types)))
    if entry.sent_when is not None and entry.need is not Need.ALWAYS:
        conditions.append(Says(*entry.sent_when))
    return Every(tuple(conditions))


def required(entry: Column) -> Statement:
    """Return where a column's cells must not be blank, as far as they are sent."""
    match entry.need:
        case Need.ALWAYS if entry.or_else:
            return Not(Every((Filled(entry.or_else), Says("tenant", "existing"))))
        case Need.ALWAYS:
            return ALWAYS
        case _:
            return Either(tuple(Says(*pair) for pair in entry.required_when))


def stated_rules(sheet: SheetRole, column: str = "") -> Iterator[StatedRule]:
    """Yield the rules of a sheet, or of one of its columns, in the order in which their columns stand there."""
    for entry in columns_of(sheet):
        if column in {"", entry.name}:
            yield from (rule for rule in _STATED if (rule.sheet, rule.column) == (sheet, entry.name))


def _order(code: str, column: str, statement: Statement) -> StatedRule:
    return StatedRule(code=code, sheet=SheetRole.ORDERS, column=column, statement=statement)


def _customer(code: str, column: str, statement: Statement) -> StatedRule:
    return StatedRule(code=code, sheet=SheetRole.CUSTOMERS, column=column, statement=statement)


_BILLED_TOO_LONG: Final = Either(
    tuple(Every((Says("commitment", term), Says("billing", billed))) for term, billed in TOO_LONG_BILLING)
)
_IS_AT_MICROSOFT: Final = IsMailAt("customer_email", MICROSOFT)
_IS_GUIDES: Final = IsOneOf("domain", (GUIDES_DOMAIN,))

_STATED: Final = (
    _order("E-DUP-REF", "reference", Repeated("reference")),
    _order("F-EXAMPLE-ROWS", "reference", IsOneOf("reference", tuple(sorted(EXAMPLE_REFERENCES)))),
    _order("E-CUSTOMER", "customer_id", Unlisted("customer_id", SheetRole.CUSTOMERS)),
    _order("E-PRODUCT", "mpn", Unlisted("mpn", SheetRole.PRODUCTS)),
    _order("E-RANGE", "quantity", Outside("quantity", "quantity_min", "quantity_max")),
    _order("E-OFFERED", "commitment", NotOffered("commitment", "commitments_offered")),
    _order("E-TERM-BILLING", "billing", _BILLED_TOO_LONG),
    _order("E-OFFERED", "billing", Every((NotOffered("billing", "billing_offered"), Not(_BILLED_TOO_LONG)))),
    _order(
        "E-ATTEST-OFFER",
        "offer_attestation",
        Every((Says("offer_attestation", "no"), ProductSays("offer_attestation_required", "yes"))),
    ),
    _order("E-IMPORT", "order_type", Every((IS_IMPORT, OfCustomer(LACKS_TENANT)))),
    _order("E-DUP-SUBSCRIPTION", "subscription", Repeated("subscription", ACTS_ON_SUBSCRIPTION)),
    _order("E-DUP-SUBSCRIPTION", "microsoft_subscription", Repeated("microsoft_subscription", IS_IMPORT)),
    _customer("E-DUP-CUSTOMER", "customer_id", Repeated("customer_id")),
    _customer("F-EXAMPLE", "domain", _IS_GUIDES),
    _customer("E-DOMAIN-DUP", "domain", Taken("domain", "customer_id", Every((IS_NEW, Not(_IS_GUIDES))))),
    _customer("E-ATTEST-POR", "partner_attestation", Says("partner_attestation", "no")),
    _customer("E-MCA", "mca_accepted", Every((IS_NEW, Says("mca_accepted", "on_file")))),
    _customer(
        "E-STATE",
        "state",
        Either(
            tuple(
                Every((Says("country", code), Not(IsState("state", code)))) for code in COUNTRIES_WITH_STATES
            )
        ),
    ),
    _customer("E-PHONE", "phone", DigitsBelow("phone", PHONE_DIGITS)),
    _customer("E-EMAIL-MICROSOFT", "customer_email", _IS_AT_MICROSOFT),
    _customer("E-EMAIL-OWN", "customer_email", Every((IsMailAt("customer_email"), Not(_IS_AT_MICROSOFT)))),
)
