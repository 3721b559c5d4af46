"""The check of a file by its mapping sees what is meant, and says what was typed."""

from books.foreign_files import csv_bytes
from fake_clock import FakeClock

from bulk_orders.checking.check import CheckContext, check
from bulk_orders.checking.mapped_values import as_meant, as_typed
from bulk_orders.checking.result import CheckResult, RowState
from bulk_orders.core.mapping import DAY_MONTH, CsvForm, FixedValue, HeaderMapping
from bulk_orders.core.model import Severity
from bulk_orders.reading.workbook import read_workbook

HEADERS = ("Nr", "Kunde", "SKU", "Menge", "Laufzeit", "Zahlung", "Domäne", "Mandant", "Vom")
MAPPING = HeaderMapping(
    headers=HEADERS,
    columns={
        "reference": "Nr",
        "customer_id": "Kunde",
        "mpn": "SKU",
        "quantity": "Menge",
        "commitment": "Laufzeit",
        "billing": "Zahlung",
        "domain": "Domäne",
        "tenant": "Mandant",
        "agreement_date": "Vom",
    },
    values={
        "commitment": {"jahresabo": "1 year", "monatsabo": "1 month"},
        "billing": {"monatlich": "Monthly", "jährlich": "Yearly, upfront"},
        "tenant": {"vorhanden": "Existing tenant"},
    },
    fixed={
        "offer_attestation": FixedValue(value="No", stated_by="Jane Doe", stated_on="2026-11-29"),
        "partner_attestation": FixedValue(value="Yes", stated_by="Jane Doe", stated_on="2026-11-29"),
        "special_qualifications": FixedValue(value="None"),
    },
    dates={"agreement_date": DAY_MONTH},
    parts={"mpn": 2},
    csv=CsvForm(separator=","),
    is_confirmed=True,
    name="export.mapping.toml",
)
GOOD = (
    "R-1",
    "1000105563",
    "CFQ7TTC0LH16:0001",
    "5",
    "Jahresabo",
    "monatlich",
    "27rings.onmicrosoft.com",
    "vorhanden",
    "",
)


def checked(*rows: tuple[str, ...]) -> CheckResult:
    tables = read_workbook(csv_bytes([HEADERS, *rows]), "export.csv", mappings=[MAPPING])
    context = CheckContext(today=FakeClock().now().date(), own_domain="", include_hidden=False)
    return as_typed(check(as_meant(tables, MAPPING), context), tables, MAPPING)


def changed(**changes: str) -> tuple[str, ...]:
    return tuple(changes.get(header, text) for header, text in zip(HEADERS, GOOD, strict=True))


def test_a_row_is_ready_with_what_is_meant() -> None:
    found = checked(GOOD)
    assert found.row_states == {2: RowState.READY}
    (row,) = found.rows()
    wanted = {
        "commitment": "year",
        "billing": "month",
        "tenant": "existing",
        "mpn": "CFQ7TTC0LH16:0001",
        "offer_attestation": "no",
        "partner_attestation": "yes",
        "special_qualifications": "none",
    }
    assert {name: row.values[name] for name in wanted} == wanted


def test_the_file_keeps_what_was_typed() -> None:
    found = checked(GOOD)
    assert found.tables.orders.cells == [list(GOOD)]
    assert [column.header for column in found.tables.orders.columns] == list(HEADERS)


def test_what_no_cell_says_is_told_and_a_statement_with_who_makes_it() -> None:
    told = {
        problem.column: problem for problem in checked(GOOD).problems if problem.severity is Severity.INFO
    }
    assert told["Special qualifications"].code == "I-FIXED"
    assert told["Offer attestation"].code == "I-STATED"
    assert "stated by Jane Doe on 2026-11-29" in told["Offer attestation"].message
    assert "export.mapping.toml" in told["Offer attestation"].message


def test_a_problem_names_the_files_own_header_cell_and_text() -> None:
    found = checked(changed(Laufzeit="Monatsabo", Zahlung="jährlich"))
    errors = [problem for problem in found.problems if problem.severity is Severity.ERROR]
    assert {(problem.cells[0], problem.column, problem.value) for problem in errors} == {
        ("F2", "Zahlung", "jährlich")
    }


def test_a_word_that_the_mapping_does_not_know_is_wrong_in_its_cell() -> None:
    found = checked(changed(Laufzeit="Dauerabo"))
    assert [
        (problem.code, problem.cells, problem.value) for problem in found.problems if problem.code[0] == "E"
    ] == [("E-LIST", ("E2",), "Dauerabo")]


def test_dates_and_products_are_read_as_the_mapping_says() -> None:
    row = changed(Vom="09.04.2022", SKU="CFQ7TTC0LH16:0001:CFQ7TTC0K971")
    (found,) = checked(row).rows()
    assert (found.values["mpn"], found.values["agreement_date"]) == ("CFQ7TTC0LH16:0001", "2022-04-09")


def test_a_column_of_the_files_own_that_was_said_to_be_one_is_not_asked_about() -> None:
    columns = {name: header for name, header in MAPPING.columns.items() if name != "reference"}
    mapping = HeaderMapping(headers=("Ref", *HEADERS[1:]), columns=columns, fixed=MAPPING.fixed, name="x")
    tables = read_workbook(csv_bytes([("Ref", *HEADERS[1:]), GOOD]), "export.csv", mappings=[mapping])
    context = CheckContext(today=FakeClock().now().date(), own_domain="", include_hidden=False)
    before = check(as_meant(tables, mapping), context)
    assert "W-NOT-SENT" in {problem.code for problem in before.problems}
    assert "W-NOT-SENT" not in {problem.code for problem in as_typed(before, tables, mapping).problems}
