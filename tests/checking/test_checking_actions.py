"""What a row needs depends on its action: one that acts on a subscription names it, and needs nothing of a purchase."""

from collections.abc import Mapping, Sequence

import pytest
from checking.checking_tables import CONTEXT, CUSTOMER, EXISTING, ORDER, three_sheets

from bulk_orders.checking.check import CheckResult, check
from bulk_orders.core.model import Severity, SheetColumn

CHANGE: Mapping[str, str] = {
    "reference": "NOV-0001",
    "customer_id": "1000105563",
    "mpn": "CFQ7TTC0LH16:0001",
    "quantity": "12",
    "order_type": "Change seats now",
    "subscription": "1000054",
}
BARE = {"customer_id": "1000105563", "company_name": "27 Rings Jewelers"}


def checked(orders: Sequence[Mapping[str, str]], customer: Mapping[str, str] = CUSTOMER) -> CheckResult:
    return check(three_sheets(orders, [customer]), CONTEXT)


def errors(found: CheckResult) -> list[tuple[str, str]]:
    return [(problem.code, problem.field) for problem in found.problems if problem.severity is Severity.ERROR]


def test_a_change_needs_neither_what_a_purchase_says_nor_a_tenant() -> None:
    found = checked([CHANGE], BARE)
    assert errors(found) == []
    (row,) = found.rows()
    assert (row.values["order_type"], row.values["subscription"]) == ("change_now", "1000054")


def test_a_purchase_of_the_same_customer_needs_its_tenant_all_the_same() -> None:
    needed = {field for _, field in errors(checked([CHANGE, {**ORDER, "reference": "2"}], BARE))}
    assert {"tenant", "domain"} <= needed


@pytest.mark.parametrize("name", ["reference", "customer_id", "mpn", "quantity", "subscription"])
def test_a_change_says_whose_what_how_many_and_on_which_subscription(name: str) -> None:
    assert errors(checked([{**CHANGE, name: ""}])) == [("E-EMPTY", name)]


def test_a_purchase_names_no_subscription_and_need_not_have_a_reference() -> None:
    assert errors(checked([{**ORDER, "reference": "", "subscription": "what it is"}])) == []


def test_what_auto_renew_off_loses_is_told_once() -> None:
    off = {**CHANGE, "order_type": "Auto-renew off", "quantity": ""}
    found = checked(
        [
            off,
            {**off, "reference": "2", "subscription": "7"},
            {**CHANGE, "reference": "3", "subscription": "8"},
        ]
    )
    assert errors(found) == []
    (told,) = [problem for problem in found.problems if problem.code == "W-ENDS"]
    (unverified,) = [problem for problem in found.problems if problem.code == "W-UNVERIFIED"]
    assert (unverified.order_rows, unverified.value) == ((4, 5), "Auto-renew off")
    assert (told.order_rows, told.message.startswith("2 rows: auto-renew off.")) == ((4, 5), True)


def test_a_subscription_is_acted_on_by_one_row() -> None:
    rows = [
        CHANGE,
        {**CHANGE, "reference": "2", "quantity": "9"},
        {**CHANGE, "reference": "3", "subscription": "7"},
    ]
    found = checked(rows)
    assert errors(found) == [("E-DUP-SUBSCRIPTION", "subscription")]
    assert [problem.sheet_rows for problem in found.problems if problem.code == "E-DUP-SUBSCRIPTION"] == [
        (4, 5)
    ]
    assert [row.sheet_row for row in found.rows()] == [6]


@pytest.mark.parametrize(
    ("other", "is_refused"),
    [({"order_type": "Auto-renew on", "quantity": ""}, True), ({"order_type": "New"}, False)],
)
def test_whatever_else_acts_on_the_subscription_counts_and_a_purchase_does_not(
    other: dict[str, str], is_refused: bool
) -> None:
    subscription = {"subscription": CHANGE["subscription"]}
    found = checked([CHANGE, {**ORDER, **subscription, "reference": "2", **other}])
    assert ("E-DUP-SUBSCRIPTION" in {code for code, _ in errors(found)}) is is_refused


IMPORT = {
    **ORDER,
    "order_type": "Import existing",
    "microsoft_subscription": "3f2b8a1c",
    "microsoft_order": "a1b2",
}
TENANT = {**EXISTING, "tenant_id": "a94c2acd-f6e7-4ff5-cd6c-7d03fa8aa02c"}


def test_an_import_says_what_it_brings_in_and_its_tenant_is_known() -> None:
    assert errors(checked([IMPORT], TENANT)) == []
    assert errors(checked([IMPORT], {**TENANT, "tenant_id": ""})) == [("E-IMPORT", "order_type")]
    assert ("E-IMPORT", "order_type") in errors(checked([IMPORT], {**TENANT, "domain": ""}))
    assert ("E-IMPORT", "order_type") in errors(checked([IMPORT], CUSTOMER))
    for name in ("microsoft_subscription", "microsoft_order"):
        assert errors(checked([{**IMPORT, name: ""}], TENANT)) == [("E-EMPTY", name)]
        assert errors(checked([{**IMPORT, name: "1.2E+17"}], TENANT)) == [("E-LONG-ID", name)]
    again = {**IMPORT, "reference": "2"}
    assert ("E-DUP-SUBSCRIPTION", "microsoft_subscription") in errors(checked([IMPORT, again], TENANT))


@pytest.mark.parametrize(
    ("action", "instead"),
    [
        (
            "change",
            'Choose "Change seats now" or "Change seats at renewal"; Quantity is the seats afterwards.',
        ),
        ("Cancel at renewal", "Choose Auto-renew off: "),
        ("Renewal", "Choose Auto-renew on: "),
        ("Upgrade", "Do it in the Control Panel"),
        ("what?", "Choose an action from the list"),
    ],
)
def test_an_action_that_is_not_placed_is_refused_with_what_to_do_instead(action: str, instead: str) -> None:
    found = checked([{**CHANGE, "order_type": action}])
    assert ("E-ORDER-TYPE", "order_type") in errors(found)
    (told,) = [problem for problem in found.problems if problem.code == "E-ORDER-TYPE"]
    assert told.fix.startswith(instead)


def unused(found: CheckResult) -> list[tuple[str, tuple[str, ...], str]]:
    return [
        (problem.field, problem.cells, problem.message)
        for problem in found.problems
        if problem.code == "W-NOT-USED"
    ]


def test_what_an_action_does_not_use_is_told_on_its_cells_once_for_each_column_and_action() -> None:
    cancel = {**CHANGE, "order_type": "Cancel"}
    rows = [
        {**CHANGE, "commitment": "1 year"},
        {**CHANGE, "reference": "2", "subscription": "2", "commitment": "some"},
        {**cancel, "reference": "3", "subscription": "3", "commitment": ""},
        {**CHANGE, "reference": "4", "subscription": "4", "order_type": "Auto-renew on", "po_number": "7"},
        {**ORDER, "reference": "5", "subscription": "5"},
    ]
    found = checked(rows)
    assert errors(found) == []
    told = [(field, len(cells), message) for field, cells, message in unused(found)]
    assert told == [
        ("commitment", 2, "Commitment is filled, but Change seats now does not use it."),
        ("quantity", 1, "Quantity is filled, but Cancel does not use it."),
        ("quantity", 1, "Quantity is filled, but Auto-renew on does not use it."),
        ("po_number", 1, "PO number is filled, but Auto-renew on does not use it."),
        ("subscription", 1, "Subscription is filled, but New does not use it."),
    ]


def test_a_workbook_that_only_buys_is_told_nothing_of_actions() -> None:
    assert unused(checked([ORDER, {**ORDER, "reference": "2", "order_type": "New"}])) == []


def test_a_parameter_that_has_nowhere_to_go_is_told_on_its_cell() -> None:
    extra = [SheetColumn(letter="Z", header="parameter: coupon", parameter="coupon")]
    given = {"parameter: coupon": "TEN"}
    rows = [
        {**CHANGE, "reference": str(number), "subscription": str(number), "order_type": action, **given}
        for number, action in enumerate(("Change seats now", "Cancel", "Auto-renew off"))
    ]
    told = check(three_sheets(rows, [CUSTOMER], extra=extra), CONTEXT)
    named = [problem.cells for problem in told.problems if problem.column == "parameter: coupon"]
    assert (named, len(unused(told))) == ([("Z5",), ("Z6",)], 4)
