"""The first sheet of the template: four steps, the colours, what is sent, and the words."""

from typing import Any, Final

from bulk_orders.workbooks import palette
from bulk_orders.workbooks.cells import write_link, write_text
from bulk_orders.workbooks.formats import Formats
from bulk_orders.workbooks.new_book import set_page

START_SHEET: Final = "Start here"

_STEPS: Final = (
    (
        "1",
        "Fill Customers",
        "One row for each customer that orders: number, company, tenant, domain and agreement.",
        "Customers!B4",
    ),
    (
        "2",
        "Fill Orders",
        "One row for each order: customer, product, quantity, commitment and billing. The grey columns fill themselves.",
        "Orders!B4",
    ),
    (
        "3",
        "Save and check",
        "bulk-orders check THIS-WORKBOOK.xlsx   finds every mistake and sends nothing.",
        "",
    ),
    (
        "4",
        "Send",
        "bulk-orders run THIS-WORKBOOK.xlsx   asks before it sends, and writes a results workbook beside this one.",
        "",
    ),
)
_COLOURS: Final = (
    (palette.REQUIRED_HEADER, "Customer ID *", "Required in every row that is filled."),
    (palette.SOMETIMES_HEADER, "Agreement date", "Required in some cases; the note on the header says when."),
    (palette.OPTIONAL_HEADER, "PO number", "You may leave it blank."),
    (palette.FILLED_HEADER, "Check", "Excel fills it. Anything typed there is ignored."),
    (palette.BAD, "✖ To fix", "Missing or impossible."),
    (palette.DOUBT, "Recommended", "Better filled: a reference of your own on every order."),
    (
        palette.NOT_NEEDED,
        "Not needed",
        "Skipped, not sent for this customer, or a customer without an order so far.",
    ),
)
_SENT: Final = (
    (
        "Sent",
        "Orders: the customer's number, product, quantity, commitment, billing, PO number and offer attestation.",
    ),
    (
        "Sent",
        "Customers: tenant, domain, attestations and agreement. Address, phone and e-mail only if Send company details? says Yes.",
    ),
    (
        "Not sent",
        "Your reference, notes, names that Excel fills in, the sheet Products, columns you add, hidden rows, rows that say Skip.",
    ),
    ("Kept", "Row numbers: every message names the cell as Excel does, such as Orders!H14."),
)
_UNSEEN: Final = (
    ("Hidden rows", "Rows that are hidden or filtered away are judged like the others; they are not sent."),
    (
        "Cells of another kind",
        "A date or TRUE pasted where text belongs, merged cells, formulas that give something else tomorrow.",
    ),
    (
        "Dates typed as text",
        "Only 2022-04-09 is understood, and 04-19-2022, which can be read in one way. A date typed as a date always is.",
    ),
    (
        "Odd characters",
        "Letters damaged by another program, shortened numbers such as 1.2E+17, invisible signs, quotation marks around numbers.",
    ),
    (
        "Names and addresses",
        "Names of one Chinese character are marked although they are good; parts of a domain over 63 letters are not marked.",
    ),
    (
        "Products",
        "Lists of commitments and billing need semicolons; of part numbers that differ in case only, the first is found.",
    ),
    (
        "Other rows",
        "Customers that no order is for are judged all the same. Rows below the prepared ones are not.",
    ),
    ("The marketplace", "Whether it takes the order, and whether it was ordered before."),
)
"""What the full check sees and the formulas of the Check column cannot."""
_WORDS: Final = (
    ("Your reference", "Your own name for an order. What was ordered under it is never ordered again."),
    ("Commitment", "How long the customer is bound: a month, a year or three years."),
    ("Billing", "How often it is billed. Yearly, upfront is one bill for the year."),
    ("New tenant", "A Microsoft tenant is created for the customer. Existing tenant uses the one there is."),
    ("MCA", "The Microsoft Customer Agreement, accepted by somebody at the customer."),
    ("Partner of record", "You state that you are the customer's Microsoft partner. Only you can state it."),
    ("Check by hand", "The order was sent and no answer came. It may exist; it is never sent again blindly."),
)
_LINKS: Final = ("Orders", "Customers", "Products", "Examples")


def write_start(sheet: Any, formats: Formats, version: int) -> None:
    """Write and protect the sheet; it has no password."""
    sheet.set_column(0, 0, 3)
    sheet.set_column(1, 1, 22)
    sheet.set_column(2, 2, 104)
    sheet.hide_gridlines(2)
    sheet.set_row(0, 36)
    write_text(
        sheet, (0, 1), "Order in bulk", formats, palette.TITLE, bold=True, font_size=24, valign="vcenter"
    )
    write_text(
        sheet, (1, 1), f"Template {version}. One workbook in, marketplace orders out.", formats, palette.QUIET
    )
    row = _write_steps(sheet, formats, 3)
    row = _write_pairs(
        sheet, formats, row + 1, "Colours", [(name, text, colours) for colours, name, text in _COLOURS]
    )
    row = _write_pairs(
        sheet, formats, row + 1, "What is sent", [(name, text, palette.GREY) for name, text in _SENT]
    )
    row = _write_pairs(
        sheet, formats, row + 1, "Words", [(name, text, palette.GREY) for name, text in _WORDS]
    )
    row = _write_pairs(
        sheet,
        formats,
        row + 1,
        "What only bulk-orders check sees",
        [(name, text, palette.GREY) for name, text in _UNSEEN],
    )
    _write_links(sheet, formats, row + 1)
    set_page(sheet)
    sheet.protect()


def _write_steps(sheet: Any, formats: Formats, row: int) -> int:
    for number, name, text, target in _STEPS:
        sheet.set_row(row, 24)
        write_text(
            *(sheet, (row, 0), number, formats, palette.REQUIRED_HEADER),
            bold=True,
            align="center",
            valign="vcenter",
        )
        if target:
            style = formats(palette.LINK, bold=True, underline=1, valign="vcenter", font_size=12, indent=1)
            write_link(sheet, (row, 1), target, name, style)
        else:
            write_text(
                sheet,
                (row, 1),
                name,
                formats,
                palette.TITLE,
                bold=True,
                valign="vcenter",
                font_size=12,
                indent=1,
            )
        write_text(sheet, (row, 2), text, formats, valign="vcenter")
        row += 1
    return row


def _write_pairs(
    sheet: Any, formats: Formats, row: int, title: str, pairs: list[tuple[str, str, palette.Colours]]
) -> int:
    sheet.set_row(row, 24)
    write_text(sheet, (row, 1), title, formats, palette.TITLE, bold=True, font_size=14, valign="vcenter")
    for name, text, colours in pairs:
        row += 1
        write_text(sheet, (row, 1), name, formats, colours, bold=True, border=1, border_color=palette.RULE)
        write_text(sheet, (row, 2), text, formats, align="left", indent=1)
    return row + 1


def _write_links(sheet: Any, formats: Formats, row: int) -> None:
    sheet.set_row(row, 24)
    write_text(sheet, (row, 1), "Sheets", formats, palette.TITLE, bold=True, font_size=14, valign="vcenter")
    for name in _LINKS:
        row += 1
        write_link(sheet, (row, 1), f"{name}!A1", name, formats(palette.LINK, underline=1))
