"""What the program says, read from its source: every string of the package, and whether people come to see it.

Nobody sees docstrings, the words of the log, of errors that only a bug raises, of SQL and regular expressions.
"""

import ast
import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from package_sources import PACKAGE, parsed

WORDS_OF_A_SENTENCE = 3
WORD = re.compile(r"[(\"“‹]?[A-Za-z]{2,}(?:['’-][a-z]+)*[)\"”›]?[.,;:?!…]*")
NAMES = {"sandbox/catalogue.py", "sandbox/customers.py"}
"""Products and customers: data, not sentences."""
LOG = {"critical", "debug", "error", "exception", "info", "warning"}
BUGS = {
    "AssertionError",
    "HTTPException",
    "IllegalStep",
    "NotImplementedError",
    "RuntimeError",
    "Superseded",
    "TimeoutError",
    "TypeError",
    "ValueError",
    "super",
}
"""Errors whose words nobody sees: they are told again in ours, or only a bug raises them. `super` is inside such a class."""
SQL = (
    *("ALTER ", "COMMENT ON ", "CREATE ", "DELETE ", "DROP ", "INSERT ", "PRAGMA ", "ROLLBACK ", "SELECT "),
    "UPDATE ",
    "WITH ",
)
TYPED = {"aliases", "example", "api_field"}
"""What the column tables say of other spellings, of examples, and of the API's own names."""
SHOWN_BY = {"_say", "echo", "fail", "print", "result", "say"}
SHOWN_AS = {"epilog", "fix", "help"}
"""Calls and keywords whose strings people read, however short."""


@dataclass(frozen=True, slots=True)
class Found:
    """A string, where it is, and what it stands in, the innermost last."""

    place: str
    text: str
    """With a sign for each part that an f-string fills in."""
    node: ast.AST
    around: tuple[ast.AST, ...]

    @property
    def parent(self) -> ast.AST:
        return self.around[-1]

    @property
    def is_literal(self) -> bool:
        return isinstance(self.node, ast.Constant)


@functools.cache
def trees() -> Mapping[str, ast.Module]:
    """Every module of the package by its path."""
    return {
        path.relative_to(PACKAGE).as_posix(): parsed(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def text_of(node: ast.AST) -> str | None:
    """A string with a sign for each part that is filled in; None for what is no string."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(text_of(part) or "%" for part in parts)
        case _:
            return None


def strings(place: str, node: ast.AST, around: tuple[ast.AST, ...] = ()) -> Iterator[Found]:
    """Every string in a tree, docstrings left out."""
    for child in ast.iter_child_nodes(node):
        text = text_of(child)
        if isinstance(child, ast.Expr) and text_of(child.value) is not None:
            continue  # a docstring
        if text is not None and not isinstance(node, ast.JoinedStr):
            yield Found(f"{place}:{getattr(child, 'lineno', 0)}", text, child, (*around, node))
        yield from strings(place, child, (*around, node))


@functools.cache
def all_strings() -> tuple[Found, ...]:
    """Every string of the package."""
    return tuple(
        found for name, tree in trees().items() if name not in NAMES for found in strings(name, tree)
    )


def called(node: ast.AST) -> str:
    """`say` of `terminal.say(…)`, `print` of `print(…)`, `super` of `super().__init__(…)`."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")))):
            return "super"
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name
        case _:
            return ""


def keywords(found: Found) -> set[str | None]:
    return {node.arg for node in found.around if isinstance(node, ast.keyword)}


def _is_log(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=logger, attr=name)):
            return name in LOG and "log" in ast.unparse(logger).lower()
        case _:
            return False


def _is_record(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(base) for base in node.bases)


def words(text: str) -> int:
    return sum(WORD.fullmatch(word) is not None for word in text.split())


def is_seen(found: Found) -> bool:
    """Whether people could come to see what stands here."""
    calls = {called(node) for node in found.around}
    is_code = found.text.startswith((*SQL, "=")) or "compile" in calls
    is_unseen = any(_is_log(node) or _is_record(node) for node in found.around)
    return not (is_code or is_unseen or bool(calls & BUGS or keywords(found) & TYPED))


def is_sentence(found: Found) -> bool:
    """Whether it reads like one and people could come to see it."""
    return words(found.text) >= WORDS_OF_A_SENTENCE and is_seen(found)


def is_shown(found: Found) -> bool:
    """Whether any word stands right where people are told something."""
    is_key = isinstance(found.parent, ast.Subscript)
    is_place = keywords(found) & SHOWN_AS or any(called(node) in SHOWN_BY for node in found.around[-2:])
    return bool(words(found.text) and is_place and not is_key)
