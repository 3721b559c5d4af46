"""A body takes the account's shape on its way out, and stays the same order: nothing of its content is lost or added."""

import copy
import json
from typing import Any

import pytest

from bulk_orders.core.body_shape import BodyShape, shaped, shapes, with_po_number

TERM = {"type": "year", "duration": 1}
BODY: dict[str, Any] = {
    "customerId": "1000105563",
    "type": "sales",
    "ponumber": "PO-1",
    "subscriptionPeriod": TERM,
    "products": [
        {"mpn": "CFQ7TTC0LH16:0001", "quantity": 1, "billingPeriod": {"type": "month", "duration": 1}}
    ],
}
ALL = [*shapes("ponumber", "Microsoft"), *shapes("poNumber", "")]


def test_the_usual_shape_leaves_a_body_key_for_key_as_the_template_has_it() -> None:
    assert json.dumps(shaped(BODY, BodyShape())) == json.dumps(BODY)
    assert json.dumps(shaped(BODY, next(shapes("ponumber", "Microsoft")))) == json.dumps(BODY)


@pytest.mark.parametrize("shape", ALL, ids=str)
def test_a_shape_changes_no_value_and_asks_for_the_same(shape: BodyShape) -> None:
    before = copy.deepcopy(BODY)
    made = shaped(BODY, shape)
    assert before == BODY
    assert shaped(made, shape) == made
    (line,) = made["products"]
    assert {key: line[key] for key in BODY["products"][0]} == BODY["products"][0]
    assert made[shape.po_name] == "PO-1"
    assert {
        str(period) for period in (made.get("subscriptionPeriod"), line.get("subscriptionPeriod")) if period
    } == {str(TERM)}
    assert set(made) - {"ponumber", "poNumber"} <= set(BODY) - {"ponumber"}


def test_each_shape_is_another_one_and_the_simplest_comes_first() -> None:
    assert len({json.dumps(shaped(BODY, shape)) for shape in shapes("ponumber", "Microsoft")}) == 6
    assert len(list(shapes("ponumber", ""))) == 3


def test_a_vendor_that_the_row_names_stays_and_so_does_a_commitment_that_a_template_has_in_the_line() -> None:
    line = {
        **BODY["products"][0],
        "vendor": "Harborline",
        "subscriptionPeriod": {"type": "month", "duration": 1},
    }
    own = {**BODY, "products": [line]}
    assert shaped(own, BodyShape(period_place="both", vendor="Microsoft"))["products"] == [line]


def test_another_po_number_stands_under_the_same_spelling() -> None:
    assert with_po_number({"poNumber": "1", "type": "sales"}, "2") == {"poNumber": "2", "type": "sales"}
    assert with_po_number({"poNumber": "1", "type": "sales"}, None) == {"type": "sales"}
