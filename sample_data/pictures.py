"""Takes pictures of workbooks: LibreOffice prints them, pdftoppm draws the page that has a sheet's name at its foot."""

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
from bulk_orders.workbooks.checked import write_checked
from bulk_orders.workbooks.results import write_results

TODAY: Final = date(2026, 11, 22)
_WIDTH: Final = 1500
_TIMEOUT_S: Final = 180
# Calibri is not free, and what usually stands in for it is a third wider.
_FONTS: Final = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<match target="pattern"><test name="family"><string>Calibri</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Carlito</string><string>DejaVu Sans Condensed</string></edit></match>
</fontconfig>"""


def take_pictures(
    folder: Path, *, demo: Path, broken: Path, report: Callable[[WorkbookTables], RunReport]
) -> None:
    """Write the five pictures of the README to `folder`."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        filled = Path(shutil.copy(demo, work / "orders-november.xlsx"))
        results = write_results(work / "results.xlsx", report(read_workbook(demo.read_bytes(), demo.name)))
        tables = read_workbook(broken.read_bytes(), broken.name)
        found = check(tables, CheckContext(today=TODAY, own_domain="partner.example.com"))
        checked = write_checked(
            work / "orders-november.checked.xlsx",
            tables.orders,
            tables.customers,
            tables.products,
            found.problems,
            found.row_states,
        )
        picture(
            filled,
            {"Orders": folder / "template-orders.png", "Customers": folder / "template-customers.png"},
            work,
        )
        picture(
            results,
            {"Summary": folder / "results-summary.png", "Orders": folder / "results-orders.png"},
            work,
        )
        picture(checked, {"Problems": folder / "checked-problems.png"}, work)


def picture(workbook: Path, targets: Mapping[str, Path], work: Path) -> None:
    """Draw the first page of each sheet named in `targets`."""
    pdf = to_pdf(workbook, work)
    pages = _page_texts(pdf)
    for sheet, target in targets.items():
        foot = re.compile(rf"\s{re.escape(sheet)}\s+Page \d+ of \d+\s*\Z")
        number = next(at for at, text in enumerate(pages, start=1) if foot.search(text))
        command = ["pdftoppm", "-png", "-singlefile", "-f", str(number), "-l", str(number)]
        size = ["-scale-to-x", str(_WIDTH), "-scale-to-y", "-1"]
        subprocess.run(
            [*command, *size, str(pdf), str(target.with_suffix(""))], check=True, timeout=_TIMEOUT_S
        )


def to_pdf(workbook: Path, work: Path) -> Path:
    """Print a workbook with LibreOffice, with settings of its own so that a running one does not matter."""
    fonts = work / "fonts.conf"
    fonts.write_text(_FONTS, encoding="utf-8")
    profile = f"-env:UserInstallation={(work / 'office').as_uri()}"
    subprocess.run(  # noqa: S603 - our own arguments
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(work), str(workbook)],  # noqa: S607 - wherever it is installed
        check=True,
        capture_output=True,
        timeout=_TIMEOUT_S,
        env={"HOME": str(work), "PATH": "/usr/local/bin:/usr/bin:/bin", "FONTCONFIG_FILE": str(fonts)},
    )
    return work / f"{workbook.stem}.pdf"


def _page_texts(pdf: Path) -> list[str]:
    done = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, timeout=_TIMEOUT_S
    )
    return done.stdout.decode("utf-8").split("\f")[:-1]
