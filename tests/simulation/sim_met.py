"""What a history meets of the dangers to subscriptions, for counting: one that never comes proves nothing.

Nothing is drawn here, so that counting changes no history.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from sim_answers import IN_USE, NOT_ACTIVE, RENEWING, WRONG_PLACE
from sim_bodies import is_at_renewal
from sim_faults import PostFault
from sim_platform import Held, Platform
from sim_subscriptions import ACTING

CHANGE, SCHEDULED, CANCELLATION, SETTING = "a change", "a scheduled change", "a cancellation", "a setting"
IMPORT: Final = "an import"
_CLEAR: Final = frozenset({"whole 201", "whole 202", "bare 201", "data 200"})
"""Answers that say what was made."""
_REFUSED: Final = {
    WRONG_PLACE: "refused: the subscription stands in another place",
    NOT_ACTIVE: "refused: the subscription is over",
    RENEWING: "refused: a renewal order is in the way",
    IN_USE: "refused: more seats are in use",
}
SOMETIMES: Final = (
    *(f"{what} is sent" for what in (CHANGE, SCHEDULED, CANCELLATION, SETTING, IMPORT)),
    *(
        f"the answer to {what} is lost or unclear"
        for what in (CHANGE, SCHEDULED, CANCELLATION, SETTING, IMPORT)
    ),
    *(f"{what} arrives late" for what in (CHANGE, SCHEDULED, CANCELLATION, SETTING)),
    *(f"{what} changes nothing" for what in (CHANGE, SCHEDULED, CANCELLATION, SETTING)),
    *(f"{what} ends in error" for what in (CHANGE, SCHEDULED, CANCELLATION)),
    *("a cancellation names its product", "a cancellation names no product"),
    *(_REFUSED[words] for words in (NOT_ACTIVE, RENEWING, IN_USE)),
    *("refused: somebody else's order is in the way", "refused: an order of ours is in the way"),
    *("an account that adds seats is asked", "an estimate finds the subscription in another place"),
    *("a subscription shows late what was done to it", "a subscription is read that is over"),
    *("the second request is answered", "the second request is refused"),
    *("a scheduled change is deleted by what came later", "a scheduled change is carried out"),
    "a subscription ends with its term",
    *("the renewal comes", "the day of what is scheduled comes"),
    *(f"a subscription is {done} by hand a moment before" for done in ("changed", "cancelled")),
    "what a row did is undone in the panel",
    *(
        "a row about a subscription is done in the panel",
        "a row about a subscription is done by another ledger",
    ),
    *("another row about the same subscription", "an order of another type inherits a PO number"),
    "a row is so before it is sent",
    *("told scheduled", "told order_cancelled", "ended by GuardStopped"),
)
"""What three thousand histories with rows of all types have to meet."""


def on_placing(kind: PostFault, body: Mapping[str, Any], held: Held | None, refused: Any) -> Iterator[str]:
    """What comes of an order that acts on a subscription or brings one in, as it was first answered."""
    what = _what(body)
    if not what:
        return
    yield f"{what} is sent"
    if held is not None:
        yield from _made(what, kind, held)
    elif kind.commits == "late":
        yield f"{what} arrives late"
    else:
        yield from on_refusal(refused)


def on_refusal(refused: Any) -> Iterator[str]:
    """Why nothing was done to a subscription, if so."""
    if isinstance(refused, tuple):
        whose = "an order of ours" if refused[1].tag else "somebody else's order"
        yield f"refused: {whose} is in the way"
    elif refused is not None:
        yield _REFUSED[refused]


def _what(body: Mapping[str, Any]) -> str:
    if body.get("type") not in ACTING:
        return IMPORT if "migration_info_object" in str(body) else ""
    if body["type"] == "cancellation":
        return CANCELLATION
    return SCHEDULED if is_at_renewal(body) else CHANGE


def _made(what: str, kind: PostFault, held: Held) -> Iterator[str]:
    if kind.answer not in _CLEAR:
        yield f"the answer to {what} is lost or unclear"
    if held.status == "error":
        yield f"{what} ends in error"
    elif not held.has_effect:
        yield f"{what} changes nothing"
    if what == CANCELLATION:
        yield f"{what} names {'its' if held.products else 'no'} product"


def on_setting(kind: PostFault, *, is_set: bool, is_changed: bool) -> Iterator[str]:
    """What comes of a setting, as it was first answered."""
    yield f"{SETTING} is sent"
    if kind.commits == "late":
        yield f"{SETTING} arrives late"
    if kind.commits != "yes":
        return
    if not is_set:
        yield from on_refusal(NOT_ACTIVE)
    elif not is_changed:
        yield f"{SETTING} changes nothing"
    if is_set and kind.answer not in _CLEAR:
        yield f"the answer to {SETTING} is lost or unclear"


def on_reading(platform: Platform, subscription: str) -> Iterator[str]:
    """What a reading of a subscription shows."""
    state = platform.state(subscription)
    if state != platform.state(subscription, ago_s=platform.habits.shows_after_s):
        yield "a subscription shows late what was done to it"
    if not state.is_active:
        yield "a subscription is read that is over"


def in_the_end(
    platform: Platform, subscriptions: Iterable[str], tellings: Iterable[Mapping[str, Any]]
) -> Iterator[str]:
    """What became of what was scheduled, of subscriptions that are not renewed, and of rows that had nothing to send."""
    renewal_s, now_s = platform.habits.renews_at_s, platform.kernel.now_s
    for held in platform.orders.values():
        if held.deleted_s is not None:
            yield "a scheduled change is deleted by what came later"
        elif held.is_scheduled and held.has_effect and held.committed_s < renewal_s <= now_s:
            yield "a scheduled change is carried out"
    for subscription in subscriptions:
        states = platform.states(subscription)
        for (_, before), (from_s, after) in pairwise(states):
            if from_s == renewal_s and before.is_active and not after.is_active:
                yield "a subscription ends with its term"
    are_set = {setting.tag for setting in platform.settings}
    for telling in tellings:
        for row in telling["rows"]:
            is_done = row["outcome"] == "ordered" and not row["order_id"]
            if is_done and telling["expected"].get(row["sheet_row"]) not in are_set:
                yield "a row is so before it is sent"
