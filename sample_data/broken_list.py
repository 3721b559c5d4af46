"""The list of what must be found in a broken sample: each problem once, in the order and with the words of `check --json`."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Found:
    """One problem."""

    code: str
    sheet: str = ""
    """Empty for the workbook."""
    cells: list[str] = field(default_factory=list)
    """All that it names, the main one first; none for a problem of a whole sheet."""


def write_list(workbook: Path, problems: Sequence[Found], sheets: Sequence[str]) -> None:
    """Write `….problems.json` beside a workbook, sorted as the check does: by sheet, row and column.

    `sheets` are those that are read, in their order; others come last.
    """

    def place(found: Found) -> tuple[int, int, int, str, str]:
        known = ["", *sheets]
        rank = known.index(found.sheet) if found.sheet in known else len(known)
        at = re.fullmatch(r"([A-Z]+)([0-9]+)", found.cells[0]) if found.cells else None
        letters, row = (at[1], int(at[2])) if at else ("", 0)
        return rank, row, len(letters), letters, found.code

    entries = [
        {"code": found.code, "sheet": found.sheet or None, "cells": found.cells}
        for found in sorted(problems, key=place)
    ]
    lines = ",\n".join(f" {json.dumps(entry, ensure_ascii=False)}" for entry in entries)
    workbook.with_suffix(".problems.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
