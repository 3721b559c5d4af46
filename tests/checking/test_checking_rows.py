"""What becomes of rows: ready, with errors, skipped, hidden; joined with their customers; addresses; whatever is typed."""

from dataclasses import replace

import pytest
from checking_tables import CONTEXT, CUSTOMER, ORDER, PRODUCT, Cells, flat, found, found_in, three_sheets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulk_orders.checking.check import CheckResult, check
from bulk_orders.checking.schema import MOST_TOLD
from bulk_orders.core.columns.table import columns_of
from bulk_orders.core.model import CellNote, Problem, Severity, SheetColumn, SheetRole
from bulk_orders.core.problem_texts import SENTENCE_LIMIT

SECOND = ORDER | {"reference": "NOV-0002", "quantity": "6"}
EXISTING = CUSTOMER | {"tenant": "Existing tenant", "send_company_details": "No"}


def counts(checked: CheckResult) -> tuple[int, int, int, int, int]:
    return (
        checked.row_count,
        checked.ready_count,
        checked.error_row_count,
        checked.skipped_count,
        checked.hidden_count,
    )


def test_a_ready_row_has_its_customers_values_in_canonical_form() -> None:
    (row,) = check(three_sheets(), CONTEXT).rows()
    assert row.sheet_row == 4
    assert row.values == {
        "reference": "NOV-0001",
        "customer_id": "1000105563",
        "mpn": "CFQ7TTC0LH16:0001",
        "quantity": "5",
        "commitment": "year",
        "billing": "month",
        "po_number": "00-0000",
        "offer_attestation": "no",
        "order_type": "sales",
        "company_name": "27 Rings Jewelers",
        "tenant": "new",
        "domain": "27rings.onmicrosoft.com",
        "partner_attestation": "yes",
        "mca_accepted": "yes",
        "agreement_date": "2022-04-09",
        "agreement_first_name": "John",
        "agreement_last_name": "Doe",
        "agreement_email": "john@doe.com",
        "special_qualifications": "none",
        "send_company_details": "yes",
        "address": "1759 Wehrle Dr",
        "city": "Williamsville",
        "state": "NY",
        "postal_code": "14221",
        "country": "US",
        "phone": "(716) 633-3600",
        "customer_email": "john@doe.com",
    }


def test_the_flat_form_gives_the_same_row() -> None:
    (joined,) = check(three_sheets(), CONTEXT).rows()
    (side_by_side,) = check(flat([CUSTOMER | ORDER]), CONTEXT).rows()
    assert side_by_side == joined


def test_a_skipped_row_is_not_checked() -> None:
    checked = check(three_sheets([ORDER, SECOND | {"submit": "Skip", "quantity": "x"}]), CONTEXT)
    assert found_in(checked) == []
    assert counts(checked) == (2, 1, 0, 1, 0)


def test_a_hidden_row_is_left_out_and_told() -> None:
    checked = check(three_sheets([ORDER, SECOND], [EXISTING], hidden=[5]), CONTEXT)
    assert found_in(checked) == [("F-HIDDEN", "Orders")]
    assert counts(checked) == (2, 1, 0, 0, 1)
    assert dict(checked.row_states) == {4: "ready", 5: "hidden"}


def test_a_hidden_row_is_sent_when_asked_for() -> None:
    checked = check(
        three_sheets([ORDER, SECOND], [EXISTING], hidden=[5]), replace(CONTEXT, include_hidden=True)
    )
    assert found_in(checked) == []
    assert counts(checked) == (2, 2, 0, 0, 0)


def test_a_workbook_of_skipped_rows_has_nothing_to_send() -> None:
    checked = check(three_sheets([ORDER | {"submit": "Skip"}]), CONTEXT)
    assert found_in(checked) == [("F-EMPTY", "Orders")]
    assert checked.has_file_errors


def test_an_error_of_a_customer_stops_the_orders_that_use_it() -> None:
    other = EXISTING | {"customer_id": "1000105564", "domain": "not a domain"}
    orders = [
        ORDER,
        SECOND | {"customer_id": "1000105564"},
        SECOND | {"reference": "", "customer_id": "1000105564"},
    ]
    orders[2] |= {"quantity": "7"}
    checked = check(three_sheets(orders, [EXISTING, other]), CONTEXT)
    assert [(problem.where, problem.order_rows) for problem in checked.problems] == [("Customers!E5", (5, 6))]
    assert dict(checked.row_states) == {4: "ready", 5: "error", 6: "error"}
    assert [row.sheet_row for row in checked.rows()] == [4]


def test_a_customer_that_no_order_uses_is_not_checked() -> None:
    assert found(three_sheets(customers=[CUSTOMER, {"customer_id": "7", "tenant": "?"}])) == []


def test_a_product_that_no_order_uses_is_not_checked() -> None:
    assert found(three_sheets(products=[PRODUCT, PRODUCT | {"mpn": "other", "quantity_max": "?"}])) == []


def test_without_products_nothing_is_looked_up_there() -> None:
    tables = three_sheets([ORDER | {"mpn": "ANY:1", "quantity": "5000"}], products=[])
    assert found(tables) == [("W-OUTLIER", "Orders!H4")]


@pytest.mark.parametrize(
    ("quantities", "is_told"),
    [
        *(("301", True), ("300", False)),
        *(("1 1 1 1 51", True), ("1 1 1 1 50", False)),
        *(("3 4 5 100", False), ("6 6 6 6 61", True), ("6 6 6 6 60", False)),
    ],
)
def test_where_a_quantity_begins_to_be_far_from_the_others(quantities: str, is_told: bool) -> None:
    orders = [ORDER | {"reference": "", "quantity": quantity} for quantity in quantities.split()]
    codes = {code for code, _ in found(three_sheets(orders, products=[]))}
    assert ("W-OUTLIER" in codes) is is_told


def test_a_problem_of_the_whole_workbook_stops_every_row() -> None:
    missing = Problem(code="F-MISSING-COLUMN", severity=Severity.ERROR, message="m", sheet="Orders")
    checked = check(three_sheets(problems=[missing]), CONTEXT)
    assert checked.has_file_errors
    assert checked.problems[0] == missing
    assert list(checked.rows()) == []
    assert counts(checked) == (1, 0, 1, 0, 0)


def test_new_tenants_are_told_of_the_link_once() -> None:
    other = CUSTOMER | {"customer_id": "1000105564", "domain": "acme.onmicrosoft.com"}
    checked = check(three_sheets([ORDER, SECOND | {"customer_id": "1000105564"}], [CUSTOMER, other]), CONTEXT)
    assert [(problem.code, problem.order_rows) for problem in checked.problems] == [("W-MCA-LINK", (4, 5))]


def test_a_required_cell_is_missed_even_where_its_column_is_missing() -> None:
    checked = check(three_sheets(customers_without=["agreement_date"]), CONTEXT)
    (problem,) = (problem for problem in checked.problems if problem.code != "W-MCA-LINK")
    assert (problem.code, problem.where, problem.column) == ("E-EMPTY", "Customers row 4", "Agreement date")


DETAILS = ("address", "city", "state", "postal_code", "country", "phone", "customer_email")
NO_DETAILS = dict.fromkeys(DETAILS, "")


@pytest.mark.parametrize(
    ("customer", "switch"),
    [
        (CUSTOMER, "yes"),
        (CUSTOMER | NO_DETAILS, "no"),
        (CUSTOMER | {"tenant": "Existing tenant"}, "no"),
    ],
)
def test_without_their_switch_the_details_of_a_new_tenant_with_an_address_are_sent(
    customer: Cells, switch: str
) -> None:
    (row,) = check(flat([customer | ORDER], without=["send_company_details"]), CONTEXT).rows()
    assert row.values["send_company_details"] == switch


def test_with_their_switch_what_it_says_counts_and_blank_means_no() -> None:
    switches = [
        row.values.get("send_company_details", "no")
        for said in ("", "No", "Yes")
        for row in check(flat([CUSTOMER | ORDER | {"send_company_details": said}]), CONTEXT).rows()
    ]
    assert switches == ["no", "no", "yes"]


def test_details_that_are_to_be_sent_without_their_switch_must_be_complete() -> None:
    checked = check(flat([CUSTOMER | ORDER | {"city": ""}], without=["send_company_details"]), CONTEXT)
    (problem,) = (problem for problem in checked.problems if problem.code != "W-MCA-LINK")
    assert (problem.code, problem.message) == (
        "E-EMPTY",
        "City is empty, but an address is given for a new tenant.",
    )


def test_details_that_are_left_out_without_their_switch_are_told_once() -> None:
    rows = [EXISTING | ORDER, EXISTING | SECOND | {"customer_id": "7", "domain": "other.onmicrosoft.com"}]
    assert found(flat(rows, without=["send_company_details"])) == [("W-NOT-SENT", "Export")]
    assert found(flat([EXISTING | NO_DETAILS | ORDER], without=["send_company_details"])) == []


def test_rows_of_a_customer_that_say_different_things_are_told_once_and_all_stopped() -> None:
    rows = [EXISTING | ORDER, EXISTING | SECOND, EXISTING | SECOND | {"reference": "NOV-0003"}]
    rows[1] |= {"domain": "other.onmicrosoft.com", "company_name": " 27  rings JEWELERS"}
    rows[2] |= {"quantity": "7"}
    checked = check(flat(rows), CONTEXT)
    told = [problem for problem in checked.problems if problem.code == "E-CONTRADICTION"]
    assert [[cell[-1] for cell in problem.cells] for problem in told] == [["4", "5", "6"]]
    assert told[0].message == (
        "Rows 4 and 5 differ for customer 1000105563: Microsoft domain is "
        '"27rings.onmicrosoft.com" and "other.onmicrosoft.com".'
    )
    assert checked.ready_count == 0


def test_the_later_orders_of_a_new_tenant_may_say_that_it_exists() -> None:
    rows = [CUSTOMER | ORDER, EXISTING | SECOND | {"domain": CUSTOMER["domain"]}]
    assert "E-CONTRADICTION" not in [code for code, _ in found(flat(rows))]


def test_a_length_in_a_column_of_its_own_is_not_passed_over() -> None:
    extra = [SheetColumn(letter="P", header="subscriptionPeriod.duration")]
    orders = [ORDER | {extra[0].header: "3"}, SECOND | {extra[0].header: "1"}]
    checked = check(three_sheets(orders, [EXISTING], extra=extra), CONTEXT)
    assert found_in(checked) == [("E-DURATION", "Orders!P4")]
    assert dict(checked.row_states) == {4: "error", 5: "ready"}


def test_free_parameters_travel_with_their_row() -> None:
    extra = [
        SheetColumn(letter="P", header="parameter: cb_B", parameter="cb_B"),
        SheetColumn(letter="Q", header="parameter: Aa", parameter="Aa"),
    ]
    orders = [ORDER | {extra[0].header: " 1E5 ", extra[1].header: "x"}, SECOND | {extra[1].header: "a\x07"}]
    checked = check(three_sheets(orders, [EXISTING], extra=extra), CONTEXT)
    assert found_in(checked) == [("I-TRIM", "Orders!P4"), ("E-CHARS", "Orders!Q5")]
    assert [row.parameters for row in checked.rows()] == [(("Aa", "x"), ("cb_B", "1E5"))]


@pytest.mark.parametrize(("other", "told"), [("x", ["W-DUP-ROW"]), ("y", []), ("", [])])
def test_rows_that_differ_in_a_free_parameter_only_are_two_orders(other: str, told: list[str]) -> None:
    extra = [SheetColumn(letter="P", header="parameter: Aa", parameter="Aa")]
    orders = [
        ORDER | {extra[0].header: "x"},
        ORDER | {"reference": "", extra[0].header: other},
    ]
    assert [code for code, _ in found(three_sheets(orders, [EXISTING], extra=extra))] == told


def test_an_address_leads_to_the_cell_that_people_filled() -> None:
    checked = check(three_sheets([ORDER, SECOND]), CONTEXT)
    assert checked.address(5, "quantity") == "Orders!H5"
    assert checked.address(5, "domain") == "Customers!E4"
    assert checked.address(5, "no such field") == "Orders row 5"
    assert checked.header("domain") == "Microsoft domain"


def test_problems_come_in_the_order_of_the_sheets() -> None:
    orders = [ORDER | {"billing": "?", "quantity": "?"}, SECOND | {"quantity": "?"}]
    places = [where for _, where in found(three_sheets(orders, [EXISTING | {"domain": "??"}]))]
    assert places == ["Orders!H4", "Orders!J4", "Orders!H5", "Customers!E4"]


def test_a_row_that_differs_only_in_composition_of_letters_is_the_same() -> None:
    orders = [ORDER | {"reference": "Zoe\u0308"}, SECOND | {"reference": "Zo\u00eb"}]
    assert found(three_sheets(orders, [EXISTING])) == [("E-DUP-REF", "Orders!C4, C5")]


@pytest.mark.parametrize(
    ("times", "rows", "where"),
    [(3, "4, 5 and 6", "Orders!C4, C5, C6"), (200, "4, 5, 6 and 197 more", "Orders!C4, C5, C6, …")],
)
def test_many_equal_rows_are_one_problem_in_few_words(times: int, rows: str, where: str) -> None:
    checked = check(three_sheets([ORDER] * times, [EXISTING]), CONTEXT)
    (told,) = (problem for problem in checked.problems if problem.code == "E-DUP-REF")
    assert (told.message, told.where) == (f"Reference NOV-0001 is on several rows: {rows}.", where)
    assert told.sheet_rows == tuple(range(4, 4 + times))
    assert checked.error_row_count == times


def test_merged_cells_are_one_problem_and_stop_all_their_rows() -> None:
    orders = [ORDER, *(SECOND | {"reference": f"R-{number}"} for number in range(4))]
    orders = [order | {"quantity": str(number)} for number, order in enumerate(orders, start=3)]
    orders[1] |= {"reference": ""}
    notes = {(5, "C"): CellNote.MERGED, (6, "C"): CellNote.MERGED, (8, "C"): CellNote.MERGED}
    checked = check(three_sheets(orders, [EXISTING], order_notes=notes), CONTEXT)
    assert found_in(checked) == [("F-MERGED", "Orders!C4, C5, C6"), ("F-MERGED", "Orders!C7, C8")]
    assert checked.problems[0].message == "Merged cells: C4:C6. Only the first of them has a value."
    assert checked.ready_count == 0


def test_a_cell_merged_from_the_left_is_told_by_itself() -> None:
    notes = {(4, "C"): CellNote.MERGED_ASIDE}
    checked = check(three_sheets([SECOND | {"reference": ""}, ORDER], [EXISTING], order_notes=notes), CONTEXT)
    assert found_in(checked) == [("F-MERGED", "Orders!C4")]
    assert checked.problems[0].message == "Merged cells: C4. Only the first of them has a value."
    assert checked.ready_count == 1


def test_each_of_two_pairs_is_a_problem_of_its_own() -> None:
    orders = [ORDER, SECOND, ORDER | {"quantity": "7"}, SECOND | {"quantity": "8"}]
    assert found(three_sheets(orders, [EXISTING])) == [
        ("E-DUP-REF", "Orders!C4, C6"),
        ("E-DUP-REF", "Orders!C5, C7"),
    ]


def test_two_customers_of_one_new_domain_stop_the_orders_of_both() -> None:
    other = CUSTOMER | {"customer_id": "1000105564"}
    orders = [SECOND | {"customer_id": other["customer_id"]}, ORDER]
    checked = check(three_sheets(orders, [CUSTOMER, other]), CONTEXT)
    (told,) = (problem for problem in checked.problems if problem.code == "E-DOMAIN-DUP")
    assert told.message == "27rings.onmicrosoft.com is the new domain of several customers: rows 4 and 5."
    assert (told.order_rows, checked.ready_count) == ((4, 5), 0)


@pytest.mark.long
def test_of_very_many_equal_problems_the_first_are_listed_and_all_rows_are_stopped() -> None:
    rows = [EXISTING | ORDER | {"reference": "", "quantity": "?"}] * (MOST_TOLD + 5)
    checked = check(flat(rows), CONTEXT)
    told = [problem for problem in checked.problems if problem.code == "E-NUMBER"]
    (more,) = (problem for problem in checked.problems if problem.code == "I-MORE")
    assert (len(told), more.value, more.message[:18]) == (MOST_TOLD, "E-NUMBER", "5 more cells of Qu")
    assert (checked.ready_count, checked.error_row_count) == (0, MOST_TOLD + 5)


FIELDS = [entry.name for role in (SheetRole.ORDERS, SheetRole.CUSTOMERS) for entry in columns_of(role)]
ODD = st.sampled_from(
    ["", " ", "None", "NA", "=1", "1e400", "\u202e", "\ud800", "04-13-2022", "１", "a@b", "US – x", "{x}"]
)
typed_rows = st.lists(
    st.dictionaries(st.sampled_from(FIELDS), st.one_of(ODD, st.text(max_size=50))).map(
        lambda cells: CUSTOMER | ORDER | cells
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=typed_rows)
def test_whatever_is_typed_the_check_answers_and_ready_rows_have_no_error(rows: list[Cells]) -> None:
    checked = check(flat(rows), CONTEXT)
    wrong = {
        row
        for problem in checked.problems
        if problem.severity is Severity.ERROR
        for row in problem.sheet_rows
    }
    ready = [row.sheet_row for row in checked.rows()]
    assert not wrong & set(ready)
    assert len(ready) == checked.ready_count
    assert sum(counts(checked)[1:]) == checked.row_count == len(rows)
    assert all(len(problem.message) <= SENTENCE_LIMIT for problem in checked.problems)
    assert all(len(problem.fix) <= SENTENCE_LIMIT for problem in checked.problems)
