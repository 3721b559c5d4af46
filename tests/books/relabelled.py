"""The program with every label changed: a copy of it whose catalogues of labels say everything in another way.

It is a copy and not a patch, because the processes that read and copy workbooks load their own catalogues.
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
    *("sheet_names", "columns_orders", "columns_customers", "columns_products", "columns_results"),
    *("columns_work", "results", "results_summary", "checked", "check_column", "outcomes"),
    *("template_start", "workbook_cells"),
)
"""Catalogues of what stands in workbooks: names of sheets, headers, choices, titles, and what is written in columns."""
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
        path = folder / "bulk_orders" / "texts" / f"{name}.py"
        tree = ast.parse(path.read_text(encoding="utf-8"))
        path.write_text(ast.unparse(_Relabel().visit(tree)), encoding="utf-8")
    compileall.compile_dir(folder / "bulk_orders", quiet=1)
    return folder


class _Relabel(ast.NodeTransformer):
    """Changes the texts that names are given, and those in tables; keys of tables and docstrings stay."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        node.values = [self.visit(value) for value in node.values]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return (
            ast.copy_location(ast.Constant(relabelled(node.value)), node)
            if isinstance(node.value, str)
            else node
        )
