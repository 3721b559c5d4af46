"""Starts the program in processes of their own without waiting for its libraries to load each time.

Run as a program it loads them once, and then forks a process for each start that it is asked for. Such a process has its
own streams, folder, environment and signals, like one started from a shell; only the interpreter's own start is missing,
so what depends on that (encodings, closed streams) is tested with `python -m`.
"""

import importlib
import json
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tree before any installed copy

from run_once import run_once


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, _bury)
    run_once()
    door = socket.socket(fileno=int(sys.argv[1]))
    door.sendall(b"+")
    while True:
        asked, descriptors, _, _ = socket.recv_fds(door, 65536, 4)
        if not asked:
            return
        if os.fork() == 0:
            door.close()
            _watch(json.loads(asked), descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _bury(*_: object) -> None:
    """Take leave of the watchers that have ended, so that what they and theirs cost is counted as ours."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _watch(asked: dict[str, object], descriptors: list[int]) -> NoReturn:
    """Start the program, tell its number, wait for its end, tell how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *streams, telling = descriptors
    number = os.fork()
    if number == 0:
        os.close(telling)
        _become(asked, streams)
    for stream in streams:
        os.close(stream)
    os.write(telling, f"{number}\n".encode())
    _, ended = os.waitpid(number, 0)
    os.write(telling, f"{os.waitstatus_to_exitcode(ended)}\n".encode())
    os._exit(0)


def _become(asked: dict[str, object], streams: list[int]) -> NoReturn:
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
        os.close(stream)
    os.chdir(str(asked["folder"]))
    os.environ.clear()
    os.environ.update(asked["environment"])  # type: ignore[call-overload]
    sys.stdin = os.fdopen(0, encoding="utf-8")
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False, buffering=1)
    code = importlib.import_module(str(asked["program"])).main(asked["arguments"])
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
