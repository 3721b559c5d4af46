"""Subscriptions are cancelled, and it is done once the subscription is over; a live run of it has to be allowed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from runs.online_parts import book, order
from runs.practice_office import office, ordered
from runs.test_changes import Office, followed

from bulk_orders.checking.check import CheckContext, check
from bulk_orders.core.lifecycle import State
from bulk_orders.core.summary import Outcome
from bulk_orders.errors import ExitCode, GuardStopped
from bulk_orders.reading.workbook import read_workbook
from bulk_orders.runs.approval import refuse_unverified
from bulk_orders.runs.undo import to_undo, undo_tables
from bulk_orders.settings.profiles import PRACTICE_PROFILE, Profile
from bulk_orders.writing.new_book.undo import write_undo


@pytest.fixture
def bought(tmp_path: Path) -> Iterator[Office]:
    """A purchase that is completed."""
    with office("") as practice:
        path = tmp_path / "orders.xlsx"
        path.write_bytes(book([order(1)]))
        assert ordered(practice[0], tmp_path, None, path).code is ExitCode.OK
        assert followed(practice, 60.0) == [Outcome.ORDERED]
        yield practice


def undone(practice: Office, folder: Path) -> Path:
    services = practice[0]
    run = next(iter(services.ledger.runs()))
    orders, customers = undo_tables(to_undo(services.ledger, run, (), services.clock.now()).orders, {})
    return write_undo(folder / "undo.xlsx", orders, customers, run_id=run.run_id)


def test_the_workbook_of_undo_cancels_what_was_bought(bought: Office, tmp_path: Path) -> None:
    path = undone(bought, tmp_path)

    ended = ordered(bought[0], tmp_path, None, path)

    assert (ended.code, bought[1].order_count) == (ExitCode.OK, 2)
    sent = bought[1].orders[-1]
    assert (sent["orderNumber"], sent["sent"]["type"]) == ("CL000002", "cancellation")
    assert "products" not in sent["sent"]
    assert followed(bought, 60.0) == [Outcome.ORDERED]
    found = bought[0].marketplace.get_subscription(sent["subscriptionId"])
    assert found is not None
    assert found.status == "terminated"

    assert ordered(bought[0], tmp_path, None, path).code is ExitCode.OK
    assert bought[1].order_count == 2


@pytest.mark.long
def test_a_cancellation_whose_answer_is_lost_is_found_and_not_sent_again(
    bought: Office, tmp_path: Path
) -> None:
    bought[1].fail_next("reset-after-commit")
    ended = ordered(bought[0], tmp_path, None, undone(bought, tmp_path))
    assert (ended.code, bought[1].order_count) == (ExitCode.OK, 2)


@pytest.mark.long
def test_after_the_window_nothing_is_cancelled(bought: Office, tmp_path: Path) -> None:
    path = undone(bought, tmp_path)
    bought[0].clock.wait(8 * 86400.0, bought[0].stop)

    ended = ordered(bought[0], tmp_path, None, path)

    made = next(found for found in bought[0].ledger.orders() if found.reference.startswith("Cancel"))
    assert (ended.code, made.state, bought[1].order_count) == (ExitCode.SOME_FAILED, State.GAVE_UP, 1)
    assert "can only be left to end, with Auto-renew off" in made.message


def test_what_is_not_verified_is_told_and_a_live_run_needs_to_be_allowed(
    bought: Office, tmp_path: Path
) -> None:
    path = undone(bought, tmp_path)
    found = check(
        read_workbook(path.read_bytes(), path.name), CheckContext(today=bought[0].clock.now().date())
    )
    assert [problem.order_rows for problem in found.problems if problem.code == "W-UNVERIFIED"] == [(4,)]

    ordered(bought[0], tmp_path, None, path)
    orders = [one for one in bought[0].ledger.orders() if one.reference.startswith("Cancel")]
    live = Profile(name="live", base_url="https://api.example.com/m", user="u")
    with pytest.raises(GuardStopped, match=r"^Cancel: documented") as alone:
        refuse_unverified(live, orders)
    assert alone.value.fix == "To go on, add --allow-unverified."
    with pytest.raises(GuardStopped) as among_others:
        refuse_unverified(live, list(bought[0].ledger.orders()))
    assert among_others.value.fix.startswith(f"Begin with row {orders[0].sheet_row}: hide the other rows")
    refuse_unverified(live.model_copy(update={"allow_unverified": True}), orders)
    refuse_unverified(PRACTICE_PROFILE, orders)
    refuse_unverified(live, [])
