"""What the ledger keeps of each account on the marketplace: how far it was read, and the orders there that are not ours."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Column, Connection, Index, Select, Table, case, func, select, update

from bulk_orders.ledger.dialects import insert, texts
from bulk_orders.ledger.erasure import bare_lines
from bulk_orders.ledger.interface import AccountRecord, ForeignOrder
from bulk_orders.ledger.records import keepable, moment_of, text_of
from bulk_orders.ledger.tables import NUMBER, TEXT, metadata, orders


def _text(name: str, **options: Any) -> Column[str]:
    return Column(name, TEXT, nullable=False, **options)


accounts: Final = Table(
    "accounts",
    metadata,
    _text("account", primary_key=True),
    Column("read_up_to", TEXT),
    Column("audited_up_to", TEXT),
    _text("ledger_file"),
)

foreign_orders: Final = Table(
    "foreign_orders",
    metadata,
    _text("account", primary_key=True),
    _text("order_id", primary_key=True),
    *map(_text, ("order_number", "customer_id", "order_type", "status")),
    Column("created_at", TEXT),
    Column("po_number", TEXT),
    *map(_text, ("subscription_id", "amount", "currency")),
    # JSON, as the marketplace told them.
    Column("products", TEXT),
    Column("is_opened", NUMBER, nullable=False),
    Index("foreign_orders_by_customer", "account", "customer_id"),
)

_ACCOUNT_NAMES: Final = tuple(field.name for field in fields(AccountRecord))
_ACCOUNT_MOMENTS: Final = ("read_up_to", "audited_up_to")
_NAMES: Final = tuple(field.name for field in fields(ForeignOrder))
_ALWAYS_TOLD: Final = ("account", "order_id")


def _upsert(connection: Connection) -> Any:
    """Make the statement that writes a foreign order and keeps what was known where less is known now."""
    statement = insert(connection)(foreign_orders)
    told, known = statement.excluded, foreign_orders.c
    changes: dict[str, Any] = {
        name: func.coalesce(func.nullif(told[name], ""), known[name])
        for name in _NAMES
        if name not in _ALWAYS_TOLD
    }
    changes["po_number"] = func.coalesce(told.po_number, known.po_number)
    changes["is_opened"] = case((told.is_opened > known.is_opened, told.is_opened), else_=known.is_opened)
    return statement.on_conflict_do_update(index_elements=list(_ALWAYS_TOLD), set_=changes)


def write_reading(
    connection: Connection, account: Mapping[str, Any], foreign: Sequence[Mapping[str, Any]]
) -> None:
    """See `Ledger.record_reading`; within the caller's transaction. It takes what `account_values` and `foreign_values` gave."""
    statement = insert(connection)(accounts).values(account)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["account"],
            set_={name: statement.excluded[name] for name in _ACCOUNT_NAMES if name != "account"},
        )
    )
    if foreign:
        connection.execute(_upsert(connection), list(foreign))


def bare_foreign_orders(connection: Connection) -> None:
    """Keep of all orders' lines what is kept today; earlier versions kept their parameters, too."""
    kept = foreign_orders.c
    # Read whole before the first of them is written.
    for account, order_id, text in connection.execute(
        select(kept.account, kept.order_id, kept.products).where(kept.products.is_not(None))
    ).all():
        if (bare := json.dumps(bare_lines(json.loads(text)))) != text:
            connection.execute(
                update(foreign_orders)
                .where(kept.account == account, kept.order_id == order_id)
                .values(products=bare)
            )


def account_values(account: AccountRecord) -> dict[str, Any]:
    """Return the account by column name. Refuses naive moments."""
    values = {name: getattr(keepable(account), name) for name in _ACCOUNT_NAMES}
    for name in _ACCOUNT_MOMENTS:
        values[name] = None if values[name] is None else text_of(values[name])
    return values


def foreign_values(order: ForeignOrder) -> dict[str, Any]:
    """Return the order by column name. Refuses naive moments."""
    values = {name: getattr(keepable(order), name) for name in _NAMES}
    values["is_opened"] = int(order.is_opened)
    values["created_at"] = None if order.created_at is None else text_of(order.created_at)
    # Escaped, so that whatever a server says can be kept.
    values["products"] = None if order.products is None else json.dumps(bare_lines(order.products))
    return values


def select_account(account: str) -> Select[Any]:
    """Make the query for the account's record, which gives one row or none."""
    return select(*(accounts.c[name] for name in _ACCOUNT_NAMES)).where(accounts.c.account == account)


def account_of(values: Sequence[Any]) -> AccountRecord:
    """Return the record that `select_account` read."""
    read = dict(zip(_ACCOUNT_NAMES, values, strict=True))
    for name in _ACCOUNT_MOMENTS:
        read[name] = None if read[name] is None else moment_of(read[name])
    return AccountRecord(**read)


def select_foreign(account: str, customer_ids: Sequence[str] | None) -> Select[Any]:
    """Make the query for orders that the ledger does not have, oldest first."""
    ours = select(orders.c.order_id).where(orders.c.account == account)
    found = (
        select(*(foreign_orders.c[name] for name in _NAMES))
        .where(foreign_orders.c.account == account, foreign_orders.c.order_id.not_in(ours))
        .order_by(func.coalesce(foreign_orders.c.created_at, ""), foreign_orders.c.order_id)
    )
    if customer_ids is None:
        return found
    return found.where(foreign_orders.c.customer_id.in_(texts(customer_ids)))


def foreign_of(values: Sequence[Any]) -> ForeignOrder:
    """Return the order that `select_foreign` read."""
    read = dict(zip(_NAMES, values, strict=True))
    read["is_opened"] = bool(read["is_opened"])
    if read["created_at"] is not None:
        read["created_at"] = moment_of(read["created_at"])
    if read["products"] is not None:
        read["products"] = tuple(json.loads(read["products"]))
    return ForeignOrder(**read)
