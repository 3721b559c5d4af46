"""What the verbs work in: the folder with the ledger, the profile's services, the run that is meant."""

import os
import threading
from contextlib import AbstractContextManager
from pathlib import Path

from bulk_orders.errors import UsageError
from bulk_orders.ledger.interface import Ledger, RunRecord
from bulk_orders.sending.events import Observer
from bulk_orders.sending.services import Services
from bulk_orders.settings.folders import Folders, who_am_i
from bulk_orders.settings.profiles import Profile
from bulk_orders.texts import library as words
from bulk_orders.wiring import open_services

Home = str | os.PathLike[str]
"""The folder with the ledger and the practice marketplace: `folders(os.environ).data` is that of the command line."""


def folders_of(home: Home) -> Folders:
    """Return the folders below a home, as if BULK_ORDERS_HOME named it."""
    data = Path(home).absolute()
    return Folders(data=data, config_file=data / "settings.toml", logs=data / "logs")


def services_of(
    profile: Profile,
    home: Home,
    *,
    on_event: Observer | None = None,
    stop: threading.Event | None = None,
    operator: str = "",
) -> AbstractContextManager[Services]:
    """Open all parts for one verb; they end with the block."""
    return open_services(
        profile,
        folders_of(home),
        operator=operator or who_am_i({}),
        observers=(on_event,) if on_event else (),
        stop=stop,
    )


def run_named(ledger: Ledger, run_id: str, home: Home) -> RunRecord:
    """Return a run by its id, or the newest for `last`. Raises `UsageError`."""
    found = next(iter(ledger.runs()), None) if run_id == "last" else ledger.run(run_id)
    if found is None:
        raise UsageError(words.NO_RUN.format(run_id=run_id, home=home), fix=words.NO_RUN_FIX)
    return found
