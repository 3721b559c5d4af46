"""Changes of seats, from the workbook to the subscription: over real HTTP, with a clock that does not make anybody wait."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from runs.online_parts import book, customer, order
from runs.practice_office import Ended, office, ordered

from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.summary import Outcome
from bulk_orders.errors import ExitCode
from bulk_orders.runs.follow import follow_run
from bulk_orders.sandbox import Simulator
from bulk_orders.sending.services import Services

SUBSCRIPTION, CUSTOMER, MPN = "1100033", "1000105596", "CFQ7TTC0LH16:0001"
"""46 seats, from before the practice."""
LATE = (
    "subscription 1100033 has 46 seats, and fewer were possible until 14-Jun-2026; "
    "the next time is its renewal."
)
Office = tuple[Services, Simulator]


@pytest.fixture
def practice() -> Iterator[Office]:
    with office("subscriptions=60") as parts:
        yield parts


def change(number: int, seats: int, subscription: str = SUBSCRIPTION, mpn: str = MPN) -> list[str]:
    row = order(
        number,
        **{"Customer ID": CUSTOMER, "MPN": mpn, "Quantity": str(seats), "Commitment": "", "Billing": ""},
        **{"Offer attestation": ""},
    )
    return [*row, "Change seats now", subscription]


def sent(practice: Office, folder: Path, *rows: list[str]) -> tuple[Ended, list[OrderRecord]]:
    path = folder / "changes.xlsx"
    bare = customer(CUSTOMER, Tenant="", Domain="", Partner_of_record_attested="", MCA_accepted="")
    path.write_bytes(book(rows, [bare], also=("Action", "Subscription")))
    ended = ordered(practice[0], folder, None, path)
    return ended, sorted(practice[0].ledger.orders(), key=lambda found: found.sheet_row)


def seats(practice: Office, subscription: str = SUBSCRIPTION) -> int:
    found = practice[0].marketplace.get_subscription(subscription)
    assert found is not None
    assert found.lines is not None
    assert found.lines[0].seats is not None
    return found.lines[0].seats


def followed(practice: Office, wait_s: float) -> list[Outcome]:
    services = practice[0]
    run = next(iter(services.ledger.runs()))
    return [row.outcome for row in follow_run(services, run, wait_s=wait_s).report.rows]


PERIODS: Mapping[str, Any] = {
    "billingPeriod": {"type": "month", "duration": 1},
    "subscriptionPeriod": {"type": "year", "duration": 1},
}


def test_seats_are_changed_and_the_row_is_done_once_the_subscription_shows_it(
    practice: Office, tmp_path: Path
) -> None:
    ended, (made,) = sent(practice, tmp_path, change(1, 50))

    assert ended == Ended(code=ExitCode.OK, accepted=1, reason="")
    assert (made.order_number, made.subscription_id, made.platform_status) == (
        "CH000001",
        SUBSCRIPTION,
        "submitted",
    )
    (placed,) = practice[1].orders
    assert placed["sent"]["subscriptionId"] == placed["sent"]["products"][0]["subscriptionId"] == SUBSCRIPTION
    assert placed["sent"]["products"][0] == {
        "vendor": "Microsoft",
        "mpn": MPN,
        "quantity": 50,
        "subscriptionId": SUBSCRIPTION,
        **PERIODS,
    }
    assert followed(practice, 60.0) == [Outcome.ORDERED]
    assert seats(practice) == 50

    again, _ = sent(practice, tmp_path, change(1, 50))
    assert (again.code, practice[1].order_count) == (ExitCode.OK, 1)


@pytest.mark.long
def test_a_subscription_that_is_so_already_needs_no_order(practice: Office, tmp_path: Path) -> None:
    ended, (made,) = sent(practice, tmp_path, change(1, 46))

    assert (ended.code, practice[1].order_count) == (ExitCode.OK, 0)
    assert (made.state, made.name) == (State.ACCEPTED, f"subscription {SUBSCRIPTION}")
    assert followed(practice, 0.0) == [Outcome.ORDERED]


@pytest.mark.long
@pytest.mark.parametrize("fault", ["reset-after-commit", "500-after-commit", "504-html"])
def test_a_change_whose_answer_is_lost_is_found_and_not_sent_again(
    fault: str, practice: Office, tmp_path: Path
) -> None:
    practice[1].fail_next(fault)
    ended, (made,) = sent(practice, tmp_path, change(1, 50))

    assert (ended.code, made.state, made.order_number) == (ExitCode.OK, State.ACCEPTED, "CH000001")
    assert practice[1].order_count == 1


@pytest.mark.long
def test_a_conflict_is_waited_for_although_it_comes_as_a_failure(practice: Office, tmp_path: Path) -> None:
    services, simulator = practice
    real = services.marketplace.place
    taken: list[int] = []

    def place(body: Mapping[str, Any]) -> Any:
        if not taken:
            taken.append(1)
            real(
                {
                    "type": "change",
                    "customerId": CUSTOMER,
                    "subscriptionId": SUBSCRIPTION,
                    "poNumber": "BY-HAND",
                    "products": [{"mpn": MPN, "quantity": 48, **PERIODS}],
                }
            )
        return real(body)

    services.marketplace.place = place  # type: ignore[method-assign]
    ended, (made,) = sent(practice, tmp_path, change(1, 50))

    assert (ended.code, made.state, made.order_number) == (ExitCode.OK, State.ACCEPTED, "CH000002")
    assert made.attempts == 2
    assert followed(practice, 60.0) == [Outcome.ORDERED]
    assert (seats(practice), simulator.order_count) == (50, 2)


@pytest.mark.long
def test_a_change_without_effect_is_not_called_done(practice: Office, tmp_path: Path) -> None:
    practice[1].fail_next("change-without-effect")
    sent(practice, tmp_path, change(1, 50))

    assert followed(practice, 60.0) == [Outcome.ACCEPTED]
    assert followed(practice, 1800.0) == [Outcome.ORDER_IN_ERROR]
    (made,) = practice[0].ledger.orders()
    assert (made.code, made.message) == ("S-NO-EFFECT", "the subscription has 46 seats and not 50.")


@pytest.mark.long
@pytest.mark.parametrize(
    ("row", "why"),
    [
        (change(1, 50, "1100034"), "subscription 1100034 belongs to another customer."),
        (change(1, 50, "999"), "the marketplace has no subscription 999."),
        (
            change(1, 40),
            LATE,
        ),
        (
            change(1, 50, mpn="CFQ7TTC0LHSF:0001"),
            f"subscription {SUBSCRIPTION} is of {MPN}, and not of CFQ7TTC0LHSF:0001.",
        ),
    ],
)
def test_what_cannot_be_done_to_a_subscription_is_not_sent(
    row: list[str], why: str, practice: Office, tmp_path: Path
) -> None:
    ended, (made,) = sent(practice, tmp_path, row)

    assert (made.state, made.code, made.message) == (State.GAVE_UP, "S-SUBSCRIPTION", why)
    assert (ended.code, practice[1].order_count) == (ExitCode.SOME_FAILED, 0)


@pytest.mark.long
def test_a_second_wish_for_a_subscription_in_doubt_is_held_whatever_it_asks_for(tmp_path: Path) -> None:
    with office("subscriptions=60", faults="list-lag=3600") as practice:
        practice[1].fail_next("reset-after-commit")
        first, _ = sent(practice, tmp_path, change(1, 50))
        assert first.code is ExitCode.OUTCOME_UNKNOWN

        _, orders = sent(practice, tmp_path, change(2, 51))

        states = {found.reference: found.state for found in orders}
        assert states == {"ROW-1": State.UNKNOWN, "ROW-2": State.HELD}
        assert practice[1].order_count == 1


@pytest.mark.long
@pytest.mark.parametrize("place", ["order", "line"])
def test_an_account_that_looks_for_the_subscription_in_one_place_gets_it_there(
    place: str, tmp_path: Path
) -> None:
    with office(f"subscriptions=60,subscription-id={place}") as practice:
        ended, _ = sent(practice, tmp_path, change(1, 50))
        assert (ended.code, practice[1].order_count) == (ExitCode.OK, 1)
        assert followed(practice, 60.0) == [Outcome.ORDERED]


@pytest.mark.long
def test_an_account_that_adds_the_quantity_to_what_is_there_gets_no_change(tmp_path: Path) -> None:
    with office("subscriptions=60,change=delta") as practice:
        ended, (made,) = sent(practice, tmp_path, change(1, 50))
        assert (ended.code, practice[1].order_count) == (ExitCode.SOME_FAILED, 0)
        assert "does not take the quantity for the new total" in made.message
