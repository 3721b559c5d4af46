"""Any text in any cell comes back as it was cleaned, in every reader, and never as a formula."""

import string
from itertools import chain
from pathlib import Path

import pytest
from books.written_books import formula_parts, load, order, report, result, table
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bulk_orders.core.model import SheetRole
from bulk_orders.core.summary import Outcome
from bulk_orders.ooxml.cleaning import CELL_UNITS, clean, sheet_name
from bulk_orders.writing.cells import wrapped_lines
from bulk_orders.writing.new_book.results import write_results
from bulk_orders.writing.outcome_labels import LABELS
from bulk_orders.writing.palette import ALL, BARS, Colours

any_text = st.text(st.characters(), min_size=1, max_size=40)
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(1)",
    "#REF!",
    "1e5",
    "007",
    "12345678901234567890",
    "http://example.com",
    "a\x0b\x00b",
    "\ufffe\ud800",
    "_x0041_",
    "a_x005F_x0041_b",
    "ax005F_b",
    "_x005F_",
    "a\r\nb\rc\nd",
    " spaces ",
    "TRUE",
    "2026-11-22",
    "<f>1</f>&amp;]]>",
    "'quoted",
    "\x1b]0;title\x07",
]


@given(st.text(st.characters()))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize("text", ["", "plain", "tab\tand\nline", "é ß 漢字 😀", "x_y", "_x00_"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert clean(text) == text


def test_a_text_that_no_cell_holds_is_cut_and_says_so() -> None:
    cleaned = clean("😀" * 40_000)
    assert len(cleaned.encode("utf-16-le")) // 2 <= CELL_UNITS
    assert cleaned.endswith("(cut here: 40,000 characters in all)")


def test_a_text_of_exactly_the_limit_is_not_cut() -> None:
    assert clean("a" * CELL_UNITS) == "a" * CELL_UNITS
    assert clean("a" * (CELL_UNITS + 1)) != "a" * (CELL_UNITS + 1)


@given(st.text(st.characters()))
def test_any_text_becomes_a_name_that_excel_allows_for_a_sheet(text: str) -> None:
    name = sheet_name(text, ["Summary", "Sheet"])
    assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
    assert not set(name) & set("[]:*?/\\")
    assert not name.startswith("'")
    assert not name.endswith("'")
    assert name.casefold() not in {"summary", "sheet", "history"}


@pytest.mark.long
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(any_text, min_size=4, max_size=4))
@example(HOSTILE[:4])
@example(HOSTILE[4:8])
@example(HOSTILE[8:12])
@example(HOSTILE[12:16])
@example(HOSTILE[16:20])
@example(HOSTILE[18:22])
@example(["=1+1"] * 4)
def test_any_text_is_read_again_as_it_was_cleaned_and_is_no_formula(tmp_path: Path, found: list[str]) -> None:
    orders = table(SheetRole.ORDERS, {4: order(reference=found[0], order_note=found[1])})
    rows = [result(4, Outcome.REJECTED, message=found[2], order_number=found[3], marked_cells=("Orders!C4",))]
    path = write_results(tmp_path / "results.xlsx", report(orders, rows))
    sheet = load(path)["Orders"]
    read_by_calamine = CalamineWorkbook.from_path(path).get_sheet_by_name("Orders").to_python()[3]
    cleaned = [clean(text) for text in found]
    headers = [cell.value for cell in sheet[3]]
    places = [
        headers.index(name) for name in ("Your reference", "Note (never sent)", "Message", "Order number")
    ]
    assert [sheet.cell(4, 1 + at).value for at in places] == cleaned
    assert [read_by_calamine[at] for at in places] == cleaned
    assert formula_parts(path) == []


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours such as `#1F3864`, from 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (_linear(channel) for channel in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    low_end = 0.04045
    return channel / 12.92 if channel <= low_end else float(((channel + 0.055) / 1.055) ** 2.4)


def test_every_pair_of_colours_is_easy_to_read() -> None:
    weak = {pair: contrast(pair.fill, pair.ink) for pair in ALL if contrast(pair.fill, pair.ink) < 4.5}
    assert weak == {}


def test_contrast_is_that_of_the_accessibility_guidelines() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#A6A6A6", "#EDEDED") == pytest.approx(2.1, abs=0.1)


def test_every_outcome_has_a_label_of_icon_word_colour_and_advice() -> None:
    assert set(LABELS) == set(Outcome)
    assert all(
        label.icon and label.word and label.to_do and label.colours in BARS for label in LABELS.values()
    )
    assert len({label.text for label in LABELS.values()}) == len(LABELS)
    assert all(isinstance(label.colours, Colours) for label in LABELS.values())


def test_labels_have_words_for_terminals_without_unicode() -> None:
    plain = set(chain.from_iterable(label.plain for label in LABELS.values()))
    assert plain <= set(string.printable)


def test_advice_names_the_run() -> None:
    assert LABELS[Outcome.UNKNOWN].what_to_do("R-1").endswith("bulk-orders resolve R-1")


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 52, 1),
        ("Quantity is empty.", 52, 1),
        ("a\nb", 52, 2),
        ("one two", 5, 2),
        ("PO-" + "1234567890" * 4, 24, 3),
        ("one two three four five six seven", 17, 2),
        ("one two three four-five-six seven", 17, 3),
    ],
)
def test_a_row_is_high_enough_for_words_that_go_to_the_next_line_whole(
    text: str, width: float, lines: int
) -> None:
    assert wrapped_lines(text, width) == lines
