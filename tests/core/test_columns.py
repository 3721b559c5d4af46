"""The table of columns agrees with itself, with Excel's limits and with the order bodies' placeholders."""

from collections import Counter
from collections.abc import Callable

import pytest

from bulk_orders.core.columns.table import (
    COLUMNS,
    RESULT_COLUMNS,
    RESULT_HEADERS,
    Column,
    Kind,
    Need,
    column,
    columns_of,
    folded,
    recognised,
)
from bulk_orders.core.model import SheetRole

each_sheet = pytest.mark.parametrize("role", SheetRole)


def unlike(is_right: Callable[[Column], bool]) -> list[tuple[SheetRole, str]]:
    """The columns that are not as all should be."""
    return [(entry.sheet, entry.name) for entry in COLUMNS if not is_right(entry)]


def repeated(texts: list[str]) -> list[str]:
    return [text for text, times in Counter(texts).items() if times > 1]


def spellings(entry: Column) -> set[str]:
    return {folded(spelling) for spelling in (entry.header, entry.name, *entry.aliases)}


@each_sheet
def test_names_and_headers_are_unique_on_their_sheet(role: SheetRole) -> None:
    assert not repeated([entry.name for entry in columns_of(role)])
    assert not repeated([entry.header for entry in columns_of(role)])


@each_sheet
def test_no_spelling_of_a_header_stands_for_two_columns(role: SheetRole) -> None:
    assert not repeated([spelling for entry in columns_of(role) for spelling in spellings(entry)])


def test_side_by_side_only_the_shared_columns_share_spellings() -> None:
    orders = {spelling: entry.name for entry in columns_of(SheetRole.ORDERS) for spelling in spellings(entry)}
    shared = {
        (orders[spelling], entry.name)
        for entry in columns_of(SheetRole.CUSTOMERS)
        for spelling in spellings(entry)
        if spelling in orders
    }
    assert shared == {
        ("customer_id", "customer_id"),
        ("check", "customer_check"),
        ("order_note", "customer_note"),
    }


def test_help_and_example_fit_an_excel_input_message() -> None:
    assert unlike(lambda entry: entry.help.endswith(".")) == []
    assert unlike(lambda entry: len(f"{entry.help} Example: {entry.example}") <= 255) == []


def test_header_fits_an_excel_input_title() -> None:
    assert unlike(lambda entry: len(entry.header) <= 32) == []


def test_only_choice_columns_have_choices() -> None:
    assert unlike(lambda entry: bool(entry.choices) == (entry.kind is Kind.CHOICE)) == []


def test_each_choice_sends_one_text_per_placeholder() -> None:
    assert (
        unlike(lambda entry: {len(choice.api) for choice in entry.choices} <= {len(entry.placeholders)}) == []
    )


def test_no_spelling_stands_for_two_choices() -> None:
    def typed(entry: Column) -> list[str]:
        of_each = [
            {spelling.casefold() for spelling in (choice.label, *choice.aliases)} for choice in entry.choices
        ]
        return [spelling for spellings_of_one in of_each for spelling in spellings_of_one]

    assert unlike(lambda entry: not repeated(typed(entry))) == []


def test_only_sometimes_required_columns_say_when() -> None:
    assert unlike(lambda entry: bool(entry.required_when) == (entry.need is Need.SOMETIMES)) == []


def test_conditions_name_columns_of_the_same_sheet_and_their_keys() -> None:
    conditions = [
        (entry.sheet, name, key)
        for entry in COLUMNS
        for name, key in (*entry.required_when, *([entry.sent_when] if entry.sent_when else []))
        if name != "country"
    ]
    assert conditions
    assert [
        (sheet, name, key)
        for sheet, name, key in conditions
        if key not in {choice.key for choice in column(sheet, name).choices}
    ] == []


def test_blank_stands_for_one_of_the_choices_or_for_nothing() -> None:
    assert unlike(lambda entry: entry.blank_means in {"", *(choice.key for choice in entry.choices)}) == []


def test_columns_with_a_place_in_the_order_body_have_placeholders() -> None:
    assert unlike(lambda entry: bool(entry.placeholders) == bool(entry.api_field)) == []


def test_nothing_of_the_sheet_products_is_sent() -> None:
    assert [entry.name for entry in COLUMNS if entry.sheet is SheetRole.PRODUCTS and entry.placeholders] == []


def test_placeholders_are_unique_in_a_row_but_for_the_customer_id() -> None:
    assert repeated([name for entry in COLUMNS for name in entry.placeholders]) == ["customer_id"]


@pytest.mark.parametrize("name", ["offer_attestation", "partner_attestation", "mca_accepted"])
def test_legal_statements_have_no_default(name: str) -> None:
    entry = next(entry for entry in COLUMNS if entry.name == name)
    assert entry.blank_means == ""


@pytest.mark.parametrize(
    ("role", "header", "name"),
    [
        (SheetRole.ORDERS, "Customer ID *", "customer_id"),
        (SheetRole.ORDERS, "customerId", "customer_id"),
        (SheetRole.ORDERS, "poNumber", "po_number"),
        (SheetRole.ORDERS, "ponumber", "po_number"),
        (SheetRole.ORDERS, "type", "order_type"),
        (SheetRole.ORDERS, "subscriptionPeriod.type", "commitment"),
        (SheetRole.ORDERS, "billingPeriod", "billing"),
        (SheetRole.CUSTOMERS, "tenant_preference", "tenant"),
        (SheetRole.CUSTOMERS, "microsoft_domain", "domain"),
        (SheetRole.CUSTOMERS, "partner_on_record_attestation_accepted", "partner_attestation"),
        (SheetRole.CUSTOMERS, "mca_acceptance", "mca_accepted"),
        (SheetRole.CUSTOMERS, "first_name_agreement", "agreement_first_name"),
        (SheetRole.CUSTOMERS, "effective_phonenumber", "phone"),
        (SheetRole.CUSTOMERS, "customer_company_name", "company_name"),
        (SheetRole.PRODUCTS, "Min", "quantity_min"),
    ],
)
def test_the_guides_names_are_recognised_as_headers(role: SheetRole, header: str, name: str) -> None:
    found = recognised(role, header)
    assert found is not None
    assert found.name == name


def test_an_unknown_header_is_not_recognised() -> None:
    assert recognised(SheetRole.ORDERS, "Cust ID") is None


@pytest.mark.parametrize(
    ("role", "letter", "header"),
    [
        (SheetRole.ORDERS, "H", "Quantity"),
        (SheetRole.ORDERS, "L", "Offer attestation"),
        (SheetRole.CUSTOMERS, "E", "Microsoft domain"),
        (SheetRole.CUSTOMERS, "T", "Customer e-mail"),
        (SheetRole.PRODUCTS, "J", "Refreshed on"),
    ],
)
def test_template_columns_stand_where_the_addresses_in_messages_say(
    role: SheetRole, letter: str, header: str
) -> None:
    in_template = [entry for entry in columns_of(role) if entry.in_template]
    assert in_template[ord(letter) - ord("A")].header == header


def test_result_headers_are_unique_and_none_is_a_header_of_the_sheet_they_join() -> None:
    assert len(RESULT_HEADERS) == len(RESULT_COLUMNS)
    assert not [header for header in RESULT_HEADERS if recognised(SheetRole.ORDERS, header)]
    assert not [header for header in RESULT_HEADERS if recognised(SheetRole.CUSTOMERS, header)]
