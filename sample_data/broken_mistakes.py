"""Every mistake that a row or a cell can have, once: what is typed in its row, and where it must be found."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from bulk_orders.core.model import SheetRole
from bulk_orders.settings.profiles import PRACTICE_PROFILE
from bulk_orders.writing.formats import DATE

Values = dict[str, str]
_ORDERS, _CUSTOMERS, _PRODUCTS = SheetRole.ORDERS, SheetRole.CUSTOMERS, SheetRole.PRODUCTS
_DURATION: Final = "subscriptionPeriod.duration"
BESIDES: Final = {_DURATION: _DURATION}
"""Columns that an export may have beside the template's."""
WHOLE_SHEET: Final = ""
"""Stands for the column where a problem is told of the sheet."""
_A_DAY: Final = 46_000
"""The saved result of a formula, as Excel counts days."""

_NEW: Final = {
    "tenant": "New tenant",
    "mca_accepted": "Yes",
    "agreement_date": "2025-10-02",
    "agreement_first_name": "Robin",
    "agreement_last_name": "Sample",
}
_DETAILS: Final = {
    "agreement_email": "robin@shop.example.com",
    "send_company_details": "Yes",
    "address": "1 Migration Way",
    "city": "Columbus",
    "state": "OH",
    "postal_code": "43004",
    "country": "US",
    "phone": "(614) 555-0100",
    "customer_email": "office@shop.example.com",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One row with one thing wrong."""

    code: str
    at: tuple[SheetRole, str]
    """The sheet and the column that the problem is told at."""
    order: Values = field(default_factory=dict)
    customer: Values = field(default_factory=dict)
    product: Values = field(default_factory=dict)
    pair: Literal["", "both", "second"] = ""
    """It takes two rows: the problem names the cells of both, or the second's alone, because the first is right."""
    raw: Callable[[Any, int, int, Any], object] | None = None
    """Writes the cell itself: sheet, row from 0, column from 0, formats."""
    raw_at: str = ""
    """The column of that cell, where the problem is told of the whole sheet."""


def _new(**changes: str) -> Values:
    return {**_NEW, **changes}


def _detailed(**changes: str) -> Values:
    return {**_NEW, **_DETAILS, **changes}


MISTAKES: Final = (
    Mistake(code="E-EMPTY", at=(_ORDERS, "quantity"), order={"quantity": ""}),
    Mistake(code="E-NUMBER", at=(_ORDERS, "quantity"), order={"quantity": "5 seats"}),
    Mistake(code="E-RANGE", at=(_ORDERS, "quantity"), order={"quantity": "400"}),
    Mistake(code="E-LIST", at=(_ORDERS, "commitment"), order={"commitment": "Anual"}),
    Mistake(
        code="E-TERM-BILLING",
        at=(_ORDERS, "billing"),
        order={"commitment": "1 month", "billing": "Yearly, upfront"},
    ),
    Mistake(code="E-OFFERED", at=(_ORDERS, "commitment"), order={"commitment": "3 years"}),
    Mistake(code="E-CUSTOMER", at=(_ORDERS, "customer_id"), order={"customer_id": "4000"}),
    Mistake(code="E-PRODUCT", at=(_ORDERS, "mpn"), order={"mpn": "ZZZ9XXX0YYYY:0007"}),
    Mistake(
        code="E-ATTEST-OFFER",
        at=(_ORDERS, "offer_attestation"),
        order={"mpn": "CFQ7TTC0HX99:0001", "commitment": "1 month"},
    ),
    Mistake(code="E-LENGTH", at=(_ORDERS, "po_number"), order={"po_number": "PO-" + "1234567890" * 4}),
    Mistake(code="E-CHARS", at=(_ORDERS, "po_number"), order={"po_number": "PO\ufffd77"}),
    Mistake(code="E-DIGITS", at=(_ORDERS, "customer_id"), order={"customer_id": "ID 1000105570"}),
    Mistake(
        code="E-LONG-ID",
        at=(_ORDERS, "customer_id"),
        raw=lambda sheet, row, at, _: sheet.write_number(row, at, 12345678901234567),
    ),
    Mistake(
        code="E-TYPE",
        at=(_ORDERS, "quantity"),
        raw=lambda sheet, row, at, _: sheet.write_boolean(row, at, True),
    ),
    Mistake(
        code="E-FORMAT",
        at=(_ORDERS, "quantity"),
        raw=lambda sheet, row, at, formats: sheet.write_number(row, at, 4.6, formats(num_format="0")),
    ),
    Mistake(
        code="E-CELL-ERROR",
        at=(_ORDERS, "quantity"),
        raw=lambda sheet, row, at, _: sheet.write_formula(row, at, "=NA()", None, "#N/A"),
    ),
    Mistake(code="E-ORDER-TYPE", at=(_ORDERS, "order_type"), order={"order_type": "change"}),
    Mistake(code="W-NOT-USED", at=(_ORDERS, "subscription"), order={"subscription": "1000054"}),
    Mistake(
        code="E-DURATION",
        at=(_ORDERS, _DURATION),
        raw=lambda sheet, row, at, _: sheet.write_string(row, at, "3"),
    ),
    Mistake(code="I-TRIM", at=(_ORDERS, "po_number"), order={"po_number": "PO-27 "}),
    Mistake(code="I-NBSP", at=(_ORDERS, "po_number"), order={"po_number": "PO\u00a028"}),
    Mistake(code="I-WIDTH", at=(_ORDERS, "quantity"), order={"quantity": "１２"}),
    Mistake(code="W-OUTLIER", at=(_ORDERS, "quantity"), order={"quantity": "250"}),
    Mistake(
        code="I-FORMULA",
        at=(_ORDERS, "quantity"),
        raw=lambda sheet, row, at, _: sheet.write_formula(row, at, "=2+4", None, 6),
    ),
    Mistake(
        code="I-ZERO-PADDED",
        at=(_CUSTOMERS, "postal_code"),
        customer=_detailed(state="MA", city="Boston"),
        raw=lambda sheet, row, at, formats: sheet.write_number(row, at, 2134, formats(num_format="00000")),
    ),
    Mistake(
        code="F-FORMULA-STALE",
        at=(_ORDERS, "quantity"),
        raw=lambda sheet, row, at, _: sheet.write_formula(row, at, "=2+3", None, ""),
    ),
    Mistake(
        code="F-MERGED",
        at=(_ORDERS, "reference"),
        pair="both",
        raw=lambda sheet, row, at, formats: sheet.merge_range(row - 1, at, row, at, "NOV-BOTH", formats()),
    ),
    Mistake(code="I-QUOTES", at=(_ORDERS, "po_number"), order={"po_number": "“PO-29”"}),
    Mistake(
        code="W-DUP-PRODUCT",
        at=(_PRODUCTS, "mpn"),
        order={"mpn": "SAMPLE-TWICE"},
        product={"mpn": "SAMPLE-TWICE"},
        pair="both",
    ),
    Mistake(
        code="W-PRODUCT",
        at=(_PRODUCTS, "quantity_max"),
        order={"mpn": "SAMPLE-LIMIT"},
        product={"mpn": "SAMPLE-LIMIT", "quantity_max": "many"},
    ),
    Mistake(code="F-EXAMPLE-ROWS", at=(_ORDERS, "reference"), order={"reference": "EXAMPLE-1"}),
    Mistake(code="E-DUP-REF", at=(_ORDERS, "reference"), order={"reference": "NOV-TWICE"}, pair="both"),
    Mistake(code="W-DUP-ROW", at=(_ORDERS, "mpn"), order={"quantity": "4"}, pair="both"),
    Mistake(code="W-TENANT-REPEAT", at=(_ORDERS, "customer_id"), customer=_new(), pair="second"),
    Mistake(code="E-COMPANY", at=(_CUSTOMERS, "company_name"), customer=_detailed(company_name="Inc.")),
    Mistake(code="E-DOMAIN", at=(_CUSTOMERS, "domain"), customer=_new(domain="acme.example.com")),
    Mistake(code="F-EXAMPLE", at=(_CUSTOMERS, "domain"), customer=_new(domain="xxxxxxx.onmicrosoft.com")),
    Mistake(
        code="E-DOMAIN-DUP",
        at=(_CUSTOMERS, "domain"),
        customer=_new(domain="sharedname.onmicrosoft.com"),
        pair="both",
    ),
    Mistake(code="E-DUP-CUSTOMER", at=(_CUSTOMERS, "customer_id"), pair="both"),
    Mistake(
        code="E-ATTEST-POR", at=(_CUSTOMERS, "partner_attestation"), customer={"partner_attestation": "No"}
    ),
    Mistake(code="E-MCA", at=(_CUSTOMERS, "mca_accepted"), customer={"tenant": "New tenant"}),
    Mistake(code="E-DATE", at=(_CUSTOMERS, "agreement_date"), customer=_new(agreement_date="soon")),
    Mistake(
        code="E-DATE-TEXT", at=(_CUSTOMERS, "agreement_date"), customer=_new(agreement_date="04/09/2022")
    ),
    Mistake(
        code="E-DATE-IMPOSSIBLE",
        at=(_CUSTOMERS, "agreement_date"),
        customer=_new(agreement_date="2022-02-30"),
    ),
    Mistake(
        code="E-DATE-FUTURE", at=(_CUSTOMERS, "agreement_date"), customer=_new(agreement_date="2226-10-02")
    ),
    Mistake(
        code="E-VOLATILE",
        at=(_CUSTOMERS, "agreement_date"),
        customer=_new(),
        raw=lambda sheet, row, at, formats: sheet.write_formula(
            row, at, "=TODAY()-30", formats(num_format=DATE), _A_DAY
        ),
    ),
    Mistake(
        code="W-NOT-SENT",
        at=(_CUSTOMERS, "agreement_date"),
        customer={"mca_accepted": "", "agreement_date": "2025-10-02"},
    ),
    Mistake(
        code="E-NAME", at=(_CUSTOMERS, "agreement_first_name"), customer=_new(agreement_first_name="123")
    ),
    Mistake(
        code="W-PLACEHOLDER",
        at=(_CUSTOMERS, "agreement_first_name"),
        customer=_new(agreement_first_name="Test"),
    ),
    Mistake(
        code="W-ENCODING",
        at=(_CUSTOMERS, "agreement_first_name"),
        customer=_new(agreement_first_name="JosÃ©"),
    ),
    Mistake(
        code="E-EMAIL",
        at=(_CUSTOMERS, "agreement_email"),
        customer=_new(agreement_email="robin.shop.example.com"),
    ),
    Mistake(
        code="E-EMAIL-MICROSOFT",
        at=(_CUSTOMERS, "customer_email"),
        customer=_detailed(customer_email="shop@microsoft.com"),
    ),
    Mistake(
        code="E-EMAIL-OWN",
        at=(_CUSTOMERS, "customer_email"),
        customer=_detailed(customer_email=f"shop@{PRACTICE_PROFILE.own_domain}"),
    ),
    Mistake(code="E-PHONE", at=(_CUSTOMERS, "phone"), customer=_detailed(phone="555-01")),
    Mistake(code="W-APOSTROPHE", at=(_CUSTOMERS, "phone"), customer=_detailed(phone="'614-555-0100")),
    Mistake(code="E-POSTAL", at=(_CUSTOMERS, "postal_code"), customer=_detailed(postal_code="430045")),
    Mistake(
        code="W-ZERO",
        at=(_CUSTOMERS, "postal_code"),
        customer=_detailed(postal_code="2134", state="MA", city="Boston"),
    ),
    Mistake(code="E-STATE", at=(_CUSTOMERS, "state"), customer=_detailed(state="Ohioo")),
    Mistake(code="E-COUNTRY", at=(_CUSTOMERS, "country"), customer=_detailed(country="XQ", state="Ohio")),
    Mistake(code="I-CASE", at=(_CUSTOMERS, "country"), customer=_detailed(country="us")),
    Mistake(
        code="W-EXISTING-DETAILS",
        at=(_CUSTOMERS, "send_company_details"),
        customer={
            **_DETAILS,
            "mca_accepted": "Yes",
            "agreement_date": "2025-10-02",
            "agreement_first_name": "Robin",
            "agreement_last_name": "Sample",
        },
    ),
    Mistake(code="W-MCA-LINK", at=(_CUSTOMERS, WHOLE_SHEET)),
    Mistake(
        code="W-HIDDEN-COLUMN",
        at=(_CUSTOMERS, WHOLE_SHEET),
        customer={"special_qualifications": "None"},
    ),
    Mistake(
        code="I-COMMENTS",
        at=(_ORDERS, WHOLE_SHEET),
        raw=lambda sheet, row, at, _: sheet.write_comment(
            row, at, "Not before Friday, please", {"author": "Sam Sample"}
        ),
        raw_at="reference",
    ),
    Mistake(code="F-HIDDEN", at=(_ORDERS, WHOLE_SHEET)),
)
"""In the order of their rows."""
