"""The JSON Schemas that are shipped say what is so: of settings, mappings, and what `--json` prints."""

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from books.foreign_files import csv_bytes, english_rows
from books.order_books import order_row, order_rows, write_book
from command_tree import commands
from core.test_mapping import MAPPING, changed
from output_schema import COMMANDS
from processes import Desk, Ended
from write_schemas import FILES, SECRETS, TEMPLATES, text_of

from bulk_orders.core.mapping_data import as_data
from bulk_orders.runs.map_file import ready_made
from bulk_orders.settings.profiles import Profile


def schema(name: str) -> dict[str, Any]:
    return dict(json.loads((TEMPLATES / name).read_text("utf-8")))


def faults(name: str, value: Any) -> list[str]:
    found = jsonschema.Draft7Validator(schema(name)).iter_errors(value)
    return [error.message for error in found]


@pytest.mark.parametrize("name", FILES)
def test_what_is_shipped_is_up_to_date(name: str) -> None:
    shipped = (TEMPLATES / name).read_text("utf-8")
    assert shipped == text_of(name), f"{name} is out of date; run: python tests/write_schemas.py"
    jsonschema.Draft7Validator.check_schema(json.loads(shipped))


# --- settings ---


def test_the_sample_is_right_and_names_its_schema() -> None:
    text = (TEMPLATES / "settings.toml").read_text("utf-8")
    assert text.startswith("#:schema ./settings.schema.json\n")
    assert faults("settings.schema.json", tomllib.loads(text)) == []


def test_every_setting_is_known_with_what_it_means_and_no_secret_is_one() -> None:
    profile = schema("settings.schema.json")["properties"]["profiles"]["additionalProperties"]["properties"]
    files = {f"{secret}_file" for secret in SECRETS}
    assert set(profile) == set(Profile.model_fields) - {"name", *SECRETS} | files
    assert [name for name, setting in profile.items() if not setting["description"]] == []


@pytest.mark.parametrize("line", ["rate = 3", 'workers = "many"', "workers = 0", 'password = "secret"'])
def test_what_the_program_refuses_the_schema_refuses(line: str) -> None:
    assert faults("settings.schema.json", tomllib.loads(f"[profiles.live]\n{line}\n"))


# --- mappings ---


def test_a_mapping_is_one_by_its_schema_and_so_is_what_is_shipped() -> None:
    assert faults("mapping.schema.json", as_data(MAPPING)) == []
    assert [faults("mapping.schema.json", as_data(mapping)) for mapping in ready_made()] == [[]]


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("colums", {}),
        ("headers", []),
        ("columns.colour", "Qty"),
        ("values.mpn", {"A": "B"}),
        ("values.commitment", {"Abo": "2 years"}),
        ("fixed.company_name", "27 Rings Jewelers"),
        ("fixed.offer_attestation", "No"),
        ("fixed.offer_attestation", {"value": "No", "stated_by": "Jane"}),
        ("dates.agreement_date", "year first"),
        ("parts.mpn", 0),
        ("csv.encoding", "klingon"),
    ],
)
def test_what_is_not_a_mapping_is_none_by_its_schema(entry: str, value: Any) -> None:
    assert faults("mapping.schema.json", changed(entry, value))


# --- what `--json` prints ---


def test_every_command_that_prints_json_has_a_definition() -> None:
    printing = {
        name
        for name, command in commands().items()
        if any("--json" in found.opts for found in command.params)
    }
    assert printing == {name for name in COMMANDS if "--" not in name}
    assert set(COMMANDS.values()) <= set(schema("output.schema.json")["definitions"])


def a_book(desk: Desk) -> Path:
    return write_book(desk.folder / "orders.xlsx", [*order_rows(2), order_row(3, quantity="0")])


def an_export(desk: Desk) -> Path:
    path = desk.folder / "export.csv"
    path.write_bytes(csv_bytes(english_rows("L", 2)))
    return path


def with_a_wish(desk: Desk) -> Path:
    path = desk.folder / "subscriptions.xlsx"
    book = openpyxl.load_workbook(path)
    places = {cell.value: cell.column for cell in book["Subscriptions"][3]}
    book["Subscriptions"].cell(4, places["Seats after"]).value = 1000
    book.save(path)
    return path


def played(desk: Desk) -> list[tuple[str, Ended]]:
    """One of each object, as the program prints it."""
    book, export = a_book(desk), an_export(desk)
    (desk.folder / "nights").mkdir()

    def said(name: str, *arguments: object) -> tuple[str, Ended]:
        return name, desk.run(*arguments, "--json")

    return [
        said("template", "template", "-o", desk.folder / "new.xlsx"),
        said("explain", "explain", "E-RANGE"),
        said("help", "help", "json"),
        said("check", "check", book, "--estimate"),
        said("plan", "plan", book, "--only-ready"),
        said("error", "notify"),
        said("night_preview", "nightly", desk.folder / "nights", "--practice", "--dry-run"),
        said("nightly", "nightly", desk.folder / "nights", "--practice"),
        said("fix", "fix", desk.folder / "orders.checked.xlsx"),
        said("dry_run", "run", book, "--only-ready", "--dry-run"),
        said("run", "run", book, "--only-ready", "--faults", "provisioning-error=every:2"),
        said("workbooks", "run", book, desk.folder / "none.xlsx"),
        said("run", "status", "last"),
        said("runs", "status", "--all-open"),
        said("run", "report", "last"),
        said("run", "resume", "last"),
        said("run", "resolve", "last"),
        said("audit", "audit", "last"),
        said("history", "history"),
        said("history", "history", "--cancellable"),
        said("undo", "undo", "last"),
        said("verify", "verify"),
        said("map", "map", export),
        said("map", "map", export, "--column", "Line=reference", "--column", "MPA=partner attestation"),
        said("doctor", "doctor", "--bundle", desk.folder / "bundle.zip"),
        said("first_steps", "doctor", "--first-steps"),
        said("backup", "ledger", "backup", desk.folder / "copy.sqlite", "--practice"),
        said("restore", "ledger", "restore", desk.folder / "copy.sqlite", "--practice", "--yes"),
        said("purge", "purge", "--older-than", "0d", "--profile", "practice", "--yes"),
        said("subscriptions", "subscriptions", "pull"),
        said("check", "check", with_a_wish(desk)),
        said("customers", "customers", "pull"),
        said("catalog", "catalog", "pull", "-o", "c.xlsx"),
        said(
            "price_changes", "catalog", "compare", "c.xlsx", "c.xlsx", "--subscriptions", "subscriptions.xlsx"
        ),
        said("error", "check", desk.folder / "none.xlsx"),
    ]


def only(name: str) -> dict[str, Any]:
    """The schema of one command's object."""
    return {**schema("output.schema.json"), "anyOf": [{"$ref": f"#/definitions/{name}"}]}


@pytest.mark.long
def test_what_the_commands_print_is_what_the_schema_says(desk: Desk) -> None:
    told = {
        f"{place} {name}": [
            error.message for error in jsonschema.Draft7Validator(only(name)).iter_errors(ended.json)
        ]
        for place, (name, ended) in enumerate(played(desk))
    }
    assert {name: messages for name, messages in told.items() if messages} == {}
