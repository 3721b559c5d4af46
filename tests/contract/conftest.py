"""Every implementation of the ledger and of the marketplace, one after the other."""

import random
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ledger.kept_ledgers import SCHEMAS, empty
from market_places import Place, in_process, over_http
from postgres_server import Server, opened_in

from bulk_orders.ledger.interface import Ledger
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.sandbox import Ageing, Behaviour, FaultPlan, Simulator


@pytest.fixture(
    params=[
        "memory",
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.long),
        pytest.param("sqlite brought up to date", marks=pytest.mark.long),
    ]
)
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    if request.param == "memory":
        opened: Ledger = MemoryLedger()
    elif request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        opened = opened_in(server.new_schema())
    else:
        path = tmp_path / "ledger.db"
        if request.param != "sqlite":
            empty(SCHEMAS[0], path, tmp_path / "kept")
        opened = SqlLedger.open(path)
    yield opened
    opened.close()


@pytest.fixture(params=["over HTTP", "in process"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    simulator = Simulator(
        now=lambda: datetime.now(UTC),
        rng=random.Random(1),  # noqa: S311 - dice, no secret
        behaviour=Behaviour(ageing=Ageing(processing_after_s=0, completed_after_s=0)),
        faults=FaultPlan(hang_s=5, retry_after_s=0),
    )
    with ExitStack() as closing:
        ways = {"over HTTP": over_http, "in process": in_process}
        yield Place(simulator, ways[request.param](simulator, closing))
