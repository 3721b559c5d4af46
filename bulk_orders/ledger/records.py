"""What every ledger asks of the records it is given, wherever it keeps them.

A ledger is the last place where a mistake can be stopped before it costs money: a step that the life cycle does not
have, a version that does not rise and a moment without a zone are refused before anything is written.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, TypeVar

from bulk_orders.core.lifecycle import (
    TRANSITIONS,
    AttemptRecord,
    IllegalStep,
    OrderRecord,
    Step,
    tells_why_it_is_held,
)
from bulk_orders.ledger.interface import AccountRecord, ForeignOrder, PlanRecord, RowRecord, RunRecord

_KINDS = (RunRecord, RowRecord, OrderRecord, AttemptRecord, AccountRecord, ForeignOrder, PlanRecord)
_Record = TypeVar(
    "_Record", RunRecord, RowRecord, OrderRecord, AttemptRecord, AccountRecord, ForeignOrder, PlanRecord
)
_NAMES: dict[type, tuple[str, ...]] = {kind: tuple(field.name for field in fields(kind)) for kind in _KINDS}
_VALUES: dict[type, Callable[[Any], tuple[Any, ...]]] = {
    kind: attrgetter(*names) for kind, names in _NAMES.items()
}


def text_of(moment: datetime) -> str:
    """Write ISO 8601 in UTC with six digits of fraction: people can read it, and it sorts as time.

    Raises `ValueError` for a moment without a zone.
    """
    if moment.tzinfo is not UTC:
        if moment.utcoffset() is None:
            raise ValueError(f"the moment {moment.isoformat()} has no zone; the ledger keeps aware UTC only")
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds")


def moment_of(text: str) -> datetime:
    """Read the moment that `text_of` wrote."""
    return datetime.fromisoformat(text)


def keepable(record: _Record) -> _Record:
    """Replace every lone surrogate and NUL of the record by U+FFFD: JSON may carry them, UTF-8 or PostgreSQL cannot.

    Refusing them would lose the verdict on an order because of what a server put into its message.
    """
    kind = type(record)
    texts = {
        name: value
        for name, value in zip(_NAMES[kind], _VALUES[kind](record), strict=True)
        if type(value) is str
    }
    if _is_clean("".join(texts.values())):
        return record
    changes: dict[str, Any] = {name: clean(text) for name, text in texts.items()}
    return replace(record, **changes)


def clean(text: str) -> str:
    """Return the text as every ledger can carry it."""
    if _is_clean(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def _is_clean(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def plain(record: RunRecord | RowRecord | OrderRecord | AttemptRecord | PlanRecord) -> dict[str, Any]:
    """Return the record by name, as tables keep it: moments as `text_of` writes them, yes and no as 1 and 0."""
    kind = type(record)
    return {
        name: value if type(value) is str else _plain(value)
        for name, value in zip(_NAMES[kind], _VALUES[kind](record), strict=True)
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return text_of(value)
    return int(value) if isinstance(value, bool) else value


def merged(known: ForeignOrder, told: ForeignOrder) -> ForeignOrder:
    """Merge what is known now with what was recorded before where it says nothing."""
    return replace(
        told,
        customer_id=told.customer_id or known.customer_id,
        order_number=told.order_number or known.order_number,
        order_type=told.order_type or known.order_type,
        status=told.status or known.status,
        created_at=told.created_at or known.created_at,
        po_number=known.po_number if told.po_number is None else told.po_number,
        subscription_id=told.subscription_id or known.subscription_id,
        amount=told.amount or known.amount,
        currency=told.currency or known.currency,
        products=known.products if told.products is None else told.products,
        is_opened=told.is_opened or known.is_opened,
    )


def check_step(
    before: OrderRecord, after: OrderRecord, what: Step, attempt: AttemptRecord | None = None
) -> None:
    """Check that `after` is a step from `before`. Raises `IllegalStep` by the life cycle, `ValueError` otherwise."""
    if TRANSITIONS.get((before.state, what)) is not after.state:
        raise IllegalStep(before.state, what)
    if after.key != before.key:
        raise ValueError("the record after a step is of another order than the one before it")
    if after.version != before.version + 1:
        raise ValueError(
            f"a step takes version {before.version} to {before.version + 1}, not to {after.version}"
        )
    if attempt is not None and attempt.key != after.key:
        raise ValueError("the attempt is of another order than the record")
    _check_reason(after)


def _check_reason(order: OrderRecord) -> None:
    if not tells_why_it_is_held(order):
        raise ValueError("an order that is held says why, and since when")


def check_enlisted(
    run: RunRecord,
    rows: Sequence[RowRecord],
    new: Sequence[OrderRecord],
    again: Sequence[tuple[OrderRecord, OrderRecord]],
) -> None:
    """Refuse rows of another run, sheet rows or orders named twice, and new orders with a past. Raises `ValueError`."""
    if any(row.run_id != run.run_id for row in rows):
        raise ValueError(f"rows of another run cannot be recorded with run {run.run_id}")
    if len({row.sheet_row for row in rows}) != len(rows):
        raise ValueError(f"run {run.run_id} has a sheet row twice")
    if any(order.version != 1 for order in new):
        raise ValueError("a new order starts at version 1")
    if len({order.key for order in new} | {before.key for before, _ in again}) != len(new) + len(again):
        raise ValueError(f"run {run.run_id} has an order twice")
    for order in new:
        _check_reason(order)
    for before, after in again:
        check_step(before, after, Step.SUBMITTED_AGAIN)
