"""The process that brings a ledger up to date is killed: the old or the new is there, whole, and the next one goes on."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from kept_ledgers import content, opened, unpack, version
from sqlalchemy import Engine, event

from bulk_orders.ledger.connections import engine_for
from bulk_orders.ledger.file_safety import FileIdentity
from bulk_orders.ledger.migrations import FIRST_SCHEMA, MIGRATIONS, SCHEMA_VERSION
from bulk_orders.ledger.upgrade import bring_up_to_date

pytestmark = pytest.mark.long


@contextmanager
def on_statement(do: object, moment: str) -> Iterator[None]:
    event.listen(Engine, moment, do)
    try:
        yield
    finally:
        event.remove(Engine, moment, do)


def statements_of_an_opening(path: Path) -> list[str]:
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    with on_statement(note, "before_cursor_execute"):
        opened(path)
    return said


def killed_at(path: Path, number: int, moment: str) -> bool:
    """Whether the process that opens the ledger was killed before or after its statement of that number."""
    pid = os.fork()
    if pid == 0:
        left = [number]

        def strike(*_: object) -> None:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, moment, strike)
        opened(path)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def wholes(folder: Path) -> dict[int, dict[str, list[dict[str, object]]]]:
    """What may be found, by its schema: the old, the new, and what each migration in between leaves."""
    path = unpack(FIRST_SCHEMA, folder)
    found = {FIRST_SCHEMA: content(path)}
    for number, migration in enumerate(MIGRATIONS, start=1):
        with engine_for(FileIdentity.of(path), pooled=False, writes=True).connect() as connection:
            bring_up_to_date(connection, path, migrations=MIGRATIONS[:number])
        found[migration.number] = content(path)
    return found


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
def test_a_kill_at_any_statement_leaves_the_old_or_the_new_whole(tmp_path: Path) -> None:
    expected = wholes(tmp_path / "wholes")
    count = len(statements_of_an_opening(unpack(FIRST_SCHEMA, tmp_path / "counted")))
    found = set()
    # After a statement the file is as it is before the next one.
    moments = [("before_cursor_execute", number) for number in range(1, count + 1)]
    for moment, number in (*moments, ("after_cursor_execute", count)):
        path = unpack(FIRST_SCHEMA, tmp_path / f"{moment}-{number}")
        assert killed_at(path, number, moment)
        found.add(version(path))
        assert content(path) == expected[version(path)]
        opened(path)
        for copy in path.parent.glob("*.before-v?"):
            assert content(copy) == expected[version(copy)]
        assert content(path) == expected[SCHEMA_VERSION]
    assert found == set(expected)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("call", ["pwrite64", "write", "fdatasync", "fsync", "link", "unlink", "ftruncate"])
def test_a_kill_at_any_system_call_leaves_the_old_or_the_new_whole(tmp_path: Path, call: str) -> None:
    expected = wholes(tmp_path / "wholes")
    kills = 0
    while True:
        path = unpack(FIRST_SCHEMA, tmp_path / f"{call}-{kills}")
        if not killed_at_call(path, call, kills + 1):
            break
        kills += 1
        opened(path)
        for copy in path.parent.glob("*.before-v?"):
            assert content(copy) == expected[version(copy)]
        assert content(path) == expected[SCHEMA_VERSION]
    assert kills


def killed_at_call(path: Path, call: str, number: int) -> bool:
    strike = ["-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={number}"]
    program = "import sys, pathlib; from bulk_orders.ledger.sql import SqlLedger; SqlLedger.open(pathlib.Path(sys.argv[1])).close()"
    command = ["strace", "-f", "-qq", *strike, sys.executable, "-B", "-c", program, str(path)]
    ended = subprocess.run(command, capture_output=True, timeout=60, check=False)
    return ended.returncode in {-signal.SIGKILL, 128 + signal.SIGKILL}
