"""What a statement says, the check finds in a sheet and a formula in a row; a column of other order types is passed over."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from checking_tables import CUSTOMER, EXISTING, ORDER
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.checking.company_details import with_switch
from bulk_orders.checking.frame import frame_of_columns
from bulk_orders.checking.rows import Beside, Rows
from bulk_orders.checking.schema import ROLES
from bulk_orders.checking.statements import where
from bulk_orders.core.columns.table import column
from bulk_orders.core.model import SheetRole
from bulk_orders.core.stated_rules import required, sent
from bulk_orders.core.statements import (
    DigitsBelow,
    Either,
    Every,
    Filled,
    IsMailAt,
    IsOneOf,
    IsState,
    Not,
    Says,
    Statement,
)
from bulk_orders.writing.template.computed_values import LiveSheets, SheetLine
from bulk_orders.writing.template.statement_formulas import formula

OF_ONE_CELL = st.sampled_from(
    [
        *(Says("tenant", key) for key in ("new", "existing")),
        *(Says("country", key) for key in ("US", "CA")),
        Says("send_company_details", "yes"),
        *(Filled(name) for name in ("city", "phone", "tenant")),
        IsOneOf("city", ("Ottawa", "Rome")),
        *(IsState("state", country) for country in ("US", "CA")),
        *(IsMailAt("customer_email", domain) for domain in ("microsoft.com", "")),
        DigitsBelow("phone", 7),
    ]
)
STATEMENTS = st.recursive(
    OF_ONE_CELL,
    lambda parts: (
        st.lists(parts, max_size=3).map(lambda several: Every(tuple(several)))
        | st.lists(parts, max_size=3).map(lambda several: Either(tuple(several)))
        | parts.map(Not)
    ),
    max_leaves=6,
)
CUSTOMERS = st.fixed_dictionaries(
    {
        "tenant": st.sampled_from(["New tenant", "Existing tenant", "new", ""]),
        "country": st.sampled_from(["US", "CA", "US – United States", ""]),
        "send_company_details": st.sampled_from(["Yes", "No"]),
        "city": st.sampled_from(["", "OTTAWA", "Rome", "Paris"]),
        "state": st.sampled_from(["NY", "ON", "QQ"]),
        "phone": st.sampled_from(["12345", "(716) 633-3600"]),
        "customer_email": st.sampled_from(
            ["a@microsoft.com", "a@eu.microsoft.com", "a@partner.com", "a@notpartner.com", "a@b.com"]
        ),
    }
)


def answers(role: SheetRole, statement: Statement, row: Mapping[str, str]) -> tuple[bool, bool]:
    """What the check says of a row, and what the formula shows."""
    frame = with_switch(frame_of_columns(pd.DataFrame([dict(row)]), ROLES[role.value]))
    rows = Rows(frame=frame, beside=Beside(own_domain="partner.com"))
    live = LiveSheets({role: [row]}, date(2026, 11, 22), "partner.com")
    return bool(where(rows, statement)[0]), bool(formula(role, statement).compute(SheetLine(live, role, 0)))


@given(STATEMENTS, CUSTOMERS)
def test_check_and_formula_answer_alike(statement: Statement, changes: dict[str, str]) -> None:
    by_check, by_formula = answers(SheetRole.CUSTOMERS, statement, {**CUSTOMER, **changes})
    assert by_check is by_formula


@pytest.mark.parametrize(
    ("name", "row", "is_required"),
    [
        ("domain", CUSTOMER, True),
        ("city", CUSTOMER, True),
        ("city", {**CUSTOMER, "send_company_details": "No"}, False),
        ("state", {**CUSTOMER, "country": "FR"}, False),
        ("mca_accepted", EXISTING, False),
        ("special_qualifications", CUSTOMER, False),
    ],
)
def test_check_and_formula_require_a_cell_alike(name: str, row: dict[str, str], is_required: bool) -> None:
    entry = column(SheetRole.CUSTOMERS, name)
    found = answers(SheetRole.CUSTOMERS, Every((required(entry), sent(entry))), row)
    assert found == (is_required, is_required)


def test_neither_looks_at_a_column_of_other_order_types() -> None:
    entry = replace(column(SheetRole.ORDERS, "commitment"), order_types=("change",))
    assert answers(SheetRole.ORDERS, sent(entry), ORDER) == (False, False)
    both = replace(entry, order_types=("sales", "change"))
    assert answers(SheetRole.ORDERS, sent(both), ORDER) == (True, True)
