"""A PostgreSQL of the tests' own: a cluster in a temporary folder, reached by a Unix socket alone, with nothing of it left behind."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bulk_orders.ledger.sharing import Chunk
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.machine.clock import Clock, SystemClock

OLDEST = 14
CLERK = "clerk"
"""An ordinary user, whom the ledgers belong to."""
_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "logging_collector": "off",
    "autovacuum": "off",
}
_numbers = count(1)


def why_missing() -> str:
    """Why there can be no server here; empty when there can."""
    if find_spec("psycopg") is None:
        return "psycopg is not installed"
    if os.name == "nt":
        return "a Unix socket is needed"
    return "" if _programs() else f"no initdb of PostgreSQL {OLDEST} or newer"


def _programs() -> Path | None:
    """The folder with the newest server's programs."""
    debian = Path("/usr/lib/postgresql")
    found = {
        int(folder.name): folder / "bin"
        for folder in (debian.iterdir() if debian.is_dir() else ())
        if folder.name.isdigit() and (folder / "bin" / "initdb").exists()
    }
    if newest := max((number for number in found if number >= OLDEST), default=None):
        return found[newest]
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _user() -> str | None:
    """Whom the server runs as: initdb refuses root."""
    return "nobody" if os.geteuid() == 0 else None


class Server:
    """One cluster, which can be stopped, killed and started again."""

    def __init__(self, folder: Path, *, follows: "Server | None" = None) -> None:
        programs = _programs()
        assert programs is not None
        self._programs = programs
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            shutil.chown(folder, _user())
        if follows is None:
            self._make()
        else:
            copied = (
                "-D",
                self.data,
                "-h",
                follows.folder,
                "-U",
                "owner",
                "-R",
                "--checkpoint=fast",
                "--no-sync",
            )
            self.run("pg_basebackup", *copied)
            with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
                file.write(f"unix_socket_directories = '{folder}'\n")

    def _make(self) -> None:
        self.run(
            "initdb", "-D", self.data, "-U", "owner", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            settings = _SETTINGS | {"unix_socket_directories": str(self.folder)}
            file.write("".join(f"{name} = '{value}'\n" for name, value in settings.items()))

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        # Of its own session, so that Ctrl-C ends the tests and they end the server.
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.data],
                user=_user(),
                start_new_session=True,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        until_s = time.monotonic() + 60
        while not self._answers():
            assert self._process.poll() is None, (self.folder / "log").read_text(encoding="utf-8")
            assert time.monotonic() < until_s, "PostgreSQL does not start"
            time.sleep(0.05)

    def kill(self) -> None:
        """As a power cut would: nobody says goodbye."""
        self._end(signal.SIGQUIT)

    def stop(self) -> None:
        self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(60)
            self._process = None

    def cpu_s(self) -> float:
        """CPU seconds of the server and all its processes since it was started."""
        assert self._process is not None
        pid, total = self._process.pid, 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                about = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
                if int(stat.parent.name) == pid:
                    total += sum(map(int, about[11:15]))  # with its children that have ended
                elif int(about[1]) == pid:
                    total += sum(map(int, about[11:13]))
        return total / os.sysconf("SC_CLK_TCK")

    def _answers(self) -> bool:
        import psycopg  # noqa: PLC0415 - it may be missing where no test needs it

        with suppress(psycopg.Error), psycopg.connect(self.url("postgres", "owner")):
            return True
        return False

    def url(self, database: str, user: str = CLERK) -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self.folder), safe='')}"

    def say(self, statement: str, *, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement as the owner of everything."""
        import psycopg  # noqa: PLC0415 - see above

        with psycopg.connect(self.url(database, "owner"), autocommit=True) as connection:
            done = connection.execute(statement)
            return done.fetchall() if done.description else []

    def new_database(self) -> str:
        """The address of an empty database."""
        name = f"ledger{next(_numbers)}"
        self.say(f"CREATE DATABASE {name} OWNER {CLERK} TEMPLATE template0")
        return self.url(name)

    def new_schema(self) -> str:
        """The address of an empty schema of a database that other tests use, too: that is quicker."""
        name = f"ledger{next(_numbers)}"
        self.say(f"CREATE SCHEMA {name} AUTHORIZATION {CLERK}", database="shared")
        return f"{self.url('shared')}&options={quote(f'-c search_path={name}')}"

    def run(self, program: str, *given: object) -> bytes:
        """One of PostgreSQL's own programs; what it prints."""
        return subprocess.run(
            [self._programs / program, *map(str, given)],
            check=True,
            capture_output=True,
            user=_user(),
            cwd=self.folder,
        ).stdout


def opened_in(url: str, clock: Clock | None = None, **options: Any) -> SqlLedger:
    """The ledger there, made if there was none."""
    from bulk_orders.ledger.postgres.address import address_of  # noqa: PLC0415 - psycopg may be missing
    from bulk_orders.ledger.postgres.store import PostgresStore  # noqa: PLC0415 - see above

    return SqlLedger(PostgresStore(address_of(url), clock or SystemClock(), **options))


@contextmanager
def another_process(what: str, *given: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that calls a function of this module; it ends with the block at the latest."""
    program = f"import sys; sys.path[:0] = sys.argv[1:3]; import postgres_server; postgres_server.{what}(*sys.argv[3:])"
    tests = Path(__file__).parent
    command = [sys.executable, "-c", program, str(tests), str(tests.parent), *given]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        try:
            yield started
        finally:
            started.kill()


def hold_until_killed(url: str) -> None:
    """Hold the account `a`, and say so."""
    with opened_in(url).hold("a"):
        print("held", flush=True)
        sys.stdin.readline()


def take_slots_until_killed(url: str, rate_per_s: str) -> None:
    """Eight threads take slot after slot of one credential's pace, and use none."""
    from bulk_orders.ledger.postgres.address import address_of  # noqa: PLC0415 - psycopg may be missing
    from bulk_orders.ledger.postgres.paces import SharedPace  # noqa: PLC0415 - see above

    named = {"database": opened_in(url).file(), "credential": "api|user", "rate_per_s": float(rate_per_s)}
    pace = SharedPace(address_of(url), SystemClock(), **named)  # type: ignore[arg-type]

    def take() -> None:
        while pace.reserve(threading.Event()) is not None:
            print("taking\n", end="", flush=True)  # in one piece, for several threads print

    for _ in range(8):
        threading.Thread(target=take).start()


def claim_until_killed(url: str, run_id: str) -> None:
    """Claim the run's first chunk, and say so."""
    shared = opened_in(url).shared_runs()
    assert shared is not None
    with shared.claim(Chunk(run_id=run_id, number=1, account="a")) as claim:
        print("claimed" if claim else "refused", flush=True)
        sys.stdin.readline()


@contextmanager
def server() -> Iterator[Server]:
    """A server with an ordinary user; a test without one is skipped."""
    if why := why_missing():
        pytest.skip(why)
    with _folder() as folder, _started(Server(folder)) as made:
        made.say(f"CREATE ROLE {CLERK} LOGIN")
        made.say("CREATE DATABASE shared TEMPLATE template0")
        yield made


@contextmanager
def standby_of(primary: Server) -> Iterator[Server]:
    """A second server that takes over every change of the first."""
    with _folder() as folder, _started(Server(folder, follows=primary)) as made:
        yield made


@contextmanager
def _started(made: Server) -> Iterator[Server]:
    made.start()
    try:
        yield made
    finally:
        made.kill()


@contextmanager
def _folder() -> Iterator[Path]:
    shared = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    # A short name: that of a Unix socket has at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="ledger-", dir=shared if shared.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
