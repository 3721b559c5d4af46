"""The token: what is asked, what is made of odd answers, when it is renewed, and that nothing secret is ever shown."""

import base64
import json
import logging
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from processes import wait_until
from pydantic import SecretStr
from scripted_server import (
    BODY,
    PASSWORD,
    PLACED,
    SECRETS,
    SUBSCRIPTION_KEY,
    TOKEN,
    Play,
    ScriptedServer,
    World,
    answer,
    granted,
    http,
    raw,
    reset,
)

from bulk_orders.errors import CredentialsRefused, MarketplaceDown, SetupError
from bulk_orders.marketplace.interface import FailureKind, NoReply, Reply
from bulk_orders.marketplace.token import Grant, TokenKeeper, life_s, renew_after_s


def bearers(server: ScriptedServer) -> list[str]:
    return [request.headers["authorization"].removeprefix("Bearer ") for request in server.sent_to("/orders")]


def test_the_sign_in_sends_what_the_platform_wants_and_the_password_in_utf_8() -> None:
    with ScriptedServer() as server:
        server.client().sign_in()
    (request,) = server.requests
    assert (request.method, request.target) == ("POST", "/marketplace/na/token")
    assert json.loads(request.body) == {"marketplace": "us"}
    assert request.headers["x-subscription-key"] == SUBSCRIPTION_KEY
    scheme, _, pair = request.headers["authorization"].partition(" ")
    assert (scheme, base64.b64decode(pair).decode()) == ("Basic", f"reseller.API:{PASSWORD}")


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_a_refused_sign_in_says_what_to_check_and_is_not_tried_again(status: str) -> None:
    with ScriptedServer(tokens=[http(status, b"{}")]) as server:
        client = server.client(doctor="bulk-orders doctor --profile live")
        with pytest.raises(
            CredentialsRefused, match=r"Check user, password, subscription_key.*doctor --profile live`"
        ):
            client.sign_in()
    assert len(server.requests) == 1


def test_a_refused_sign_in_lets_no_order_out() -> None:
    with ScriptedServer(tokens=[http("401 Unauthorized")]) as server:
        client = server.client()
        unsent = client.place(BODY)
        with pytest.raises(CredentialsRefused):
            client.renew_token()
    assert isinstance(unsent, NoReply)
    assert (unsent.kind, unsent.bytes_sent, server.sent_to("/orders")) == (FailureKind.NO_SIGN_IN, 0, [])


@pytest.mark.parametrize(
    "play",
    [
        http("429 Slow"),
        http("500 Oh"),
        http("503 Oh", b"<html>", Content_Type="text/html"),
        http("408 Slow"),
        reset(),
        raw(b"", closes=True),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", closes=True),
        http("200 OK", b"no json"),
        http("200 OK", b"[" * 100_000),
        http("200 OK", b"[]"),
        answer("200 OK", {"expiresInSeconds": 1500}),
        answer("200 OK", {"token": "", "expiresInSeconds": 1500}),
        answer("200 OK", {"token": 5, "expiresInSeconds": 1500}),
        answer("200 OK", {"token": "two\r\nX-Evil: lines", "expiresInSeconds": 1500}),
    ],
    ids=lambda play: "",
)
def test_a_sign_in_that_fails_for_a_while_is_tried_again_and_then_the_marketplace_is_down(play: Play) -> None:
    world = World()
    with ScriptedServer(tokens=[play, play, play, granted()]) as server:
        client = server.client(world)
        with pytest.raises(MarketplaceDown, match="Try again"):
            client.sign_in()
        assert len(world.slept) == 2
        assert all(0 <= pause_s < 2 for pause_s in world.slept)
        client.sign_in()
    assert len(server.requests) == 4


def test_a_sign_in_waits_as_long_as_it_is_told_to() -> None:
    world = World()
    with ScriptedServer(tokens=[http("429 Slow", Retry_After="7"), granted()]) as server:
        server.client(world).sign_in()
    assert world.slept == [7.0]


def test_a_quota_is_not_a_refusal_and_a_long_wait_is_not_sat_out() -> None:
    world = World()
    quota = http("403 Quota", Retry_After="3600")
    with ScriptedServer(tokens=[quota]) as server, pytest.raises(MarketplaceDown, match=r"quota.*900 s"):
        server.client(world).sign_in()
    assert (world.slept, len(server.requests)) == ([], 1)


@pytest.mark.parametrize(
    "play",
    [
        http("404 Not Found", b"{}"),
        http("405 No", b"{}"),
        http("302 Found", Location="http://127.0.0.1:9/"),
        http("200 OK", b"<!doctype html>", Content_Type="text/html"),
        http("200 OK", b"\n <html>"),
    ],
    ids=["404", "405", "redirect", "html by type", "html by look"],
)
def test_something_else_at_the_address_means_that_the_base_url_is_wrong(play: Play) -> None:
    with (
        ScriptedServer(tokens=[play]) as server,
        pytest.raises(SetupError, match=r"base URL seems wrong.*Copy base_url"),
    ):
        server.client().sign_in()
    assert len(server.requests) == 1


def test_a_bad_request_points_at_the_marketplace_code() -> None:
    with (
        ScriptedServer(tokens=[http("400 Bad", b"{}")]) as server,
        pytest.raises(SetupError, match=r"marketplace \(us\)"),
    ):
        server.client().sign_in()


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        (1500, 1500),
        ("1500", 1500),
        (61.5, 61.5),
        (60, 60),
        (59, 60),
        (0, 60),
        (-5, 60),
        (1e12, 3600),
        ("1e12", 3600),
        (10**400, 60),
        ("soon", 60),
        ("nan", 60),
        (None, 60),
        (True, 60),
        ([1500], 60),
    ],
)
def test_the_life_of_a_token_is_between_a_minute_and_an_hour(stated: Any, seconds: float) -> None:
    assert life_s(stated) == seconds


@pytest.mark.parametrize(
    ("life", "after"),
    [(1500, 1440), (3600, 3540), (300, 240), (250, 200), (200, 160), (150, 120), (100, 70), (60, 30)],
)
def test_a_token_is_renewed_a_minute_early_or_after_most_of_a_short_life_but_with_half_a_minute_left(
    life: float, after: float
) -> None:
    assert renew_after_s(life) == pytest.approx(after)


@pytest.mark.parametrize(("ahead_s", "sign_ins"), [(1439, 1), (1441, 2)])
def test_an_order_never_leaves_with_a_token_about_to_end(ahead_s: float, sign_ins: int) -> None:
    world = World()
    with ScriptedServer() as server:
        client = server.client(world)
        client.sign_in()
        world.ahead_s = ahead_s
        client.place(BODY)
    assert len(server.sent_to("/token")) == sign_ins


def test_tokens_that_end_again_and_again_cost_no_order() -> None:
    world = World()
    with ScriptedServer(tokens=[granted(f"t{number}") for number in range(5)]) as server:
        client = server.client(world)
        for world.ahead_s in range(0, 5 * 1441, 1441):
            assert isinstance(client.place(BODY), Reply)
    assert bearers(server) == ["t0", "t1", "t2", "t3", "t4"]


def test_after_a_401_a_new_token_is_used() -> None:
    script = [http("401 No"), answer("201 Created", PLACED)]
    with ScriptedServer(*script, tokens=[granted("old"), granted("new")]) as server:
        client = server.client()
        refused = client.place(BODY)
        client.renew_token()
        client.place(BODY)
    assert isinstance(refused, Reply)
    assert refused.status == 401
    assert bearers(server) == ["old", "new"]


def test_sixteen_threads_that_need_a_token_share_one_sign_in() -> None:
    with ScriptedServer(token_delay_s=0.1) as server, ThreadPoolExecutor(16) as threads:
        replies = list(threads.map(server.client().place, [BODY] * 16))
    assert [reply.status for reply in replies if isinstance(reply, Reply)] == [201] * 16
    assert len(server.sent_to("/token")) == 1


def test_sixteen_threads_refused_with_the_same_token_share_one_new_sign_in() -> None:
    together = threading.Barrier(16)
    with ScriptedServer(http("401 No"), token_delay_s=0.05) as server, ThreadPoolExecutor(16) as threads:
        client = server.client()

        def place_and_renew(_: int) -> None:
            client.place(BODY)
            together.wait()
            client.renew_token()

        list(threads.map(place_and_renew, range(16)))
    assert len(server.sent_to("/token")) == 2


class Queued:
    """A lock that counts who has asked for it."""

    def __init__(self) -> None:
        self.asked = 0
        self._lock, self._count = threading.Lock(), threading.Lock()

    def __enter__(self) -> None:
        with self._count:
            self.asked += 1
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def test_threads_that_wait_for_a_sign_in_share_its_failure() -> None:
    queue, tries = Queued(), []

    def refused() -> Grant:
        tries.append(queue)
        wait_until(lambda: queue.asked == 16, "all threads to wait for this one")
        raise CredentialsRefused("the password is wrong", fix="correct it")

    keeper = TokenKeeper(refused, monotonic=lambda: 0.0)
    keeper._lock = queue  # type: ignore[assignment]

    def needed(_: int) -> str:
        with pytest.raises(CredentialsRefused) as caught:
            keeper.fresh()
        return caught.value.message

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(needed, range(16))) == ["the password is wrong"] * 16
    assert len(tries) == 1


def test_renewing_without_having_used_a_token_signs_in() -> None:
    grants = iter(["a", "b"])
    keeper = TokenKeeper(lambda: Grant(token=SecretStr(next(grants)), life_s=1500), monotonic=lambda: 0.0)
    keeper.renew()
    assert keeper.fresh().get_secret_value() == "a"
    keeper.renew()
    assert keeper.fresh().get_secret_value() == "b"


def test_nothing_secret_is_shown_by_anything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    basic = base64.b64encode(f"reseller.API:{PASSWORD}".encode()).decode()
    script = [reset(), raw(b"SSH-2.0\r\n", closes=True), answer("201 Created", PLACED)]
    refusals = [
        http("401 No", SUBSCRIPTION_KEY.encode()),
        http("400 No"),
        http("404 No"),
        http("200 OK", b"{}"),
    ]
    with ScriptedServer(*script, tokens=[granted(), *refusals]) as server:
        client = server.client()
        shown = [repr(client), str(vars(client)), *(repr(client.place(BODY)) for _ in script)]
        for _ in refusals:
            with pytest.raises((SetupError, MarketplaceDown)) as caught:
                client.renew_token()
            shown += [repr(caught.value), *traceback.format_exception(caught.value)]
    everything = "\n".join([*shown, caplog.text])
    assert caplog.records
    assert [secret for secret in (*SECRETS, basic, TOKEN) if secret in everything] == []
