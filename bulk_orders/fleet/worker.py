"""A worker: sends chunks of its accounts until it is stopped, whatever happens to the database meanwhile."""

import asyncio
import functools
import logging
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from bulk_orders.errors import BulkOrdersError
from bulk_orders.fleet.queue import LOST, STATEMENTS, Queue
from bulk_orders.ledger.sharing import Chunk, SharedRuns, Worker
from bulk_orders.sending.claimed_chunk import work_on
from bulk_orders.sending.services import Services
from bulk_orders.sending.streak import Streak

logger = logging.getLogger("bulk_orders")

SEEN_EVERY_S: Final = 5.0
AGAIN_AFTER_S: Final = 1.0
"""So long after the queue was lost it is asked for again."""
_GLANCE_S: Final = 0.2


class FleetWorker:
    """One process that sends for the accounts whose services it is given; all of one ledger, and all open."""

    def __init__(
        self,
        services: Sequence[Services],
        address: Mapping[str, Any],
        *,
        alive: Path | None,
        tell: Callable[[Chunk, int], None],
    ) -> None:
        """Take how the ledger's database is connected to, the file that is written while the worker lives, and whom to tell of chunks."""
        self._by_account = {str(one.profile.account): one for one in services}
        self._shared = _shared_runs(services[0])
        self._stop, self._clock = services[0].stop, services[0].clock
        self._streak_of = functools.lru_cache(maxsize=64)(lambda _hand_out, stop_after: Streak(stop_after))
        """A small run has chunks of one order: equal failures are counted over all of them that this process sends."""
        self._alive = alive
        self._tell = tell
        self._queue = Queue(
            address,
            self._shared.prepare_queue(STATEMENTS),
            unclaimed=self._shared.unclaimed,
            work=self._work,
        )
        self._worker = Worker(
            worker_id=secrets.token_hex(8),
            host=services[0].host,
            pid=os.getpid(),
            accounts=tuple(self._by_account),
            since=self._clock.now(),
            seen_s=0.0,
        )

    def run(self) -> None:
        """Send until `stop` of the services is set; what was begun then is finished."""
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._serve())
        with suppress(BulkOrdersError):
            self._shared.forget_worker(self._worker.worker_id)
        if self._alive is not None:
            self._alive.unlink(missing_ok=True)

    async def _serve(self) -> None:
        seen = asyncio.create_task(self._keep_seen())
        while not self._stop.is_set():
            try:
                await self._queue.serve(list(self._by_account), self._until_stopped)
            except LOST as error:
                logger.warning("the queue is lost for now: %s", type(error).__name__)
                await asyncio.sleep(AGAIN_AFTER_S)
        seen.cancel()
        await asyncio.gather(seen, return_exceptions=True)

    async def _until_stopped(self) -> None:
        while not await asyncio.to_thread(self._stop.wait, _GLANCE_S):
            pass

    async def _keep_seen(self) -> None:
        """Say now and then that the worker is there: in a file for its own machine, in the ledger for the others."""
        noting: asyncio.Future[None] | None = None
        while True:
            if self._alive is not None:
                self._alive.write_text(f"{self._clock.now().isoformat()}\n", encoding="ascii")
            if noting is None or noting.done():  # it waits for a database that went away; the file does not
                noting = asyncio.ensure_future(asyncio.to_thread(self._note))
            await asyncio.sleep(SEEN_EVERY_S)

    def _note(self) -> None:
        with suppress(BulkOrdersError):
            self._shared.note_worker(self._worker)

    def _work(self, chunk: Chunk) -> None:
        services = self._by_account[chunk.account]
        sent = work_on(services, _shared_runs(services), chunk, self._streak_of)
        if sent:
            self._tell(chunk, sent)


def _shared_runs(services: Services) -> SharedRuns:
    shared = services.ledger.shared_runs()
    if shared is None:
        raise TypeError("a worker needs a shared ledger")
    return shared
