"""What spreadsheet programs leave in place of a value is never sent as one; what people type is."""

import pytest
from checking_tables import CONTEXT, CUSTOMER, FIRST_ROW, ORDER, found, three_sheets
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.checking.check import check
from bulk_orders.checking.values.damaged import is_error_value, is_in_exponents, quoted_in_formula
from bulk_orders.reading.workbook_tables import WorkbookTables

ERRORS = (
    *(
        "#N/A",
        "#NAME?",
        "#REF!",
        "#DIV/0!",
        "#VALUE!",
        "#NULL!",
        "#NUM!",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BUSY!",
    ),
    *(
        "#BLOCKED!",
        "#CONNECT!",
        "#UNKNOWN!",
        "#GETTING_DATA",
        "#PYTHON!",
        "#EXTERNAL!",
        "#ERROR!",
        "#N/A N/A",
        "Err:502",
    ),
    *(
        "#BEZUG!",
        "#WERT!",
        "#NV",
        "#ZAHL!",
        "#ÜBERLAUF!",
        "#VALEUR!",
        "#NOM?",
        "#¡VALOR!",
        "#¿NOMBRE?",
        "#¡DIV/0!",
    ),
    *("#ЗНАЧ!", "#ИМЯ?", "#Н/Д", "#ΤΙΜΗ!", "#DEĞER!", "#I/T", "#YOK", "#DIV/0 !", "#name?", "#n/a", "#Ref!"),
    *(
        "Err:508",
        "Fehler:502",
        "Err :502",
        "Ош.:504",
        "Loading...",
        "Loading…",
        "Wird geladen...",
        "Chargement…",
    ),
    *(
        "##",
        "###",
        "########",
        "＃REF!",
        "#REF！",
        "#REF",
        "#VALUE",
        "#N/A Requesting Data...",
        "#DATEN_ABRUFEN",
    ),
)


def error_rows(tables: WorkbookTables, sheet: str) -> set[int]:
    """The rows of the sheet in which a cell is an error value."""
    problems = check(tables, CONTEXT).problems
    errors = [problem for problem in problems if (problem.code, problem.sheet) == ("E-CELL-ERROR", sheet)]
    return {row for problem in errors for row in problem.sheet_rows}


@pytest.mark.parametrize("field", ["po_number", "quantity", "reference", "billing"])
def test_an_error_value_saved_as_text_is_an_error_in_every_column_of_an_order(field: str) -> None:
    orders = [
        ORDER | {"reference": f"R{number}"} | {field: error} for number, error in enumerate(ERRORS, start=1)
    ]
    assert error_rows(three_sheets(orders), "Orders") == {*range(FIRST_ROW, FIRST_ROW + len(ERRORS))}


def test_an_error_value_saved_as_text_is_an_error_in_a_customers_name() -> None:
    ids = [str(1000105563 + number) for number in range(len(ERRORS))]
    tables = three_sheets(
        [ORDER | {"reference": f"R{number}", "customer_id": number} for number in ids],
        [
            CUSTOMER | {"customer_id": number, "company_name": error}
            for number, error in zip(ids, ERRORS, strict=True)
        ],
    )
    assert error_rows(tables, "Customers") == {*range(FIRST_ROW, FIRST_ROW + len(ERRORS))}


@pytest.mark.parametrize(
    "text",
    [
        "#1 Shoes",
        "# 12",
        "#hashtag",
        "A #REF! B",
        "N/A",
        "NA",
        "Errata",
        "PO#12",
        "#",
        "#urgent!",
        "Job:512",
        "Err:1",
        "Later...",
    ],
)
def test_what_only_looks_a_little_like_an_error_value_is_text(text: str) -> None:
    assert not is_error_value(text)
    assert "E-CELL-ERROR" not in [code for code, _ in found(three_sheets([ORDER | {"po_number": text}]))]


@pytest.mark.parametrize(
    "text",
    [
        *("1.23457E15", "1.E+15", "1,23457E+15", "1.20E-04", "-1.2E+5", "1E+15", "12E-05", "1.2e+17"),
        *(
            "1.23457E 15",
            "1.23457\xa0E+15",
            "1.23457D+15",
            "1٫23457E+15",
            "−1.2E−05",
            "1.23457×10^15",
            "1.2 x 10¹⁵",
        ),
    ],
)
def test_a_number_in_exponents_is_no_po_number(text: str) -> None:
    assert "E-LONG-ID" in [code for code, _ in found(three_sheets([ORDER | {"po_number": text}]))]


@pytest.mark.parametrize(
    "text", ["1E5", "E15", "12E", "PO-1E+15", "CFQ7TTC0E15", "1.2", "12EUR", "1.2D5", "2 x 10", "1.5 x 10"]
)
def test_what_people_type_with_an_e_in_it_is_text(text: str) -> None:
    assert not is_in_exponents(text)


@pytest.mark.parametrize("text", ['="27 Rings Ltd"', '= "27 Rings Ltd"'])
def test_a_formula_that_only_quotes_is_told_with_what_it_quotes(text: str) -> None:
    assert quoted_in_formula(text) == "27 Rings Ltd"
    assert "E-CHARS" in [
        code for code, _ in found(three_sheets(customers=[CUSTOMER | {"company_name": text}]))
    ]


@pytest.mark.parametrize("field", ["po_number", "reference", "customer_id", "mpn"])
@pytest.mark.parametrize(
    ("text", "proposal"), [('="00123"', "00123"), ('=T("00123")', None), ("=00123", "00123")]
)
def test_what_a_formula_quotes_is_proposed_in_every_column_of_ids(
    field: str, text: str, proposal: str | None
) -> None:
    problems = check(three_sheets([ORDER | {field: text}]), CONTEXT).problems
    assert [problem.proposal for problem in problems if problem.code == "E-CHARS"] == [proposal]


@pytest.mark.parametrize("text", ['="603"&" 555"', '=T("603 555")', '=("603 555")', '=-"5"', "=TODAY()"])
def test_a_formula_of_a_csv_that_says_something_else_is_refused(text: str) -> None:
    assert quoted_in_formula(text) == ""
    assert "E-CHARS" in [
        code for code, _ in found(three_sheets(customers=[CUSTOMER | {"company_name": text}]))
    ]


@pytest.mark.parametrize("text", ["=", "= sum of parts", "=>", "=A & B", "Co = (A)"])
def test_a_text_that_is_no_formula_stays_a_text(text: str) -> None:
    assert quoted_in_formula(text) is None


@given(st.text())
def test_whatever_is_quoted_comes_back(text: str) -> None:
    if "\n" not in text and "\r" not in text:
        quoted = quoted_in_formula('="{}"'.format(text.replace('"', '""')))
        assert quoted == text


@pytest.mark.parametrize("text", ["1.000", "2.500", "1,000", "1.000.000", "1'000"])
def test_a_quantity_that_can_be_thousands_is_refused_with_both_readings(text: str) -> None:
    assert ("E-NUMBER", "Orders!H4") in found(three_sheets([ORDER | {"quantity": text}]))


@pytest.mark.parametrize("text", ["1.0", "1.00", "12"])
def test_a_quantity_with_a_zero_or_two_after_the_point_is_read(text: str) -> None:
    assert "E-NUMBER" not in [code for code, _ in found(three_sheets([ORDER | {"quantity": text}]))]
