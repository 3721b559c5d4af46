"""The template's Check column says what the check says: LibreOffice calculates it for generated rows, good and broken."""

import subprocess
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import which

import openpyxl
import pytest
from template_good_rows import OWN_DOMAIN
from template_rows import Sheets, generated
from template_unseen import UNSEEN, Unseen, add_unseen, write_raw

from bulk_orders.checking.check import CheckContext, CheckResult, RowState, check
from bulk_orders.core.columns.table import column
from bulk_orders.core.model import Severity, SheetRole
from bulk_orders.reading.workbook import read_workbook
from bulk_orders.writing.template.formulas import formula_terms
from bulk_orders.writing.template.sheets import FIRST_ROW
from bulk_orders.writing.template.write import fill_template

TODAY = datetime.now(UTC).date()
SIGNS = {RowState.READY: "✔", RowState.ERROR: "✖", RowState.SKIPPED: "–", None: ""}
RECALCULATE_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""
needs_office = pytest.mark.skipif(which("soffice") is None, reason="LibreOffice is not installed")
sizes = pytest.mark.parametrize(
    "judged",
    [pytest.param((seed, 500), marks=pytest.mark.long) for seed in (1, 2, 3)],
    indirect=True,
    ids=str,
)


FORMULAS = {role: {column(role, name).header for name in formula_terms(role)} for role in SheetRole}
"""Headers of the columns that Excel fills."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Rows, and what three judges say of them."""

    sheets: Sheets
    unseen: Mapping[int, Unseen]
    checked: CheckResult
    stored: openpyxl.Workbook
    calculated: openpyxl.Workbook

    def shows(self, sheet: str, count: int) -> list[str]:
        """The Check cells as LibreOffice calculates them."""
        return [self.calculated[sheet][f"A{row}"].value or "" for row in range(FIRST_ROW, FIRST_ROW + count)]

    def customers_of_active_orders(self) -> set[str]:
        """Numbers of the customers that the check looks at."""
        active = {RowState.READY, RowState.ERROR}
        return {
            order.get("customer_id", "").strip()
            for row, order in enumerate(self.sheets.orders, start=FIRST_ROW)
            if self.checked.row_states.get(row) in active
        }

    def headers(self, sheet: str) -> dict[int, set[str]]:
        """The columns with an error, by Excel's row."""
        found: dict[int, set[str]] = defaultdict(set)
        for problem in self.checked.problems:
            if problem.severity is Severity.ERROR and problem.sheet == sheet:
                for sheet_row in problem.sheet_rows:
                    found[sheet_row].add(problem.column)
        return found


def recalculated(path: Path, work: Path) -> openpyxl.Workbook:
    """The workbook after LibreOffice has calculated every formula anew."""
    settings = work / "office" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(RECALCULATE_ALWAYS, encoding="utf-8")
    profile = f"-env:UserInstallation={(work / 'office').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(work / "out"),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return openpyxl.load_workbook(work / "out" / path.name, data_only=True)


@pytest.fixture(scope="module")
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    seed, count = request.param
    sheets = generated(seed, count)
    unseen = add_unseen(sheets)
    work = tmp_path_factory.mktemp("verdicts")
    path = work / "orders.xlsx"
    filled = {
        SheetRole.ORDERS: sheets.orders,
        SheetRole.CUSTOMERS: sheets.customers,
        SheetRole.PRODUCTS: sheets.products,
    }
    with path.open("wb") as file:
        fill_template(
            file,
            filled,
            10,
            own_domain=OWN_DOMAIN,
            today=TODAY,
            afterwards=lambda _book, made, _formats: write_raw(made[SheetRole.ORDERS], unseen, FIRST_ROW - 1),
        )
    tables = read_workbook(path.read_bytes(), path.name)
    return Judged(
        sheets=sheets,
        unseen=unseen,
        checked=check(tables, CheckContext(today=TODAY, own_domain=OWN_DOMAIN)),
        stored=openpyxl.load_workbook(path, data_only=True),
        calculated=recalculated(path, work),
    )


def named(shown: str) -> set[str]:
    """The headers in `✖ 2 to fix: Quantity, Billing; Customer to fix`."""
    return set(filter(None, shown.partition("; ")[0].partition(": ")[2].split(", ")))


@needs_office
@sizes
def test_every_order_has_the_verdict_of_the_check_and_names_the_same_columns(judged: Judged) -> None:
    count, wrong = len(judged.sheets.orders), judged.headers("Orders")
    shown = judged.shows("Orders", count)
    states = {row: judged.checked.row_states.get(row) for row in range(FIRST_ROW, FIRST_ROW + count)}
    seen = [place for place in range(count) if place not in judged.unseen]
    said = {place: (shown[place][:1], named(shown[place])) for place in seen}
    is_error = {place: states[FIRST_ROW + place] is RowState.ERROR for place in seen}
    expected = {
        place: (SIGNS[states[FIRST_ROW + place]], wrong[FIRST_ROW + place] if is_error[place] else set())
        for place in seen
    }
    assert {place: pair for place, pair in said.items() if pair != expected[place]} == {}
    ready = sum(sign == "✔" for sign, _ in said.values())
    assert 0.3 < ready / len(seen) < 0.7


@needs_office
@sizes
def test_every_customer_that_is_ordered_for_has_the_verdict_of_the_check(judged: Judged) -> None:
    wrong = judged.headers("Customers")
    shown = judged.shows("Customers", len(judged.sheets.customers))
    used = judged.customers_of_active_orders()
    said = {
        place: (text[:1], named(text))
        for place, text in enumerate(shown)
        if judged.sheets.customers[place]["customer_id"].strip() in used
    }
    expected = {place: ("✖" if wrong[FIRST_ROW + place] else "✔", wrong[FIRST_ROW + place]) for place in said}
    excused = {judged.sheets.orders[place]["customer_id"].strip('"') for place in judged.unseen}
    differing = {
        place: pair
        for place, pair in said.items()
        if pair != expected[place] and judged.sheets.customers[place]["customer_id"] not in excused
    }
    assert differing == {}


@needs_office
@sizes
def test_the_stored_results_are_those_that_libreoffice_calculates(judged: Judged) -> None:
    raw = {FIRST_ROW + place for place, unseen in judged.unseen.items() if unseen.raw}
    cells = [
        (sheet.title, cell.coordinate)
        for sheet, role in ((judged.stored[role.value.capitalize()], role) for role in SheetRole)
        for row in sheet.iter_rows(min_row=FIRST_ROW, max_row=FIRST_ROW + len(judged.sheets.orders) + 5)
        for cell in row
        if cell.row not in raw and sheet.cell(3, cell.column).value in FORMULAS[role]
    ]
    differing = {
        place: (judged.stored[place[0]][place[1]].value, judged.calculated[place[0]][place[1]].value)
        for place in cells
        if (judged.stored[place[0]][place[1]].value or "")
        != (judged.calculated[place[0]][place[1]].value or "")
    }
    assert len(cells) > 1000
    assert differing == {}


@needs_office
@sizes
@pytest.mark.parametrize("unseen", UNSEEN, ids=lambda unseen: unseen.why)
def test_what_formulas_cannot_see_is_still_what_the_list_says(judged: Judged, unseen: Unseen) -> None:
    place = next(at for at, known in judged.unseen.items() if known is unseen)
    shown = judged.shows("Orders", len(judged.sheets.orders))[place]
    assert (judged.checked.row_states[FIRST_ROW + place], shown[:1]) == (unseen.check, unseen.shows)
