"""ARCHITECTURE.md, CONTRIBUTING.md and the CI say what is so: rooms, names, paths, commands and tools exist."""

import importlib
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from draw_architecture import faults, floors, main, mermaid, room_graph, table
from package_sources import MODULES, TESTS, Module
from test_architecture import WAYS_IN
from write_pages import ROOT

PAGES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("ARCHITECTURE.md", "CONTRIBUTING.md")}
TREE = re.search(r"```\n(.*?)```", PAGES["ARCHITECTURE.md"], re.DOTALL)
DRAWN_TOP = ("bulk_orders", "templates", "sample_data", "tests")
PACKAGE = ROOT / "bulk_orders"
NOT_ROOMS = {"__init__.py", "__main__.py", "py.typed", "__pycache__"}
PYTHON_PAGES = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in PACKAGE.rglob("*.py")}
ROOMS = {path.stem for path in PACKAGE.iterdir() if path.name not in NOT_ROOMS}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_nobody_is_told_to_install_the_program_from_an_index_where_it_is_not() -> None:
    shipped = [
        ROOT / "README.md",
        *PACKAGE.rglob("*.md"),
        *PACKAGE.rglob("*.py"),
        *(ROOT / "templates").rglob("*"),
    ]
    texts = {path: path.read_text("utf-8", errors="replace") for path in shipped if path.is_file()}
    assert not [path for path, text in texts.items() if re.search(r"pipx? install [^`\n]*bulk-orders", text)]


def drawn() -> Iterator[str]:
    """The paths of the tree, from the indentation of its lines."""
    assert TREE
    above: list[str] = []
    for line in TREE[1].splitlines():
        name = line.split()[0]
        del above[(len(line) - len(line.lstrip())) // 2 :]
        above.append(name)
        yield "".join(above)


def folders(top: Path) -> set[str]:
    """The folders in `top` that hold files, at any depth."""
    found = (path for path in top.rglob("*") if path.is_dir() and "__pycache__" not in path.parts)
    return {f"{path.relative_to(ROOT).as_posix()}/" for path in found if any(path.iterdir())}


def test_the_tree_shows_what_is_there_and_nothing_else() -> None:
    modules = {f"bulk_orders/{path.name}" for path in PACKAGE.glob("*.py")} - {
        f"bulk_orders/{name}" for name in NOT_ROOMS
    }
    mirrored = {f"tests/{room}/" for room in ROOMS}
    shown = [path for name in DRAWN_TOP[:3] for path in (f"{name}/", *folders(ROOT / name))]
    tests = {f"tests/{path.name}/" for path in TESTS.iterdir() if path.is_dir() and path.name[0] not in "._"}
    assert sorted(drawn()) == sorted({*shown, *modules, "tests/", *(tests - mirrored)})


def test_the_top_level_has_the_drawn_folders_and_pages_about_them() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    if not listed:
        pytest.skip("this is not a clone")
    pages = {
        *("README.md", "CHANGELOG.md", "LICENSE", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md"),
        *("pyproject.toml", ".gitignore", ".ci", ".github", ".pre-commit-config.yaml"),
    }
    assert {path.split("/")[0] for path in listed} <= {*DRAWN_TOP, *pages}


def names_in(text: str) -> set[str]:
    """What stands in code marks and is a name inside a room: `core.model.Row`."""
    named = re.findall(r"`((?:bulk_orders\.)?[a-z_]+(?:\.\w+)+)`", text)
    return {
        name for name in named if name.split(".")[0] in {*ROOMS, "bulk_orders"} and not name.endswith(".toml")
    }


def found(name: str) -> Any:
    """The module, or what it has under the name; `None` if there is neither. What needs a library that is not here is believed."""
    parts = name.removeprefix("bulk_orders.").split(".")
    for length in range(len(parts), 0, -1):
        try:
            place: Any = importlib.import_module(".".join(("bulk_orders", *parts[:length])))
        except ModuleNotFoundError as missing:
            if not str(missing.name).startswith("bulk_orders"):
                return missing
            continue
        for part in parts[length:]:
            place = getattr(place, part, None)
        return place
    return None


def test_every_name_of_the_code_exists() -> None:
    named = {(name, page) for page, text in (PAGES | PYTHON_PAGES).items() for name in names_in(text)}
    assert {(name, page) for name, page in named if found(name) is None} == set()


def test_the_path_of_a_row_names_a_function_at_each_step() -> None:
    way = PAGES["ARCHITECTURE.md"].split("## The path of one row\n")[1].split("\n## ")[0]
    steps = re.split(r"^\d+\. ", way, flags=re.MULTILINE)[1:]
    assert len(steps) == 10
    assert [step for step in steps if not any(callable(found(name)) for name in names_in(step))] == []


def test_the_glossary_has_a_name_of_the_code_in_every_line() -> None:
    glossary = PAGES["ARCHITECTURE.md"].split("## Glossary\n")[1].split("\n## ")[0]
    lines = [line for line in glossary.splitlines() if line.startswith("| ")][1:]
    assert [line for line in lines if not names_in(line)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_path_and_link_in_the_page_exists(page: str) -> None:
    paths = re.findall(
        r"`?((?:sample_data|templates|bulk_orders|tests|\.ci|\.github)/[\w./-]*\w/?)", PAGES[page]
    )
    links = re.findall(r"\]\(([^)#]+)\)", PAGES[page])
    assert [path for path in (*paths, *links) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize(
    "script",
    sorted(set(re.findall(r"python ((?:tests|sample_data)/\S+\.py)[^`\n]*--", PAGES["CONTRIBUTING.md"]))),
)
def test_every_option_of_a_script_that_the_page_names_exists(script: str) -> None:
    options = {
        option
        for line in re.findall(rf"{re.escape(script)}([^`\n]*)", PAGES["CONTRIBUTING.md"])
        for option in re.findall(r"--[a-z][a-z-]*", line)
    }
    source = (ROOT / script).read_text(encoding="utf-8")
    assert {option for option in options if f'"{option}"' not in source} == set()


def test_the_markers_of_the_test_layers_exist() -> None:
    known = {marker.split(":")[0] for marker in PROJECT["tool"]["pytest"]["ini_options"]["markers"]}
    asked = re.findall(r"-m (\w+)", PAGES["CONTRIBUTING.md"])
    named = set(asked) - {"pytest", "venv", "mypy"}
    assert named
    assert named <= known
    assert known <= named


def test_benchmarks_live_in_their_folder_alone() -> None:
    """`-m long` asks for whatever is marked so: a benchmark with both markers would run in CI."""
    mark = "mark.benchmark"
    elsewhere = {TESTS / "benchmarks", Path(__file__).parent}
    tests = [path for path in TESTS.rglob("test_*.py") if path.parent not in elsewhere]
    assert [path for path in tests if mark in path.read_text(encoding="utf-8")] == []
    benchmarks = [path.read_text(encoding="utf-8") for path in (TESTS / "benchmarks").glob("test_*.py")]
    assert [text for text in benchmarks if mark not in text or "mark.long" in text] == []


@pytest.mark.long
def test_the_drawing_of_the_rooms_has_them_all_and_nothing_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert {module.part for module in MODULES} - WAYS_IN == set(
        re.findall(r"\[(\w+)\]$", said.out, re.MULTILINE)
    )


def module(name: str, source: str) -> Module:
    return Module(name=name, source=source)


CLEAN = (
    module("runs.one", "from bulk_orders.core import two"),
    module("core.two", "from bulk_orders.errors import Wrong"),
    module("errors", ""),
)


def test_a_drawing_has_floors_and_arrows() -> None:
    rooms = room_graph(CLEAN)
    assert floors(rooms) == {"errors": 0, "core": 1, "runs": 2}
    assert faults(CLEAN) == []
    assert [*mermaid({"runs": {"ledger", "core"}, "ledger": {"core"}, "core": set()})][
        -1
    ] == "  runs --> ledger"
    sizes = dict.fromkeys(rooms, 1)
    assert [line.split() for line in table(rooms, sizes)][1] == ["2", "1", "runs", "core"]


def test_a_drawing_names_circles_and_imports_upward() -> None:
    upward = module("errors", "from bulk_orders.runs import one")
    assert faults([*CLEAN[:2], upward]) == [
        "errors imports runs, which MAY_IMPORT does not allow",
        "a circle of modules: runs.one ← errors ← core.two ← runs.one",
        "a circle of rooms: runs ← errors ← core ← runs",
    ]


def test_the_hooks_and_the_workflow_run_what_ci_runs() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8").replace('"$bin/', "").replace('"', "")
    (only,) = hooks["repos"]
    assert only["repo"] == "local"
    assert [hook["entry"].split(" --")[0] for hook in only["hooks"]] == ["ruff check", "ruff format", "mypy"]
    assert {
        hook["entry"].split(" --")[0] for hook in only["hooks"] if hook["entry"].split(" --")[0] not in ci
    } == set()


def test_the_workflow_tries_every_supported_python() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    supported = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["project"]["classifiers"]))
    jobs = workflow["jobs"].values()
    assert [job["strategy"]["matrix"]["python"] for job in jobs] == [supported] * len(jobs)
