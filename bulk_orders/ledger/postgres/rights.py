"""What a process must have to begin attempts in a ledger that others share: an account's lease, or a claim on a chunk.

It lasts some seconds and is renewed. The database decides whose it is; how long its holder may be sure of it, the holder counts
on a clock of its own from the moment before the database was asked.
"""

import abc
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Protocol, TypeVar

from sqlalchemy import Connection, Select, TextClause

from bulk_orders.ledger.faults import Fault

_Kept = TypeVar("_Kept")

MARGIN_S: Final = 2.0
"""So much earlier than the database the holder itself takes its right for over: clocks may run at different speeds."""
FRESH_S: Final = 1.0
"""An attempt that is recorded renews the right unless that was just done; it always looks whether the right is still ours."""


@dataclass(slots=True, kw_only=True)
class Right(abc.ABC):
    """One process' right to begin attempts."""

    lasts_s: ClassVar[float]
    renewed_every_s: ClassVar[float]

    monotonic: Callable[[], float]
    """Our own clock, which nobody sets and which counts a sleeping machine's seconds."""
    is_lost: bool = False
    """Whether the database said that it is somebody else's, or nobody's any more."""
    _asked_s: float = float("-inf")
    """The moment before the database was asked for what it said last."""
    _is_over: bool = False

    @abc.abstractmethod
    def standing(self) -> tuple[str, Mapping[str, Any]]:
        """Return the query that finds something if it is ours and was renewed less than `FRESH_S` ago, in the database's time; and its values."""

    @abc.abstractmethod
    def renew(self, connection: Connection) -> float | None:
        """Renew it, and return what `confirm` wants once that is committed; None when it is gone."""

    @abc.abstractmethod
    def release(self, connection: Connection) -> None:
        """Let the next one have it at once."""

    @abc.abstractmethod
    def gone(self, name: str) -> Fault:
        """Say that it is gone, and why that may be; `name` is the ledger's."""

    def confirm(self, asked_s: float) -> None:
        """Count from the moment before the database was asked."""
        self._asked_s = max(self._asked_s, asked_s)

    def end(self) -> None:
        """Be sure of it no more, whatever was asked of the database before."""
        self._is_over = True

    def is_sure(self) -> bool:
        """Tell whether nobody else can have it now, by our own clock alone."""
        return not self._is_over and self.monotonic() < self._asked_s + self.lasts_s - MARGIN_S

    def is_fresh(self) -> bool:
        """Tell whether it was renewed so lately, by our own clock, that it need not be again."""
        return not self._is_over and self.monotonic() < self._asked_s + FRESH_S


class Rights(Protocol):
    """The store of an open ledger, to what gives it a right to begin attempts; see `PostgresStore`."""

    name: str
    right: Right | None

    def check_free(self) -> None:
        """Raise `AnotherRunActive` where this process has a right already."""

    def having(self, right: Right) -> AbstractContextManager[None]:
        """Begin attempts by a right that was taken while the block runs."""

    def carry_out(self, do: Callable[[Connection], None]) -> None:
        """Do it in a write transaction of its own."""

    def read(self, wanted: Select[Any] | TextClause, kind: Callable[[Sequence[Any]], _Kept]) -> list[_Kept]:
        """Return what the query finds."""

    def identity(self) -> str:
        """Return which database it is."""
