"""S01 to S14: sheets, headers and rows. R01 to R14 as far as one workbook shows them."""

from collections.abc import Callable, Mapping
from typing import Any

from corpus import entry as corpus
from corpus.entry import (
    CUSTOMER,
    ORDER,
    Case,
    Expected,
    book,
    csv,
    invalid,
    read,
    refused,
    saved,
    spoilt,
    warned,
    with_rows,
)
from openpyxl.comments import Comment

_SECOND = {**ORDER, "reference": "NOV-0002", "quantity": 6, "po_number": "00-0001"}
_EXISTING = {**CUSTOMER, "tenant": "Existing tenant", "send_company_details": "No"}
_WARNED = "held means: warned on the cell, and sent once people have confirmed"


def _changed(change: Callable[[Any], object], *orders: Mapping[str, Any]) -> Callable[[], bytes]:
    def made() -> bytes:
        workbook = book(orders or (ORDER,), (_EXISTING,))
        change(workbook["Orders"])
        return saved(workbook)

    return made


def _rows(*orders: Mapping[str, Any], customer: Mapping[str, Any] = _EXISTING) -> Callable[[], bytes]:
    return lambda: saved(book(orders, (customer,)))


def _headers(*changed: tuple[str, str]) -> Callable[[], bytes]:
    def change(sheet: Any) -> None:
        for at, text in changed:
            sheet[at] = text

    return _changed(change)


def _set(**cells: Any) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        for at, value in cells.items():
            sheet[at] = value

    return change


def _titles(sheet: Any) -> None:
    sheet.insert_rows(1, 4)
    sheet["A1"] = "Orders of November"


def _hide(sheet: Any) -> None:
    sheet.row_dimensions[3].hidden = True


def _hide_column(sheet: Any) -> None:
    sheet.column_dimensions["D"].hidden = True


def _moved(sheet: Any) -> None:
    for row in range(1, 3):
        values = [cell.value for cell in sheet[row]]
        for place, value in enumerate(reversed(values), start=1):
            sheet.cell(row, place).value = value


def _noted(sheet: Any) -> None:
    sheet["D2"].comment = Comment("do not order", "Ann")


def _result_columns(sheet: Any) -> None:
    for place, text in enumerate(("Outcome", "Order number", "row_key"), start=9):
        sheet.cell(1, place).value = text
        sheet.cell(2, place).value = "✔ Ordered"


def _many(count: int) -> Callable[[], bytes]:
    row = csv().splitlines()[1].replace("New tenant", "Existing tenant").replace(",Yes,1759", ",No,1759")
    rows = (
        row.replace("NOV-0001", f"R-{number}").replace("00-0000", f"P-{number}") for number in range(count)
    )
    return lambda: csv(*rows).encode()


def case(
    case_id: str,
    what: str,
    content: Callable[[], bytes],
    expected: Expected,
    *,
    file: str = "orders.xlsx",
    ruling: str = "",
) -> Case:
    return Case(id=case_id, what=what, content=content, expected=expected, file=file, ruling=ruling)


CASES: tuple[Case, ...] = (
    case("S01", "header only", _rows(dict.fromkeys(ORDER)), invalid("F-EMPTY", "Orders")),
    case("S01", "empty sheet", _changed(lambda sheet: sheet.delete_rows(1, 9)), refused("row of headers")),
    case("S02", "titles", _changed(_titles), read(rows=1), ruling="ux 2.1: found by its names in the first 15 rows"),
    case("S03", "twice", _changed(_set(I1="Quantity", I2=7)), invalid("F-DUP-HEADER", "Orders!I1, D1")),
    case("S04", "none", _changed(_set(I2="x")), read(rows=1), ruling="kept and not sent, and named like other extra columns"),
    case("S05", "spaces and case", _headers(("D1", " QUANTITY\u00a0* "), ("B1", "customer\u200bid")), read(rows=1)),
    case("S05", "a Cyrillic letter", _headers(("B1", "Сustomer ID")), invalid("F-HEADER", "Orders!B1")),
    case("S06", "unknown column", _changed(_set(I1="Colour", I2="red")), read(rows=1), ruling="ux 3 number 22: kept, listed, not sent"),
    case("S06", "nearly a known one", _headers(("B1", "Cust ID")), invalid("F-HEADER", "Orders!B1")),
    case("S07", "moved", _changed(_moved), read(rows=1)),
    case("S08", "merged", _changed(lambda sheet: sheet.merge_cells("E2:E3"), ORDER, _SECOND), invalid("F-MERGED", "Orders!E2, E3"), ruling="an error of all the merged cells, told once"),
    case("S09", "hidden rows", _changed(_hide, ORDER, _SECOND), warned("F-HIDDEN", "Orders"), ruling="not sent, and counted"),
    case("S09", "hidden columns", _changed(_hide_column), warned("W-HIDDEN-COLUMN", "Orders")),
    case("S10", "blank rows", lambda: with_rows(b'<row r="5"><c r="B5" t="inlineStr"><is><t>  </t></is></c></row>'), read(rows=1)),
    case("S11", "total", _changed(_set(A3="Total", D3=120)), invalid("E-NO-ORDER", "Orders!A3"), ruling="one problem: it is no order"),
    case("S12", "note", _changed(_noted), read(rows=1, told="I-COMMENTS", cell="Orders"), ruling="notes are not data; those of people are counted, those of ours are not"),
    case("S13", "results", _changed(_result_columns), read(rows=1), ruling="its columns are passed over; the ledger knows what was ordered"),
    case("S14", "50,001 rows", _many(50_001), read(rows=50_001), file="orders.csv", ruling="issue 4: a million rows are read"),
    case("R01", "identical", _rows(ORDER, {**ORDER, "reference": "NOV-0002"}), warned("W-DUP-ROW", "Orders!C2, C3"), ruling=_WARNED),
    case("R02", "same PO", _rows(ORDER, {**_SECOND, "po_number": "00-0000"}), read(rows=2), ruling="design 5: a PO may be shared; such orders are found by content"),
    case("R02", "same reference", _rows(ORDER, {**_SECOND, "reference": "NOV-0001"}), invalid("E-DUP-REF", "Orders!A2, A3")),
    case("R08", "new tenant with an existing domain", spoilt(domain="acme.com"), invalid("E-DOMAIN", "Customers!D2")),
    case("R08", "existing tenant without a domain", spoilt(tenant="Existing tenant", domain=None), invalid("E-EMPTY", "Customers!D2")),
    case("R09", "missing for a new tenant", spoilt(mca_accepted=None), invalid("E-EMPTY", "Customers!F2")),
    case("R09", "present for an existing one", spoilt(tenant="Existing tenant", send_company_details="No"), read("mca_accepted", "yes")),
    case("R10", "month and year", spoilt(commitment="1 month", billing="Yearly, upfront"), invalid("E-TERM-BILLING", "Orders!F2")),
    *(
        case("R12", kind, _rows({**ORDER, "order_type": kind}), invalid("E-ORDER-TYPE", "Orders!I2"))
        for kind in ("change", "renewal")
    ),
    case("R12", "cancellation", _rows({**ORDER, "order_type": "cancellation"}), invalid("E-EMPTY", "Orders row 2")),
    case("U02", "two rows of a customer", lambda: csv(corpus.FLAT_TEXT, {**corpus.FLAT_TEXT, "reference": "R2", "domain": "other.onmicrosoft.com"}).encode(), invalid("E-CONTRADICTION", ""), file="orders.csv"),
)  # fmt: skip
