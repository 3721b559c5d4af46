"""What the practice marketplace can be told to do wrong, how often, and when it is due.

Decides only; the simulator turns a due fault into an answer and the server carries it out on the socket.
"""

import random
from collections import Counter, deque
from dataclasses import dataclass
from typing import Final

from bulk_orders.errors import UsageError
from bulk_orders.sandbox.ageing import Fate

BEFORE: Final = (
    "429",
    "429-date",
    "500-before-commit",
    "503-before-commit",
    "504-html-before-commit",
    "hang-before-commit",
    "reset-before-commit",
    "token-expiry",
)
"""Faults of POST /orders that strike before anything is read: the order is never placed."""

FATE_OF: Final[dict[str, Fate]] = {
    "provisioning-error": "error",
    "provisioning-cancelled": "cancelled",
    "provisioning-slow": "slow",
    "provisioning-scheduled": "scheduled",
    "provisioning-acceptance": "acceptance",
    "change-without-effect": "without-effect",
}
"""What becomes of an order once it is taken; the first of several decides."""

SHAPING = ("po-dropped", "po-renamed", *FATE_OF)
"""Faults in what the platform keeps of an order; several may meet in one order."""

AFTER: Final = (
    "500-after-commit",
    "504-html",
    "hang-after-commit",
    "reset-after-commit",
    "truncated-body",
    "empty-200",
    "html-200",
)
"""Faults of POST /orders that strike when the order is placed: only the answer is lost."""

READING: Final = ("read-500", "read-429")
"""Faults of every GET."""

LISTING = ("list-without-po",)
"""Faults of GET /orders."""

VALIDATING = ("validation-409",)
"""Faults of POST /validation/parameters: the vendor cannot be reached, so that nothing can be said."""

RENEWING = ("renewal-ignored",)
"""Faults of PATCH /subscriptions/{id}: it is answered well, and nothing is set."""

SLOW = ("slow",)

_SECONDS: Final = ("list-lag", "slow", "hang", "retry-after")
_GROUPS: Final = (BEFORE, *((name,) for name in SHAPING), AFTER, READING, LISTING, VALIDATING, RENEWING, SLOW)
NAMES: Final = tuple(name for group in _GROUPS for name in group)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """How often one fault strikes: with a chance of `rate` each time, or at every `every`-th occasion."""

    name: str
    rate: float = 0.0
    every: int = 0


_NO_FAULT: Final = "There is no fault called '{name}'."
_NO_FAULT_FIX: Final = "Known faults: {names}."


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultPlan:
    """The misbehaviour asked for; the default is none.

    Written as text it is a list of `NAME=HOW`, where HOW is a rate from 0 to 1 or `every:N`, for example
    `429=0.1,500-after-commit=every:50,seed=7`. Four names take seconds: `list-lag=3` keeps each order out of lists and
    look-ups for 3 s, `slow=2` delays the answers to orders (`slow=2@0.1` one in ten), `hang=30` limits how long a hang
    lasts, `retry-after=5` is what a 429 asks for. `seed` makes the faults repeatable.
    """

    strikes: tuple[Strike, ...] = ()
    seed: int | None = None
    list_lag_s: float = 0.0
    slow_s: float = 2.0
    hang_s: float = 400.0
    retry_after_s: int = 1

    @classmethod
    def parse(cls, plan: str) -> "FaultPlan":
        """Read a plan from text; raises `UsageError` that names what is not understood."""
        strikes: list[Strike] = []
        seconds: dict[str, float] = {}
        seed: int | None = None
        for item in filter(None, (part.strip() for part in plan.split(","))):
            name, _, how = item.partition("=")
            try:
                if name == "seed":
                    seed = int(how)
                elif name in _SECONDS:
                    amount, _, often = how.partition("@")
                    seconds[name] = _not_negative(amount)
                    if name == "slow":
                        strikes.append(_strike(name, often or "1"))
                elif name in NAMES:
                    strikes.append(_strike(name, how))
                else:
                    raise UsageError(
                        _NO_FAULT.format(name=name),
                        fix=_NO_FAULT_FIX.format(names=", ".join(NAMES)),
                    )
            except ValueError as error:
                raise UsageError(
                    "The fault '{fault}' is not understood: {reason}.".format(fault=item, reason=error)
                ) from error
        return cls(
            strikes=tuple(strikes),
            seed=seed,
            list_lag_s=seconds.get("list-lag", 0.0),
            slow_s=seconds.get("slow", 2.0),
            hang_s=seconds.get("hang", 400.0),
            retry_after_s=int(seconds.get("retry-after", 1)),
        )


class FaultDice:
    """Says at each occasion which fault of a group is due.

    One fault strikes at a time; another that falls on the same occasion stays due for the next one, so that
    `every:50` for two faults gives both of them.
    """

    def __init__(self, plan: FaultPlan, rng: random.Random) -> None:
        """Use `rng` unless the plan has a seed of its own."""
        self._rng = rng if plan.seed is None else random.Random(plan.seed)  # noqa: S311 - dice, no secret
        self._strikes = {
            group: tuple(strike for strike in plan.strikes if strike.name in group) for group in _GROUPS
        }
        self._due: dict[tuple[str, ...], deque[str]] = {group: deque() for group in _GROUPS}
        self._occasions: Counter[tuple[str, ...]] = Counter()
        self.struck: Counter[str] = Counter()

    def fail_next(self, name: str, times: int = 1) -> None:
        """Let the fault strike at its next `times` occasions, before all planned ones. Raises `UsageError` for an unknown one."""
        group = next((group for group in _GROUPS if name in group), None)
        if group is None:
            raise UsageError(_NO_FAULT.format(name=name), fix=_NO_FAULT_FIX.format(names=", ".join(NAMES)))
        self._due[group].extendleft([name] * times)

    def due(self, group: tuple[str, ...]) -> str | None:
        """Return the fault that strikes now, if any; each call is one occasion."""
        due = self._due[group]
        strikes = self._strikes[group]
        if strikes:
            self._occasions[group] += 1
            due.extend(strike.name for strike in strikes if self._falls(strike, self._occasions[group]))
        if not due:
            return None
        name = due.popleft()
        self.struck[name] += 1
        return name

    def shaping(self) -> set[str]:
        """Return the faults in what is kept of the order that is being placed."""
        return {name for name in SHAPING if self.due((name,))}

    def _falls(self, strike: Strike, occasion: int) -> bool:
        if strike.every:
            return occasion % strike.every == 0
        return self._rng.random() < strike.rate


def _strike(name: str, how: str) -> Strike:
    if how.startswith("every:"):
        every = int(how.removeprefix("every:"))
        if every < 1:
            raise ValueError("the number in every:N is at least 1")
        return Strike(name=name, every=every)
    rate = float(how)
    if not 0 <= rate <= 1:
        raise ValueError("a rate is between 0 and 1")
    return Strike(name=name, rate=rate)


def _not_negative(amount: str) -> float:
    seconds = float(amount)
    if not seconds >= 0:
        raise ValueError("seconds cannot be negative")
    return seconds
