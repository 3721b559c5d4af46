"""`status` and `report`: what became of a run's orders, asked again or from the ledger alone."""

import threading
from pathlib import Path

from bulk_orders.library.opening import Home, folders_of, run_named, services_of
from bulk_orders.machine.clock import SystemClock
from bulk_orders.runs.follow import follow_run
from bulk_orders.runs.results_again import write_again
from bulk_orders.runs.run import RunEnd
from bulk_orders.sending.events import Observer
from bulk_orders.settings.profiles import Profile
from bulk_orders.wiring import open_ledger


def status(
    run_id: str,
    profile: Profile,
    *,
    home: Home,
    wait_s: float = 0.0,
    on_event: Observer | None = None,
    stop: threading.Event | None = None,
    operator: str = "",
) -> RunEnd:
    """Ask the marketplace what became of a run's accepted orders, for up to `wait_s` seconds, and refresh its results.

    `last` is the newest run. Raises `UsageError` when there is no such run or it is another account's, and `MarketplaceDown`
    or `CredentialsRefused` when the marketplace does not let us in.

    >>> bulk_orders.status("last", bulk_orders.PRACTICE_PROFILE, home=home, wait_s=60).to_frame()["outcome"].to_list()
    ['ordered_before', 'ordered_before']
    """
    with services_of(profile, home, on_event=on_event, stop=stop, operator=operator) as services:
        return follow_run(services, run_named(services.ledger, run_id, home), wait_s=wait_s)


def report(
    run_id: str, profile: Profile, *, home: Home, results: Path | None = None, names_nobody: bool = False
) -> RunEnd:
    """Return a run as the ledger knows it, and write its results workbook again; nobody is asked.

    `last` is the newest run. `results` is a file or a folder, None where the results were; `names_nobody` leaves out what
    names people. `exit_code` is that of the writing alone. Raises `UsageError` when there is no such run.

    >>> bulk_orders.report("last", bulk_orders.PRACTICE_PROFILE, home=home).results_path.name.startswith("orders.results-")
    True
    """
    with open_ledger(profile, folders_of(home)) as ledger:
        run = run_named(ledger, run_id, home)
        return write_again(ledger, profile, SystemClock(), run, results, names_nobody=names_nobody)
