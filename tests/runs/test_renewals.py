"""Renewals from the pull to the subscription: pulled, edited, checked and run, over real HTTP."""

import json
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from fake_clock import FakeClock
from runs.practice_office import Ended, office, ordered

from bulk_orders.checking.check import CheckContext
from bulk_orders.checking.result import CheckResult
from bulk_orders.checking.told_later import with_told
from bulk_orders.core.acting import for_subscription, with_seats
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.order_types import AUTO_RENEW_OFF, CHANGE_AT_RENEWAL, CHANGE_NOW, target_of, type_of
from bulk_orders.errors import ExitCode
from bulk_orders.runs.ask_marketplace import Said, ask, prices
from bulk_orders.runs.follow import follow_run
from bulk_orders.runs.kept_answers import KeptAnswers
from bulk_orders.runs.known_rows import known_rows
from bulk_orders.runs.mapped_source import read_source
from bulk_orders.runs.pull_subscriptions import Wanted, pull_subscriptions
from bulk_orders.runs.pulled_workbook import read_pulled
from bulk_orders.runs.subscription_sheet import carry, sheet_rows
from bulk_orders.sandbox import Simulator
from bulk_orders.sending.services import Services
from bulk_orders.settings.profiles import PRACTICE_PROFILE
from bulk_orders.writing.new_book.subscriptions_book import write_subscriptions

Office = tuple[Services, Simulator]
UP, AT_RENEWAL, OFF = "1100033", "1100034", "1100035"
CUSTOMERS = ("1000105596", "1000105597", "1000105598")


@pytest.fixture
def practice() -> Iterator[Office]:
    with office("subscriptions=60") as parts:
        yield parts


def pulled(practice: Office, path: Path) -> Path:
    """Pull into a workbook, with the wishes of the one that is there."""
    services = practice[0]
    kept = KeptAnswers(None, account="", now=services.clock.now)
    found = pull_subscriptions(
        services, Wanted(customers=CUSTOMERS), kept=kept, tell=lambda _done, _all: None
    )
    rows = sheet_rows(found.found, found.at)
    rows = list(carry(rows, read_pulled(path)).rows) if path.exists() else rows
    path.unlink(missing_ok=True)
    return write_subscriptions(path, rows, environment="PRACTICE", pulled_at=found.at)


def wish(path: Path, subscription: str, **wishes: object) -> int:
    """Write into the row of a subscription and return its number."""
    book = openpyxl.load_workbook(path)
    sheet = book["Subscriptions"]
    places = {
        str(cell.value).casefold().replace(" ", "_").replace("-", "_"): cell.column for cell in sheet[3]
    }
    row = next(row for row in range(4, sheet.max_row + 1) if sheet.cell(row, 1).value == subscription)
    for name, value in wishes.items():
        sheet.cell(row, places[name]).value = value
    book.save(path)
    return row


def shown(path: Path, subscription: str) -> dict[str, str]:
    rows = read_pulled(path).rows.values()
    return dict(next(row.texts for row in rows if row.text("subscription_id") == subscription))


def wait(practice: Office, seconds: float) -> None:
    clock = practice[0].clock
    assert isinstance(clock, FakeClock)
    clock.advance(seconds)


def run(practice: Office, path: Path) -> tuple[Ended, dict[str, OrderRecord]]:
    ended = ordered(practice[0], path.parent, None, path)
    return ended, {found.reference.partition("-")[0]: found for found in practice[0].ledger.orders()}


def checked(practice: Office, path: Path) -> CheckResult:
    return read_source(path, CheckContext(today=practice[0].clock.now().date()))[1]


def asked(practice: Office, path: Path) -> Said:
    """Ask the marketplace about a workbook, prices included."""
    services, found = practice[0], checked(practice, path)
    kept = KeptAnswers(None, account="", now=services.clock.now)
    return ask(services, to_send(practice, path), found, kept=kept, tell=lambda _done, _all: None)


def to_send(practice: Office, path: Path) -> Sequence[OrderRecord]:
    services, found = practice[0], checked(practice, path)
    now = services.clock.now()
    known = known_rows(services.ledger, PRACTICE_PROFILE, found, templates=services.templates, now=now)
    return known.to_send


@pytest.fixture
def renewals(practice: Office, tmp_path: Path) -> Path:
    """A workbook with three wishes."""
    path = pulled(practice, tmp_path / "renewals.xlsx")
    wish(path, UP, seats_after=50, when="Now")
    wish(path, AT_RENEWAL, seats_after=40)
    wish(path, OFF, auto_renew_after="No")
    return path


def test_each_wish_becomes_its_action_and_the_same_workbook_sends_nothing_a_second_time(
    practice: Office, renewals: Path
) -> None:
    ended, orders = run(practice, renewals)
    assert ended == Ended(code=ExitCode.OK, accepted=3, reason="")
    actions = {name: type_of(order.body) for name, order in orders.items()}
    assert actions == {UP: CHANGE_NOW, AT_RENEWAL: CHANGE_AT_RENEWAL, OFF: AUTO_RENEW_OFF}
    placed = practice[1].requests["POST /orders"]

    again, _ = run(practice, renewals)

    assert (again.code, again.accepted) == (ExitCode.OK, 3)
    assert (placed, practice[1].requests["POST /orders"]) == (2, 2)


@pytest.mark.long
def test_what_was_done_is_in_the_next_pull_and_what_is_scheduled_is_not_sent_again(
    practice: Office, renewals: Path
) -> None:
    before = {name: shown(renewals, name) for name in (UP, AT_RENEWAL, OFF)}
    run(practice, renewals)
    wait(practice, 600)

    pulled(practice, renewals)

    after = {name: shown(renewals, name) for name in before}
    assert [after[name]["seats"] for name in after] == [
        "50",
        before[AT_RENEWAL]["seats"],
        before[OFF]["seats"],
    ]
    assert (before[OFF]["auto_renew"], after[OFF]["auto_renew"]) == ("Yes", "No")
    assert "is scheduled for" in after[AT_RENEWAL]["under_way"]
    found = checked(practice, renewals)
    assert [change.subscription_id for change in found.changes] == [AT_RENEWAL]
    run(practice, renewals)
    assert practice[1].requests["POST /orders"] == 2


@pytest.mark.long
def test_a_wish_of_next_year_is_a_new_order(practice: Office, tmp_path: Path) -> None:
    path = pulled(practice, tmp_path / "renewals.xlsx")
    wish(path, AT_RENEWAL, seats_after=40)
    run(practice, path)
    wait(practice, 400 * 86_400.0)
    pulled(practice, path)
    assert shown(path, AT_RENEWAL)["seats"] == "40"
    wish(path, AT_RENEWAL, seats_after=41)

    run(practice, path)

    references = [found.reference for found in practice[0].ledger.orders()]
    assert len(set(references)) == 2
    assert practice[1].requests["POST /orders"] == 2


def wished(practice: Office, path: Path, seats: int) -> int:
    """Pull, wish, run; and return how many orders were placed so far."""
    wait(practice, 3600)
    pulled(practice, path)
    wish(path, AT_RENEWAL, seats_after=seats)
    assert run(practice, path)[0].code is ExitCode.OK
    wait(practice, 3600)
    return practice[1].requests["POST /orders"]


@pytest.mark.long
def test_what_was_wished_once_and_changed_since_is_ordered_again_and_by_no_older_workbook(
    practice: Office, tmp_path: Path
) -> None:
    path, first = tmp_path / "renewals.xlsx", tmp_path / "first.xlsx"
    assert wished(practice, path, 40) == 1
    shutil.copy(path, first)
    assert wished(practice, path, 40) == 1
    assert wished(practice, path, 41) == 2
    run(practice, first)
    assert practice[1].requests["POST /orders"] == 2
    assert wished(practice, path, 40) == 3
    assert wished(practice, path, 40) == 3
    assert wished(practice, path, 41) == 4
    run(practice, first)
    assert practice[1].requests["POST /orders"] == 4


@pytest.mark.long
def test_what_was_done_and_set_back_by_hand_is_ordered_again_once_by_a_later_pull(
    practice: Office, tmp_path: Path
) -> None:
    services, path = practice[0], pulled(practice, tmp_path / "renewals.xlsx")
    had = shown(path, UP)["seats"]
    wish(path, UP, seats_after=50, when="Now")
    run(practice, path)
    wait(practice, 3600)
    follow_run(services, services.ledger.runs()[0], wait_s=60.0)
    there, order = services.marketplace.get_subscription(UP), next(services.ledger.orders())
    assert there is not None
    assert [line.seats for line in there.lines or ()] == [50]
    by_hand = with_seats({**json.loads(order.body), "poNumber": "BY-HAND"}, int(had))
    assert services.marketplace.place(for_subscription(by_hand, there)).status == 201  # type: ignore[union-attr]
    wait(practice, 3600)

    run(practice, path)
    assert practice[1].requests["POST /orders"] == 2
    pulled(practice, path)
    assert (shown(path, UP)["seats"], shown(path, UP)["seats_after"]) == (had, "50")
    run(practice, path)
    run(practice, path)

    assert practice[1].requests["POST /orders"] == 3


def test_a_subscription_that_is_not_as_the_sheet_says_is_not_changed_and_both_figures_are_told(
    practice: Office, renewals: Path
) -> None:
    seats = int(shown(renewals, AT_RENEWAL)["seats"])
    typed_over = wish(renewals, AT_RENEWAL, seats=seats + 1)
    wish(renewals, OFF, auto_renew="No", auto_renew_after="Yes")
    other = wish(renewals, UP, seats=45)

    said = asked(practice, renewals)
    assert {problem.cells: problem.code for problem in said.problems} == {
        (f"F{row}",): "O-CHANGED" for row in (typed_over, other)
    }

    ended, orders = run(practice, renewals)

    assert practice[1].requests["POST /orders"] == 0
    assert (orders[AT_RENEWAL].state, orders[AT_RENEWAL].code) == (State.GAVE_UP, "S-CHANGED")
    assert orders[AT_RENEWAL].message == (
        "the workbook says that subscription {target} has {was} seats, and it has {now}.".format(
            target=AT_RENEWAL, was=seats + 1, now=seats
        )
    )
    results = openpyxl.load_workbook(renewals.parent / "results.xlsx")
    assert "the workbook says" in results["Subscriptions"][f"F{typed_over}"].comment.text
    assert orders[OFF].state is State.ACCEPTED  # it is renewed already, as is wanted
    assert ended.accepted == 1


def test_a_row_that_was_ordered_is_not_warned_of_its_own_scheduled_order(
    practice: Office, renewals: Path
) -> None:
    run(practice, renewals)
    again = pulled(practice, renewals)
    found = checked(practice, again)
    ours = {problem.sheet_row for problem in found.problems if problem.code == "W-UNDER-WAY"}
    services, now = practice[0], practice[0].clock.now()
    known = known_rows(services.ledger, PRACTICE_PROFILE, found, templates=services.templates, now=now)
    told = with_told(found, known.problems, ordered=known.ordered)
    assert ours & set(known.ordered)
    assert not any(problem.code == "W-UNDER-WAY" for problem in told.problems)


@pytest.mark.long
def test_a_renewal_date_that_was_typed_over_orders_nothing_again_and_both_dates_are_told(
    practice: Office, renewals: Path
) -> None:
    run(practice, renewals)
    row = wish(renewals, AT_RENEWAL, renewal_date=date(2028, 1, 31))

    (told,) = (problem for problem in asked(practice, renewals).problems if problem.code == "O-CHANGED")
    ended, _ = run(practice, renewals)

    assert (told.cells, "is renewed on 31-Jan-2028" in told.message) == ((f"F{row}",), True)
    assert (ended.code, practice[1].order_count) == (ExitCode.SOME_FAILED, 2)


def test_fewer_seats_than_are_used_are_refused_on_the_cell_before_and_after_and_stop_no_other_row(
    practice: Office, renewals: Path
) -> None:
    row = wish(renewals, AT_RENEWAL, seats_after=1)

    (refused,) = (problem for problem in asked(practice, renewals).problems if problem.cells == (f"F{row}",))
    assert (refused.code, "exceeds the new limit" in refused.message) == ("O-REFUSED", True)
    ended, orders = run(practice, renewals)

    assert (ended.code, ended.accepted, ended.reason) == (ExitCode.SOME_FAILED, 2, "")
    assert orders[AT_RENEWAL].state is State.REJECTED
    results = openpyxl.load_workbook(renewals.parent / "results.xlsx")["Subscriptions"]
    assert "exceeds the new limit" in results[f"F{row}"].comment.text


def test_a_price_that_is_not_told_because_another_order_is_under_way_stops_no_other_row(
    practice: Office, renewals: Path
) -> None:
    there = practice[0].marketplace.get_subscription(UP)
    order = next(found for found in to_send(practice, renewals) if target_of(found.body) == UP)
    assert there is not None
    by_hand = for_subscription({**json.loads(order.body), "poNumber": "BY-HAND"}, there)
    practice[0].marketplace.place(by_hand)

    (told,) = (problem for problem in asked(practice, renewals).problems if problem.code == "W-NOT-ASKED")
    orders = to_send(practice, renewals)
    priced = prices(practice[0], orders)

    assert "there is alr" in told.message
    assert [order.reference[:7] for order in orders if order.key in priced] == [AT_RENEWAL]
