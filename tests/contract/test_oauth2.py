"""The client and the practice marketplace agree on the second way to sign in, and each refuses what the other must not do."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from market_places import order_for
from pydantic import SecretStr

from bulk_orders.errors import BulkOrdersError, CredentialsRefused, SetupError
from bulk_orders.marketplace.client import HttpMarketplace
from bulk_orders.marketplace.client_settings import ClientSettings
from bulk_orders.marketplace.interface import Reply
from bulk_orders.sandbox import Behaviour, PracticeServer, Simulator
from bulk_orders.sandbox.account_kinds import account_kind

BODY = order_for("1000106000")


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    simulator = Simulator(
        now=lambda: datetime.now(UTC),
        rng=random.Random(1),  # noqa: S311 - dice, no secret
        behaviour=Behaviour(**account_kind("sign-in=oauth2,client-id=integration-7")),
    )
    with PracticeServer(simulator) as running:
        yield running


def client_of(server: PracticeServer, **changes: Any) -> HttpMarketplace:
    told: dict[str, Any] = {
        "base_url": server.base_url,
        "marketplace": "us",
        "user": "practice",
        "password": SecretStr("practice"),
        "subscription_key": SecretStr("practice"),
        "client_id": SecretStr("integration-7"),
        "oauth2_url": server.authority_url,
        "oauth2_client_id": "practice",
        "oauth2_client_secret": SecretStr("practice"),
    }
    return HttpMarketplace(
        ClientSettings(**{**told, **changes}),
        connections=1,
        monotonic=time.monotonic,
        now=lambda: datetime.now(UTC),
        sleep=lambda _: None,
        jitter=lambda: 0.5,
        pace=lambda: None,
    )


def test_orders_and_questions_go_through(server: PracticeServer) -> None:
    client = client_of(server)
    placed = client.place(BODY)
    assert isinstance(placed, Reply)
    assert placed.status == 201
    assert len(client.list_orders(customer_id=BODY["customerId"]).orders) == 1
    client.close()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"password": SecretStr("wrong")}, CredentialsRefused),
        ({"oauth2_client_secret": SecretStr("wrong")}, CredentialsRefused),
        ({"oauth2_client_secret": SecretStr("")}, CredentialsRefused),
        ({"oauth2_client_id": "wrong"}, CredentialsRefused),
        ({"oauth2_url": "", "oauth2_client_id": ""}, SetupError),
    ],
    ids=["password", "client secret", "no client secret", "client", "the usual way"],
)
def test_a_wrong_sign_in_is_refused(
    server: PracticeServer, changes: dict[str, Any], error: type[BulkOrdersError]
) -> None:
    client = client_of(server, **changes)
    with pytest.raises(error):
        client.sign_in()
    client.close()


@pytest.mark.parametrize("client_id", ["", "another"])
def test_without_the_right_client_id_nothing_is_ordered(server: PracticeServer, client_id: str) -> None:
    client = client_of(server, client_id=SecretStr(client_id))
    client.sign_in()  # the server of the tokens does not ask for it
    placed = client.place(BODY)
    assert isinstance(placed, Reply)
    assert placed.status == 401
    client.close()
