"""The template agrees with the table of columns, keeps Excel's limits, and calculates what it shows."""

import subprocess
import zipfile
from pathlib import Path
from shutil import which

import openpyxl
import pycountry
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from written_books import load, texts

from bulk_orders.core.columns import COLUMNS, Kind, Need, columns_of
from bulk_orders.core.model import SheetRole
from bulk_orders.workbooks.country_codes import COUNTRIES
from bulk_orders.workbooks.template import write_template
from bulk_orders.workbooks.template_rules import check_text, findings

SHIPPED = Path(__file__).parents[2] / "templates" / "orders.xlsx"
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
    assert all(cell.comment and cell.comment.text for cell in sheet_of(book, role)[3])


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
    assert max(len(rule.errorTitle) for rule in rules) <= 32
    assert max(len(rule.error) for rule in rules) <= 224


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


def test_the_countries_are_those_of_iso_3166() -> None:
    assert [code for code, _ in COUNTRIES] == sorted(country.alpha_2 for country in pycountry.countries)


def test_ids_and_codes_are_text_columns_without_warnings(fresh: Path, book: openpyxl.Workbook) -> None:
    styles = {
        letter: book["Orders"].column_dimensions[letter].number_format for letter in ("C", "D", "F", "J")
    }
    assert styles == dict.fromkeys(styles, "@")
    assert parts(fresh)["xl/worksheets/sheet2.xml"].count(b"numberStoredAsText") == 1


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


@pytest.mark.parametrize(
    ("role", "base", "changes", "expected"),
    [
        (SheetRole.ORDERS, {}, {}, ""),
        (SheetRole.ORDERS, ORDER, {}, "✔ Ready"),
        (SheetRole.ORDERS, ORDER, {"submit": "skip "}, "– Skipped"),
        (SheetRole.ORDERS, ORDER, {"quantity": "", "billing": " "}, "✖ 2 to fix: Quantity, Billing"),
        (SheetRole.ORDERS, ORDER, {"quantity": "0"}, "✖ 1 to fix: Quantity"),
        (SheetRole.ORDERS, ORDER, {"quantity": "1.5"}, "✖ 1 to fix: Quantity"),
        (SheetRole.ORDERS, ORDER, {"quantity": "five"}, "✖ 1 to fix: Quantity"),
        (SheetRole.ORDERS, ORDER, {"customer_id": "42"}, "✖ 1 to fix: Customer ID"),
        (
            SheetRole.ORDERS,
            ORDER,
            {"commitment": "1 month", "billing": "Yearly, upfront"},
            "✖ 1 to fix: Billing",
        ),
        (SheetRole.CUSTOMERS, CUSTOMER, {}, "✔ Ready"),
        (SheetRole.CUSTOMERS, CUSTOMER, {"mca_accepted": ""}, "✖ 1 to fix: MCA accepted"),
        (SheetRole.CUSTOMERS, CUSTOMER, {"mca_accepted": "Already on file"}, "✖ 1 to fix: MCA accepted"),
        (SheetRole.CUSTOMERS, CUSTOMER, {"tenant": "Existing tenant", "mca_accepted": ""}, "✔ Ready"),
        (
            SheetRole.CUSTOMERS,
            CUSTOMER,
            {"partner_attestation": "No"},
            "✖ 1 to fix: Partner of record attested",
        ),
        (SheetRole.CUSTOMERS, CUSTOMER, {"domain": "27rings.example.com"}, "✖ 1 to fix: Microsoft domain"),
        (SheetRole.CUSTOMERS, CUSTOMER, {"country": "US – United States", "state": ""}, "✔ Ready"),
    ],
)
def test_check_says_what_is_missing(
    role: SheetRole, base: dict[str, str], changes: dict[str, str], expected: str
) -> None:
    assert check_text(role, {**base, **changes}, {"1000105563"}) == expected


def test_company_details_are_missed_only_where_they_are_sent() -> None:
    told = check_text(SheetRole.CUSTOMERS, {**CUSTOMER, "send_company_details": "Yes", "country": "US"})
    assert told.startswith(
        "✖ 7 to fix: Signatory e-mail, Address, City, State / province, Postal code, Phone"
    )


@pytest.mark.parametrize("role", [SheetRole.ORDERS, SheetRole.CUSTOMERS])
def test_every_finding_is_of_a_column_of_its_sheet(role: SheetRole) -> None:
    names = {entry.name for entry in columns_of(role)}
    assert {entry.name for entry in findings(role)} <= names


def test_a_template_that_was_filled_is_not_written_over(tmp_path: Path) -> None:
    path = write_template(tmp_path / "orders.xlsx", rows=2)
    assert write_template(path, rows=2) == path
    filled = load(path)
    filled["Orders"]["D4"] = "1000105563"
    filled.save(path)
    assert write_template(path, rows=2) == tmp_path / "orders (2).xlsx"


@pytest.mark.skipif(which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_calculates_exactly_what_the_template_says(tmp_path: Path) -> None:
    customers = [
        CUSTOMER,
        {**CUSTOMER, "customer_id": "7", "send_company_details": "Yes", "country": "US"},
        {"customer_id": "8"},
    ]
    orders = [
        ORDER,
        {**ORDER, "submit": "Skip"},
        {**ORDER, "quantity": "", "billing": ""},
        {**ORDER, "quantity": "1.5", "customer_id": "42"},
        {**ORDER, "commitment": "1 month", "billing": "Yearly, upfront"},
        {"order_note": "only a note"},
    ]
    products = [{"mpn": "CFQ7TTC0LH16:0001", "product_name": "Exchange Online (Plan 1)"}]
    path = write_template(
        tmp_path / "orders.xlsx", rows=8, catalogue=products, customers=customers, orders=orders
    )
    settings = tmp_path / "office" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(RECALCULATE_ALWAYS, encoding="utf-8")
    profile = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    out = tmp_path / "out"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    said, calculated = (openpyxl.load_workbook(file, data_only=True) for file in (path, out / path.name))
    for sheet, cells in (("Orders", ("C1", "A4:A11", "E4:E11", "G4:G11")), ("Customers", ("C1", "A4:A11"))):
        for area in cells:
            assert values(calculated[sheet], area) == values(said[sheet], area)
    assert said["Orders"]["C1"].value == "1 ready  ·  4 to fix  ·  1 skipped"


def values(sheet: Worksheet, area: str) -> list[str]:
    found = sheet[area]
    cells = [row[0] for row in found] if isinstance(found, tuple) else [found]
    return [cell.value or "" for cell in cells]


RECALCULATE_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""
