"""What the marketplace complains about by the API's own name is a cell of the workbook."""

import json
from pathlib import Path

import pytest

from bulk_orders.core.columns.table import COLUMNS
from bulk_orders.core.model import Row
from bulk_orders.runs.complaints import complained_fields

BODIES = Path(__file__).parents[2] / "templates" / "order_bodies"
SENT = {column.api_name: column.name for column in COLUMNS if column.api_name}


@pytest.mark.parametrize("api_name", SENT)
def test_a_complaint_names_the_column_of_the_field_or_parameter(api_name: str) -> None:
    assert complained_fields(f"Bad request; {api_name}: not accepted.") == (SENT[api_name],)


def test_of_two_names_the_longer_one_is_meant() -> None:
    assert complained_fields("customer_company_name and customerId") == ("company_name", "customer_id")


def test_words_that_name_nothing_of_ours_mark_nothing() -> None:
    assert complained_fields("The order cannot be placed.") == ()


def test_what_is_refused_of_a_subscription_is_what_is_asked_of_it() -> None:
    change = Row(sheet_row=2, values={"order_type": "change_now", "quantity": "3", "subscription": "1100001"})
    off = Row(sheet_row=2, values={"order_type": "auto_renew_off", "subscription": "1100001"})
    said = "Order cannot be placed. The usage of 'Visio Plan 2' exceeds the new limit specified."
    assert (complained_fields(said, change), complained_fields(said, off)) == (
        *(("quantity",), ("subscription",)),
    )


def test_the_names_are_those_of_the_order_body() -> None:
    there: set[str] = set()
    for path in BODIES.glob("*.json"):
        body = json.loads(path.read_text(encoding="utf-8"))
        for line in body.get("products", ()):
            parameters = line.get("parameters", ())
            there.update(line, *(parameter.get("structured_value", ()) for parameter in parameters))
            there.update(parameter["name"] for parameter in parameters)
        there.update(body)
    of_no_column = {"products", "parameters", "attestation_accepted", "migration_info_object"}
    of_the_action = {"scheduledOn", "renewalStatus"}
    of_another_name = {"ms_customer_id"}
    assert set(SENT) == there - of_no_column - of_the_action - of_another_name
