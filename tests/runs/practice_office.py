"""A practice marketplace over real HTTP with a clock that makes nobody wait, and the runs that somebody makes against it."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fake_clock import FakeClock
from pydantic import SecretStr

from bulk_orders.checking.check import CheckContext
from bulk_orders.core.lifecycle import State
from bulk_orders.errors import ExitCode, SetupError
from bulk_orders.ledger.interface import Ledger
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.machine.clock import Clock
from bulk_orders.marketplace.client import HttpMarketplace
from bulk_orders.marketplace.client_settings import ClientSettings
from bulk_orders.marketplace.interface import Marketplace
from bulk_orders.runs.mapped_source import read_source
from bulk_orders.runs.new_run import RunOptions
from bulk_orders.runs.run import prepare_run
from bulk_orders.sandbox import Behaviour, FaultPlan, PracticeServer, Simulator
from bulk_orders.sandbox.account_kinds import account_kind
from bulk_orders.sending.limiter import Limiter
from bulk_orders.sending.pace import LocalPace
from bulk_orders.sending.services import Services
from bulk_orders.settings.profiles import PRACTICE_PROFILE
from bulk_orders.wiring import load_templates


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended."""

    code: ExitCode
    accepted: int
    reason: str


def services_of(marketplace: Marketplace, clock: Clock, ledger: Ledger) -> Services:
    """Return the parts of somebody who asks a practice marketplace, without waiting and at no pace."""
    return Services(
        profile=PRACTICE_PROFILE,
        ledger=ledger,
        marketplace=marketplace,
        limiter=Limiter(LocalPace(0.0, clock), clock),
        clock=clock,
        jitter=lambda: 0.0,
        observer=lambda _event: None,
        templates=load_templates(),
        operator="somebody",
        host="here",
    )


@contextmanager
def office(kind: str, faults: str = "") -> Iterator[tuple[Services, Simulator]]:
    """Services for an account of a kind, which keep what they learn."""
    clock = FakeClock()
    simulator = Simulator(
        now=clock.now,
        rng=random.Random(1),  # noqa: S311 - dice, no secret
        behaviour=Behaviour(**account_kind(kind)),
        faults=FaultPlan.parse(faults),
    )
    with PracticeServer(simulator) as server:
        is_oauth2 = "oauth2" in kind
        settings = ClientSettings(
            base_url=server.base_url,
            marketplace="us",
            user="practice",
            password=SecretStr("practice"),
            subscription_key=SecretStr("practice"),
            client_id=SecretStr("integration-7" if "client-id" in kind else ""),
            oauth2_url=server.authority_url if is_oauth2 else "",
            oauth2_client_id="practice" if is_oauth2 else "",
            oauth2_client_secret=SecretStr("practice"),
        )
        client = HttpMarketplace(
            settings,
            connections=16,
            monotonic=time.monotonic,
            now=clock.now,
            sleep=lambda _: None,
            jitter=lambda: 0.0,
            pace=lambda: None,
        )
        yield services_of(client, clock, MemoryLedger()), simulator
        client.close()


def ordered(services: Services, folder: Path, first: int | None, book: Path) -> Ended:
    source, checked = read_source(book, CheckContext(today=services.clock.now().date()))
    options = RunOptions(is_first_ever=True, first=first, results=folder / "results.xlsx")
    try:
        with prepare_run(services, source, checked, options) as prepared:
            end = prepared.send(len(prepared.plan.to_send))
    except SetupError as stopped:
        return Ended(code=stopped.exit_code, accepted=0, reason=str(stopped))
    orders = services.ledger.orders_of_run(end.report.run_id).values()
    accepted = sum(found.state is State.ACCEPTED for found in orders)
    return Ended(code=end.exit_code, accepted=accepted, reason=end.report.stopped_by)
