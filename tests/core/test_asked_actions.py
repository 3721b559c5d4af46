"""What orders ask for is told action by action."""

from bulk_orders.core.asked_actions import (
    actions_counted,
    actions_told,
    licences_told,
    orders_told,
    warnings_of,
)
from bulk_orders.core.order_types import (
    AUTO_RENEW_OFF,
    AUTO_RENEW_ON,
    CANCEL,
    CHANGE_NOW,
    ORDER_TYPES,
    SALES,
)


def test_each_action_is_counted_and_named() -> None:
    assert actions_told([CANCEL, SALES, AUTO_RENEW_OFF, SALES, SALES]) == (
        "3 new orders, 1 subscription set not to renew, 1 subscription cancelled now"
    )
    assert actions_told(ORDER_TYPES).count(", ") == len(ORDER_TYPES) - 1
    assert actions_counted([AUTO_RENEW_OFF, SALES, SALES]) == {"sales": 2, "auto_renew_off": 1}


def test_settings_are_no_orders() -> None:
    assert orders_told([SALES]) == "1 order"
    assert orders_told([AUTO_RENEW_ON, AUTO_RENEW_OFF]) == "2 settings"
    assert orders_told([SALES, CANCEL, AUTO_RENEW_OFF]) == "2 orders and 1 setting"


def test_what_ends_and_what_nobody_is_known_to_have_done_is_warned_of() -> None:
    assert [problem.code for problem in warnings_of([SALES, CHANGE_NOW])] == []
    ends, setting, cancelling = warnings_of([AUTO_RENEW_OFF, CANCEL, AUTO_RENEW_OFF])

    assert (ends.code, ends.message[:24]) == ("W-ENDS", "2 rows: auto-renew off. ")
    assert (setting.code, setting.message[:23]) == ("W-UNVERIFIED", "2 rows: Auto-renew off ")
    assert (cancelling.code, cancelling.message[:14]) == ("W-UNVERIFIED", "1 row: Cancel ")


def test_the_seats_of_changes_are_not_added_to_the_licences_ordered() -> None:
    assert licences_told([(SALES, 5), (CHANGE_NOW, 50), (CANCEL, 0), (SALES, 7)]) == "12, to 50"
    assert licences_told([(CHANGE_NOW, 1250)]) == "to 1,250"
    assert licences_told([(AUTO_RENEW_OFF, 0)]) == ""
