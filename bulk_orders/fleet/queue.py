"""The workers' queue: Procrastinate, on the ledger's database.

A job is a hint that a chunk can be claimed, never the truth about it: that is in the ledger. So a job that is lost, doubled or left
behind by a dead worker does no harm. Every other second one of the workers looks which chunks nobody claims, and makes a
job for each that has none: that is how work begins, and how a dead worker's is taken up.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Any, Final

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager
from psycopg_pool import PoolTimeout

from bulk_orders.ledger.sharing import Chunk

LOST: Final = (ConnectorException, PoolTimeout, OSError)
"""What the queue raises when its database went away."""
STATEMENTS: Final = SchemaManager.get_schema()
"""What its tables are made with."""
TICK: Final = "* * * * * */2"
"""Every other second; the seconds stand last."""
POLL_S: Final = 1.0
HEARTBEAT_S: Final = 5.0
DEAD_AFTER_S: Final = 30.0
"""A job of a worker that was silent for so long is thrown away; the chunk has its next job long before."""
CANCELLED_AGAIN_S: Final = 3.0
"""So long a worker of the library has to end before it is cancelled again."""
MOST_JOBS: Final = 200
"""Made at one look."""
_CHUNK, _LOOK = "send-chunk", "look-for-chunks"

for _name in ("procrastinate", "psycopg.pool"):
    logging.getLogger(_name).addHandler(
        logging.NullHandler()
    )  # else Python prints their warnings to the terminal
    logging.getLogger(_name).propagate = False


def queue_of(account: str) -> str:
    """Return the name of an account's queue."""
    return f"account-{sha256(account.encode()).hexdigest()[:16]}"


class Queue:
    """One worker's end of it."""

    def __init__(
        self,
        address: Mapping[str, Any],
        schema: str,
        *,
        unclaimed: Callable[[], Sequence[Chunk]],
        work: Callable[[Chunk], None],
    ) -> None:
        """Take how its database is connected to, the schema of its tables, what can be claimed, and who sends a chunk."""
        self._address = dict(address)
        self._schema = schema
        self._unclaimed = unclaimed
        self._work = work
        self._sending: set[Chunk] = set()

    async def serve(self, accounts: Sequence[str], until: Callable[[], Awaitable[None]]) -> None:
        """Send chunks of these accounts, one of each at a time, and look for chunks, until `until` returns. Then finish those begun.

        Raises what `LOST` lists when the database goes away, after all that was begun is finished.
        """
        app = self._app()
        async with app.open_async():
            queues = [_LOOK, *map(queue_of, accounts)]
            loops = [asyncio.create_task(_run(app, queue)) for queue in queues]
            stopping = asyncio.ensure_future(until())
            await asyncio.wait([stopping, *loops], return_when=asyncio.FIRST_COMPLETED)
            await self._end([stopping, *loops])
            ended = await asyncio.gather(stopping, *loops, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error

    async def _end(self, tasks: Sequence[asyncio.Future[None]]) -> None:
        """Cancel until they have ended: a cancellation that comes while Procrastinate still connects is lost.

        One that took it finishes its chunk first, and would break that off at a second one.
        """
        left, is_first = set(tasks), True
        while left:
            if is_first or not self._sending:
                for task in left:
                    task.cancel()
            is_first = False
            _, left = await asyncio.wait(left, timeout=CANCELLED_AGAIN_S)

    def _app(self) -> App:
        connector = PsycopgConnector(
            kwargs=self._address, min_size=1, max_size=6, timeout=10.0, configure=self._configure
        )
        app = App(connector=connector)

        def send_chunk(run_id: str, number: int, account: str) -> None:
            chunk = Chunk(run_id=run_id, number=number, account=account)
            self._sending.add(chunk)
            try:
                self._work(chunk)
            finally:
                self._sending.discard(chunk)

        async def look_for_chunks(timestamp: int) -> None:
            del timestamp
            await self._make_jobs(app)

        app.task(name=_CHUNK)(send_chunk)
        app.periodic(cron=TICK)(app.task(name=_LOOK, queue=_LOOK, queueing_lock=_LOOK)(look_for_chunks))
        return app

    async def _configure(self, connection: Any) -> None:
        await connection.execute("SELECT set_config('search_path', quote_ident(%s), false)", (self._schema,))
        await connection.commit()

    async def _make_jobs(self, app: App) -> None:
        jobs = app.job_manager
        waiting = {job.queueing_lock for job in await jobs.list_jobs_async(status="todo", task=_CHUNK)}
        for chunk in (await asyncio.to_thread(self._unclaimed))[:MOST_JOBS]:
            name = f"{chunk.run_id}/{chunk.number}"
            if name in waiting:
                continue
            with suppress(AlreadyEnqueued):
                await app.configure_task(
                    _CHUNK, queue=queue_of(chunk.account), queueing_lock=name
                ).defer_async(run_id=chunk.run_id, number=chunk.number, account=chunk.account)
        for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_S):
            with suppress(ConnectorException):  # another worker threw it away
                await jobs.finish_job(job, Status.FAILED, delete_job=True)


async def _run(app: App, queue: str) -> None:
    await app.run_worker_async(
        name=queue,
        queues=[queue],
        concurrency=1,
        install_signal_handlers=False,
        fetch_job_polling_interval=POLL_S,
        update_heartbeat_interval=HEARTBEAT_S,
        stalled_worker_timeout=DEAD_AFTER_S,
        delete_jobs="always",
    )
