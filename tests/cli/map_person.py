"""Somebody who maps a file at a terminal, or nobody; and the files that are mapped."""

import io
import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from books.foreign_files import (
    EN,
    csv_bytes,
    english_rows,
    german_rows,
    workbook,
)

from bulk_orders.cli.commands.check import CheckOptions, check
from bulk_orders.cli.commands.map_answers import MapOptions
from bulk_orders.cli.commands.map_file import map_file
from bulk_orders.cli.session import Session
from bulk_orders.cli.terminal import Terminal
from bulk_orders.errors import ExitCode
from bulk_orders.settings.folders import folders


@dataclass
class Person:
    """Somebody at the terminal, who types these answers; None: nobody is there."""

    folder: Path
    answers: list[str] | None = None
    said: io.StringIO = field(default_factory=io.StringIO)
    questions: int = 0

    def map(self, path: Path, **options: Any) -> ExitCode:
        return map_file(self._session(), path, MapOptions(**options))

    def check(self, path: Path) -> dict[str, Any]:
        session = self._session()
        self.said.truncate(0)
        self.said.seek(0)
        check(session, path, session.profile("practice"), CheckOptions(as_json=True))
        return dict(json.loads(self.said.getvalue()[self.said.getvalue().index("{\n") :]))

    @property
    def words(self) -> str:
        return self.said.getvalue()

    def _session(self) -> Session:
        return Session(
            terminal=Terminal(out=self.said, err=self.said),
            folders=folders({"BULK_ORDERS_HOME": str(self.folder / "home")}),
            environment={},
            stop=threading.Event(),
            ask=None if self.answers is None else self._ask,
        )

    def _ask(self, *lines: str) -> str:
        assert self.answers is not None
        self.said.writelines(f"{line}\n" for line in lines)
        self.questions += 1
        return self.answers.pop(0) if self.answers else ""


def csv_file(
    rows: Callable[[str, int], list[Any]], name: str, prefix: str, **form: Any
) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / f"{name}.csv"
        path.write_bytes(csv_bytes(rows(prefix, 4), **form))
        return path

    return write


def german_book(name: str, prefix: str) -> Callable[[Path], Path]:
    return lambda folder: workbook(
        folder / f"{name}.xlsx", german_rows(prefix, 4), above=["Offene Aufträge", ""]
    )


def export(folder: Path, *, without: Iterable[str] = (), **changes: str) -> Path:
    """The English export without some columns, or with other cells in them."""
    rows = english_rows("L", 3)
    kept = [place for place, header in enumerate(EN) if header not in without]
    lines = [
        [changes.get(EN[place], row[place]) if number else row[place] for place in kept]
        for number, row in enumerate(rows)
    ]
    path = folder / "export.csv"
    path.write_bytes(csv_bytes(lines))
    return path


ALL_SAID = ("MPA=partner attestation", "Line=reference")
