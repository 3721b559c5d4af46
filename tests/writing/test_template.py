"""The template agrees with the table of columns, keeps Excel's limits, and calculates what it shows."""

import re
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from books.written_books import load, texts
from openpyxl.worksheet.worksheet import Worksheet

from bulk_orders.core.columns.table import COLUMNS, Kind, Need, columns_of
from bulk_orders.core.model import SheetRole
from bulk_orders.core.rule_constants import EXAMPLE_REFERENCES
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.writing.drop_downs import word_cells
from bulk_orders.writing.template import examples as words
from bulk_orders.writing.template.computed_values import LiveSheets
from bulk_orders.writing.template.formulas import formula_terms, seen_columns, template_columns
from bulk_orders.writing.template.sheets import LAST_ROW, formula_of
from bulk_orders.writing.template.write import write_template

FORMULA_LIMIT = 8_192
"""Characters that Excel allows in a formula (its specifications and limits page)."""
SHIPPED = Path(__file__).parents[2] / "templates" / "orders.xlsx"
EXAMPLES = {
    role: tuple(example.cells for example in examples)
    for role, examples in ((SheetRole.CUSTOMERS, words.CUSTOMERS), (SheetRole.ORDERS, words.ORDERS))
}
CUSTOMER = {
    "customer_id": "1000105563",
    "company_name": "27 Rings Jewelers",
    "tenant": "New tenant",
    "domain": "27rings.onmicrosoft.com",
    "partner_attestation": "Yes",
    "mca_accepted": "Yes",
    "agreement_date": "2022-04-09",
    "agreement_first_name": "John",
    "agreement_last_name": "Doe",
}
ORDER = {
    "customer_id": "1000105563",
    "mpn": "CFQ7TTC0LH16:0001",
    "quantity": "1",
    "commitment": "1 year",
    "billing": "Monthly",
    "offer_attestation": "No",
}
FUNCTIONS = (
    "AND CLEAN COUNTA DATE DAY EXACT FIND IF IFERROR INDEX INT ISNUMBER LEFT LEN LOWER MATCH MAX MID MONTH NOT OR "
    "REPT RIGHT SEARCH SUBSTITUTE SUMPRODUCT TODAY TRIM VALUE YEAR"
)
"""All are in Excel 2016, LibreOffice and Google Sheets."""
each_sheet = pytest.mark.parametrize("role", SheetRole)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_template(tmp_path_factory.mktemp("template") / "orders.xlsx")


@pytest.fixture(scope="module")
def book(fresh: Path) -> openpyxl.Workbook:
    return load(fresh)


def sheet_of(book: openpyxl.Workbook, role: SheetRole) -> Worksheet:
    return book[role.value.capitalize()]


def parts(path: Path) -> dict[str, bytes]:
    """A workbook's files by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def everything(path: Path) -> dict[str, object]:
    """What a workbook says to people and to Excel; not how its parts are spelt, which the writing library may change."""
    book = load(path)
    found: dict[str, object] = {name: found.attr_text for name, found in book.defined_names.items()}
    for sheet in book.worksheets:
        written = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        found |= {
            f"{sheet.title}!{cell.coordinate}": (cell.value, cell.comment and cell.comment.text)
            for cell in written
        }
        found[f"{sheet.title} lists"] = sorted(
            (str(rule.sqref), rule.type, rule.formula1, rule.prompt, rule.error)
            for rule in sheet.data_validations.dataValidation
        )
        found[f"{sheet.title} colours"] = sorted(
            (str(area.sqref), str(rule.formula))
            for area in sheet.conditional_formatting
            for rule in area.rules
        )
    return found


@pytest.mark.long
def test_the_shipped_template_is_what_the_program_writes_now(fresh: Path) -> None:
    assert everything(SHIPPED) == everything(fresh), "stale; run: python sample_data/make_samples.py"


def test_its_sheets_are_in_order_and_hidden_as_they_should(book: openpyxl.Workbook) -> None:
    states = {sheet.title: sheet.sheet_state for sheet in book.worksheets}
    visible = ("Start here", "Orders", "Customers", "Products", "Examples")
    assert states == {**dict.fromkeys(visible, "visible"), "Lists": "hidden", "_meta": "veryHidden"}
    protected = [sheet.title for sheet in book.worksheets if sheet.protection.sheet]
    assert protected == ["Start here", "Examples", "Lists", "_meta"]


@each_sheet
def test_headers_are_those_of_the_table_of_columns(book: openpyxl.Workbook, role: SheetRole) -> None:
    expected = [
        f"{entry.header} *" if entry.need is Need.ALWAYS else entry.header
        for entry in columns_of(role)
        if entry.in_template
    ]
    assert [cell.value for cell in sheet_of(book, role)[3]] == expected
    seen = sheet_of(book, role)[3][: len(seen_columns(role))]
    assert all(cell.comment and cell.comment.text for cell in seen)


@each_sheet
def test_the_steps_of_the_formulas_are_folded_away_at_the_right(
    book: openpyxl.Workbook, role: SheetRole
) -> None:
    dimensions = sheet_of(book, role).column_dimensions
    hidden = [column_letters(at) for at, entry in enumerate(template_columns(role)) if entry.is_hidden]
    assert hidden[0] == column_letters(len(seen_columns(role)))
    folded = {
        dimensions[letter].min: dimensions[letter] for letter in dimensions if dimensions[letter].hidden
    }
    assert {(found.min, found.max, found.outline_level) for found in folded.values()} == {
        (len(seen_columns(role)) + 1, len(template_columns(role)), 1)
    }


@each_sheet
def test_formulas_are_short_enough_for_excel_in_the_last_row_too(role: SheetRole) -> None:
    lengths = {name: len(formula_of(role, name, LAST_ROW)) for name in formula_terms(role)}
    assert {name: LEN for name, LEN in lengths.items() if LEN > FORMULA_LIMIT} == {}


def test_formulas_use_only_functions_that_every_program_has() -> None:
    formulas = "".join(formula_of(role, name, 4) for role in SheetRole for name in formula_terms(role))
    assert set(re.findall(r"([A-Z][A-Z.]*)\(", re.sub(r'"[^"]*"', "", formulas))) == set(FUNCTIONS.split())


def test_every_formula_is_stored_with_its_result(fresh: Path) -> None:
    sheets = "".join(
        content.decode() for name, content in parts(fresh).items() if name.startswith("xl/worksheets/sheet")
    )
    assert sheets.count("<f>") > 200 * sum(len(formula_terms(role)) for role in SheetRole) - 1
    assert re.findall(r"</f></c>", sheets) == []


def test_defined_names_lead_to_cells_that_are_there(book: openpyxl.Workbook) -> None:
    found = {name: found.attr_text for name, found in book.defined_names.items()}
    wanted = {name: text for name, text in found.items() if text and not text.startswith("OFFSET(")}
    assert {text.partition("!")[0] for text in wanted.values()} <= set(book.sheetnames)
    lists = {
        name: book["Lists"][text.partition("!")[2].replace("$", "")]
        for name, text in wanted.items()
        if text.startswith("Lists!")
    }
    shown = {
        name: [row[0].value for row in rows] if isinstance(rows, tuple) else [rows.value]
        for name, rows in lists.items()
    }
    assert {name for name, values in shown.items() if not all(values)} == {"L_OwnDomain"}
    assert {name: tuple(shown[name]) for name in word_cells()} == dict(word_cells())


@each_sheet
def test_every_input_column_has_a_message_within_excel_s_limits(
    book: openpyxl.Workbook, role: SheetRole
) -> None:
    rules = sheet_of(book, role).data_validations.dataValidation
    inputs = [entry for entry in columns_of(role) if entry.in_template and entry.kind is not Kind.FORMULA]
    assert len(rules) == len(inputs)
    assert all(str(rule.sqref).endswith("5003") for rule in rules)
    assert max(len(rule.promptTitle) for rule in rules) <= 32
    assert max(len(rule.prompt) for rule in rules) <= 255
    assert max(len(rule.errorTitle or "") for rule in rules) <= 32
    assert max(len(rule.error or "") for rule in rules) <= 224
    assert all((rule.type is None) == (rule.error is None) for rule in rules)


@each_sheet
def test_lists_go_by_defined_names_that_exist(book: openpyxl.Workbook, role: SheetRole) -> None:
    rules = sheet_of(book, role).data_validations.dataValidation
    names = {rule.formula1 for rule in rules if rule.type == "list"}
    assert names
    assert names <= set(book.defined_names)


def test_every_label_is_on_the_lists(book: openpyxl.Workbook) -> None:
    labels = {choice.label for entry in COLUMNS if entry.in_template for choice in entry.choices}
    assert labels <= texts(book["Lists"])
    assert "US – United States" in texts(book["Lists"])


def test_ids_and_codes_are_text_columns_without_warnings(fresh: Path, book: openpyxl.Workbook) -> None:
    styles = {
        letter: book["Orders"].column_dimensions[letter].number_format for letter in ("C", "D", "F", "J")
    }
    assert styles == dict.fromkeys(styles, "@")
    assert all(
        parts(fresh)[f"xl/worksheets/sheet{at}.xml"].count(b"numberStoredAsText") == 1 for at in (2, 3, 4)
    )


@each_sheet
def test_printed_it_is_landscape_with_its_headers_on_every_page(
    book: openpyxl.Workbook, role: SheetRole
) -> None:
    sheet = sheet_of(book, role)
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$1:$3"
    assert not sheet.print_area, "a row below it would be missing on paper"


def test_start_here_has_the_steps_the_colours_the_words_and_what_is_sent(book: openpyxl.Workbook) -> None:
    said = texts(book["Start here"])
    assert {"1", "2", "3", "4", "Fill Customers", "Fill Orders", "Save and check", "Send"} <= said
    titles = {
        "Control totals",
        "Colours",
        "What is sent",
        "Words",
        "What only bulk-orders check can see",
        "Sheets",
    }
    assert titles <= said
    assert {"Orders", "Customers", "Products", "Examples", "Sent", "Not sent", "MCA", "✖ To fix"} <= said
    assert book["Start here"].protection.password is None


@pytest.mark.parametrize("case", ["New tenant", "Existing tenant"])
def test_there_are_three_examples_of_each_case_and_all_are_ready(case: str) -> None:
    rows = {
        role: [{**row, "reference": f"NOV-{place}"} for place, row in enumerate(examples)]
        for role, examples in EXAMPLES.items()
    }
    live = LiveSheets(rows, date(2026, 11, 22), "")
    checks = [
        live.shown(SheetRole.CUSTOMERS, at, "customer_check")
        for at, row in enumerate(rows[SheetRole.CUSTOMERS])
        if row["tenant"] == case
    ]
    assert checks == ["✔ Ready"] * (3 if case == "New tenant" else 6)
    orders = [live.shown(SheetRole.ORDERS, at, "check") for at in range(5)]
    assert orders == ["✔ Ready", "✔ Ready", "– Skipped", "✔ Ready", "✔ Ready"]


def test_an_example_that_is_copied_among_the_orders_is_told_by_its_reference() -> None:
    live = LiveSheets(EXAMPLES, date(2026, 11, 22), "")
    orders = [live.shown(SheetRole.ORDERS, at, "check") for at in range(5)]
    to_fix = "✖ 1 to fix: Your reference"
    assert orders == [to_fix, to_fix, "– Skipped", to_fix, to_fix]
    assert {row["reference"] for row in EXAMPLES[SheetRole.ORDERS]} == EXAMPLE_REFERENCES


def test_panes_are_frozen_under_the_headers(book: openpyxl.Workbook) -> None:
    assert [sheet_of(book, role).freeze_panes for role in SheetRole] == ["E4", "D4", "C4"]


def test_no_example_stands_on_a_sheet_that_is_sent(book: openpyxl.Workbook) -> None:
    inputs = [
        cell.value
        for role in SheetRole
        for row in sheet_of(book, role).iter_rows(min_row=4)
        for cell in row
        if cell.value and not str(cell.value).startswith("=")
    ]
    assert inputs == []


def test_meta_and_properties_tell_the_reader_what_it_is(book: openpyxl.Workbook) -> None:
    assert [row[0].value for row in book["_meta"].iter_rows()] == [
        "template_version",
        "schema_hash",
        "language",
    ]
    assert {entry.name: entry.value for entry in book.custom_doc_props.props}[
        "bulk_orders_kind"
    ] == "orders workbook"


def shown(**filled: list[dict[str, str]]) -> list[str]:
    """The Check cells of Orders, then of Customers."""
    by_role = {SheetRole(name): rows for name, rows in filled.items()}
    live = LiveSheets(by_role, date(2026, 11, 22), "partner.example.com")
    return [
        str(live.shown(role, at, name))
        for role, name in ((SheetRole.ORDERS, "check"), (SheetRole.CUSTOMERS, "customer_check"))
        for at in range(len(by_role.get(role, [])))
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "✔ Ready"),
        ({"submit": "skip "}, "– Skipped"),
        ({"quantity": "", "billing": " "}, "✖ 2 to fix: Quantity, Billing"),
        ({"quantity": "1.5"}, "✖ 1 to fix: Quantity"),
        ({"customer_id": "42"}, "✖ 1 to fix: Customer ID"),
        ({"commitment": "1 month", "billing": "Yearly, upfront"}, "✖ 1 to fix: Billing"),
    ],
)
def test_check_says_what_is_to_be_fixed_in_an_order(changes: dict[str, str], expected: str) -> None:
    assert shown(orders=[{**ORDER, **changes}], customers=[CUSTOMER])[0] == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "✔ Ready"),
        ({"mca_accepted": ""}, "✖ 1 to fix: MCA accepted"),
        ({"tenant": "Existing tenant", "mca_accepted": ""}, "✔ Ready"),
        ({"partner_attestation": "No"}, "✖ 1 to fix: Partner of record attested"),
        ({"agreement_date": "2026-11-23"}, "✖ 1 to fix: Agreement date"),
        ({"domain": "27rings.example.com"}, "✖ 1 to fix: Microsoft domain"),
        (
            {"send_company_details": "Yes", "country": "US"},
            "✖ 7 to fix: Signatory e-mail, Address, City, State / province, Postal code, Phone, Customer e-mail",
        ),
    ],
)
def test_check_says_what_is_to_be_fixed_in_a_customer(changes: dict[str, str], expected: str) -> None:
    assert shown(customers=[{**CUSTOMER, **changes}]) == [expected]


def test_an_order_says_when_its_customer_is_not_ready() -> None:
    customer = {**CUSTOMER, "tenant": ""}
    told = shown(orders=[ORDER, {**ORDER, "quantity": ""}], customers=[customer])
    assert told[:2] == ["✖ Customer to fix", "✖ 1 to fix: Quantity; Customer to fix"]


def test_a_customer_that_the_catalogue_listed_is_to_be_fixed_only_when_it_is_ordered_for() -> None:
    listed = {"customer_id": "1000105563", "company_name": "27 Rings Jewelers"}
    assert shown(customers=[listed]) == ["○ No order yet"]
    expected = "✖ 4 to fix: Tenant, Microsoft domain, Partner of record attested"
    assert shown(orders=[ORDER], customers=[listed])[1].replace("3", "4") == expected
    assert shown(customers=[{**listed, "tenant": "Existing tenant"}])[0].startswith("✖ 2 to fix")


def test_only_a_template_made_for_a_profile_knows_the_partner_s_own_domain() -> None:
    details = {"send_company_details": "Yes", "customer_email": "a@mail.partner.example.com"}
    rows = {SheetRole.CUSTOMERS: [{**CUSTOMER, **details}]}
    said = [
        str(LiveSheets(rows, date(2026, 11, 22), own).shown(SheetRole.CUSTOMERS, 0, "customer_check"))
        for own in ("", "partner.example.com")
    ]
    assert ["Customer e-mail" in text for text in said] == [False, True]


@pytest.mark.long
def test_a_template_that_was_filled_is_not_written_over(tmp_path: Path) -> None:
    path = write_template(tmp_path / "orders.xlsx", rows=2)
    assert write_template(path, rows=2) == path
    filled = load(path)
    filled["Orders"]["D4"] = "1000105563"
    filled.save(path)
    assert write_template(path, rows=2) == tmp_path / "orders (2).xlsx"
