"""An export with its own headers is ordered as it is: once, with the right orders, and its results are read again."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
from books.foreign_files import (
    DE,
    EN,
    csv_bytes,
    english_rows,
    french_rows,
    german_rows,
    spanish_rows,
    wanted,
    workbook,
)
from processes import Desk

SAID = {
    "en": ("--column", "Line=reference", "--column", "MPA=partner_attestation"),
    "de": ("--column", "Auftrags-Ref=reference"),
    "fr": (),
    "es": (),
}


def english(folder: Path, name: str, prefix: str) -> Path:
    return written(folder / f"{name}.csv", english_rows(prefix, 4))


def german(folder: Path, name: str, prefix: str) -> Path:
    return workbook(folder / f"{name}.xlsx", german_rows(prefix, 4), above=["Offene Aufträge", ""])


def french(folder: Path, name: str, prefix: str) -> Path:
    return written(folder / f"{name}.csv", french_rows(prefix, 4), separator=";", encoding="utf-8-sig")


def spanish(folder: Path, name: str, prefix: str) -> Path:
    return workbook(folder / f"{name}.xlsx", spanish_rows(prefix, 4))


def written(path: Path, rows: Sequence[Sequence[str]], **form: str) -> Path:
    path.write_bytes(csv_bytes(rows, **form))  # type: ignore[arg-type]
    return path


def placed(desk: Desk) -> list[tuple[str, str, str]]:
    """Customer, product and quantity of each order on the practice marketplace, in order."""
    journal = (desk.home / "practice" / "marketplace.jsonl").read_text("utf-8").splitlines()
    orders = [json.loads(line)["sent"] for line in journal]
    return [
        (order["customerId"], order["products"][0]["mpn"], str(order["products"][0]["quantity"]))
        for order in orders
    ]


@pytest.mark.parametrize(
    ("language", "make"),
    [
        ("en", english),
        pytest.param("de", german, marks=pytest.mark.long),
        pytest.param("fr", french, marks=pytest.mark.long),
        pytest.param("es", spanish, marks=pytest.mark.long),
    ],
)
def test_it_is_mapped_once_and_its_like_are_run_without_a_question(
    desk: Desk, language: str, make: Callable[[Path, str, str], Path]
) -> None:
    first, second = make(desk.folder, "first", "A"), make(desk.folder, "second", "B")

    mapped = desk.run("map", first, *SAID[language])
    ran = [desk.run("run", path, "--practice", "--json") for path in (first, second)]

    assert mapped.code == 0, mapped.words
    assert [(end.code, end.json["counts"]["accepted"]) for end in ran] == [(0, 4), (0, 4)], ran[0].words
    orders = [order for prefix in "AB" for order in wanted(prefix, 4)]
    assert [row["reference"] for end in ran for row in end.json["rows"]] == [
        order.reference for order in orders
    ]
    assert sorted(placed(desk)) == sorted((order.customer_id, order.mpn, order.quantity) for order in orders)


@pytest.mark.long
@pytest.mark.parametrize("make", [english, german])
def test_its_results_have_its_own_columns_and_are_run_again_by_its_mapping(
    desk: Desk, make: Callable[[Path, str, str], Path]
) -> None:
    path = make(desk.folder, "first", "A")
    said = SAID["en" if make is english else "de"]
    assert desk.run("map", path, *said).code == 0
    ran = desk.run("run", path, "--practice", "--json")
    results = Path(ran.json["files"]["results"])

    again = desk.run("run", results, "--practice", "--json")
    (desk.folder / "first.mapping.toml").unlink()
    reported = desk.run("report", ran.json["run_id"], "--json")

    assert (again.code, again.json["counts"]["ordered_before"]) == (0, 4)
    assert (reported.code, reported.json["rows"]) == (0, ran.json["rows"])
    sheet = openpyxl.load_workbook(results)["first" if make is english else "Export"]
    headers = {cell.value for row in sheet.iter_rows(max_row=3) for cell in row}
    assert {*(EN if make is english else DE), "Outcome"} <= headers


@pytest.mark.long
def test_a_checked_workbook_of_it_is_corrected_by_its_mapping(desk: Desk) -> None:
    path = english(desk.folder, "first", "A")
    assert desk.run("map", path, *SAID["en"]).code == 0
    path.write_bytes(path.read_bytes().replace(b",4,P1Y,Monthly", b",4,Anual,Monthly"))

    checked = desk.run("check", path, "--json")
    fixed = desk.run("fix", checked.json["files"]["checked"])

    assert (checked.code, checked.json["counts"]["to_fix"]) == (3, 1)
    (problem,) = [problem for problem in checked.json["problems"] if problem["severity"] == "error"]
    assert (problem["column"], problem["cell"], problem["value"], problem["proposal"]) == (
        *("Term", "E5", "Anual", "1 year"),
    )
    assert "first.mapping.toml" in fixed.words


@pytest.mark.long
def test_a_run_that_was_cut_off_goes_on_by_the_mapping_it_began_with(desk: Desk) -> None:
    path = english(desk.folder, "first", "A")
    assert desk.run("map", path, *SAID["en"]).code == 0
    ran = desk.run("run", path, "--practice", "--json", "--first", "1")
    (desk.folder / "first.mapping.toml").write_text("confirmed = false\n", "utf-8")

    resumed = desk.run("resume", ran.json["run_id"], "--json")

    assert (ran.code, resumed.code) == (0, 0)
    assert resumed.json["rows"] == ran.json["rows"]
