"""The life of a wish: one order until its renewal, and a new one only once that is over and somebody pulled after it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sending.sending_parts import ACCOUNT, NOW, RUN, enlist
from sending.test_subscriptions import change as changing

from bulk_orders.core.identity import key_of_reference
from bulk_orders.core.lifecycle import NO_EFFECT, OrderRecord, State, Step, step
from bulk_orders.core.order_types import CHANGE_AT_RENEWAL, CHANGE_NOW, OrderType
from bulk_orders.core.subscription_rows import PULLED_AT, WantedChange
from bulk_orders.ledger.erasure import bare_order
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.runs.wished_again import reference_of

AT = changing().body.replace('"ponumber"', '"scheduledOn":"renewal","ponumber"')
HOUR = timedelta(hours=1)


class Life:
    """One subscription's wishes, a step every hour; the same wish is pulled again, or run from the workbook pulled last."""

    def __init__(self, action: OrderType = CHANGE_NOW) -> None:
        self.ledger = MemoryLedger()
        self.now = NOW
        self.others = 0
        self.wish = WantedChange(
            action=action,
            subscription_id="s1",
            customer_id="c1",
            mpn="M1",
            vendor="Microsoft",
            product_name="",
            now=10,
            after=12,
            renewal_date=date(2027, 3, 1),
            sheet_row=5,
        )
        self.pull()

    def pull(self) -> None:
        self.now += HOUR
        self.wish = replace(self.wish, read_at=self.now.strftime(PULLED_AT))

    def run(self) -> bool:
        """Run the workbook; tell whether that ordered something."""
        self.now += HOUR
        key = key_of_reference(ACCOUNT, reference_of(self.wish, self.ledger, ACCOUNT))
        if self.ledger.order(key) is not None:
            return False
        body = AT if self.wish.action is CHANGE_AT_RENEWAL else changing().body
        self.place(replace(changing(), key=key, reference="its own", body=body))
        return True

    def place(self, order: OrderRecord, **told: object) -> None:
        enlist(self.ledger, order) if not self.ledger.runs() else self.ledger.enlist(
            replace(RUN, run_id=f"run-{self.now:%d%H}"), [], new=[order], again=[], source=b""
        )
        self.take(order, Step.BEGUN, attempts=1, sent_at=self.now)
        answer = {"order_id": f"{self.now:%d%H}", "platform_status": "submitted", "accepted_at": self.now}
        self.take(self.order(order.key), Step.ACCEPTED, **answer | told)

    def other(self, **told: object) -> None:
        self.now += HOUR
        self.others += 1
        self.place(replace(changing(self.others), key=f"k1:{self.others:064d}"), **told)

    def take(self, before: OrderRecord, what: Step, **told: object) -> None:
        self.ledger.advance(before, step(before, what, **told), what, at=self.now)

    def order(self, key: str) -> OrderRecord:
        found = self.ledger.order(key)
        assert found is not None
        return found

    def own(self) -> OrderRecord:
        """The wish's newest order."""
        return max(
            (one for one in self.ledger.orders() if one.sent_at and not one.key.startswith("k1:000")),
            key=lambda one: one.sent_at or NOW,
        )

    def refresh(self, **told: object) -> None:
        self.now += HOUR
        self.take(self.own(), Step.REFRESHED, **told)

    def purge(self) -> None:
        self.now += HOUR
        for order in list(self.ledger.orders()):
            self.ledger.advance(order, bare_order(order), Step.ERASED, at=self.now)


Then = Callable[[Life], None]


def done(life: Life) -> None:
    life.refresh(platform_status="completed")


def scheduled(life: Life) -> None:
    life.refresh(platform_status="scheduled")


def without_effect(life: Life) -> None:
    life.refresh(platform_status="completed", code=NO_EFFECT)


def failed(life: Life) -> None:
    life.refresh(platform_status="error")


def was_so_already(life: Life) -> None:
    life.other(order_id="", platform_status="completed")


def changed_by_us(life: Life) -> None:
    life.other(platform_status="completed")


def changed_in_vain(life: Life) -> None:
    life.other(platform_status="completed", code=NO_EFFECT)


@pytest.mark.parametrize(
    ("action", "then", "is_over"),
    [
        (CHANGE_NOW, [], False),
        (CHANGE_NOW, [done], True),
        (CHANGE_NOW, [done, Life.purge], True),
        (CHANGE_NOW, [failed], True),
        (CHANGE_NOW, [without_effect], True),
        (CHANGE_NOW, [without_effect, Life.purge], True),
        (CHANGE_NOW, [changed_by_us], True),
        (CHANGE_NOW, [was_so_already], False),
        (CHANGE_AT_RENEWAL, [scheduled], False),
        (CHANGE_AT_RENEWAL, [scheduled, Life.purge], False),
        (CHANGE_AT_RENEWAL, [scheduled, was_so_already], False),
        (CHANGE_AT_RENEWAL, [scheduled, changed_in_vain], False),
        (CHANGE_AT_RENEWAL, [scheduled, changed_by_us], True),
        (CHANGE_AT_RENEWAL, [scheduled, changed_by_us, Life.purge], True),
        (CHANGE_AT_RENEWAL, [failed], True),
        (CHANGE_AT_RENEWAL, [without_effect], True),
    ],
)
def test_a_wish_is_a_new_order_once_its_order_is_over_and_it_is_pulled_after_that(
    action: OrderType, then: list[Then], is_over: bool
) -> None:
    life = Life(action)
    assert life.run()
    for happens in then:
        happens(life)
    assert not life.run()

    life.pull()

    assert [life.run(), life.run()] == [is_over, False]
    life.pull()
    assert not life.run()


def test_what_was_done_only_after_the_pull_and_was_set_back_since_is_not_ordered_by_that_workbook() -> None:
    life = Life()
    life.run()
    life.pull()
    done(life)

    assert not life.run()
    life.pull()
    assert life.run()


def test_a_sheet_that_does_not_say_when_it_was_pulled_asks_for_the_same_order() -> None:
    life = Life()
    life.run()
    done(life)
    life.pull()
    life.wish = replace(life.wish, read_at="")

    assert not life.run()


ENDS: dict[str, Then] = {"done": done, "failed": failed, "without effect": without_effect}
EMPTY: dict[str, Then] = {"was so": was_so_already, "in vain": changed_in_vain}
STEPS: dict[str, Then] = {**ENDS, **EMPTY, "pull": Life.pull, "ours": changed_by_us, "purge": Life.purge}


@given(
    st.sampled_from([CHANGE_NOW, CHANGE_AT_RENEWAL]),
    st.lists(st.sampled_from(["run", *STEPS]), max_size=12),
)
def test_no_workbook_orders_a_wish_twice_and_nothing_is_ordered_again_before_something_happened_and_was_pulled(
    action: OrderType, steps: list[str]
) -> None:
    life = Life(action)
    has_ordered, may_order = False, True  # this workbook; and since what happened before it was pulled
    has_ended = False
    for name in steps:
        if name == "run":
            if life.run():
                assert may_order
                has_ordered, may_order, has_ended = True, False, False
        elif name not in ENDS or has_ordered:
            if name in ENDS and life.own().platform_status != "submitted":
                continue
            STEPS[name](life)
            is_end = name in ENDS and (name != "done" or action is CHANGE_NOW)
            has_ended = has_ended or (has_ordered and (is_end or name == "ours"))
            may_order = may_order or (name == "pull" and has_ended)
    assert all(one.state is State.ACCEPTED for one in life.ledger.orders())
