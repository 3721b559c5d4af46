"""What is true in the end, as plain values for the judge: orders, settings, and when each wish was granted."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim_platform import Held, Platform
from sim_subscriptions import Setting, Wish, spans, state_at

Wishes = Mapping[str, tuple[float, Sequence[Wish]]]
"""By tag, since when a row was known, and what it wanted."""


class Truth:
    """The marketplace and what the rows wanted of it."""

    def __init__(self, platform: Platform, wishes: Wishes, knew: Mapping[str, frozenset[str]]) -> None:
        """`knew`: by process, those whose work its ledger knew of when it began."""
        self._platform = platform
        self._knew = knew
        self._wishes = wishes
        self.subscriptions = sorted({wish.subscription for _, wanted in wishes.values() for wish in wanted})
        self._states = {subscription: platform.states(subscription) for subscription in self.subscriptions}

    def orders(self) -> list[dict[str, Any]]:
        """All orders, and what was set for a row and changed something, which has no id."""
        made = [self._order(held) for held in self._platform.orders.values()]
        return made + [
            self._setting(found) for found in self._platform.settings if found.tag and self._changed(found)
        ]

    def wishes(self) -> dict[str, dict[str, Any]]:
        """By tag, since when it was wanted, and from when to when the subscription showed it."""
        lag_s = self._platform.habits.shows_after_s
        return {
            tag: {
                "since_s": since_s,
                "is_edited": len(wanted) > 1,
                "is_compared": all(wish.is_seen_first for wish in wanted),
                "shown": [
                    (from_s + lag_s if from_s else 0.0, to_s + lag_s)
                    for wish in wanted
                    for from_s, to_s in spans(self._states[wish.subscription], wish)
                ],
            }
            for tag, (since_s, wanted) in self._wishes.items()
        }

    def _order(self, held: Held) -> dict[str, Any]:
        return {
            "order_id": held.order_id,
            "tag": held.tag,
            "received_s": held.received_s,
            "listed_s": held.listed_s,
            "is_replay": held.is_replay,
            "is_foreign": held.is_foreign,
            "deleted_s": held.deleted_s,
            "wrong_effect": self._wrong_effect(held),
            "shown_s": self._shown_s(held),
            "is_in_vain": bool(held.subscription) and not held.has_effect,
            "sent_by": held.sent_by,
            "knows": self._knew.get(held.sent_by, frozenset()),
        }

    def _setting(self, setting: Setting) -> dict[str, Any]:
        return {
            "order_id": "",
            "tag": setting.tag,
            "received_s": setting.at_s,
            "is_replay": False,
            "is_foreign": False,
            "wrong_effect": "",
            "shown_s": setting.at_s + self._platform.habits.shows_after_s,
            "is_in_vain": False,
            "deleted_s": None,
            "sent_by": setting.sent_by,
            "knows": self._knew.get(setting.sent_by, frozenset()),
        }

    def _shown_s(self, held: Held) -> float | None:
        """When its subscription showed what it did; None where it did nothing."""
        if held.subscription not in self._states or not held.has_effect:
            return None
        at_s = self._platform.habits.renews_at_s if held.is_scheduled else self._platform.done_s(held)
        return at_s + self._platform.habits.shows_after_s

    def _wrong_effect(self, held: Held) -> str:
        """Seats that were added where they were to be the total."""
        platform = self._platform
        is_done = held.has_effect and not held.is_scheduled and platform.is_done(held)
        if held.is_foreign or held.order_type != "change" or not is_done:
            return ""
        asked = int(held.products[0]["quantity"])
        state = state_at(platform.states(held.subscription), platform.done_s(held))
        if not state.is_active:  # its term ended first
            return ""
        return "" if state.seats == asked else f"made {state.seats} seats where {asked} were asked for"

    def _changed(self, setting: Setting) -> bool:
        states = self._states.get(setting.subscription) or self._platform.states(setting.subscription)
        before = [state for from_s, state in states if from_s < setting.at_s]
        return bool(before) and before[-1].is_active and before[-1].renews is not setting.is_on
