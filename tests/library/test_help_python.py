"""The page `help python` is run as it stands: ten lines with 2,000 rows, a live run, and the operator, which is compiled."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pandas as pd
import pytest
from books.order_books import order_rows, write_book

import bulk_orders

ROOT = Path(bulk_orders.__file__).parents[1]
PAGE = (ROOT / "bulk_orders" / "help" / "python.md").read_text(encoding="utf-8")
TEN_LINES, LIVE, ASKING, OPERATOR = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
CONSUMER = """
from pathlib import Path
import bulk_orders

def show(event: bulk_orders.Event) -> None:
    if isinstance(event, bulk_orders.OrderSettled):
        reveal_type(event.sheet_row)

reveal_type(bulk_orders.check("orders.xlsx").problems)
reveal_type(bulk_orders.plan(Path("orders.xlsx"), bulk_orders.PRACTICE_PROFILE, home=".").orders)
end = bulk_orders.run("orders.csv", bulk_orders.PRACTICE_PROFILE, confirm=lambda proposal: proposal.orders, home=".", on_event=show)
reveal_type(end.exit_code)
reveal_type([row.outcome for row in bulk_orders.report(end.run_id, bulk_orders.PRACTICE_PROFILE, home=".").report.rows])
"""
REVEALED = (
    "int",
    "tuple[bulk_orders.core.model.Problem",
    "int",
    "bulk_orders.errors.ExitCode",
    "list[bulk_orders.core.summary.Outcome",
)


def run_lines(lines: str, folder: Path, **given: Any) -> dict[str, Any]:
    """Run a block of the page in a folder; what it has named then."""
    here = Path.cwd()
    os.chdir(folder)
    try:
        exec(compile(lines, "help python", "exec"), given)  # noqa: S102 - the page is ours
    finally:
        os.chdir(here)
    return given


def test_the_example_has_ten_lines_and_is_the_readmes() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"```python\n(.*?)```", readme, re.DOTALL) == [TEN_LINES]
    assert len([line for line in TEN_LINES.splitlines() if line.strip()]) <= 10


@pytest.mark.long
def test_two_thousand_rows_of_a_frame_become_orders_and_a_frame(tmp_path: Path) -> None:
    quick = bulk_orders.PRACTICE_PROFILE.model_copy(update={"rate_per_s": 0})
    lines = TEN_LINES.replace("profile=profile", "").replace(
        "from bulk_orders import PRACTICE_PROFILE as profile\n", ""
    )
    named = run_lines(lines, tmp_path, orders=pd.DataFrame(order_rows(2_000)), profile=quick)
    results = named["results"]
    assert results["row"].to_list() == list(range(2, 2_002))
    assert set(results["outcome"]) == {"ordered"}
    assert results["order_id"].nunique() == 2_000


def run_script(folder: Path, script: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run a script in a process of its own, in a folder with its home."""
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}",
            "BULK_ORDERS_HOME": str(folder),
            **settings,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.long
def test_the_live_run_of_the_page_asks_for_the_settings(tmp_path: Path) -> None:
    done = run_script(tmp_path, f"orders = 'orders.csv'\n{LIVE}")
    assert done.stderr.splitlines()[-1].startswith("bulk_orders.errors.SetupError: ")
    assert "settings.toml" in done.stderr


@pytest.mark.long
def test_the_live_run_of_the_page_confirms_by_what_is_planned(tmp_path: Path) -> None:
    read = "orders = __import__('pandas').DataFrame({rows})\n"
    lines = LIVE.replace('"live"', '"practice"') + "print(*end.to_frame()['outcome'])"
    few = run_script(tmp_path, read.format(rows=order_rows(2)) + lines)
    assert (few.stdout, few.returncode) == ("accepted accepted\n", 0)
    many = run_script(tmp_path, read.format(rows=order_rows(60)) + lines)
    assert many.stderr.splitlines()[-1].startswith("bulk_orders.errors.GuardStopped: ")


@pytest.mark.long
def test_the_check_of_the_page_asks_what_the_orders_would_cost(tmp_path: Path) -> None:
    given = "import bulk_orders, os\nfrom bulk_orders import PRACTICE_PROFILE as profile\nimport pandas\n"
    given += f"folders = bulk_orders.folders(os.environ)\norders = pandas.DataFrame({order_rows(2)})\n"
    asked = run_script(tmp_path, f"{given}{ASKING}print(len(found.estimate.bills), found.ready_count)")
    assert (asked.stdout.splitlines()[-1], asked.returncode) == ("2 2", 0)


AIRFLOW = {
    "exceptions.py": "class AirflowFailException(Exception): ...",
    "models.py": "import logging\nclass BaseOperator:\n    log = logging.getLogger('task')\n",
}
"""As much of Airflow as the operator uses."""


@pytest.mark.long
def test_the_operator_sends_no_more_than_is_expected_and_a_retry_sends_nothing(tmp_path: Path) -> None:
    (tmp_path / "airflow").mkdir()
    for name, source in AIRFLOW.items():
        (tmp_path / "airflow" / name).write_text(source, encoding="utf-8")
    write_book(tmp_path / "orders.xlsx", order_rows(3))
    made = "\nprint(BulkOrdersOperator(source='orders.xlsx', orders_expected='{}', profile='practice').execute({{}}))"
    refused = run_script(tmp_path, OPERATOR + made.format(2))
    assert "AirflowFailException: Nothing was sent" in refused.stderr
    first, again = (run_script(tmp_path, OPERATOR + made.format(3)) for _ in range(2))
    assert (first.returncode, again.returncode) == (0, 0)
    assert set(
        bulk_orders.report("last", bulk_orders.PRACTICE_PROFILE, home=tmp_path).to_frame()["outcome"]
    ) == {"ordered_before"}


def test_the_operator_compiles_and_names_only_what_the_package_has() -> None:
    tree = ast.parse(dedent(OPERATOR))
    compile(tree, "help python", "exec")
    named = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "bulk_orders"
    }
    assert {"run", "load_profile"} <= named <= set(bulk_orders.__all__)


@pytest.mark.long
def test_a_consumers_mypy_strict_sees_every_name(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    names = ", ".join(sorted(set(bulk_orders.__all__) - {"__version__"}))
    script = tmp_path / "consumer.py"
    script.write_text(f"from bulk_orders import {names}\n{CONSUMER}", encoding="utf-8")
    (tmp_path / "operator_of_the_page.py").write_text(
        TEN_LINES.replace("(orders", "('orders.csv'"), encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "."],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": "", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    revealed = re.findall(r'Revealed type is "([^"]+)', done.stdout)
    assert len(revealed) == len(REVEALED)
    for told, wanted in zip(revealed, REVEALED, strict=True):
        assert told.replace("builtins.", "").startswith(wanted)
    assert "Any" not in " ".join(revealed)
