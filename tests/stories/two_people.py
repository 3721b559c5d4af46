"""Two people on one machine: whoever runs the tests, and one that the system takes the same process for.

A user namespace gives a process, and the files of its owner, another number: the program then asks the system who it is and gets the
other name. Nothing of the program knows about it.
"""

import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from processes import ColdProcess, Desk, Ended, Practice

OTHER_ID = 1


def _can_be_two() -> bool:
    if shutil.which("unshare") is None or not hasattr(os, "getuid") or os.getuid() == OTHER_ID:
        return False
    asked = ["unshare", "--user", f"--map-user={OTHER_ID}", "true"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


needs_two_people = pytest.mark.skipif(not _can_be_two(), reason="no user namespaces here")


def name_of(uid: int) -> str:
    return str(importlib.import_module("pwd").getpwuid(uid).pw_name)


@dataclass
class TwoPeople:
    """One makes plans, the other may approve them; the profile sends nothing else."""

    desk: Desk
    practice: Practice

    @property
    def maker(self) -> str:
        return name_of(os.getuid())

    @property
    def approver(self) -> str:
        return name_of(OTHER_ID)

    def settings(self, base_url: str = "", **changes: object) -> None:
        """Write the settings file anew: a profile `live` that asks for approval, and `usual` of the same account that does not."""
        usual = {
            "base_url": base_url or self.practice.base_url,
            "user": "practice",
            "rate_per_s": 50,
            "window_s": 0,
        }
        live = {**usual, "policy": "approval", "approvers": [self.maker, self.approver], **changes}
        lines = [line for name, values in (("usual", usual), ("live", live)) for line in _toml(name, values)]
        (self.desk.home / "settings.toml").write_text("\n".join(lines), encoding="utf-8")

    def run(self, *arguments: object) -> Ended:
        return self.desk.run(*arguments)

    def as_other(self, *arguments: object) -> Ended:
        """The same command, run by the other person."""
        words = ["unshare", "--user", f"--map-user={OTHER_ID}", sys.executable, "-m", "bulk_orders"]
        started = ColdProcess(
            [*words, *map(str, arguments)], folder=self.desk.folder, environment=self.desk.environment
        )
        return started.wait()

    def plan(self, *options: object) -> dict[str, object]:
        ended = self.run("plan", "orders.xlsx", "--profile", "live", *options, "--json")
        assert ended.code == 0, ended.words
        return dict(ended.json["plan"])

    def say(self, plan: dict[str, object], answer: str, **cells: object) -> Path:
        """Save the plan workbook with an answer, and with other cells changed (`Plan_A4` is A4 of Plan)."""
        book = openpyxl.load_workbook(str(plan["plan_workbook"]))
        book["Plan"]["B6"] = answer
        for name, value in cells.items():
            sheet, _, cell = name.rpartition("_")
            book[sheet.replace("_", " ")][cell] = value
        path = self.desk.folder / "saved.xlsx"
        book.save(path)
        path.chmod(0o644)
        return path


def _toml(name: str, values: Mapping[str, object]) -> list[str]:
    return [f"[profiles.{name}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items())]
