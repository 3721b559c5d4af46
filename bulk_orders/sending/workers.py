"""Who does the work: threads. The loop is handed a `Workers`, so that a simulation can run the same work step by step."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol


class Workers(Protocol):
    """Runs tasks side by side."""

    def run(self, tasks: Sequence[Callable[[], None]]) -> None:
        """Return when all have ended. Raises what the first failed one raised, after all have ended."""


class ThreadWorkers:
    """One thread a task."""

    def run(self, tasks: Sequence[Callable[[], None]]) -> None:
        """See the protocol."""
        with ThreadPoolExecutor(max(1, len(tasks)), thread_name_prefix="sender") as pool:
            futures = [pool.submit(task) for task in tasks]
        for future in futures:
            future.result()
