"""A good workbook as tables, and ways to spoil it, for the tests of the check."""

from collections.abc import Mapping, Sequence
from datetime import date

from openpyxl.utils import get_column_letter

from bulk_orders.checking.check import CheckContext, CheckResult, check
from bulk_orders.core.columns.table import columns_of
from bulk_orders.core.model import CellNote, Problem, SheetColumn, SheetRole, SheetTable
from bulk_orders.reading.workbook_tables import Form, WorkbookTables

FIRST_ROW = 4
CONTEXT = CheckContext(today=date(2026, 11, 22), own_domain="partner.com")

ORDER: Mapping[str, str] = {
    "reference": "NOV-0001",
    "customer_id": "1000105563",
    "mpn": "CFQ7TTC0LH16:0001",
    "quantity": "5",
    "commitment": "1 year",
    "billing": "Monthly",
    "po_number": "00-0000",
    "offer_attestation": "No",
}
CUSTOMER: Mapping[str, str] = {
    "customer_id": "1000105563",
    "company_name": "27 Rings Jewelers",
    "tenant": "New tenant",
    "domain": "27rings.onmicrosoft.com",
    "partner_attestation": "Yes",
    "mca_accepted": "Yes",
    "agreement_date": "2022-04-09",
    "agreement_first_name": "John",
    "agreement_last_name": "Doe",
    "agreement_email": "john@doe.com",
    "special_qualifications": "None",
    "send_company_details": "Yes",
    "address": "1759 Wehrle Dr",
    "city": "Williamsville",
    "state": "NY",
    "postal_code": "14221",
    "country": "US",
    "phone": "(716) 633-3600",
    "customer_email": "john@doe.com",
}
EXISTING = CUSTOMER | {
    "tenant": "Existing tenant",
    "domain": "acme.onmicrosoft.com",
    "send_company_details": "No",
}
PRODUCT: Mapping[str, str] = {
    "mpn": "CFQ7TTC0LH16:0001",
    "product_name": "Microsoft 365 Business Standard",
    "commitments_offered": "1 year; 1 month",
    "billing_offered": "Monthly; Yearly, upfront",
    "quantity_min": "1",
    "quantity_max": "300",
    "offer_attestation_required": "No",
}

Cells = Mapping[str, str]
Notes = Mapping[tuple[int, str], CellNote]


def table(
    name: str,
    roles: Sequence[SheetRole],
    rows: Sequence[Cells],
    *,
    notes: Notes | None = None,
    hidden: Sequence[int] = (),
    extra: Sequence[SheetColumn] = (),
    without: Sequence[str] = (),
) -> SheetTable:
    """A sheet with all columns of the table; `extra` columns are filled by their header."""
    entries = {entry.name: entry for role in reversed(roles) for entry in columns_of(role)}
    ordered = [entry for role in roles for entry in columns_of(role) if entries[entry.name] is entry]
    named = [(entry.header, entry.name) for entry in ordered if entry.name not in without]
    columns = [
        SheetColumn(letter=get_column_letter(place), header=header, field=field)
        for place, (header, field) in enumerate(named, 1)
    ]
    columns += extra
    return SheetTable(
        name=name,
        header_row=FIRST_ROW - 1,
        columns=tuple(columns),
        sheet_rows=tuple(range(FIRST_ROW, FIRST_ROW + len(rows))),
        cells=[[row.get(column.field or column.header, "") for column in columns] for row in rows],
        notes=notes or {},
        hidden_rows=frozenset(hidden),
    )


def three_sheets(
    orders: Sequence[Cells] = (ORDER,),
    customers: Sequence[Cells] = (CUSTOMER,),
    products: Sequence[Cells] = (PRODUCT,),
    *,
    order_notes: Notes | None = None,
    customer_notes: Notes | None = None,
    hidden: Sequence[int] = (),
    problems: Sequence[Problem] = (),
    extra: Sequence[SheetColumn] = (),
    customers_without: Sequence[str] = (),
) -> WorkbookTables:
    """The workbook of the template."""
    return WorkbookTables(
        form=Form.THREE_SHEETS,
        orders=table("Orders", [SheetRole.ORDERS], orders, notes=order_notes, hidden=hidden, extra=extra),
        customers=table(
            "Customers", [SheetRole.CUSTOMERS], customers, notes=customer_notes, without=customers_without
        ),
        products=table("Products", [SheetRole.PRODUCTS], products),
        problems=tuple(problems),
        extra_columns=(),
        ignored_sheets=(),
        is_csv=False,
    )


def flat(rows: Sequence[Cells], without: Sequence[str] = ()) -> WorkbookTables:
    """Orders and customers side by side."""
    roles = [SheetRole.ORDERS, SheetRole.CUSTOMERS]
    return WorkbookTables(
        form=Form.FLAT,
        orders=table("Export", roles, rows, without=without),
    )


def orders_side_by_side(spoilt: Sequence[Cells]) -> WorkbookTables:
    """A workbook with each of these orders in a row of its own, for a customer of its own."""
    named = [_names(number) for number, _ in enumerate(spoilt)]
    orders = [ORDER | names | cells for names, cells in zip(named, spoilt, strict=True)]
    return three_sheets(orders, [CUSTOMER, *(CUSTOMER | names | _domain(names) for names in named)])


def customers_side_by_side(spoilt: Sequence[Cells]) -> WorkbookTables:
    """A workbook with each of these customers in a row of its own, and an order for each."""
    named = [_names(number) for number, _ in enumerate(spoilt)]
    customers = [
        CUSTOMER | names | _domain(names) | cells for names, cells in zip(named, spoilt, strict=True)
    ]
    return three_sheets([ORDER | names for names in named], customers)


def flat_side_by_side(spoilt: Sequence[Cells]) -> WorkbookTables:
    """The same where orders and customers share their rows."""
    named = [_names(number) for number, _ in enumerate(spoilt)]
    rows = zip(named, spoilt, strict=True)
    return flat([CUSTOMER | ORDER | names | _domain(names) | cells for names, cells in rows])


def _names(number: int) -> Cells:
    return {
        "reference": f"NOV-1{number:03}",
        "customer_id": f"{1000200000 + number}",
        "po_number": f"00-{number:04}",
    }


def _domain(names: Cells) -> Cells:
    return {"domain": f"rings{names['customer_id']}.onmicrosoft.com"}


def by_row(checked: CheckResult, count: int) -> list[list[tuple[str, str]]]:
    """Codes and places of the problems of each of the first rows, and behind them those of no row."""
    told: list[list[tuple[str, str]]] = [[] for _ in range(count + 1)]
    for problem in checked.problems:
        if problem.code != "W-MCA-LINK":
            place = count if problem.sheet_row is None else problem.sheet_row - FIRST_ROW
            told[place].append((problem.code, problem.where))
    return told


def found_in(checked: CheckResult) -> list[tuple[str, str]]:
    """Codes and places of all problems, but for the notice that every new tenant has."""
    return [(problem.code, problem.where) for problem in checked.problems if problem.code != "W-MCA-LINK"]


def found(tables: WorkbookTables, context: CheckContext = CONTEXT) -> list[tuple[str, str]]:
    return found_in(check(tables, context))
