"""The samples are what the script makes now, pass or break the check as they say, and can all be ordered in practice."""

import json
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from books.written_books import load

import bulk_orders
from bulk_orders.checking.check import CheckContext, CheckResult, check
from bulk_orders.core.body import fill
from bulk_orders.core.model import Severity
from bulk_orders.core.order_types import CANCEL, ORDER_TYPES
from bulk_orders.reading.workbook import read_workbook
from bulk_orders.sandbox.catalogue import Catalogue
from bulk_orders.sandbox.customers import practice_customers
from bulk_orders.sandbox.parameters import by_name, new_tenant_domain
from bulk_orders.sandbox.rules import Rulebook
from bulk_orders.settings.profiles import PRACTICE_PROFILE
from bulk_orders.writing.new_book.checked import write_checked

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "sample_data"
TODAY = date(2026, 11, 22)
WORKBOOKS = (
    *("orders-demo.xlsx", "orders-broken.xlsx", "orders-broken-sheets.xlsx", "migration-500.xlsx"),
    *("actions-demo.xlsx", "renewals-demo.xlsx", "catalog-november.xlsx", "catalog-december.xlsx"),
)
OTHERS = (
    "orders-flat.csv",
    "orders-flat.ctl",
    "orders-broken-flat.csv",
    "export-german.csv",
    "orders-broken.problems.json",
    "orders-broken-sheets.problems.json",
    "orders-broken-flat.problems.json",
)
GOOD = (("orders-demo.xlsx", 40), ("migration-500.xlsx", 500), ("orders-flat.csv", 12))


def checked(name: str) -> CheckResult:
    tables = read_workbook((SAMPLES / name).read_bytes(), name)
    return check(tables, CheckContext(today=TODAY, own_domain=PRACTICE_PROFILE.own_domain))


def cells(path: Path) -> dict[str, Any]:
    return {
        f"{sheet.title}!{cell.coordinate}": cell.value
        for sheet in load(path).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


@pytest.fixture(scope="module")
def made_now(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    command = [sys.executable, str(SAMPLES / "make_samples.py"), str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, timeout=300, env={"PYTHONPATH": str(ROOT)})
    return folder


@pytest.mark.long
@pytest.mark.parametrize("name", WORKBOOKS)
def test_workbooks_are_what_the_script_makes_now(made_now: Path, name: str) -> None:
    assert cells(made_now / name) == cells(SAMPLES / name)


@pytest.mark.long
@pytest.mark.parametrize("name", OTHERS)
def test_other_files_are_what_the_script_makes_now(made_now: Path, name: str) -> None:
    assert (made_now / name).read_bytes() == (SAMPLES / name).read_bytes()


@pytest.mark.long
@pytest.mark.parametrize(("name", "rows"), GOOD)
def test_good_samples_have_no_errors(name: str, rows: int) -> None:
    found = checked(name)
    assert [problem for problem in found.problems if problem.severity is Severity.ERROR] == []
    assert found.ready_count == found.row_count == rows


@pytest.mark.long
def test_the_sample_of_actions_has_one_of_each_that_can_be_tried_at_any_time() -> None:
    found = checked("actions-demo.xlsx")
    assert [problem for problem in found.problems if problem.severity is Severity.ERROR] == []
    actions = {row.values["order_type"] for row in found.rows()}
    assert actions == {known.key for known in ORDER_TYPES} - {CANCEL.key}


@pytest.mark.long
@pytest.mark.parametrize(("name", "rows"), GOOD)
def test_the_practice_marketplace_takes_every_order_of_the_good_samples(name: str, rows: int) -> None:
    template = json.loads((ROOT / "templates" / "order_bodies" / "sales.json").read_text("utf-8"))
    rules = Rulebook(
        customers=practice_customers(), catalogue=Catalogue(), po_spelling="either", period_place="either"
    )
    taken: list[str] = []
    for row in checked(name).rows():
        draft = rules.check(fill(template, row, po_number=row.values.get("po_number", "PO-1")), taken)
        domains = (new_tenant_domain(by_name(line.parameters)) for line in draft.lines)
        taken += filter(None, domains)
        rows -= 1
    assert rows == 0


@pytest.mark.long
def test_the_samples_of_renewals_have_wishes_without_errors_and_prices_that_rise() -> None:
    renewals = SAMPLES / "renewals-demo.xlsx"
    wishes = bulk_orders.check(renewals, today=TODAY)
    compared = bulk_orders.compare_catalogs(
        SAMPLES / "catalog-november.xlsx", SAMPLES / "catalog-december.xlsx", subscriptions=renewals
    )
    assert (len(wishes.changes), wishes.ready_count, wishes.error_row_count) == (5, 5, 0)
    assert Counter(change.move for change in compared.changes) == {"rises": 12, "falls": 3, "gone": 1}
    assert compared.renewals


@pytest.mark.long
def test_the_demo_begins_with_the_order_of_the_vendor_s_guide() -> None:
    first = next(iter(checked("orders-demo.xlsx").rows())).values
    assert (first["customer_id"], first["mpn"], first["po_number"]) == (
        "1000105563",
        "CFQ7TTC0LH16:0001",
        "00-0000",
    )
    assert (first["quantity"], first["commitment"], first["billing"]) == ("1", "year", "month")
    assert (first["agreement_date"], first["address"]) == ("2022-04-09", "1759 Wehrle Dr")


@pytest.mark.long
@pytest.mark.skipif(which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_checked_workbook_of_the_broken_sample(tmp_path: Path) -> None:
    found = checked("orders-broken.xlsx")
    tables = found.tables
    path = write_checked(
        *(tmp_path / "o.checked.xlsx", tables.orders, tables.customers, tables.products),
        *(found.problems, found.row_states),
    )
    profile = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path / "out"),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    opened = load(tmp_path / "out" / path.name)
    assert opened["Problems"]["A1"].value == load(path)["Problems"]["A1"].value
    assert [sheet.title for sheet in opened.worksheets] == [sheet.title for sheet in load(path).worksheets]
    assert opened["Orders"]["H5"].value == "5 seats"


@pytest.mark.long
def test_the_screenshots_show_what_the_program_writes_now(tmp_path: Path) -> None:
    """Else look at them and take them again: `python sample_data/make_samples.py screenshots`."""
    command = [sys.executable, str(SAMPLES / "make_samples.py"), str(tmp_path), "pictured"]
    subprocess.run(command, check=True, cwd=ROOT, timeout=300, env={"PYTHONPATH": str(ROOT)})
    told = [
        json.loads((folder / "screenshots" / "pictured.json").read_text("utf-8"))
        for folder in (tmp_path, SAMPLES)
    ]
    assert told[0] == told[1]
    assert sorted(told[1]) == sorted(path.name for path in (SAMPLES / "screenshots").glob("*.png"))


@pytest.mark.long
@pytest.mark.skipif(
    which("soffice") is None or which("pdftoppm") is None, reason="LibreOffice or poppler is missing"
)
def test_screenshots_can_be_made_again(tmp_path: Path) -> None:
    command = [sys.executable, str(SAMPLES / "make_samples.py"), str(tmp_path), "screenshots"]
    subprocess.run(
        command, check=True, cwd=ROOT, timeout=300, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    )
    sizes = {path.name: path.stat().st_size for path in (tmp_path / "screenshots").glob("*.png")}
    assert sorted(sizes) == sorted(path.name for path in (SAMPLES / "screenshots").glob("*.png"))
    assert max(sizes.values()) <= 300_000
