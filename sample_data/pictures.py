"""Takes pictures of workbooks: LibreOffice prints them, pdftoppm draws the page that has a sheet's name at its foot."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook

from bulk_orders.checking.check import CheckContext, check
from bulk_orders.core.report import RunReport
from bulk_orders.reading.workbook import read_workbook
from bulk_orders.reading.workbook_tables import WorkbookTables
from bulk_orders.settings.profiles import PRACTICE_PROFILE
from bulk_orders.writing.own_copy.copy import write_checked_into, write_results_into

FINGERPRINTS: Final = "pictured.json"
TODAY: Final = date(2026, 11, 22)
_WIDTHS: Final = (1600, 1400, 1250, 1100, 1000)
_BYTES_AT_MOST: Final = 300_000
_A4_LANDSCAPE: Final = 297 / 210
_GRID: Final = (1200, 848)
"""Size of the small drawing in which the filled part of a page is looked for."""
_WHITE: Final = 250
_PALE: Final = 190
"""Lighter than any text: rows with fills and lines alone are not shown."""
_FOOT: Final = 0.06
"""Share of the page, at its bottom, that the foot has."""
_MARGIN: Final = 0.008
_TIMEOUT_S: Final = 180
# Calibri is not free, and what usually stands in for it is a third wider.
_FONTS: Final = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<match target="pattern"><test name="family"><string>Calibri</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Carlito</string><string>DejaVu Sans Condensed</string></edit></match>
</fontconfig>"""


Targets = Mapping[str, Mapping[str, int]]
"""By sheet: the pictures of it, and which of its pages each shows, counted from 1, or from the last with -1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured:
    """What the workbooks of the pictures are made from, as users get them."""

    filling: Callable[[Path], Path]
    states: Callable[[Path], Path]
    demo: Path
    broken: Path
    report: Callable[[WorkbookTables], RunReport]

    def workbooks(self, work: Path) -> tuple[tuple[Path, Targets], ...]:
        """Make the workbooks in `work`; with each what is shown of it."""
        return (
            (
                self.filling(work / "orders-november.xlsx"),
                {"Orders": {"template-orders.png": 1}, "Customers": {"template-customers.png": 1}},
            ),
            (self.states(work / "orders-december.xlsx"), {"Orders": {"template-check-states.png": 1}}),
            (
                self._results(work / "orders-november.results-20261122-0215.xlsx"),
                {
                    "Summary": {"results-summary.png": 1},
                    "Orders": {"results-orders.png": 1, "results-messages.png": -1},
                },
            ),
            (self._checked(work / "orders-broken.checked.xlsx"), {"Problems": {"checked-problems.png": 1}}),
        )

    def _results(self, path: Path) -> Path:
        source = self.demo.read_bytes()
        return write_results_into(path, source, self.report(read_workbook(source, self.demo.name)))

    def _checked(self, path: Path) -> Path:
        source = self.broken.read_bytes()
        tables = read_workbook(source, self.broken.name)
        found = check(tables, CheckContext(today=TODAY, own_domain=PRACTICE_PROFILE.own_domain))
        return write_checked_into(
            *(path, source, tables.orders, tables.customers, tables.products),
            *(found.problems, found.row_states),
        )


def take_pictures(folder: Path, pictured: Pictured) -> None:
    """Write the pictures of the README to `folder`, and what they show."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for workbook, targets in pictured.workbooks(work):
            picture(workbook, targets, folder, work)
    note_pictured(folder, pictured)


def note_pictured(folder: Path, pictured: Pictured) -> None:
    """Write down a fingerprint of what each picture shows: where it changes, the picture is out of date."""
    with tempfile.TemporaryDirectory() as name:
        fingerprints = {
            file: _fingerprint(workbook, sheet)
            for workbook, targets in pictured.workbooks(Path(name))
            for sheet, files in targets.items()
            for file in files
        }
    text = json.dumps(fingerprints, indent=2, sort_keys=True) + "\n"
    (folder / FINGERPRINTS).write_text(text, encoding="utf-8")


def _fingerprint(workbook: Path, sheet: str) -> str:
    """Of texts, formulas, colours and widths; pictures themselves differ with fonts and with LibreOffice."""
    book = load_workbook(workbook)
    found = book[sheet]
    shown = [
        (cell.coordinate, str(cell.value), _look(cell))
        for row in found.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    widths = sorted((name, column.width, column.hidden) for name, column in found.column_dimensions.items())
    heights = sorted((number, row.height) for number, row in found.row_dimensions.items() if row.height)
    colours = [
        (str(area.sqref), rule.type, rule.formula)
        for area in found.conditional_formatting
        for rule in area.rules
    ]
    book.close()
    return hashlib.sha256(json.dumps([shown, widths, heights, colours]).encode()).hexdigest()


def _look(cell: Any) -> tuple[str, ...]:
    font, fill = cell.font, cell.fill
    return str(font.b), str(font.sz), str(font.color and font.color.rgb), str(fill.fgColor.rgb)


def picture(workbook: Path, targets: Targets, folder: Path, work: Path) -> None:
    """Draw the pages of the sheets named in `targets`."""
    pdf = to_pdf(workbook, work)
    pages = _page_texts(pdf)
    for sheet, files in targets.items():
        foot = re.compile(rf"\s{re.escape(sheet)}\s+Page \d+ of \d+\s*\Z")
        numbers = [at for at, text in enumerate(pages, start=1) if foot.search(text)]
        for file, which in files.items():
            _draw(pdf, numbers[which - 1 if which > 0 else which], folder / file)


def _draw(pdf: Path, page: int, target: Path) -> None:
    """Draw the part of a page that has something on it, as large as the size of the file allows."""
    left, top, right, bottom = _filled_part(pdf, page)
    for width in _WIDTHS:
        across = round(width / (right - left))
        down = round(across / _A4_LANDSCAPE)
        area = {
            "-x": left * across,
            "-y": top * down,
            "-W": (right - left) * across,
            "-H": (bottom - top) * down,
        }
        crop = [word for name, value in area.items() for word in (name, str(round(value)))]
        scale = ["-scale-to-x", str(across), "-scale-to-y", str(down)]
        _run(
            "pdftoppm",
            "-png",
            "-singlefile",
            *_only(page),
            *scale,
            *crop,
            str(pdf),
            str(target.with_suffix("")),
        )
        if target.stat().st_size <= _BYTES_AT_MOST:
            return


def _filled_part(pdf: Path, page: int) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what is on the page, as shares of its size; the foot is left out."""
    width, height = _GRID
    scale = ("-scale-to-x", str(width), "-scale-to-y", str(height))
    grey = _run("pdftoppm", "-gray", "-singlefile", *_only(page), *scale, str(pdf))[-width * height :]
    rows = [grey[at : at + width] for at in range(0, round((1 - _FOOT) * height) * width, width)]
    filled = [number for number, row in enumerate(rows) if min(row) < _PALE]
    columns = [number for number in range(width) if min(row[number] for row in rows) < _WHITE]
    return (
        max(0.0, columns[0] / width - _MARGIN),
        max(0.0, filled[0] / height - _MARGIN),
        min(1.0, (columns[-1] + 1) / width + _MARGIN),
        min(1.0, (filled[-1] + 1) / height + _MARGIN),
    )


def _only(page: int) -> tuple[str, ...]:
    return ("-f", str(page), "-l", str(page))


def to_pdf(workbook: Path, work: Path) -> Path:
    """Print a workbook with LibreOffice, with settings of its own so that a running one does not matter."""
    fonts = work / "fonts.conf"
    fonts.write_text(_FONTS, encoding="utf-8")
    profile = f"-env:UserInstallation={(work / 'office').as_uri()}"
    _run(
        *("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(work), str(workbook)),
        environment={"HOME": str(work), "PATH": os.defpath, "FONTCONFIG_FILE": str(fonts)},
    )
    return work / f"{workbook.stem}.pdf"


def _page_texts(pdf: Path) -> list[str]:
    return _run("pdftotext", "-layout", str(pdf), "-").decode("utf-8").split("\f")[:-1]


def _run(*command: str, environment: Mapping[str, str] | None = None) -> bytes:
    program = shutil.which(command[0]) or command[0]
    done = subprocess.run(  # noqa: S603 - programs and arguments are our own
        [program, *command[1:]], check=True, capture_output=True, timeout=_TIMEOUT_S, env=environment
    )
    return done.stdout
