"""The ledger's contract, of what it keeps about an account: how far it was read, and the orders there that are not ours."""

from dataclasses import replace
from datetime import timedelta

import pytest
from ledger_contract import ACCOUNT, LATER_RUN, LONE_SURROGATE, NAIVE, NOW, advance, enlist, order, run_record

from bulk_orders.core.lifecycle import State, Step
from bulk_orders.ledger.interface import AccountRecord, ForeignOrder, Ledger

READ = AccountRecord(account=ACCOUNT, read_up_to=NOW, audited_up_to=NOW, ledger_file="here 1 2")
OPENED = ForeignOrder(
    account=ACCOUNT,
    order_id="9001",
    order_number="SO9001",
    customer_id="c-1",
    order_type="sales",
    status="submitted",
    created_at=NOW,
    po_number="PO-é",
    subscription_id="s",
    amount="12.00",
    currency="EUR",
    products=({"mpn": "M1", "quantity": 3},),
    is_opened=True,
)
LISTED = ForeignOrder(account=ACCOUNT, order_id="9001", customer_id="c-1", status="cancelled")


def test_an_account_that_was_never_read_has_an_empty_record(ledger: Ledger) -> None:
    assert ledger.account(ACCOUNT) == AccountRecord(account=ACCOUNT)
    assert ledger.foreign_orders(ACCOUNT) == ()


def test_what_a_reading_told_comes_back_as_it_was_given(ledger: Ledger) -> None:
    ledger.record_reading(READ, [OPENED])
    later = replace(READ, read_up_to=NOW + timedelta(seconds=1))
    ledger.record_reading(later, [])
    assert (ledger.account(ACCOUNT), ledger.foreign_orders(ACCOUNT)) == (later, (OPENED,))
    assert ledger.account("elsewhere") == AccountRecord(account="elsewhere")
    assert ledger.foreign_orders("elsewhere") == ()


def test_what_was_told_once_is_not_forgotten_when_less_is_told_and_the_state_is_the_newest(
    ledger: Ledger,
) -> None:
    ledger.record_reading(READ, [OPENED])
    ledger.record_reading(READ, [LISTED])
    assert ledger.foreign_orders(ACCOUNT) == (replace(OPENED, status="cancelled"),)


def test_a_list_row_is_completed_by_opening_it(ledger: Ledger) -> None:
    ledger.record_reading(READ, [LISTED])
    ledger.record_reading(READ, [OPENED])
    assert ledger.foreign_orders(ACCOUNT) == (OPENED,)


def test_foreign_orders_come_by_customer_the_oldest_first(ledger: Ledger) -> None:
    moments = {"1": NOW, "2": None, "3": NOW - timedelta(days=1)}
    entries = [replace(OPENED, order_id=number, created_at=moment) for number, moment in moments.items()]
    ledger.record_reading(READ, [*entries, replace(OPENED, order_id="4", customer_id="c-2")])
    assert [entry.order_id for entry in ledger.foreign_orders(ACCOUNT, ["c-1"])] == ["2", "3", "1"]
    assert [entry.order_id for entry in ledger.foreign_orders(ACCOUNT, ["c-2", "c-3"])] == ["4"]
    assert ledger.foreign_orders(ACCOUNT, []) == ()


def test_an_order_is_foreign_no_more_once_one_of_ours_has_its_id(ledger: Ledger) -> None:
    ledger.record_reading(READ, [OPENED, replace(OPENED, order_id="9002")])
    enlist(ledger, order())
    advance(ledger, advance(ledger, order(), Step.BEGUN), Step.ACCEPTED, order_id="9001")
    assert [entry.order_id for entry in ledger.foreign_orders(ACCOUNT)] == ["9002"]


def test_orders_are_known_by_their_ids_and_by_when_they_were_sent(ledger: Ledger) -> None:
    enlist(ledger, order(1), order(2))
    begun = advance(ledger, order(1), Step.BEGUN, sent_at=NOW)
    placed = advance(ledger, begun, Step.ACCEPTED, order_id="9001")
    assert ledger.orders_by_id(ACCOUNT, ["9001", "", "8"]) == {"9001": placed}
    assert ledger.orders_by_id("elsewhere", ["9001"]) == {}
    assert ledger.orders_sent_since(ACCOUNT, NOW - timedelta(microseconds=1)) == (placed,)
    assert ledger.orders_sent_since(ACCOUNT, NOW) == ()
    recognised = order(3, state=State.ACCEPTED, order_id="9003", accepted_at=NOW + timedelta(hours=1))
    ledger.enlist(run_record(LATER_RUN), [], new=[recognised], again=[], source=b"workbook")
    assert ledger.orders_sent_since(ACCOUNT, NOW) == (recognised,)
    assert ledger.orders_sent_since("elsewhere", NOW - timedelta(days=1)) == ()


def test_moments_without_a_zone_and_orders_of_another_account_are_refused_and_nothing_is_kept(
    ledger: Ledger,
) -> None:
    for account, entry in (
        (replace(READ, read_up_to=NAIVE), OPENED),
        (replace(READ, audited_up_to=NAIVE), OPENED),
        (READ, replace(OPENED, created_at=NAIVE)),
        (READ, replace(OPENED, account="elsewhere")),
    ):
        with pytest.raises(ValueError, match=r"zone|another account"):
            ledger.record_reading(account, [entry])
    assert (ledger.account(ACCOUNT), ledger.foreign_orders(ACCOUNT)) == (AccountRecord(account=ACCOUNT), ())


def test_words_that_no_text_can_carry_do_not_keep_a_reading_from_being_written(ledger: Ledger) -> None:
    ledger.record_reading(READ, [replace(OPENED, po_number=LONE_SURROGATE, products=None)])
    assert ledger.foreign_orders(ACCOUNT)[0].po_number == "caf\ufffd"


def test_a_ledger_says_which_file_it_is(ledger: Ledger) -> None:
    assert ledger.file() == ledger.file() != ""
