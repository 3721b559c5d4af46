"""Who depends on an order's type asks the table of types, and columns say which types use them."""

from dataclasses import replace

import pytest

from bulk_orders.core.columns.shapes import Need
from bulk_orders.core.columns.table import COLUMNS, column
from bulk_orders.core.model import SheetRole
from bulk_orders.core.order_types import (
    CHANGE_NOW,
    ORDER_TYPES,
    SALES,
    USUAL,
    is_purchase,
    may_be_of,
    may_be_placed_here,
    target_of,
    type_named,
    type_of,
)
from bulk_orders.core.stated_rules import ALWAYS, sent
from bulk_orders.core.statements import Either, Every, Says

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
