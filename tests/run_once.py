"""Loads all that the program needs into a process that will be forked, by running the program once in it.

Much is loaded only when it is first needed; what is loaded here, no fork has to load again. A dry run loads as much as a real one
and starts fewer processes of its own.
"""

import gc
import importlib
import io
import logging
import os
import signal
import tempfile
import threading
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from books.order_books import order_rows, write_book
from tqdm import tqdm

PROGRAM = "bulk_orders.__main__"
MARKETPLACE = "bulk_orders.sandbox.__main__"
_COMMANDS = ("check", "doctor_command", "follow", "purge", "report", "run", "sandbox")
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_once() -> None:
    """Leaves no thread, no signal handler and no log behind; of the environment it takes the program's variables away."""
    # Threads of numeric libraries would not survive a fork.
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    for name in [name for name in os.environ if name.startswith("BULK_ORDERS_")]:
        del os.environ[name]
    for module in (PROGRAM, MARKETPLACE, *(f"bulk_orders.cli.commands.{name}" for name in _COMMANDS)):
        importlib.import_module(module)
    tqdm.monitor_interval = 0  # no thread of its own
    # The usual lock would be shared with, and held for ever by, those who are killed.
    tqdm.set_lock(threading.RLock())
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    code = _practise()
    for number, handler in before.items():
        signal.signal(number, handler)
    if code != 0 or threading.active_count() != 1:
        raise RuntimeError(f"the first run ended with {code} and left {threading.enumerate()}")
    gc.freeze()  # what is loaded stays shared with those who are forked


def _practise() -> int:
    with (
        tempfile.TemporaryDirectory() as folder,
        redirect_stdout(io.StringIO()),
        redirect_stderr(io.StringIO()),
    ):
        os.environ["BULK_ORDERS_HOME"] = folder
        book = write_book(Path(folder) / "orders.xlsx", order_rows(2))
        code = importlib.import_module(PROGRAM).main(["run", str(book), "--dry-run", "--json"])
        del os.environ["BULK_ORDERS_HOME"]
        logging.shutdown()
        logging.getLogger("bulk_orders").handlers.clear()
        return int(code)
