"""`map` asks only what is doubtful, takes options where nobody is there, and what it saves is used by every command."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from books.foreign_files import (
    CUSTOMERS,
    EN,
    dutch_rows,
    english_rows,
    erp_rows,
    french_rows,
    german_rows,
    italian_rows,
    migration_rows,
    spanish_rows,
    workbook,
)
from books.input_books import CUSTOMER, CUSTOMER_HEADERS, book, saved
from map_person import ALL_SAID, Person, csv_file, export, german_book

from bulk_orders.errors import ExitCode, InputError, UsageError
from bulk_orders.reading.mapping_file import read_mapping


@pytest.mark.parametrize(
    ("first", "answers", "second"),
    [
        pytest.param(
            csv_file(english_rows, "export", "L"),
            ["1", "1"],
            csv_file(english_rows, "export-12", "M"),
            id="English",
        ),
        pytest.param(german_book("november", "N"), ["1"], german_book("dezember", "D"), id="German workbook"),
        pytest.param(
            csv_file(german_rows, "november", "N", separator=";", encoding="cp1252"),
            ["1", "1"],
            csv_file(german_rows, "dezember", "D", separator=";", encoding="cp1252"),
            id="German CSV that is not UTF-8",
        ),
        pytest.param(
            csv_file(french_rows, "novembre", "N", separator=";", encoding="utf-8-sig"),
            [],
            csv_file(french_rows, "decembre", "D", separator=";", encoding="utf-8-sig"),
            id="French",
        ),
        pytest.param(
            csv_file(spanish_rows, "noviembre", "N", separator="\t"),
            [],
            csv_file(spanish_rows, "diciembre", "D", separator="\t"),
            id="Spanish",
        ),
        pytest.param(
            csv_file(italian_rows, "novembre", "N", separator=";", encoding="cp1252"),
            ["1"],
            csv_file(italian_rows, "dicembre", "D", separator=";", encoding="cp1252"),
            id="Italian CSV that is not UTF-8",
        ),
        pytest.param(
            csv_file(dutch_rows, "november", "N", separator="\t", encoding="utf-16"),
            [],
            csv_file(dutch_rows, "december", "D", separator="\t", encoding="utf-16"),
            id="Dutch in Excel's Unicode text",
        ),
        pytest.param(
            csv_file(french_rows, "mac", "N", separator=";", encoding="mac_roman"),
            ["1"],
            csv_file(french_rows, "mac-2", "D", separator=";", encoding="mac_roman"),
            id="French of an old Mac",
        ),
        pytest.param(
            csv_file(erp_rows, "erp", "N", separator="|"),
            ["1", "1"],
            csv_file(erp_rows, "erp-2", "D", separator="|"),
            id="what a large company's system calls things",
        ),
        pytest.param(
            csv_file(migration_rows, "subscriptions", "N"),
            [],
            csv_file(migration_rows, "subscriptions-2", "D"),
            id="Microsoft's batch migration",
        ),
    ],
)
@pytest.mark.long
def test_at_most_two_questions_and_none_for_the_next_file_of_the_kind(
    tmp_path: Path,
    first: Callable[[Path], Path],
    answers: list[str],
    second: Callable[[Path], Path],
) -> None:
    person = Person(tmp_path, list(answers))
    assert person.map(first(tmp_path)) is ExitCode.OK
    assert person.questions == len(answers) <= 2
    nobody = Person(tmp_path)
    for path in (first(tmp_path), second(tmp_path)):
        told = nobody.check(path)
        assert (told["exit_code"], told["counts"]["ready"]) == (0, 4), told["problems"]


def test_where_nobody_is_there_it_says_what_is_doubtful_and_the_options_that_answer(tmp_path: Path) -> None:
    nobody = Person(tmp_path)
    path = export(tmp_path)
    assert nobody.map(path) is ExitCode.WORKBOOK_HAS_ERRORS
    assert "--column MPA=partner_attestation" in nobody.words
    assert "--column Line=reference" in nobody.words
    assert not (tmp_path / "export.mapping.toml").exists()
    assert Person(tmp_path).map(path, columns=ALL_SAID) is ExitCode.OK
    assert read_mapping(tmp_path / "export.mapping.toml").columns["reference"] == "Line"


@pytest.mark.long
def test_each_option_it_names_settles_its_doubt(tmp_path: Path) -> None:
    person = Person(tmp_path)
    person.map(export(tmp_path), as_json=True)
    doubts = json.loads(person.words.partition("\n")[2])["doubts"]
    said = [doubt["options"][0].removeprefix("--column ") for doubt in doubts]
    assert Person(tmp_path).map(export(tmp_path), columns=said) is ExitCode.OK


def test_json_has_every_column_with_confidence_and_samples(tmp_path: Path) -> None:
    person = Person(tmp_path, ["1", "1"])
    person.map(export(tmp_path), as_json=True)
    told = json.loads(person.words.partition("\n")[2])
    assert person.questions == 0
    assert (told["exit_code"], told["files"], told["header_row"]) == (3, {"mapping": None}, 1)
    by_header = {column["header"]: column for column in told["columns"]}
    assert list(by_header) == list(EN)
    assert by_header["SKU"]["column"] == "mpn"
    assert by_header["SKU"]["confidence"] == 1.0
    assert by_header["Customer Number"]["samples"] == [customer for customer, _, _ in CUSTOMERS]
    assert {(doubt["kind"], doubt["column"]) for doubt in told["doubts"]} == {
        ("column", "partner_attestation"),
        ("column", "reference"),
    }


@pytest.mark.long
def test_a_statement_for_every_row_needs_a_name_and_is_dated(tmp_path: Path) -> None:
    path = export(tmp_path, without=["MPA"])
    fixed = {"columns": ["Line=reference"], "fixed": ["Partner of record attested=Yes"]}
    with pytest.raises(UsageError, match="legal statement") as refused:
        Person(tmp_path).map(path, **fixed)
    assert "--stated-by" in refused.value.fix
    assert Person(tmp_path).map(path, **fixed, stated_by="Jane Doe") is ExitCode.OK
    stated = read_mapping(tmp_path / "export.mapping.toml").fixed["partner_attestation"]
    assert (stated.value, stated.stated_by, len(stated.stated_on)) == ("Yes", "Jane Doe", len("2026-11-29"))


def test_a_person_states_it_by_name_at_the_terminal(tmp_path: Path) -> None:
    person = Person(tmp_path, ["1", "Jane Doe", "1"])
    assert person.map(export(tmp_path, without=["MPA"])) is ExitCode.OK
    assert read_mapping(tmp_path / "export.mapping.toml").fixed["partner_attestation"].stated_by == "Jane Doe"


@pytest.mark.long
def test_a_statement_is_not_taken_over_to_another_kind_of_file(tmp_path: Path) -> None:
    path = export(tmp_path, without=["MPA"])
    said = {"columns": ["Line=reference"], "fixed": ["Partner of record attested=Yes"], "stated_by": "Jane"}
    Person(tmp_path).map(path, **said)
    other = export(tmp_path, without=["MPA", "PO #"])
    nobody = Person(tmp_path)
    assert nobody.map(other) is ExitCode.WORKBOOK_HAS_ERRORS
    assert "Starting from export.mapping.toml" in nobody.words
    assert "Line=reference" not in nobody.words
    assert "--stated-by NAME" in nobody.words


@pytest.mark.long
@pytest.mark.parametrize(
    ("options", "header", "cells", "column"),
    [
        ({"columns": ["MPA=partner attestation", "Line=reference"]}, "New Qty", "7", "quantity"),
        ({"columns": ["MPA=partner attestation", "Line=reference"]}, "Old SKU", "CFQ7TTC0LH18:0001", "mpn"),
        (
            {
                "columns": ["MPA=partner attestation", "Line=reference", "Billing Frequency="],
                "fixed": ["Billing=Monthly"],
            },
            "Billing cycle",
            "Yearly",
            "billing",
        ),
    ],
)
def test_a_new_column_that_may_be_one_of_ours_opens_what_was_said_once(
    tmp_path: Path, options: dict[str, Any], header: str, cells: str, column: str
) -> None:
    path = export(tmp_path)
    assert Person(tmp_path).map(path, **options) is ExitCode.OK
    lines = path.read_bytes().decode().splitlines()
    path.write_text("\n".join(f"{line},{cells if number else header}" for number, line in enumerate(lines)))
    person = Person(tmp_path)
    code = person.map(path, as_json=True)
    told = json.loads(person.words.partition("\n")[2])
    doubtful = {doubt["column"]: doubt["candidates"] for doubt in told["doubts"]}
    meant = {found["header"]: found["column"] for found in told["columns"]}
    if column == "billing":  # its header is a name that we know, so that there is nothing to ask
        assert (code, meant[header], told["fixed"]) == (0, "billing", {})
    else:
        assert code == 3
        assert header in doubtful[column]


@pytest.mark.long
def test_an_unknown_word_is_asked_about_and_remembered(tmp_path: Path) -> None:
    path = export(tmp_path, Term="Jahresabo")
    person = Person(tmp_path, ["1", "1", "1", "1"])  # the column is asked about, too: nothing in it is known
    person.map(path)
    assert read_mapping(tmp_path / "export.mapping.toml").values["commitment"] == {"jahresabo": "1 year"}
    assert Person(tmp_path).check(path)["counts"]["ready"] == 3


@pytest.mark.long
def test_values_can_be_said_by_option(tmp_path: Path) -> None:
    path = export(tmp_path, Term="Jahresabo")
    columns = (*ALL_SAID, "Term=commitment")
    Person(tmp_path).map(path, columns=columns, values=["Commitment:Jahresabo=year"])
    assert Person(tmp_path).check(path)["counts"]["ready"] == 3


@pytest.mark.parametrize("answers", [[""], [], ["x", "99", "0"], ["1", ""]])
@pytest.mark.long
def test_whoever_does_not_answer_saves_nothing(tmp_path: Path, answers: list[str]) -> None:
    with pytest.raises(UsageError, match="Nothing was saved"):
        Person(tmp_path, answers).map(export(tmp_path))
    assert not list(tmp_path.glob("*.mapping.toml"))


@pytest.mark.long
def test_none_of_these_leads_to_what_stands_in_every_row(tmp_path: Path) -> None:
    person = Person(tmp_path, ["2", "1", "1", "Jane"])
    person.map(export(tmp_path))
    mapping = read_mapping(tmp_path / "export.mapping.toml")
    assert "MPA" not in mapping.columns.values()
    assert mapping.fixed["partner_attestation"].stated_by == "Jane"


@pytest.mark.long
def test_a_required_column_that_cannot_be_the_same_in_every_row_must_be_added(tmp_path: Path) -> None:
    nobody = Person(tmp_path)
    code = nobody.map(export(tmp_path, without=["Domain Name"]), columns=ALL_SAID)
    assert code is ExitCode.WORKBOOK_HAS_ERRORS
    assert "Add it to the file" in nobody.words


@pytest.mark.parametrize(
    "options",
    [
        {"columns": ["Line"]},
        {"columns": ["Nothing=reference"]},
        {"columns": ["Line=colour"]},
        {"columns": ["Line=reference", "PO #=reference"]},
        {"values": ["Commitment:P1Y=2 years"]},
        {"fixed": ["Company name=27 Rings"]},
        {"fixed": ["Commitment=2 years"]},
        {"dates": ["Agreement date=year first"]},
        {"encoding": "klingon"},
        {"separator": "x"},
    ],
)
@pytest.mark.long
def test_an_option_that_cannot_be_used_is_named(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as refused:
        Person(tmp_path).map(export(tmp_path), **options)
    assert refused.value.message
    assert not list(tmp_path.glob("*.mapping.toml"))


@pytest.mark.long
def test_sheet_and_header_row_can_be_said(tmp_path: Path) -> None:
    rows = [("a", "b"), ("c", "d"), *[["Feld 1", "Feld 2"], ["x", "y"]]]
    path = workbook(tmp_path / "odd.xlsx", rows)
    with pytest.raises(UsageError) as refused:
        Person(tmp_path).map(path)
    assert "--sheet" in refused.value.fix
    nobody = Person(tmp_path)
    assert nobody.map(path, sheet="Export", header_row=3) is ExitCode.WORKBOOK_HAS_ERRORS
    assert "Feld 1" in nobody.words
    with pytest.raises(InputError):
        Person(tmp_path).map(path, sheet="Nichts")


@pytest.mark.long
def test_the_encoding_is_asked_for_with_what_it_reads_like(tmp_path: Path) -> None:
    path = csv_file(german_rows, "november", "N", separator=";", encoding="cp1252")(tmp_path)
    with pytest.raises(UsageError, match="Domäne") as refused:
        Person(tmp_path).map(path)
    assert "--encoding cp1252" in refused.value.fix
    assert Person(tmp_path).map(path, encoding="cp1252", columns=["Auftrags-Ref=reference"]) is ExitCode.OK


@pytest.mark.long
def test_customers_on_our_own_sheet_are_not_asked_for(tmp_path: Path) -> None:
    headers = ("Line", "Customer Number", "SKU", "Qty", "Term", "Billing Frequency", "Windows attestation")
    row = ("L-1", "1000105563", "CFQ7TTC0LH16:0001", "2", "P1Y", "Monthly", "No")
    path = tmp_path / "orders.xlsx"
    path.write_bytes(
        saved(book((headers, row), (CUSTOMER_HEADERS, (*CUSTOMER[:2], "Existing tenant", *CUSTOMER[3:]))))
    )
    assert Person(tmp_path).map(path, columns=["Line=reference"]) is ExitCode.OK
    told = Person(tmp_path).check(path)
    assert told["counts"]["ready"] == 1, told["problems"]


@pytest.mark.long
def test_a_file_with_our_own_headers_needs_no_mapping(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    path.write_bytes(saved(book()))
    nobody = Person(tmp_path)
    assert nobody.map(path) is ExitCode.OK
    assert "needs no mapping" in nobody.words
    assert not list(tmp_path.glob("*.mapping.toml"))
