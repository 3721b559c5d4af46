"""Limits of processes and connections, logs of libraries, and versions with known holes."""

import json
import logging
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from pydantic import SecretStr
from scripted_server import BODY, SECRETS, ScriptedServer, answer, granted
from security.limits_told import tell

from bulk_orders.ledger.connections import _SETTINGS, create, engine_for
from bulk_orders.ledger.file_safety import FileIdentity
from bulk_orders.machine.isolation import ProcessLimits, call
from bulk_orders.writing.saving import _open_new

ROOT = Path(__file__).parents[2]
KNOWN_HOLES = {
    "filelock": ("3.20.3", "CVE-2025-68146, CVE-2026-22701: a link planted in place of the lock file"),
    "h11": ("0.16", "CVE-2025-43859: request smuggling"),
    "openpyxl": ("2.4.2", "CVE-2017-5992: external entities"),
    "pydantic": ("2.4", "CVE-2024-3772: a slow pattern for e-mail addresses"),
    "requests": ("2.32.4", "CVE-2024-47081: .netrc credentials to another host"),
    "sqlalchemy": ("1.3", "CVE-2019-7164: injection through order_by"),
    "starlette": ("0.49.1", "CVE-2025-62727: a slow Range header"),
    "tqdm": ("4.66.3", "CVE-2024-34062: evaluates what the command line says"),
    "urllib3": ("2.6.3", "CVE-2025-66418, CVE-2025-66471, CVE-2026-21441: unbounded decompression"),
}


def version(text: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", text)))


@pytest.mark.parametrize("name", KNOWN_HOLES)
def test_no_version_with_a_known_hole_is_allowed(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bounds = dict(re.split(">=", line) for line in project["dependencies"])
    mended, hole = KNOWN_HOLES[name]

    assert version(bounds[name]) >= version(mended), hole


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limits")
def test_the_child_that_reads_workbooks_can_write_no_file_and_dump_no_core() -> None:
    limits = ProcessLimits.for_size(1)

    told = json.loads(call(f"{tell.__module__}:tell", {}, [], lambda out: out.readline(10_000), limits))

    assert (told["RLIMIT_CORE"], told["RLIMIT_FSIZE"]) == ([0, 0], [0, 0])
    assert told["RLIMIT_AS"] == [limits.memory_bytes] * 2
    assert told["RLIMIT_CPU"] == [10, 11]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no core dumps")
def test_the_program_dumps_no_core() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                "import resource\nfrom bulk_orders.__main__ import main\n"
                "resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)\n"
                "main(['--version'])\nprint(resource.getrlimit(resource.RLIMIT_CORE))"
            ),
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    ).stdout

    assert said.splitlines()[-1] == "(0, 0)"


def test_connections_are_encrypted_with_tls_1_2_at_least_to_the_host_that_was_asked_for(
    tmp_path: Path,
) -> None:
    keys = tmp_path / "keys.log"
    code = (
        "from bulk_orders.marketplace.transport import _tls\n"
        "import ssl\ncontext = _tls(None)\n"
        "print(context.minimum_version == ssl.TLSVersion.TLSv1_2, context.check_hostname, "
        "context.verify_mode == ssl.CERT_REQUIRED, context.keylog_filename)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "SSLKEYLOGFILE": str(keys)},
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    ).stdout

    assert said.split() == ["True", "True", "True", "None"]
    assert not keys.exists()


def test_the_logs_of_libraries_hold_no_secret_at_their_most_talkative(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3").setLevel(logging.DEBUG)
    with ScriptedServer(answer("201 Created", {"id": "77"}), tokens=[granted()]) as server:
        client = server.client(proxy=SecretStr(""))
        client.place(BODY)
        client.get_order("77")

    text = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "urllib3" in text
    assert [secret for secret in SECRETS if secret in text] == []


def test_no_library_is_told_to_print_what_it_sends() -> None:
    for path in (ROOT / "bulk_orders").rglob("*.py"):
        assert not re.search(
            r"debuglevel\s*=\s*[1-9]|set_debuglevel|HTTPConnection\.debuglevel",
            path.read_text(encoding="utf-8"),
        ), path


@pytest.mark.skipif(os.name == "nt", reason="needs links")
def test_what_is_written_aside_is_never_written_through_a_planted_link(tmp_path: Path) -> None:
    (tmp_path / "part").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(FileExistsError):
        _open_new(tmp_path / "part")

    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="Windows has no such flag")
def test_what_must_be_new_is_opened_so_that_no_link_is_followed(tmp_path: Path) -> None:
    """O_EXCL would do on a local disk; over a network some servers only keep to O_NOFOLLOW."""
    code = (
        "import sys\nfrom bulk_orders.machine.private_files import opener\n"
        "sys.addaudithook(lambda name, told: print(told[2]) if name == 'open' and told[0] == sys.argv[1] else None)\n"
        "open(sys.argv[1], 'x', opener=opener)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "new")],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    ).stdout

    flags = int(said.split()[-1])
    assert flags & os.O_EXCL
    assert flags & os.O_NOFOLLOW


def test_what_is_overwritten_in_a_ledger_is_gone_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    create(path)
    engine = engine_for(FileIdentity.of(path), pooled=False, writes=True)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1
        connection.exec_driver_sql("INSERT INTO learnt VALUES ('a', 'b', 'canary-of-a-person')")
        connection.exec_driver_sql("DELETE FROM learnt")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()

    assert b"canary-of-a-person" not in path.read_bytes()
    # Some builds of SQLite do so by default; it must not depend on the build.
    assert "PRAGMA secure_delete = ON" in _SETTINGS
