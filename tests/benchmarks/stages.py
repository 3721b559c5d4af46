"""What is measured, each in a process of its own: `python stages.py STAGE ARGUMENTS` prints one JSON object.

A process of its own has nothing loaded or cached by the others, and its peak memory is nobody else's.
"""

import gc
import json
import resource
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count, pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))  # the tree before any installed copy

from peak_memory import CAN_TELL, peak_mb

Figures = dict[str, float]

_KEPT_BETWEEN_LOOKS = 200_000
"""For circles to free, as the command has it (`bulk_orders.__main__`)."""


def cpu_s(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of some work, and what it returned."""
    started_s = time.process_time()
    result = work()
    return time.process_time() - started_s, result


def read_with_pandas(path: str) -> Figures:
    import pandas as pd  # noqa: PLC0415 - each stage pays for its own imports only

    read_s, frame = cpu_s(lambda: pd.read_excel(path, engine="openpyxl", dtype=str))
    return {"read_s": read_s, "rows": len(frame)}


def check(path: str) -> Figures:
    from bulk_orders.checking.check import CheckContext  # noqa: PLC0415
    from bulk_orders.checking.check import check as check_tables  # noqa: PLC0415
    from bulk_orders.reading.input_file import read_file  # noqa: PLC0415
    from bulk_orders.reading.workbook import read_workbook  # noqa: PLC0415

    gc.set_threshold(_KEPT_BETWEEN_LOOKS)
    file, context = Path(path), CheckContext(today=datetime(2026, 11, 22, tzinfo=UTC).date())
    one_row = b"Customer ID,Product (MPN),Quantity,State / province,Country\n1,A:1,x,NY,US\n"
    # The first check loads what pandera and the lists of countries and states leave until they are used.
    first_use_s, _ = cpu_s(lambda: check_tables(read_workbook(one_row, "one.csv"), context))
    read_s, tables = cpu_s(lambda: read_workbook(read_file(file), file.name))
    check_s, checked = cpu_s(lambda: check_tables(tables, context))
    return {
        "first_use_s": first_use_s,
        "read_s": read_s,
        "check_s": check_s,
        "rows": checked.row_count,
        "bad_rows": checked.error_row_count,
    }


def check_safely(path: str) -> Figures:
    """As the command reads: the file in a child with its limits, the check here."""
    from bulk_orders.checking.check import CheckContext  # noqa: PLC0415
    from bulk_orders.checking.check import check as check_tables  # noqa: PLC0415
    from bulk_orders.machine.isolation import ProcessLimits  # noqa: PLC0415
    from bulk_orders.reading.input_file import read_file  # noqa: PLC0415
    from bulk_orders.reading.isolated import read_safely  # noqa: PLC0415

    gc.set_threshold(_KEPT_BETWEEN_LOOKS)
    file, context = Path(path), CheckContext(today=datetime(2026, 11, 22, tzinfo=UTC).date())
    started_s = time.perf_counter()
    taken_s, tables = cpu_s(lambda: read_safely(read_file(file), file.name))
    check_s, checked = cpu_s(lambda: check_tables(tables, context))
    wall_s = time.perf_counter() - started_s
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "wall_s": wall_s,
        "read_s": child.ru_utime + child.ru_stime,
        "taken_s": taken_s,
        "check_s": check_s,
        "rows": checked.row_count,
        "bad_rows": checked.error_row_count,
        "child_limit_mb": ProcessLimits.for_size(file.stat().st_size).memory_bytes / 1e6,
    }


def check_frame(rows: str) -> Figures:
    """A DataFrame as a database hands it over, and its texts validated with pandera alone."""
    import contextlib  # noqa: PLC0415

    import pandas as pd  # noqa: PLC0415
    from flat_files import flat_rows  # noqa: PLC0415
    from pandera.errors import SchemaErrors  # noqa: PLC0415

    import bulk_orders  # noqa: PLC0415

    frame, today = pd.DataFrame(list(flat_rows(int(rows)))), datetime(2026, 11, 22, tzinfo=UTC).date()
    texts = frame.astype(object).map(str)

    def validate(some: pd.DataFrame) -> None:
        with contextlib.suppress(SchemaErrors):
            bulk_orders.schema("flat", today=today).validate(some, lazy=True)

    # The first of each loads what is left until it is used.
    validate(texts.head(200))
    bulk_orders.check(frame.head(200), today=today)
    pandera_s, _ = cpu_s(lambda: validate(texts))
    check_s, checked = cpu_s(lambda: bulk_orders.check(frame, today=today))
    return {
        "pandera_s": pandera_s,
        "check_s": check_s,
        "rows": checked.row_count,
        "bad_rows": checked.error_row_count,
    }


def advance(place: str, orders: str, threads: str) -> Figures:
    """Two durable steps for each order, as a run takes them: begun, accepted. `place` is a folder or a database."""
    from bulk_orders.core.lifecycle import AttemptRecord, OrderRecord, Step, step  # noqa: PLC0415
    from bulk_orders.core.summary import Disposition  # noqa: PLC0415
    from bulk_orders.ledger.interface import RowRecord, RunRecord  # noqa: PLC0415
    from bulk_orders.ledger.sql import SqlLedger  # noqa: PLC0415

    now = datetime.now(UTC)
    names = ("environment", "profile", "marketplace", "source_name", "source_path", "source_sha256")
    more = ("operator", "host", "program_version")
    run = RunRecord(
        run_id="r", account="a", started_at=now, options="{}", **dict.fromkeys((*names, *more), "x")
    )
    texts = ("reference", "mpn", "quantity", "domain", "fingerprint")
    pending = [
        OrderRecord(
            key=f"k{number}",
            account="a",
            run_id="r",
            sheet_row=number,
            customer_id=str(number),
            marker=str(number),
            body='{"x":"' + 900 * "y" + '"}',
            **dict.fromkeys(texts, "x"),
        )
        for number in range(int(orders))
    ]
    rows = [
        RowRecord(run_id="r", sheet_row=order.sheet_row, disposition=Disposition.TO_SEND, key=order.key)
        for order in pending
    ]
    with_ledger = _shared_ledger(place) if "://" in place else SqlLedger.open(Path(place) / "ledger.sqlite")
    with_ledger.enlist(run, rows, new=pending, again=[], source=b"x")

    def advance_twice(order: OrderRecord) -> None:
        begun = step(order, Step.BEGUN, attempts=1, sent_at=now)
        attempt = AttemptRecord(key=order.key, run_id="r", sheet_row=order.sheet_row, number=1, begun_at=now)
        with_ledger.advance(order, begun, Step.BEGUN, at=now, attempt=attempt)
        after = step(begun, Step.ACCEPTED, order_id=order.key, accepted_at=now)
        with_ledger.advance(begun, after, Step.ACCEPTED, at=now, attempt=attempt)

    used_s = time.process_time()
    with with_ledger.hold("a"):
        wall_s = in_threads(int(threads), pending, advance_twice)
    used_s = time.process_time() - used_s
    with_ledger.close()
    return {"advances_per_s": 2 * len(pending) / wall_s, "cpu_us": 1e6 * used_s / len(pending)}


def _shared_ledger(url: str) -> Any:
    from bulk_orders.ledger.postgres.address import address_of  # noqa: PLC0415
    from bulk_orders.ledger.postgres.store import PostgresStore  # noqa: PLC0415
    from bulk_orders.ledger.sql import SqlLedger  # noqa: PLC0415
    from bulk_orders.machine.clock import SystemClock  # noqa: PLC0415

    return SqlLedger(PostgresStore(address_of(url), SystemClock()))


def place(url: str, orders: str, threads: str) -> Figures:
    """The client alone, without ledger and pace."""
    from pydantic import SecretStr  # noqa: PLC0415

    from bulk_orders.marketplace.client import HttpMarketplace  # noqa: PLC0415
    from bulk_orders.marketplace.client_settings import ClientSettings  # noqa: PLC0415

    secret = SecretStr("practice")
    settings = ClientSettings(
        base_url=url, marketplace="us", user="practice", password=secret, subscription_key=secret
    )
    marketplace = HttpMarketplace(
        settings,
        connections=int(threads),
        monotonic=time.monotonic,
        now=lambda: datetime.now(UTC),
        sleep=time.sleep,
        jitter=lambda: 0.5,
        pace=lambda: None,
    )
    marketplace.sign_in()
    bodies = [{"type": "sales", "customerId": "1000106000", "poNumber": str(n)} for n in range(int(orders))]
    statuses: list[Any] = []
    used_s = time.process_time()
    wall_s = in_threads(
        int(threads),
        bodies,
        lambda body: statuses.append(getattr(marketplace.place(body), "status", None)),
    )
    used_s = time.process_time() - used_s
    marketplace.close()
    answered = sum(status is not None for status in statuses)
    return {"places_per_s": len(bodies) / wall_s, "cpu_us": 1e6 * used_s / len(bodies), "answered": answered}


def pace(slots: str) -> Figures:
    """What a slot costs when there is nothing to wait for, and how precisely slots come when there is."""
    from bulk_orders.core.pacing import Pacer  # noqa: PLC0415
    from bulk_orders.machine.clock import SystemClock  # noqa: PLC0415
    from bulk_orders.sending.limiter import Limiter  # noqa: PLC0415
    from bulk_orders.sending.pace import LocalPace  # noqa: PLC0415

    free, steps, stop = Pacer(rate_per_s=200.0), count(), threading.Event()
    used_s, _ = cpu_s(lambda: [free.reserve(float(next(steps))) for _ in range(int(slots))])
    limiter, moments = Limiter(LocalPace(200.0, SystemClock()), SystemClock()), []
    for _ in range(400):
        limiter.wait_turn(stop)
        moments.append(time.monotonic())
    gaps = sorted(later - earlier for earlier, later in pairwise(moments))
    busiest = max(sum(at <= other < at + 1 for other in moments) for at in moments)
    return {
        "slot_us": 1e6 * used_s / int(slots),
        "longest_gap_ms": 1e3 * gaps[-1],
        "share_of_rate": (len(moments) - 1) / (moments[-1] - moments[0]) / 200.0,
        "most_in_a_second": busiest,
    }


def in_threads(threads: int, items: list[Any], work: Callable[[Any], None]) -> float:
    """Wall seconds until all items are done."""
    shares = [items[start::threads] for start in range(threads)]
    workers = [threading.Thread(target=lambda mine=mine: [work(item) for item in mine]) for mine in shares]
    started_s = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.perf_counter() - started_s


STAGES: dict[str, Callable[..., Figures]] = {
    stage.__name__: stage
    for stage in (read_with_pandas, check, check_safely, check_frame, advance, place, pace)
}

if __name__ == "__main__":
    found = STAGES[sys.argv[1]](*sys.argv[2:])
    if CAN_TELL:
        found["peak_mb"] = peak_mb()
    print(json.dumps(found))
