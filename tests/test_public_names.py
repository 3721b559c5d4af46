"""What is public is named, and what begins with an underscore stays in its module."""

import ast
import doctest
import importlib
import inspect
import pydoc
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from books.order_books import order_rows
from package_sources import MODULES

import bulk_orders
from bulk_orders.writing.new_book.subscriptions_book import write_subscriptions

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "bulk_orders"
SOURCES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path.read_text("utf-8")
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.name != "__main__.py"
}
NAMING = [name for name, source in SOURCES.items() if "\n__all__ = " in source]


@pytest.mark.parametrize("name", NAMING)
def test_every_name_in_all_exists_once(name: str) -> None:
    module = importlib.import_module(name)
    assert len(module.__all__) == len(set(module.__all__))
    assert [public for public in module.__all__ if not hasattr(module, public)] == []


def test_every_module_says_in_its_docstring_what_it_knows() -> None:
    assert [module.name for module in MODULES if not ast.get_docstring(module.tree)] == []


def test_no_module_takes_a_private_name_from_another() -> None:
    taken = {
        f"{module.name}: {alias.name}"
        for module in MODULES
        for node in module.nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name.startswith("_") and not alias.name.startswith("__")
    }
    assert taken == set()


def _imported_for_type_checkers() -> dict[str, set[str]]:
    """The names that `__init__` imports under TYPE_CHECKING, by their module."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    return {
        (node.module or "").removeprefix("bulk_orders."): {alias.name for alias in node.names}
        for node in block.body
        if isinstance(node, ast.ImportFrom)
    }


def test_type_checkers_see_every_public_name_where_it_is_loaded_from() -> None:
    homes = {module: set(names) for module, names in bulk_orders._HOMES.items()}
    assert _imported_for_type_checkers() == homes
    assert set().union(*homes.values()) | {"__version__"} == set(bulk_orders.__all__)


@pytest.mark.parametrize("name", sorted(set(bulk_orders.__all__) - {"__version__"}))
def test_every_public_name_is_there_and_explained(name: str) -> None:
    found = getattr(bulk_orders, name)
    assert name in dir(bulk_orders)
    assert re.search(rf"\b{name}\b", bulk_orders.__doc__ or "")
    if inspect.isclass(found) or inspect.isfunction(found):
        assert inspect.getdoc(found)
        assert found.__doc__ != getattr(found.__base__, "__doc__", None) if inspect.isclass(found) else True


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="order_everything"):
        bulk_orders.order_everything  # noqa: B018 - it raises


def test_importing_the_package_loads_none_of_its_libraries() -> None:
    code = (
        "import sys; before = set(sys.modules); import bulk_orders; print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert loaded - set(sys.stdlib_module_names) == {"bulk_orders"}


def test_the_help_reads_like_a_page() -> None:
    page = pydoc.plain(pydoc.render_doc(bulk_orders))
    shown = page.split("PACKAGE CONTENTS")[0]
    assert shown.count("\n") < 70
    assert max(map(len, shown.splitlines())) <= 130
    assert "    check(" in page


def _examples_are_so(*verbs: str, **given: object) -> None:
    for verb in verbs:
        found = getattr(bulk_orders, verb)
        globs = {"bulk_orders": bulk_orders, **given}
        (examples,) = doctest.DocTestFinder(recurse=False).find(found, verb, globs=globs)
        assert examples.examples
        assert doctest.DocTestRunner().run(examples).failed == 0


def test_the_examples_of_verbs_that_send_nothing_are_so() -> None:
    _examples_are_so("check", "schema")


@pytest.mark.long
def test_the_examples_of_the_other_verbs_are_so(tmp_path: Path) -> None:
    verbs = ("plan", "run", "status", "report")
    _examples_are_so(*verbs, home=tmp_path, orders=pd.DataFrame(order_rows(2)))


@pytest.mark.long
def test_the_examples_of_the_verbs_that_pull_are_so(tmp_path: Path) -> None:
    catalog, renewals = tmp_path / "catalog.xlsx", tmp_path / "renewals.xlsx"
    profile = bulk_orders.PRACTICE_PROFILE
    bulk_orders.pull_catalog(profile, home=tmp_path, workbook=catalog)
    row = {
        "subscription_id": "1100001",
        "customer_id": "1",
        "mpn": "A",
        "status": "active",
        "seats": "12",
        "auto_renew": "Yes",
        "renewal_date": "2099-01-31",
        "seats_after": "10",
    }
    write_subscriptions(renewals, [row], environment="PRACTICE", pulled_at=datetime(2026, 11, 30, tzinfo=UTC))
    verbs = ("pull_subscriptions", "pull_customers", "pull_catalog", "compare_catalogs")
    _examples_are_so(*verbs, home=tmp_path, catalog=catalog, renewals=renewals)
