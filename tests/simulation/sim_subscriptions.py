"""Subscriptions as the simulated marketplace holds them: what was done to each, when it took effect, and what it is then.

Nothing is kept but what was done; what a subscription is at any moment follows from that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

ACTING: Final = frozenset({"change", "cancellation"})
"""Orders of these types act on a subscription."""
FIRST_SEATS: Final = 10
NEVER_S: Final = 1e12
_SECONDS_A_YEAR: Final = 365 * 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A subscription between two moments."""

    seats: int = FIRST_SEATS
    renews: bool = True
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Somebody set whether a subscription is renewed."""

    at_s: float
    subscription: str
    is_on: bool
    tag: str = ""
    """The row whose request it was; empty for somebody else's."""
    sent_by: str = ""
    """The process whose request it was; empty for another ledger's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a row wants of a subscription."""

    subscription: str
    action: str
    quantity: int = 0

    @property
    def is_seen_first(self) -> bool:
        """Whoever reads the subscription before anything is sent sees that it is so; what waits for the renewal is not shown."""
        return self.action != "change_at_renewal"

    def is_granted(self, state: State) -> bool:
        if self.action == "cancel":
            return not state.is_active
        if self.action == "auto_renew_off":
            return not (state.renews and state.is_active)
        if self.action == "auto_renew_on":
            return state.renews and state.is_active
        return state.is_active and state.seats == self.quantity


def first_state(subscription: str) -> State:
    """As it was before everything: the number at the end of its name says whether it is renewed."""
    return State(renews=int(subscription.rsplit("/", 1)[1]) % 2 == 0)


def timeline(
    subscription: str,
    orders: Iterable[Any],
    settings: Iterable[Setting],
    *,
    done_s: Mapping[str, float],
    renewal_s: float,
    adds: bool,
    until_s: float,
) -> list[tuple[float, State]]:
    """From when on it was what, up to a moment: `done_s` is when each order is carried out; where quantities are `adds`, they are added."""
    own = [held for held in orders if held.subscription == subscription]
    steps: list[tuple[float, int, Any]] = [
        (done_s[held.order_id], 1, held) for held in own if not held.is_scheduled
    ]
    steps += [(made.at_s, 1, made) for made in settings if made.subscription == subscription]
    steps.append((renewal_s, 0, [held for held in own if held.is_scheduled]))
    found = [(0.0, first_state(subscription))]
    for at_s, _, what in sorted(steps, key=lambda step: step[:2]):
        if at_s > until_s:
            break
        found.append((at_s, _after(found[-1][1], what, adds=adds)))
    return found


def _after(state: State, what: Any, *, adds: bool) -> State:
    if not state.is_active:
        return state
    if isinstance(what, Setting):
        return replace(state, renews=what.is_on)
    if isinstance(what, list):  # its term ends
        if not state.renews:
            return replace(state, is_active=False)
        return _after(state, what[-1], adds=False) if what else state
    if what.order_type == "cancellation":
        return replace(state, is_active=False)
    seats = int(what.products[0]["quantity"])
    return replace(state, seats=state.seats + seats if adds else seats)


def state_at(states: Sequence[tuple[float, State]], at_s: float) -> State:
    return next((state for from_s, state in reversed(states) if from_s <= at_s), states[0][1])


def spans(states: Sequence[tuple[float, State]], wish: Wish) -> list[tuple[float, float]]:
    """When it was as wished."""
    ends = [from_s for from_s, _ in states[1:]] + [NEVER_S]
    found: list[tuple[float, float]] = []
    for (from_s, state), to_s in zip(states, ends, strict=True):
        if not wish.is_granted(state):
            continue
        if found and found[-1][1] == from_s:
            found[-1] = (found[-1][0], to_s)
        else:
            found.append((from_s, to_s))
    return found
