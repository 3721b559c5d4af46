"""Processes that spend one credential's rate as the program does: orders, reads and sign-ins, each when its turn has come."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from postgres_server import Server, opened_in
from processes import Desk, Practice
from pydantic import SecretStr

from bulk_orders.marketplace.interface import ReadFailed
from bulk_orders.sending.services import Services
from bulk_orders.settings.folders import Folders
from bulk_orders.settings.profiles import PRACTICE_PROFILE
from bulk_orders.wiring import open_services

RATE_PER_S = 100
_THREADS = 8
_RECORDING_S = 0.01
_BODY = {"type": "sales", "customerId": "1000106000", "poNumber": "1"}


def spent(
    desk: Desk, postgres: Server, *, processes: int, for_s: float, sign_in_every_s: float
) -> tuple[float, Practice]:
    """Requests a second of so many processes together, once all go, and the marketplace that counted them.

    It refuses the 104th of any second.
    """
    url = postgres.new_database()
    opened_in(url).close()
    practice = desk.practice("--limit", RATE_PER_S + 3)
    with ExitStack() as running:
        spenders = [
            running.enter_context(spender(url, practice.base_url, desk.home, sign_in_every_s))
            for _ in range(processes)
        ]
        for started in spenders:
            assert started.stdout is not None
            assert started.stdout.readline() == "begun\n"
        time.sleep(1.0)
        before, began_s = _requests(practice), time.monotonic()
        time.sleep(for_s)
        mean_per_s = (_requests(practice) - before) / (time.monotonic() - began_s)
        for started in spenders:
            started.communicate()
    assert {started.returncode for started in spenders} == {0}
    return mean_per_s, practice


def _requests(practice: Practice) -> int:
    return sum(practice.stats()["requests"].values())


@contextmanager
def spender(url: str, base_url: str, home: Path, sign_in_every_s: float) -> Iterator["subprocess.Popen[str]"]:
    """One more process, which goes on until its stdin ends; it says when it has begun."""
    program = (
        "import sys; sys.path[:0] = sys.argv[1:3]; import rate_spenders as this; this.spend(*sys.argv[3:])"
    )
    tests = Path(__file__).parent
    given = (str(tests), str(tests.parent), url, base_url, str(home), str(sign_in_every_s))
    command = [sys.executable, "-c", program, *given]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        try:
            yield started
        finally:
            started.kill()


def spend(url: str, base_url: str, home: str, sign_in_every_s: str) -> None:
    """Order and read with sixteen threads, and sign in again so often."""
    profile = PRACTICE_PROFILE.model_copy(
        update={"base_url": base_url, "ledger_url": SecretStr(url), "rate_per_s": float(RATE_PER_S)}
    )
    folders = Folders(data=Path(home), config_file=Path(home) / "settings.toml", logs=Path(home))
    stop = threading.Event()
    with open_services(profile, folders, operator="spender") as services:
        services.marketplace.sign_in()
        acts: list[Callable[[Services], None]] = [*([_order] * _THREADS), *([_read] * _THREADS)]
        threads = [threading.Thread(target=_again, args=(act, services, stop)) for act in acts]
        threads.append(threading.Thread(target=_sign_in, args=(services, stop, float(sign_in_every_s))))
        for thread in threads:
            thread.start()
        print("begun", flush=True)
        sys.stdin.read()
        stop.set()
        for thread in threads:
            thread.join()


def _again(act: Callable[[Services], None], services: Services, stop: threading.Event) -> None:
    while not stop.is_set():
        act(services)


def _order(services: Services) -> None:
    services.limiter.wait_turn(threading.Event())
    time.sleep(_RECORDING_S)
    services.limiter.sending()
    services.marketplace.place(_BODY)


def _read(services: Services) -> None:
    try:
        services.marketplace.get_order("1")
    except ReadFailed:
        return


def _sign_in(services: Services, stop: threading.Event, every_s: float) -> None:
    while not stop.wait(every_s):
        services.marketplace.renew_token()
