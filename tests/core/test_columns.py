"""The table of columns agrees with itself, with Excel's limits and with the order bodies' placeholders."""

from collections import Counter

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

each_column = pytest.mark.parametrize("entry", COLUMNS, ids=lambda entry: f"{entry.sheet}-{entry.name}")
each_sheet = pytest.mark.parametrize("role", SheetRole)


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


@each_column
def test_help_and_example_fit_an_excel_input_message(entry: Column) -> None:
    assert entry.help.endswith(".")
    assert len(f"{entry.help} Example: {entry.example}") <= 255


@each_column
def test_header_fits_an_excel_input_title(entry: Column) -> None:
    assert len(entry.header) <= 32


@each_column
def test_only_choice_columns_have_choices(entry: Column) -> None:
    assert bool(entry.choices) == (entry.kind is Kind.CHOICE)


@each_column
def test_each_choice_sends_one_text_per_placeholder(entry: Column) -> None:
    assert {len(choice.api) for choice in entry.choices} <= {len(entry.placeholders)}


@each_column
def test_no_spelling_stands_for_two_choices(entry: Column) -> None:
    typed = [
        {spelling.casefold() for spelling in (choice.label, *choice.aliases)} for choice in entry.choices
    ]
    assert not repeated([spelling for spellings_of_one in typed for spelling in spellings_of_one])


@each_column
def test_only_sometimes_required_columns_say_when(entry: Column) -> None:
    assert bool(entry.required_when) == (entry.need is Need.SOMETIMES)


@each_column
def test_conditions_name_columns_of_the_same_sheet_and_their_keys(entry: Column) -> None:
    conditions = [*entry.required_when, *([entry.sent_when] if entry.sent_when else [])]
    unknown = [
        (name, key)
        for name, key in conditions
        if name != "country" and key not in {choice.key for choice in column(entry.sheet, name).choices}
    ]
    assert not unknown


@each_column
def test_blank_stands_for_one_of_the_choices_or_for_nothing(entry: Column) -> None:
    assert entry.blank_means in {"", *(choice.key for choice in entry.choices)}


@each_column
def test_columns_with_a_place_in_the_order_body_have_placeholders(entry: Column) -> None:
    assert bool(entry.placeholders) == bool(entry.api_field)


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
