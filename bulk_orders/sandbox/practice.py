"""Puts a practice marketplace together from plain options: the real clock, dice, and a file to remember by."""

import contextlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bulk_orders.sandbox.behaviour import Behaviour
from bulk_orders.sandbox.faults import FaultPlan
from bulk_orders.sandbox.gateway import Credentials
from bulk_orders.sandbox.journal import JournalFile
from bulk_orders.sandbox.simulator import Simulator


@contextlib.contextmanager
def practice_marketplace(
    *,
    faults: str = "",
    behaviour: Behaviour | None = None,
    credentials: Credentials | None = None,
    state: Path | None = None,
    seed: int | None = None,
) -> Iterator[Simulator]:
    """Run a simulator with the real clock for the duration of a `with` block.

    With `state` it remembers its orders in that file and begins with those found there. `faults` is what
    `FaultPlan.parse` reads. Raises `UsageError` or `SetupError`.
    """
    plan = FaultPlan.parse(faults)
    with contextlib.ExitStack() as closing:
        journal = None
        if state is not None:
            journal = JournalFile(state)
            closing.callback(journal.close)
        yield Simulator(
            now=_utc_now,
            rng=random.Random(seed),  # noqa: S311 - its tokens open nothing but this practice marketplace
            behaviour=behaviour,
            faults=plan,
            credentials=credentials,
            journal=journal,
            records=journal.records if journal else (),
        )


def _utc_now() -> datetime:
    return datetime.now(UTC)
