"""What Excel's formulas cannot see, or can only refuse, of the rules of the check: each with a row that shows it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from template_good_rows import DETAILED, ON_FILE, STATED, Values
from template_rows import Sheets

from bulk_orders.checking.check import RowState
from bulk_orders.core.model import SheetRole
from bulk_orders.writing.template.formulas import template_columns

READY, ERROR, HIDDEN = RowState.READY, RowState.ERROR, RowState.HIDDEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A row of which the check and the Check column say different things, and why that is so."""

    why: str
    check: RowState
    shows: str
    """How the Check cell of the order begins."""
    order: Values = field(default_factory=dict)
    customer: Values = field(default_factory=lambda: dict(ON_FILE))
    product: Values = field(default_factory=dict)
    raw: Callable[[Any, int], object] | None = None
    """Writes into the sheet Orders; the row is counted from 0."""


def _column(name: str) -> int:
    return [entry.name for entry in template_columns(SheetRole.ORDERS)].index(name)


UNSEEN = (
    # The check takes off what nobody sees; formulas know the space and the space that does not break.
    Unseen(
        why="characters without width",
        check=READY,
        shows="✖",
        customer={**ON_FILE, "domain": "amber\u200bzero.example.com"},
    ),
    Unseen(why="a line break at the end", check=READY, shows="✖", order={"po_number": "PO 7\n"}),
    Unseen(
        why="quotation marks around a number", check=READY, shows="✖", order={"customer_id": '"1000200007"'}
    ),
    Unseen(why="digits of double width", check=READY, shows="✖", order={"quantity": "５"}),
    Unseen(
        why="a number typed as text with sign or decimals", check=READY, shows="✖", order={"quantity": "+5.0"}
    ),
    # Formulas know the characters that have a code under 32, not the others that cannot be sent.
    Unseen(
        why="damaged letters and signs that turn the text",
        check=ERROR,
        shows="✔",
        order={"po_number": "PO\ufffd7"},
    ),
    Unseen(
        why="numbers that Excel has shortened", check=ERROR, shows="✔", order={"po_number": "1.23457E+16"}
    ),
    # Without regular expressions: other ways to write a date, an address or a list.
    Unseen(
        why="a date as text with a time of midnight",
        check=READY,
        shows="✖",
        customer={**STATED, "agreement_date": "2022-04-09T00:00"},
    ),
    Unseen(
        why="a date as text with the month as a word",
        check=READY,
        shows="✖",
        customer={**STATED, "agreement_date": "March 4, 2022"},
    ),
    Unseen(
        why="n/a for nothing", check=READY, shows="✖", customer={**ON_FILE, "special_qualifications": "n/a"}
    ),
    Unseen(
        why="a date as text with single digits",
        check=READY,
        shows="✖",
        customer={**STATED, "agreement_date": "4-19-2022"},
    ),
    Unseen(
        why="parts of a domain longer than 63",
        check=ERROR,
        shows="✔",
        customer={**ON_FILE, "domain": f"{'x' * 64}.example.com"},
    ),
    Unseen(
        why="the same in an e-mail address",
        check=ERROR,
        shows="✔",
        customer={**DETAILED, "customer_email": f"a@{'x' * 64}.com"},
    ),
    Unseen(
        why="lists of offers that are parted by commas",
        check=ERROR,
        shows="✔",
        order={"mpn": "COMMAS", "commitment": "3 years"},
        product={"mpn": "COMMAS", "commitments_offered": "1 year, 1 month"},
    ),
    Unseen(
        why="a decimal comma in an amount typed as text",
        check=ERROR,
        shows="✔",
        order={"max_price": "151,20"},
    ),
    # Formulas compare letters, they do not know scripts.
    Unseen(
        why="names of one Chinese character",
        check=READY,
        shows="✖",
        customer={**STATED, "agreement_first_name": "李"},
    ),
    Unseen(
        why="a customer ID with letters",
        check=READY,
        shows="✖",
        order={"customer_id": "C1000200007"},
        customer={**ON_FILE, "customer_id": "C1000200007"},
    ),
    # What is not in a cell's value.
    Unseen(
        why="dates, percentages and TRUE where text belongs",
        check=ERROR,
        shows="✔",
        raw=lambda sheet, row: sheet.write_boolean(row, _column("reference"), True),
    ),
    Unseen(
        why="formulas with another result tomorrow",
        check=ERROR,
        shows="✔",
        raw=lambda sheet, row: sheet.write_formula(row, _column("quantity"), "=MONTH(TODAY())", None, 7),
    ),
    Unseen(
        why="hidden rows",
        check=HIDDEN,
        shows="✔",
        raw=lambda sheet, row: sheet.set_row(row, None, None, {"hidden": True}),
    ),
)

ALSO_UNSEEN = (
    "a date as 04-09-2022 that is read because another row proves the order of month and day",
    "merged cells",
    "letters outside ASCII in a part number while the sheet Products is empty",
    "customers that no order uses: the check passes over them, the Check column judges them as if one did",
    "what the marketplace and the ledger know: ordered before, resembling orders, customers on hold",
    "columns that are not the template's: lengths, parameters",
    "what a subscription is like: whose it is, how many seats it has, until when it can be changed",
)
"""Rules that need other rows, other columns or another place than the row's own values."""


def add_unseen(sheets: Sheets) -> dict[int, Unseen]:
    """Add the rows, and return them by their place among the orders; the first is 0."""
    places = {}
    for unseen in UNSEEN:
        order = dict(unseen.order)
        sheets.add({}, dict(unseen.customer))
        identity = sheets.orders[-1]["customer_id"]
        if "customer_id" in order:
            order["customer_id"] = f'"{identity}"'
        sheets.orders[-1] |= order
        if unseen.product:
            sheets.products.append(unseen.product)
        places[len(sheets.orders) - 1] = unseen
    return places


def write_raw(sheet: Any, places: dict[int, Unseen], first_row: int) -> None:
    """Write over cells what rows of values cannot say; `first_row` is counted from 0."""
    for place, unseen in places.items():
        if unseen.raw:
            unseen.raw(sheet, first_row + place)
