"""A workbook opened, typed into and saved by another program: really by that one, where it is installed.

LibreOffice is found as `soffice`; exceljs and SheetJS as node finds them, for example with NODE_PATH set to the `node_modules`
of a folder in which `npm install exceljs xlsx` was run.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import openpyxl
from books.own_books import sheet_part, with_parts

Changes = Mapping[str, Mapping[str, str]]
"""What is typed: texts by sheet and cell."""
_PATIENCE_S = 240
_EXCELJS = """
const [source, target, changes] = process.argv.slice(1);
const book = new (require("exceljs").Workbook)();
book.xlsx.readFile(source).then(() => {
  for (const [sheet, cells] of Object.entries(JSON.parse(changes)))
    for (const [cell, text] of Object.entries(cells)) book.getWorksheet(sheet).getCell(cell).value = text;
  return book.xlsx.writeFile(target);
});
"""
_SHEETJS = """
const [source, target, changes] = process.argv.slice(1), XLSX = require("xlsx");
const book = XLSX.readFile(source);
for (const [sheet, cells] of Object.entries(JSON.parse(changes)))
  for (const [cell, text] of Object.entries(cells)) book.Sheets[sheet][cell] = { t: "s", v: text };
XLSX.writeFile(book, target);
"""


@dataclass(frozen=True)
class Program:
    """One of them."""

    name: str
    lacks: Callable[[], str]
    """Why it cannot be used here; nothing where it can."""
    edit: Callable[[Path, Path, Changes], None]
    """Opens the first workbook, types and saves it as the second."""


def _by_openpyxl(source: Path, target: Path, changes: Changes) -> None:
    book = openpyxl.load_workbook(source)
    for sheet, cells in changes.items():
        for cell, text in cells.items():
            book[sheet][cell] = text
    book.save(target)
    book.close()


def _by_node(script: str) -> Callable[[Path, Path, Changes], None]:
    def edit(source: Path, target: Path, changes: Changes) -> None:
        _run("node", "-e", script, str(source), str(target), json.dumps(changes))

    return edit


def _by_libreoffice(source: Path, target: Path, changes: Changes) -> None:
    """Let it open and save; what is typed is put into the XML that it wrote."""
    folder = target.parent / f"{target.stem}-office"
    options = ("--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx")
    _run("soffice", *options, "--outdir", str(folder), str(source))
    content = (folder / source.name).with_suffix(".xlsx").read_bytes()
    for sheet, cells in changes.items():
        part = sheet_part(content, sheet)
        content = with_parts(content, {part: lambda xml, cells=cells: _typed(xml, cells)})  # type: ignore[misc]
    target.write_bytes(content)


def _typed(xml: bytes, cells: Mapping[str, str]) -> bytes:
    for cell, text in cells.items():
        found = re.search(rb'<c r="%s"( s="\d+")?[^>]*?(?:/>|>.*?</c>)' % cell.encode(), xml)
        assert found, cell
        new = b'<c r="%s"%s t="inlineStr"><is><t>%s</t></is></c>'
        xml = xml.replace(found[0], new % (cell.encode(), found[1] or b"", text.encode()), 1)
    return xml


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE_S)


@cache
def _without_node_module(name: str) -> str:
    node = shutil.which("node")
    if node is None:
        return "node is not installed"
    asked = subprocess.run(
        [node, "-e", f'require("{name}")'], check=False, capture_output=True, timeout=_PATIENCE_S
    )
    return f"node does not find {name}: NODE_PATH says where it is" if asked.returncode else ""


PROGRAMS = (
    Program("openpyxl", lambda: "", _by_openpyxl),
    Program(
        "LibreOffice",
        lambda: "" if shutil.which("soffice") else "LibreOffice is not installed",
        _by_libreoffice,
    ),
    Program("exceljs", lambda: _without_node_module("exceljs"), _by_node(_EXCELJS)),
    Program("SheetJS", lambda: _without_node_module("xlsx"), _by_node(_SHEETJS)),
)
