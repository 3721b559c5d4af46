"""What a row asks of a subscription, compared with the subscription as the marketplace shows it: before it is sent, and after.

A change that asks for what is there already completes without effect, and so does one that a vendor passes over. So neither
the answer to an order nor its status says that a wish is fulfilled: the subscription does.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.order_types import AUTO_RENEW_ON, Shown, target_of, type_of
from bulk_orders.core.platform_status import DONE
from bulk_orders.core.refusals import is_no_change, is_not_active
from bulk_orders.core.subscription_rows import AsPulled
from bulk_orders.core.subscriptions import ACTIVE, CANCEL_WINDOW, ENDED, PlatformSubscription, ProductLine
from bulk_orders.core.vendors import is_microsofts

_SUBSCRIPTION: Final = "subscriptionId"
SUBSCRIPTION_PLACES: Final = ("both", "order", "line")
"""Where the subscription stands: with the order and in the product line, as the templates have it, or in one of the two."""
LATEST_BEFORE_RENEWAL: Final = timedelta(days=2)
"""Vendors say: before the renewal date; clocks and time zones of three platforms take a day on either side."""
_SHOWN_ELSEWHERE: Final = frozenset(Shown) - {Shown.ORDER, Shown.AUTO_RENEW}
"""What an order itself does not show by saying that it is completed; a setting is no order."""
SETTING_UP: Final = "processing"
"""What is recorded of an order that says completed, until its subscription shows it."""


def is_fulfilled(order: OrderRecord, found: PlatformSubscription | None) -> bool:
    """Tell whether the subscription is as the order asks; one that the marketplace does not have any more is over."""
    shown_by = type_of(order.body).shown_by
    if found is None:
        return shown_by is Shown.ENDED
    match shown_by:
        case Shown.SEATS:
            line = line_of(order, found)
            return line is not None and line.seats == order.licences
        case Shown.AUTO_RENEW:
            is_renewed = False if found.status in ENDED else found.auto_renew
            return is_renewed is wants_renewal(order)
        case Shown.ENDED:
            return found.status in ENDED
        case Shown.ORDER:
            return False


def needs_nothing(order: OrderRecord, found: PlatformSubscription) -> bool:
    """Tell whether there is nothing to send: what is asked for at renewal is, for something else may be scheduled."""
    return not type_of(order.body).scheduled_on and is_fulfilled(order, found)


def why_not(order: OrderRecord, found: PlatformSubscription | None, today: date) -> str:
    """Return why the subscription cannot be changed so; empty where it can. `today` is the marketplace's day."""
    target = target_of(order.body)
    if found is None:
        return "the marketplace has no subscription {target}.".format(target=target)
    if found.customer_id not in {"", order.customer_id}:
        return "subscription {target} belongs to another customer.".format(target=target)
    is_over_as_asked = (
        found.status in ENDED
        and type_of(order.body).shown_by is not Shown.SEATS
        and is_fulfilled(order, found)
    )
    if found.status not in {"", ACTIVE} and not is_over_as_asked:
        return 'subscription {target} is "{status}" and not active.'.format(
            target=target, status=found.status
        )
    line = line_of(order, found)
    if line is None:
        return _why_no_line(order, found)
    if not is_over_as_asked and _is_unseen(order, found, line):
        return (
            "the marketplace does not say of subscription {target} what would show that it was done.".format(
                target=target
            )
        )
    return _why_not_now(order, found, line, today)


def changed_since(order: OrderRecord, found: PlatformSubscription | None, pulled: AsPulled | None) -> str:
    """Return what the subscription has, where that is not what a workbook pulled; empty where it is, or nothing was pulled.

    The renewal date makes a wish another one: one that was typed over may have been carried out.
    """
    if pulled is None or found is None:
        return ""
    target = target_of(order.body)
    if found.renewal_date and pulled.renewal_date and found.renewal_date != pulled.renewal_date:
        return (
            "the workbook says that subscription {target} is renewed on {was:%d-%b-%Y}, and it is on {now:%d-%b-%Y}."
        ).format(target=target, was=pulled.renewal_date, now=found.renewal_date)
    return (
        _other_setting(target, found, pulled.had)
        if isinstance(pulled.had, bool)
        else _other_seats(order, found, pulled.had)
    )


def _other_setting(target: str, found: PlatformSubscription, had: bool) -> str:
    if found.auto_renew in {None, had}:
        return ""
    was, now = ("on", "off") if had else ("off", "on")
    return "the workbook says that auto-renew of subscription {target} is {was}, and it is {now}.".format(
        target=target, was=was, now=now
    )


def _other_seats(order: OrderRecord, found: PlatformSubscription, had: int) -> str:
    line, target = line_of(order, found), target_of(order.body)
    if line is None or line.seats == had:
        return ""
    if line.seats is None:
        return "the marketplace does not show how many seats subscription {target} has.".format(target=target)
    return "the workbook says that subscription {target} has {was} seats, and it has {now}.".format(
        target=target, was=had, now=line.seats
    )


def _is_unseen(order: OrderRecord, found: PlatformSubscription, line: ProductLine) -> bool:
    """Tell whether the subscription does not say what the order is judged by: done or not, nobody would know."""
    match type_of(order.body).shown_by:
        case Shown.SEATS:
            return line.seats is None
        case Shown.AUTO_RENEW:
            return found.auto_renew is None
        case Shown.ENDED:
            return not found.status
        case Shown.ORDER:
            return False


def wants_renewal(order: OrderRecord) -> bool:
    """Return whether the order asks that its subscription be renewed; it asks that, or the opposite."""
    return type_of(order.body) is AUTO_RENEW_ON


def for_subscription(body: Mapping[str, Any], found: PlatformSubscription) -> dict[str, Any]:
    """Return the body with what names the product beside its MPN, as the subscription has it; what is there already stays."""
    if "products" not in body:
        return dict(body)
    return {**body, "products": [_named(line, found) for line in body["products"]]}


def with_seats(body: Mapping[str, Any], seats: int) -> dict[str, Any]:
    """Return the body of a change to so many seats now, whenever it was asked for: what is scheduled may cost nothing today."""
    now = {key: value for key, value in body.items() if key != "scheduledOn"}
    return {**now, "products": [{**line, "quantity": seats} for line in body.get("products", [])]}


def with_line(body: Mapping[str, Any], line: ProductLine, lines: str) -> dict[str, Any]:
    """Return the body of a cancellation with `one` line of the product, or with `none`: documents tell of both."""
    if lines != "one":
        return dict(body)
    named = {"subscriptionId": body[_SUBSCRIPTION], "mpn": line.mpn, "quantity": line.seats}
    return {**body, "products": [{key: value for key, value in named.items() if value is not None}]}


def placed(body: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Return the body with its subscription where an account looks for it, one of `SUBSCRIPTION_PLACES`; without lines it stays."""
    order, lines = dict(body), [dict(line) for line in body.get("products", [])]
    if place == "line" and lines:
        order.pop(_SUBSCRIPTION, None)
    if place == "order":
        for line in lines:
            line.pop(_SUBSCRIPTION, None)
    return {**order, "products": lines} if lines else order


def status_to_record(order: OrderRecord, told: str) -> str:
    """Return what to record of the status that the marketplace tells of an order: completed only where nothing else has to show it.

    What was recorded as completed has been shown.
    """
    is_to_be_shown = order.platform_status not in DONE and type_of(order.body).shown_by in _SHOWN_ELSEWHERE
    return SETTING_UP if told in DONE and is_to_be_shown else told


def as_done_before(
    order: OrderRecord, at: datetime, found: PlatformSubscription | None = None
) -> OrderRecord:
    """Return the order as fulfilled without an order on the marketplace: its subscription was found so at that moment."""
    (done,) = DONE
    return replace(
        order,
        subscription_id=target_of(order.body),
        platform_status=done,
        accepted_at=at,
        code="",
        message=_over(found) if found else "",
    )


def _over(found: PlatformSubscription) -> str:
    """Return the status of a subscription that is over: by whom it was ended, or that its term is over, nothing tells."""
    return 'Its status is "{status}".'.format(status=found.status) if found.status in ENDED else ""


def without_effect(order: OrderRecord, found: PlatformSubscription | None) -> str:
    """Return what the subscription of a completed order is instead of what was asked for."""
    match type_of(order.body).shown_by:
        case Shown.ENDED:
            return "the subscription is not shown to be over."
        case Shown.SEATS | Shown.AUTO_RENEW | Shown.ORDER:
            line = line_of(order, found) if found else None
            if line is None or line.seats is None:
                return "the subscription does not show the seats of {mpn}.".format(mpn=order.mpn)
            return "the subscription has {seats} seats and not {wanted}.".format(
                seats=line.seats, wanted=order.quantity
            )


def may_hide(other: OrderRecord, order: OrderRecord) -> bool:
    """Tell whether the other order, carried out later on the same subscription, may hide what this one did: nothing hides an end."""
    match type_of(other.body).shown_by:
        case Shown.SEATS:
            hides = other.mpn == order.mpn
        case Shown.ENDED:
            hides = True
        case Shown.AUTO_RENEW | Shown.ORDER:
            hides = False
    match type_of(order.body).shown_by:
        case Shown.SEATS | Shown.AUTO_RENEW:
            return hides
        case Shown.ENDED | Shown.ORDER:
            return False


def may_be_own_doing(order: OrderRecord, words: str) -> bool:
    """Tell whether a refusal says what the order itself brings about, so that the order may be there, though not listed yet."""
    match type_of(order.body).shown_by:
        case Shown.SEATS:
            return is_no_change(words)
        case Shown.ENDED:
            return is_not_active(words)
        case Shown.AUTO_RENEW | Shown.ORDER:
            return False


def line_of(order: OrderRecord, found: PlatformSubscription) -> ProductLine | None:
    """Return the subscription's line of the order's product; None where there is none, or more than one."""
    lines = [line for line in found.lines or () if line.mpn == order.mpn]
    return lines[0] if len(lines) == 1 else None


def _why_no_line(order: OrderRecord, found: PlatformSubscription) -> str:
    target = target_of(order.body)
    if any(line.mpn == order.mpn for line in found.lines or ()):
        return "subscription {target} has {mpn} more than once: that can only be done in the Control Panel.".format(
            target=target, mpn=order.mpn
        )
    return "subscription {target} is of {products}, and not of {mpn}.".format(
        target=target, products=_products(found), mpn=order.mpn
    )


def _products(found: PlatformSubscription) -> str:
    return ", ".join(line.mpn for line in found.lines or ()) or "unknown products"


def _why_not_now(order: OrderRecord, found: PlatformSubscription, line: ProductLine, today: date) -> str:
    """Return why what the order asks for cannot be done on this day."""
    match type_of(order.body).shown_by:
        case Shown.SEATS:
            return _why_not_fewer(order, found, line, today)
        case Shown.ENDED:
            return _why_not_ended(order, found, line, today)
        case Shown.AUTO_RENEW | Shown.ORDER:
            return ""


def _why_not_fewer(order: OrderRecord, found: PlatformSubscription, line: ProductLine, today: date) -> str:
    """Return why there cannot be fewer. Microsoft: within 168 hours of the purchase, of the renewal, or of when they were added, or at renewal."""
    if type_of(order.body).scheduled_on:
        return _why_not_at_renewal(order, found, today)
    is_fewer = line.seats is not None and order.licences < line.seats
    if not (is_fewer and is_microsofts(line.vendor)):
        return ""
    ends = [found.cancel_before, found.modified_on + CANCEL_WINDOW if found.modified_on else None]
    last = max((day for day in ends if day), default=None)
    if last is None or today < last:
        return ""
    return (
        "subscription {target} has {seats} seats, and fewer were possible until {day:%d-%b-%Y}; "
        "the next time is its renewal."
    ).format(target=target_of(order.body), seats=line.seats, day=last)


def _why_not_at_renewal(order: OrderRecord, found: PlatformSubscription, today: date) -> str:
    """Return why nothing can be scheduled: too late it would wait for the next term, and where nothing is renewed for ever."""
    target = target_of(order.body)
    if found.auto_renew is False:
        return "subscription {target} is not renewed: turn auto-renew on first.".format(target=target)
    day = found.renewal_date
    if day is None or day - today >= LATEST_BEFORE_RENEWAL:
        return ""
    return "subscription {target} is renewed on {day:%d-%b-%Y}, and that is too soon to schedule anything.".format(
        target=target, day=day
    )


def _why_not_ended(order: OrderRecord, found: PlatformSubscription, line: ProductLine, today: date) -> str:
    """Return why it cannot be cancelled. Microsoft: within 168 hours of the purchase or the renewal, and else not renewed."""
    target = target_of(order.body)
    if is_fulfilled(order, found):
        return ""
    if len(found.lines or ()) > 1:
        return "subscription {target} has other products, too: {products}.".format(
            target=target, products=_products(found)
        )
    last = found.cancel_before
    if last is None or today < last or not is_microsofts(line.vendor):
        return ""
    return (
        "subscription {target} could be cancelled until {day:%d-%b-%Y}; "
        "from then on it can only be left to end, with Auto-renew off."
    ).format(target=target, day=last)


def _named(line: Mapping[str, Any], found: PlatformSubscription) -> dict[str, Any]:
    vendor = next((known.vendor for known in found.lines or () if known.mpn == line.get("mpn")), "")
    periods = {"billingPeriod": found.billing, "subscriptionPeriod": found.term}
    named: dict[str, Any] = {
        key: {"type": unit, "duration": int(duration)}
        for key, (unit, duration) in periods.items()
        if unit and duration.isdigit()
    }
    return {**({"vendor": vendor} if vendor else {}), **named, **line}
