"""What a row asks of a subscription is compared with the subscription, before it is sent and after."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bulk_orders.core.acting import (
    SETTING_UP,
    as_done_before,
    changed_since,
    for_subscription,
    is_fulfilled,
    needs_nothing,
    status_to_record,
    why_not,
    without_effect,
)
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.subscription_rows import AsPulled
from bulk_orders.core.subscriptions import PlatformSubscription, ProductLine

MPN = "CFQ7TTC0LH16:0001"
LINE = ProductLine(mpn=MPN, vendor="Microsoft", seats=10)
FOUND = PlatformSubscription(
    subscription_id="1000054",
    customer_id="1000001",
    status="active",
    created_at=datetime(2026, 3, 1, tzinfo=UTC),
    renewal_date=date(2027, 3, 1),
    modified_on=date(2026, 3, 1),
    term=("year", "1"),
    billing=("month", "1"),
    lines=(LINE,),
)
TODAY = date(2026, 11, 30)


def change(quantity: str = "12", **body: str) -> OrderRecord:
    sent = {"type": "change", "customerId": "1000001", "subscriptionId": "1000054", **body}
    return OrderRecord(
        key="k1:1",
        account="a",
        run_id="r",
        sheet_row=4,
        reference="R1",
        customer_id="1000001",
        mpn=MPN,
        quantity=quantity,
        domain="",
        marker="PO-1",
        body=json.dumps({**sent, "products": [{"mpn": MPN, "quantity": int(quantity)}]}),
        fingerprint="f",
    )


def setting(*, is_on: bool) -> OrderRecord:
    return replace(change(), body=json.dumps({"subscriptionId": "1000054", "renewalStatus": is_on}))


@pytest.mark.parametrize(
    ("found", "pulled", "told"),
    [
        (None, 10, ""),
        (FOUND, 10, ""),
        (FOUND, 11, "the workbook says that subscription 1000054 has 11 seats, and it has 10."),
        (
            replace(FOUND, lines=(replace(LINE, seats=None),)),
            *(10, "the marketplace does not show how many seats subscription 1000054 has."),
        ),
        (replace(FOUND, lines=()), 10, ""),
        (replace(FOUND, auto_renew=True), True, ""),
        (FOUND, True, ""),
        (
            replace(FOUND, auto_renew=False),
            *(True, "the workbook says that auto-renew of subscription 1000054 is on, and it is off."),
        ),
        (
            replace(FOUND, auto_renew=True),
            *(False, "the workbook says that auto-renew of subscription 1000054 is off, and it is on."),
        ),
    ],
)
def test_a_subscription_that_is_not_as_it_was_pulled_is_told_of_with_both_figures(
    found: PlatformSubscription | None, pulled: int | bool, told: str
) -> None:
    assert changed_since(change(), found, AsPulled(had=pulled)) == told
    assert changed_since(change(), found, None) == ""


def test_a_renewal_date_that_is_not_as_it_was_pulled_is_told_of() -> None:
    day = date(2027, 3, 12)
    found = replace(FOUND, renewal_date=day)
    assert changed_since(change(), found, AsPulled(had=10, renewal_date=day)) == ""
    assert changed_since(change(), found, AsPulled(had=10, renewal_date=date(2027, 4, 12))) == (
        "the workbook says that subscription 1000054 is renewed on 12-Apr-2027, and it is on 12-Mar-2027."
    )


def test_a_change_is_fulfilled_when_the_subscription_has_so_many_seats_and_not_before() -> None:
    assert is_fulfilled(change("10"), FOUND)
    assert not is_fulfilled(change("12"), FOUND)
    assert not is_fulfilled(change("10"), replace(FOUND, lines=(LINE, LINE)))
    assert not is_fulfilled(change("10"), replace(FOUND, lines=None))
    assert not is_fulfilled(change("10", type="sales"), FOUND)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (FOUND, ""),
        (None, "the marketplace has no subscription 1000054."),
        (replace(FOUND, customer_id="1000002"), "subscription 1000054 belongs to another customer."),
        (replace(FOUND, customer_id=""), ""),
        (replace(FOUND, status="hold"), 'subscription 1000054 is "hold" and not active.'),
        (
            replace(FOUND, lines=(replace(LINE, mpn="OTHER"),)),
            f"subscription 1000054 is of OTHER, and not of {MPN}.",
        ),
        (
            replace(FOUND, lines=(LINE, LINE)),
            f"subscription 1000054 has {MPN} more than once: that can only be done in the Control Panel.",
        ),
    ],
)
def test_why_a_subscription_cannot_be_changed(found: PlatformSubscription | None, why: str) -> None:
    assert why_not(change(), found, TODAY) == why


@pytest.mark.parametrize("body", [{}, {"scheduledOn": "renewal"}])
def test_what_is_not_active_is_not_as_asked_for_because_it_has_as_many_seats(body: dict[str, str]) -> None:
    over = replace(FOUND, status="terminated")
    assert why_not(change("10", **body), over, TODAY) == (
        'subscription 1000054 is "terminated" and not active.'
    )


@pytest.mark.parametrize("auto_renew", [True, False, None])
def test_a_subscription_that_is_over_is_not_renewed_whatever_its_setting_says(
    auto_renew: bool | None,
) -> None:
    over = replace(FOUND, status="terminated", auto_renew=auto_renew)
    assert is_fulfilled(setting(is_on=False), over)
    assert needs_nothing(setting(is_on=False), over)
    assert why_not(setting(is_on=False), over, TODAY) == ""
    assert not is_fulfilled(setting(is_on=True), over)
    assert why_not(setting(is_on=True), over, TODAY) == 'subscription 1000054 is "terminated" and not active.'


def test_what_only_rests_is_not_over() -> None:
    rests = replace(FOUND, status="hold", auto_renew=False)
    assert why_not(setting(is_on=False), rests, TODAY) == 'subscription 1000054 is "hold" and not active.'


UNSEEN = "the marketplace does not say of subscription 1000054 what would show that it was done."


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (change(), replace(FOUND, lines=(replace(LINE, seats=None),))),
        (change(type="cancellation"), replace(FOUND, status="")),
        (setting(is_on=False), FOUND),
    ],
)
def test_what_could_not_be_seen_to_be_done_is_not_sent(
    wanted: OrderRecord, found: PlatformSubscription
) -> None:
    assert why_not(wanted, found, date(2026, 3, 2)) == UNSEEN
    assert why_not(wanted, replace(FOUND, auto_renew=True), date(2026, 3, 2)) == ""


@pytest.mark.parametrize(
    ("today", "changes", "is_refused"),
    [
        (date(2026, 3, 7), {}, False),
        (date(2026, 3, 8), {}, True),
        (date(2026, 11, 30), {"modified_on": date(2026, 11, 25)}, False),
        (date(2026, 11, 30), {"created_at": None, "renewal_date": None, "modified_on": None}, False),
        (date(2026, 11, 30), {"lines": (replace(LINE, vendor="Adobe"),)}, False),
    ],
)
def test_microsofts_seats_are_cut_in_the_window_only_and_the_next_time_is_told(
    today: date, changes: dict, is_refused: bool
) -> None:
    why = why_not(change("9"), replace(FOUND, **changes), today)
    told = "subscription 1000054 has 10 seats, and fewer were possible until 08-Mar-2026; the next time is its renewal."
    assert why == (told if is_refused else "")
    assert why_not(change("11"), replace(FOUND, **changes), today) == ""


def test_the_product_is_named_as_the_subscription_has_it_and_nothing_that_was_asked_for_changes() -> None:
    body = json.loads(change().body)
    sent = for_subscription(body, FOUND)
    (line,) = sent["products"]
    assert line == {
        "vendor": "Microsoft",
        "billingPeriod": {"type": "month", "duration": 1},
        "subscriptionPeriod": {"type": "year", "duration": 1},
        "mpn": MPN,
        "quantity": 12,
    }
    assert {key: value for key, value in sent.items() if key != "products"} == {
        key: value for key, value in body.items() if key != "products"
    }
    assert for_subscription(sent, replace(FOUND, term=("year", "3"))) == sent


def test_completed_is_recorded_only_where_the_order_itself_shows_it() -> None:
    assert status_to_record(change(), "completed") == SETTING_UP
    assert status_to_record(change(), "error") == "error"
    assert status_to_record(change(type="sales"), "completed") == "completed"
    assert status_to_record(replace(change(), platform_status="completed"), "completed") == "completed"


def test_what_had_not_to_be_sent_is_known_by_its_subscription() -> None:
    at = datetime(2026, 11, 30, tzinfo=UTC)
    done = as_done_before(change(), at)
    assert (done.platform_status, done.accepted_at, done.order_id) == ("completed", at, "")
    assert done.name == "subscription 1000054"
    assert replace(done, order_id="9").name == "9"


def test_what_an_order_without_effect_left_is_said() -> None:
    assert without_effect(change(), FOUND) == "the subscription has 10 seats and not 12."
    assert without_effect(change(), None) == f"the subscription does not show the seats of {MPN}."
