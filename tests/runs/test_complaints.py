"""What the marketplace complains about by the API's own name is a cell of the workbook."""

import json
from pathlib import Path

import pytest

from bulk_orders.core.columns.table import COLUMNS
from bulk_orders.runs.complaints import complained_fields

SALES = Path(__file__).parents[2] / "templates" / "order_bodies" / "sales.json"
SENT = {column.api_name: column.name for column in COLUMNS if column.api_name}


@pytest.mark.parametrize("api_name", SENT)
def test_a_complaint_names_the_column_of_the_field_or_parameter(api_name: str) -> None:
    assert complained_fields(f"Bad request; {api_name}: not accepted.") == (SENT[api_name],)


def test_of_two_names_the_longer_one_is_meant() -> None:
    assert complained_fields("customer_company_name and customerId") == ("company_name", "customer_id")


def test_words_that_name_nothing_of_ours_mark_nothing() -> None:
    assert complained_fields("The order cannot be placed.") == ()


def test_the_names_are_those_of_the_order_body() -> None:
    body = json.loads(SALES.read_text(encoding="utf-8"))
    (line,) = body["products"]
    there = {*body, *line, *(parameter["name"] for parameter in line["parameters"])}
    assert set(SENT) == there - {"products", "parameters"}
