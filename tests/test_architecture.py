"""Who may import whom, and how large things may be. Read from the source, so that nothing has to be imported for it."""

import ast
import re
import sys
from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from package_sources import MODULES, OURS, TESTS, Module, top

PURE_STDLIB = {
    "bisect",
    "collections",
    "collections.abc",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "email.utils",
    "enum",
    "functools",
    "hashlib",
    "heapq",
    "http",
    "itertools",
    "json",
    "math",
    "operator",
    "re",
    "string",
    "textwrap",
    "typing",
    "unicodedata",
}
"""What the rules may use: no clock, no random, no environment, no IO, no threads."""
IMPURE_CALLS = {
    "fromtimestamp",
    "input",
    "localtime",
    "make_msgid",
    "now",
    "open",
    "print",
    "today",
    "utcnow",
    "__import__",
}

MAY_IMPORT: dict[str, set[str]] = {
    "__init__": {"checking", "library", "reading", "runs", "sending", "settings"},
    "__main__": {"cli", "machine"},
    "cli": {
        "",
        "checking",
        "ledger",
        "library",
        "machine",
        "marketplace",
        "nightly",
        "reading",
        "runs",
        "sandbox",
        "sending",
        "settings",
        "wiring",
        "writing",
    },
    "library": {
        "checking",
        "ledger",
        "machine",
        "reading",
        "runs",
        "sending",
        "settings",
        "wiring",
        "writing",
    },
    "wiring": {"fleet", "ledger", "machine", "marketplace", "runs", "sandbox", "sending", "settings"},
    "runs": {
        "checking",
        "ledger",
        "machine",
        "marketplace",
        "ooxml",
        "reading",
        "sending",
        "settings",
        "writing",
    },
    "nightly": {
        "checking",
        "ledger",
        "machine",
        "reading",
        "runs",
        "sending",
        "settings",
        "writing",
    },
    "fleet": {"ledger", "machine", "sending", "settings"},
    "checking": {"reading"},
    "reading": {"machine", "ooxml"},
    "writing": {"checking", "machine", "ooxml"},
    "sending": {"ledger", "machine", "marketplace", "settings"},
    "marketplace": set(),
    "ledger": {"machine"},
    "machine": set(),
    "ooxml": set(),
    "sandbox": {"machine"},
    "settings": {"machine"},
    "core": set(),
    "errors": set(),
}
"""Which rooms each room may know beside the ground that all stand on; "" is the package itself, for its verbs.
What the package offers is named by `__init__` for type checkers, and loaded when it is used.

Reading, sending, writing and the practice marketplace know nothing of one another."""
GROUND = {
    "core": {"core", "errors"},
    "errors": set(),
    "sandbox": {"errors"},
}
"""What is always there; for the ground itself, and for the practice marketplace, which knows none of our rules, less."""
ALL_STAND_ON = {"core", "errors"}

KNOWN_OF_CHECKING = {"checking.values.places"}
"""What writing may know of the checks: the lists of countries and states, so that the drop-downs offer what the check takes.

They stand beside the checks of places because their library has one home; the rules may not hold it, for it reads files."""

PORTS = {
    "ledger": {"ledger.interface", "ledger.sharing", "ledger.verification", "ledger.erasure"},
    "marketplace": {"marketplace.interface"},
}
"""What others may know of them. The chain of the ledger's events is there for others to check, and what an erasure takes away is
there for whoever shows it first."""
KNOW_THE_IMPLEMENTATIONS = {"wiring"}
"""The one module that knows SQLite and HTTP."""

HOMES = {
    "apprise": {"nightly"},
    "defusedxml": {"ooxml"},
    "email_validator": {"checking"},
    "filelock": {"machine"},
    "isal": {"ooxml"},
    "keyring": {"settings"},
    "numpy": {"checking"},
    "openpyxl": {"writing"},
    "pandas": {"checking"},
    "pandera": {"checking"},
    "platformdirs": {"settings"},
    "procrastinate": {"fleet"},
    "prometheus_client": {"nightly"},
    "psycopg": {"ledger"},
    "psycopg_pool": {"fleet"},
    "pycountry": {"checking"},
    "pydantic": {"settings", "marketplace"},
    "python_calamine": {"reading"},
    "rapidfuzz": {"checking"},
    "requests": {"marketplace", "nightly"},
    "sqlalchemy": {"ledger"},
    "starlette": {"sandbox"},
    "tqdm": {"cli"},
    "typer": {"cli"},
    "urllib3": {"marketplace"},
    "uvicorn": {"sandbox"},
    "xlsxwriter": {"writing"},
}
"""Where each library may be imported.

requests has two homes: what speaks to the marketplace knows nothing of nights, whose pings go to somebody else.

pydantic has two homes: it checks the settings, and a secret stays its `SecretStr`, which no log and no traceback shows, until the
client of the marketplace writes it into a header."""

WAYS_IN = {"__init__", "__main__"}
"""`import bulk_orders` and `python -m bulk_orders`; they are no rooms."""
SAYS_NOTHING = {"utils", "util", "helpers", "common", "manager", "handler", "base", "misc"}
MAX_ROOMS = 18
MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 60
PATCHES_PER_1000_LINES = 2


def of_part(part: str) -> list[Module]:
    return [module for module in MODULES if module.part == part]


def broken(found: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Only the modules that break the rule, with how, for pytest to show."""
    return {name: what for name, what in found.items() if what}


def test_a_room_knows_only_the_rooms_below_it() -> None:
    found = {
        module.name: {name for name in module.ours() if top(name) not in allowed_to(module.part)}
        for module in MODULES
    }
    assert broken(found) == {}


def allowed_to(part: str) -> set[str]:
    return MAY_IMPORT[part] | GROUND.get(part, ALL_STAND_ON) | {part}


def test_writing_knows_of_the_checks_only_which_places_there_are() -> None:
    found = {
        module.name: {name for name in module.ours() if top(name) == "checking"} - KNOWN_OF_CHECKING
        for module in of_part("writing")
    }
    assert broken(found) == {}


def test_the_rooms_know_each_other_in_no_circle() -> None:
    TopologicalSorter(MAY_IMPORT).prepare()


def test_the_house_has_few_rooms() -> None:
    assert len({module.part for module in MODULES} - WAYS_IN) <= MAX_ROOMS


def test_the_core_uses_nothing_that_has_a_clock_chance_environment_or_io() -> None:
    found = {
        module.name: {name for name in module.imports() if top(name) != OURS} - PURE_STDLIB
        for module in of_part("core")
    }
    assert broken(found) == {}


def test_the_core_calls_nothing_that_reads_the_clock_or_a_file() -> None:
    found = {module.name: _called(module.nodes) & IMPURE_CALLS for module in of_part("core")}
    assert broken(found) == {}


def _called(nodes: Sequence[ast.AST]) -> set[str]:
    calls = [node.func for node in nodes if isinstance(node, ast.Call)]
    return {
        call.attr if isinstance(call, ast.Attribute) else call.id
        for call in calls
        if isinstance(call, ast.Attribute | ast.Name)
    }


@pytest.mark.parametrize("part", PORTS)
def test_only_the_wiring_knows_more_of_a_part_than_its_port(part: str) -> None:
    found = {
        module.name: {name for name in module.ours() if top(name) == part} - PORTS[part]
        for module in MODULES
        if module.part not in KNOW_THE_IMPLEMENTATIONS | {part}
    }
    assert broken(found) == {}


def test_every_library_has_one_home() -> None:
    found = {
        module.name: {
            name
            for name in map(top, module.imports())
            if name not in sys.stdlib_module_names
            and name != OURS
            and module.part not in HOMES.get(name, set())
        }
        for module in MODULES
    }
    assert broken(found) == {}


def test_every_home_is_lived_in() -> None:
    """The keyring, apprise and the metrics' client are loaded by their names when they are wanted: they may be missing."""
    used = {("keyring", "settings"), ("apprise", "nightly"), ("prometheus_client", "nightly")} | {
        (library, module.part) for module in MODULES for library in map(top, module.imports())
    }
    assert {(library, part) for library, parts in HOMES.items() for part in parts} - used == set()


def test_nobody_imports_relative_to_himself() -> None:
    found = {module.name: {name for name in module.imports() if name.startswith(".")} for module in MODULES}
    assert broken(found) == {}


def test_only_the_clock_and_the_practice_marketplace_read_the_time() -> None:
    """`writing.saving` compares with the age of files, which the file system dates."""
    found = {module.name: _time_read(module.nodes) for module in MODULES}
    assert set(broken(found)) <= {"machine.clock", "sandbox.practice", "writing.saving"}


def _time_read(nodes: Sequence[ast.AST]) -> set[str]:
    """`datetime.now()`, `date.today()`, `time.monotonic()` and their like, called on the modules or classes themselves."""
    calls = [node.func for node in nodes if isinstance(node, ast.Call)]
    return {
        f"{call.value.id}.{call.attr}"
        for call in calls
        if isinstance(call, ast.Attribute)
        and isinstance(call.value, ast.Name)
        and call.value.id in {"datetime", "date", "dt", "time"}
        and call.attr in {"now", "today", "utcnow", "time", "monotonic", "perf_counter", "sleep"}
    }


def test_only_the_outermost_parts_read_the_environment() -> None:
    readers = {
        module.name
        for module in MODULES
        for node in module.nodes
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and re.fullmatch(r"os\.(environ|getenv)", ast.unparse(node))
    }
    assert readers <= {"cli.invocation", "cli.terminal"}


def test_a_module_fits_in_one_reading() -> None:
    lengths = {module.name: len(module.source.splitlines()) for module in MODULES}
    assert {name: length for name, length in lengths.items() if length > MAX_MODULE_LINES} == {}


def test_a_module_of_the_tests_fits_in_one_reading_too() -> None:
    lengths = {
        path.relative_to(TESTS).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in TESTS.rglob("*.py")
    }
    assert {name: length for name, length in lengths.items() if length > MAX_MODULE_LINES} == {}


def test_a_function_fits_on_a_page() -> None:
    found = {
        f"{module.name}.{node.name}": length
        for module in MODULES
        for node in module.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > MAX_FUNCTION_LINES
    }
    assert found == {}


def test_every_module_has_a_name_that_says_something() -> None:
    assert {module.name for module in MODULES if SAYS_NOTHING & set(re.split(r"[._]", module.name))} == set()


def test_tests_pass_collaborators_in_and_patch_nearly_nothing() -> None:
    sources = [path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py") if path != Path(__file__)]
    lines = [line for source in sources for line in source.splitlines()]
    patches = [line for line in lines if re.search(r"\bmonkeypatch\.|\bmock\b|\bMock|\bpatch\(", line)]
    assert len(patches) * 1000 <= PATCHES_PER_1000_LINES * len(lines), patches
