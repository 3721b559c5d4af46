"""Answers a statement of `core.statements` for all rows of a sheet at once."""

from collections.abc import Callable
from functools import partial
from typing import assert_never

import numpy as np

from bulk_orders.checking.catalogue import Catalogue
from bulk_orders.checking.frame import BoolArray
from bulk_orders.checking.repeats import keys_of, unlike_first
from bulk_orders.checking.rows import Rows
from bulk_orders.checking.values.internet import email_domain
from bulk_orders.checking.values.places import is_state
from bulk_orders.core.columns.table import column
from bulk_orders.core.model import SheetRole
from bulk_orders.core.statements import (
    DigitsBelow,
    Either,
    Every,
    Filled,
    IsMailAt,
    IsOneOf,
    IsState,
    Not,
    NotOffered,
    OfCustomer,
    OfMicrosoft,
    Outside,
    ProductSays,
    Repeated,
    Says,
    Statement,
    Taken,
    Unlisted,
)


def where(  # noqa: C901, PLR0911, PLR0912 - one case each
    rows: Rows, statement: Statement, among: BoolArray | None = None
) -> BoolArray:
    """Return the rows in which a statement is so; with `among` only those are asked, and the answer of others means nothing."""
    frame = rows.frame
    match statement:
        case Every(parts):
            found = frame.everywhere(broken=True) if among is None else among.copy()
            for part in parts:
                if not found.any():  # most rules are broken nowhere
                    break
                found &= where(rows, part, found)
            return found
        case Either(parts):
            found = frame.everywhere(broken=False)
            for part in parts:
                found |= where(rows, part, among)
            return found
        case Not(denied):
            return ~where(rows, denied, among)
        case Says(name, key) if name not in frame:  # a cell that is not there says what a blank one says
            return frame.everywhere(broken=frame.column(name).blank_means == key)
        case Says(name, key):
            return frame.equals(name, key)
        case Filled(name):
            return frame.filled(name)
        case IsOneOf(name, known):
            words = frozenset(word.lower() for word in known)
            return frame.where(name, lambda text: text.lower() in words, among)
        case IsState(name, country):
            return frame.where(name, partial(is_state, country), among)
        case IsMailAt(name, domain):
            return _is_mail_at(rows, name, domain or rows.beside.own_domain, among)
        case DigitsBelow(name, count):
            return frame.where(name, lambda text: sum(map(str.isdecimal, text)) < count, among)
        case Repeated(name, compared):
            return rows.repeats(name, among=where(rows, compared) & frame.filled(name)).mask
        case Taken(name, owner, compared):
            return _taken(rows, name, owner, where(rows, compared))
        case Unlisted(name, sheet):
            return _unlisted(rows, name, sheet)
        case ProductSays(name, key):
            return _of_product(rows, lambda catalogue: catalogue.frame.equals(name, key))
        case NotOffered(name, offers):
            return _not_offered(rows, name, offers)
        case OfMicrosoft():
            return rows.of_microsoft
        case OfCustomer(asked):
            return _of_customer(rows, asked)
        case Outside(name):
            smallest, largest = rows.limits
            return frame.filled(name) & ((rows.numbers < smallest) | (rows.numbers > largest))
        case _:
            assert_never(statement)


def _is_mail_at(rows: Rows, name: str, domain: str, among: BoolArray | None) -> BoolArray:
    if not domain:
        return rows.frame.everywhere(broken=False)

    def is_at(address: str) -> bool:
        return address.lower().endswith(domain) and f".{email_domain(address)}".endswith(f".{domain}")

    return rows.frame.where(name, is_at, among)


def _taken(rows: Rows, name: str, owner: str, compared: BoolArray) -> BoolArray:
    frame = rows.frame
    chosen = compared & frame.filled(name) & frame.filled(owner)
    values = rows.repeats(name, among=chosen).keys
    differs = unlike_first(values, keys_of(frame, [owner]), np.flatnonzero(chosen))
    return chosen & np.isin(values, values[differs])


def _unlisted(rows: Rows, name: str, sheet: SheetRole) -> BoolArray:
    frame = rows.frame
    if sheet is SheetRole.CUSTOMERS and rows.beside.customers is not None:
        return frame.filled(name) & (rows.join.positions < 0)
    if sheet is SheetRole.PRODUCTS and rows.beside.catalogue is not None:
        return frame.filled(name) & (rows.product < 0)
    return frame.everywhere(broken=False)


def _of_customer(rows: Rows, asked: Statement) -> BoolArray:
    if SheetRole.CUSTOMERS in rows.frame.roles:
        return where(rows, asked)
    customers, there = rows.beside.customers, rows.join.positions
    if customers is None or not len(customers):
        return rows.frame.everywhere(broken=False)
    return where(Rows(frame=customers, beside=rows.beside), asked)[there] & (there >= 0)


def _of_product(rows: Rows, of: Callable[[Catalogue], BoolArray]) -> BoolArray:
    catalogue = rows.beside.catalogue
    if catalogue is None:
        return rows.frame.everywhere(broken=False)
    return of(catalogue)[rows.product] & (rows.product >= 0)


def _not_offered(rows: Rows, name: str, offers: str) -> BoolArray:
    found = rows.frame.everywhere(broken=False)
    for choice in column(SheetRole.ORDERS, name).choices:
        is_refused = _of_product(rows, partial(Catalogue.refuses, list_name=offers, key=choice.key))
        found |= rows.frame.equals(name, choice.key) & is_refused
    return found
