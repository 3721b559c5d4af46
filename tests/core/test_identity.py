"""Keys and markers are pinned for ever: one that changes makes every row look new, and new rows are sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.identity import (
    BASE32,
    Account,
    canonical,
    canonical_json,
    check_character,
    fingerprint,
    is_cut,
    is_marker,
    is_marker_of,
    marker,
    order_key,
)

ACCOUNT = Account(host="api.example.com/marketplace/na", marketplace="us", user="shop.API")
BODY = {
    "customerId": "1000105563",
    "type": "sales",
    "ponumber": "00-0000",
    "products": [{"mpn": "A:1", "quantity": 1}],
}


def key(**changes: object) -> str:
    values = {
        "order_type": "sales",
        "reference": "",
        "po_number": "",
        "fingerprint": "f" * 64,
        "occurrence": 1,
    } | changes
    return order_key(ACCOUNT, **values)  # type: ignore[arg-type]


def test_the_key_of_a_reference_is_pinned() -> None:
    assert key(reference="NOV-0001") == "k1:e9a9f49c0ace67fb372c83236b65fa9c24080a3834ea10627212e5c5d6f88262"


def test_the_key_of_a_content_is_pinned() -> None:
    assert key() == "k1:47ae3d8399c6b36509c1773f09d1db8cc661cd78c226440d6f1cbda185ac0a41"


def test_the_marker_is_pinned() -> None:
    assert marker("k1:abc") == "BOGSTTW7LCK5QDJ"


def test_the_fingerprint_is_pinned() -> None:
    assert fingerprint(BODY) == "366b00cbc0f88a544948135707151fbb29a7df4e3abf683c607c2847f6be11ad"


def test_with_a_reference_the_content_does_not_matter() -> None:
    assert key(reference="A", fingerprint="1") == key(
        reference=" a ", fingerprint="2", po_number="x", occurrence=3
    )


@pytest.mark.parametrize(
    "change", [{"po_number": "7"}, {"fingerprint": "0" * 64}, {"occurrence": 2}, {"order_type": "change"}]
)
def test_without_a_reference_each_part_of_the_content_matters(change: dict[str, object]) -> None:
    assert key(**change) != key()


def test_another_account_is_another_order() -> None:
    other = Account(host="api.example.com/marketplace/eu", marketplace="us", user="shop.API")
    values = {"order_type": "sales", "reference": "A", "po_number": "", "fingerprint": "", "occurrence": 1}
    assert order_key(ACCOUNT, **values) != order_key(other, **values)  # type: ignore[arg-type]


def test_the_po_number_is_no_part_of_the_fingerprint() -> None:
    assert (
        fingerprint(BODY)
        == fingerprint(BODY | {"ponumber": "other"})
        == fingerprint(BODY | {"poNumber": "x"})
    )


def test_spaces_unicode_forms_and_the_order_of_parameters_do_not_change_the_fingerprint() -> None:
    one = {"products": [{"parameters": [{"name": "a", "value": "e\u0301"}, {"name": "b", "value": " x "}]}]}
    two = {"products": [{"parameters": [{"name": "b", "value": "x"}, {"name": "a", "value": "\u00e9"}]}]}
    assert fingerprint(one) == fingerprint(two)


def test_the_order_of_product_lines_is_kept() -> None:
    one = {"products": [{"mpn": "a"}, {"mpn": "b"}]}
    assert fingerprint(one) != fingerprint({"products": one["products"][::-1]})


@given(st.text(min_size=1))
def test_a_marker_is_bo_twelve_letters_and_a_check_character(text: str) -> None:
    made = marker(text)
    assert made[:2] == "BO"
    assert len(made) == 15
    assert set(made[2:]) <= set(BASE32)
    assert made[-1] == check_character(made[2:-1])


@given(st.text(alphabet=BASE32, min_size=12, max_size=12), st.integers(0, 10))
def test_two_swapped_letters_are_noticed(letters: str, place: int) -> None:
    swapped = letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :]
    values = {BASE32.index(letters[place]) % 31, BASE32.index(letters[place + 1]) % 31}
    assert (check_character(letters) != check_character(swapped)) == (len(values) == 2)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(json_values)
def test_canonical_form_is_its_own_canonical_form(value: object) -> None:
    assert canonical(canonical(value)) == canonical(value)
    assert canonical_json(canonical(value)) == canonical_json(canonical(canonical(value)))


@pytest.mark.parametrize(("letters", "check"), [("ABCDEFGHIJKL", "O"), ("BBBBBBBBBBBB", "Q")])
def test_the_check_character_is_pinned(letters: str, check: str) -> None:
    assert check_character(letters) == check


@given(st.text(), st.integers(0, 14), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_a_marker_of_ours_is_known_as_one_and_with_another_letter_it_is_not(
    text: str, place: int, letter: str
) -> None:
    made = marker(text)
    other = f"{made[:place]}{letter}{made[place + 1 :]}"
    is_blind = {made[place], letter} == {"A", "7"} and 2 <= place < 14
    assert is_marker(made)
    assert is_marker(other) == (other == made or is_blind)


@pytest.mark.parametrize(
    "po_number",
    ["", "BO", "PO-A", "bodgdkkgc73m23v", "BODGDKKGC73M23V1", "BODGDKKGC73M23", "BO01890189018901"],
)
def test_other_po_numbers_are_no_markers_of_ours(po_number: str) -> None:
    assert not is_marker(po_number)


@pytest.mark.parametrize(("letters", "is_ours"), [(6, False), (7, True), (11, True), (12, True), (13, False)])
def test_a_marker_has_seven_to_twelve_letters(letters: int, is_ours: bool) -> None:
    text = "ABCDEFGHIJKLM"[:letters]
    assert is_marker(f"BO{text}{check_character(text)}") is is_ours


@given(key=st.text(max_size=20), longest=st.integers(0, 40))
def test_a_marker_is_as_long_as_the_account_keeps_and_known_in_every_length(key: str, longest: int) -> None:
    made = marker(key, longest)
    assert len(made) == min(max(longest, 10), 15)
    assert is_marker(made)
    assert is_marker_of(key, made)
    assert is_marker_of(key, marker(key)[: max(longest, 10)])
    assert not is_marker_of(f"another {key}", made)


@pytest.mark.parametrize(
    ("came_back", "is_one"),
    [
        ("PO-2026-0001", True),
        ("PO-2026-00", True),
        ("PO-2026-0", False),
        ("PO-2026-0002", False),
        ("", False),
    ],
)
def test_a_po_number_that_was_cut_is_known_by_its_first_ten_characters(came_back: str, is_one: bool) -> None:
    assert is_cut(came_back, "PO-2026-0001") is is_one


def test_parameters_are_part_of_the_fingerprint() -> None:
    one = {"products": [{"parameters": [{"name": "a", "value": "1"}]}]}
    assert fingerprint(one) != fingerprint({"products": [{"parameters": [{"name": "a", "value": "2"}]}]})
    assert fingerprint(one) != fingerprint({"products": [{"parameters": []}]})


def test_parameters_are_sorted_by_name_first_and_one_without_a_name_comes_before() -> None:
    entries = [{"attr": "1", "name": "b"}, {"attr": "2", "name": "A"}, {"attr": "3"}]
    assert canonical({"parameters": entries}) == {"parameters": [entries[2], entries[1], entries[0]]}


def test_parameters_of_one_name_are_the_same_in_any_sequence() -> None:
    entries = [{"name": "a", "value": value} for value in ("1", "2", "3")]
    assert canonical({"parameters": entries}) == canonical({"parameters": entries[::-1]})


@pytest.mark.parametrize("value", ["text", {"name": "a"}, None, 3])
def test_parameters_that_are_no_list_are_kept(value: object) -> None:
    assert canonical({"parameters": value}) == {"parameters": value}


@pytest.mark.parametrize(("number", "text"), [(5.0, "5"), (5.5, "5.5"), (-2.0, "-2")])
def test_a_whole_number_is_the_same_with_and_without_a_fraction(number: float, text: str) -> None:
    assert canonical_json(canonical(number)) == text


def test_the_text_of_a_value_has_sorted_keys_no_spaces_and_letters_as_they_are() -> None:
    assert canonical_json({"b": ["é", 1], "a": None}) == '{"a":null,"b":["é",1]}'


def test_a_reference_that_utf_8_cannot_carry_has_a_key_too() -> None:
    assert key(reference="caf\ud83d") != key(reference="caf\ud83e")
