"""From settings to concrete parts: the only module besides `cli` that knows implementations.

Each is imported where it is opened, so that a command loads what it uses and no more.
"""

import contextlib
import json
import random
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bulk_orders.core.body_template import faults_of
from bulk_orders.core.order_types import TEMPLATES, USUAL
from bulk_orders.errors import SetupError, UsageError
from bulk_orders.machine.clock import SystemClock
from bulk_orders.machine.places import is_there
from bulk_orders.machine.shell import command
from bulk_orders.sending.events import Observer, fan_out
from bulk_orders.settings.completeness import check_complete
from bulk_orders.settings.folders import Folders, private_folder, templates_folder
from bulk_orders.settings.profiles import Profile
from bulk_orders.settings.secrets import plain

if TYPE_CHECKING:
    from bulk_orders.fleet.worker import FleetWorker
    from bulk_orders.ledger.interface import Ledger, LedgerContents
    from bulk_orders.ledger.postgres.address import Address
    from bulk_orders.ledger.postgres.patience import Waiting
    from bulk_orders.ledger.postgres.store import PostgresStore
    from bulk_orders.ledger.sharing import Chunk
    from bulk_orders.marketplace.client import HttpMarketplace
    from bulk_orders.sending.limiter import Limiter
    from bulk_orders.sending.pace import Pace
    from bulk_orders.sending.services import Leaving, Services

_DATABASE: Final = "the ledger's database to answer"
_NEXT_READ: Final = "the next attempt to read from the marketplace"
_INSTALL_FLEET: Final = 'Install the extra, in the folder of the program: pip install ".[fleet]"'
LONG_PAUSE_S = 5.0
"""A pause before the next attempt to read is reported when it lasts this long."""

_EARLIER_SUBSCRIPTIONS: Final = 60
"""Of the built-in practice marketplace: something to renew before anything was ordered."""


def is_shared(profile: Profile, folders: Folders) -> bool:
    """Tell whether the profile's ledger is a database; a file that somebody named for this command comes first."""
    return folders.named_ledger is None and bool(plain(profile.ledger_url))


def has_ledger(profile: Profile, folders: Folders) -> bool:
    """Tell whether there is anything to remember from."""
    return is_shared(profile, folders) or is_there(folders.ledger(is_practice=profile.is_practice))


def ledger_place(profile: Profile, folders: Folders) -> str:
    """Name the profile's ledger for people: its file, or its database without user and password. Raises `SetupError`."""
    if is_shared(profile, folders):
        return _database_address(profile).name
    return str(folders.ledger(is_practice=profile.is_practice).resolve())


@contextlib.contextmanager
def open_ledger(
    profile: Profile,
    folders: Folders,
    *,
    waiting: "Waiting" = contextlib.nullcontext,
    awaited_s: float = 0.0,
) -> "Iterator[Ledger]":
    """Open the profile's ledger, made if there was none. Raises `SetupError`.

    `waiting` says that its database is waited for; one that does not answer yet is for `awaited_s`.
    """
    from bulk_orders.ledger.sql import SqlLedger

    ledger = (
        SqlLedger(_database(profile, waiting, awaited_s))
        if is_shared(profile, folders)
        else SqlLedger.open(folders.ledger(is_practice=profile.is_practice))
    )
    try:
        yield ledger
    finally:
        ledger.close()


def _database(
    profile: Profile, waiting: "Waiting" = contextlib.nullcontext, awaited_s: float = 0.0
) -> "PostgresStore":
    address = _database_address(profile)
    from bulk_orders.ledger.postgres.store import PostgresStore

    return PostgresStore(address, SystemClock(), waiting=waiting, awaited_s=awaited_s)


def _database_address(profile: Profile) -> "Address":
    try:
        from bulk_orders.ledger.postgres.address import address_of
    except ImportError:
        raise SetupError(
            "The profile {name} has a ledger URL, and the library that opens it is not installed.".format(
                name=profile.name
            ),
            fix=_INSTALL_FLEET,
        ) from None
    return address_of(profile.ledger_url.get_secret_value())


def worker_for(
    services: "Sequence[Services]",
    profile: Profile,
    *,
    alive: Path | None,
    tell: "Callable[[Chunk, int], None]",
) -> "FleetWorker":
    """Make a worker that sends for these open services, whose ledger is that of the profile. Raises `SetupError`."""
    address = _database_address(profile)
    try:
        from bulk_orders.fleet.worker import FleetWorker
    except ImportError:
        raise SetupError(
            "The library that hands out orders to workers is not installed.", fix=_INSTALL_FLEET
        ) from None
    return FleetWorker(services, address.parameters, alive=alive, tell=tell)


def back_up_ledger(ledger: Path, target: Path) -> "LedgerContents":
    """Copy the ledger into a new file; see `ledger.copies.back_up`."""
    from bulk_orders.ledger import copies

    return copies.back_up(ledger, target)


def look_into_ledger(file: Path, ledger: Path) -> "LedgerContents":
    """Say what a ledger's file holds; see `ledger.copies.look_into`."""
    from bulk_orders.ledger import copies

    return copies.look_into(file, ledger)


def restore_ledger(ledger: Path, backup: Path) -> Path | None:
    """Put the backup in the ledger's place; see `ledger.copies.restore`."""
    from bulk_orders.ledger import copies

    return copies.restore(ledger, backup)


def copy_ledger_into_database(profile: Profile, file: Path) -> "tuple[str, LedgerContents]":
    """Copy the ledger's file into the profile's database; return where that is, and what it holds now.

    See `ledger.postgres.copying.copy_into`.
    """
    store = _database(profile)
    from bulk_orders.ledger.postgres.copying import copy_into

    try:
        return store.name, copy_into(store, file)
    finally:
        store.close_writer()
        store.close_readers()


def schema_of_ledger(ledger: Path) -> str:
    """Return the statements that the ledger's tables were made with; see `ledger.copies.schema_of`."""
    from bulk_orders.ledger import copies

    return copies.schema_of(ledger)


def copies_of_ledger(ledger: Path) -> tuple[list[Path], list[Path]]:
    """Name copies beside the ledger; see `ledger.erasing.copies_beside`."""
    from bulk_orders.ledger import erasing

    return erasing.copies_beside(ledger)


@contextlib.contextmanager
def open_services(
    profile: Profile,
    folders: Folders,
    *,
    operator: str,
    observers: tuple[Observer, ...] = (),
    stop: threading.Event | None = None,
    elsewhere: "Leaving | None" = None,
    awaited_s: float = 0.0,
) -> "Iterator[Services]":
    """Open all parts for one command; connections, files and the built-in practice marketplace end with the block.

    With `elsewhere` workers send what a run has to send. Raises `UsageError` where none can. A ledger's database that does not
    answer yet is waited for `awaited_s`.
    """
    if elsewhere is not None:
        check_reachable(profile, folders)
    from bulk_orders.sending.event_log import log_event
    from bulk_orders.sending.limiter import Limiter
    from bulk_orders.sending.services import Services
    from bulk_orders.sending.waits import WaitTeller, waiting

    clock = SystemClock()
    stopping = stop or threading.Event()
    tell = WaitTeller(fan_out((*observers, log_event)), clock)

    def waits_for_database(for_s: float) -> contextlib.AbstractContextManager[None]:
        return waiting(tell, clock, _DATABASE, for_s=for_s)

    with contextlib.ExitStack() as closing:
        closing.enter_context(tell.telling())
        ledger = closing.enter_context(
            open_ledger(profile, folders, waiting=waits_for_database, awaited_s=awaited_s)
        )
        pace = closing.enter_context(
            _pace(profile, folders, clock, database=ledger.file(), waiting=waits_for_database)
        )
        limiter = Limiter(pace, clock, tell)
        address = profile.base_url or closing.enter_context(_practice_address(profile, folders))
        marketplace = _marketplace(
            profile, address, clock, limiter, tell, stopping, may_leave=ledger.may_send
        )
        closing.callback(marketplace.close)
        yield Services(
            profile=profile,
            ledger=ledger,
            marketplace=marketplace,
            limiter=limiter,
            clock=clock,
            jitter=random.random,
            observer=tell,
            templates=load_templates(profile),
            operator=operator,
            host=socket.gethostname(),
            elsewhere=elsewhere,
            stop=stopping,
        )


def check_reachable(profile: Profile, folders: Folders) -> None:
    """Raise `UsageError` where no other process can send for the profile."""
    if not is_shared(profile, folders):
        raise UsageError(
            "Workers need a ledger that they can reach, and the profile {name} has its ledger in a file.".format(
                name=profile.name
            ),
            fix="Give the profile a ledger_url; `bulk-orders help shared-ledger` says how.",
        )
    if profile.is_practice and not profile.base_url:
        raise UsageError(
            "Workers need a marketplace that they can reach, and the practice marketplace is inside this process.",
            fix="Start one with `bulk-orders sandbox`, and name it with --practice-at.",
        )


@contextlib.contextmanager
def _pace(
    profile: Profile, folders: Folders, clock: SystemClock, *, database: str, waiting: "Waiting"
) -> "Iterator[Pace]":
    """Give the credential's pace: one for all machines where the ledger is shared."""
    if not is_shared(profile, folders):
        from bulk_orders.sending.pace import LocalPace

        yield LocalPace(profile.rate_per_s, clock)
        return
    from bulk_orders.ledger.postgres.paces import SharedPace

    shared = SharedPace(
        _database_address(profile),
        clock,
        database=database,
        credential=profile.account.credential,
        rate_per_s=profile.rate_per_s,
        waiting=waiting,
    )
    with contextlib.closing(shared):
        yield shared


@contextlib.contextmanager
def _practice_address(profile: Profile, folders: Folders) -> Iterator[str]:
    from bulk_orders.sandbox.behaviour import Behaviour
    from bulk_orders.sandbox.practice import practice_marketplace
    from bulk_orders.sandbox.server import PracticeServer

    check_is_practice(profile)
    private_folder(folders.practice)
    behaviour = Behaviour(earlier_subscriptions=_EARLIER_SUBSCRIPTIONS)
    with (
        practice_marketplace(
            faults=profile.faults, behaviour=behaviour, state=folders.practice_state
        ) as simulator,
        PracticeServer(simulator) as server,
    ):
        yield server.base_url


def check_is_practice(profile: Profile) -> None:
    """Refuse a live profile without an address: it must not fall back to practice silently. Raises `SetupError`."""
    if not profile.is_practice:
        check_complete(profile)


def _marketplace(
    profile: Profile,
    address: str,
    clock: SystemClock,
    limiter: "Limiter",
    tell: Observer,
    stop: threading.Event,
    *,
    may_leave: Callable[[], bool],
) -> "HttpMarketplace":
    from bulk_orders.marketplace.client import HttpMarketplace
    from bulk_orders.marketplace.client_settings import ClientSettings

    check_complete(profile.model_copy(update={"base_url": address}))
    settings = ClientSettings(
        base_url=address,
        marketplace=profile.marketplace,
        user=profile.user,
        password=profile.password,
        subscription_key=profile.subscription_key,
        client_id=profile.client_id,
        oauth2_url=profile.oauth2_url,
        oauth2_client_id=profile.oauth2_client_id,
        oauth2_client_secret=profile.oauth2_client_secret,
        order_deadline_s=profile.order_deadline_s,
        read_deadline_s=profile.read_deadline_s,
        ca_file=profile.ca_file or None,
        proxy=profile.proxy,
        doctor=command(
            "bulk-orders", "doctor", *(() if profile.is_practice else ("--profile", profile.name))
        ),
    )
    return HttpMarketplace(
        settings,
        connections=profile.workers,
        monotonic=clock.monotonic,
        now=clock.now,
        sleep=_sleeper(clock, tell, stop),
        jitter=random.random,
        pace=lambda: _paced(limiter),
        throttled=limiter.throttle,
        may_leave=may_leave,
    )


def _paced(limiter: "Limiter") -> None:
    limiter.wait_turn(threading.Event())  # a run that was stopped still reads what became of its orders
    limiter.sending()


def _sleeper(clock: SystemClock, tell: Observer, stop: threading.Event) -> Callable[[float], None]:
    from bulk_orders.sending.waits import waiting

    def sleep(seconds: float) -> None:
        with waiting(tell, clock, _NEXT_READ, for_s=seconds, told_after_s=LONG_PAUSE_S):
            clock.wait(seconds, stop)

    return sleep


_ORDER_BODY_FIX: Final = (
    "Correct the file, or leave body_templates out of the profile to use the one that comes with the program."
)


def load_templates(profile: Profile | None = None) -> dict[str, dict[str, Any]]:
    """Return the order bodies by name, with placeholders: the profile's own, and the others that come with the program.

    Raises `SetupError`, which names file, line and placeholder, when one cannot be used, or the profile's folder has none of purchases.
    """
    ours, own = templates_folder() / "order_bodies", profile.body_templates if profile else ""
    folder = Path(own).expanduser() if own else ours
    found = {}
    for name in TEMPLATES:
        path = folder / f"{name}.json"
        found[name] = _template(path if path.exists() or name == USUAL.template else ours / path.name)
    return found


def _template(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise SetupError(
            "The order-body template {path} cannot be read: {error}.".format(path=path, error=reason),
            fix=_ORDER_BODY_FIX,
        ) from None
    if faults := faults_of(text, path.stem):
        first = faults[0]
        message = "The order-body template {path}, line {line}: {what}".format(
            path=path, line=first.line, what=first.what
        )
        raise SetupError(message, fix=_ORDER_BODY_FIX)
    template: dict[str, Any] = json.loads(text)
    return template
