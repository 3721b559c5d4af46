"""The English of what people read: sentences of the program, pages, help of options and columns, in one plain voice.

`tests/said.py` finds the program's sentences wherever they stand, and `tests/test_texts.py` sees to their form; here they are read.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from said import Found, all_strings, is_seen, strings, trees, words

ROOT = Path(__file__).parent.parent
ROOMS = sorted({name.split("/")[0] for name in trees()})
PAGES = (
    *("README.md", "SECURITY.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md"),
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "bulk_orders" / "help").glob("*.md")),
    "templates/settings.toml",
)
MOST_WORDS = 30
BANNED = {
    r", for (?:it|there|they|we|he|nobody|what|that)\b": '"because", or a sentence of its own',
    r"(?<!there )(?<!where )\bis no (?!longer\b)": '"is not a"',
    r"\bno more\.|\bis no more\b": '"no longer exists"',
    r"\b(?<!you )(?:is|are|was|were) told\b": '"is reported", "is recorded"',
    r"\bat the most\b": '"maximum", "at most"',
    r"\bstands? (?:twice|over|under|on|in|beside|there|above|below)\b": '"appears", "is"',
    r"\blies (?:on|in|where|beside)\b": '"is"',
    r"\b(?:is|are|was|were) to be (?!had\b)": '"must be", "should be", or who does it',
    r"\bin the place of\b": '"instead of", "in place of"',
    r"\bexclude each other\b": '"cannot be combined"',
    r"\b(?:exists?|exist) already\b": '"already exists"',
    r"\banew\b": '"again"',
    r"\ball the same\b": '"anyway"',
    r"\b(?:not|compared|is|it) whole\b": '"complete", "incomplete"',
    r"\bfor so (?:long|many)\b": '"for this long"',
    r"\bso many as\b": '"as many as"',
    r"\bof chance\b|\bthe dice\b": '"random"',
    r"\btoo many of\b|\bwhat is too many\b": '"the extra ones"',
    r"\bwritten over\b": '"overwritten"',
    r"\bfiltered away\b": '"filtered out"',
    r"\bput that right\b|\bmended\b": '"fix"',
    r"\byour word\b": '"your confirmation"',
    r"\bmarks of ours\b": '"our markers"',
    r"\bnot any more\b|\bany more\b(?=\.|,|;|$)": '"no longer"',
    r"\babsurd(?:ly)?\b|\bmere\b": "plain words",
    r"\bsays? of (?:a|an|the|it|itself|themselves|each|what)\b": '"says about"',
    r"\bseen to it\b|\blook whether\b": '"check"',
    r"<todo>|‹|›|(?-i:\bTODO\b)": "the words themselves",
}
"""What does not read as a native writer prints it, by pattern, and what does."""
KEPT_IN_FILES = {"made anew"}
"""Values of properties in workbooks that people have: only the program reads them."""
TWICE_ON_PURPOSE = {"had", "that", "code"}
"""`CODE` takes the place of what stands in code marks."""


def wrong_words(text: str) -> list[str]:
    """Everything banned in a text, with what is better."""
    return [
        f"{found[0]!r} in {text!r}: better {better}"
        for pattern, better in BANNED.items()
        for found in re.finditer(pattern, text, re.IGNORECASE)
    ]


def doubled_words(text: str) -> list[str]:
    doubled = re.finditer(r"\b([A-Za-z]{2,}) \1\b", text)
    return [f"{found[0]!r} in {text!r}" for found in doubled if found[1].lower() not in TWICE_ON_PURPOSE]


def doubled_spaces(text: str) -> list[str]:
    """Two spaces between words; more lay a line out."""
    return [f"{text!r}" for _ in re.finditer(r"(?<=[a-z,;]) {2}(?=[a-z])|(?<=[.!?]) {2}(?=[A-Z])", text)]


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text; what stands in code marks is one word."""
    yield from re.split(r"(?<=[.!?:;·])\s+|\n", re.sub(r"`[^`]*`", "CODE", text))


def long_sentences(text: str) -> list[str]:
    return [sentence for sentence in sentences(text) if len(sentence.split()) > MOST_WORDS]


def said(found: tuple[Found, ...], room: str) -> list[str]:
    """What a room says to people, wherever it stands: any word but docstrings and what nobody sees."""
    return [
        one.text
        for one in found
        if one.place.split("/")[0].split(":")[0] == room
        and words(one.text)
        and is_seen(one)
        and one.text not in KEPT_IN_FILES
    ]


def page_text(name: str) -> str:
    """What a page says, without the changes of versions that are out."""
    text = (ROOT / name).read_text(encoding="utf-8")
    if name == "CHANGELOG.md":
        return text.split("\n## [")[1]
    if name.endswith(".toml"):
        return "\n".join(line.removeprefix("#") for line in text.splitlines() if line.startswith("# "))
    return text


def prose(markdown: str) -> list[str]:
    """The paragraphs, list entries and cells of a page; what stands in code marks is one word."""
    text = re.sub(r"```.*?```", "", markdown, flags=re.DOTALL)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"`[^`]*`", "CODE", text)
    return [" ".join(piece.split()) for piece in re.split(r"\n\s*\n|\n(?=\s*(?:- |\d+\. |#))|\|", text)]


@pytest.mark.parametrize("room", ROOMS)
def test_the_programs_sentences_are_plain_english(room: str) -> None:
    texts = said(all_strings(), room)
    assert [fault for text in texts for fault in wrong_words(text)] == []
    assert [fault for text in texts for fault in (*doubled_words(text), *doubled_spaces(text))] == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_sentence_of_the_program_has_to_be_read_twice(room: str) -> None:
    assert [sentence for text in said(all_strings(), room) for sentence in long_sentences(text)] == []


def test_every_room_that_speaks_is_read() -> None:
    speaking = {room for room in ROOMS if len(said(all_strings(), room)) > len(ROOMS)}
    assert {
        "cli",
        "core",
        "checking",
        "ledger",
        "nightly",
        "reading",
        "runs",
        "sandbox",
        "sending",
        "writing",
    } <= speaking


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_are_plain_english(page: str) -> None:
    pieces = prose(page_text(page))
    assert [fault for piece in pieces for fault in (*wrong_words(piece), *doubled_words(piece))] == []


@pytest.mark.parametrize("page", PAGES)
def test_no_sentence_of_a_page_has_to_be_read_twice(page: str) -> None:
    assert [sentence for piece in prose(page_text(page)) for sentence in long_sentences(piece)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Separators are refused, for they can mean two things.",
        "What is typed is no date.",
        "Its cause is told below.",
        "Two requests a second at the most.",
        "The reference stands twice.",
        "The ledger lies on a network drive.",
        "The row is to be sent.",
        "--yes and --confirm exclude each other.",
        "orders.xlsx exists already.",
        "Ask support before ordering anew.",
        "The list was not whole.",
        "Say what is wrong: <todo>.",
        "‹column› is empty.",
    ],
)
def test_what_is_banned_is_found(text: str) -> None:
    assert wrong_words(text) != []


@pytest.mark.parametrize(
    "text",
    [
        "Type it, for example 5.",
        "There is no run of that id.",
        "The order is no longer there.",
        "A new workbook is written, and you are told why.",
        "A rate is at most 1.",
    ],
)
def test_what_is_idiomatic_is_let_through(text: str) -> None:
    assert wrong_words(text) == []


def test_what_stands_twice_is_found() -> None:
    assert doubled_words("Open the the file.")
    assert doubled_spaces("Open  the file. Then save.")
    assert doubled_spaces("Open the file.  Then save.")
    assert not doubled_spaces("Next:    {command}     (what it does)")


def test_a_sentence_of_more_than_30_words_is_found() -> None:
    assert long_sentences("word " * 31 + "end.")
    assert not long_sentences("word " * 20 + "end. " + "word " * 20 + "end.")


def test_docstrings_are_not_said_and_all_else_is() -> None:
    source = '"""A page."""\nONE: Final = "First."\n"""Of one."""\nTABLE = {"key": ("Second.",)}\n'
    found = tuple(strings("core/odd.py", ast.parse(source)))
    assert sorted(said(found, "core")) == ["First.", "Second.", "key"]
    assert said(found, "cli") == []


def test_code_is_no_prose_and_cells_and_entries_are_sentences_of_their_own() -> None:
    page = "# Title\n\nSee [there](x.md).\n```sh\nrun\n```\n- one `a b`\n- two\n\n| cell | other |\n"
    assert [piece for piece in prose(page) if piece] == [
        *("# Title", "See there.", "- one CODE", "- two", "cell", "other")
    ]
