"""A run that somebody left to workers is not at its end: what they send right now is told as on its way, and not as in doubt."""

from dataclasses import replace
from pathlib import Path

from books.order_books import order_rows, write_book
from practice_office import office
from sending.sharing_parts import Chunks

from bulk_orders.checking.check import CheckContext
from bulk_orders.core.lifecycle import AttemptRecord, Step, step
from bulk_orders.core.summary import Outcome
from bulk_orders.errors import ExitCode
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.runs.mapped_source import read_source
from bulk_orders.runs.new_run import RunOptions
from bulk_orders.runs.run import prepare_run


class Shared(MemoryLedger):
    """A ledger with one worker, who has begun an order when somebody stops watching."""

    def __init__(self) -> None:
        super().__init__()
        self.chunks = Chunks()

    def shared_runs(self) -> Chunks:
        return self.chunks


def test_a_run_that_was_left_goes_on_and_tells_what_is_on_its_way(tmp_path: Path) -> None:
    book = write_book(tmp_path / "orders.xlsx", order_rows(3))
    with office("") as (own, _):
        ledger = Shared()
        services = replace(own, ledger=ledger, elsewhere=lambda: True)

        def one_is_begun(chunks: Chunks) -> None:
            if not services.stop.is_set():
                (order,) = ledger.orders_by_key(chunks.handed_out[0].keys).values()
                now = services.clock.now()
                begun = step(order, Step.BEGUN, attempts=1, sent_at=now)
                attempt = AttemptRecord(
                    key=order.key, run_id=order.run_id, sheet_row=order.sheet_row, number=1, begun_at=now
                )
                ledger.advance(order, begun, Step.BEGUN, at=now, attempt=attempt)
                services.stop.set()

        ledger.chunks.each_time = one_is_begun
        source, checked = read_source(book, CheckContext(today=services.clock.now().date()))
        with prepare_run(services, source, checked, RunOptions(is_first_ever=True)) as prepared:
            end = prepared.send(3)
        (run,) = ledger.runs()

    assert (end.exit_code, run.ended_at, run.exit_code) == (ExitCode.INTERRUPTED, None, None)
    assert end.report.counts[Outcome.SENDING] == 1
    assert end.report.counts[Outcome.UNKNOWN] == 0
    assert not any("resolve" in command for command, _ in end.report.next_steps)
    assert run.results_path == str(end.results_path)
