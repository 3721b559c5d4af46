"""The second way to sign in: tokens of another server (OAuth 2), and the header X-Client-Id; nothing secret is shown."""

import json
import logging
import traceback
from typing import Any
from urllib.parse import parse_qsl

import pytest
from pydantic import SecretStr
from scripted_server import (
    BODY,
    PASSWORD,
    PLACED,
    SECRETS,
    SUBSCRIPTION_KEY,
    ScriptedServer,
    World,
    answer,
    http,
)

from bulk_orders.errors import CredentialsRefused, MarketplaceDown, SetupError
from bulk_orders.marketplace.client import HttpMarketplace
from bulk_orders.marketplace.interface import Reply

CLIENT_SECRET = "the client's secret & more"
CLIENT_ID = "value-from-support-77"
GRANTED = {"access_token": "an-oauth2-token-1", "expires_in": 300, "token_type": "Bearer"}
GRANT = answer("200 OK", GRANTED)


def client_of(server: ScriptedServer, world: World | None = None, **changes: Any) -> HttpMarketplace:
    told: dict[str, Any] = {
        "oauth2_url": server.base_url.replace("/marketplace/na", "/realms/reseller"),
        "oauth2_client_id": "reseller-api",
        "oauth2_client_secret": SecretStr(CLIENT_SECRET),
        "client_id": SecretStr(CLIENT_ID),
        **changes,
    }
    return server.client(world, **told)


def test_the_token_is_asked_for_elsewhere_with_the_passwords_grant_and_without_the_apis_own_key() -> None:
    with ScriptedServer(tokens=[GRANT]) as server:
        client_of(server).sign_in()
    (request,) = server.requests
    assert (request.method, request.target) == ("POST", "/realms/reseller/token")
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(request.body.decode())) == {
        "grant_type": "password",
        "username": "reseller.API",
        "password": PASSWORD,
        "client_id": "reseller-api",
        "client_secret": CLIENT_SECRET,
        "scope": "openid",
    }
    assert {"authorization", "x-subscription-key", "x-client-id"}.isdisjoint(request.headers)


def test_a_client_without_a_secret_sends_none_and_a_pasted_token_address_is_understood() -> None:
    with ScriptedServer(tokens=[GRANT]) as server:
        url = server.base_url.replace("/marketplace/na", "/auth/token/")
        client_of(server, oauth2_url=url, oauth2_client_secret=SecretStr("")).sign_in()
    (request,) = server.requests
    assert request.target == "/auth/token"
    assert b"client_secret" not in request.body


def test_orders_and_questions_carry_the_token_the_key_and_the_client_id() -> None:
    script = [answer("201 Created", PLACED), answer("200 OK", {"total": {"amount": "1", "currency": "USD"}})]
    with ScriptedServer(*script, tokens=[GRANT]) as server:
        client = client_of(server)
        assert isinstance(client.place(BODY), Reply)
        client.estimate(BODY)
    for request in server.sent_to("/orders"):
        assert request.headers["authorization"] == f"Bearer {GRANTED['access_token']}"
        assert request.headers["x-subscription-key"] == SUBSCRIPTION_KEY
        assert request.headers["x-client-id"] == CLIENT_ID


def test_the_usual_sign_in_carries_the_client_id_only_where_one_is_set() -> None:
    with ScriptedServer() as server:
        server.client().sign_in()
        client_of(server, oauth2_url="", oauth2_client_id="").sign_in()
    assert [request.headers.get("x-client-id") for request in server.requests] == [None, CLIENT_ID]
    assert [json.loads(request.body) for request in server.requests] == [{"marketplace": "us"}] * 2


def test_a_token_is_renewed_before_the_seconds_that_it_was_said_to_live_are_over() -> None:
    world = World()
    with ScriptedServer(answer("201 Created", PLACED), tokens=[GRANT]) as server:
        client = client_of(server, world)
        client.sign_in()
        for world.ahead_s in (239, 241):
            client.place(BODY)
    assert len(server.sent_to("/token")) == 2


@pytest.mark.parametrize("error", ["invalid_grant", "invalid_client", "unauthorized_client"])
@pytest.mark.parametrize("status", ["400 Bad Request", "401 Unauthorized"])
def test_wrong_credentials_are_refused_whatever_status_the_server_uses(status: str, error: str) -> None:
    with (
        ScriptedServer(tokens=[answer(status, {"error": error})]) as server,
        pytest.raises(CredentialsRefused, match=r"oauth2_client_id and oauth2_client_secret"),
    ):
        client_of(server).sign_in()
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("play", "error", "said"),
    [
        (
            answer("400 Bad Request", {"error": "unsupported_grant_type"}),
            SetupError,
            "grant type password",
        ),
        (http("404 Not Found", b"{}"), SetupError, "oauth2_url seems wrong"),
        (http("200 OK", b"<html>"), SetupError, "oauth2_url seems wrong"),
        (answer("200 OK", {"token": "of-the-other-way"}), MarketplaceDown, "no usable token"),
        (http("503 Oh"), MarketplaceDown, "answers 503"),
    ],
    ids=["grant", "nothing there", "a page", "no access token", "down"],
)
def test_what_else_may_be_wrong_is_named(play: Any, error: type[Exception], said: str) -> None:
    with ScriptedServer(tokens=[play]) as server, pytest.raises(error, match=said):
        client_of(server).sign_in()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"oauth2_client_id": " "}, "oauth2_client_id is empty"),
        ({"oauth2_url": "http://auth.example.com"}, "not encrypted"),
        ({"oauth2_url": "https://u:p@auth.example.com"}, r"sign-in \(oauth2_url\) has a user name"),
        ({"oauth2_url": "auth.example.com"}, "is not a web address"),
        ({"client_id": SecretStr("two\r\nX-Evil: lines")}, r"client id \(client_id\)"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_before_anything_is_sent(
    changes: dict[str, Any], said: str
) -> None:
    with ScriptedServer(tokens=[GRANT]) as server, pytest.raises(SetupError, match=said):
        client_of(server, **changes)
    assert server.requests == []


def test_nothing_secret_of_another_sign_in_is_shown_by_anything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = {"message": f"{CLIENT_SECRET} {CLIENT_ID} {PASSWORD} {GRANTED['access_token']}"}
    refusals = [
        answer("401 No", {"error": "invalid_grant", "error_description": CLIENT_SECRET}),
        answer("400 No", {"error": CLIENT_SECRET}),
        http("500 Oh", CLIENT_SECRET.encode()),
    ]
    with ScriptedServer(answer("400 No", echo), tokens=[GRANT, *refusals]) as server:
        client = client_of(server)
        shown = [repr(client), str(vars(client)), repr(client.place(BODY))]
        for _ in refusals:
            with pytest.raises((SetupError, MarketplaceDown)) as caught:
                client.renew_token()
            shown += [repr(caught.value), *traceback.format_exception(caught.value)]
    everything = "\n".join([*shown, caplog.text])
    secrets = (*SECRETS, CLIENT_SECRET, CLIENT_ID, GRANTED["access_token"])
    assert [secret for secret in secrets if secret in everything] == []
