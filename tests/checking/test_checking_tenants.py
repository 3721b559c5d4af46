"""What is required of a customer: no more than the marketplace asks for."""

import pytest
from checking_tables import CONTEXT, CUSTOMER, EXISTING, ORDER, Cells, flat, found, three_sheets

from bulk_orders.checking.check import check
from bulk_orders.core.columns.table import column
from bulk_orders.core.model import SheetRole
from bulk_orders.reading.workbook_tables import WorkbookTables

_ID = "a94c2acd-f6e7-4ff5-bd6c-7d03fa8aa02c"
_DETAILS = (
    *("send_company_details", "company_name", "address", "city", "state", "postal_code", "country", "phone"),
    "customer_email",
)


def _by_id(**changes: str) -> WorkbookTables:
    return three_sheets(customers=[EXISTING | {"domain": "", "tenant_id": _ID} | changes])


def test_an_existing_tenant_is_known_by_its_id() -> None:
    checked = check(_by_id(), CONTEXT)
    assert not checked.problems
    (row,) = checked.rows()
    assert row.values["tenant_id"] == _ID


def test_an_existing_tenant_may_have_both_and_needs_one() -> None:
    assert not found(_by_id(domain="acme.onmicrosoft.com"))
    assert found(_by_id(tenant_id="")) == [("E-EMPTY", "Customers!E4")]


@pytest.mark.parametrize("text", ["acme.com", _ID[:-1], _ID.replace("-", ""), "a94c2acd"])
def test_what_is_no_id_of_a_tenant_is_refused(text: str) -> None:
    ((code, _),) = found(_by_id(tenant_id=text))
    assert code == "E-DOMAIN"


def test_a_new_tenant_needs_its_domain_whatever_id_is_given() -> None:
    tables = three_sheets(customers=[CUSTOMER | {"domain": "", "tenant_id": _ID}])
    assert found(tables) == [("E-EMPTY", "Customers!E4")]


def test_a_flat_file_may_have_the_id_alone() -> None:
    row = ORDER | EXISTING | {"tenant_id": _ID}
    assert not found(flat([row], without=["domain", *_DETAILS]))


def test_the_company_name_is_required_only_where_it_is_sent() -> None:
    assert not found(three_sheets(customers=[EXISTING | {"company_name": ""}]))
    assert not found(three_sheets(customers=[EXISTING | {"company_name": "LLC"}]))
    assert found(three_sheets(customers=[CUSTOMER | {"company_name": ""}])) == [("E-EMPTY", "Customers!C4")]
    assert not found(flat([ORDER | EXISTING], without=_DETAILS))


@pytest.mark.parametrize("domain", ["acme.com", "acme.mail.onmicrosoft.com"])
@pytest.mark.parametrize("tenant_id", ["", _ID])
def test_an_existing_tenants_other_domain_is_doubted_and_not_refused(domain: str, tenant_id: str) -> None:
    checked = check(_by_id(domain=domain, tenant_id=tenant_id), CONTEXT)
    (told,) = checked.problems
    assert (told.code, told.sheet, told.cells) == ("W-DOMAIN", "Customers", ("E4",))
    assert told.message.startswith(f"{domain} may be refused")
    assert "Microsoft tenant ID" in told.fix
    assert checked.rows()


@pytest.mark.parametrize("domain", ["ac-me.onmicrosoft.com", "a-b-c.onmicrosoft.com"])
def test_a_new_domain_may_have_hyphens_within(domain: str) -> None:
    assert found(three_sheets(customers=[CUSTOMER | {"domain": domain}])) == [("W-DOMAIN", "Customers!E4")]


@pytest.mark.parametrize("domain", ["-acme.onmicrosoft.com", "acme-.onmicrosoft.com", "-.onmicrosoft.com"])
def test_a_new_domain_has_no_hyphen_at_its_ends(domain: str) -> None:
    assert found(three_sheets(customers=[CUSTOMER | {"domain": domain}])) == [("E-DOMAIN", "Customers!E4")]


def _for(customer: str) -> list[tuple[str, str]]:
    changes: Cells = {"customer_id": customer}
    return found(three_sheets([ORDER | changes], customers=[EXISTING | changes]))


@pytest.mark.parametrize("customer", ["C1000105563", "10001O5563", "us-1000105563", "A_1"])
def test_a_customer_id_is_a_word_and_letters_in_it_are_doubted(customer: str) -> None:
    assert _for(customer) == [("W-DIGITS", "Orders!D4"), ("W-DIGITS", "Customers!B4")]


@pytest.mark.parametrize("customer", ["ID 1000105563", "1000105563;", "Acme", "1,000"])
def test_what_is_no_id_of_a_customer_is_refused(customer: str) -> None:
    assert ("E-DIGITS", "Orders!D4") in _for(customer)


def test_the_api_name_of_the_id_is_a_header() -> None:
    assert "microsoft_tenant_id" in column(SheetRole.CUSTOMERS, "tenant_id").aliases
