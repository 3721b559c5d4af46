"""What the verbs work in: the folder with the ledger, the profile's services, the run that is meant."""

import os
import threading
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_orders.errors import UsageError
from bulk_orders.sending.events import Observer
from bulk_orders.settings.folders import Folders, who_am_i
from bulk_orders.settings.profiles import Profile
from bulk_orders.wiring import open_services

if TYPE_CHECKING:
    from bulk_orders.ledger.interface import Ledger, RunRecord
    from bulk_orders.sending.services import Leaving, Services

Home = str | os.PathLike[str] | Folders
"""The folder with the ledger and the practice marketplace: `folders(os.environ).data` is that of the command line, or those
Folders themselves."""


def folders_of(home: Home) -> Folders:
    """Return the folders below a home, as if BULK_ORDERS_HOME named it."""
    if isinstance(home, Folders):
        return home
    data = Path(home).absolute()
    return Folders(data=data, config_file=data / "settings.toml", logs=data / "logs")


def services_of(
    profile: Profile,
    home: Home,
    *,
    on_event: Observer | None = None,
    stop: threading.Event | None = None,
    operator: str = "",
    elsewhere: "Leaving | None" = None,
) -> "AbstractContextManager[Services]":
    """Open all parts for one verb; they end with the block."""
    return open_services(
        profile,
        folders_of(home),
        operator=operator or who_am_i({}),
        observers=(on_event,) if on_event else (),
        stop=stop,
        elsewhere=elsewhere,
    )


def find_run(ledger: "Ledger", run_id: str) -> "RunRecord | None":
    """Return a run by its id, or the newest for `last`; None if there is no such run."""
    return next(iter(ledger.runs()), None) if run_id == "last" else ledger.run(run_id)


def run_named(ledger: "Ledger", run_id: str, home: Home) -> "RunRecord":
    """Return the same. Raises `UsageError` if there is no such run."""
    found = find_run(ledger, run_id)
    if found is None:
        where = folders_of(home).data
        raise UsageError(
            "There is no run {run_id} in {home}.".format(run_id=run_id, home=where),
            fix="Pass the home and the profile that the run had.",
        )
    return found
