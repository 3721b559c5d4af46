"""Docstrings of functions begin with a verb, as a command: what the function does, in a capitalised word."""

import ast
import re
from collections.abc import Iterator

import pytest
from package_sources import PACKAGE, parsed

NO_VERBS = {
    *("A", "After", "All", "An", "And", "Any", "As", "At", "Before", "Both", "By"),
    *("Each", "Either", "Every", "Everybody", "Everything", "For", "From", "He", "Her", "His", "How"),
    *("I", "If", "In", "It", "Its", "Many", "Neither", "No", "Nobody", "None", "Not"),
    *("Nothing", "Of", "On", "One", "Only", "Our", "Rows", "She", "So", "Some", "Such"),
    *("That", "The", "Their", "Then", "There", "These", "They", "This", "Those", "To", "True"),
    *("Two", "Under", "Until", "We", "What", "When", "Where", "Whether", "Which", "While", "Who"),
    *("Whoever", "Whole", "Whose", "Why", "With", "Without", "You", "Your", "Amount", "Called", "Defined"),
    *("False", "Full", "Kind", "Message", "Seconds", "Text", "Thin", "Title", "Total", "Used", "Value"),
}
"""Words that begin a description and no command."""
VERBS_IN_S = {
    "Address",
    "Compress",
    "Cross",
    "Discuss",
    "Dismiss",
    "Focus",
    "Guess",
    "Pass",
    "Press",
    "Process",
}


def is_command(docstring: str) -> bool:
    """Whether its first word is a capitalised verb as one tells somebody to do it."""
    first = re.match(r"([A-Z][a-z-]*)(?=[\s,.;:]|$)", docstring)
    if first is None or first[1] in NO_VERBS:
        return False
    return not first[1].endswith(("s", "ing", "ed")) or first[1] in VERBS_IN_S | {
        "Bring",
        "Feed",
        "Need",
        "Embed",
    }


def is_attribute(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it is used as a value: its docstring names it, as that of an attribute (Google's convention)."""
    return any(ast.unparse(decorator).endswith("property") for decorator in node.decorator_list)


def descriptions(source: str) -> Iterator[str]:
    """Functions of a module whose docstring does not begin with a verb, each with its first line."""
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not is_attribute(node):
            docstring = ast.get_docstring(node)
            if docstring is not None and not is_command(docstring):
                yield f"{node.name}: {docstring.splitlines()[0]}"


MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def test_every_docstring_of_a_function_begins_with_a_verb() -> None:
    assert MODULES
    found = {name: [*descriptions((PACKAGE / name).read_text(encoding="utf-8"))] for name in MODULES}
    assert {name: lines for name, lines in found.items() if lines} == {}


def raised(function: ast.AST) -> Iterator[str]:
    """The classes of the errors that a function raises itself; an assertion that fails is a bug."""
    for node in ast.iter_child_nodes(function):
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Raise) and node.exc is not None:
            error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            name = ast.unparse(error).rpartition(".")[2]
            if re.fullmatch(r"[A-Z]\w+", name) and name not in {"AssertionError", "Exit"}:
                yield name
        yield from raised(node)


def public(module: ast.Module | ast.ClassDef) -> Iterator[ast.stmt]:
    """The functions and methods that are for others."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node)


def silent_about(source: str) -> Iterator[str]:
    """Public functions of a module whose docstring does not name an error that they raise."""
    for node in public(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            docstring = ast.get_docstring(node) or ""
            missing = [name for name in raised(node) if name not in docstring]
            if missing and not docstring.startswith(("Do as the port says", "See `")):
                yield f"{node.name}: {missing[0]}"


def test_every_public_function_names_the_errors_that_it_raises() -> None:
    found = {name: [*silent_about((PACKAGE / name).read_text(encoding="utf-8"))] for name in MODULES}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_an_error_is_seen_wherever_it_is_raised() -> None:
    source = 'def f():\n    """Do it."""\n    if x:\n        raise m.Odd(1) from e\n    def g():\n        raise Other\n'
    assert [*silent_about(source)] == ["f: Odd"]
    assert [*silent_about(source.replace("Do it", "Do it. Raises `Odd`"))] == []


@pytest.mark.parametrize(
    ("docstring", "is_right"),
    [
        ("Return the row.", True),
        ("Tell whether it is one.", True),
        ("Pass the event on.", True),
        ("Bring it up to date.", True),
        ("The row.", False),
        ("Whether it is one.", False),
        ("Returns the row.", False),
        ("Orders by key.", False),
        ("Sorting of rows.", False),
        ("return the row.", False),
        ("`row` is a number.", False),
        ("SHA-256 of it.", False),
    ],
)
def test_a_verb_is_known_by_its_form(docstring: str, is_right: bool) -> None:
    source = f'def f():\n    """{docstring}"""\n'
    assert [*descriptions(source)] == ([] if is_right else [f"f: {docstring}"])


def test_a_property_is_named_as_an_attribute_is() -> None:
    assert [*descriptions('class C:\n    @property\n    def f(self):\n        """The row."""\n')] == []
