"""Filled rows to look at, on a sheet of their own: examples on a sheet that is sent would be ordered."""

from collections.abc import Mapping
from typing import Any, Final

from bulk_orders.core.columns import Kind
from bulk_orders.core.model import SheetRole
from bulk_orders.workbooks import palette
from bulk_orders.workbooks.cells import write_text
from bulk_orders.workbooks.formats import DATE, TEXT, Formats
from bulk_orders.workbooks.new_book import set_page
from bulk_orders.workbooks.template_entry import header_text, write_typed
from bulk_orders.workbooks.template_rules import Values, seen_columns

EXAMPLES_SHEET: Final = "Examples"

_NEW: Final = {
    "tenant": "New tenant",
    "partner_attestation": "Yes",
    "mca_accepted": "Yes",
    "agreement_date": "2026-10-02",
}
_EXISTING: Final = {
    "tenant": "Existing tenant",
    "partner_attestation": "Yes",
    "mca_accepted": "Already on file",
}
_CUSTOMERS: Final[tuple[tuple[str, Values], ...]] = (
    (
        "New tenant: a Microsoft tenant is created, the agreement is stated, company details are sent",
        {
            **_NEW,
            "customer_id": "1000105563",
            "company_name": "27 Rings Jewelers",
            "domain": "27rings.onmicrosoft.com",
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
        },
    ),
    (
        "New tenant: the agreement is stated, no company details are sent",
        {
            **_NEW,
            "customer_id": "1000105566",
            "company_name": "Brassworks Plumbing Supply",
            "domain": "brassworksplumbing.onmicrosoft.com",
            "agreement_first_name": "Jo",
            "agreement_last_name": "Sample",
        },
    ),
    (
        "New tenant in Canada: the province as two letters, the postal code with its space",
        {
            **_NEW,
            "customer_id": "1000105570",
            "company_name": "Copper Kettle Catering",
            "domain": "copperkettle.onmicrosoft.com",
            "agreement_first_name": "Kim",
            "agreement_last_name": "Sample",
            "agreement_email": "kim@copperkettle.example.com",
            "send_company_details": "Yes",
            "address": "12 Rue des Exemples",
            "city": "Gatineau",
            "state": "QC",
            "postal_code": "J8X 3X4",
            "country": "CA",
            "phone": "+1 819 555 0142",
            "customer_email": "office@copperkettle.example.com",
        },
    ),
    (
        "Existing tenant: the customer has accepted the agreement before",
        {
            **_EXISTING,
            "customer_id": "1000105564",
            "company_name": "Alder Street Bakery",
            "domain": "alderstreetbakery.onmicrosoft.com",
        },
    ),
    (
        "Existing tenant with a domain of its own",
        {
            **_EXISTING,
            "customer_id": "1000105567",
            "company_name": "Canyon Ridge Dental",
            "domain": "canyonridge.example.com",
        },
    ),
    (
        "Existing tenant of a state-owned entity",
        {
            **_EXISTING,
            "customer_id": "1000105568",
            "company_name": "Cedar & Slate Waterworks",
            "domain": "cedarslate.onmicrosoft.com",
            "special_qualifications": "State-owned entity (soe)",
        },
    ),
    (
        "Existing tenant without an agreement so far: it is accepted and stated now",
        {
            **_EXISTING,
            "customer_id": "1000105565",
            "company_name": "Blue Heron Kayaks",
            "domain": "blueheronkayaks.onmicrosoft.com",
            "mca_accepted": "Yes",
            "agreement_date": "2026-10-02",
            "agreement_first_name": "Robin",
            "agreement_last_name": "Sample",
        },
    ),
    (
        "The same, with the e-mail of the person who accepted",
        {
            **_EXISTING,
            "customer_id": "1000105569",
            "company_name": "Cobblestone Legal Group",
            "domain": "cobblestonelegal.onmicrosoft.com",
            "mca_accepted": "Yes",
            "agreement_date": "2026-11-13",
            "agreement_first_name": "Alex",
            "agreement_last_name": "Sample",
            "agreement_email": "alex@cobblestone.example.com",
        },
    ),
    (
        "The same, with company details, because Microsoft asked for them",
        {
            **_EXISTING,
            "customer_id": "1000105571",
            "company_name": "Drift Line Logistics",
            "domain": "driftline.onmicrosoft.com",
            "mca_accepted": "Yes",
            "agreement_date": "2026-11-16",
            "agreement_first_name": "Sam",
            "agreement_last_name": "Sample",
            "agreement_email": "sam@driftline.example.com",
            "send_company_details": "Yes",
            "address": "4 Harbor Loop",
            "city": "Boston",
            "state": "MA",
            "postal_code": "02134",
            "country": "US",
            "phone": "(617) 555-0116",
            "customer_email": "office@driftline.example.com",
        },
    ),
)
_ORDERS: Final[tuple[tuple[str, Values], ...]] = (
    (
        "A year, billed every month",
        {
            "reference": "EXAMPLE-1",
            "customer_id": "1000105563",
            "customer_name": "27 Rings Jewelers",
            "mpn": "CFQ7TTC0LH16:0001",
            "quantity": "1",
            "commitment": "1 year",
            "billing": "Monthly",
            "po_number": "00-0000",
            "offer_attestation": "No",
        },
    ),
    (
        "A year, billed at once",
        {
            "reference": "EXAMPLE-2",
            "customer_id": "1000105564",
            "customer_name": "Alder Street Bakery",
            "mpn": "CFQ7TTC0LH18:0001",
            "quantity": "12",
            "commitment": "1 year",
            "billing": "Yearly, upfront",
            "offer_attestation": "No",
        },
    ),
    (
        "A month, and a row that waits for the next run",
        {
            "submit": "Skip",
            "reference": "EXAMPLE-3",
            "customer_id": "1000105565",
            "customer_name": "Blue Heron Kayaks",
            "mpn": "CFQ7TTC0LH18:0001",
            "quantity": "3",
            "commitment": "1 month",
            "billing": "Monthly",
            "offer_attestation": "No",
        },
    ),
)


def example_rows() -> Mapping[SheetRole, tuple[Values, ...]]:
    """The filled rows of the sheet, by the sheet they are examples of."""
    return {
        SheetRole.CUSTOMERS: tuple(values for _, values in _CUSTOMERS),
        SheetRole.ORDERS: tuple(values for _, values in _ORDERS),
    }


def write_examples(sheet: Any, formats: Formats) -> None:
    """Write and protect the sheet; it has no password."""
    sheet.set_row(0, 28)
    write_text(
        *(sheet, (0, 0), "Examples – nothing here is sent", formats, palette.TITLE),
        bold=True,
        font_size=18,
        valign="vcenter",
    )
    following = _write_block(sheet, formats, 2, SheetRole.CUSTOMERS, _CUSTOMERS)
    _write_block(sheet, formats, following + 1, SheetRole.ORDERS, _ORDERS)
    sheet.set_column(0, 0, 84)
    sheet.set_column(1, 24, 30)
    sheet.freeze_panes(0, 1)
    set_page(sheet)
    sheet.protect()


def _write_block(
    sheet: Any, formats: Formats, row: int, role: SheetRole, examples: tuple[tuple[str, Values], ...]
) -> int:
    columns = seen_columns(role)[1:]  # the words about the example stand where the Check column is
    write_text(
        sheet,
        (row, 0),
        f"On the sheet {role.value.capitalize()}",
        formats,
        palette.TITLE,
        bold=True,
        font_size=14,
    )
    row += 1
    sheet.set_row(row, 20)
    sheet.write_string(row, 0, "What it shows", formats.header(palette.RESULT_HEADER))
    for index, entry in enumerate(columns, start=1):
        sheet.write_string(row, index, header_text(entry), formats.header(palette.REQUIRED_HEADER))
    for words, values in examples:
        row += 1
        write_text(sheet, (row, 0), words, formats, palette.GREY, text_wrap=True)
        for index, entry in enumerate(columns, start=1):
            style = formats(num_format=DATE if entry.kind is Kind.DATE else TEXT, align="left")
            if values.get(entry.name):
                write_typed(sheet, (row, index), entry, values[entry.name], style)
    return row + 1
