"""What a pull finds, what it asks for it, and that it goes on where it was."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from contract.in_process_marketplace import InProcessMarketplace
from runs.pull_parts import NOW, OPENED, PullDesk

from bulk_orders.core.platform_status import SCHEDULED
from bulk_orders.core.subscriptions import PlatformSubscription
from bulk_orders.errors import Interrupted, UsageError
from bulk_orders.marketplace.interface import OrderList, PlatformOrder, ReadFailed


def test_a_pull_finds_every_subscription_that_has_not_ended_with_its_seats_and_its_customer() -> None:
    desk = PullDesk()

    pulled = desk.pull()

    assert (len(pulled.found), pulled.ended, pulled.not_due, pulled.unread) == (38, 2, 0, ())
    assert {entry.subscription.status for entry in pulled.found} == {"active", "hold"}
    assert all(
        line.seats and line.unit_price for entry in pulled.found for line in entry.subscription.lines or ()
    )
    assert all(entry.customer_name for entry in pulled.found)
    days = [entry.subscription.renewal_date for entry in pulled.found]
    assert days == sorted(day for day in days if day)
    assert desk.told[-1] == (38, 38)


def test_the_list_is_read_in_pages_and_each_subscription_is_opened_once() -> None:
    desk = PullDesk(250)

    desk.pull()

    assert (desk.opened, desk.simulator.requests["GET /subscriptions"]) == (238, 3)
    assert desk.simulator.requests["GET /orders"] == 2  # submitted, and in process


def test_only_what_is_due_before_a_day_is_opened() -> None:
    desk = PullDesk()
    day = date(2027, 1, 15)

    pulled = desk.pull(due_before=day)

    assert 0 < len(pulled.found) < 38
    assert all((entry.subscription.renewal_date or day) < day for entry in pulled.found)
    assert len(pulled.found) + pulled.not_due == 38
    assert desk.opened == len(pulled.found)


def test_only_the_customers_that_were_named_are_asked_about() -> None:
    desk = PullDesk()
    everybody = desk.pull().found
    wanted = everybody[0].subscription.customer_id
    asked = desk.opened

    pulled = desk.pull(customers=(wanted,))

    ids = [entry.subscription.subscription_id for entry in pulled.found]
    assert ids == [
        entry.subscription.subscription_id for entry in everybody if entry.subscription.customer_id == wanted
    ]
    assert desk.opened == asked + len(ids)
    assert pulled.found[0].customer_name == everybody[0].customer_name


class BreaksOff(InProcessMarketplace):
    """Somebody stops the program after so many subscriptions."""

    after = 10**9

    def get_subscription(self, subscription_id: str) -> PlatformSubscription | None:
        found = super().get_subscription(subscription_id)
        self.after -= 1
        if self.after < 0:
            raise KeyboardInterrupt
        return found


def test_a_pull_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    desk = PullDesk(2000, tmp_path / "kept.jsonl", market=BreaksOff)
    market: Any = desk.services.marketplace
    market.after = 800
    with pytest.raises(KeyboardInterrupt):
        desk.pull()
    asked = desk.opened
    market.after = 10**9

    pulled = desk.pull()

    workers = desk.services.profile.workers
    assert len(pulled.found) == 1900
    assert 800 <= asked <= 800 + workers
    assert desk.opened <= 1900 + workers  # what was asked and not answered is asked again, and nothing else


def test_what_was_not_modified_lately_is_not_opened_again(tmp_path: Path) -> None:
    desk = PullDesk(kept_at=tmp_path / "kept.jsonl")
    first = desk.pull()
    lately = [
        entry
        for entry in first.found
        if entry.subscription.modified_on and (NOW.date() - entry.subscription.modified_on).days < 2
    ]
    asked = desk.opened

    assert desk.pull() == first
    assert desk.opened == asked + len(lately) < 2 * asked


def test_a_pull_that_is_stopped_says_so_and_keeps_what_it_has(tmp_path: Path) -> None:
    desk = PullDesk(kept_at=tmp_path / "kept.jsonl")
    desk.services.stop.set()
    with pytest.raises(Interrupted):
        desk.pull()


class Silent(InProcessMarketplace):
    """Does not show one of them, however often it is asked."""

    which = "1100003"

    def get_subscription(self, subscription_id: str) -> PlatformSubscription | None:
        if subscription_id == self.which:
            self._simulator.requests[OPENED] += 1
            raise ReadFailed("The answer was HTTP 503.", status=503)
        return super().get_subscription(subscription_id)


def test_a_subscription_without_an_answer_is_named_and_asked_for_again_next_time(tmp_path: Path) -> None:
    desk = PullDesk(kept_at=tmp_path / "kept.jsonl", market=Silent)

    pulled = desk.pull()

    assert pulled.unread == ("1100003",)
    assert len(pulled.found) == 38
    asked = desk.opened
    assert asked == 39
    desk.pull()
    assert desk.opened == asked + 2


class Scheduling(InProcessMarketplace):
    """One change is scheduled, another one is being carried out; the list does not say for which subscription."""

    def list_orders(self, **filters: Any) -> OrderList:
        listed = OrderList(
            orders=(_order("1", "change"), _order("2", "change"), _order("3", "sales")),
            is_complete=True,
            server_time=None,
        )
        return listed if filters["status"] == "processing" else replace(listed, orders=())

    def get_order(self, order_id: str) -> PlatformOrder | None:
        row = _order(order_id, "change", subscription_id=f"110000{order_id}", products=({"quantity": 10},))
        is_scheduled = {"status": SCHEDULED, "scheduled_for": "2027-03-12"}
        return replace(row, **is_scheduled) if order_id == "1" else row


def _order(order_id: str, order_type: str, **more: Any) -> PlatformOrder:
    return PlatformOrder(
        order_id=order_id, order_number=f"CH00{order_id}", order_type=order_type, status="processing", **more
    )


def test_a_customer_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageError, match="no customer 1000105999"):
        PullDesk().pull(customers=("1000105563", "1000105999"))


class Changing(InProcessMarketplace):
    """Its list of orders is never the same while it is read."""

    def list_orders(self, **filters: Any) -> OrderList:
        return OrderList(orders=(), is_complete=False, server_time=None)


def test_a_list_of_orders_that_is_not_whole_is_no_proof_that_nothing_is_under_way() -> None:
    with pytest.raises(ReadFailed, match="changed while it was read"):
        PullDesk(market=Changing).pull()


def test_a_pull_says_what_is_under_way_about_a_subscription() -> None:
    pulled = PullDesk(market=Scheduling).pull()

    told = {entry.subscription.subscription_id: entry.under_way for entry in pulled.found if entry.under_way}
    assert told == {
        "1100001": "CH001 (change) is scheduled for 2027-03-12, quantity 10",
        "1100002": "CH002 (change) is being carried out, quantity 10",
    }


class Shy(InProcessMarketplace):
    """Does not show the products of every sixth subscription."""

    def get_subscription(self, subscription_id: str) -> PlatformSubscription | None:
        found = super().get_subscription(subscription_id)
        is_shy = found and int(subscription_id) % 6 == 0
        return replace(found, lines=None) if found and is_shy else found


class Deaf(InProcessMarketplace):
    """Does not answer what is asked about every sixth subscription."""

    def get_subscription(self, subscription_id: str) -> PlatformSubscription | None:
        if int(subscription_id) % 6 == 0:
            raise ReadFailed("Nothing came back.")
        return super().get_subscription(subscription_id)


def test_subscriptions_that_are_shown_without_products_are_named_and_no_outage_in_any_pull(
    tmp_path: Path,
) -> None:
    desk = PullDesk(market=Shy, kept_at=tmp_path / "kept.jsonl")
    first = desk.pull()
    opened = desk.opened

    again = desk.pull()

    assert len(first.found) == 38
    assert (len(first.unread), again.unread) == (6, first.unread)
    assert {
        entry.subscription.lines
        for entry in first.found
        if entry.subscription.subscription_id in first.unread
    } == {None}
    assert (opened, desk.opened) == (38, 38 + 6)


def test_subscriptions_that_are_not_answered_about_are_named_where_others_are_in_any_pull(
    tmp_path: Path,
) -> None:
    desk = PullDesk(market=Deaf, kept_at=tmp_path / "kept.jsonl")

    for pulled in (desk.pull(), desk.pull()):
        assert (len(pulled.found), len(pulled.unread)) == (38, 6)


class GoneDark(InProcessMarketplace):
    """Answers about ten subscriptions, and about nothing from then on."""

    def get_subscription(self, subscription_id: str) -> PlatformSubscription | None:
        if self._simulator.requests[OPENED] >= 10:
            raise ReadFailed("Nothing came back.")
        return super().get_subscription(subscription_id)


def test_an_outage_ends_the_pull(tmp_path: Path) -> None:
    desk = PullDesk(market=GoneDark, kept_at=tmp_path / "kept.jsonl")

    with pytest.raises(ReadFailed):
        desk.pull()

    assert desk.told[-1][0] < 38
