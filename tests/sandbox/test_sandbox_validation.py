"""The practice marketplace takes the validation of parameters in the description's shape and in no other."""

from typing import Any

import pytest
from practice_counter import Counter, an_order


def a_request(*, line: dict[str, Any] | None = None, **top: Any) -> dict[str, Any]:
    order = an_order()
    product = {**order["products"][0], "subscriptionPeriod": order["subscriptionPeriod"], **(line or {})}
    body = {
        "customerId": order["customerId"],
        "type": "sales",
        "products": [{key: value for key, value in product.items() if value is not None}],
        **top,
    }
    return {key: value for key, value in body.items() if value is not None}


def test_a_request_as_described_is_answered_parameter_by_parameter() -> None:
    status, body = Counter().ask("POST", "/validation/parameters", a_request())

    (row,) = body["data"]
    assert (status, row["mpn"]) == (200, "CFQ7TTC0LH16:0001")
    assert {told["result"] for told in row["parameters"]} == {"success"}


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "an order's body": (an_order(), 400, "ponumber, subscriptionPeriod"),
    "the period at the order": (
        a_request(subscriptionPeriod={"type": "year", "duration": 1}),
        400,
        "subscriptionPeriod",
    ),
    "a key that is not described": (a_request(line={"name": "x"}), 400, "name"),
    "no period": (a_request(line={"subscriptionPeriod": None}), 400, "not unique"),
    "no parameters": (a_request(line={"parameters": None}), 400, "parameters"),
    "a quantity that is not whole": (a_request(line={"quantity": 1.5}), 400, "whole number"),
    "no customer": (a_request(customerId=None), 400, "customerId"),
    "no products": (a_request(products=[]), 400, "products"),
    "a draft that nobody made": (a_request(line={"draftRequestId": "11ad4cec"}), 404, "11ad4cec"),
    "a draft that is a number": (a_request(line={"draftRequestId": 7}), 404, "'7'"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_another_shape_is_refused(kind: str) -> None:
    request, wanted, words = REFUSED[kind]

    status, body = Counter().ask("POST", "/validation/parameters", request)

    assert (status, words in body["message"]) == (wanted, True)


def test_each_question_without_a_draft_makes_one_and_one_with_it_none() -> None:
    counter = Counter()
    drafts = [
        counter.ask("POST", "/validation/parameters", a_request())[1]["data"][0]["draftRequestId"]
        for _ in range(2)
    ]

    again = a_request(line={"draftRequestId": drafts[0], "quantity": 9})
    _, body = counter.ask("POST", "/validation/parameters", again)

    assert len({*drafts}) == 2
    assert body["data"][0]["draftRequestId"] == drafts[0]
    assert counter.simulator.drafts_made == 2


def test_a_draft_is_known_after_a_new_start() -> None:
    _, body = Counter().ask("POST", "/validation/parameters", a_request())
    draft_id = body["data"][0]["draftRequestId"]

    status, _ = Counter().ask("POST", "/validation/parameters", a_request(line={"draftRequestId": draft_id}))

    assert status == 200


def test_a_draft_of_another_customer_is_not_found() -> None:
    counter = Counter()
    _, body = counter.ask("POST", "/validation/parameters", a_request())
    draft_id = body["data"][0]["draftRequestId"]

    status, _ = counter.ask(
        "POST",
        "/validation/parameters",
        a_request(customerId="1000105564", line={"draftRequestId": draft_id}),
    )

    assert status == 404


def of_a_vendor(*parameters: dict[str, Any], vendor: str | None) -> dict[str, Any]:
    line = {"mpn": "WORKSPACE-DESK-PRO", "vendor": vendor, "parameters": list(parameters)}
    return a_request(line=line)


EMAIL = {"name": "administrator_email", "value": "it@company.example.com"}
WORKSPACE = {"name": "workspace", "structured_value": {"name": "Rings"}}


def test_another_vendors_product_wants_its_own_parameters_of_which_one_is_an_object() -> None:
    counter = Counter()
    wrong = {**WORKSPACE, "value": '{"name": "Rings"}', "structured_value": None}

    for parameters, bad in (
        ((EMAIL, WORKSPACE), set()),
        ((EMAIL, wrong), {"workspace"}),
        ((), {"administrator_email", "workspace"}),
    ):
        _, body = counter.ask("POST", "/validation/parameters", of_a_vendor(*parameters, vendor="Northbeam"))
        (row,) = body["data"]
        assert {told["name"] for told in row["parameters"] if told["result"] == "error"} == bad


def test_an_mpn_of_two_vendors_is_ambiguous_without_one() -> None:
    status, body = Counter().ask("POST", "/validation/parameters", of_a_vendor(EMAIL, WORKSPACE, vendor=None))

    assert (status, "Specify vendor" in body["message"]) == (400, True)
