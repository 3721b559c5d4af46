"""Auto-renew is set without an order: what proves it is a reading of the subscription, whatever was answered."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from runs.practice_office import office
from runs.test_changes import CUSTOMER, MPN, SUBSCRIPTION, Office, change, followed, order, sent

from bulk_orders.core.lifecycle import State
from bulk_orders.core.summary import Outcome
from bulk_orders.errors import ExitCode, GuardStopped
from bulk_orders.settings.profiles import Profile


@pytest.fixture
def practice() -> Iterator[Office]:
    with office("subscriptions=60") as parts:
        yield parts


def renewal(number: int, action: str, subscription: str = SUBSCRIPTION) -> list[str]:
    bare = dict.fromkeys(("Quantity", "Commitment", "Billing", "Offer attestation"), "")
    return [*order(number, **{"Customer ID": CUSTOMER, "MPN": MPN, **bare}), action, subscription]


def renews(practice: Office) -> bool | None:
    found = practice[0].marketplace.get_subscription(SUBSCRIPTION)
    return found and found.auto_renew


def test_auto_renew_is_turned_off_and_on_again_and_no_order_is_made(practice: Office, tmp_path: Path) -> None:
    for number, action, is_on in ((1, "Auto-renew off", False), (2, "Auto-renew on", True)):
        ended, orders = sent(practice, tmp_path, renewal(number, action))
        made = next(found for found in orders if found.reference == f"ROW-{number}")
        assert (ended.code, made.state, made.order_id) == (ExitCode.OK, State.ACCEPTED, "")
        assert (made.platform_status, made.subscription_id) == ("completed", SUBSCRIPTION)
        assert renews(practice) is is_on
        assert followed(practice, 0.0) == [Outcome.ORDERED]
    asked = practice[1].requests["PATCH /subscriptions/{id}"]
    assert (asked, practice[1].order_count) == (2, 0)

    assert sent(practice, tmp_path, renewal(2, "Auto-renew on"))[0].code is ExitCode.OK
    assert practice[1].requests["PATCH /subscriptions/{id}"] == asked


@pytest.mark.long
@pytest.mark.parametrize(
    "fault", ["reset-after-commit", "500-after-commit", "504-html", "empty-200", "429", "token-expiry"]
)
def test_a_lost_answer_is_settled_by_the_reading(fault: str, practice: Office, tmp_path: Path) -> None:
    practice[1].fail_next(fault)
    ended, (made,) = sent(practice, tmp_path, renewal(1, "Auto-renew off"))
    assert (ended.code, made.state, renews(practice)) == (ExitCode.OK, State.ACCEPTED, False)


@pytest.mark.long
def test_a_setting_that_was_answered_well_and_is_not_there_is_not_called_done(
    practice: Office, tmp_path: Path
) -> None:
    practice[1].fail_next("renewal-ignored")
    ended, (made,) = sent(practice, tmp_path, renewal(1, "Auto-renew off"))
    assert (ended.code, made.state, renews(practice)) == (ExitCode.OUTCOME_UNKNOWN, State.UNKNOWN, True)

    _, orders = sent(practice, tmp_path, renewal(2, "Auto-renew off"))
    assert {found.reference: found.state for found in orders} == {
        "ROW-1": State.UNKNOWN,
        "ROW-2": State.HELD,
    }


@pytest.mark.long
def test_what_is_set_already_is_not_set_again(practice: Office, tmp_path: Path) -> None:
    ended, (made,) = sent(practice, tmp_path, renewal(1, "Auto-renew on"))
    assert (ended.code, made.state, made.attempts) == (ExitCode.OK, State.ACCEPTED, 0)
    assert practice[1].requests["PATCH /subscriptions/{id}"] == 0


@pytest.mark.long
def test_a_held_row_of_what_nobody_is_known_to_have_done_has_to_be_allowed_too(tmp_path: Path) -> None:
    with office("subscriptions=60", faults="list-lag=3600") as (services, simulator):
        profile = Profile(name="live", base_url="https://api.example.com/m", user="u", settle_s=0.0)
        live = replace(services, profile=profile), simulator
        simulator.fail_next("reset-after-commit")
        assert sent(live, tmp_path, change(1, 50))[0].code is ExitCode.OUTCOME_UNKNOWN

        with pytest.raises(GuardStopped, match="Auto-renew off: documented"):
            sent(live, tmp_path, renewal(2, "Auto-renew off"))
