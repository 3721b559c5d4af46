"""Each rule about a cell, broken once in a good workbook, marks exactly its own cells."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from checking_tables import (
    CONTEXT,
    CUSTOMER,
    EXISTING,
    FIRST_ROW,
    ORDER,
    Cells,
    by_row,
    customers_side_by_side,
    flat,
    flat_side_by_side,
    found,
    found_in,
    orders_side_by_side,
    three_sheets,
)
from openpyxl.utils import get_column_letter

import bulk_orders.checking
from bulk_orders.checking.check import check
from bulk_orders.core.columns.table import column, columns_of
from bulk_orders.core.model import CellNote, Severity, SheetRole
from bulk_orders.core.problem_texts import PROBLEM_TEXTS


def letter_of(name: str) -> str:
    """The column of the sheet that is made for these rows, which has those outside the template last."""
    names = [entry.name for entry in columns_of(SheetRole.ORDERS)]
    return str(get_column_letter(1 + names.index(name)))


ORDER_CELLS = [
    ("E-EMPTY", {"quantity": ""}, "Orders!H4"),
    ("E-EMPTY", {"quantity": "   "}, "Orders!H4"),
    ("E-EMPTY", {"customer_id": ""}, "Orders!D4"),
    ("E-EMPTY", {"mpn": ""}, "Orders!F4"),
    ("E-EMPTY", {"commitment": ""}, "Orders!I4"),
    ("E-EMPTY", {"billing": ""}, "Orders!J4"),
    ("E-EMPTY", {"offer_attestation": ""}, "Orders!L4"),
    ("E-NUMBER", {"quantity": "5 seats"}, "Orders!H4"),
    ("E-NUMBER", {"quantity": "1.5"}, "Orders!H4"),
    ("E-NUMBER", {"quantity": "1,000"}, "Orders!H4"),
    ("E-NUMBER", {"quantity": "1_000"}, "Orders!H4"),
    ("E-NUMBER", {"quantity": "1e9"}, "Orders!H4"),
    ("E-NUMBER", {"quantity": "NaN"}, "Orders!H4"),
    ("E-NUMBER", {"quantity": "inf"}, "Orders!H4"),
    ("E-NUMBER", {"quantity": "٥"}, "Orders!H4"),
    ("E-NUMBER", {"quantity": "five"}, "Orders!H4"),
    ("E-NUMBER", {"quantity": "2.9999999999"}, "Orders!H4"),
    ("E-RANGE", {"quantity": "0"}, "Orders!H4"),
    ("E-RANGE", {"quantity": "-5"}, "Orders!H4"),
    ("E-RANGE", {"quantity": "301"}, "Orders!H4"),
    ("E-LIST", {"commitment": "Anual"}, "Orders!I4"),
    ("E-LIST", {"billing": "sometimes"}, "Orders!J4"),
    ("E-LIST", {"offer_attestation": "1"}, "Orders!L4"),
    ("E-LIST", {"offer_attestation": "x"}, "Orders!L4"),
    ("E-LIST", {"submit": "perhaps"}, "Orders!B4"),
    ("E-ORDER-TYPE", {"order_type": "change"}, f"Orders!{letter_of('order_type')}4"),
    ("E-MAX-PRICE", {"max_price": "151,20"}, f"Orders!{letter_of('max_price')}4"),
    ("E-TERM-BILLING", {"commitment": "1 month", "billing": "Yearly, upfront"}, "Orders!J4"),
    ("E-TERM-BILLING", {"billing": "3 years, upfront"}, "Orders!J4"),
    ("E-OFFERED", {"commitment": "3 years"}, "Orders!I4"),
    ("E-CUSTOMER", {"customer_id": "1000105546"}, "Orders!D4"),
    ("E-PRODUCT", {"mpn": "CFQ7TTC0LH16:001"}, "Orders!F4"),
    ("E-DIGITS", {"customer_id": "ID 1000105563"}, "Orders!D4"),
    ("E-LONG-ID", {"customer_id": "1.23E+17"}, "Orders!D4"),
    ("E-LONG-ID", {"po_number": "1.23E+17"}, "Orders!K4"),
    ("E-LENGTH", {"po_number": "P" * 41}, "Orders!K4"),
    ("E-LENGTH", {"reference": "R" * 41}, "Orders!C4"),
    ("E-CHARS", {"po_number": "=1+1"}, "Orders!K4"),
    ("E-CHARS", {"po_number": "a\u202eb"}, "Orders!K4"),
    ("E-CHARS", {"reference": "a\nb"}, "Orders!C4"),
    ("E-CHARS", {"reference": "a\x00b"}, "Orders!C4"),
    ("E-CHARS", {"reference": "a\ud800b"}, "Orders!C4"),
    ("E-CHARS", {"mpn": "CFQ7TTC0LH16–0001"}, "Orders!F4"),
    ("F-EXAMPLE-ROWS", {"reference": "EXAMPLE-1"}, "Orders!C4"),
    ("F-EXAMPLE-ROWS", {"reference": "example-3"}, "Orders!C4"),
    ("I-TRIM", {"reference": " NOV-0001"}, "Orders!C4"),
    ("I-NBSP", {"mpn": "CFQ7TTC0LH16:0001\u200b"}, "Orders!F4"),
    ("I-QUOTES", {"customer_id": "“1000105563”"}, "Orders!D4"),
    ("I-WIDTH", {"quantity": "５"}, "Orders!H4"),
]

CUSTOMER_CELLS = [
    ("E-EMPTY", {"company_name": ""}, "Customers!C4"),
    ("E-EMPTY", {"tenant": ""}, "Customers!D4"),
    ("E-EMPTY", {"domain": ""}, "Customers!E4"),
    ("E-EMPTY", {"partner_attestation": ""}, "Customers!F4"),
    ("E-EMPTY", {"mca_accepted": ""}, "Customers!G4"),
    ("E-EMPTY", {"agreement_date": ""}, "Customers!H4"),
    ("E-EMPTY", {"agreement_first_name": ""}, "Customers!I4"),
    ("E-EMPTY", {"agreement_last_name": ""}, "Customers!J4"),
    ("E-EMPTY", {"agreement_email": ""}, "Customers!K4"),
    ("E-EMPTY", {"address": ""}, "Customers!N4"),
    ("E-EMPTY", {"city": ""}, "Customers!O4"),
    ("E-EMPTY", {"state": ""}, "Customers!P4"),
    ("E-EMPTY", {"postal_code": ""}, "Customers!Q4"),
    ("E-EMPTY", {"country": ""}, "Customers!R4"),
    ("E-EMPTY", {"phone": ""}, "Customers!S4"),
    ("E-EMPTY", {"customer_email": ""}, "Customers!T4"),
    ("E-LIST", {"tenant": "nwe tenant"}, "Customers!D4"),
    ("E-LIST", {"special_qualifications": "nobody"}, "Customers!L4"),
    ("E-DOMAIN", {"domain": "https://acme.onmicrosoft.com/"}, "Customers!E4"),
    ("E-DOMAIN", {"domain": "acme.com"}, "Customers!E4"),
    ("E-DOMAIN", {"domain": "acme"}, "Customers!E4"),
    ("W-DOMAIN", {"domain": "ac-me.onmicrosoft.com"}, "Customers!E4"),
    ("E-DOMAIN", {"domain": "-acme.onmicrosoft.com"}, "Customers!E4"),
    ("E-DOMAIN", {"domain": "аcme.onmicrosoft.com"}, "Customers!E4"),
    ("E-DOMAIN", {"domain": "acme.onmicrosoft.com."}, "Customers!E4"),
    ("F-EXAMPLE", {"domain": "xxxxxxx.onmicrosoft.com"}, "Customers!E4"),
    ("E-ATTEST-POR", {"partner_attestation": "No"}, "Customers!F4"),
    ("E-MCA", {"mca_accepted": "No"}, "Customers!G4"),
    ("E-COMPANY", {"company_name": "Inc."}, "Customers!C4"),
    ("E-COMPANY", {"company_name": "L. L. C."}, "Customers!C4"),
    ("E-COMPANY", {"company_name": "999"}, "Customers!C4"),
    ("E-COMPANY", {"company_name": "X"}, "Customers!C4"),
    ("E-COMPANY", {"company_name": "---"}, "Customers!C4"),
    ("E-COMPANY", {"company_name": "1 2 3"}, "Customers!C4"),
    ("E-COMPANY", {"company_name": "unknown"}, "Customers!C4"),
    ("E-COMPANY", {"company_name": "n/a"}, "Customers!C4"),
    ("E-LENGTH", {"company_name": "ab" * 128}, "Customers!C4"),
    ("E-CHARS", {"company_name": "27\tRings"}, "Customers!C4"),
    ("E-NAME", {"agreement_first_name": "J"}, "Customers!I4"),
    ("E-NAME", {"agreement_last_name": "123"}, "Customers!J4"),
    ("W-PLACEHOLDER", {"agreement_first_name": "Test"}, "Customers!I4"),
    ("E-EMAIL", {"agreement_email": "John <john@doe.com>"}, "Customers!K4"),
    ("E-EMAIL", {"customer_email": "a@b.com; c@d.com"}, "Customers!T4"),
    ("E-EMAIL", {"customer_email": "john@doe"}, "Customers!T4"),
    ("E-EMAIL", {"customer_email": "john@doe.test"}, "Customers!T4"),
    ("E-EMAIL", {"customer_email": "john@doe.TEST"}, "Customers!T4"),
    ("E-EMAIL", {"customer_email": "jöhn@doe.com"}, "Customers!T4"),
    ("E-EMAIL-OWN", {"customer_email": "me@Partner.com"}, "Customers!T4"),
    ("E-EMAIL-MICROSOFT", {"customer_email": "me@microsoft.com"}, "Customers!T4"),
    ("E-COUNTRY", {"country": "USA"}, "Customers!R4"),
    ("E-COUNTRY", {"country": "UK"}, "Customers!R4"),
    ("E-COUNTRY", {"country": "XX"}, "Customers!R4"),
    ("E-STATE", {"state": "New York"}, "Customers!P4"),
    ("E-POSTAL", {"postal_code": "123456"}, "Customers!Q4"),
    ("W-ZERO", {"postal_code": "2134"}, "Customers!Q4"),
    ("E-PHONE", {"phone": "633-360"}, "Customers!S4"),
    ("I-CASE", {"country": "us"}, "Customers!R4"),
    ("I-CASE", {"domain": "27Rings.onmicrosoft.com"}, "Customers!E4"),
    ("I-CASE", {"state": "ny"}, "Customers!P4"),
]

DATE_CELLS = [
    ("E-DATE-TEXT", {"agreement_date": "04/09/2022"}, "Customers!H4"),
    ("E-DATE-TEXT", {"agreement_date": "04-09-2022"}, "Customers!H4"),
    ("E-DATE-TEXT", {"agreement_date": "9 Foo 2022"}, "Customers!H4"),
    ("E-DATE-TEXT", {"agreement_date": "04/09/22"}, "Customers!H4"),
    ("E-DATE-IMPOSSIBLE", {"agreement_date": "13-04-2022"}, "Customers!H4"),
    ("E-DATE-IMPOSSIBLE", {"agreement_date": "2022-02-30"}, "Customers!H4"),
    ("E-DATE-FUTURE", {"agreement_date": "2026-11-23"}, "Customers!H4"),
    ("E-DATE", {"agreement_date": "44660"}, "Customers!H4"),
    ("E-DATE", {"agreement_date": "2022-04-09 10:30"}, "Customers!H4"),
    ("E-DATE", {"agreement_date": "last week"}, "Customers!H4"),
    ("E-DATE", {"agreement_date": "1900-01-05"}, "Customers!H4"),
]

NOTED_CELLS = [
    ("E-CELL-ERROR", "quantity", "#N/A", CellNote.ERROR),
    ("F-FORMULA-STALE", "mpn", "", CellNote.FORMULA_STALE),
    ("F-FORMULA-STALE", "po_number", "0", CellNote.FORMULA_ZERO),
    ("F-MERGED", "commitment", "", CellNote.MERGED),
    ("E-LONG-ID", "customer_id", "12345678901234570", CellNote.LONG_NUMBER),
    ("E-FORMAT", "quantity", "4.6", CellNote.SHOWN_OTHERWISE),
    ("E-FORMAT", "po_number", "5000", CellNote.SHOWN_OTHERWISE),
    ("E-TYPE", "po_number", "2022-04-03", CellNote.DATE),
    ("E-TYPE", "reference", "0.5", CellNote.PERCENT),
    ("E-TYPE", "quantity", "TRUE", CellNote.BOOLEAN),
    ("E-TYPE", "commitment", "2022-01-01", CellNote.DATE),
    ("I-ZERO-PADDED", "po_number", "00123", CellNote.ZERO_PADDED),
]


def test_a_good_workbook_has_no_problem() -> None:
    checked = check(three_sheets(), CONTEXT)
    assert found_in(checked) == []
    assert [row.sheet_row for row in checked.rows()] == [4]


def test_a_good_flat_sheet_has_no_problem() -> None:
    assert found(flat([CUSTOMER | ORDER])) == []


def in_own_row(code: str, cell: str, place: int) -> tuple[str, str]:
    """What is told of the cell when the row is so many rows lower."""
    return code, f"{cell.removesuffix(str(FIRST_ROW))}{FIRST_ROW + place}"


def test_a_rule_broken_in_an_order_marks_its_own_cells_only() -> None:
    checked = check(orders_side_by_side([spoilt for _, spoilt, _ in ORDER_CELLS]), CONTEXT)
    told = [[in_own_row(code, cell, place)] for place, (code, _, cell) in enumerate(ORDER_CELLS)]
    assert by_row(checked, len(told)) == [*told, []]


def test_a_rule_broken_in_a_customer_marks_its_own_cells_only() -> None:
    checked = check(customers_side_by_side([spoilt for _, spoilt, _ in CUSTOMER_CELLS]), CONTEXT)
    told = [[in_own_row(code, cell, place)] for place, (code, _, cell) in enumerate(CUSTOMER_CELLS)]
    assert by_row(checked, len(told)) == [*told, []]


FIRST_TAKEN: list[Cells] = [{"phone": "633-3600"}, {"agreement_date": "2026-11-22"}]
"""The values on the other side of the limits above."""


def test_the_first_value_that_is_taken_has_no_problem() -> None:
    checked = check(customers_side_by_side(FIRST_TAKEN), CONTEXT)
    assert by_row(checked, len(FIRST_TAKEN)) == [[] for _ in (*FIRST_TAKEN, "the rest")]


@pytest.mark.parametrize(("code", "spoilt", "cell"), DATE_CELLS)
def test_a_rule_broken_in_a_date_marks_its_own_cell_only(code: str, spoilt: Cells, cell: str) -> None:
    """Alone, because dates settle how their column is read."""
    assert found(three_sheets(customers=[CUSTOMER | spoilt])) == [(code, cell)]


ONE_A_CODE = {code: spoilt for code, spoilt, _ in (*CUSTOMER_CELLS, *DATE_CELLS)}


def test_a_rule_of_customers_holds_in_the_flat_form_too() -> None:
    checked = check(flat_side_by_side(list(ONE_A_CODE.values())), CONTEXT)
    told = by_row(checked, len(ONE_A_CODE))
    assert [[name for name, _ in row] for row in told] == [*([code] for code in ONE_A_CODE), []]


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("5", 'shows "5".'),
        ("9" * 60, 'shows "' + "9" * 43 + '…".'),
        ("", "shows nothing."),
        (" ", "shows nothing."),
        (None, "shows another value."),
    ],
)
def test_a_cell_that_shows_another_value_is_told_with_both(shown: str | None, said: str) -> None:
    tables = three_sheets([ORDER | {"quantity": "4.6"}], order_notes={(4, "H"): CellNote.SHOWN_OTHERWISE})
    orders = replace(tables.orders, shown={} if shown is None else {(4, "H"): shown})
    problems = check(replace(tables, orders=orders), CONTEXT).problems
    (problem,) = [problem for problem in problems if problem.code == "E-FORMAT"]
    assert problem.message == 'Quantity is "4.6", but its number format ' + said


@pytest.mark.parametrize(("code", "field", "text", "note"), NOTED_CELLS)
def test_a_cell_whose_text_lies_is_told_and_nothing_follows_from_it(
    code: str, field: str, text: str, note: CellNote
) -> None:
    letter = {
        "quantity": "H",
        "mpn": "F",
        "commitment": "I",
        "customer_id": "D",
        "po_number": "K",
        "reference": "C",
    }[field]
    tables = three_sheets([ORDER | {field: text}], order_notes={(4, letter): note})
    assert found(tables) == [(code, f"Orders!{letter}4")]


@pytest.mark.parametrize(
    ("name", "message", "fix"),
    [
        (
            "quantity",
            'Quantity is a yes/no value in Excel ("TRUE"), not a number.',
            "Format the cell as Number and type it again.",
        ),
        (
            "po_number",
            'PO number is a yes/no value in Excel ("TRUE"), not text.',
            "Format the cell as Text and type it again.",
        ),
    ],
)
def test_a_cell_of_another_kind_says_of_which_kind_it_should_be(name: str, message: str, fix: str) -> None:
    letter = {"quantity": "H", "po_number": "K"}[name]
    checked = check(
        three_sheets([ORDER | {name: "TRUE"}], [EXISTING], order_notes={(4, letter): CellNote.BOOLEAN}),
        CONTEXT,
    )
    assert [(told.message, told.fix) for told in checked.problems] == [(message, fix)]


def test_a_real_boolean_is_a_statement() -> None:
    spoilt = CUSTOMER | {"partner_attestation": "TRUE"}
    assert found(three_sheets(customers=[spoilt], customer_notes={(4, "F"): CellNote.BOOLEAN})) == []


def test_a_real_date_cell_is_a_date_and_one_with_a_time_is_not() -> None:
    assert found(three_sheets(customer_notes={(4, "H"): CellNote.DATE})) == []
    assert found(three_sheets(customer_notes={(4, "H"): CellNote.TIME})) == [("E-DATE", "Customers!H4")]


def test_every_code_of_the_check_is_broken_once_here_and_known_to_explain() -> None:
    source = "".join(
        path.read_text("utf-8") for path in sorted(Path(bulk_orders.checking.__file__).parent.rglob("*.py"))
    )
    used = set(re.findall(r'"([EWI]-[A-Z-]+)"', source))
    tests = Path(__file__).parents[1]
    breaking = [*tests.glob("checking/test_checking*.py"), *tests.glob("reading/corpus/*.py")]
    broken = set(re.findall(r'"([EWI]-[A-Z-]+)"', "".join(path.read_text("utf-8") for path in breaking)))
    assert used <= set(PROBLEM_TEXTS)
    assert used - broken == set()


def test_severities_are_those_of_the_catalogue() -> None:
    problems = check(three_sheets([ORDER | {"quantity": "x", "reference": " a"}]), CONTEXT).problems
    assert {problem.code: problem.severity for problem in problems} == {
        "E-NUMBER": Severity.ERROR,
        "I-TRIM": Severity.INFO,
        "W-MCA-LINK": Severity.WARNING,
    }


def test_a_problem_names_its_column_as_people_see_it() -> None:
    (problem, *_) = check(three_sheets([ORDER | {"quantity": "5 seats"}]), CONTEXT).problems
    assert (problem.column, problem.field, problem.value) == ("Quantity", "quantity", "5 seats")
    assert problem.column == column(SheetRole.ORDERS, "quantity").header
