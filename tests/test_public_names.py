"""What is public is named, and what begins with an underscore stays in its module."""

import ast
import importlib
from pathlib import Path

import pytest
from test_architecture import MODULES

import bulk_orders

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
    assert set(module.__all__) <= set(vars(module))


def test_every_module_says_in_its_docstring_what_it_knows() -> None:
    assert [module.name for module in MODULES if not ast.get_docstring(module.tree)] == []


def test_no_module_takes_a_private_name_from_another() -> None:
    taken = {
        f"{module.name}: {alias.name}"
        for module in MODULES
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name.startswith("_") and not alias.name.startswith("__")
    }
    assert taken == set()


def test_the_package_itself_is_its_version_and_nothing_more() -> None:
    """The verbs are in `bulk_orders.runs.run`; importing the package stays cheap."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    names = [node.targets[0] for node in tree.body if isinstance(node, ast.Assign)]
    assert [ast.unparse(name) for name in names if ast.unparse(name) != "__all__"] == ["__version__"]
    assert bulk_orders.__doc__
