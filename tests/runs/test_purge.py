"""What is found when data about people is to be erased, and what has to wait."""

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_parts import a_plan, kept

from bulk_orders.cli.ages import moment_before
from bulk_orders.core.columns.table import COLUMNS
from bulk_orders.core.lifecycle import OrderRecord, State, Step, step
from bulk_orders.core.model import SheetRole
from bulk_orders.core.summary import Disposition
from bulk_orders.errors import UsageError
from bulk_orders.ledger.interface import RowRecord, RunRecord
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.runs.purge import Scope, find, says

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
PLAN_ENDS = a_plan().expires_at
ACCOUNT = "cloud.example.com|us|me"
SETTLING = (Step.BEGUN, Step.REJECTED)


def run_of(run_id: str, days_ago: int, *, account: str = ACCOUNT) -> RunRecord:
    return RunRecord(
        run_id=run_id,
        account=account,
        environment="LIVE",
        profile="live",
        marketplace="us",
        source_name="orders.xlsx",
        source_path="/in/orders.xlsx",
        source_sha256="",
        operator="ops",
        host="host",
        program_version="0.1.0",
        started_at=NOW - timedelta(days=days_ago, hours=1),
        ended_at=NOW - timedelta(days=days_ago),
    )


def order_of(number: int, customer_id: str, run: RunRecord) -> OrderRecord:
    return OrderRecord(
        key=f"k1:{number}",
        account=run.account,
        run_id=run.run_id,
        sheet_row=number,
        reference=f"R-{number}",
        customer_id=customer_id,
        mpn="M1",
        quantity="1",
        domain="",
        marker=f"PO-{number}",
        body="{}",
        fingerprint="f",
    )


def recorded(
    ledger: MemoryLedger, run: RunRecord, *customers: str, source: bytes = b"x", first: int = 2
) -> None:
    """A run with an order for each of the customers, all refused."""
    orders = [order_of(first + place, customer, run) for place, customer in enumerate(customers)]
    rows = [
        RowRecord(run_id=run.run_id, sheet_row=one.sheet_row, disposition=Disposition.TO_SEND, key=one.key)
        for one in orders
    ]
    ledger.enlist(run, rows, new=orders, again=[], source=source)
    for one in orders:
        before = one
        for what in SETTLING:
            after = step(before, what)
            ledger.advance(before, after, what, at=run.started_at)
            before = after


def found(ledger: MemoryLedger, **scope: object) -> tuple[list[int], list[str], list[tuple[str, int | None]]]:
    there = find(ledger, Scope(**scope))  # type: ignore[arg-type]
    return (
        [order.sheet_row for order in there.orders],
        sorted(run.run_id for run in there.runs),
        [(one.run_id, one.sheet_row) for one in there.still_needed],
    )


def test_a_customer_s_orders_are_found_and_every_run_whose_workbook_says_the_id() -> None:
    ledger = MemoryLedger()
    recorded(ledger, run_of("a", 9), "c-1", "c-2")
    recorded(ledger, run_of("b", 8), "c-2", first=10)
    recorded(ledger, run_of("c", 7), "c-2", first=20, source=b"a wrong row of c-1, too")
    assert found(ledger, customer_id="c-1") == ([2], ["a", "c"], [])


def test_what_ended_before_is_found_and_what_ended_at_that_very_moment_is_not() -> None:
    ledger = MemoryLedger()
    recorded(ledger, run_of("a", 10), "c-1")
    assert found(ledger, before=NOW - timedelta(days=10)) == ([], [], [])
    assert found(ledger, before=NOW - timedelta(days=10) + timedelta(seconds=1)) == ([2], ["a"], [])


def test_an_order_that_was_taken_after_its_run_counts_from_then() -> None:
    ledger = MemoryLedger()
    recorded(ledger, run_of("a", 10), "c-1")
    before = ledger.order("k1:2")
    assert before is not None
    later = step(before, Step.FOUND, order_id="o-1", accepted_at=NOW - timedelta(days=1))
    ledger.advance(before, later, Step.FOUND, at=NOW)
    assert found(ledger, before=NOW - timedelta(days=5)) == ([], ["a"], [])


def test_only_the_named_account_is_looked_at() -> None:
    ledger = MemoryLedger()
    recorded(ledger, run_of("a", 9), "c-1")
    recorded(ledger, run_of("b", 9, account="another"), "c-1", first=10)
    assert found(ledger, customer_id="c-1", account="another") == ([10], ["b"], [])


@pytest.mark.parametrize("state", [State.PENDING, State.IN_FLIGHT, State.UNKNOWN, State.HELD])
def test_a_row_that_is_not_settled_waits_and_so_does_the_workbook_of_its_run(state: State) -> None:
    ledger = MemoryLedger()
    run = run_of("a", 9)
    held = {"code": "S-HELD", "message": "why", "held_at": NOW} if state is State.HELD else {}
    waits = replace(order_of(2, "c-1", run), state=State.HELD if held else State.PENDING, **held)
    row = RowRecord(run_id="a", sheet_row=2, disposition=Disposition.TO_SEND, key=waits.key)
    ledger.enlist(run, [row], new=[waits], again=[], source=b"x")
    for what in {State.IN_FLIGHT: (Step.BEGUN,), State.UNKNOWN: (Step.BEGUN, Step.NO_VERDICT)}.get(state, ()):
        after = step(waits, what)
        ledger.advance(waits, after, what, at=NOW)
        waits = after

    there = find(ledger, Scope(customer_id="c-1"))

    assert (there.orders, there.runs) == ((), ())
    command = "resume" if state is State.PENDING else "resolve"
    assert [(one.sheet_row, one.todo) for one in there.still_needed] == [
        (2, f"bulk-orders {command} a"),
        (None, "bulk-orders resolve a"),
    ]


def test_a_run_that_has_not_ended_keeps_its_workbook_and_its_settled_orders_can_go() -> None:
    ledger = MemoryLedger()
    recorded(ledger, replace(run_of("a", 9), ended_at=None), "c-1")
    assert found(ledger, customer_id="c-1") == ([2], [], [("a", None)])


def test_what_is_erased_is_not_found_again() -> None:
    ledger = MemoryLedger()
    recorded(ledger, run_of("a", 9), "c-1", "c-2")
    there = find(ledger, Scope(before=NOW))
    ledger.erase(there.orders, there.runs, at=NOW)
    assert found(ledger, before=NOW) == ([], [], [])


# Whether a workbook says a customer's id


def as_xlsx(text: str) -> bytes:
    book = openpyxl.Workbook()
    book.active["B7"] = text
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def as_csv(text: str) -> bytes:
    written = StringIO()
    csv.writer(written).writerow(["a", text])
    return written.getvalue().encode()


@pytest.mark.parametrize("kind", [as_xlsx, as_csv])
@given(
    customer_id=st.text("abcXYZ0123456789-_.&<é", min_size=3, max_size=12).filter(
        lambda text: text[0].isalnum()
    )
)
def test_an_id_in_any_cell_is_found(kind: object, customer_id: str) -> None:
    assert says(kind(customer_id), customer_id)  # type: ignore[operator]


@pytest.mark.parametrize("kind", [as_xlsx, as_csv])
@pytest.mark.parametrize("text", ["1000106000", "100010600", "41000106001", "1000106001a"])
def test_a_longer_or_another_id_is_not_taken_for_it(kind: object, text: str) -> None:
    assert not says(kind(text), "1000106001")  # type: ignore[operator]


def test_what_cannot_be_read_may_say_it_and_what_is_erased_does_not() -> None:
    assert says(b"PK\3\4 cut off", "1000106001")
    assert not says(b"", "1000106001")
    assert says("id;1000106001".encode("utf-16"), "1000106001")


# How old


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("0d", datetime(2026, 11, 29, 9, tzinfo=UTC)),
        ("400d", datetime(2025, 10, 25, 9, tzinfo=UTC)),
        ("400", datetime(2025, 10, 25, 9, tzinfo=UTC)),
        (" 400 Days ", datetime(2025, 10, 25, 9, tzinfo=UTC)),
        ("2w", datetime(2026, 11, 15, 9, tzinfo=UTC)),
        ("2 weeks", datetime(2026, 11, 15, 9, tzinfo=UTC)),
        ("9 months", datetime(2026, 2, 28, 9, tzinfo=UTC)),
        ("11mo", datetime(2025, 12, 29, 9, tzinfo=UTC)),
        ("12m", datetime(2025, 11, 29, 9, tzinfo=UTC)),
        ("1 year", datetime(2025, 11, 29, 9, tzinfo=UTC)),
        ("2y", datetime(2024, 11, 29, 9, tzinfo=UTC)),
    ],
)
def test_an_age_is_read_as_people_type_it(text: str, moment: datetime) -> None:
    assert moment_before(text, NOW) == moment


@pytest.mark.parametrize(
    "text", ["", "old", "-1d", "1.5y", "400 days ago", "3000y", "99999 years", "4h", "400dd"]
)
def test_what_is_no_age_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match="Use for example 400d"):
        moment_before(text, NOW)


@given(st.integers(0, 9_999), st.sampled_from("dwmy"), st.datetimes())
def test_an_older_age_never_begins_later(number: int, unit: str, moment: datetime) -> None:
    now = moment.replace(tzinfo=UTC)
    try:
        older = moment_before(f"{number + 1}{unit}", now)
    except UsageError:
        return
    assert older <= moment_before(f"{number}{unit}", now) <= now


# What stays in results without customers' data


def test_columns_that_are_about_people_are_left_out_and_so_is_what_is_new() -> None:
    kept = {(entry.sheet, entry.name) for entry in COLUMNS if entry.names_nobody}
    assert {sheet for sheet, _ in kept} == {SheetRole.ORDERS, SheetRole.PRODUCTS}
    assert {name for sheet, name in kept if sheet is SheetRole.ORDERS} == {
        *("check", "submit", "reference", "customer_id", "mpn", "product_name", "quantity", "commitment"),
        *("billing", "po_number", "offer_attestation", "order_type", "max_price", "vendor"),
        *("subscription", "microsoft_subscription", "microsoft_order"),
    }


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        (Scope(customer_id="c-1"), True),
        (Scope(customer_id="c-11"), False),
        (Scope(before=PLAN_ENDS + timedelta(seconds=1)), True),
        (Scope(before=PLAN_ENDS), False),
        (Scope(customer_id="c-1", account="another"), False),
        (Scope(customer_id="c-1", before=PLAN_ENDS), False),
    ],
)
def test_a_plan_is_found_by_its_customers_and_when_it_is_over_until_it_is_erased(
    scope: Scope, found: bool
) -> None:
    ledger = kept(a_plan())
    assert find(ledger, scope).plans == (ledger.plans() if found else ())
    ledger.erase([], [], at=NOW, plans=ledger.plans())
    assert find(ledger, scope).plans == ()
