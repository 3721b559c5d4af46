"""The program with every label changed: a copy of it whose tables of labels say everything in another way.

It is a copy and not a patch, because the processes that read and copy workbooks load their own tables.
"""

import ast
import codecs
import compileall
import re
import shutil
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).parents[2] / "bulk_orders"
LABELS: Final = (
    *("core/sheet_names", "core/our_marks", "core/columns/table", "core/columns/orders"),
    *("core/columns/customers", "core/columns/products", "core/columns/helper_columns"),
    *("writing/check_column", "writing/outcome_labels", "writing/template/start_lines", "writing/cells"),
)
"""Tables of what stands in workbooks: names of sheets, headers, choices, titles, and what is written in columns."""
_NOT_LABELS: Final = {"aliases", "api", "api_field", "example", "placeholders"}
"""What the table of columns says of other spellings, and of the API's own names."""
_IDENTIFIER: Final = re.compile(r"_?[a-z][a-z0-9_]*")
_PLACEHOLDER: Final = re.compile(r"(\{[^{}]*\})")


def relabelled(text: str) -> str:
    """Another text of the same length: its letters are 13 further on, its placeholders are kept."""
    return "".join(
        piece if _PLACEHOLDER.fullmatch(piece) else codecs.encode(piece, "rot13")
        for piece in _PLACEHOLDER.split(text)
    )


def relabelled_program(folder: Path) -> Path:
    """Copy the program into the folder, with other labels; return the path to be put before all others."""
    shutil.copytree(PACKAGE, folder / "bulk_orders", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PACKAGE.parent / "templates", folder / "templates")
    for name in LABELS:
        path = folder / "bulk_orders" / f"{name}.py"
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tree.body = [
            _Relabel().visit(node) if isinstance(node, ast.Assign | ast.AnnAssign) else node
            for node in tree.body
        ]
        path.write_text(ast.unparse(tree), encoding="utf-8")
    compileall.compile_dir(folder / "bulk_orders", quiet=1)
    return folder


class _Relabel(ast.NodeTransformer):
    """Changes the texts of a constant or a table; what is done with them, keys and identifiers stay."""

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        node.values = [self.visit(value) for value in node.values]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        return node if node.arg in _NOT_LABELS else self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Entries of tables are made by a name, `Column(…)`; methods look into a text."""
        return self.generic_visit(node) if isinstance(node.func, ast.Name) else node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        is_label = isinstance(node.value, str) and not _IDENTIFIER.fullmatch(node.value)
        return ast.copy_location(ast.Constant(relabelled(str(node.value))), node) if is_label else node
