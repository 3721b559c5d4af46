"""Other processes that use a ledger; each runs a function of a test module, which it imports."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def process(what: Callable[[Path], None], path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that runs one of its file's functions; it ends with the block at the latest."""
    program = f"import sys; sys.path.insert(0, sys.argv[1]); import {what.__module__} as this; this.{what.__name__}(this.Path(sys.argv[2]))"
    command = [sys.executable, "-c", program, str(Path(__file__).parent), str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        try:
            yield started
        finally:
            started.kill()


def output(what: Callable[[Path], None], path: Path) -> list[str]:
    with process(what, path) as started:
        said, _ = started.communicate(timeout=60)
    assert started.returncode == 0
    return said.splitlines()
