"""The rows that the template's formulas are compared on: the check takes each good one, and no broken one.

Formulas and check come from one statement, so a limit that moves moves in both; here it does not move unseen.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO

import pytest
from template_broken_rows import (
    BROKEN_ACTIONS,
    BROKEN_CUSTOMERS,
    BROKEN_DETAILS,
    BROKEN_IMPORTS,
    BROKEN_NEW,
    BROKEN_ORDERS,
    BROKEN_STATEMENTS,
)
from template_good_rows import (
    BARE,
    DETAILED,
    GOOD_ACTIONS,
    GOOD_CUSTOMERS,
    GOOD_DETAILS,
    GOOD_STATEMENTS,
    GOOD_WAYS,
    IMPORT,
    KNOWN,
    NEW,
    ON_FILE,
    OWN_DOMAIN,
    STATED,
    Values,
)
from template_rows import Sheets

from bulk_orders.checking.check import CheckContext, RowState, check
from bulk_orders.core.model import SheetRole
from bulk_orders.reading.workbook import read_workbook
from bulk_orders.writing.template.sheets import FIRST_ROW
from bulk_orders.writing.template.write import fill_template

TODAY = datetime.now(UTC).date()
Pair = tuple[Values, Values]
"""An order and its customer."""


def acting(place: int, changes: Values) -> Values:
    return {"subscription": str(1_100_000 + place), **changes}


GOOD: tuple[Pair, ...] = (
    *(({}, customer) for customer in GOOD_CUSTOMERS),
    *((changes, ON_FILE) for role, changes in GOOD_WAYS if role is SheetRole.ORDERS),
    *(({}, ON_FILE | changes) for role, changes in GOOD_WAYS if role is SheetRole.CUSTOMERS),
    *(({}, STATED | changes) for changes in GOOD_STATEMENTS),
    *(({}, DETAILED | changes) for changes in GOOD_DETAILS),
    *((acting(place, changes), BARE) for place, changes in enumerate(GOOD_ACTIONS)),
    (IMPORT, KNOWN),
)
BROKEN: tuple[Pair, ...] = (
    *((changes, ON_FILE) for changes in BROKEN_ORDERS),
    *(({}, {**DETAILED, "tenant": "New tenant", **changes}) for changes in BROKEN_CUSTOMERS),
    *(({}, NEW | changes) for changes in BROKEN_NEW),
    *(({}, STATED | changes) for changes in BROKEN_STATEMENTS),
    *(({}, DETAILED | changes) for changes in BROKEN_DETAILS),
    *(
        (acting(place, GOOD_ACTIONS[0] | changes), BARE)
        for place, changes in enumerate(BROKEN_ACTIONS, start=100)
    ),
    *(
        ({**IMPORT, "microsoft_subscription": str(place), **changes}, KNOWN)
        for place, changes in enumerate(BROKEN_IMPORTS)
    ),
)


def not_so(pairs: Iterable[Pair], wanted: RowState) -> list[tuple[Pair, list[str]]]:
    """The pairs whose order is in another state, with the codes of its row and of its customer's."""
    sheets, pairs = Sheets(), [*pairs]
    for order, customer in pairs:
        sheets.add(order, customer)
    file = BytesIO()
    filled = {
        SheetRole.ORDERS: sheets.orders,
        SheetRole.CUSTOMERS: sheets.customers,
        SheetRole.PRODUCTS: sheets.products,
    }
    fill_template(file, filled, 10, own_domain=OWN_DOMAIN, today=TODAY)
    checked = check(
        read_workbook(file.getvalue(), "orders.xlsx"), CheckContext(today=TODAY, own_domain=OWN_DOMAIN)
    )
    return [
        (pair, [problem.code for problem in checked.problems if row in problem.sheet_rows])
        for row, pair in enumerate(pairs, start=FIRST_ROW)
        if checked.row_states.get(row) is not wanted
    ]


@pytest.mark.parametrize(
    ("pairs", "wanted"), [(GOOD, RowState.READY), (BROKEN, RowState.ERROR)], ids=["good", "broken"]
)
def test_each_row_is_what_its_list_says(pairs: tuple[Pair, ...], wanted: RowState) -> None:
    assert not_so(pairs, wanted) == []
