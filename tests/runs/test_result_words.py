"""What results say of an order: no sentence has a gap where nobody said what stands there."""

import re

import pytest
from checking.checking_tables import CONTEXT, three_sheets
from contract.ledger_contract import order
from fake_clock import FakeClock
from sending.sending_parts import PROFILE, RUN, reply
from sending.test_subscriptions import CONFLICT, Shop, change, has, other, parts

from bulk_orders.checking.check import check
from bulk_orders.core.lifecycle import State
from bulk_orders.core.problem_texts import PROBLEM_TEXTS
from bulk_orders.runs.report import build_report, result_words

_CODES = [code for code in PROBLEM_TEXTS if code.startswith("S-")]
_GAP = re.compile(r"\{|\(\)|[:,(]\s*$|\s[.,:)]|\bNone\b")


@pytest.mark.parametrize("code", _CODES)
@pytest.mark.parametrize("why", ["", "SO1 (7), SO2 (8)."])
def test_a_sentence_is_whole_whether_or_not_anybody_said_why(code: str, why: str) -> None:
    message, fix, _ = result_words(code, order(message=why))
    assert not _GAP.search(message), message
    assert not _GAP.search(fix), fix
    assert why in message


def test_what_follows_a_sentence_begins_like_one() -> None:
    message, *_ = result_words(
        "S-GAVE-UP", order(message="the marketplace's list of orders is not complete.")
    )
    assert message.endswith(" Nothing was ordered. The marketplace's list of orders is not complete.")


def test_a_duplicate_names_all_orders_and_until_when_they_can_be_cancelled() -> None:
    told = order(message="SO1 (7), SO2 (8). Cancel all but one before 2026-11-29 10:00 UTC.")
    message, fix, _ = result_words("S-DUPLICATE", told)
    assert "SO2 (8). Cancel all but one before 2026-11-29 10:00 UTC." in message
    assert fix == (
        "Cancel all but one in the Control Panel, within 7 days of the order. "
        "A completed change is changed back instead."
    )


def test_what_was_refused_because_of_another_order_and_was_so_then_says_that_nothing_was_sent() -> None:
    market = Shop(other())
    made = parts(market)
    market.answers = [reply(500, CONFLICT)]

    def done() -> None:
        market.orders[0] = other(status="completed")
        market.found = has(12)

    assert isinstance(made.clock, FakeClock)
    made.clock.after(100.0, done)

    made.send([change()])

    kept = made.fresh(change())
    assert (kept.state, kept.attempts, kept.order_id) == (State.ACCEPTED, 1, "")
    told = build_report(
        made.ledger, RUN, check(three_sheets(), CONTEXT), now=made.clock.now(), profile=PROFILE
    )
    assert [row.message for row in told.rows if row.row_key] == [
        "The subscription was already as the row asks, so nothing was sent."
    ]
