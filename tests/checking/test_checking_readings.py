"""What can be read in one way only is read; for the rest, what was meant is proposed where one thing makes sense."""

import pytest
from checking_tables import (
    CONTEXT,
    CUSTOMER,
    ORDER,
    Cells,
    by_row,
    customers_side_by_side,
    found,
    orders_side_by_side,
    three_sheets,
)

from bulk_orders.checking.check import check

FINE = [
    {"quantity": "5.0"},
    {"quantity": "005"},
    {"commitment": "P1Y"},
    {"commitment": "ANNUAL"},
    {"billing": "upfront"},
    {"offer_attestation": "FALSE"},
    {"po_number": "1E5"},
    {"po_number": "+1+1"},
    {"customer_id": "1000105563.0"},
    {"order_type": "sales"},
    {"submit": "yes"},
    {"reference": ""},
    {"po_number": ""},
    {"order_note": "=HYPERLINK(1)\n"},
]
FINE_ALONE = [
    {"agreement_date": "04-13-2022"},
    {"agreement_date": "04-04-2022"},
]
"""Dates settle how their column is read."""
FINE_CUSTOMERS = [
    {"agreement_date": "2026-11-22"},
    {"agreement_date": "2022-04-09 00:00:00"},
    {"country": "US – United States"},
    {"country": "NA", "state": "", "postal_code": "9000"},
    {"postal_code": "14221-1234"},
    {"special_qualifications": ""},
    {"special_qualifications": "NONE"},
    {"special_qualifications": "soe"},
    {"company_name": "Null Ltd"},
    {"company_name": "<script>alert(1)</script>"},
    {"agreement_first_name": "李"},
    {"agreement_first_name": "Zoë 👩‍💻"},
    {"customer_email": "o'brien@doe.com"},
    {"partner_attestation": "true"},
    {"send_company_details": "No", "phone": "1", "state": "Nowhere", "postal_code": ""},
]


def test_what_can_be_read_in_one_way_only_is_read() -> None:
    checked = check(orders_side_by_side(FINE), CONTEXT)
    assert by_row(checked, len(FINE)) == [[]] * (len(FINE) + 1)


def test_the_largest_quantity_that_is_offered_is_fine() -> None:
    assert found(three_sheets([ORDER | {"quantity": "300"}])) == []


def test_what_can_be_read_of_a_customer_in_one_way_only_is_read() -> None:
    checked = check(customers_side_by_side(FINE_CUSTOMERS), CONTEXT)
    assert by_row(checked, len(FINE_CUSTOMERS)) == [[]] * (len(FINE_CUSTOMERS) + 1)


@pytest.mark.parametrize("fine", FINE_ALONE)
def test_a_date_that_can_be_read_in_one_way_only_is_read(fine: Cells) -> None:
    assert found(three_sheets(customers=[CUSTOMER | fine])) == []


@pytest.mark.parametrize(
    ("spoilt", "proposal"),
    [
        ({"quantity": "5 seats"}, "5"),
        ({"quantity": "1,000"}, None),
        ({"commitment": "Anual"}, "1 year"),
        ({"commitment": "1 yaer"}, "1 year"),
        *[
            ({"commitment": other}, None)
            for other in (
                "6 months",
                "2 years",
                "24 months",
                "11 year",
                "Biannual",
                "bi-anual",
                "Half-yearly",
            )
        ],
        *[
            ({"billing": other}, None)
            for other in ("bimonthly", "Semi-annual", "2 years, upfront", "Quarterly")
        ],
        ({"commitment": "1 month", "billing": "Yearly, upfront"}, "Monthly"),
        ({"customer_id": "ID 1000105563"}, "1000105563"),
        ({"customer_id": "1000105546"}, None),
        ({"offer_attestation": "Yess"}, None),
    ],
)
def test_a_proposal_is_made_only_where_one_thing_makes_sense(spoilt: Cells, proposal: str | None) -> None:
    problems = check(three_sheets([ORDER | spoilt]), CONTEXT).problems
    assert [problem.proposal for problem in problems if problem.code != "W-MCA-LINK"] == [proposal]


@pytest.mark.parametrize(
    ("typed", "proposal"),
    [
        ({"agreement_date": "04/09/2022"}, None),
        ({"agreement_date": "04/13/2022"}, "2022-04-13"),
        ({"agreement_date": "13-04-2022"}, "2022-04-13"),
        ({"domain": "https://acme.onmicrosoft.com/"}, "acme.onmicrosoft.com"),
        ({"domain": "acme.com"}, "acme.onmicrosoft.com"),
        ({"postal_code": "2134"}, "02134"),
        ({"country": "USA"}, "US"),
        ({"country": "Germany"}, "DE"),
        ({"country": "Germny"}, "DE"),
        ({"country": "Nigera"}, None),
        ({"country": "Austrlia"}, None),
        ({"state": "New York"}, "NY"),
        ({"customer_email": "John <john@doe.com>"}, "john@doe.com"),
        ({"partner_attestation": "Yess"}, None),
    ],
)
def test_a_proposal_for_a_customer_is_what_was_meant(typed: Cells, proposal: str | None) -> None:
    problems = check(three_sheets(customers=[CUSTOMER | typed]), CONTEXT).problems
    assert [problem.proposal for problem in problems if problem.code != "W-MCA-LINK"] == [proposal]


@pytest.mark.parametrize(
    ("text", "proposal"),
    [
        ("2022-04-08 22:00", "2022-04-08"),
        ("2022-04-08T22:00:00.000", "2022-04-08"),
        ("2022-04-08 10:00 PM", "2022-04-08"),
        ("2022-04-08T22:00:00.000Z", None),
        ("2022-04-08T22:00:00z", None),
        ("2022-04-08 22:00 UTC", None),
        ("2022-04-09T00:00:00+02:00", None),
        ("2022-04-08 22:00:00 -0500", None),
        ("2022-04-08T22:00:00 Europe/Berlin", None),
    ],
)
def test_a_moment_in_a_time_zone_is_not_taken_for_a_day(text: str, proposal: str | None) -> None:
    problems = check(three_sheets(customers=[CUSTOMER | {"agreement_date": text}]), CONTEXT).problems
    assert [problem.proposal for problem in problems if problem.code == "E-DATE"] == [proposal]
