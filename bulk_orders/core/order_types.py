"""The actions that a row can ask for, one entry each. Who depends on an order's type asks here, and never compares words.

What a type needs of a row is said by the columns (`Column.order_types`), what it sends by its order-body template.
"""

import enum
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bulk_orders.errors import SetupError


class Shown(enum.StrEnum):
    """What shows that the wish of a row is fulfilled."""

    ORDER = "order"
    """The order itself says completed: a purchase."""
    SEATS = "seats"
    """The subscription has the number of seats that was asked for: an order without effect says completed, too."""
    ENDED = "ended"
    """The subscription is over."""
    AUTO_RENEW = "auto-renew"
    """The subscription says whether it is renewed: that is set without an order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderType:
    """A type of order, as the column *Action* and the API know it."""

    key: str
    """Canonical in the workbook, and part of order keys, so it never changes."""
    label: str
    counted: tuple[str, str]
    """How it is told that there is one, or so many."""
    aliases: tuple[str, ...] = ()
    api: str = ""
    """The API's own word; empty where nothing is ordered, but something of the subscription is set."""
    parameter: str = ""
    """The activation parameter that a purchase has which brings in what was bought elsewhere."""
    auto_renew: str = ""
    """What is set of a subscription's renewal, in the API's words."""
    template: str
    """Whose order body it sends: the name of a file in `templates/order_bodies`, without its ending."""
    needs_line: bool = True
    """An order of it names a product; what is done to a subscription as a whole need not."""
    scheduled_on: str = ""
    """When it is carried out, in the API's word; empty for at once."""
    acts_on_subscription: bool = False
    """It changes a subscription that is there, and is known by it; others make one."""
    shown_by: Shown = Shown.ORDER
    is_unverified: bool
    """The vendor's documents describe it, and nobody is known to have done it: a person has to allow it."""


SALES: Final = OrderType(
    key="sales",
    label="New",
    aliases=("sales", "sale"),
    api="sales",
    counted=("{number} new order", "{number} new orders"),
    template="sales",
    is_unverified=False,
)

CHANGE_NOW: Final = OrderType(
    key="change_now",
    label="Change seats now",
    aliases=("change seats",),
    api="change",
    counted=("{number} change of seats now", "{number} changes of seats now"),
    template="change",
    acts_on_subscription=True,
    shown_by=Shown.SEATS,
    is_unverified=False,
)

CHANGE_AT_RENEWAL: Final = OrderType(
    key="change_at_renewal",
    label="Change seats at renewal",
    api="change",
    scheduled_on="renewal",
    counted=("{number} change of seats at renewal", "{number} changes of seats at renewal"),
    template="change",
    acts_on_subscription=True,
    shown_by=Shown.SEATS,
    is_unverified=False,
)

AUTO_RENEW_ON: Final = OrderType(
    key="auto_renew_on",
    label="Auto-renew on",
    aliases=("turn auto-renew on",),
    auto_renew="true",
    counted=("{number} subscription set to renew", "{number} subscriptions set to renew"),
    template="auto_renewal",
    acts_on_subscription=True,
    shown_by=Shown.AUTO_RENEW,
    is_unverified=True,
)

AUTO_RENEW_OFF: Final = OrderType(
    key="auto_renew_off",
    label="Auto-renew off",
    aliases=("turn auto-renew off",),
    auto_renew="false",
    counted=("{number} subscription set not to renew", "{number} subscriptions set not to renew"),
    template="auto_renewal",
    acts_on_subscription=True,
    shown_by=Shown.AUTO_RENEW,
    is_unverified=True,
)

CANCEL: Final = OrderType(
    key="cancel",
    label="Cancel",
    aliases=("cancellation",),
    api="cancellation",
    counted=("{number} subscription cancelled now", "{number} subscriptions cancelled now"),
    template="cancellation",
    needs_line=False,
    acts_on_subscription=True,
    shown_by=Shown.ENDED,
    is_unverified=True,
)

IMPORT: Final = OrderType(
    key="import",
    label="Import existing",
    aliases=("import",),
    api="sales",
    parameter="migration_info_object",
    counted=("{number} subscription imported", "{number} subscriptions imported"),
    template="import",
    is_unverified=True,
)

_OF_OTHERS: Final = ("CH", "RN", "CL", "CF", "BO")
"""What numbers begin with of orders that are no purchases: changes, renewals, cancellations and their charges, bills."""
_SET: Final = "renewalStatus"

ORDER_TYPES: Final = (SALES, CHANGE_NOW, CHANGE_AT_RENEWAL, AUTO_RENEW_ON, AUTO_RENEW_OFF, CANCEL, IMPORT)
"""The first is what a blank cell means."""
USUAL: Final = ORDER_TYPES[0]

_BY_SPELLING: Final = {
    spelling.casefold(): known
    for known in ORDER_TYPES
    for spelling in (known.key, known.label, *known.aliases)
}
_BY_KEY: Final = {known.key: known for known in ORDER_TYPES}
_PLACED: Final = frozenset(order_type.api for order_type in ORDER_TYPES if order_type.api)
PURCHASES: Final = tuple(known.key for known in ORDER_TYPES if known.api == USUAL.api)
"""Keys of the types that buy something, or bring it in: they need all that a purchase needs."""
ON_SUBSCRIPTIONS: Final = tuple(known.key for known in ORDER_TYPES if known.acts_on_subscription)
"""Keys of the types that act on a subscription."""
ORDERED: Final = tuple(known.key for known in ORDER_TYPES if known.api)
"""Keys of the types that place an order; others set something of a subscription."""
OF_PRODUCTS: Final = (*PURCHASES, CHANGE_NOW.key, CHANGE_AT_RENEWAL.key)
"""Keys of the types that ask for so many of a product: only these have a price, and parameters."""
TEMPLATES: Final = tuple(dict.fromkeys(known.template for known in ORDER_TYPES))
"""Names of all order-body templates."""


_INSTEAD: Final = (
    (
        ("change", "seats", "add seats", "reduce seats", "increase", "decrease"),
        'Choose "Change seats now" or "Change seats at renewal"; Quantity is the seats afterwards.',
    ),
    (
        ("cancel at renewal", "cancel renewal", "do not renew", "end", "terminate"),
        "Choose Auto-renew off: the subscription then ends with its term. Cancel ends it now.",
    ),
    (
        ("renew", "renewal"),
        "Choose Auto-renew on: Microsoft subscriptions are not renewed by orders. Renew others in the Control Panel.",
    ),
    (
        (
            "upgrade",
            "downgrade",
            "change plan",
            "partial upgrade",
            "change term",
            "change billing",
            "trial to paid",
        ),
        "Do it in the Control Panel, where the ways that are open can be seen.",
    ),
    (("suspend", "resume"), "Do it in the Control Panel; a suspended subscription cannot be changed."),
    (
        ("migration", "transfer"),
        "Ask the marketplace's support; nothing of this kind was seen to work by this API.",
    ),
)
"""What is asked for in other words, or is not placed here, and what to do instead."""


def what_instead(typed: str) -> str:
    """Return what to do instead of an action that is not placed here; empty where nobody knows what was meant."""
    wanted = " ".join(typed.casefold().replace("-", " ").split())
    return next((todo for words, todo in _INSTEAD if wanted in words), "")


def type_named(typed: str) -> OrderType:
    """Return the type that a cell names; what is not understood is the usual, as the check has refused it."""
    return _BY_SPELLING.get(typed.strip().casefold(), USUAL)


def type_of_key(key: str) -> OrderType:
    """Return the type of a checked row by its canonical value; a blank is the usual."""
    return _BY_KEY[key] if key else USUAL


@functools.lru_cache(maxsize=4096)  # each pair of an order and one on the marketplace asks for it
def type_of(body: str) -> OrderType:
    """Return the type of the order with this body; an erased one tells nothing, and is taken for the usual.

    Raises `SetupError` for one of which this program knows none, as a newer one may have ordered it: it must not pass for a purchase.
    """
    sent = _read(body)
    found = next((known for known in ORDER_TYPES if _is_of(known, sent)), None)
    if found is not None:
        return found
    said = sent.get("type", USUAL.api)
    if said != USUAL.api or _SET in sent:
        raise SetupError(
            'The ledger has an order that this version of bulk-orders does not know. Its type is "{type}".'.format(
                type=said
            ),
            fix="Update bulk-orders, then run again.",
        )
    return USUAL  # a purchase, of which somebody's own template says more


def _is_of(known: OrderType, sent: Mapping[str, Any]) -> bool:
    if not known.api:
        return json.dumps(sent.get(_SET)) == known.auto_renew
    if _SET in sent or sent.get("type", USUAL.api) != known.api:
        return False
    is_import = known.api == USUAL.api and IMPORT.parameter in parameter_names(sent)
    return str(sent.get("scheduledOn", "")) == known.scheduled_on and is_import is bool(known.parameter)


def parameter_names(sent: Mapping[str, Any]) -> set[Any]:
    """Return the names of the activation parameters in all product lines of an order body."""
    entries = (entry for line in sent.get("products", ()) for entry in line.get("parameters") or ())
    return {entry.get("name") for entry in entries if isinstance(entry, Mapping)}


def is_setting(body: str) -> bool:
    """Tell whether nothing is ordered with this body, but something of a subscription is set: proof of it is a reading."""
    return not type_of(body).api


@functools.lru_cache(maxsize=4096)
def _said(body: str) -> str:
    return str(_read(body).get("type", USUAL.api))


def _read(body: str) -> dict[str, Any]:
    return dict(json.loads(body)) if body else {}


@functools.lru_cache(maxsize=4096)
def target_of(body: str) -> str:
    """Return the subscription that the order with this body acts on; empty for one that makes its own, and once it is erased."""
    return str(json.loads(body).get("subscriptionId", "")) if type_of(body).acts_on_subscription else ""


def may_be_placed_here(told: str) -> bool:
    """Tell whether an order on the marketplace may be one that this program places; `told` is its type, which lists may leave out.

    Renewals that the platform makes inherit customer, product and PO number of ours.
    """
    return not told or told in _PLACED


def is_purchase(told: str) -> bool:
    """Tell whether an order on the marketplace may be a purchase; what else there is inherits the PO numbers of purchases."""
    return not told or told == USUAL.api


def is_purchase_number(order_number: str) -> bool:
    """Tell whether an order number may be that of a purchase: the letters in front say the type, also once a body is erased."""
    return not order_number.startswith(_OF_OTHERS)


def may_be_of(told: str, body: str) -> bool:
    """Tell whether an order on the marketplace may be of the same type as the order with this body.

    Of an erased one nothing but a purchase is taken for it: what is done to a subscription later inherits its PO number.
    """
    return not is_setting(body) and (not told or told == _said(body))
