"""Broken variants of the protocol, kept as data: the simulation must catch each of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sim_disk import SqlShelf
from sim_world import End, Plot, play


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    name: str
    sentence: str
    change: Callable[[], Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """How histories are played while a mutant is in force."""

    change_plot: Callable[[Plot], Plot] | None = None
    is_unsynced: bool = False

    @property
    def needs_memory(self) -> bool:
        return self.is_unsynced

    def play(self, seed: int, shelf: SqlShelf | None, *, keeps_trace: bool = False) -> End:
        return play(
            seed,
            shelf=shelf,
            keeps_trace=keeps_trace,
            change_plot=self.change_plot,
            is_unsynced=self.is_unsynced,
        )


MUTANTS: dict[str, Mutant] = {}


@contextmanager
def applied(name: str) -> Iterator[Variant]:
    yield Variant()
