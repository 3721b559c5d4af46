"""The program and the practice marketplace as real processes that start in milliseconds.

The libraries are loaded once, by a process without threads, which forks for each start: what is killed is a process of
its own, with its own sockets, files and locks, like one started from a shell.
"""

import importlib
import json
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from run_once import MARKETPLACE

PATIENCE_S = 300.0
_GLANCE_S = 0.001


@dataclass
class Child:
    """A process that was forked; its output goes to a file."""

    pid: int
    out: Path
    code: int | None = None

    def poll(self) -> int | None:
        """Its exit code once it has ended, negative for a signal."""
        if self.code is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code

    def wait(self, seconds: float = PATIENCE_S) -> int | None:
        end = time.monotonic() + seconds
        while self.poll() is None and time.monotonic() < end:
            time.sleep(_GLANCE_S)
        return self.code

    def signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            if self.code is None:
                os.kill(self.pid, number)

    def kill(self) -> bool:
        """True if it was SIGKILL that ended it."""
        self.signal(signal.SIGKILL)
        return self.wait() == -signal.SIGKILL

    def told(self) -> dict[str, Any]:
        """What it printed as JSON."""
        return dict(json.loads(self.out.read_text(encoding="utf-8")))


def fork(
    module: str,
    arguments: Sequence[object],
    *,
    out: Path,
    environment: Mapping[str, str],
    stopped: bool = False,
) -> Child:
    """Start a program. With `stopped` it waits for SIGCONT before it does anything."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        _become(module, [str(argument) for argument in arguments], out, environment, stopped=stopped)
    return Child(pid, out)


def _become(
    module: str, arguments: list[str], out: Path, environment: Mapping[str, str], *, stopped: bool
) -> NoReturn:
    code = 99
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDONLY)
        here = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        there = os.open(f"{out}.err", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for place, stream in enumerate((nothing, here, there)):
            os.dup2(stream, place)
        os.closerange(3, 256)
        os.environ.update(environment)
        sys.stdin = open(0, encoding="utf-8")  # noqa: SIM115 - descriptors, for as long as the process lives
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
        if stopped:
            os.kill(os.getpid(), signal.SIGSTOP)
        code = importlib.import_module(module).main(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


class Market:
    """A practice marketplace that is a process of its own, and what a judge may ask it."""

    def __init__(self, folder: Path, *options: object, environment: Mapping[str, str] | None = None) -> None:
        self.state = folder / "marketplace.jsonl"
        said = folder / "marketplace.out"
        said.unlink(missing_ok=True)
        self.child = fork(
            MARKETPLACE,
            ("--state", self.state, "--judge-token-file", folder / "judge.token", *options),
            out=said,
            environment=environment or {},
        )
        end = time.monotonic() + PATIENCE_S
        while not (said.exists() and said.read_text(encoding="utf-8").endswith("\n")):
            if self.child.poll() is not None or time.monotonic() > end:
                raise RuntimeError(
                    f"the marketplace did not start: {Path(f'{said}.err').read_text(encoding='utf-8')}"
                )
            time.sleep(_GLANCE_S)
        self.url = said.read_text(encoding="utf-8").split()[-1]
        self._token = (folder / "judge.token").read_text(encoding="utf-8")

    def orders(self) -> list[dict[str, Any]]:
        return list(self._read("orders"))

    def stats(self) -> dict[str, Any]:
        return dict(self._read("stats"))

    def size(self) -> int:
        """Bytes of its journal: it grows with each order that is taken."""
        return self.state.stat().st_size if self.state.exists() else 0

    def close(self) -> None:
        self.child.signal(signal.SIGCONT)
        self.child.signal(signal.SIGTERM)
        if self.child.wait(10.0) is None:
            self.child.kill()

    def _read(self, page: str) -> Any:
        origin = self.url.removesuffix("/marketplace/us")
        headers = {"Authorization": f"Bearer {self._token}"}
        asked = urllib.request.Request(f"{origin}/_practice/{page}", headers=headers)  # noqa: S310 - loopback
        with urllib.request.urlopen(asked, timeout=PATIENCE_S) as answer:  # noqa: S310 - loopback
            return json.load(answer)
