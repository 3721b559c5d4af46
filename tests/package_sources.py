"""The modules of the package as source, each parsed once for all tests that look at it."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "bulk_orders"
OURS = "bulk_orders"


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One source file of the package."""

    name: str
    """Dotted, without the package: `core.columns`."""
    source: str

    @property
    def tree(self) -> ast.Module:
        """Made when it is first asked for: most workers of the suite never do."""
        return parsed(self.source)

    @property
    def nodes(self) -> Sequence[ast.AST]:
        return _walked(self.tree)

    @property
    def part(self) -> str:
        return self.name.split(".")[0]

    def imports(self) -> frozenset[str]:
        """Everything imported anywhere in the file, whole dotted names."""
        return _imports(self.tree)

    def ours(self) -> set[str]:
        """The modules of the package that it imports, without the package's name."""
        return {name.removeprefix(OURS).removeprefix(".") for name in self.imports() if top(name) == OURS}


@cache
def parsed(source: str) -> ast.Module:
    """Parse a module once for all tests that look at it."""
    return ast.parse(source)


@cache
def _walked(tree: ast.Module) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree))


@cache
def _imports(tree: ast.Module) -> frozenset[str]:
    found: set[str] = set()
    for node in _walked(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return frozenset(found)


def top(name: str) -> str:
    """The package or room of a dotted name."""
    return name.split(".", maxsplit=1)[0]


def _read(path: Path) -> Module:
    source = path.read_text(encoding="utf-8")
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return Module(name=".".join(parts).removesuffix(".__init__"), source=source)


MODULES = tuple(_read(path) for path in sorted(PACKAGE.rglob("*.py")))
