"""Words that the check compares folded stand in the list folded, or they would never be met."""

import re

from bulk_orders.core.columns.table import column
from bulk_orders.core.model import SheetRole
from bulk_orders.core.rule_constants import (
    EXAMPLE_REFERENCES,
    GUIDES_DOMAIN,
    LEGAL_FORMS,
    NEW_TENANT_ENDING,
    NO_NAMES,
    RESERVED_ENDINGS,
    TOO_LONG_BILLING,
)


def test_legal_forms_are_small_letters_and_nothing_else() -> None:
    assert [word for word in LEGAL_FORMS if not re.fullmatch(r"[a-z]+", word)] == []


def test_what_programs_write_where_there_is_no_name_is_without_capitals_and_spaces() -> None:
    assert [word for word in NO_NAMES if word != word.lower().strip()] == []


def test_reserved_endings_are_without_their_dot() -> None:
    assert [word for word in RESERVED_ENDINGS if not re.fullmatch(r"[a-z]+", word)] == []


def test_the_examples_references_are_in_capitals() -> None:
    assert [word for word in EXAMPLE_REFERENCES if word != word.upper()] == []


def test_the_guides_domain_looks_like_a_new_tenants() -> None:
    assert GUIDES_DOMAIN.endswith(NEW_TENANT_ENDING)


def test_terms_and_billings_that_do_not_fit_are_those_of_the_lists() -> None:
    keys = [
        {choice.key for choice in column(SheetRole.ORDERS, name).choices}
        for name in ("commitment", "billing")
    ]
    assert [
        (term, billed) for term, billed in TOO_LONG_BILLING if not (term in keys[0] and billed in keys[1])
    ] == []
