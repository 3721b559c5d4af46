"""Who depends on an order's type asks the table of types, and columns say which types use them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bulk_orders.core.acting import SUBSCRIPTION_PLACES, placed
from bulk_orders.core.body import fill
from bulk_orders.core.columns.shapes import Need
from bulk_orders.core.columns.table import COLUMNS, column
from bulk_orders.core.model import Row, SheetRole
from bulk_orders.core.order_types import (
    AUTO_RENEW_OFF,
    CHANGE_NOW,
    ORDER_TYPES,
    SALES,
    USUAL,
    OrderType,
    is_purchase,
    is_purchase_number,
    may_be_of,
    may_be_placed_here,
    target_of,
    type_named,
    type_of,
    what_instead,
)
from bulk_orders.core.stated_rules import ALWAYS, sent
from bulk_orders.core.statements import Either, Every, Says
from bulk_orders.errors import SetupError
from bulk_orders.sandbox.platform_types import PLATFORM_TYPES

BODIES = Path(__file__).parents[2] / "templates" / "order_bodies"
EACH_TYPE = pytest.mark.parametrize("known", ORDER_TYPES, ids=lambda known: known.key)

SALES_BODY = '{"type":"sales","products":[]}'


@pytest.mark.parametrize(
    ("told", "may_be"), [("", True), ("sales", True), ("renewal", False), ("change", True)]
)
def test_an_order_on_the_marketplace_may_be_ours_by_its_type(told: str, may_be: bool) -> None:
    assert may_be_placed_here(told) is may_be


@pytest.mark.parametrize(("told", "may_be"), [("", True), ("sales", True), ("change", False)])
def test_only_purchases_do_not_inherit_po_numbers(told: str, may_be: bool) -> None:
    assert is_purchase(told) is may_be


def test_a_body_tells_its_type_and_the_subscription_that_it_acts_on() -> None:
    change = '{"type":"change","subscriptionId":"1000054"}'
    assert (type_of(change), target_of(change)) == (CHANGE_NOW, "1000054")
    assert (type_of(SALES_BODY), target_of(SALES_BODY)) == (SALES, "")
    assert (type_of(""), target_of("")) == (SALES, "")


@EACH_TYPE
def test_a_body_of_a_types_own_template_is_of_that_type_and_keeps_its_subscription(known: OrderType) -> None:
    template = json.loads((BODIES / f"{known.template}.json").read_text("utf-8"))
    row = {"order_type": known.key, "customer_id": "1", "mpn": "A:1", "quantity": "5"}
    row |= {"subscription": "1000054", "microsoft_subscription": "x"}
    body = fill(template, Row(sheet_row=2, values=row), po_number="BO1")
    assert type_of(json.dumps(body)) is known
    assert target_of(json.dumps(body)) == ("1000054" if known.acts_on_subscription else "")
    for place in SUBSCRIPTION_PLACES if known.acts_on_subscription else ():
        assert "1000054" in json.dumps(placed(body, place))


@EACH_TYPE
def test_what_there_is_a_type_for_is_not_to_be_done_in_another_way(known: OrderType) -> None:
    assert {what_instead(said) for said in (known.key, known.label, *known.aliases)} <= {""}


@pytest.mark.parametrize(
    "body",
    [
        '{"type":"hypnotise","subscriptionId":"1000054"}',
        '{"type":["change"],"subscriptionId":"1000054"}',
        '{"type":"cancellation","scheduledOn":"renewal","subscriptionId":"1000054"}',
        '{"type":"change","scheduledOn":"2027-01-01","subscriptionId":"1000054"}',
        '{"type":"sales","renewalStatus":"perhaps"}',
    ],
)
def test_an_order_that_only_a_newer_program_knows_is_never_taken_for_a_purchase(body: str) -> None:
    with pytest.raises(SetupError, match="does not know") as raised:
        type_of(body)
    assert raised.value.fix.startswith("Update bulk-orders")


def test_a_purchase_may_say_more_and_what_is_set_need_not_say_that_it_is_no_order() -> None:
    assert type_of('{"type":"sales","scheduledOn":"renewal"}') is SALES
    assert type_of('{"type":"renewal","renewalStatus":false}') is AUTO_RENEW_OFF


def test_the_practice_marketplace_takes_each_type_and_its_numbers_tell_purchases_from_others() -> None:
    assert {known.api for known in ORDER_TYPES if known.api} == set(PLATFORM_TYPES)
    purchases = {
        name for name, known in PLATFORM_TYPES.items() if is_purchase_number(f"{known.letters}000001")
    }
    assert purchases == {USUAL.api}


@pytest.mark.parametrize(
    ("told", "body", "may_be"),
    [
        ("sales", SALES_BODY, True),
        ("", SALES_BODY, True),
        ("change", SALES_BODY, False),
        ("sales", '{"type":"change"}', False),
        ("change", '{"type":"change"}', True),
        ("sales", "", True),
        ("renewal", "", False),
    ],
)
def test_an_order_is_compared_with_those_of_its_own_type(told: str, body: str, may_be: bool) -> None:
    assert may_be_of(told, body) is may_be


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        *(("", "sales"), (" Sale ", "sales"), ("SALES", "sales"), ("New", "sales"), ("?", "sales")),
        ("change seats NOW", "change_now"),
    ],
)
def test_a_cell_names_a_type_in_any_spelling_and_blank_is_the_usual(typed: str, key: str) -> None:
    assert type_named(typed).key == key


def test_the_column_offers_the_types_that_there_are() -> None:
    entry = column(SheetRole.ORDERS, "order_type")
    assert [choice.key for choice in entry.choices] == [known.key for known in ORDER_TYPES]
    assert entry.blank_means == ORDER_TYPES[0].key


def test_columns_name_types_that_there_are() -> None:
    known = {order_type.key for order_type in ORDER_TYPES}
    assert {key for entry in COLUMNS for key in entry.order_types} <= known
    assert {
        entry.name for entry in COLUMNS if entry.order_types and entry.sheet is not SheetRole.ORDERS
    } == set()


def test_a_workbook_of_the_usual_type_needs_no_column_of_another() -> None:
    others = [entry for entry in COLUMNS if entry.order_types and USUAL.key not in entry.order_types]
    assert [entry.name for entry in others if entry.need is Need.ALWAYS] == []


def test_a_column_matters_to_the_types_that_use_it_even_where_it_is_always_required() -> None:
    entry = column(SheetRole.ORDERS, "mpn")
    assert sent(entry) == ALWAYS
    for_two = replace(entry, order_types=("sales", "renewal"))
    assert sent(for_two) == Every((Either((Says("order_type", "sales"), Says("order_type", "renewal"))),))
