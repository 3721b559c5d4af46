"""Takes pictures of workbooks: LibreOffice prints them, pdftoppm draws the page that has a sheet's name at its foot."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from bulk_orders.core.report import RunReport
from bulk_orders.intake.checking import CheckContext, check
from bulk_orders.intake.workbook import WorkbookTables, read_workbook
from bulk_orders.settings import PRACTICE_PROFILE
from bulk_orders.workbooks.checked import write_checked
from bulk_orders.workbooks.results import write_results

TODAY: Final = date(2026, 11, 22)
_WIDTHS: Final = (1600, 1400, 1250, 1100, 1000)
_BYTES_AT_MOST: Final = 300_000
_A4_LANDSCAPE: Final = 297 / 210
_GRID: Final = (600, 424)
"""Size of the small drawing in which the filled part of a page is looked for."""
_WHITE: Final = 250
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


def take_pictures(
    folder: Path,
    *,
    filling: Callable[[Path], Path],
    states: Callable[[Path], Path],
    demo: Path,
    broken: Path,
    report: Callable[[WorkbookTables], RunReport],
    results: Path | None = None,
) -> None:
    """Write the pictures of the README to `folder`."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        filled = filling(work / "orders-november.xlsx")
        stated = states(work / "orders-december.xlsx")
        shown = results or write_results(
            work / "orders-november.results-20261122-0215.xlsx",
            report(read_workbook(demo.read_bytes(), demo.name)),
        )
        tables = read_workbook(broken.read_bytes(), broken.name)
        found = check(tables, CheckContext(today=TODAY, own_domain=PRACTICE_PROFILE.own_domain))
        checked = write_checked(
            work / "orders-broken.checked.xlsx",
            tables.orders,
            tables.customers,
            tables.products,
            found.problems,
            found.row_states,
        )
        for workbook, targets in (
            (filled, {"Orders": (1, "template-orders.png"), "Customers": (1, "template-customers.png")}),
            (stated, {"Orders": (1, "template-check-states.png")}),
            (shown, {"Summary": (1, "results-summary.png"), "Orders": (2, "results-orders.png")}),
            (checked, {"Problems": (1, "checked-problems.png")}),
        ):
            picture(
                workbook, {sheet: (which, folder / file) for sheet, (which, file) in targets.items()}, work
            )


def picture(workbook: Path, targets: Mapping[str, tuple[int, Path]], work: Path) -> None:
    """Draw a page of each sheet named in `targets`: (which of its pages, from 1; file)."""
    pdf = to_pdf(workbook, work)
    pages = _page_texts(pdf)
    for sheet, (which, target) in targets.items():
        foot = re.compile(rf"\s{re.escape(sheet)}\s+Page \d+ of \d+\s*\Z")
        numbers = [at for at, text in enumerate(pages, start=1) if foot.search(text)]
        _draw(pdf, numbers[which - 1], target)


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
    filled = [number for number, row in enumerate(rows) if min(row) < _WHITE]
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
