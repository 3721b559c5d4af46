"""A mapping says what the columns of a file are: nothing of ours is read beside it, and every cell keeps its address."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from books.foreign_files import DE, csv_bytes, german_rows, workbook
from books.input_books import CUSTOMER, CUSTOMER_HEADERS, book, codes, saved

from bulk_orders.core.mapping import CsvForm, FixedValue, HeaderMapping
from bulk_orders.errors import InputError
from bulk_orders.reading.isolated import read_bare_safely, read_safely, sketch_safely
from bulk_orders.reading.sketch import Place
from bulk_orders.reading.sketching import read_bare, sketch_of
from bulk_orders.reading.workbook import read_workbook
from bulk_orders.reading.workbook_tables import Form, WorkbookTables

GERMAN = HeaderMapping(
    headers=DE,
    columns={
        "reference": "Auftrags-Ref",
        "customer_id": "Kundennummer",
        "mpn": "Artikelnummer",
        "quantity": "Anzahl Lizenzen",
        "commitment": "Laufzeit",
        "billing": "Abrechnung",
        "tenant": "Mandant",
        "domain": "Domäne",
        "partner_attestation": "Partnerbestätigung",
        "offer_attestation": "Angebotsbestätigung",
    },
    csv=CsvForm(encoding="cp1252", separator=";"),
    is_confirmed=True,
    name="november.mapping.toml",
)
ROWS = german_rows("N", 3)


def fields(tables: WorkbookTables) -> dict[str, str]:
    return {column.field: column.letter for column in tables.orders.columns if column.field}


def read_csv(content: bytes, *mappings: HeaderMapping) -> WorkbookTables:
    return read_workbook(content, "november.csv", mappings=mappings)


def test_the_columns_are_those_of_the_mapping_at_their_own_letters() -> None:
    tables = read_csv(csv_bytes(ROWS, separator=";"), GERMAN)
    assert fields(tables) == {
        "reference": "A",
        "customer_id": "B",
        "mpn": "D",
        "quantity": "F",
        "commitment": "H",
        "billing": "I",
        "tenant": "K",
        "domain": "L",
        "partner_attestation": "M",
        "offer_attestation": "O",
    }
    assert (tables.form, tables.mapping, tables.problems) == (Form.FLAT, "november.mapping.toml", ())
    assert tables.orders.sheet_rows == (2, 3, 4)
    assert "november!G Einzelpreis" in tables.extra_columns


def test_a_name_of_ours_counts_for_nothing_beside_a_mapping() -> None:
    headers = ("Quantity", "Anzahl")
    mapping = HeaderMapping(headers=headers, columns={"quantity": "Anzahl"}, name="a.mapping.toml")
    tables = read_csv(csv_bytes([headers, ("9", "2")]), mapping)
    assert [column.field for column in tables.orders.columns] == ["", "quantity"]


def test_a_fixed_column_is_not_missing_and_an_unmapped_one_is() -> None:
    fixed = {"commitment": FixedValue(value="1 year")}
    columns = {name: header for name, header in GERMAN.columns.items() if name not in {"commitment", "mpn"}}
    tables = read_csv(csv_bytes(ROWS, separator=";"), replace(GERMAN, columns=columns, fixed=fixed))
    assert [(problem.code, problem.field) for problem in tables.problems] == [("F-MISSING-COLUMN", "mpn")]
    assert "bulk-orders map" in tables.problems[0].fix


def test_the_headers_may_stand_in_another_order_and_below_a_title() -> None:
    turned = [tuple(reversed(row)) for row in ROWS]
    content = csv_bytes([("Offene Aufträge",), ("",), *turned], separator=";")
    tables = read_csv(content, GERMAN)
    assert tables.orders.header_row == 3
    assert fields(tables)["reference"] == "P"
    assert [row[15] for row in tables.orders.cells] == ["N-000", "N-001", "N-002"]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_the_encoding_of_the_mapping_is_for_files_that_do_not_say_theirs(encoding: str) -> None:
    tables = read_csv(csv_bytes(ROWS, separator=";", encoding=encoding), GERMAN)
    assert tables.orders.cells[0][15] == "für Müller"


@pytest.mark.parametrize("rows", [[(*ROWS[0], "Neu")], [ROWS[0][:-1]]])
def test_a_header_more_or_less_is_not_read_by_the_mapping(rows: list[tuple[str, ...]]) -> None:
    with pytest.raises(InputError, match="known headers") as refused:
        read_csv(csv_bytes(rows, separator=";"), GERMAN)
    assert "bulk-orders map" in refused.value.fix


def test_the_first_mapping_that_fits_is_taken() -> None:
    other = HeaderMapping(headers=("a", "b"), columns={}, name="other.mapping.toml")
    second = replace(GERMAN, name="second.mapping.toml")
    assert read_csv(csv_bytes(ROWS, separator=";"), other, GERMAN, second).mapping == GERMAN.name


def test_a_file_with_our_headers_needs_no_mapping_and_has_none() -> None:
    assert read_workbook(saved(book()), "orders.xlsx", mappings=[GERMAN]).mapping == ""


def test_a_sheet_of_a_workbook_is_found_by_its_headers(tmp_path: Path) -> None:
    path = workbook(tmp_path / "november.xlsx", ROWS, above=["Offene Aufträge", ""])
    tables = read_workbook(path.read_bytes(), path.name, mappings=[GERMAN])
    assert (tables.orders.name, tables.orders.header_row, tables.form) == ("Export", 3, Form.FLAT)
    assert fields(tables)["reference"] == "A"
    assert tables.orders.sheet_rows == (4, 5, 6)


def two_sheets(tmp_path: Path, second: str) -> bytes:
    path = workbook(tmp_path / "november.xlsx", ROWS)
    found = openpyxl.load_workbook(path)
    copy = found.copy_worksheet(found["Export"])
    copy.title = second
    found.save(path)
    return path.read_bytes()


def test_of_two_sheets_with_the_headers_the_named_one_is_read(tmp_path: Path) -> None:
    content = two_sheets(tmp_path, "Archiv")
    assert (
        read_workbook(content, "n.xlsx", mappings=[replace(GERMAN, sheet="Archiv")]).orders.name == "Archiv"
    )
    with pytest.raises(InputError, match="Export") as refused:
        read_workbook(content, "n.xlsx", mappings=[GERMAN])
    assert "Archiv" in refused.value.message


def test_customers_may_stand_on_our_own_sheet() -> None:
    headers = ("Kunde", "SKU", "Menge")
    columns = {"customer_id": "Kunde", "mpn": "SKU", "quantity": "Menge"}
    fixed = {name: FixedValue(value="Monthly") for name in ("commitment", "billing", "offer_attestation")}
    mapping = HeaderMapping(headers=headers, columns=columns, fixed=fixed, name="a.mapping.toml")
    rows = (headers, ("1000105563", "CFQ7TTC0LH16:0001", 2))
    tables = read_workbook(saved(book(rows, (CUSTOMER_HEADERS, CUSTOMER))), "a.xlsx", mappings=[mapping])
    assert tables.form is Form.THREE_SHEETS
    assert tables.customers is not None
    assert codes(tables) == []


def test_a_child_process_reads_the_same(tmp_path: Path) -> None:
    content = workbook(tmp_path / "november.xlsx", ROWS).read_bytes()
    assert read_safely(content, "n.xlsx", mappings=[GERMAN]) == read_workbook(
        content, "n.xlsx", mappings=[GERMAN]
    )
    place = Place(sheet="Export", header_row=1)
    assert sketch_safely(content, "n.xlsx", CsvForm()) == sketch_of(content, "n.xlsx", CsvForm())
    assert read_bare_safely(content, "n.xlsx", place) == read_bare(content, "n.xlsx", place)


# --- before anything is known ---


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_sketch_finds_the_separator(separator: str) -> None:
    content = csv_bytes([("Report, of; today",), *ROWS], separator=separator)
    sketch = sketch_of(content, "n.csv", CsvForm())
    assert (sketch.separator, sketch.encoding) == (separator, "")
    assert sketch.sheets[0].rows[1] == DE


def test_a_sketch_says_as_what_it_read_a_file_that_is_not_utf8() -> None:
    content = csv_bytes(ROWS, separator=";", encoding="cp1252")
    assert sketch_of(content, "n.csv", CsvForm()).encoding == "cp1252"
    said = sketch_of(content, "n.csv", CsvForm(encoding="cp850"))
    assert said.encoding == "cp850"
    assert said.sheets[0].rows[0] != DE


def test_a_bare_table_has_every_cell(tmp_path: Path) -> None:
    path = workbook(tmp_path / "november.xlsx", ROWS, above=["Titel"])
    tables = read_bare(path.read_bytes(), path.name, Place(sheet="Export", header_row=2))
    assert tables.orders.cells == [list(row) for row in ROWS[1:]]
    assert [column.header for column in tables.orders.columns] == list(DE)


@pytest.mark.parametrize("place", [Place(sheet="Export", header_row=39), Place(sheet="Nichts", header_row=1)])
def test_a_place_that_is_not_there_is_named(tmp_path: Path, place: Place) -> None:
    path = workbook(tmp_path / "november.xlsx", ROWS)
    with pytest.raises(InputError, match=f"row {place.header_row}"):
        read_bare(path.read_bytes(), path.name, place)


def test_a_refusal_in_the_child_is_the_same_refusal() -> None:
    with pytest.raises(InputError, match="PDF"):
        sketch_safely(b"%PDF-1.7", "a.pdf", CsvForm())
