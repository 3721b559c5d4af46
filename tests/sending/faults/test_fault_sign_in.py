"""Tokens that end, sign-ins that are refused, certificates and accounts that are not ours: no order is lost or doubled."""

import json
import shutil
import ssl
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from engine_runs import line
from raw_market import FINE, RawMarket, Spoilt, created
from scripted_server import ScriptedServer, World, answer, granted, http

from bulk_orders.core.lifecycle import State
from bulk_orders.core.summary import Outcome
from bulk_orders.errors import ExitCode, SetupError, UsageError
from bulk_orders.runs.run import resume_run

REFUSED = {"message": "Unauthorized", "path": "/orders"}
QUOTA = {"statusCode": 403, "message": "Out of call volume quota."}


def refused(*, is_taken: bool = False) -> Spoilt:
    return Spoilt(
        play=lambda shown: http("401 Unauthorized", json.dumps(REFUSED).encode()), is_taken=is_taken
    )


def forbidden(retry_after: str) -> Spoilt:
    return Spoilt(
        play=lambda shown: http("403 Forbidden", json.dumps(QUOTA).encode(), Retry_After=retry_after),
        is_taken=False,
    )


def test_a_token_that_ended_is_renewed_and_the_same_order_goes_out_again() -> None:
    with RawMarket(refused(), FINE) as market:
        told = market.runs().run([line(1), line(2)])
    assert (told.states, told.code) == ([State.ACCEPTED, State.ACCEPTED], ExitCode.OK)
    assert (market.posts, len(market.sent_to("/token"))) == (3, 2)


def test_a_sign_in_that_is_refused_twice_for_one_order_stops_the_run_with_every_row_unsent() -> None:
    with RawMarket(refused()) as market:
        told = market.runs().run([line(1), line(2)])
    assert (told.states, told.code) == ([State.PENDING, State.PENDING], ExitCode.SETUP_WRONG)
    assert market.posts == 2
    assert "401" in told.end.reason


def test_credentials_revoked_during_the_run_stop_it_and_the_placed_orders_stay_placed() -> None:
    no_more = answer("401 Unauthorized", REFUSED)
    with RawMarket(FINE, refused(), tokens=[granted(), no_more]) as market:
        told = market.runs().run([line(1), line(2), line(3)])
    assert told.states == [State.ACCEPTED, State.PENDING, State.PENDING]
    assert (market.posts, told.code) == (2, ExitCode.SETUP_WRONG)


def test_a_401_after_the_order_was_taken_makes_a_duplicate_that_the_audit_names() -> None:
    """A broken gateway cannot be told from a token that ended: the last net has to hold it."""
    with RawMarket(refused(is_taken=True), FINE) as market:
        told = market.runs().run([line(1)])
    assert (market.posts, len(market.orders)) == (2, 2)
    assert (told.code, told.counts[Outcome.DUPLICATE]) == (ExitCode.OUTCOME_UNKNOWN, 1)
    assert all(order.order_id in told.orders[0].message for order in market.orders)


def test_a_used_up_quota_is_waited_for_and_the_same_order_goes_out_again() -> None:
    with RawMarket(forbidden("40"), FINE) as market:
        runs = market.runs()
        begun_s = runs.clock.monotonic()
        told = runs.run([line(1)])
    assert (told.states, market.posts) == ([State.ACCEPTED], 2)
    assert runs.clock.monotonic() - begun_s >= 40.0


def test_a_quota_that_is_used_up_for_the_day_ends_the_run_with_every_row_unsent() -> None:
    with RawMarket(forbidden("40000")) as market:
        told = market.runs().run([line(1), line(2)])
    assert (told.states, told.code) == ([State.PENDING, State.PENDING], ExitCode.TRY_AGAIN_LATER)
    assert market.posts == 1


class Jumping(World):
    """A machine whose wall clock somebody sets a day ahead, and back."""

    off = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.off


@pytest.mark.parametrize("days", [-1, 1])
def test_a_wall_clock_that_jumps_does_not_change_the_life_of_a_token(days: int) -> None:
    world = Jumping()
    with ScriptedServer() as server:
        client = server.client(world)
        client.place({})
        world.off = timedelta(days=days)
        client.place({})
        before = len(server.sent_to("/token"))
        world.ahead_s = 1490
        client.place({})
        after = len(server.sent_to("/token"))
    assert (before, after) == (1, 2)


def test_a_run_of_another_account_is_not_resumed() -> None:
    with RawMarket() as market, RawMarket() as other:
        runs = market.runs()
        told = runs.run([line(1)])
        run = runs.ledger.run(told.run_id)
        assert run is not None
        services = replace(runs.services(), profile=other.runs().profile)
        with pytest.raises(UsageError, match="another account"):
            resume_run(services, run)
    assert (market.posts, other.posts) == (1, 0)


def test_the_same_row_for_another_marketplace_is_another_order() -> None:
    with RawMarket() as market, RawMarket() as other:
        runs = market.runs()
        runs.run([line(1)])
        there = other.runs(ledger=runs.ledger)
        there.number = 1
        told = there.run([line(1)])
    assert (market.posts, other.posts, told.states) == (1, 1, [State.ACCEPTED])
    assert market.orders[0].po_number != other.orders[0].po_number


def certificate(folder: Path) -> ssl.SSLContext:
    """Signed by itself."""
    openssl = shutil.which("openssl") or pytest.skip("openssl is not installed")
    pem = folder / "server.pem"
    options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1"
    named = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(pem), "-out", f"{pem}.crt"]
    subprocess.run([openssl, *options.split(), *named], check=True, capture_output=True)
    pem.write_bytes(pem.read_bytes() + Path(f"{pem}.crt").read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def test_a_certificate_that_nobody_trusts_keeps_the_first_order_from_leaving(tmp_path: Path) -> None:
    with RawMarket(tls=certificate(tmp_path)) as market, pytest.raises(SetupError, match="certificate"):
        market.runs().run([line(1), line(2)])
    assert market.posts == 0


def test_a_certificate_that_changes_during_the_run_stops_it_and_nothing_more_leaves(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    good, other = certificate(tmp_path), certificate(tmp_path / "other")
    with RawMarket(FINE, tls=good) as market:
        runs = market.runs(ca_file=str(tmp_path / "server.pem.crt"), world=World())
        first = runs.run([line(1)])
        market.hang_up()
        market._tls = other
        market.listen_again()
        with pytest.raises(SetupError, match="certificate"):
            runs.run([line(2), line(3)])
    assert (first.states, market.posts) == ([State.ACCEPTED], 1)


def test_orders_over_tls_are_lost_and_found_like_any_other(tmp_path: Path) -> None:
    broken = Spoilt(play=lambda shown: http("504 Gateway Time-out", b"<html>", Content_Type="text/html"))
    with RawMarket(FINE, broken, Spoilt(play=created), tls=certificate(tmp_path)) as market:
        told = market.runs(ca_file=str(tmp_path / "server.pem.crt")).run([line(n) for n in (1, 2, 3)])
    assert (told.states, market.posts) == ([State.ACCEPTED] * 3, 3)


def test_settings_without_a_password_stop_before_any_socket_is_opened() -> None:
    with RawMarket() as market, pytest.raises(SetupError):
        market.runs(base_url="http://example.com/marketplace/na")
    assert market.connections == 0
