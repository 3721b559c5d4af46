"""The schema of each sheet computes: what it finds, the check finds, and without a check its problem is found no more."""

import dataclasses
from itertools import product

import numpy as np
import pandera.pandas as pa
import pytest
from checking_tables import CONTEXT, CUSTOMER, EXISTING, FIRST_ROW, ORDER, PRODUCT, table
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.checking.catalogue import catalogue_of
from bulk_orders.checking.company_details import with_switch
from bulk_orders.checking.frame import frame_of
from bulk_orders.checking.normalise import is_checked, read_column
from bulk_orders.checking.reading_codes import PARAMETER
from bulk_orders.checking.rows import Beside, Rows
from bulk_orders.checking.schema import ROLES, Sheet, broken_rules, schema
from bulk_orders.core.columns.table import COLUMNS, Kind, column, columns_of
from bulk_orders.core.model import CellNote, SheetRole, SheetTable

WILD = (
    *(
        "",
        "x",
        " 5 ",
        "n/a",
        "=1+1",
        "'007",
        "１２",
        "1.0E+5",
        "#N/A",
        "a\u200bb",
        "ZÃ¼rich",
        "1,000",
        "2022/04/09",
    ),
    *(
        "31-12-2022",
        "4-5-2022",
        "2022-02-30",
        "2099-01-01",
        "TRUE",
        "no",
        "No",
        "on file",
        "usa",
        "XQ",
        '"12"',
    ),
    *(
        "ACME-1",
        "acme",
        "acme.com",
        "a-b.onmicrosoft.com",
        "x" * 300,
        "a@b",
        "a@microsoft.com",
        "a@partner.com",
    ),
    *(
        "Ohio",
        "1234",
        "12345-6789",
        "xxxxxxx.onmicrosoft.com",
        "change",
        "yes",
        "3 years",
        "1 month",
        "0",
        "9999",
    ),
    *(
        "New tenant",
        "Existing tenant",
        "EXAMPLE-1",
        "Inc.",
        "test",
        "J",
        "\u00a0a",
        "C-12",
        "1.23457E+16",
        "a\ufffdb",
    ),
    *("US", "x" * 32_768),
)
"""Texts that are wrong in one column or another."""
ATTESTED = {**PRODUCT, "mpn": "CFQ7TTC0HX99:0001", "offer_attestation_required": "Yes"}


USED_BY_SOME = ("reference", *(entry.name for entry in columns_of(SheetRole.ORDERS) if entry.order_types))
"""Columns of the orders that some actions use, or need."""


def column_names(sheet: str) -> list[str]:
    return [
        entry.name for role in ROLES[sheet] for entry in columns_of(role) if entry.kind is not Kind.FORMULA
    ]


def spoilt(sheet: Sheet) -> SheetTable:
    """Rows of which each is wrong in one column: by its text, or by what Excel says of the cell."""
    examples = {
        entry.name: entry.example
        for entry in columns_of(SheetRole.ORDERS)
        if entry.example and "sales" in (entry.order_types or ("sales",))
    }
    order = {**examples, **ORDER, "submit": "Yes", "order_type": "sales"}
    existing = {**EXISTING, "tenant_id": "a94c2acd-f6e7-4ff5-bd6c-7d03fa8aa02c"}
    goods = {
        "orders": [order],
        "customers": [CUSTOMER, existing],
        "products": [PRODUCT],
        "flat": [{**CUSTOMER, **order}, {**existing, **order}],
    }[sheet]
    names = list(dict.fromkeys(column_names(sheet)))
    of_actions = [(good, name) for good in _acting(goods[0]) for name in USED_BY_SOME if name in names]
    spoilt_in = [*product(goods, names), *of_actions]
    rows = [good for good in goods for _ in range(6)]
    for good, name in spoilt_in:
        usual = good.get(name, "")
        rows += [
            good | {name: text} for text in (*WILD, f" {usual}", f"\u00a0{usual}", f"'{usual}", usual.lower())
        ]
    more = ({"commitment": "3 years", "billing": "3 years, upfront"}, {"mpn": ATTESTED["mpn"]})
    rows += [good | changes for good, changes in product(goods, more) if sheet in {"orders", "flat"}]
    start = FIRST_ROW + len(rows)
    cells = [(good, name, note) for good, name in spoilt_in for note in CellNote]
    made = table(sheet, ROLES[sheet], rows + [good for good, _, _ in cells])
    letters = {found.field: found.letter for found in made.columns}
    notes = {(start + at, letters[name]): note for at, (_, name, note) in enumerate(cells)}
    return dataclasses.replace(made, notes=notes)


def _acting(good: dict[str, str]) -> list[dict[str, str]]:
    """Rows with the other actions: their own columns are used there alone, and those of others are not."""
    by_number = [{"order_type": key, "subscription": "1000054"} for key in ("change_now", "auto_renew_off")]
    imported = {"order_type": "import", "microsoft_subscription": "3f2b8a1c", "microsoft_order": "a1b2"}
    return [good | changes for changes in (*by_number, imported)]


def rows_of(sheet: Sheet, *, with_products: bool = True) -> Rows:
    products = frame_of(table("Products", ROLES["products"], [PRODUCT, ATTESTED]), ROLES["products"])
    customers = frame_of(table("Customers", ROLES["customers"], [CUSTOMER]), ROLES["customers"])
    beside = Beside(
        today=CONTEXT.today,
        own_domain=CONTEXT.own_domain,
        customers=customers if sheet == "orders" else None,
        catalogue=catalogue_of(products) if with_products else None,
    )
    return Rows(frame=with_switch(frame_of(spoilt(sheet), ROLES[sheet])), beside=beside)


def found(checks: pa.DataFrameSchema, rows: Rows) -> dict[int, list[int]]:
    """The rows that each check finds broken; checks by their identity, for two may have one name."""
    return {id(broken.rule): broken.mask.nonzero()[0].tolist() for broken in broken_rules(checks, rows)}


def some(rows: Rows, places: list[int]) -> Rows:
    """A few rows that break a check, and the good ones at the start."""
    chosen = np.isin(np.arange(len(rows.frame)), [*range(6), *places[:20], *places[-20:]])
    return dataclasses.replace(rows, frame=rows.frame.select(chosen), _known={})


@pytest.mark.parametrize(
    "sheet", [pytest.param(sheet, marks=() if sheet == "products" else pytest.mark.long) for sheet in ROLES]
)
def test_without_a_check_exactly_its_problem_is_no_longer_found(sheet: Sheet) -> None:
    checks = schema(sheet)
    whole = [rows_of(sheet), rows_of(sheet, with_products=False)]
    broken = [found(checks, rows) for rows in whole]
    unbroken = [check.name for check in checks.checks if not any(id(check.rule) in of for of in broken)]
    assert unbroken == []
    for check in checks.checks:
        places, rows = next(
            (of[id(check.rule)], rows) for of, rows in zip(broken, whole, strict=True) if id(check.rule) in of
        )
        few = some(rows, places)
        if not check.rule.broken(few).any():  # it compares rows, and they are far apart
            few = rows
        less = schema(sheet)
        less.checks = [other for other in less.checks if other is not check]
        before, after = found(checks, few), found(less, few)
        assert id(check.rule) in before
        assert after == {rule: places for rule, places in before.items() if rule != id(check.rule)}


PIECES = (
    *(
        "",
        " ",
        "\u00a0",
        "\u200b",
        "\ufffd",
        "\n",
        "'",
        '"',
        "=",
        "#N/A",
        "n/a",
        "-",
        ".",
        ",",
        "@",
        "/",
        "0",
        "7",
    ),
    *(
        "12",
        "１",
        "٣",
        "2022",
        "04",
        "E+15",
        "Ã¼",
        "Ã©",
        "â€™",
        "ü",
        "é",
        "a",
        "A",
        "US",
        "NY",
        "yes",
        "No",
        "new",
    ),
    *(".com", "co", "CÃ´te d'Ivoire", "Côte d'Ivoire", "Existing tenant", "1 year", "sales", "on file"),
)
"""What damaged and foreign texts are made of."""


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=6).map("".join))
def test_no_text_is_read_with_a_code_that_its_column_has_no_check_for(text: str) -> None:
    for entry in (*COLUMNS, PARAMETER):
        read_column(entry, [text])


def test_a_column_with_a_longest_length_is_checked_although_it_is_not_sent() -> None:
    note = column(SheetRole.ORDERS, "order_note")
    assert not is_checked(note)
    assert is_checked(dataclasses.replace(note, max_length=30))
