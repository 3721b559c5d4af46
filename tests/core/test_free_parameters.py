"""A vendor's own parameters: text as text, JSON as what it is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.free_parameters import bare_name, json_fault, parameter

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.text())
def test_text_is_sent_as_it_is(text: str) -> None:
    assert parameter("a", text) == {"name": "a", "value": text}


@given(JSON)
def test_json_is_sent_as_what_it_is(value: Any) -> None:
    text = json.dumps(value)
    key = "structured_value" if isinstance(value, dict) else "value"

    assert json_fault(text) == ""
    assert parameter("a (json)", text) == {"name": "a", key: value}


@pytest.mark.parametrize("text", ["{", "{'a': 1}", '{"a": 1, "a": 1}', "NaN", "[" * 100_000])
def test_what_is_not_json_has_a_fault_in_words(text: str) -> None:
    assert json_fault(text)


def test_the_name_that_is_sent_has_no_mark() -> None:
    assert (bare_name("a (json)"), bare_name("a")) == ("a", "a")
