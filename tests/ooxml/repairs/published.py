"""Looks through every workbook that is put in its place while tests run, by whichever of them and whatever it is about.

Workbooks are written aside and then renamed; Python says so to whoever listens (`sys.addaudithook`).
"""

import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from ooxml.repairs.faults import faults_of

MOST_BYTES = 1_500_000
"""Larger ones are the affair of benchmarks."""
_KIND = b'name="bulk_orders_kind"'


class Watch:
    """What was found in workbooks of this process since somebody asked."""

    def __init__(self) -> None:
        self._found: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, about: tuple[object, ...]) -> None:
        if event != "os.rename" or not str(about[1]).endswith(".xlsx"):
            return
        try:
            self._found.extend(faults_in(Path(os.fsdecode(about[0]))))  # type: ignore[arg-type]
        except Exception as error:  # noqa: BLE001 - what is raised here would stop the renaming
            self._found.append(f"{about[1]}: {error!r}")

    def take(self) -> list[str]:
        found, self._found = self._found, []
        return found


def faults_in(path: Path) -> list[str]:
    if path.stat().st_size > MOST_BYTES:
        return []
    return [f"{path.name}: {fault}" for fault in faults_of(path.read_bytes())]


def faults_in_folder(folder: Path) -> Iterator[str]:
    """What is wrong with the workbooks in a folder that the program has written."""
    for path in sorted(folder.rglob("*.xlsx")):
        if path.is_file() and is_ours(path):
            yield from faults_in(path)


def is_ours(path: Path) -> bool:
    """Whether the program wrote it, and not a test."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "docProps/custom.xml" in archive.namelist() and _KIND in archive.read(
                "docProps/custom.xml"
            )
    except zipfile.BadZipFile:
        return False
