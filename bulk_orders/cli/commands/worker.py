"""`worker`: sends what others planned; `worker status`: who does."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.progress import wait_lines
from bulk_orders.cli.session import Session
from bulk_orders.core.wording import counted
from bulk_orders.errors import ExitCode, UsageError
from bulk_orders.ledger.sharing import Chunk, SharedRun, Worker
from bulk_orders.settings.profiles import PRACTICE, Profile
from bulk_orders.settings.secrets import plain
from bulk_orders.wiring import check_reachable, open_ledger, worker_for

AWAITED_S: Final = 120.0
"""A worker may be started before its ledger's database, or while that is started again."""


def profiles_of(session: Session, names: Sequence[str], practice_at: str | None) -> list[Profile]:
    """Return the profiles to send for. Raises `UsageError` where none is named, or their ledgers are not one."""
    profiles = [session.profile(name) for name in dict.fromkeys(names)]
    if practice_at:
        profiles.append(session.profile(PRACTICE, base_url=practice_at))
    if not profiles:
        raise UsageError(
            "A worker sends for the profiles that are named, and none is.",
            fix="Add --profile NAME, more than once for several.",
        )
    for profile in profiles:
        check_reachable(profile, session.folders)
    if len({plain(profile.ledger_url) for profile in profiles}) > 1:
        raise UsageError(
            "The profiles have different ledgers, and a worker has one.", fix="Start a worker for each."
        )
    return profiles


def work(
    session: Session, profiles: Sequence[Profile], health_file: Path | None, *, as_json: bool
) -> ExitCode:
    """Send chunks until Ctrl-C or SIGTERM; orders in flight are finished. Raises `SetupError`."""
    chunks: list[int] = []

    def tell(chunk: Chunk, orders: int) -> None:
        chunks.append(orders)
        session.terminal.say(
            "  Run {run_id}: worked on chunk {number}, with {orders}.".format(
                run_id=chunk.run_id,
                number=chunk.number,
                orders=counted(orders, "{number} order", "{number} orders"),
            )
        )

    with contextlib.ExitStack() as closing:
        waits = wait_lines(session, as_json=as_json)
        opened = [
            closing.enter_context(session.open_services(profile, waits, awaited_s=AWAITED_S))
            for profile in profiles
        ]
        worker = worker_for(opened, profiles[0], alive=health_file, tell=tell)
        session.terminal.say(
            "A worker for {profiles}. Ctrl-C ends it after the orders in flight.".format(
                profiles=", ".join(profile.name for profile in profiles)
            )
        )
        worker.run()
    said = counted(len(chunks), "{number} chunk", "{number} chunks")
    session.terminal.say("The worker ended; it had worked on {chunks}.".format(chunks=said))
    if as_json:
        session.terminal.json(answer(ExitCode.OK, chunks=len(chunks), orders=sum(chunks)))
    return ExitCode.OK


def status(session: Session, profile_name: str, *, as_json: bool) -> ExitCode:
    """Say who is there, and which runs are sent. Raises `UsageError` for a ledger that has no workers."""
    profile = session.profile(profile_name)
    with open_ledger(profile, session.folders) as ledger:
        shared = ledger.shared_runs()
        if shared is None:
            raise UsageError(
                "The profile {name} has its ledger in a file: it has no workers.".format(name=profile.name),
                fix="Name a profile with a ledger_url; `bulk-orders help workers` says more.",
            )
        workers, runs = shared.workers(), shared.runs()
    if as_json:
        session.terminal.json(
            answer(
                ExitCode.OK,
                workers=[_worker_json(one) for one in workers],
                runs=[_run_json(one) for one in runs],
            )
        )
        return ExitCode.OK
    for line in (*map(_worker_line, workers), *map(_run_line, runs)):
        session.terminal.result(line)
    if not workers:
        session.terminal.result("No worker is there.")
    return ExitCode.OK


def _worker_line(worker: Worker) -> str:
    return (
        "Worker {host} ({pid}), since {since:%Y-%m-%d %H:%M} UTC, seen {seen:.0f} s ago: {accounts}".format(
            host=worker.host,
            pid=worker.pid,
            since=worker.since,
            seen=max(worker.seen_s, 0),
            accounts=", ".join(worker.accounts),
        )
    )


def _run_line(run: SharedRun) -> str:
    if run.exit_code is not None:
        state = "stopped: {reason}".format(reason=run.stopped_because)
    elif run.done == run.chunks:
        state = "all sent; `bulk-orders resume {run_id}` finishes it if nobody watches it".format(
            run_id=run.run_id
        )
    else:
        state = "{working} being sent now".format(working=len(run.claimed))
    return "Run {run_id}: {done} of {chunks} chunks done, {state}".format(
        run_id=run.run_id, done=run.done, chunks=run.chunks, state=state
    )


def _worker_json(worker: Worker) -> dict[str, object]:
    return {
        "host": worker.host,
        "pid": worker.pid,
        "accounts": list(worker.accounts),
        "since": worker.since.isoformat(),
        "seen_s": round(max(worker.seen_s, 0.0), 1),
    }


def _run_json(run: SharedRun) -> dict[str, object]:
    return {
        "run_id": run.run_id,
        "account": run.account,
        "chunks": run.chunks,
        "done": run.done,
        "claimed": [
            {"chunk": claimed.number, "host": claimed.host, "pid": claimed.pid} for claimed in run.claimed
        ],
        "stopped_by": run.stopped_because or None,
    }
