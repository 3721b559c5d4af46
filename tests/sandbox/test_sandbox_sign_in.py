"""Who the practice marketplace lets in, and for how long."""

import base64
from typing import Any

import pytest
from practice_counter import BASIC, Counter, an_order

from bulk_orders.sandbox import Behaviour


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "missing subscription key"),
        ({"x-subscription-key": "wrong"}, "invalid subscription key"),
    ],
)
def test_the_gateway_wants_the_subscription_key_first(headers: dict[str, str], message: str) -> None:
    counter = Counter()
    counter.headers = headers

    status, body = counter.ask("POST", "/orders", an_order())

    assert (status, body["statusCode"], message in body["message"]) == (401, 401, True)


@pytest.mark.parametrize(
    "authorization",
    ["", "Basic", "Basic !!!", "Basic " + base64.b64encode(b"practice:no").decode(), f"Bearer {BASIC}"],
)
def test_wrong_credentials_get_no_token(authorization: str) -> None:
    counter = Counter()
    counter.headers["authorization"] = authorization

    assert counter.ask("POST", "/token", {"marketplace": "us"})[0] == 401


@pytest.mark.parametrize("body", [{}, {"marketplace": ""}, {"marketplace": 1}])
def test_a_token_is_for_a_marketplace(body: dict[str, Any]) -> None:
    counter = Counter()
    counter.headers["authorization"] = f"Basic {BASIC}"

    assert counter.ask("POST", "/token", body)[0] == 400


def test_a_token_ends_when_its_time_is_up() -> None:
    counter = Counter(behaviour=Behaviour(token_lifetime_s=60))
    counter.later(59.9)
    young = counter.ask("GET", "/orders")[0]
    counter.later(0.1)
    old = counter.ask("GET", "/orders")[0]

    assert (young, old, counter.sign_in(), counter.ask("GET", "/orders")[0]) == (200, 401, 200, 200)


def test_a_session_that_dies_early_needs_a_new_token() -> None:
    counter = Counter()
    counter.simulator.fail_next("token-expiry")

    died = counter.ask("POST", "/orders", an_order())[0]
    again = counter.ask("POST", "/orders", an_order())[0]
    counter.sign_in()

    assert (died, again, counter.ask("POST", "/orders", an_order())[0]) == (401, 401, 201)
