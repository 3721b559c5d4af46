"""The simulated disk: a real ledger behind a port that can be slow, refuse a write, die in the middle, or be deleted.

What a real ledger has committed survives a loss of power. A variant of the program that does not wait for the disk
(`is_unsynced`) loses the newest writes with the power; that is the mutants' affair.
"""

import copy
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from sim_kernel import Kernel, Process
from sim_sharing import Sharing, SimSharedRuns, recorded

from bulk_orders.core.lifecycle import Step
from bulk_orders.errors import AnotherRunActive
from bulk_orders.ledger import tables
from bulk_orders.ledger.interface import Ledger
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.ledger.writer import Work

WRITES: Final = frozenset({"enlist", "finish_run", "advance", "remember", "record_reading"})
UNSYNCED_S: Final = 30.0
"""So long the system may keep writes in memory when nobody asks for more."""


@dataclass(slots=True, kw_only=True)
class Disk:
    """The ledger file, and who holds its lock."""

    kernel: Kernel
    ledger: Ledger
    lock_works: bool = True
    is_unsynced: bool = False
    holder: Process | None = None
    unsynced: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    kept: dict[str, Any] | None = None
    """A backup."""
    aside: MemoryLedger | None = None
    """Another copy, which is not used now."""
    generation: int = 0
    users: frozenset[str] = frozenset()
    """Processes that worked with the ledger as it is now; of what others did it knows nothing."""
    ended_s: dict[str, float] = field(default_factory=dict)
    """By order key, when a process last gave it up, or had it refused."""
    freed_s: float = 0.0
    """When a person last said of an order in doubt that it is absent: the next run compares it."""
    knew: dict[str, frozenset[str]] = field(default_factory=dict)
    """The users that the ledger of each process had when it began, itself among them."""
    kept_users: frozenset[str] = frozenset()
    aside_users: frozenset[str] = frozenset()
    sharing: Sharing | None = None
    """Where several machines use the ledger at once."""

    def delete(self) -> None:
        """Somebody removes the ledger file; the next process finds none."""
        self.generation += 1
        self.users = frozenset()
        if isinstance(self.ledger, MemoryLedger):
            self.ledger = type(self.ledger)()
        else:
            empty(self.ledger)

    def back_up(self) -> None:
        if isinstance(self.ledger, MemoryLedger):
            self.kept, self.kept_users = snapshot(self.ledger), self.users

    def roll_back(self) -> bool:
        """Put the backup in the ledger's place; False if there is none."""
        if self.kept is None or not isinstance(self.ledger, MemoryLedger):
            return False
        self.generation += 1
        restore(self.ledger, self.kept)
        self.users = self.kept_users
        return True

    def copy_to_another_file(self) -> bool:
        """The backup, or else the ledger as it is, is used from now on as another file, perhaps on another machine."""
        if not isinstance(self.ledger, MemoryLedger):
            return False
        kept, users = (self.kept, self.kept_users) if self.kept else (snapshot(self.ledger), self.users)
        self.generation += 1
        self.aside, self.aside_users = self.ledger, self.users
        self.ledger = MemoryLedger(f"copy {self.generation}")
        restore(self.ledger, kept)
        self.users = users
        return True

    def change_ledgers(self) -> bool:
        """The ledger that was laid aside is used again, and this one laid aside."""
        if self.aside is None or not isinstance(self.ledger, MemoryLedger):
            return False
        self.ledger, self.aside = self.aside, self.ledger
        self.users, self.aside_users = self.aside_users, self.users
        return True

    def before_write(self) -> None:
        if self.is_unsynced and isinstance(self.ledger, MemoryLedger):
            self.unsynced.append((self.kernel.now_s, snapshot(self.ledger)))

    def lose_power(self, fraction: float) -> None:
        """The newest writes that nobody waited for are gone."""
        recent = [kept for at_s, kept in self.unsynced if at_s > self.kernel.now_s - UNSYNCED_S]
        if recent and isinstance(self.ledger, MemoryLedger):
            restore(self.ledger, recent[int(fraction * len(recent))])
        self.unsynced.clear()


def snapshot(ledger: MemoryLedger) -> dict[str, Any]:
    """All that a memory ledger knows; its records are values."""
    return {
        name: copy.copy(value) for name, value in vars(ledger).items() if isinstance(value, dict | list)
    } | {"_learnt": {account: dict(told) for account, told in ledger._learnt.items()}}


def restore(ledger: MemoryLedger, kept: dict[str, Any]) -> None:
    for name, value in kept.items():
        setattr(ledger, name, copy.copy(value))
    ledger._learnt = {account: dict(told) for account, told in kept["_learnt"].items()}


class SqlShelf:
    """One SQLite ledger, kept open for many histories and emptied between them."""

    def __init__(self) -> None:
        shared = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
        folder = shared if shared.is_dir() else None
        self._folder = tempfile.TemporaryDirectory(dir=folder, prefix="simulation-")
        self.ledger = SqlLedger.open(Path(self._folder.name) / "ledger.sqlite")

    def emptied(self) -> SqlLedger:
        empty(self.ledger)
        return self.ledger

    def close(self) -> None:
        self.ledger.close()
        self._folder.cleanup()


def empty(ledger: Ledger) -> None:
    """Forget everything, as if the file were new."""
    if not isinstance(ledger, SqlLedger):
        raise TypeError("only for the ledger on SQLite")

    def write(connection: Any) -> None:
        guards = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).all()
        for name, _ in guards:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        for table in reversed(tables.metadata.sorted_tables):
            connection.execute(table.delete())
        for _, statement in guards:
            connection.exec_driver_sql(statement)

    ledger._writer.write(Work(do=write))


class _Port:
    """What the process sees of the disk."""

    def __init__(self, disk: Disk, process: Process, fate: Any) -> None:
        self._disk = disk
        self._process = process
        self._fate = fate

    @contextmanager
    def hold(self, account: str = "") -> Iterator[None]:
        """The lock ends with its process, however that ends."""
        self._fate.step(self._process, "hold")
        disk = self._disk
        if disk.sharing is not None:
            with disk.sharing.hold(self._process):
                yield
            return
        if disk.lock_works:
            if disk.holder is not None and not disk.holder.is_dead:
                raise AnotherRunActive("Another run is using this ledger.")
            disk.holder = self._process
        try:
            yield
        finally:
            if disk.holder is self._process:
                disk.holder = None

    def events(self, key: str = "") -> Any:
        return iter(list(self._disk.ledger.events(key)))

    def may_send(self) -> bool:
        self._fate.glance(self._process)
        right = self._process.right
        return right is None or self._disk.kernel.now_s < right.sure_until_s

    def shared_runs(self) -> SimSharedRuns | None:
        sharing = self._disk.sharing
        return None if sharing is None else SimSharedRuns(sharing, self._process, self._fate)

    def close(self) -> None:
        pass


def _reading(name: str) -> Any:
    def read(self: Any, *given: Any, **named: Any) -> Any:
        self._fate.glance(self._process)
        return getattr(self._disk.ledger, name)(*given, **named)

    return read


def _writing(name: str) -> Any:
    def write(self: Any, *given: Any, **named: Any) -> Any:
        self._fate.step(self._process, name)
        self._fate.write(self._process)
        self._disk.before_write()
        is_begun = name == "advance" and len(given) > 2 and given[2] is Step.BEGUN
        found = _written(self, name, is_begun, given, named)
        if is_begun:
            self._fate.counted["intent"] += 1
        if len(given) > 2 and given[2] in {Step.GAVE_UP, Step.REJECTED}:
            self._disk.ended_s[given[0].key] = self._disk.kernel.now_s
        if len(given) > 2 and given[2] is Step.SAID_ABSENT:
            self._fate.counted["said absent"] += 1
            self._disk.freed_s = self._disk.kernel.now_s
        self._disk.kernel.tell(f"{self._process.name} wrote {name} {_named(given)}")
        self._fate.step(self._process, "begun" if is_begun else f"{name} done")
        return found

    return write


def _written(port: Any, name: str, is_begun: bool, given: tuple[Any, ...], named: dict[str, Any]) -> Any:
    disk, process = port._disk, port._process

    def write() -> Any:
        return getattr(disk.ledger, name)(*given, **named)

    if disk.sharing is None:
        return write()
    is_fenced = is_begun or name == "enlist"
    try:
        return recorded(disk.sharing, process, is_fenced, write)
    except AnotherRunActive:
        if not is_fenced:
            disk.sharing.broken.append(f"{process.name} cannot record {name} {_named(given)}")
        raise


def _named(given: tuple[Any, ...]) -> str:
    return str(given[2]) if len(given) > 2 and isinstance(given[2], Step) else ""


@cache
def _port_class() -> type:
    own = {"hold", "events", "may_send", "close"}
    methods = {
        name: _writing(name) if name in WRITES or name not in READS else _reading(name)
        for name in Ledger.__abstractmethods__ - own
    }
    return type("SimLedger", (_Port, Ledger), methods)


READS: Final = frozenset(
    {
        "order",
        "orders_by_key",
        "orders_of_run",
        "orders_of_customer",
        "unsettled",
        "rows",
        "run",
        "runs",
        "source",
        "attempts",
        "learnt",
        "account",
        "file",
        "foreign_orders",
        "orders_sent_since",
        "orders_by_id",
        "held_since",
    }
)


def ledger_port(disk: Disk, process: Process, fate: Any) -> Ledger:
    """A ledger for one process; dead when the process is."""
    disk.users |= {process.name}
    for name in (
        disk.users if disk.sharing else {process.name}
    ):  # machines that share one see each other's work
        disk.knew[name] = disk.users
    made: Ledger = _port_class()(disk, process, fate)
    return made
