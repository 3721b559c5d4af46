"""What a worker does with a chunk that it was told of: claim it, send what is left of it, and say how that ended."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bulk_orders.errors import AnotherRunActive, BulkOrdersError, ExitCode, LedgerUnusable
from bulk_orders.ledger.sharing import Chunk, Claim, SharedRuns
from bulk_orders.sending.chunk import send_chunk
from bulk_orders.sending.services import Services
from bulk_orders.sending.streak import Streak

StreakOf = Callable[[str, int], Streak]
"""Gives the streak of a run that was handed out (`Claim.hand_out`), to be stopped after so many equal failures."""

logger = logging.getLogger("bulk_orders")

GLANCE_S: Final = 0.2
"""How often a worker looks whether it is to stop, or lost its claim."""
AT_A_WORKER: Final = "{why} (A worker on {host} met this.)"
BROKEN: Final = "Something inside the program went wrong at a worker; its log says what."


def work_on(services: Services, shared: SharedRuns, chunk: Chunk, streak_of: StreakOf) -> int:
    """Send what is left of a chunk, if it is to be had; return how many orders it has, 0 where it was not.

    What stops the run at one worker stops it for all. A worker that is stopped itself gives the chunk back; whoever claims it next
    goes on. Raises `LedgerUnusable`; then the claim ends by itself.
    """
    with shared.claim(chunk) as claim:
        if claim is None:
            return 0
        services.workers.run(
            _watched(services, shared, chunk, claim, streak_of(claim.hand_out, services.profile.stop_after))
        )
        return len(claim.content.keys)


def _send(services: Services, shared: SharedRuns, chunk: Chunk, claim: Claim, streak: Streak) -> None:
    try:
        control = send_chunk(services, chunk.run_id, claim.content, streak)
    except AnotherRunActive:
        logger.info("chunk %d of run %s is no longer ours", chunk.number, chunk.run_id)
        return
    except LedgerUnusable:
        raise
    except BulkOrdersError as error:
        because = AT_A_WORKER.format(why=error, host=services.host)
        logger.warning("run %s is stopped: %s", chunk.run_id, type(error).__name__)
        shared.stop(chunk.run_id, because, int(error.exit_code))
        return
    except Exception:
        shared.stop(chunk.run_id, BROKEN, int(ExitCode.BUG))
        raise
    if control.reason:
        shared.stop(chunk.run_id, control.reason, int(control.exit_code))
    elif not services.stop.is_set():
        shared.finish()


def _watched(
    services: Services, shared: SharedRuns, chunk: Chunk, claim: Claim, streak: Streak
) -> tuple[Callable[[], None], Callable[[], None]]:
    """Return what sends the chunk, and what stops that when the worker is stopped or the claim is lost; to be done side by side."""
    stop, over = threading.Event(), threading.Event()

    def send() -> None:
        try:
            _send(replace(services, stop=stop), shared, chunk, claim, streak)
        finally:
            over.set()

    def watch() -> None:
        while not services.clock.wait(GLANCE_S, over):
            if services.stop.is_set() or claim.is_lost:
                stop.set()

    return send, watch
