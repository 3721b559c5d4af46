"""What was learnt about an account, by free estimates and by orders that were read back. The ledger keeps it.

It is read anew each time, so that whatever is learnt counts for the next body that leaves.
"""

from collections.abc import Collection, Mapping
from typing import Final

from bulk_orders.core.body_shape import PERIOD_PLACES, BodyShape
from bulk_orders.ledger.interface import Ledger

SPELLINGS: Final = ("ponumber", "poNumber")
"""The guide's, then the API description's."""
_DOUBTED: Final = "doubted"
_KEPT: Final = frozenset({"lag_s", _DOUBTED})
"""How late the list shows orders, on which the wait rests before an order counts as absent, and what was in doubt: never forgotten."""


class AccountFacts:
    """The facts of one account."""

    def __init__(self, account: str, ledger: Ledger) -> None:
        """Read nothing yet."""
        self._account = account
        self._ledger = ledger

    @property
    def po_name(self) -> str:
        """The spelling to use; the guide's until something else was learnt."""
        return self.learnt().get("po_name", SPELLINGS[0])

    @property
    def lag_s(self) -> float:
        """The greatest delay between an order's answer and its listing that was seen."""
        return float(self.learnt().get("lag_s", "0"))

    @property
    def longest_po(self) -> int | None:
        """How many characters of a PO number the account was seen to keep; None where none was seen to be cut."""
        kept = self.learnt().get("longest_po")
        return None if kept is None else int(kept)

    @property
    def shape(self) -> BodyShape:
        """How bodies leave for this account."""
        learnt = self.learnt()
        place = learnt.get("period_place", "")
        return BodyShape(
            po_name=self.po_name,
            period_place=place if place in PERIOD_PLACES else "order",
            vendor=learnt.get("vendor", ""),
        )

    @property
    def is_known(self) -> bool:
        """Whether an estimate has told where the commitment stands; until then each run asks."""
        return "period_place" in self.learnt()

    @property
    def is_po_known(self) -> bool:
        """Whether a PO number came back, from an estimate or with an order."""
        return not {"po_name", "proven_name"}.isdisjoint(self.learnt())

    @property
    def doubted(self) -> frozenset[str]:
        """Keys of orders that were in doubt when a run was prepared, since the last one that was begun."""
        return frozenset(self.learnt().get(_DOUBTED, "").split())

    def note_doubted(self, keys: Collection[str]) -> None:
        """Keep these keys in place of the former ones: who prepares a run may find the orders, and not begin it."""
        if self.doubted != frozenset(keys):
            self.remember(**{_DOUBTED: " ".join(sorted(keys))})

    def learnt(self) -> Mapping[str, str]:
        """Return the facts by name."""
        return self._ledger.learnt(self._account)

    def remember(self, **values: str) -> None:
        """Keep facts by name; what had these names is replaced."""
        self._ledger.remember(self._account, **values)

    def forget(self) -> int:
        """Forget what the next run can learn again, and return how many facts these were."""
        names = [name for name in self.learnt() if name not in _KEPT]
        self.remember(**dict.fromkeys(names, ""))
        return len(names)
