"""A mapping is found again by its headers, and is the same wherever it was kept; what is not one is named."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.columns.table import RESULT_HEADERS
from bulk_orders.core.mapping import (
    DAY_MONTH,
    MONTH_DAY,
    CsvForm,
    FixedValue,
    HeaderMapping,
    field_named,
    header_key,
    header_names,
    known_fields,
    may_be_fixed,
)
from bulk_orders.core.mapping_data import as_data, from_data
from bulk_orders.errors import InputError

HEADERS = st.lists(st.text(max_size=12), min_size=1, max_size=8)
MAPPING = HeaderMapping(
    headers=("Kunde", "SKU", "Qty", "Laufzeit", "Vom"),
    columns={"customer_id": "Kunde", "mpn": "SKU", "commitment": "Laufzeit", "agreement_date": "Vom"},
    values={"commitment": {"jahresabo": "1 year"}},
    fixed={
        "tenant": FixedValue(value="Existing tenant"),
        "partner_attestation": FixedValue(value="Yes", stated_by="Jane Doe", stated_on="2026-11-29"),
    },
    dates={"agreement_date": DAY_MONTH},
    parts={"mpn": 2},
    sheet="Export",
    csv=CsvForm(encoding="cp1252", separator=";"),
    is_confirmed=True,
    name="export.mapping.toml",
)


@given(HEADERS)
def test_every_header_has_a_name_of_its_own(texts: list[str]) -> None:
    names = header_names(texts)
    filled = [header_key(name) for name in names if name]
    assert len(set(filled)) == len(filled)
    assert [bool(name) for name in names] == [bool(text.strip()) for text in texts]


@given(HEADERS)
def test_the_names_of_names_are_the_same(texts: list[str]) -> None:
    names = header_names(texts)
    assert header_names(names) == names


@given(HEADERS, st.randoms(use_true_random=False))
def test_the_order_of_the_headers_does_not_matter(texts: list[str], chance: random.Random) -> None:
    named = [name for name in header_names(texts) if name]
    mapping = HeaderMapping(headers=tuple(named), columns={})
    shuffled = list(named)
    chance.shuffle(shuffled)
    assert mapping.fits(shuffled) is bool(mapping.keys)


@given(HEADERS, st.text(min_size=1).filter(str.strip))
def test_one_header_more_is_another_kind_of_file(texts: list[str], more: str) -> None:
    mapping = HeaderMapping(headers=tuple(filter(None, header_names(texts))), columns={})
    is_ours = not HeaderMapping(headers=(more,), columns={}).keys
    assert mapping.fits([*texts, more]) is (is_ours and bool(mapping.keys))


def test_what_a_results_workbook_adds_does_not_matter() -> None:
    assert MAPPING.fits([*MAPPING.headers, "", *sorted(RESULT_HEADERS)])
    assert MAPPING.fits(["Check", *MAPPING.headers, *sorted(RESULT_HEADERS), *sorted(RESULT_HEADERS)])


def test_signs_tell_headers_apart_and_case_does_not() -> None:
    assert not HeaderMapping(headers=("PO #",), columns={}).fits(["PO"])
    assert HeaderMapping(headers=("PO  Number",), columns={}).fits(["po number "])


def test_it_is_the_same_as_plain_data_and_back() -> None:
    assert from_data(as_data(MAPPING), "export.mapping.toml") == MAPPING


@pytest.mark.parametrize(
    ("name", "typed", "meant"),
    [
        ("commitment", " JahresABO ", "1 year"),
        ("commitment", "P1M", "P1M"),
        ("agreement_date", "09.04.2022", "2022-04-09"),
        ("agreement_date", "31.02.2022", "31.02.2022"),
        ("agreement_date", "2022-04-09", "2022-04-09"),
        ("mpn", "CFQ7TTC0LH16:0001:CFQ7TTC0K971", "CFQ7TTC0LH16:0001"),
        ("mpn", "CFQ7TTC0LH16:0001", "CFQ7TTC0LH16:0001"),
        ("customer_id", "1000105563", "1000105563"),
    ],
)
def test_a_text_is_what_the_mapping_says_and_else_itself(name: str, typed: str, meant: str) -> None:
    assert MAPPING.mapped(name, typed) == meant


def test_the_month_can_come_first() -> None:
    mapping = HeaderMapping(headers=("a",), columns={}, dates={"agreement_date": MONTH_DAY})
    assert mapping.mapped("agreement_date", "04/09/2022") == "2022-04-09"


def changed(path: str, value: Any) -> dict[str, Any]:
    data = as_data(MAPPING)
    table, _, key = path.rpartition(".")
    (data.setdefault(table, {}) if table else data)[key] = value
    return data


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("colums", {}),
        ("headers", []),
        ("headers", "Kunde"),
        ("headers", ["Kunde", "kunde", "SKU", "Laufzeit", "Vom"]),
        ("columns", "Kunde"),
        ("columns.quantity", "Anzahl"),
        ("columns.quantity", "kunde"),
        ("columns.quantity", 5),
        ("columns.colour", "Qty"),
        ("columns.check", "Qty"),
        ("values.commitment", {"Abo": "2 years"}),
        ("values.mpn", {"A": "B"}),
        ("fixed.tenant", "perhaps"),
        ("fixed.commitment", "1 year"),
        ("fixed.company_name", "27 Rings Jewelers"),
        ("fixed.offer_attestation", "No"),
        ("fixed.offer_attestation", {"value": "No", "stated_by": "Jane"}),
        ("fixed.offer_attestation", {"value": "No", "stated_by": " ", "stated_on": "2026-11-29"}),
        ("fixed.offer_attestation", {"value": "No", "stated_by": "Jane", "stated_on": "today"}),
        ("dates.agreement_date", "year first"),
        ("dates.quantity", DAY_MONTH),
        ("parts.mpn", 0),
        ("parts.mpn", True),
        ("parts.quantity", 2),
        ("sheet", 3),
        ("csv.encoding", "klingon"),
        ("csv.separator", "x"),
        ("csv.quote", "'"),
    ],
)
def test_what_is_not_a_mapping_is_named_with_its_entry(entry: str, value: Any) -> None:
    with pytest.raises(InputError) as refused:
        from_data(changed(entry, value), "export.mapping.toml")
    assert entry.split(".", maxsplit=1)[0] in refused.value.message
    assert "export.mapping.toml" in refused.value.message
    assert refused.value.fix


def test_a_column_is_named_by_header_name_or_alias() -> None:
    assert [field_named(text) for text in ("Your reference", "reference", "external id", "colour")] == [
        *("reference",) * 3,
        "",
    ]
    assert not field_named("Check")


def test_no_value_that_names_somebody_can_be_the_same_in_every_row() -> None:
    fixed = {name for name, column in known_fields().items() if may_be_fixed(column)}
    assert {"commitment", "billing", "tenant", "offer_attestation", "quantity"} <= fixed
    assert not fixed & {"company_name", "customer_email", "reference", "po_number", "address", "domain"}
