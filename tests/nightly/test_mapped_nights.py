"""Files of the inbox that have headers of their own: read by the mappings that are kept there."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cli.map_person import ALL_SAID, Person, export
from nights import Office, office

from bulk_orders.errors import ExitCode

pytestmark = pytest.mark.long


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as made:
        made.inbox.mkdir()
        yield made


def mapped(here: Office, *, is_confirmed: bool = True) -> Path:
    """An export with its mapping in the inbox."""
    path = export(here.inbox)
    Person(here.home).map(path, columns=ALL_SAID)
    path.with_suffix(".ctl").write_text("orders = 3\n", encoding="utf-8")
    mapping = here.inbox / "export.mapping.toml"
    if not is_confirmed:
        mapping.write_text(
            mapping.read_text("utf-8").replace("confirmed = true", "confirmed = false"), "utf-8"
        )
    return path


def test_an_export_is_sent_by_its_mapping_which_stays_for_the_next_ones(here: Office) -> None:
    path = mapped(here)
    other = path.read_bytes().replace(b"MIG-L", b"MIG-M")
    assert here.night().exit_code is ExitCode.OK
    assert here.simulator.order_count == 3
    (here.inbox / "tomorrow.csv").write_bytes(other)
    (here.inbox / "tomorrow.ctl").write_text("orders = 3\n", encoding="utf-8")
    here.clock.ahead += timedelta(days=4)
    report = here.night()
    assert (report.files[0].name, report.exit_code, report.alerts) == ("tomorrow.csv", ExitCode.OK, ())
    assert report.waiting == ()
    assert (here.inbox / "export.mapping.toml").exists()
    results = next(found.results for found in report.files if found.results)
    assert json.loads(results.with_suffix(".json").read_text("utf-8"))["exit_code"] == 0


def test_one_without_a_mapping_says_that_the_mapping_goes_into_the_inbox_too(here: Office) -> None:
    export(here.inbox)
    (found,) = here.night().files
    assert "type `bulk-orders map FILE`" in found.fix
    assert found.fix.endswith("Then put the file into the inbox again, with its mapping if you made one.")


def test_one_that_nobody_confirmed_goes_aside_with_its_file_and_comes_back_confirmed(here: Office) -> None:
    mapped(here, is_confirmed=False)
    report = here.night()
    (found,) = report.files
    aside = here.root / "needs-attention"
    assert (found.exit_code, found.what) == (
        ExitCode.WORKBOOK_HAS_ERRORS,
        "The mapping export.mapping.toml is not confirmed.",
    )
    assert f"bulk-orders map {aside / 'export.csv'}" in found.fix
    assert "put the file and export.mapping.toml into the inbox" in found.fix
    assert found.fix in (aside / "READ-ME-export.csv.txt").read_text("utf-8")
    assert here.simulator.order_count == 0

    Person(here.home).map(aside / "export.csv", columns=ALL_SAID)
    for path in (*aside.glob("export.*"),):
        path.rename(here.inbox / path.name)
    assert here.night().exit_code is ExitCode.OK
    assert here.simulator.order_count == 3


def test_of_files_with_one_name_each_keeps_its_note_and_its_checked_workbook(here: Office) -> None:
    for day in range(2):
        here.drop("orders.xlsx", 1, first=day + 1, subscriptionPeriod=f"a decade {day}")
        here.night()
        here.clock.ahead += timedelta(days=1)
    (here.inbox / "orders.csv").write_bytes(b"no workbook")
    here.night()
    aside = here.root / "needs-attention"
    assert sorted(path.name for path in aside.iterdir() if path.suffix != ".ctl") == [
        "READ-ME-orders (2).xlsx.txt",
        "READ-ME-orders.csv.txt",
        "READ-ME-orders.xlsx.txt",
        "orders (2).checked.xlsx",
        "orders (2).xlsx",
        "orders.checked.xlsx",
        "orders.csv",
        "orders.xlsx",
    ]
