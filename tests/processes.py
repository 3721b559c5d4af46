"""The program and the practice marketplace as processes, for stories that need real ones."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

PATIENCE_S = 60.0
"""Longer than anything takes on a busy machine; only a test that would hang gets to see it."""


@dataclass(frozen=True)
class Ended:
    """A process that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.out))

    @property
    def words(self) -> str:
        return self.out + self.err

    def assert_is_a_sentence(self) -> None:
        """No traceback, no colour, nothing that only a programmer understands."""
        assert "Traceback" not in self.words
        assert "\x1b" not in self.words
        assert not re.search(r'File "|line \d+, in |<class|object at 0x|\bNone\b', self.words)


class Process:
    """A process that may still run; what it says is collected."""

    def __init__(self, out: int, err: int) -> None:
        self.pid = 0
        self._said = {"out": bytearray(), "err": bytearray()}
        self._readers = [
            threading.Thread(target=self._collect, args=(name, stream), daemon=True)
            for name, stream in (("out", out), ("err", err))
        ]
        for reader in self._readers:
            reader.start()

    @property
    def out(self) -> str:
        return bytes(self._said["out"]).decode("utf-8", "replace")

    @property
    def err(self) -> str:
        return bytes(self._said["err"]).decode("utf-8", "replace")

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def wait(self) -> Ended:
        code = self._code()
        for reader in self._readers:
            reader.join(PATIENCE_S)
        return Ended(code, self.out, self.err)

    def says(self, words: str) -> None:
        """Wait until it has said so."""
        wait_until(lambda: words in self.out + self.err, f"the process to say {words!r}")

    def _code(self) -> int:
        raise NotImplementedError

    def _collect(self, name: str, stream: int) -> None:
        with suppress(OSError):  # a terminal whose other end is closed
            while piece := os.read(stream, 65536):
                self._said[name] += piece
        os.close(stream)


class ColdProcess(Process):
    """Started as from a shell."""

    def __init__(self, arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> None:
        self._started = subprocess.Popen(
            arguments,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self._started.stdout is not None
        assert self._started.stderr is not None
        super().__init__(os.dup(self._started.stdout.fileno()), os.dup(self._started.stderr.fileno()))
        self._started.stdout.close()
        self._started.stderr.close()
        self.pid = self._started.pid

    def _code(self) -> int:
        return self._started.wait(PATIENCE_S)


class WarmProcess(Process):
    """Started by a `Starter`."""

    def __init__(self, told: socket.socket, out: int, err: int) -> None:
        super().__init__(out, err)
        told.settimeout(PATIENCE_S)
        self._told = told.makefile("r", encoding="ascii")
        told.close()
        self.pid = int(self._told.readline())

    def _code(self) -> int:
        with self._told:
            return int(self._told.readline())


class Starter:
    """Starts programs; one for the whole session. Where processes cannot be forked each start is a cold one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        ours, theirs = socket.socketpair()
        self._door = ours
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("warm_start.py")), str(theirs.fileno())],
            pass_fds=(theirs.fileno(),),
            # Threads of numeric libraries would not survive a fork.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        theirs.close()
        assert self._door.recv(1), "the program cannot be loaded"

    def close(self) -> None:
        self._door.close()
        self._process.wait(PATIENCE_S)

    def start(
        self,
        program: str,
        arguments: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        terminal: int | None = None,
    ) -> Process:
        """`terminal` is a pseudo terminal's end that becomes stdin and stderr."""
        (our_out, out), (our_err, err) = os.pipe(), os.pipe()
        nothing = os.open(os.devnull, os.O_RDONLY)
        told, telling = socket.socketpair()
        streams = [nothing, out, err] if terminal is None else [terminal, out, terminal]
        asked = {
            "program": program,
            "arguments": [str(argument) for argument in arguments],
            "folder": str(folder),
            "environment": dict(environment),
        }
        with self._lock:
            socket.send_fds(self._door, [json.dumps(asked).encode()], [*streams, telling.fileno()])
        telling.close()
        for stream in (nothing, out, err):
            os.close(stream)
        return WarmProcess(told, our_out, our_err)


@dataclass
class Practice:
    """A practice marketplace that is a process of its own."""

    process: Process
    base_url: str
    judge_token: str

    @property
    def origin(self) -> str:
        return self.base_url.removesuffix("/marketplace/us")

    def orders(self) -> list[dict[str, Any]]:
        """The judge's page: every committed order, oldest first, with the body as it was sent."""
        return list(self._read("orders"))

    def count(self) -> int:
        return int(self._read("stats")["orders"])

    def posts(self) -> int:
        """How many orders were sent, answered or not."""
        return int(self._read("stats")["requests"].get("POST /orders", 0))

    def stats(self) -> dict[str, Any]:
        return dict(self._read("stats"))

    def has_taken(self, orders: int) -> None:
        """Wait until so many orders were committed."""
        wait_until(lambda: self.count() >= orders, f"{orders} orders on the platform")

    def is_quiet(self, for_s: float = 0.3) -> None:
        """Wait until no order has come for a while."""
        before = -1
        while before != (before := self.count()):
            time.sleep(for_s)

    def _read(self, page: str) -> Any:
        headers = {"Authorization": f"Bearer {self.judge_token}"}
        asked = urllib.request.Request(f"{self.origin}/_practice/{page}", headers=headers)  # noqa: S310 - loopback
        with urllib.request.urlopen(asked, timeout=PATIENCE_S) as answer:  # noqa: S310 - loopback
            return json.load(answer)

    def close(self) -> None:
        self.process.signal(signal.SIGTERM)
        self.process.wait()


@dataclass
class Desk:
    """One user's machine: a folder to work in, a home for the program, and the program."""

    starter: Starter
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    """More of the environment."""
    opened: list[Practice] = field(default_factory=list)
    program: str = "bulk_orders.__main__"
    """What `start` and `run` start."""

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: os.environ[name]
            for name in ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH")
            if name in os.environ
        }
        return {**kept, "BULK_ORDERS_HOME": str(self.home), "NO_PROXY": "127.0.0.1", **self.settings}

    def start(self, *arguments: object) -> Process:
        return self._start(self.program, arguments)

    def run(self, *arguments: object) -> Ended:
        return self.start(*arguments).wait()

    def run_cold(self, *arguments: object, **environment: str) -> Ended:
        """As from a shell, with a new interpreter."""
        return ColdProcess(
            [sys.executable, "-m", "bulk_orders", *map(str, arguments)],
            folder=self.folder,
            environment={**self.environment, **environment},
        ).wait()

    def at_a_terminal(self, terminal: int, *arguments: object) -> Process:
        return self._start("bulk_orders.__main__", arguments, terminal)

    def practice(self, *options: object) -> Practice:
        """A practice marketplace on a free port, until the test ends."""
        token = self.home / f"judge-{len(self.opened)}.token"
        process = self._start("bulk_orders.sandbox.__main__", (*options, "--judge-token-file", token))
        process.says("listening on ")
        opened = Practice(process, process.out.split()[-1], token.read_text(encoding="utf-8"))
        self.opened.append(opened)
        return opened

    def close(self) -> None:
        for practice in self.opened:
            practice.close()

    def _start(self, program: str, arguments: Sequence[object], terminal: int | None = None) -> Process:
        return self.starter.start(
            program,
            [str(argument) for argument in arguments],
            folder=self.folder,
            environment=self.environment,
            terminal=terminal,
        )

    def __enter__(self) -> Self:
        self.home.mkdir(parents=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def name_ledger(home: Path, url: str) -> None:
    """Have the practice profile of this home keep its ledger in a database."""
    address = home / "ledger-url.txt"
    address.write_text(url, encoding="ascii")
    address.chmod(0o600)
    line = f"[profiles.practice]\nledger_url_file = '{address}'\n"
    (home / "settings.toml").write_text(line, encoding="utf-8")


def wait_until(is_so: Any, what: str, *, for_s: float = PATIENCE_S) -> None:
    end = time.monotonic() + for_s
    while not is_so():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.01)
