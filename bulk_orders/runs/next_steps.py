"""What to do next about a run: commands that help, each with what it does."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.summary import LEFT_OUT, Disposition, Outcome, outcome
from bulk_orders.ledger.interface import Ledger, RowRecord, RunRecord
from bulk_orders.machine.shell import command

NextStep = tuple[str, str]
"""A command, and what it does."""


def to_resume(
    run: RunRecord, rows: Iterable[RowRecord], orders: Mapping[str, OrderRecord]
) -> tuple[str, ...]:
    """Return the runs that send what waits to be sent of `run`: itself, or later ones that took its rows up."""
    waiting = [
        (row, orders[row.key])
        for row in rows
        if row.key in orders
        and row.disposition not in LEFT_OUT
        and outcome(row.disposition, orders[row.key]) is Outcome.NOT_SENT
    ]
    return tuple(dict.fromkeys(sender(run, row, order) for row, order in waiting))


def to_resolve(
    run: RunRecord, rows: Iterable[RowRecord], orders: Mapping[str, OrderRecord], ledger: Ledger
) -> tuple[str, ...]:
    """Return the other runs in which a person has to decide before rows of `run` can be sent.

    An order of a new tenant waits for the one that makes it, and that one is in doubt.
    """
    waiting = [
        orders[row.key]
        for row in rows
        if row.key in orders and row.disposition not in LEFT_OUT and orders[row.key].state is State.PENDING
    ]
    awaited = {(order.customer_id, order.domain.casefold()) for order in waiting if order.domain}
    doubtful = ledger.unsettled(run.account) if awaited else ()
    return tuple(
        dict.fromkeys(
            order.run_id
            for order in doubtful
            if (order.customer_id, order.domain.casefold()) in awaited and order.key not in orders
        )
    )


def sender(run: RunRecord, row: RowRecord, order: OrderRecord) -> str:
    """Return the run that is resumed to send an order that waits; what was in doubt before a run is its own as well."""
    return run.run_id if row.disposition is Disposition.DOUBTFUL_BEFORE else order.run_id


def next_steps(
    run: RunRecord,
    counted: Mapping[Outcome, int],
    *,
    to_resume: Sequence[str],
    to_resolve: Sequence[str] = (),
    is_stale: bool = False,
    is_compared: bool,
) -> tuple[NextStep, ...]:
    """Return what to type, the most useful first.

    `to_resume` are the runs with orders left to send, `to_resolve` other runs whose doubts they wait for. `is_stale` says that
    rows were left because a subscription is not as it was pulled: run again as it is, the workbook would come to the same.
    """
    return (
        *_to_decide(run, counted, to_resolve),
        *((f"bulk-orders resume {run_id}", "continues with the rows not sent") for run_id in to_resume),
        *_to_write_or_run(run, counted, is_stale=is_stale),
        *_to_ask(run, counted, is_compared=is_compared),
    )


def _to_decide(
    run: RunRecord, counted: Mapping[Outcome, int], to_resolve: Sequence[str]
) -> Iterator[NextStep]:
    resolve = f"bulk-orders resolve {run.run_id}"
    if counted[Outcome.UNKNOWN]:
        yield resolve, "looks up the rows to check by hand again; nothing is sent"
    if counted[Outcome.HELD]:
        yield resolve, "asks what to do with the held rows; nothing is sent"
    for run_id in to_resolve:
        yield (
            f"bulk-orders resolve {run_id}",
            "decide on the row in doubt there: rows of this run wait for it",
        )


def _to_write_or_run(run: RunRecord, counted: Mapping[Outcome, int], *, is_stale: bool) -> Iterator[NextStep]:
    to_correct = (Outcome.REJECTED, Outcome.INVALID, Outcome.CONFLICT, Outcome.GAVE_UP)
    if run.ended_at is not None and not run.results_path:
        yield f"bulk-orders report {run.run_id}", "writes the results workbook, once it can be written"
    elif any(counted[kind] for kind in to_correct):
        if is_stale:
            yield (
                command(
                    "bulk-orders", "subscriptions", "pull", "-o", Path(run.results_path), *profile_of(run)
                ),
                "brings the sheet up to date first; what you wrote there stays",
            )
        yield (
            command("bulk-orders", "run", Path(run.results_path), *profile_of(run)),
            # Not of each that was given up a cell is wrong.
            "once you have done what the rows say under How to fix; what was ordered is not sent again"
            if counted[Outcome.GAVE_UP]
            else "once you have corrected the red cells; what was ordered is not sent again",
        )


def _to_ask(run: RunRecord, counted: Mapping[Outcome, int], *, is_compared: bool) -> Iterator[NextStep]:
    audit = f"bulk-orders audit {run.run_id}"
    if counted[Outcome.DUPLICATE]:
        yield audit, "compares again, once you have cancelled all but one of each set of duplicates"
    elif not is_compared:
        yield audit, "compares with the marketplace again; the last comparison was incomplete"
    if counted[Outcome.ACCEPTED] + counted[Outcome.WAITING_FOR_CUSTOMER]:
        yield f"bulk-orders status {run.run_id} --wait 30m", "asks what became of the accepted orders"


def profile_of(run: RunRecord) -> tuple[str, ...]:
    """Return the option without which a live run's workbook would go to practice."""
    return ("--profile", run.profile) if run.environment == "LIVE" else ()
