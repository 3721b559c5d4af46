"""The judge of what was done to subscriptions: was it so when it was told to be done, and not so when it was told to have failed?

Like `judge` it shares no code with the program and reads nothing but plain values.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any, Final

DONE: Final = "ordered"
DONE_BEFORE: Final = frozenset({"ordered", "ordered_before", "conflict"})
"""Also without an order, where a subscription was found to be as the row wants it."""
FAILED: Final = frozenset({"order_in_error", "order_cancelled"})


def effect_faults(
    telling: Mapping[str, Any],
    by_id: Mapping[str, Mapping[str, Any]],
    wishes: Mapping[str, Mapping[str, Any]],
) -> Iterator[str]:
    """What was told wrongly of rows that act on subscriptions; see `judge.judge` for the telling, the orders and the wishes."""
    has_read = telling["has_read"] and (telling.get("json") or {}).get("audit_whole") is not False
    for row in telling["rows"]:
        tag = telling["expected"].get(row["sheet_row"], "")
        wish, order = wishes.get(tag), by_id.get(row["order_id"])
        if wish is None:
            continue
        where = f"{telling['name']}: row {row['sheet_row']} ({tag}) told {row['outcome']}"
        if row["outcome"] in DONE_BEFORE and not row["order_id"]:
            if not _was_so(wish, wish["since_s"], telling["told_s"]):
                yield f"{where}, and its subscription was never so"
        elif row["outcome"] == DONE and order and not _was_so(wish, order["received_s"], telling["told_s"]):
            yield f"{where} as {row['order_id']}, which had no effect"
        elif (
            row["outcome"] in FAILED and order and not wish["is_edited"]
        ):  # else the order may be of another wish
            for made in by_id.values():  # any order of the row may be the one that was carried out
                is_its_own = made["tag"] == tag and not made["is_foreign"]
                # What a gateway made of it later is known only once the account was read whole.
                is_its_own = is_its_own and (has_read or not made["is_replay"])
                if is_its_own and _is_so_since(wish, made.get("shown_s"), telling):
                    yield f"{where} as {row['order_id']}, and by {made['order_id']} its subscription is so"


def is_nobody_s(
    order: Mapping[str, Any], wish: Mapping[str, Any] | None, users: Container[str], at_s: float
) -> bool:
    """Whether an order on a subscription changed nothing, or was deleted by then, and was made by another ledger, or by this one
    before it forgot: that it was is nowhere to be seen before sending, and doing what was not done is right.
    """
    if wish is None or order["sent_by"] in users:
        return False
    if order["deleted_s"] is not None:
        return bool(order["deleted_s"] <= at_s)
    return bool(order["is_in_vain"] and wish["is_compared"])


def is_found_first(
    row: Mapping[str, Any],
    wish: Mapping[str, Any] | None,
    made: Sequence[Mapping[str, Any]],
    telling: Mapping[str, Any],
) -> bool:
    """Whether a row may be told as not sent although `made` are there: another ledger did it, or this one before it forgot, and
    whoever sends the row asks first: its subscription shows it, or it is held for what may have been scheduled. What the
    ledger's own users did must be told.

    It may also have been given up behind such an order that was not carried out yet, or because nothing could be read, or refused
    before it was made.
    """
    if wish is None:
        return False
    if any(order["sent_by"] in telling["users"] for order in made):
        return False
    if row["outcome"] == "gave_up":
        return row["is_unread"] or all(
            order["shown_s"] is None or order["shown_s"] > row["ended_s"] for order in made
        )
    if row["outcome"] == "rejected":
        return all(order["received_s"] > row["ended_s"] for order in made)
    return bool(row["outcome"] == "not_sent")


def _was_so(wish: Mapping[str, Any], since_s: float, told_s: float) -> bool:
    return any(from_s <= told_s and to_s >= since_s for from_s, to_s in wish["shown"])


def _is_so_since(wish: Mapping[str, Any], shown_s: float | None, telling: Mapping[str, Any]) -> bool:
    if shown_s is None or shown_s > telling["at_s"]:
        return False
    return any(from_s <= shown_s and telling["told_s"] < to_s for from_s, to_s in wish["shown"])
