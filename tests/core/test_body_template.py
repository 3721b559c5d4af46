"""A template that somebody wrote is used, or refused with the line and the placeholder that is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.body import FORMS, KNOWN_NAMES
from bulk_orders.core.body_template import Fault, faults_of

SALES_FILE = Path(__file__).parents[2] / "templates" / "order_bodies" / "sales.json"
SALES = SALES_FILE.read_text("utf-8")
LEAST: dict[str, Any] = {
    "customerId": "{customer_id}",
    "type": "{order_type}",
    "poNumber": "{po_number}",
    "products": [{"mpn": "{mpn}", "quantity": "{quantity:int}"}],
}


def test_our_own_template_and_the_least_one_are_faultless() -> None:
    assert faults_of(SALES) == []
    assert faults_of(json.dumps(LEAST)) == []


def test_a_template_may_say_more_and_say_it_elsewhere() -> None:
    line = {**LEAST["products"][0], "subscriptionPeriod": {"type": "{commitment_type}", "duration": 1}}

    assert faults_of(json.dumps({**LEAST, "attributes": {"by": "us"}, "products": [line]})) == []


@pytest.mark.parametrize(
    ("ours", "theirs", "line", "named"),
    [
        ('"{mpn}"', '"{mnp}"', 11, "{mnp} is unknown: no column is called mnp. Is mpn meant?"),
        ('"{quantity:int}"', '"{quantity:integer}"', 13, "{quantity:integer} has an unknown form"),
        (
            '"{domain}"',
            '"www.{domain}"',
            24,
            '{domain} must be a text by itself, but it is part of "www.{domain}"',
        ),
        ('"{domain}"', '"{Domain}"', 24, "{Domain}"),
        ('"value": "{tenant}"}', '"value": "{tenant}"', 20, "not JSON"),
        ('"{customer_id}"', '"1000105563"', 1, 'the order must say "customerId": "{customer_id}"'),
        ('"type": "sales"', '"type": "change"', 1, '"type"'),
        ('"ponumber": "{po_number}"', '"ponumber": "PO-1"', 1, "found by it"),
        ('"ponumber": "{po_number}"', '"PO": "{po_number}"', 1, "found by it"),
        ('"quantity": "{quantity:int}"', '"quantity": 1', 1, 'the product line must say "quantity"'),
        ('"type": "sales",', '"type": "sales", "type": "sales",', 1, 'key "type"'),
    ],
)
def test_a_fault_is_named_with_its_line_and_its_placeholder(
    ours: str, theirs: str, line: int, named: str
) -> None:
    assert ours in SALES

    found = faults_of(SALES.replace(ours, theirs, 1))

    assert [fault.line for fault in found][:1] == [line]
    assert named in found[0].what


@pytest.mark.parametrize(
    ("name", "ours", "theirs", "named"),
    [
        (
            "change",
            '"scheduledOn": "{scheduled_on}",',
            "",
            'the order must say "scheduledOn": "{scheduled_on}"',
        ),
        ("import", "migration_info_object", "migration", 'must have the parameter "migration_info_object"'),
    ],
)
def test_a_template_may_not_make_another_action_of_what_a_row_asks_for(
    name: str, ours: str, theirs: str, named: str
) -> None:
    text = SALES_FILE.with_stem(name).read_text("utf-8")
    assert faults_of(text, name) == []
    (fault,) = faults_of(text.replace(ours, theirs), name)
    assert named in fault.what


@pytest.mark.parametrize("text", ["[]", '"x"', "null", "7"])
def test_what_is_not_an_object_is_no_template(text: str) -> None:
    assert [fault.line for fault in faults_of(text)] == [1]


@pytest.mark.parametrize("products", [[], {}, None, [LEAST["products"][0]] * 2, ["x"]])
def test_there_is_one_product_line(products: Any) -> None:
    assert faults_of(json.dumps({**LEAST, "products": products})) == [
        Fault(1, "products must have exactly one product line.")
    ]


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("cancellation", {"scheduledOn": "renewal"}),
        ("import", {"scheduledOn": "renewal"}),
        ("change", {"renewalStatus": True}),
        ("sales", {"renewalStatus": False}),
        ("sales", {"renewalStatus": "perhaps"}),
    ],
)
def test_a_template_may_not_say_what_would_make_its_orders_pass_for_others(
    name: str, more: dict[str, Any]
) -> None:
    ours = json.loads(SALES_FILE.with_name(f"{name}.json").read_text("utf-8"))
    assert faults_of(json.dumps(ours), name) == []
    found = faults_of(json.dumps({**ours, **more}), name)
    assert all("would not be known as one" in fault.what for fault in found)
    assert found


def test_what_is_set_may_say_a_type_that_is_no_orders() -> None:
    ours = json.loads(SALES_FILE.with_name("auto_renewal.json").read_text("utf-8"))
    assert faults_of(json.dumps({**ours, "type": "renewal"}), "auto_renewal") == []


def test_the_po_number_stands_once_so_that_every_order_has_its_own() -> None:
    assert faults_of(json.dumps({**LEAST, "attributes": {"po": "{po_number}"}})) != []


@given(st.text(alphabet='{}":,[]abmpn \n', max_size=60))
def test_no_text_is_too_odd_to_be_judged(text: str) -> None:
    assert isinstance(faults_of(text), list)


@given(st.sampled_from(sorted(KNOWN_NAMES - {"po_number"})), st.sampled_from(sorted(FORMS)))
def test_every_known_placeholder_is_taken(name: str, form: str) -> None:
    placeholder = f"{{{name}:{form}}}" if form else f"{{{name}}}"

    assert faults_of(json.dumps({**LEAST, "more": placeholder})) == []
