"""One catalogue of what people read: no sentence stands outside `bulk_orders.texts`, and none in it is idle or filled in wrongly.

Read from the source, so that a sentence is found wherever it stands. No sentences for users are: docstrings, the words of
the log, of errors that only a bug raises, and of the ledger's own record, and what people may type.
"""

import ast
import functools
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from package_sources import parsed

pytestmark = pytest.mark.long

PACKAGE = Path(__file__).parent.parent / "bulk_orders"
CATALOGUE = "texts/"
IMPORTED = "bulk_orders.texts"

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
SQL = ("ALTER ", "CREATE ", "INSERT ", "PRAGMA ", "ROLLBACK ", "SELECT ", "UPDATE ")
TYPED = {"aliases", "example", "api_field"}
"""What the column tables say of other spellings, of examples, and of the API's own names."""
TAKEN_APART = {
    *("check_column.TO_FIX_LISTED", "check_column.WARNINGS_ONE"),
    *("checked.TITLE", "checked.NOTHING_SENT", "results.ORDERS_LEGEND", "results_summary.RUN"),
    "plan_workbook.TITLE",
}
"""A formula puts its parts in while people type, or what stands around them is looked for in a workbook."""
SHOWN_BY = {"_say", "echo", "fail", "print", "result", "say"}
SHOWN_AS = {"epilog", "fix", "help"}
"""Calls and keywords whose strings people read, however short."""


@dataclass(frozen=True, slots=True)
class Found:
    """A string, where it is, and what it stands in, the innermost last."""

    place: str
    text: str
    around: tuple[ast.AST, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """A text of the catalogue where it is used; `parts` are what it is filled with, None where it is used as it is."""

    place: str
    name: str
    parts: frozenset[str] | None


@functools.cache
def _trees() -> Mapping[str, ast.Module]:
    """Every module of the package by its path."""
    return {
        path.relative_to(PACKAGE).as_posix(): parsed(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def _catalogue() -> Mapping[str, ast.Module]:
    """The modules of the catalogue by their area."""
    return {
        name.removeprefix(CATALOGUE).removesuffix(".py"): tree
        for name, tree in _trees().items()
        if name.startswith(CATALOGUE)
    }


def _text(node: ast.AST) -> str | None:
    """A string with a sign for each part that is filled in; None for what is no string."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) or "%" for part in parts)
        case _:
            return None


def _strings(place: str, node: ast.AST, around: tuple[ast.AST, ...] = ()) -> Iterator[Found]:
    for child in ast.iter_child_nodes(node):
        text = _text(child)
        if isinstance(child, ast.Expr) and _text(child.value) is not None:
            continue  # a docstring
        if text is not None and not isinstance(node, ast.JoinedStr):
            yield Found(f"{place}:{getattr(child, 'lineno', 0)}", text, (*around, node))
        yield from _strings(place, child, (*around, node))


@functools.cache
def _all_strings() -> tuple[Found, ...]:
    return tuple(
        found
        for name, tree in _trees().items()
        if name not in NAMES and not name.startswith(CATALOGUE)
        for found in _strings(name, tree)
    )


def _called(node: ast.AST) -> str:
    """`say` of `terminal.say(…)`, `print` of `print(…)`, `super` of `super().__init__(…)`."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")))):
            return "super"
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name
        case _:
            return ""


def _keywords(found: Found) -> set[str | None]:
    return {node.arg for node in found.around if isinstance(node, ast.keyword)}


def _is_log(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=logger, attr=name)):
            return name in LOG and "log" in ast.unparse(logger).lower()
        case _:
            return False


def _is_record(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(base) for base in node.bases)


def _words(text: str) -> int:
    return sum(WORD.fullmatch(word) is not None for word in text.split())


def _is_sentence(found: Found) -> bool:
    """Whether it reads like one and people could come to see what stands here."""
    calls = {_called(node) for node in found.around}
    is_code = found.text.startswith((*SQL, "=")) or "compile" in calls
    is_unseen = any(_is_log(node) or _is_record(node) for node in found.around)
    is_elsewhere = is_code or is_unseen or bool(calls & BUGS or _keywords(found) & TYPED)
    return _words(found.text) >= WORDS_OF_A_SENTENCE and not is_elsewhere


def _is_shown(found: Found) -> bool:
    """Whether any word stands right where people are told something."""
    is_key = isinstance(found.around[-1], ast.Subscript)
    is_place = _keywords(found) & SHOWN_AS or any(_called(node) in SHOWN_BY for node in found.around[-2:])
    return bool(_words(found.text) and is_place and not is_key)


def test_no_sentence_stands_outside_the_catalogue() -> None:
    assert {found.place: found.text for found in _all_strings() if _is_sentence(found)} == {}


def test_what_is_shown_to_people_is_not_worded_where_it_is_shown() -> None:
    assert {found.place: found.text for found in _all_strings() if _is_shown(found)} == {}


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ('raise InputError("The file is odd.")', True),
        ('raise InputError(f"The file {path} is odd.")', True),
        ('note = "orders were found" if orders else ""', True),
        ('"""The module is odd."""', False),
        ('def odd():\n    """The function is odd."""', False),
        ('logger.info("the file is odd")', False),
        ('raise ValueError("the file is odd")', False),
        ('class Step(enum.StrEnum):\n    ODD = "found to be odd"', False),
        ('connection.execute("SELECT one FROM many")', False),
        ('re.compile("(the file is odd)")', False),
        ('Column(name="odd", aliases=("the odd one out",))', False),
    ],
)
def test_a_sentence_is_known_by_its_words_and_its_place(source: str, is_found: bool) -> None:
    assert any(_is_sentence(found) for found in _strings("here", ast.parse(source))) is is_found


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ('terminal.say("Stopped.")', True),
        ('terminal.say("Found" if found else words.ABSENT)', True),
        ('raise InputError(words.ODD, fix="Wait.")', True),
        ('typer.Option("--odd", help=words.ODD)', False),
        ('terminal.result(f"  {icon} {where:<14}")', False),
        ('raise InputError(words.ODD, fix=message["fix"])', False),
    ],
)
def test_even_one_word_is_found_where_people_are_told_something(source: str, is_found: bool) -> None:
    assert any(_is_shown(found) for found in _strings("here", ast.parse(source))) is is_found


def _defined(tree: ast.Module) -> dict[str, ast.expr]:
    """A module's constants and what they are."""
    return {
        node.target.id: node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None
    }


@functools.cache
def _texts() -> Mapping[str, str]:
    """The texts by `area.NAME`, empty for tables."""
    return {
        f"{area}.{name}": _text(value) or ""
        for area, tree in _catalogue().items()
        for name, value in _defined(tree).items()
    }


def _aliases(tree: ast.Module) -> tuple[dict[str, str], dict[str, str]]:
    """What stands for a module of the catalogue, and what for one of its names."""
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    modules = {
        alias.asname or alias.name: alias.name
        for node in froms
        if node.module == IMPORTED
        for alias in node.names
    }
    names = {
        alias.asname or alias.name: f"{(node.module or '').removeprefix(IMPORTED + '.')}.{alias.name}"
        for node in froms
        if (node.module or "").startswith(f"{IMPORTED}.")
        for alias in node.names
    }
    return modules, names


def _plurals(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """Names of a function that stand for one of two texts: `rows = plural(number, words.ROW, words.ROWS)`."""
    return {
        node.targets[0].id: node.value.args
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Call)
        and _called(node.value) == "plural"
    }


def _filled(tree: ast.AST) -> Iterator[tuple[int, frozenset[str]]]:
    """Which expressions are filled in by `.format(…)`, or by `counted(number, …)`, and with what."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Module)):
        either = _plurals(function) if isinstance(function, ast.FunctionDef) else {}
        for node in ast.walk(function):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=template, attr="format"), keywords=given, args=unnamed
                ):
                    parts = frozenset([keyword.arg or "**" for keyword in given] + ["*" for _ in unnamed])
                case ast.Call() if _called(node) == "counted":
                    yield from ((id(text), frozenset({"number"})) for text in node.args[1:])
                    continue
                case _:
                    continue
            match template:
                case ast.Call() if _called(template) == "plural":
                    texts = template.args
                case ast.Name(id=name) if name in either:
                    texts = either[name]
                case _:
                    texts = [template]
            yield from ((id(text), parts) for text in texts)


def _uses(place: str, tree: ast.Module) -> Iterator[Use]:
    modules, names = _aliases(tree)
    if place.startswith(CATALOGUE):
        names |= {name: f"{Path(place).stem}.{name}" for name in _defined(tree)}
    filled = dict(_filled(tree))
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=alias), attr=attribute) if alias in modules:
                name = f"{modules[alias]}.{attribute}"
            case ast.Name(id=alias, ctx=ast.Load()) if alias in names:
                name = names[alias]
            case _:
                continue
        yield Use(f"{place}:{node.lineno}", name, filled.get(id(node)))


@functools.cache
def _all_uses() -> tuple[Use, ...]:
    return tuple(use for name, tree in _trees().items() for use in _uses(name, tree))


def _parts(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _wrong(use: Use) -> frozenset[str]:
    """Parts that a text lacks, or does not have."""
    text = _texts().get(use.name, "")
    return frozenset() if use.parts is None or not text else use.parts ^ _parts(text)


def test_every_text_of_the_catalogue_is_used() -> None:
    assert set(_texts()) - {use.name for use in _all_uses()} == set()


def test_every_text_that_is_used_is_in_the_catalogue() -> None:
    named = {use.name: use.place for use in _all_uses() if use.name.split(".")[1].isupper()}
    assert {name: place for name, place in named.items() if name not in _texts()} == {}


def test_every_text_is_filled_with_exactly_its_parts() -> None:
    assert {use.place: (use.name, _wrong(use)) for use in _all_uses() if _wrong(use)} == {}


def test_no_text_is_shown_with_its_parts_empty() -> None:
    unfilled = {use.name for use in _all_uses() if use.parts is None and _parts(_texts().get(use.name, ""))}
    assert unfilled - TAKEN_APART == set()


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("words.ODD.format(path=path)", {"path"}),
        ("plural(1, words.ODD, words.EVEN).format(path=path)", {"path"}),
        (
            "def told(number):\n    rows = plural(number, words.ODD, words.EVEN)\n    return rows.format(path=path)",
            {"path"},
        ),
        ("counted(1, words.ODD, words.EVEN)", {"number"}),
        ("words.ODD.format(path)", {"*"}),
        ("words.ODD.format(**parts)", {"**"}),
        ("print(words.ODD)", None),
    ],
)
def test_what_a_text_is_filled_with_is_read_from_the_source(source: str, parts: set[str] | None) -> None:
    tree = ast.parse(f"from bulk_orders.texts import settings as words\n{source}")
    assert ("settings.ODD", parts) in [(use.name, use.parts) for use in _uses("here", tree)]


def test_a_text_is_a_capital_constant_that_nobody_changes() -> None:
    loose = {
        f"{area}: {ast.unparse(node)[:60]}"
        for area, tree in _catalogue().items()
        for node in tree.body
        if isinstance(node, ast.Assign)
        or (isinstance(node, ast.AnnAssign) and not ast.unparse(node.target).isupper())
    }
    assert loose == set()


def test_every_command_has_its_line_of_help_from_the_catalogue() -> None:
    calls = (ast.unparse(node) for node in _trees()["cli/app.py"].body if isinstance(node, ast.Expr))
    commands = [call for call in calls if call.startswith("app.command(")]
    assert [command for command in commands if not command.startswith("app.command(help=words.")] == []
    assert len(commands) > len(["template", "check", "run"])
