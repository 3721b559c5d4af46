"""The guide's example row gives the guide's body, key for key; blanks vanish; nothing is invented."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.body import TemplateWrong, fill, placeholder_values
from bulk_orders.core.body_shape import BodyShape, shaped
from bulk_orders.core.columns.table import COLUMNS
from bulk_orders.core.model import Row, SheetRole
from bulk_orders.core.order_types import PURCHASES, type_of_key

BODIES = Path(__file__).parents[2] / "templates" / "order_bodies"
TEMPLATES = {
    key: json.loads((BODIES / f"{type_of_key(key).template}.json").read_text("utf-8")) for key in PURCHASES
}
TEMPLATE = TEMPLATES["sales"]

GUIDE_ROW = {
    "customer_id": "1000105563",
    "mpn": "CFQ7TTC0LH16:0001",
    "quantity": "1",
    "commitment": "year",
    "billing": "month",
    "offer_attestation": "no",
    "tenant": "new",
    "partner_attestation": "yes",
    "domain": "xxxxxxx.onmicrosoft.com",
    "mca_accepted": "yes",
    "agreement_date": "2022-04-09",
    "agreement_first_name": "John",
    "agreement_last_name": "Doe",
    "agreement_email": "john@doe.com",
    "send_company_details": "yes",
    "address": "1759 Wehrle Dr",
    "city": "Williamsville",
    "state": "NY",
    "postal_code": "14221",
    "country": "US",
    "phone": "(716) 633-3600",
    "company_name": "27 Rings Jewelers",
    "customer_email": "john@doe.com",
    "special_qualifications": "none",
}

GUIDE_BODY = """
{"customerId": "1000105563", "type": "sales", "ponumber": "00-0000",
 "subscriptionPeriod": {"type": "year", "duration": 1},
 "products": [{
   "mpn": "CFQ7TTC0LH16:0001", "quantity": 1, "billingPeriod": {"type": "month", "duration": 1},
   "parameters": [
     {"name": "tenant_preference", "value": "new"},
     {"name": "partner_on_record_attestation_accepted", "structured_value": {"attestation_accepted": true}},
     {"name": "microsoft_domain", "value": "xxxxxxx.onmicrosoft.com"},
     {"name": "mca_acceptance", "value": "yes"},
     {"name": "agreement_date", "value": "04-09-2022"},
     {"name": "first_name_agreement", "value": "John"},
     {"name": "last_name_agreement", "value": "Doe"},
     {"name": "email_address_agreement", "value": "john@doe.com"},
     {"name": "effective_address", "value": "1759 Wehrle Dr"},
     {"name": "effective_city", "value": "Williamsville"},
     {"name": "effective_state", "value": "NY"},
     {"name": "effective_postal_code", "value": "14221"},
     {"name": "effective_country", "value": "US"},
     {"name": "effective_phonenumber", "value": "(716) 633-3600"},
     {"name": "customer_company_name", "value": "27 Rings Jewelers"},
     {"name": "customer_email", "value": "john@doe.com"},
     {"name": "special_qualifications", "value": "None"},
     {"name": "offer_attestation", "structured_value": {"attestation_accepted": false}}
   ]}]}
"""
"""The guide's JSON with its two unquoted e-mails and its trailing comma repaired."""


def row(**changes: str) -> Row:
    values = {name: text for name, text in (GUIDE_ROW | changes).items() if text}
    return Row(sheet_row=4, values=values)


def names(body: dict) -> list[str]:
    return [entry["name"] for entry in body["products"][0]["parameters"]]


def test_the_guides_row_gives_the_guides_body_key_for_key_and_in_its_order() -> None:
    body = fill(TEMPLATE, row(), po_number="00-0000")
    assert json.dumps(body) == json.dumps(json.loads(GUIDE_BODY))


def test_a_parameter_without_a_value_disappears_whole() -> None:
    body = fill(TEMPLATE, row(special_qualifications="", agreement_email=""), po_number="1")
    assert "special_qualifications" not in names(body)
    assert "email_address_agreement" not in names(body)


def test_without_a_po_number_there_is_no_key_for_it() -> None:
    assert "ponumber" not in fill(TEMPLATE, row(), po_number="")


def test_company_details_are_sent_only_when_asked_for() -> None:
    sent = names(fill(TEMPLATE, row(send_company_details=""), po_number="1"))
    assert not [name for name in sent if name.startswith(("effective_", "customer_"))]


def test_the_agreement_is_sent_only_when_the_customer_accepted_it_now() -> None:
    sent = names(fill(TEMPLATE, row(mca_accepted="on_file", tenant="existing"), po_number="1"))
    assert "mca_acceptance" not in sent
    assert not [name for name in sent if "agreement" in name]


def test_an_attestation_that_was_not_stated_is_not_sent() -> None:
    sent = names(fill(TEMPLATE, row(offer_attestation="", partner_attestation=""), po_number="1"))
    assert not [name for name in sent if "attestation" in name]


def test_cells_that_are_for_people_change_nothing_of_what_is_sent() -> None:
    kept = {
        column.name: "x"
        for column in COLUMNS
        if not column.placeholders and column.name not in GUIDE_ROW and not column.choices
    }
    assert {"reference", "order_note", "customer_note"} <= kept.keys()
    assert fill(TEMPLATE, row(**kept), po_number="1") == fill(TEMPLATE, row(), po_number="1")


def test_a_choice_that_sends_nothing_has_no_text() -> None:
    assert "mca_accepted" not in placeholder_values(row(mca_accepted="on_file"))


def test_free_parameters_follow_with_their_names_as_typed() -> None:
    extra = Row(sheet_row=4, values=row().values, parameters=(("MyParam", "x"), ("other", "1")))
    parameters = fill(TEMPLATE, extra, po_number="1")["products"][0]["parameters"]
    assert parameters[-2:] == [{"name": "MyParam", "value": "x"}, {"name": "other", "value": "1"}]


@pytest.mark.parametrize(
    ("commitment", "sent"),
    [
        ("year", {"type": "year", "duration": 1}),
        ("month", {"type": "month", "duration": 1}),
        ("year3", {"type": "year", "duration": 3}),
    ],
)
def test_the_commitment_is_sent_as_a_period(commitment: str, sent: dict) -> None:
    assert fill(TEMPLATE, row(commitment=commitment), po_number="1")["subscriptionPeriod"] == sent


def test_the_other_spelling_of_the_po_number_replaces_the_guides() -> None:
    assert shaped({"ponumber": "7", "type": "sales"}, BodyShape(po_name="poNumber")) == {
        "poNumber": "7",
        "type": "sales",
    }


@pytest.mark.parametrize("text", ["{no_such_column}", "{quantity:roman}"])
def test_a_template_with_an_unknown_placeholder_is_refused_by_name(text: str) -> None:
    with pytest.raises(TemplateWrong, match=text.strip("{}").split(":")[-1]):
        fill({"a": text}, row(), po_number="1")


def text_columns(key: str) -> list[str]:
    """What a purchase of this type sends as it is typed."""
    return sorted(
        column.name
        for column in COLUMNS
        if column.sheet is not SheetRole.PRODUCTS
        and column.placeholders
        and not column.choices
        and key in (column.order_types or ("sales",))
        and column.name not in {"quantity", "agreement_date", "po_number"}
    )


@pytest.mark.parametrize("key", PURCHASES)
@given(data=st.data())
def test_no_filled_cell_that_is_to_be_sent_is_lost(key: str, data: st.DataObject) -> None:
    changes = data.draw(st.dictionaries(st.sampled_from(text_columns(key)), st.text(min_size=1)))
    tenant = "existing" if "tenant_id" in changes else "new"
    text = json.dumps(fill(TEMPLATES[key], row(tenant=tenant, order_type=key, **changes), po_number="1"))
    assert [name for name, value in changes.items() if json.dumps(value) not in text] == []


def test_what_a_template_says_that_is_no_text_is_sent_as_it_is() -> None:
    assert fill({"a": 1, "b": None, "c": [True, 2.5]}, row(), po_number="1") == {
        "a": 1,
        "b": None,
        "c": [True, 2.5],
    }


def test_a_template_that_is_empty_once_blanks_are_dropped_is_refused() -> None:
    with pytest.raises(TemplateWrong, match="is empty once blanks are dropped"):
        fill({"ponumber": "{po_number}", "lines": ["{po_number}"]}, row(), po_number="")


def test_free_parameters_find_their_place_in_a_template_without_products() -> None:
    extra = Row(sheet_row=4, values={}, parameters=(("a", "1"),))
    assert fill({"type": "sales"}, extra, po_number="") == {
        "type": "sales",
        "products": [{"parameters": [{"name": "a", "value": "1"}]}],
    }


def test_free_parameters_go_to_the_first_line() -> None:
    extra = Row(sheet_row=4, values={}, parameters=(("a", "1"),))
    lines = fill({"products": [{"mpn": "x"}, {"mpn": "y"}]}, extra, po_number="")["products"]
    assert lines == [{"mpn": "x", "parameters": [{"name": "a", "value": "1"}]}, {"mpn": "y"}]


def test_a_named_entry_without_any_value_key_is_kept() -> None:
    assert fill({"a": {"name": "n"}, "b": {"value": "{po_number}", "x": "y"}}, row(), po_number="") == {
        "a": {"name": "n"},
        "b": {"x": "y"},
    }


@pytest.mark.parametrize("text", ["a {po_number}", "{po_number} ", "{po_number:}", "{Po_number}", "{}"])
def test_a_text_that_is_not_one_placeholder_whole_is_sent_as_it_is(text: str) -> None:
    assert fill({"a": text}, row(), po_number="1") == {"a": text}


def test_a_template_with_an_unknown_form_says_which_are_known() -> None:
    with pytest.raises(TemplateWrong) as refused:
        fill({"a": "{quantity:roman}"}, row(), po_number="1")
    assert (
        str(refused.value)
        == 'The order-body template says "{quantity:roman}"; known forms are int, bool, us_date.'
    )


def test_a_template_with_an_unknown_column_says_where() -> None:
    with pytest.raises(TemplateWrong) as refused:
        fill({"a": "{no_such}"}, row(), po_number="1")
    assert str(refused.value) == 'The order-body template says "{no_such}"; no column has the name no_such.'
