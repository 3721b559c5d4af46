"""What results say of an order: no sentence has a gap where nobody said what stands there."""

import re

import pytest
from contract.ledger_contract import order

from bulk_orders.core.problem_texts import PROBLEM_TEXTS
from bulk_orders.runs.report import result_words

_CODES = [code for code in PROBLEM_TEXTS if code.startswith("S-")]
_GAP = re.compile(r"\{|\(\)|[:,(]\s*$|\s[.,:)]|\bNone\b")


@pytest.mark.parametrize("code", _CODES)
@pytest.mark.parametrize("why", ["", "SO1 (7), SO2 (8)."])
def test_a_sentence_is_whole_whether_or_not_anybody_said_why(code: str, why: str) -> None:
    message, fix, _ = result_words(code, order(message=why))
    assert not _GAP.search(message), message
    assert not _GAP.search(fix), fix
    assert why in message


def test_a_duplicate_names_all_orders_and_until_when_they_can_be_cancelled() -> None:
    told = order(message="SO1 (7), SO2 (8). Cancel all but one before 2026-11-29 10:00 UTC.")
    message, fix, _ = result_words("S-DUPLICATE", told)
    assert "SO2 (8). Cancel all but one before 2026-11-29 10:00 UTC." in message
    assert fix == (
        "Cancel all but one in the Control Panel, within 7 days of the order. "
        "A completed change is changed back instead."
    )
