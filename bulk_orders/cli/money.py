"""What orders would cost, as people and machines read it; and the limits that were not kept."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bulk_orders.cli.terminal import shortened, table_lines
from bulk_orders.core.model import SheetTable
from bulk_orders.core.money import (
    Bill,
    Estimate,
    Sums,
    Total,
    largest,
    total,
    totals_by,
)
from bulk_orders.core.wording import counted, plural
from bulk_orders.reading.workbook_tables import WorkbookTables

SHOWN: Final = 5
"""Customers, or limits, before the rest is only counted."""
_LONGEST_NAME: Final = 44


def money_lines(found: Estimate, *, names: Mapping[str, str], sheet: str) -> list[str]:
    """Say what orders cost: by product, by customer, monthly and upfront, and the largest of them.

    `names` has the names of products and customers by MPN and id; `sheet` is the name of the orders' own.
    """
    bills = found.bills
    unpriced = len(found.unpriced)
    more = (
        [
            plural(
                unpriced,
                "  {number} order has no price: row {rows}.",
                "  {number} orders have no price: rows {rows}.",
            ).format(number=unpriced, rows=shortened(found.unpriced))
        ]
        if unpriced
        else []
    )
    if not bills:
        return more
    products = totals_by(bills, lambda bill: bill.mpn)
    rows = [(_short(names.get(mpn) or mpn), summed) for mpn, summed in products.items()]
    lines = _table("Product", [*rows, ("All", total(bills))])
    return [*lines, "", *_customer_lines(bills, names), *_sentences(bills, sheet), *more]


def _customer_lines(bills: Sequence[Bill], names: Mapping[str, str]) -> list[str]:
    customers = totals_by(bills, lambda bill: bill.customer_id)
    if len(customers) == 1:
        return []
    shown = list(customers.items())[:SHOWN]
    lines = _table(
        "Customer", [(_short(f"{key} {names.get(key, '')}".strip()), summed) for key, summed in shown]
    )
    if left := len(customers) - len(shown):
        lines.append(
            counted(
                left,
                "  … and {number} more customer; `--json` has them all.",
                "  … and {number} more customers; `--json` has them all.",
            )
        )
    return [*lines, ""]


def _sentences(bills: Sequence[Bill], sheet: str) -> list[str]:
    lines = []
    if monthly := [bill for bill in bills if bill.is_monthly]:
        first, committed = _both(monthly)
        lines.append(
            "  Billed monthly: {first} at first, {committed} committed.".format(
                first=first, committed=committed
            )
        )
    if upfront := [bill for bill in bills if not (bill.is_monthly or bill.is_change)]:
        first, committed = _both(upfront)
        lines.append(
            "  Billed upfront: {first}, {committed} committed.".format(first=first, committed=committed)
        )
    if changes := [bill for bill in bills if bill.is_change and bill.first >= 0]:
        lines.append(
            "  Changes: {first} at first, and counted so; what they commit to until the renewal is not estimated.".format(
                first=_both(changes)[0]
            )
        )
    if credited := total(bills).credited:
        lines.append(
            "  Credited: {credited}; it is taken off nothing above.".format(credited=_sums(credited))
        )
    lines += [_largest_line(bill, sheet) for bill in largest(bills)]
    if tenants := _tenants(bills):
        lines.append(
            counted(
                tenants,
                "  {number} new Microsoft tenant would be created.",
                "  {number} new Microsoft tenants would be created.",
            )
        )
    return lines


def _largest_line(bill: Bill, sheet: str) -> str:
    first, committed = _both([bill])
    place = "{sheet} row {row}".format(sheet=sheet, row=bill.sheet_row)
    if bill.is_change:
        return "  Largest order: {place}, {first} at first.".format(place=place, first=first)
    return "  Largest order: {place}, {first} at first, {committed} committed.".format(
        place=place, first=first, committed=committed
    )


def _both(bills: Sequence[Bill]) -> tuple[str, str]:
    """Return first bill and commitment in words."""
    summed = total(bills)
    return _sums(summed.first), _sums(summed.committed)


def limit_lines(found: Estimate) -> list[str]:
    """Name the limits that are not kept, the gravest first."""
    lines = [f"  ✖ {reason}" for reason in found.reasons[:SHOWN]]
    if left := len(found.reasons) - len(lines):
        lines.append(
            counted(
                left,
                "  … and {number} more limit that is not kept; `--json` has them all.",
                "  … and {number} more limits that are not kept; `--json` has them all.",
            )
        )
    return lines


def money_json(found: Estimate) -> dict[str, Any]:
    """Return the same as machines read it; empty where no order has a price."""
    bills = found.bills
    if not bills and not found.unpriced:
        return {}
    return {
        "all": _total_json(total(bills)),
        "products": [
            {"mpn": mpn, **_total_json(found)}
            for mpn, found in totals_by(bills, lambda bill: bill.mpn).items()
        ],
        "customers": [
            {"customer_id": customer_id, **_total_json(found)}
            for customer_id, found in totals_by(bills, lambda bill: bill.customer_id).items()
        ],
        "monthly": _total_json(total(bill for bill in bills if bill.is_monthly)),
        "upfront": _total_json(total(bill for bill in bills if not (bill.is_monthly or bill.is_change))),
        "changes": _total_json(total(bill for bill in bills if bill.is_change)),
        "largest": [{"row": bill.sheet_row, **_total_json(total([bill]))} for bill in largest(bills)],
        "new_tenants": _tenants(bills),
        "unpriced_rows": list(found.unpriced),
        "limits_not_kept": list(found.reasons),
    }


def _table(name: str, totals: Sequence[tuple[str, Total]]) -> list[str]:
    """Lay sums out; what is credited has a column where there is any. Changes order no licences, so none are told of them."""
    has_credits = any(found.credited for _, found in totals)
    credit_header = ("Credited",) if has_credits else ()
    return table_lines(
        (name, "Orders", "Licences", "First bill", *credit_header, "Committed"),
        [
            (
                *(told, f"{found.orders:,}", f"{found.licences:,}" if found.licences else ""),
                _sums(found.first),
                *((_sums(found.credited),) if has_credits else ()),
                _sums(found.committed),
            )
            for told, found in totals
        ],
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _sums(sums: Sums) -> str:
    return ", ".join(f"{currency} {amount:,.2f}" for currency, amount in sums.items())


def _total_json(found: Total) -> dict[str, Any]:
    return {
        "orders": found.orders,
        "licences": found.licences,
        "first_bill": {currency: str(amount) for currency, amount in found.first.items()},
        "credited": {currency: str(amount) for currency, amount in found.credited.items()},
        "committed": {currency: str(amount) for currency, amount in found.committed.items()},
    }


def _tenants(bills: Sequence[Bill]) -> int:
    return len({bill.domain.casefold() for bill in bills if bill.domain})


def shown_lines(found: Estimate, tables: WorkbookTables) -> list[str]:
    """Return what the orders of a workbook cost, and the limits that are not kept."""
    names = _names(tables.products, "mpn", "product_name")
    names |= _names(tables.customers or tables.orders, "customer_id", "company_name")
    return [*money_lines(found, names=names, sheet=tables.orders.name), *limit_lines(found)]


def _names(table: SheetTable | None, key: str, name: str) -> dict[str, str]:
    """Return what a sheet calls its customers or products, by their ids."""
    places = {found.field: place for place, found in enumerate(table.columns)} if table else {}
    if table is None or not {key, name} <= places.keys():
        return {}
    return {cells[places[key]].strip(): cells[places[name]].strip() for cells in table.cells}
