"""The first sheet of the template: four steps, the colours, what is sent, and the words."""

from dataclasses import dataclass
from typing import Final

from bulk_orders.core import sheet_names


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the sheet: what it is about, and what is said of it."""

    name: str
    text: str


TOTALS: Final = ("Orders", "Licences", "Amount")

FILL_CUSTOMERS: Final = Line(
    "Fill Customers",
    "One row for each customer with orders: number, company, tenant, domain and agreement.",
)
FILL_ORDERS: Final = Line(
    "Fill Orders",
    "One row for each order: customer, product, quantity, commitment and billing. The grey columns fill themselves.",
)
CHECK: Final = Line(
    "Save and check",
    "bulk-orders check THIS-WORKBOOK.xlsx   finds every mistake and sends nothing.",
)
SEND: Final = Line(
    "Send",
    "bulk-orders run THIS-WORKBOOK.xlsx   asks before it sends, and writes a results workbook beside this one.",
)

REQUIRED: Final = Line("Customer ID *", "Required in every row that is filled.")
REQUIRED_SOMETIMES: Final = Line(
    "Agreement date", "Required in some cases; the note on the header says when."
)
OPTIONAL: Final = Line("PO number", "You may leave it blank.")
FILLED: Final = Line("Check", "Excel fills it. Anything typed there is ignored.")
TO_FIX: Final = Line(
    "✖ To fix",
    "Missing or impossible. Customer to fix, with the customer's name in red: on the sheet Customers.",
)
RECOMMENDED: Final = Line("Recommended", "Better filled: a reference of your own on every order.")
NOT_NEEDED: Final = Line(
    "Not needed",
    "Skipped, not used by the row's action, not sent for this customer, or a customer without an order so far.",
)

SHEETS: Final = (
    Line(sheet_names.ORDERS, "One row is one order."),
    Line(sheet_names.CUSTOMERS, "One row is one customer, however many orders it has."),
    Line(
        sheet_names.PRODUCTS,
        "Optional: names, limits and prices. bulk-orders template --with-catalog fills it from the marketplace.",
    ),
    Line(sheet_names.EXAMPLES, "Filled rows to look at. Nothing there is sent."),
)
SENT: Final = (
    Line(
        "Sent",
        "Orders: the customer's number, product, quantity, commitment, billing, PO number and offer attestation.",
    ),
    Line(
        "Sent",
        "Rows with an action: the number of the subscription, and of the other cells those that are not grey.",
    ),
    Line(
        "Sent",
        "Customers: tenant, domain, attestations and agreement. Address, phone and e-mail only if Send company details? says Yes.",
    ),
    Line(
        "Not sent",
        "Your reference, notes, names that Excel fills in, the sheet Products, columns you add, hidden rows, rows that say Skip.",
    ),
    Line("Kept", "Row numbers: every message names the cell as Excel does, such as Orders!H14."),
)
WORDS: Final = (
    Line("Your reference", "Your own name for an order. What was ordered under it is never ordered again."),
    Line(
        "Action",
        "What the row asks for. Blank means New: a purchase. The others change the subscription that is named beside it.",
    ),
    Line("Commitment", "How long the customer is committed: a month, a year or three years."),
    Line("Billing", "How often it is billed. Yearly, upfront is one bill for the year."),
    Line(
        "New tenant",
        "A Microsoft tenant is created for the customer. Existing tenant uses the one that exists.",
    ),
    Line("MCA", "The Microsoft Customer Agreement, accepted by somebody at the customer."),
    Line(
        "Partner of record",
        "You state that you are the customer's Microsoft partner. Only you can state it.",
    ),
    Line(
        "Check by hand",
        "The order was sent, but no answer came. It may exist, so it is never sent again blindly.",
    ),
)
UNSEEN: Final = (
    Line(
        "Hidden rows",
        "Rows that are hidden or filtered out are checked like the others; they are not sent.",
    ),
    Line(
        "The wrong kind of cell",
        "A date or TRUE pasted where text belongs, merged cells, formulas whose result changes from day to day.",
    ),
    Line(
        "Dates typed as text",
        "Only 2022-04-09 is understood, and 04-19-2022, which has only one reading. A date typed as a date always is.",
    ),
    Line(
        "Odd characters",
        "Letters damaged by another program, shortened numbers such as 1.2E+17, invisible characters, quotation marks around numbers.",
    ),
    Line(
        "Names and addresses",
        "Names of one Chinese character are marked although they are valid; parts of a domain over 63 letters are not marked.",
    ),
    Line(
        "Products",
        "Lists of commitments and billing need semicolons; of part numbers that differ in case only, the first is found.",
    ),
    Line(
        "Other rows",
        "Customers without orders are checked too. Rows below the prepared ones are not checked in Excel.",
    ),
    Line(
        "The marketplace",
        "Whether it takes the order, whether it was ordered before, and what may be done to a subscription.",
    ),
)
"""What the full check sees and the formulas of the column Check cannot."""
