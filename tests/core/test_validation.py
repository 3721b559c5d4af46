"""The request for validation has the description's shape, and not the order's."""

from typing import Any

from bulk_orders.core.offers import Asked
from bulk_orders.core.validation import asked_of, drafted_for, validation_request, with_drafts

YEAR, MONTH = {"type": "year", "duration": 1}, {"type": "month", "duration": 1}
LINE: dict[str, Any] = {
    "mpn": "CFQ7TTC0LH16:0001",
    "quantity": 3,
    "billingPeriod": MONTH,
    "parameters": [{"name": "tenant_preference", "value": "new"}],
}
BODY: dict[str, Any] = {
    "customerId": "1000105563",
    "type": "sales",
    "ponumber": "PO-1",
    "subscriptionPeriod": YEAR,
    "products": [LINE],
}


def test_the_commitment_moves_to_the_line_and_what_is_not_asked_for_is_left_out() -> None:
    assert validation_request(BODY) == {
        "customerId": "1000105563",
        "type": "sales",
        "products": [{**LINE, "subscriptionPeriod": YEAR}],
    }


def test_what_stands_in_the_line_wins() -> None:
    body = {**BODY, "products": [{**LINE, "subscriptionPeriod": MONTH, "vendor": "Inkwell"}]}

    (line,) = validation_request(body)["products"]

    assert (line["subscriptionPeriod"], line["vendor"]) == (MONTH, "Inkwell")


def test_a_line_drafted_for_says_that_it_has_none() -> None:
    (line,) = validation_request({**BODY, "products": [{"mpn": "A"}]})["products"]

    assert line["parameters"] == []


def test_a_draft_goes_to_its_line_and_drafts_of_other_lines_to_none() -> None:
    request = validation_request(BODY)

    assert with_drafts(request, ["one"])["products"][0]["draftRequestId"] == "one"
    assert with_drafts(request, []) == with_drafts(request, ["one", "two"]) == request
    assert "draftRequestId" not in request["products"][0]


def test_a_draft_serves_the_same_line_whatever_its_parameters_say() -> None:
    other = {**LINE, "parameters": [{"name": "tenant_preference", "value": "existing"}]}
    monthly = {**LINE, "subscriptionPeriod": MONTH}

    same = drafted_for(validation_request({**BODY, "products": [{**other, "quantity": 4}]}))

    assert same == drafted_for(validation_request(BODY))
    assert drafted_for(validation_request({**BODY, "products": [monthly]})) != same
    assert drafted_for(validation_request({**BODY, "customerId": "1"})) != same


def test_what_is_wanted_of_a_product_is_read_from_the_request() -> None:
    assert asked_of(validation_request(BODY)) == (
        Asked(mpn="CFQ7TTC0LH16:0001", vendor="", quantity=3, term=("year", "1"), billing=("month", "1")),
    )
