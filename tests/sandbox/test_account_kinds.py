"""Kinds of account as text, and that the practice marketplace plays each strictly."""

from typing import Any

import pytest
from practice_counter import Counter, an_order

from bulk_orders.errors import UsageError
from bulk_orders.sandbox.account_kinds import account_kind
from bulk_orders.sandbox.behaviour import Behaviour

TERM = {"type": "year", "duration": 1}
ON_THE_LINE = {"subscriptionPeriod": TERM}


def counter_of(kind: str) -> Counter:
    return Counter(behaviour=Behaviour(**account_kind(kind)))


def test_a_text_names_what_is_other_than_usual() -> None:
    assert account_kind("") == {}
    assert account_kind(" po=poNumber , po-kept=12, estimate-po=no,client-id=a b") == {
        "po_spelling": "poNumber",
        "po_kept": 12,
        "estimate_shows_po": False,
        "client_id": "a b",
    }


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("colour=red", "do not differ in 'colour'"),
        ("period", "one of either, line, line-only"),
        ("po-kept=0", "a number of characters"),
        ("po-limit=²", "a number of characters"),
        ("estimate-po=maybe", "one of yes, no"),
    ],
)
def test_what_is_not_understood_is_named(kind: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        account_kind(kind)


@pytest.mark.parametrize(
    ("kind", "order", "refusal"),
    [
        ("vendor=line", an_order(), "is not unique: 2 products match"),
        ("period=line-only", an_order(line=ON_THE_LINE), "subscriptionPeriod is not allowed here"),
        ("po-limit=3", an_order(ponumber="PO-1"), "poNumber is too long: at most 3 characters"),
    ],
)
def test_an_account_refuses_what_another_takes_in_an_order_and_in_an_estimate(
    kind: str, order: dict[str, Any], refusal: str
) -> None:
    strict, usual = counter_of(kind), counter_of("")
    for path in ("/orders", "/orders/estimate"):
        status, body = strict.ask("POST", path, order)
        assert (status, refusal in body["message"]) == (400, True), body
        assert usual.ask("POST", path, order)[0] in {200, 201}
        usual = counter_of("")


def test_what_each_kind_wants_is_taken() -> None:
    with_vendor = an_order(line={"vendor": "Microsoft"})
    in_the_line = an_order(subscriptionPeriod=None, line=ON_THE_LINE)
    assert counter_of("vendor=line").ask("POST", "/orders", with_vendor)[0] == 201
    assert counter_of("period=line-only").ask("POST", "/orders", in_the_line)[0] == 201
    assert counter_of("po-limit=4").ask("POST", "/orders", an_order(ponumber="PO-1"))[0] == 201


def test_a_po_number_is_cut_without_a_word_and_an_estimate_may_keep_silent_about_it() -> None:
    cut, silent = counter_of("po-kept=4"), counter_of("estimate-po=no")
    long = an_order(ponumber="PO-1234")
    assert cut.ask("POST", "/orders/estimate", long)[1]["poNumber"] == "PO-1"
    assert cut.place(ponumber="PO-1234")["poNumber"] == "PO-1"
    assert "poNumber" not in silent.ask("POST", "/orders/estimate", long)[1]
    assert silent.place(ponumber="PO-1234")["poNumber"] == "PO-1234"
