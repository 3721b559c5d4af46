"""Runs that are shared where nobody notes which workers are there."""

from bulk_orders.ledger.sharing import SharedRuns, Worker


class NoWorkers(SharedRuns):
    """What is asked about workers and their queue, and changes nothing."""

    def prepare_queue(self, statements: str) -> str:
        return "queue"

    def note_worker(self, worker: Worker) -> None:
        pass

    def forget_worker(self, worker_id: str) -> None:
        pass

    def workers(self) -> tuple[Worker, ...]:
        return ()
