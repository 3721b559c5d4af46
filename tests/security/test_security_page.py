"""SECURITY.md: every line of the checklist once, with tests that exist or with a reason; and the lines that only the source shows."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from processes import Desk
from typer.main import get_command

from bulk_orders.cli.app import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
LINES = re.findall(r"^\| S(\d+) \| ([^|]+) \| ([^|]+) \| (.*) \|$", PAGE, re.MULTILINE)
EVALUATES = {"eval", "exec", "compile", "__import__"}
METHODS = {"query", "eval", "read_pickle", "system", "popen"}
UNPICKLES = {"pickle", "shelve", "marshal", "yaml", "dill", "joblib"}


def defined() -> set[str]:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return {name for source in sources for name in re.findall(r"^def (test_\w+)\(", source, re.MULTILINE)}


def test_every_line_of_the_checklist_is_there_once() -> None:
    assert [int(number) for number, *_ in LINES] == list(range(1, 49))
    assert {state for _, _, state, _ in LINES} <= {"holds", "in part", "struck", "not yet"}


def test_every_test_that_the_page_names_exists() -> None:
    assert set(re.findall(r"`(test_\w+)`", PAGE)) - defined() == set()


def test_every_line_that_holds_names_a_test_and_every_other_one_a_reason() -> None:
    for number, _, state, why in LINES:
        tests = re.findall(r"`test_\w+`", why)
        reason = re.sub(r"`test_\w+`[,;]?", "", why).strip()
        assert tests if state == "holds" else (reason or state == "not yet"), number


@pytest.mark.parametrize(
    "chosen", ["False", *(pytest.param(text, marks=pytest.mark.long) for text in ("True", "0", ""))]
)
def test_the_parser_that_refuses_entities_is_in_use_whatever_the_environment_says(
    tmp_path: Path, chosen: str
) -> None:
    (tmp_path / "lxml").mkdir()
    (tmp_path / "lxml" / "etree.py").write_text("LXML_VERSION = (6, 0, 0, 0)\n", encoding="utf-8")
    code = (
        "import sys\nfrom bulk_orders.__main__ import main\nassert 'openpyxl' not in sys.modules\n"
        "main(['--version'])\nfrom openpyxl.xml.functions import fromstring, iterparse\n"
        "print(fromstring.__module__, iterparse.__module__)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path)]),
            "OPENPYXL_DEFUSEDXML": chosen,
            "OPENPYXL_LXML": chosen,
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.stdout.split()[-2:] == ["defusedxml.common", "defusedxml.common"], told.stderr


def test_nothing_evaluates_or_unpickles() -> None:
    suspect = re.compile("|".join((*UNPICKLES, *EVALUATES, *METHODS, "shell")))
    for path in (ROOT / "bulk_orders").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        # Only what names one of them somewhere is worth parsing.
        for node in ast.walk(ast.parse(source if suspect.search(source) else "")):
            if isinstance(node, ast.Import):
                assert not UNPICKLES & {alias.name.partition(".")[0] for alias in node.names}, path
            elif isinstance(node, ast.ImportFrom):
                assert (node.module or "").partition(".")[0] not in UNPICKLES, path
            elif isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else ""
                assert name not in EVALUATES, path
                method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
                assert method not in METHODS, path
                assert not any(keyword.arg == "shell" for keyword in node.keywords), path


def test_no_option_takes_a_secret() -> None:
    group = get_command(app)
    options = {name for command in group.commands.values() for param in command.params for name in param.opts}  # type: ignore[attr-defined]
    options |= {name for param in group.params for name in param.opts}

    assert [name for name in options if re.search("pass|secret|token|key", name)] == []


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (("report", "no-such-run"), "UsageError exit_code=2"),
        (("check", "nobody@example.com.xlsx"), "exit_code=3"),
    ],
)
def test_how_a_command_ended_is_logged_without_its_sentence(
    desk: Desk, arguments: tuple[str, ...], kind: str
) -> None:
    desk.run(*arguments)

    log = (desk.home / "logs" / "bulk-orders.log").read_text(encoding="utf-8")
    assert kind in log
    assert arguments[1] not in log
