"""The platform's own words for a conflict are known in its own shape of an error, and in no other."""

import json
from datetime import UTC, datetime

import pytest

from bulk_orders.core.refusals import Busy, Refused, is_busy, is_final, is_no_change, is_not_active, refusal
from bulk_orders.core.reply import FailureKind, NoReply, Reply

NOW = datetime(2026, 11, 30, tzinfo=UTC)
CONFLICT = (
    "Cannot Upgrade/Downgrade Resources for Subscription #1000054: there is already an Upgrade/Downgrade "
    "Order #CH000012 in status Provisioning is in progress(LO)."
)
RENEWAL = "There is a Renewal Order for Subscription#1000054. Upgrades/Downgrades are not allowed."


def answer(message: str, **changes: object) -> Reply:
    body = {"message": message, "path": "/orders", "status": 500, **changes}
    told = {key: value for key, value in body.items() if value is not None}
    return Reply(status=500, headers={}, body=json.dumps(told).encode(), is_complete=True, sent_at=NOW)


@pytest.mark.parametrize(
    ("said", "what"),
    [
        (CONFLICT, Busy(order_number="CH000012")),
        (RENEWAL, Busy(order_number="")),
        ("The Subscription #1 Next Billing Date is in the past.", Refused()),
        ("Subscription #1 is not Active. Upgrades/Downgrades are not available now.", Refused()),
        ("Order cannot be placed. The usage of 'seats' exceeds the new limit specified", Refused()),
        ("Change is not allowed when asset is in suspended state at vendor side, resume it first", Refused()),
        ("asset.items: Item quantities are not changed.", Refused()),
        ("Internal Server Error", None),
        ("", None),
    ],
)
def test_known_words_are_known(said: str, what: object) -> None:
    assert refusal(answer(said)) == what
    assert is_final(said) is (what == Refused())
    assert is_busy(said) is isinstance(what, Busy)
    assert is_not_active(said) is ("is not Active" in said)
    assert is_no_change(said) is ("not changed" in said)


def test_the_same_words_prove_nothing_in_another_shape() -> None:
    whole = answer(CONFLICT)
    assert refusal(answer(CONFLICT, path=None)) is None
    assert (
        refusal(Reply(status=500, headers={}, body=whole.body[:-9], is_complete=False, sent_at=NOW)) is None
    )
    assert refusal(NoReply(kind=FailureKind.TIMEOUT, detail=CONFLICT, bytes_sent=9, sent_at=NOW)) is None
    assert refusal(None) is None
