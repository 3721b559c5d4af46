"""The workers' queue on a real PostgreSQL: each chunk that nobody claims gets its turn, whatever became of its jobs."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from postgres_server import Server, opened_in

from bulk_orders.errors import SetupError
from bulk_orders.ledger.sharing import Chunk, SharedRuns, Worker
from bulk_orders.machine.clock import SystemClock

pytest.importorskip("procrastinate")

from bulk_orders.fleet.queue import STATEMENTS, Queue, queue_of
from bulk_orders.ledger.postgres.address import address_of

CHUNK = Chunk(run_id="run-1", number=1, account="a")
QUIET_S = 3.0
"""Longer than between two looks."""


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.new_database()


@pytest.fixture
def shared(url: str) -> Iterator[SharedRuns]:
    with closing(opened_in(url)) as ledger:
        found = ledger.shared_runs()
        assert found is not None
        yield found


def served(
    url: str,
    shared: SharedRuns,
    *,
    chunks: Callable[[], list[Chunk]],
    until: Callable[[], bool],
    accounts: tuple[str, ...] = ("a",),
    glance_s: float = 0.1,
) -> list[Chunk]:
    """What one worker was told to send until then."""
    done: list[Chunk] = []

    async def is_over() -> None:
        end_s = time.monotonic() + 30
        while not until():
            assert time.monotonic() < end_s
            await asyncio.sleep(glance_s)

    queue = Queue(
        address_of(url).parameters,
        shared.prepare_queue(STATEMENTS),
        unclaimed=chunks,
        work=done.append,
    )
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(queue.serve(accounts, is_over))
    return done


def jobs(server: Server, url: str) -> int:
    database = url.partition("@/")[2].partition("?")[0]
    ((found,),) = server.say(
        "SELECT count(*) FROM public_queue.procrastinate_jobs WHERE task_name = 'send-chunk'",
        database=database,
    )
    return int(str(found))


@pytest.mark.long
def test_a_chunk_that_nobody_claims_is_handed_out_until_somebody_did_it(
    postgres: Server, url: str, shared: SharedRuns
) -> None:
    looks = 0

    def chunks() -> list[Chunk]:
        nonlocal looks
        looks += 1
        return [CHUNK] if looks < 3 else []

    done = served(url, shared, chunks=chunks, until=lambda: looks > 3)
    assert done[:1] == [CHUNK]
    assert jobs(postgres, url) == 0


@pytest.mark.long
def test_a_worker_is_given_its_own_accounts_alone_and_chunks_of_others_wait_for_theirs(
    postgres: Server, url: str, shared: SharedRuns
) -> None:
    theirs = replace(CHUNK, account="b", number=2)
    looks = threading.Semaphore(0)

    def chunks() -> list[Chunk]:
        looks.release()
        return [CHUNK, theirs]

    began_s = time.monotonic()
    done = served(url, shared, chunks=chunks, until=lambda: time.monotonic() > began_s + 2 * QUIET_S)
    assert set(done) == {CHUNK}
    assert jobs(postgres, url) >= 1
    assert theirs in served(url, shared, chunks=list, until=lambda: not jobs(postgres, url), accounts=("b",))


@pytest.mark.long
def test_a_worker_that_is_stopped_as_it_begins_ends(url: str, shared: SharedRuns) -> None:
    for tenths_ms in range(20, 260, 2):
        stopped_s = time.monotonic() + tenths_ms / 10_000
        served(url, shared, chunks=list, until=lambda at_s=stopped_s: time.monotonic() > at_s, glance_s=0.001)
        assert time.monotonic() - stopped_s < 20


def test_the_queues_tables_are_made_once_and_again_when_nobody_uses_those_of_another_version(
    shared: SharedRuns,
) -> None:
    assert shared.prepare_queue(STATEMENTS) == shared.prepare_queue(STATEMENTS) == "public_queue"
    assert shared.prepare_queue("CREATE TABLE other (id INT)") == "public_queue"
    worker = Worker(worker_id="w", host="h", pid=7, accounts=("a",), since=SystemClock().now(), seen_s=0.0)
    shared.note_worker(worker)
    with pytest.raises(SetupError, match=r"another version of procrastinate: h \(7\)"):
        shared.prepare_queue(STATEMENTS)
    shared.forget_worker("w")
    assert shared.prepare_queue(STATEMENTS) == "public_queue"


def test_each_account_has_a_queue() -> None:
    assert queue_of("a") != queue_of("b")
    assert len(queue_of("a" * 500)) < 128
