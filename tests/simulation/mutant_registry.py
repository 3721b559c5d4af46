"""How broken variants of the protocol are kept, put in force, and caught.

A mutant counts as caught by a seed whose history fails with the mutant and does not fail without it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import sim_orders
from sim_actions import MIXED_SHARE
from sim_disk import SqlShelf
from sim_histories import End, play
from sim_plot import Plot

Patch = tuple[Any, str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One broken variant."""

    name: str
    sentence: str
    patches: Callable[[], Sequence[Patch]]
    change_plot: Callable[[Plot], Plot] | None = None
    """Where only rare histories can show it, so that it is caught within its budget."""
    is_unsynced: bool = False
    needs_memory: bool = False
    is_of_the_exit_code: bool = False
    """Only the exit code can show it; for all others it does not count."""
    budget: int = 20_000
    """Histories within which it must be caught."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """How histories are played while a mutant is in force."""

    change_plot: Callable[[Plot], Plot] | None = None
    is_unsynced: bool = False
    needs_memory: bool = False

    def play(
        self,
        seed: int,
        shelf: SqlShelf | None,
        *,
        keeps_trace: bool = False,
        mixed_share: float = MIXED_SHARE,
    ) -> End:
        return play(
            seed,
            shelf=shelf,
            keeps_trace=keeps_trace,
            change_plot=self.change_plot,
            is_unsynced=self.is_unsynced,
            mixed_share=mixed_share,
        )


MUTANTS: dict[str, Mutant] = {}


def mutant(
    name: str, **more: Any
) -> Callable[[Callable[[], Sequence[Patch]]], Callable[[], Sequence[Patch]]]:
    """Keep the function as the mutant `name`; its docstring is the sentence."""

    def keep(patches: Callable[[], Sequence[Patch]]) -> Callable[[], Sequence[Patch]]:
        MUTANTS[name] = Mutant(name=name, sentence=(patches.__doc__ or "").strip(), patches=patches, **more)
        return patches

    return keep


@contextmanager
def applied(name: str) -> Iterator[Variant]:
    """The mutant's replacements are in force during the block; no name is the program as it is."""
    if not name:
        yield Variant()
        return
    chosen = MUTANTS[name]
    with ExitStack() as stack:
        forget = sim_orders.orders_of.cache_clear  # keys and markers made by a mutant must not outlive it
        forget()
        stack.callback(forget)
        for owner, attribute, value in chosen.patches():
            stack.enter_context(_replaced(owner, attribute, value))
        yield Variant(
            change_plot=chosen.change_plot,
            is_unsynced=chosen.is_unsynced,
            needs_memory=chosen.needs_memory or chosen.is_unsynced,
        )


@contextmanager
def _replaced(owner: Any, attribute: str, value: Any) -> Iterator[None]:
    if isinstance(owner, dict):
        before = dict(owner)
        owner[attribute] = value
        try:
            yield
        finally:
            owner.clear()
            owner.update(before)
        return
    before = getattr(owner, attribute)  # a name that is gone must not make a mutant that changes nothing
    setattr(owner, attribute, value)
    try:
        yield
    finally:
        setattr(owner, attribute, before)


def catch(name: str, seeds: Sequence[int]) -> int | None:
    """The first of `seeds` whose history fails with the mutant and not without it."""
    for seed in seeds:
        with applied(name) as variant:
            end = variant.play(seed, None)
        if _shows(name, end) and not _shows(name, play(seed, change_plot=variant.change_plot)):
            return seed
    return None


def _shows(name: str, end: End) -> bool:
    # What is called in another way than it takes breaks every history: that is a mistake of the mutant, not its being caught.
    words = [text for text in (*end.judgement.lines(), *end.broken) if "TypeError: " not in text]
    return any(("exit code" in text) == MUTANTS[name].is_of_the_exit_code for text in words)


def two_processes(plot: Plot) -> Plot:
    """Two runs of one workbook at once, without a lock."""
    return replace(
        plot,
        lock_works=False,
        second_process=1.0,
        runs=4,
        lines=plot.lines[:2],
        rates=replace(plot.rates, crash=0.005, pause=0.05, stop=0.0),
        decides=0.9,
    )
