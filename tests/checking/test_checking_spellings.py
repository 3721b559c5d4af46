"""One set of spellings for Yes, No and nothing in all columns, and dates that can only be one day."""

from dataclasses import replace

import pytest
from checking_tables import (
    CONTEXT,
    CUSTOMER,
    EXISTING,
    ORDER,
    Cells,
    by_row,
    customers_side_by_side,
    found,
    three_sheets,
)

from bulk_orders.checking.check import check
from bulk_orders.checking.values.choices import choice_key
from bulk_orders.core.columns.table import COLUMNS
from bulk_orders.reading.workbook_tables import WorkbookTables

_UNSTATED = {
    "tenant": "Existing tenant",
    "send_company_details": "No",
    "mca_accepted": "",
    "agreement_date": "",
}
_STATED = EXISTING | {"mca_accepted": "Yes"}


@pytest.mark.parametrize("column", [entry for entry in COLUMNS if entry.choices and choice_key(entry, "Yes")])
def test_yes_is_spelt_alike_in_every_column(column: object) -> None:
    assert {choice_key(column, text) for text in ("Yes", "y", "Y", "TRUE", "true")} == {"yes"}


@pytest.mark.parametrize("column", [entry for entry in COLUMNS if entry.choices and choice_key(entry, "No")])
def test_no_is_spelt_alike_in_every_column(column: object) -> None:
    assert len({choice_key(column, text) for text in ("No", "n", "N", "FALSE", "false")}) == 1


def test_a_customers_cell_that_says_nothing_is_blank() -> None:
    fields = ("mca_accepted", "agreement_date", "special_qualifications", "customer_email", "phone")
    spoilt = [_UNSTATED | {name: text} for name in fields for text in ("n/a", "N/A", "n.a.", "-", "–")]
    told = by_row(check(customers_side_by_side(spoilt), CONTEXT), len(spoilt))
    codes = [[code for code, _ in row] for row in told]
    # Nothing is told of what is not sent anyway.
    assert [row for row in codes if row not in ([], ["I-NOTHING"])] == []


@pytest.mark.parametrize("name", ["po_number", "reference"])
def test_an_orders_cell_that_says_nothing_is_not_sent(name: str) -> None:
    checked = check(three_sheets([ORDER | {name: "n/a"}], customers=[EXISTING]), CONTEXT)
    assert [problem.code for problem in checked.problems] == ["I-NOTHING"]
    (row,) = checked.rows()
    assert name not in row.values


@pytest.mark.parametrize(
    ("order", "customer", "code"),
    [
        ({"offer_attestation": "n/a"}, EXISTING, "E-LIST"),
        ({}, CUSTOMER | {"mca_accepted": "n/a"}, "E-EMPTY"),
        ({}, _STATED | {"agreement_date": "n/a"}, "E-EMPTY"),
    ],
)
def test_what_is_required_cannot_be_nothing(order: Cells, customer: Cells, code: str) -> None:
    assert code in [told for told, _ in found(three_sheets([ORDER | order], customers=[customer]))]


def test_na_is_namibia_and_none_is_an_entry() -> None:
    detailed = CUSTOMER | {"country": "NA", "state": "", "special_qualifications": "none"}
    (row,) = check(three_sheets(customers=[detailed]), CONTEXT).rows()
    assert (row.values["country"], row.values["special_qualifications"]) == ("NA", "none")


def _dated(text: str, header: str = "Agreement date (if MCA accepted)", *more: str) -> WorkbookTables:
    customers = [_STATED | {"agreement_date": text}]
    customers += [
        _STATED | {"customer_id": f"9{number}", "agreement_date": day} for number, day in enumerate(more)
    ]
    orders = [
        ORDER | {"customer_id": row["customer_id"], "reference": row["customer_id"]} for row in customers
    ]
    tables = three_sheets(orders, customers=customers)
    assert tables.customers is not None
    columns = [
        replace(column, header=header) if column.field == "agreement_date" else column
        for column in tables.customers.columns
    ]
    return replace(tables, customers=replace(tables.customers, columns=tuple(columns)))


@pytest.mark.parametrize(
    "text",
    [
        *("4-Mar-2026", "March 4, 2026", "2026/03/04", "2026/3/4", "2026.03.04", "2026-3-4", "4 March 2026"),
        *("Mar 4 2026", "4. March 2026", "04MAR2026", "4th March 2026", "March 4th, 2026", "Sept 4, 2025"),
    ],
)
def test_a_date_that_can_only_be_one_day_is_read(text: str) -> None:
    checked = check(_dated(text), CONTEXT)
    assert not [problem.code for problem in checked.problems]
    (row,) = checked.rows()
    assert row.values["agreement_date"] == ("2025-09-04" if "Sept" in text else "2026-03-04")


@pytest.mark.parametrize("text", ["4 Foo 2026", "31 Feb 2026", "2026/02/31", "4-Mar-26", "March 2026"])
def test_what_is_no_day_is_not_read(text: str) -> None:
    ((code, _),) = found(_dated(text))
    assert code in {"E-DATE", "E-DATE-TEXT", "E-DATE-IMPOSSIBLE"}


def test_under_the_apis_own_header_the_guides_order_is_meant() -> None:
    (row,) = check(_dated("04-09-2022", "agreement_date"), CONTEXT).rows()
    assert row.values["agreement_date"] == "2022-04-09"


@pytest.mark.parametrize("header", ["Agreement date", "Agreement_Date (DD-MM)", "MCA date"])
def test_under_any_other_header_a_date_of_two_readings_is_refused_with_both(header: str) -> None:
    (problem,) = check(_dated("04-09-2022", header), CONTEXT).problems
    assert (problem.code, problem.fix) == ("E-DATE-TEXT", "Type it again as 2022-04-09 or 2022-09-04.")


def test_a_column_that_proves_another_order_does_not_mean_the_guides() -> None:
    codes = [code for code, _ in found(_dated("04-09-2022", "agreement_date", "13-04-2022"))]
    assert codes == ["E-DATE-TEXT", "E-DATE-IMPOSSIBLE"]
