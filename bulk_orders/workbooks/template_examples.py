"""Filled rows to look at, on a sheet of their own: examples on a sheet that is sent would be ordered."""

from typing import Any, Final

from bulk_orders.core.columns import Kind
from bulk_orders.core.model import SheetRole
from bulk_orders.workbooks import palette
from bulk_orders.workbooks.cells import write_text
from bulk_orders.workbooks.formats import DATE, TEXT, Formats
from bulk_orders.workbooks.new_book import set_page
from bulk_orders.workbooks.template_rules import Values, template_columns
from bulk_orders.workbooks.template_sheets import header_text, write_typed

EXAMPLES_SHEET: Final = "Examples"

_CUSTOMERS: Final[tuple[tuple[str, Values], ...]] = (
    (
        "New tenant: a Microsoft tenant is created, the agreement is stated, company details are sent",
        {
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
        },
    ),
    (
        "Existing tenant: the customer has accepted the agreement before",
        {
            "customer_id": "1000105564",
            "company_name": "Alder Street Bakery",
            "tenant": "Existing tenant",
            "domain": "alderstreetbakery.onmicrosoft.com",
            "partner_attestation": "Yes",
            "mca_accepted": "Already on file",
        },
    ),
    (
        "Existing tenant without an agreement so far: it is accepted and stated now",
        {
            "customer_id": "1000105565",
            "company_name": "Blue Heron Kayaks",
            "tenant": "Existing tenant",
            "domain": "blueheronkayaks.onmicrosoft.com",
            "partner_attestation": "Yes",
            "mca_accepted": "Yes",
            "agreement_date": "2026-10-02",
            "agreement_first_name": "Robin",
            "agreement_last_name": "Sample",
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
    sheet.set_column(0, 0, 62)
    sheet.set_column(1, 24, 20)
    sheet.freeze_panes(0, 1)
    set_page(sheet)
    sheet.protect()


def _write_block(
    sheet: Any, formats: Formats, row: int, role: SheetRole, examples: tuple[tuple[str, Values], ...]
) -> int:
    columns = template_columns(role)[1:]  # the words about the example stand where the Check column is
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
