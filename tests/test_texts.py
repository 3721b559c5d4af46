"""How the program says something: in literals that stand where they are said, filled by name, each of them once.

Only a literal can be looked up, and one day translated; so no sentence is an f-string. What is filled into it, and what a
constant of the same or of another module says, is read from the source (`said.py`).
"""

import ast
import functools
import string
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from said import Found, all_strings, called, is_seen, is_sentence, is_shown, strings, trees, words

pytestmark = pytest.mark.long

PACKAGE_NAME = "bulk_orders"
TAKEN_APART = ("core.our_marks.", "writing.check_column.", "writing.new_book.plan_page.PLAN_TITLE")
"""Texts that may be used unfilled: a formula puts the parts in while people type, or what stands around them is looked for in a
workbook."""
FILLED_ELSEWHERE = {"partition", "replace", "term", "Term"}
"""Calls that put the parts in themselves, or look for one."""
WORDS_OF_ITS_OWN = 6
"""A text of this many words is said in one place; shorter ones may recur."""
SAID_AGAIN = {
    "core/columns/": "each column says for itself what it is",
    "core/problems/": "each problem says all about itself",
    "ledger/migrations/": "a migration goes on saying what it always said",
    "marketplace/client_settings.py": "the settings know nothing of the client, and it may be used without them",
}
"""Where a text may stand that stands elsewhere too, and why."""


def wrong_forms(found: tuple[Found, ...]) -> dict[str, str]:
    """Sentences that are no literals."""
    return {
        one.place: one.text for one in found if not one.is_literal and (is_sentence(one) or is_shown(one))
    }


def test_every_sentence_is_a_literal() -> None:
    assert wrong_forms(all_strings()) == {}


@pytest.mark.parametrize(
    ("source", "is_wrong"),
    [
        ('raise InputError(f"The file {path} is odd.")', True),
        ('note = f"{number} orders were found" if number else ""', True),
        ('terminal.say(f"Stopped: {why}")', True),
        ('raise InputError("The file {path} is odd.".format(path=path))', False),
        ('terminal.result(f"  {icon} {where:<14}")', False),
        ('logger.info(f"the file {path} is odd")', False),
        ('raise ValueError(f"the file {path} is odd")', False),
    ],
)
def test_a_sentence_that_is_no_literal_is_found(source: str, is_wrong: bool) -> None:
    assert bool(wrong_forms(tuple(strings("here", ast.parse(source))))) is is_wrong


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ('raise InputError("The file is odd.")', True),
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
    assert any(is_sentence(found) for found in strings("here", ast.parse(source))) is is_found


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ('terminal.say("Stopped.")', True),
        ('terminal.say("Found" if found else ABSENT)', True),
        ('raise InputError(ODD, fix="Wait.")', True),
        ('typer.Option("--odd", help=ODD)', False),
        ('raise InputError(ODD, fix=message["fix"])', False),
    ],
)
def test_even_one_word_is_found_where_people_are_told_something(source: str, is_found: bool) -> None:
    assert any(is_shown(found) for found in strings("here", ast.parse(source))) is is_found


@dataclass(frozen=True, slots=True)
class Use:
    """A text where it is used; `parts` are what it is filled with, None where it is used as it is."""

    place: str
    text: str
    parts: frozenset[str] | None

    @property
    def wrong(self) -> frozenset[str]:
        """Parts that the text lacks, or does not have."""
        return frozenset() if self.parts is None else self.parts ^ parts_of(self.text)


def parts_of(text: str) -> frozenset[str]:
    """The names of what is filled in; `*` for a part without one. Empty for what is no template."""
    try:
        found = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:
        return frozenset()
    return frozenset(name if name.isidentifier() else "*" for name in found)


def constants(tree: ast.Module) -> dict[str, str]:
    """The texts that a module gives a name."""
    return {
        node.target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def _module_name(place: str) -> str:
    return place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@functools.cache
def _all_constants() -> Mapping[str, str]:
    """The texts with a name, by `core.our_marks.NAME`."""
    return {
        f"{_module_name(place)}.{name}": text
        for place, tree in trees().items()
        for name, text in constants(tree).items()
    }


def known_names(place: str, tree: ast.Module, known: Mapping[str, str]) -> dict[str, str]:
    """What a module can say by name, as it spells it: `ODD`, `labels.ODD`; and the full name of each."""
    names = {
        name: f"{_module_name(place)}.{name}"
        for name in constants(tree)
        if f"{_module_name(place)}.{name}" in known
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(PACKAGE_NAME):
            continue
        inside = (node.module or "").removeprefix(PACKAGE_NAME).removeprefix(".")
        for alias in node.names:
            full = f"{inside}.{alias.name}".removeprefix(".")
            spelled = alias.asname or alias.name
            if full in known:
                names[spelled] = full
            elif spelled.islower():
                within = [one for one in known if one.startswith(full + ".")]
                names |= {one.replace(full, spelled, 1): one for one in within}
    return names


def _filled(tree: ast.AST) -> Iterator[tuple[int, frozenset[str]]]:
    """Which expressions are filled in by `.format(…)`, or by `counted(number, …)`, and with what."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Module)):
        either = _named_texts(function) if isinstance(function, ast.FunctionDef) else {}
        for node in ast.walk(function):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=template, attr="format"), keywords=given, args=unnamed
                ):
                    parts = frozenset([keyword.arg or "**" for keyword in given] + ["*" for _ in unnamed])
                case ast.Call() if called(node) == "counted":
                    yield from ((id(text), frozenset({"number"})) for text in node.args[1:])
                    continue
                case _:
                    continue
            named = either.get(template.id, []) if isinstance(template, ast.Name) else []
            yield from ((id(text), parts) for one in (template, *named) for text in _texts_in(one))


def _named_texts(function: ast.FunctionDef) -> dict[str, list[ast.expr]]:
    """What a function gives a name before it fills it: `rows = plural(number, ROW, ROWS)`, `said = ONE if it else OTHER`."""
    named = defaultdict(list)
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named[node.targets[0].id].append(node.value)
    return named


def _texts_in(template: ast.expr) -> Iterator[ast.expr]:
    """The texts of which one is taken."""
    match template:
        case ast.Call(args=args) if called(template) == "plural":
            yield from args[1:]
        case ast.IfExp(body=one, orelse=other):
            yield from (*_texts_in(one), *_texts_in(other))
        case _:
            yield template


def uses(place: str, tree: ast.Module, known: Mapping[str, str]) -> Iterator[Use]:
    """Every use of a text in a module, as a literal or by its name."""
    filled = dict(_filled(tree))
    names = known_names(place, tree, known)
    for found in strings(place, tree):
        if found.is_literal and _is_used_here(found):
            yield Use(found.place, found.text, filled.get(id(found.node)))
    for node in ast.walk(tree):
        name = names.get(_spelled(node), "")
        if name and words(known[name]) and not name.startswith(TAKEN_APART):
            yield Use(f"{place}:{getattr(node, 'lineno', 0)}", known[name], filled.get(id(node)))


def _spelled(node: ast.AST) -> str:
    """A name that is read, as it stands there: `ODD`, `labels.ODD`; empty for all else."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            return name
        case ast.Attribute(value=ast.Name(id=module), attr=name, ctx=ast.Load()):
            return f"{module}.{name}"
        case _:
            return ""


@functools.cache
def _spelled_in(tree: ast.Module) -> frozenset[str]:
    return frozenset(map(_spelled, ast.walk(tree)))


def _is_used_here(found: Found) -> bool:
    """Whether a text is used where it stands: not what is given a name, nor an entry of a table, which is filled by its key."""
    calls = {called(node) for node in found.around}
    is_entry = any(isinstance(node, ast.Dict | ast.Set | ast.Tuple | ast.AnnAssign) for node in found.around)
    return is_seen(found) and words(found.text) > 0 and not is_entry and not calls & FILLED_ELSEWHERE


@functools.cache
def _all_uses() -> tuple[Use, ...]:
    return tuple(use for place, tree in trees().items() for use in uses(place, tree, _all_constants()))


def test_every_text_is_filled_with_exactly_its_parts() -> None:
    assert {use.place: (use.text, use.wrong) for use in _all_uses() if use.wrong} == {}


def test_no_text_is_shown_with_its_parts_empty() -> None:
    assert {use.place: use.text for use in _all_uses() if use.parts is None and parts_of(use.text)} == {}


def test_the_texts_of_the_program_are_read_at_all() -> None:
    filled = [use for use in _all_uses() if use.parts]
    assert len(filled) > len(all_strings()) // 50
    assert len(_all_constants()) > len(trees()) // 2


KNOWN = {"here.ODD": "{path} is odd.", "here.EVEN": "{path} is even.", "core.labels.ODD": "{path} is odd."}


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ('"{path} is odd.".format(path=path)', {"path"}),
        ("ODD.format(path=path)", {"path"}),
        ("plural(1, ODD, EVEN).format(path=path)", {"path"}),
        ("(ODD if it else EVEN).format(path=path)", {"path"}),
        (
            "def told(number):\n    rows = plural(number, ODD, EVEN)\n    return rows.format(path=path)",
            {"path"},
        ),
        ('counted(1, "{path} is odd.", EVEN)', {"number"}),
        ("from bulk_orders.core import labels\nlabels.ODD.format(path=path)", {"path"}),
        ("from bulk_orders.core.labels import ODD as THAT\nTHAT.format(path=path)", {"path"}),
        ("ODD.format(path)", {"*"}),
        ("ODD.format(**parts)", {"**"}),
        ("print(ODD)", None),
        ('print("{path} is odd.")', None),
    ],
)
def test_what_a_text_is_filled_with_is_read_from_the_source(source: str, parts: set[str] | None) -> None:
    tree = ast.parse(f'ODD: Final = "{KNOWN["here.ODD"]}"\nEVEN: Final = "{KNOWN["here.EVEN"]}"\n{source}')
    found = [use for use in uses("here.py", tree, KNOWN) if use.text == KNOWN["here.ODD"]]
    assert found
    assert {use.parts for use in found} == {parts if parts is None else frozenset(parts)}


def test_parts_that_a_text_lacks_or_has_unnamed_are_wrong() -> None:
    assert Use("here", "{path} is odd.", frozenset({"name"})).wrong == {"path", "name"}
    assert Use("here", "{} is odd.", frozenset({"name"})).wrong == {"*", "name"}
    assert Use("here", "{path} is odd.", frozenset({"path"})).wrong == frozenset()


def said_twice(found: tuple[Found, ...]) -> dict[str, list[str]]:
    """Where each text stands that has words enough and stands in several places."""
    places = defaultdict(list)
    for one in found:
        if one.is_literal and is_seen(one) and words(one.text) >= WORDS_OF_ITS_OWN:
            places[one.text].append(one.place)
    return {
        text: where
        for text, where in places.items()
        if len([one for one in where if not one.startswith(tuple(SAID_AGAIN))]) > 1
    }


def test_nothing_is_said_in_two_places() -> None:
    assert said_twice(all_strings()) == {}


def test_what_is_said_in_two_places_is_found() -> None:
    source = 'if odd:\n    say("One sentence that has seven words.")\nelse:\n    say("One sentence that has seven words.")'
    assert said_twice(tuple(strings("here", ast.parse(source)))) == {
        "One sentence that has seven words.": ["here:2", "here:4"]
    }


def test_every_text_with_a_name_is_used() -> None:
    used = {
        name
        for place, tree in trees().items()
        for spelled, name in known_names(place, tree, _all_constants()).items()
        if spelled in _spelled_in(tree)
    }
    assert set(_all_constants()) - used == set()


def test_every_command_has_its_line_of_help() -> None:
    calls = [
        node.func
        for node in ast.walk(trees()["cli/app.py"])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Call)
    ]
    commands = [call for call in calls if called(call) == "command"]
    helpless = [call for call in commands if not any(given.arg == "help" for given in call.keywords)]
    assert [ast.unparse(call) for call in helpless] == []
    assert len(commands) > len(["template", "check", "run"])
