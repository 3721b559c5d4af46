"""What `check` says of a file with a mapping, without one, and with one that is not for it."""

from pathlib import Path

import openpyxl
import pytest
from books.foreign_files import (
    csv_bytes,
    english_rows,
)
from map_person import ALL_SAID, Person, export, german_book

from bulk_orders.errors import BulkOrdersError, InputError


@pytest.mark.long
def test_a_file_without_a_mapping_is_told_of_map(tmp_path: Path) -> None:
    told = Person(tmp_path).check(export(tmp_path))
    assert told["exit_code"] == 3
    assert {"F-MISSING-COLUMN"} <= {problem["code"] for problem in told["problems"]}
    assert all(
        "bulk-orders map" in problem["fix"]
        for problem in told["problems"]
        if problem["code"] == "F-MISSING-COLUMN"
    )


def test_an_unconfirmed_mapping_is_a_problem_with_its_fix(tmp_path: Path) -> None:
    path = export(tmp_path)
    Person(tmp_path).map(path, columns=ALL_SAID)
    saved_at = tmp_path / "export.mapping.toml"
    saved_at.write_text(saved_at.read_text("utf-8").replace("confirmed = true", "confirmed = false"), "utf-8")
    with pytest.raises(InputError, match="not confirmed") as refused:
        Person(tmp_path).check(path)
    assert f"bulk-orders map {path}" in refused.value.fix


@pytest.mark.parametrize(("without", "word"), [(["Billing Frequency"], "missing"), ([], "new")])
@pytest.mark.long
def test_other_headers_than_its_mappings_are_named(tmp_path: Path, without: list[str], word: str) -> None:
    Person(tmp_path).map(export(tmp_path), columns=ALL_SAID)
    path = export(tmp_path, without=without)
    if word == "new":
        path.write_bytes(path.read_bytes().replace(b"Line\r\n", b"Line 2\r\n"))
    with pytest.raises(BulkOrdersError, match=word) as refused:
        Person(tmp_path).check(path)
    assert "bulk-orders map" in str(refused.value)


@pytest.mark.long
def test_other_headers_are_named_also_where_none_of_them_is_known(tmp_path: Path) -> None:
    path = german_book("november", "N")(tmp_path)
    Person(tmp_path).map(path, columns=["Auftrags-Ref=reference"])
    found = openpyxl.load_workbook(path)
    found["Export"]["L3"] = "Domain neu"
    found.save(path)
    with pytest.raises(InputError, match="Domain neu is new"):
        Person(tmp_path).check(path)


@pytest.mark.long
def test_a_file_that_cannot_be_read_is_refused_for_its_own_reason(tmp_path: Path) -> None:
    path = export(tmp_path)
    Person(tmp_path).map(path, columns=ALL_SAID)
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(InputError, match="PDF"):
        Person(tmp_path).check(path)
    path.write_bytes(csv_bytes(english_rows("L", 1)) + b'"an open quote')
    with pytest.raises(InputError, match="quotes"):
        Person(tmp_path).check(path)


@pytest.mark.long
def test_two_mappings_that_differ_are_not_chosen_between(tmp_path: Path) -> None:
    Person(tmp_path).map(export(tmp_path), columns=ALL_SAID)
    text = (tmp_path / "export.mapping.toml").read_text("utf-8")
    (tmp_path / "a.mapping.toml").write_text(text.replace('po_number = "PO #"\n', ""), "utf-8")
    other = export(tmp_path).rename(tmp_path / "december.csv")
    with pytest.raises(InputError, match=r"a\.mapping\.toml"):
        Person(tmp_path).check(other)
    assert Person(tmp_path).check(export(tmp_path))["exit_code"] == 0  # its own comes first


@pytest.mark.long
def test_a_problem_names_the_files_own_header_and_cell(tmp_path: Path) -> None:
    path = export(tmp_path)
    Person(tmp_path).map(path, columns=ALL_SAID)
    export(tmp_path, Qty="many")
    problems = Person(tmp_path).check(path)["problems"]
    assert {(problem["column"], problem["cell"], problem["value"]) for problem in problems} == {
        ("Qty", f"D{row}", "many") for row in (2, 3, 4)
    }
