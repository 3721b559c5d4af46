"""What the marketplace said of rows becomes problems like any other, each on the cell that it is about."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from string import ascii_uppercase, digits
from typing import Final

from bulk_orders.checking.result import CheckResult
from bulk_orders.checking.rules.orders import (
    LESS_THAN_ALLOWED,
    MORE_THAN_ALLOWED,
    TYPE_NUMBER_BETWEEN,
    TYPE_NUMBER_FROM,
)
from bulk_orders.checking.values.choices import either
from bulk_orders.core.columns.table import COLUMNS, column
from bulk_orders.core.free_parameters import bare_name
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.model import Problem, Row, Severity, SheetRole, SheetTable
from bulk_orders.core.names_alike import may_be_same
from bulk_orders.core.offers import Asked, Offer, is_ambiguous, limits, matching, of_vendor
from bulk_orders.core.problem_texts import problem
from bulk_orders.marketplace.interface import ParameterFinding
from bulk_orders.runs.complaints import complained_fields

_FIELD_OF: Final = {entry.api_name: entry.name for entry in COLUMNS if entry.api_name}
"""Column names by the API's own names."""


class OnlineFindings:
    """The findings of one check, as they come; of several orders with one cell there is one."""

    def __init__(self, checked: CheckResult) -> None:
        """Find nothing yet."""
        self._checked = checked
        self._found: dict[tuple[str, str, tuple[str, ...], int | None, str], Problem] = {}
        self._rows: dict[int, Row] = {}
        self._positions: dict[str, dict[int, int]] = {}
        self.rows_to_fix: set[int] = set()
        """Rows of the orders that something is wrong with."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them, once each."""
        return tuple(self._found.values())

    def take_customer(self, order: OrderRecord, customer: Mapping[str, object] | None) -> None:
        """Compare a row with its customer as the marketplace has it; None where there is none."""
        if customer is None:
            stands_twice = self._checked.tables.customers is not None
            todo = (
                "Type the ID that `bulk-orders customers pull` lists, here and on the sheet Customers."
                if stands_twice
                else "Type the ID that `bulk-orders customers pull` lists."
            )
            self._add(order, ["customer_id"], "O-CUSTOMER", why="it does not know this customer", todo=todo)
            return
        status = str(customer.get("status") or "active")
        if status != "active":
            why = 'the status is "{status}"'.format(status=status)
            self._add(
                order,
                ["customer_id"],
                "O-CUSTOMER",
                why=why,
                todo="Have the customer activated, or set Submit? to Skip.",
            )
        typed, known = self._row(order).values.get("company_name", ""), str(customer.get("name") or "")
        if not may_be_same(typed, known):
            self._add(order, ["company_name"], "W-OTHER-NAME", customer=order.customer_id, known=known)

    def take_subscription(self, order: OrderRecord, said: Mapping[str, str]) -> None:
        """Take what was found of the subscription that a row acts on.

        `changed` says that it is not as it was pulled, `why` that it cannot be done; or there is the day on which it `ends`.
        """
        if said["changed"]:
            fields = ["quantity"] if order.quantity else ["order_type"]
            self._add(order, fields, "O-CHANGED", why=said["changed"])
        elif said["why"]:
            self._add(order, ["subscription"], "O-SUBSCRIPTION", why=said["why"])
        elif said["ends"] and not self._checked.changes:  # a sheet of subscriptions says the day itself
            self._add(order, ["subscription"], "W-ENDS-ON", day=said["ends"])

    def take_product(
        self,
        order: OrderRecord,
        asked: Asked,
        *,
        offers: list[Offer],
        named: Iterable[Offer],
        beside: frozenset[str],
    ) -> None:
        """Compare a row with the catalogue; `named` are products of that name, `beside` what else its customer orders."""
        if not offers:
            mpns = {offer.mpn for offer in named}
            todo = (
                "Type {mpn}, the MPN of the product of that name.".format(mpn=min(mpns))
                if len(mpns) == 1
                else "Copy the MPN from the catalogue, which `bulk-orders catalog pull` writes."
            )
            proposal = min(mpns) if len(mpns) == 1 else None
            self._add(order, ["mpn"], "O-PRODUCT", todo=todo, proposal=proposal)
            return
        fitting = matching(offers, asked)
        if not fitting:
            self._not_offered(order, asked, of_vendor(offers, asked.vendor))
            return
        self._check_quantity(order, asked, fitting)
        others = sorted({mpn for offer in fitting for mpn in offer.depends_on} - beside)
        if others and all(offer.depends_on for offer in fitting):
            self._add(order, ["mpn"], "W-DEPENDS", others=", ".join(others))

    def take_parameters(self, order: OrderRecord, findings: Iterable[ParameterFinding]) -> None:
        """Take what the marketplace says of each parameter."""
        for finding in findings:
            if finding.is_error:
                field = _FIELD_OF.get(finding.name) or self._own_parameter(order, finding.name)
                is_shown = bool(self._cells(order, [field])[1])
                said = finding.message or "it gives no reason"
                why = said if is_shown else f"{finding.name}: {said}"
                self._add(order, [field], "O-REFUSED", why=why)

    def _own_parameter(self, order: OrderRecord, name: str) -> str:
        """Return the column that fills a parameter of the vendor's own; the parameter's name where there is none."""
        return next((known for known, _ in self._row(order).parameters if bare_name(known) == name), name)

    def take_refusal(self, order: OrderRecord, said: str) -> None:
        """Take a refusal in words, which stands on the cells that it names or quotes."""
        if is_ambiguous(said):
            self._add(order, ["vendor", "mpn"], "O-NOT-UNIQUE", why=said)
            return
        self._add(order, complained_fields(said, self._row(order)), "O-REFUSED", why=said)

    def take_silence(self, order: OrderRecord, why: str) -> None:
        """Take that the marketplace could not say now."""
        self._add(order, [], "W-NOT-ASKED", why=why)

    def _not_offered(self, order: OrderRecord, asked: Asked, offers: list[Offer]) -> None:
        """Blame the vendor, the commitment or the billing: the first that no offer has together with what comes before it."""
        of_term = [offer for offer in offers if offer.term == asked.term]
        if not offers:
            self._add(order, ["vendor", "mpn"], "O-OFFERED", todo="Correct the vendor, or leave it blank.")
        elif not of_term:
            self._choose_other(order, "commitment", {offer.term for offer in offers})
        else:
            self._choose_other(order, "billing", {offer.billing for offer in of_term})

    def _choose_other(self, order: OrderRecord, field: str, offered: set[tuple[str, str]]) -> None:
        labels = [choice.label for choice in column(SheetRole.ORDERS, field).choices if choice.api in offered]
        todo = "Choose {choices}.".format(choices=either(labels)) if labels else "Choose another product."
        self._add(order, [field], "O-OFFERED", todo=todo, proposal=labels[0] if len(labels) == 1 else None)

    def _check_quantity(self, order: OrderRecord, asked: Asked, fitting: list[Offer]) -> None:
        smallest, largest = limits(fitting)
        if smallest is not None and asked.quantity < smallest:
            why = LESS_THAN_ALLOWED.format(smallest=smallest)
        elif largest is not None and asked.quantity > largest:
            why = MORE_THAN_ALLOWED.format(largest=largest)
        else:
            return
        todo = (
            TYPE_NUMBER_FROM.format(smallest=smallest or 1)
            if largest is None
            else TYPE_NUMBER_BETWEEN.format(smallest=smallest or 1, largest=largest)
        )
        self._add(order, ["quantity"], "O-QUANTITY", why=why, todo=todo)

    def _add(
        self,
        order: OrderRecord,
        fields: Iterable[str],
        code: str,
        *,
        proposal: str | None = None,
        **parts: str,
    ) -> None:
        field, cells = self._cells(order, fields)
        sheet, _, first = cells[0].partition("!") if cells else ("", "", "")
        header = self._checked.header(field) if field else ""
        own_sheet = self._checked.tables.orders.name
        typed = self._typed(sheet, first)
        shown = {"product": order.mpn, "column": header, "value": typed or getattr(order, field, ""), **parts}
        found = problem(
            code,
            parts=shown,
            sheet=sheet or own_sheet,
            sheet_row=int(first.lstrip(ascii_uppercase)) if first else order.sheet_row,
            cells=tuple(cell.partition("!")[2] for cell in cells),
            field=field,
            column=header,
            value=typed,
            proposal=proposal,
            order_rows=() if sheet in {"", own_sheet} else (order.sheet_row,),
        )
        if found.severity is Severity.ERROR:
            self.rows_to_fix.add(order.sheet_row)
        key = (code, found.sheet, found.cells, found.sheet_row, found.message)
        known = self._found.get(key)
        rows = known.order_rows if known else ()
        self._found[key] = replace(
            found, order_rows=(*rows, *(row for row in found.order_rows if row not in rows))
        )

    def _cells(self, order: OrderRecord, fields: Iterable[str]) -> tuple[str, list[str]]:
        """Return the first column that has a cell, and the cells of the columns on its sheet; else the first column."""
        named = list(fields)
        at = [(field, self._checked.address(order.sheet_row, field)) for field in named]
        shown = [(field, address) for field, address in at if "!" in address]
        if not shown:
            return (named[0] if named else ""), []
        sheet = shown[0][1].partition("!")[0]
        return shown[0][0], [address for _, address in shown if address.partition("!")[0] == sheet]

    def _row(self, order: OrderRecord) -> Row:
        if order.sheet_row not in self._rows:
            self._rows[order.sheet_row] = self._checked.join.row(order.sheet_row)
        return self._rows[order.sheet_row]

    def _typed(self, sheet: str, cell: str) -> str:
        table = next((table for table in self._tables() if table.name == sheet), None)
        if table is None:
            return ""
        if sheet not in self._positions:
            self._positions[sheet] = {row: place for place, row in enumerate(table.sheet_rows)}
        place = self._positions[sheet].get(int(cell.lstrip(ascii_uppercase)))
        letters = [found.letter for found in table.columns]
        return "" if place is None else table.cells[place][letters.index(cell.rstrip(digits))]

    def _tables(self) -> list[SheetTable]:
        tables = self._checked.tables
        return [table for table in (tables.orders, tables.customers) if table is not None]
