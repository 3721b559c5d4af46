"""The names and words of other languages are of columns and entries that there are, and none means two things."""

from bulk_orders.checking.header_mapping.names.all_names import NAMES_BY_FIELD
from bulk_orders.checking.header_mapping.names.words import FOREIGN_WORDS
from bulk_orders.core.mapping import known_fields


def test_foreign_names_and_words_are_of_columns_and_entries_that_there_are() -> None:
    fields = known_fields()
    assert set(NAMES_BY_FIELD) <= set(fields)
    keys = {(name, choice.key) for name, column in fields.items() for choice in column.choices}
    assert {(words.field, words.key) for words in FOREIGN_WORDS} <= keys


def test_no_foreign_word_of_a_column_has_two_meanings() -> None:
    meanings: dict[tuple[str, str], set[str]] = {}
    for words in FOREIGN_WORDS:
        for alias in words.aliases:
            meanings.setdefault((words.field, alias.casefold()), set()).add(words.key)
    assert {place for place, keys in meanings.items() if len(keys) > 1} == set()
