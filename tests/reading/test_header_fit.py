"""Headers that are not known: which of them are misspelt, and which are the workbook's own."""

import pytest

from bulk_orders.core.columns.table import Need, columns_of
from bulk_orders.core.model import SheetRole
from bulk_orders.reading.header_fit import fitting

_EVERY = [entry for role in (SheetRole.ORDERS, SheetRole.CUSTOMERS) for entry in columns_of(role)]
_REQUIRED = [entry for entry in _EVERY if entry.need is Need.ALWAYS]


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("Cust ID", "customer_id"),
        ("Custmer ID", "customer_id"),
        ("custmerid", "customer_id"),
        ("CustmerID", "customer_id"),
        ("QUANTIY", "quantity"),
        ("Prod. MPN", "mpn"),
        ("Comitment", "commitment"),
        ("Microsoft dom.", "domain"),
        ("Offer attest.", "offer_attestation"),
    ],
)
def test_a_slip_or_an_abbreviation_of_a_required_header_is_recognised(header: str, meant: str) -> None:
    found = fitting(header, _EVERY, _REQUIRED)
    assert found is not None
    assert found.name == meant


@pytest.mark.parametrize(
    "header",
    [
        *("Price", "Unit price", "Customer", "Customer group", "Customer type", "Domain Name", "Product SKU"),
        *(
            "Team",
            "Production",
            "Tenant ID",
            "Comments",
            "Part",
            "Date",
            "Term date",
            "Billing address",
            "SKU",
        ),
        *(
            "Margin",
            "Discount %",
            "Sales rep",
            "Cost centre",
            "Windows attestation",
            "MPA",
            "Tenancy",
            "Line",
        ),
    ],
)
def test_a_header_with_some_letters_in_common_is_the_workbooks_own(header: str) -> None:
    assert fitting(header, _EVERY, _REQUIRED) is None


def test_a_header_that_is_nearer_to_another_column_is_not_taken_for_a_missing_one() -> None:
    names = {"partner_attestation", "offer_attestation"}
    assert fitting("PO numbr", _EVERY, [entry for entry in _REQUIRED if entry.name in names]) is None
