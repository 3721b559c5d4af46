"""A data engineer validates a frame of texts before there is a workbook."""

import jsonschema
import pandas as pd
import pytest
from checking_tables import CONTEXT, CUSTOMER, EXISTING, ORDER, PRODUCT, found, three_sheets
from pandera.errors import SchemaErrors

from bulk_orders.checking.schema import ROLES, in_words, schema
from bulk_orders.core.columns.json_schema import json_schema
from bulk_orders.core.columns.table import COLUMNS, column
from bulk_orders.core.model import SheetRole
from bulk_orders.core.problem_texts import PROBLEM_TEXTS


def cases(sheet: str, frame: pd.DataFrame, **beside: object) -> list[tuple[str, object, str]]:
    """Column, index and code of each failure."""
    with pytest.raises(SchemaErrors) as raised:
        schema(sheet, **beside).validate(frame, lazy=True)
    told = raised.value.failure_cases
    return list(zip(told["column"], told["index"], told["check"], strict=True))


def test_failures_name_column_index_and_code() -> None:
    frame = pd.DataFrame([ORDER, ORDER | {"quantity": "5 seats", "reference": "R-2"}], index=["a", "b"])
    assert cases("orders", frame) == [("quantity", "b", "E-NUMBER")]


def test_everything_is_found_at_once_and_as_the_check_finds_it() -> None:
    orders = [ORDER | {"quantity": "0"}, ORDER | {"billing": "", "mpn": "A:9"}, ORDER | {"customer_id": "7"}]
    customers = [CUSTOMER, EXISTING | {"customer_id": "8"}]
    told = cases(
        "orders",
        pd.DataFrame(orders),
        customers=pd.DataFrame(customers),
        products=pd.DataFrame([PRODUCT]),
        today=CONTEXT.today,
    )
    checked = found(three_sheets(orders, customers))
    assert {code for _, _, code in told} == {code for code, _ in checked}


def test_columns_go_by_header_name_or_alias_and_others_are_left_out() -> None:
    frame = pd.DataFrame([ORDER]).rename(columns={"quantity": "Quantity *", "mpn": "products[].mpn"})
    read = schema("orders").validate(frame.assign(colour="red"), lazy=True)
    assert {"quantity", "mpn"} <= set(read.columns)
    assert "colour" not in read.columns


def test_a_required_column_that_is_missing_is_told() -> None:
    assert ("mpn", "column_in_dataframe") in [
        (case, check) for case, check in _missing(pd.DataFrame([ORDER]).drop(columns=["mpn"]))
    ]


def _missing(frame: pd.DataFrame) -> list[tuple[str, str]]:
    with pytest.raises(SchemaErrors) as raised:
        schema("orders").validate(frame, lazy=True)
    told = raised.value.failure_cases
    return list(zip(told["failure_case"], told["check"], strict=True))


def test_blank_cells_may_be_missing_values() -> None:
    schema("orders").validate(
        pd.DataFrame([ORDER | {"po_number": None, "reference": float("nan")}]), lazy=True
    )


def test_numbers_are_refused_for_what_they_looked_like_is_lost() -> None:
    with pytest.raises(TypeError, match="column quantity contains values other than texts"):
        schema("orders").validate(pd.DataFrame([ORDER | {"quantity": 5}]), lazy=True)


def test_a_parameter_without_a_check_is_refused() -> None:
    frame = pd.DataFrame([ORDER | {"parameter: term": "a\ufffd"}])
    with pytest.raises(TypeError, match="no check for the column parameter:term"):
        schema("orders").validate(frame, lazy=True)
    assert cases("orders", frame, parameters=["term"]) == [("parameter:term", 0, "E-CHARS")]


@pytest.mark.parametrize("sheet", ROLES)
def test_a_schema_prints_as_a_table_of_its_checks(sheet: str) -> None:
    checks = schema(sheet)
    lines = in_words(checks).splitlines()
    assert len(lines) == 1 + len(checks.checks)
    assert all(
        PROBLEM_TEXTS[check.rule.code].title in line
        for check, line in zip(checks.checks, lines[1:], strict=True)
    )


ROWS = {SheetRole.ORDERS: ORDER, SheetRole.CUSTOMERS: CUSTOMER, SheetRole.PRODUCTS: PRODUCT}


@pytest.mark.parametrize("role", SheetRole)
def test_the_json_schema_takes_a_good_row(role: SheetRole) -> None:
    made = json_schema([role])
    jsonschema.Draft202012Validator.check_schema(made)
    jsonschema.validate(dict(ROWS[role]), made)


@pytest.mark.parametrize("role", SheetRole)
def test_the_json_schema_has_every_column_with_its_length_and_choices(role: SheetRole) -> None:
    texts = json_schema([role])["properties"]
    entries = [column(role, name) for name in texts]
    assert set(entries) == {entry for entry in COLUMNS if entry.sheet is role and entry.kind != "formula"}
    assert [texts[entry.name].get("maxLength") for entry in entries] == [
        entry.max_length for entry in entries
    ]
    assert [texts[entry.name].get("enum", []) for entry in entries] == [
        [choice.label for choice in entry.choices] for entry in entries
    ]


@pytest.mark.parametrize(
    ("role", "changes"),
    [
        (SheetRole.ORDERS, {"commitment": "2 years"}),
        (SheetRole.ORDERS, {"quantity": "5 seats"}),
        (SheetRole.ORDERS, {"po_number": "x" * 41}),
        (SheetRole.CUSTOMERS, {"agreement_date": ""}),
        (SheetRole.CUSTOMERS, {"city": ""}),
        (SheetRole.CUSTOMERS, {"state": ""}),
    ],
)
def test_the_json_schema_refuses_what_the_table_of_columns_says_is_wrong(
    role: SheetRole, changes: dict[str, str]
) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**ROWS[role], **changes}, json_schema([role]))
