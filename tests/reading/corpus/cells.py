"""C01 to C36: what may stand in a cell."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from corpus import entry as corpus
from corpus.entry import (
    Case,
    Expected,
    Shown,
    Xml,
    address,
    csv_address,
    csv_with,
    invalid,
    read,
    saved,
    spoilt,
    warned,
)
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

_TOLD = "the ux catalogue wins: said as an info with the cell, never in silence"
_CELLS: list[tuple[str, str, object, Expected | str, str]] = [
    # id, field, typed, expected (a text: an error of that code), ruling
    ("C01", "special_qualifications", "None", read("special_qualifications", "None"), ""),
    ("C02", "special_qualifications", "NONE", read("special_qualifications", "None"), ""),
    ("C02", "special_qualifications", "Soe", read("special_qualifications", "soe"), ""),
    ("C03", "special_qualifications", None, read("special_qualifications", None), ""),
    ("C04", "country", "NA", read("country", "NA"), ""),
    ("C05", "company_name", "Null Ltd", read("company_name", "Null Ltd"), ""),
    ("C05", "company_name", "n/a", "E-COMPANY", ""),
    ("C05", "po_number", "null", read("po_number", "null"), ""),
    ("C06", "customer_id", "#N/A", "E-CELL-ERROR", ""),
    ("C06", "quantity", "#REF!", "E-CELL-ERROR", ""),
    ("C06", "po_number", "#DIV/0!", "E-CELL-ERROR", ""),
    ("C07", "customer_id", 1000105563, read("customer_id", "1000105563"), ""),
    ("C07", "customer_id", 1000105563.0, read("customer_id", "1000105563"), ""),
    ("C08", "customer_id", "0001000", read("customer_id", "0001000"), ""),
    ("C09", "po_number", 12345678901234567890, "E-LONG-ID", ""),
    ("C10", "po_number", "1E5", read("po_number", "1E5"), ""),
    ("C10", "po_number", "00012", read("po_number", "00012"), ""),
    ("C10", "po_number", "12-2022", read("po_number", "12-2022"), ""),
    ("C10", "po_number", "3/4", read("po_number", "3/4"), ""),
    ("C10", "po_number", date(2026, 4, 3), "E-TYPE", ""),
    ("C11", "postal_code", Shown(1234, "00000"), read("postal_code", "01234", told="I-ZERO-PADDED"), ""),
    ("C11", "postal_code", 1234, warned("W-ZERO", address("postal_code")), ""),
    *[
        ("C12", "quantity", value, "E-NUMBER", "")
        for value in (1.5, "1e9", "NaN", "inf", "1e400", "2,5")
    ],
    *[("C12", "quantity", value, "E-RANGE", "") for value in (0, -5)],
    ("C12", "quantity", 1e9, "E-RANGE", "a number cell of 1e9 is a whole number; it is over the limit"),
    *[("C13", "quantity", value, read("quantity", "1"), "") for value in (1.0, "1", " 1 ", "1.0")],
    ("C13", "quantity", " 5 ", read("quantity", "5", told="I-TRIM"), ""),
    ("C13", "quantity", True, "E-TYPE", ""),
    *[
        ("C13", "quantity", value, "E-NUMBER", "")
        for value in ("1_000", "1,000", "1.000,0", "٥", "5 pcs", "five", "1'000")
    ],
    ("C13", "quantity", "1.00", read("quantity", "1"), "a point and one or two zeros is the number before it"),
    ("C13", "quantity", "1.000", invalid("E-NUMBER", "Orders!D2"), "a thousand to some, one to others"),
    ("C13", "quantity", "５", read("quantity", "5", told="I-WIDTH"), _TOLD),
    *[("C14", "quantity", value, "E-NUMBER", "") for value in (0.30000000000000004, 2.9999999999)],
    ("C15", "quantity", 5000, warned("W-OUTLIER", address("quantity")), "held means: warned, and confirmed"),
    ("C16", "agreement_date", date(2022, 4, 9), read("agreement_date", "2022-04-09"), "sent as 04-09-2022"),
    ("C16", "agreement_date", "2022-04-09", read("agreement_date", "2022-04-09"), ""),
    ("C16", "agreement_date", "04-13-2022", read("agreement_date", "2022-04-13"), "only one reading"),
    ("C16", "agreement_date", "04-09-2022", "E-DATE-TEXT", "two readings, and no other date of the column decides"),
    ("C16", "agreement_date", "04/09/2022", "E-DATE-TEXT", ""),
    ("C16", "agreement_date", "9 Apr 2022", read("agreement_date", "2022-04-09"), "the month as a word: only one reading"),
    ("C16", "agreement_date", 44660, "E-DATE", ""),
    ("C16", "agreement_date", "44660", "E-DATE", ""),
    ("C17", "agreement_date", date(2027, 1, 1), "E-DATE-FUTURE", ""),
    ("C17", "agreement_date", Shown(60, "yyyy-mm-dd"), "E-DATE", "29 February 1900, which was no day"),
    ("C17", "agreement_date", Shown(0, "yyyy-mm-dd"), "E-DATE", ""),
    ("C17", "agreement_date", date(9999, 12, 31), "E-DATE-FUTURE", ""),
    ("C17", "agreement_date", datetime(2022, 4, 9, 10, 30), "E-DATE", ""),  # noqa: DTZ001  # Excel has no zones
    ("C17", "agreement_date", "2022-04-09T00:00:00+02:00", "E-DATE", ""),
    ("C17", "agreement_date", "2022-04-09 00:00", read("agreement_date", "2022-04-09"), ""),
    ("C18", "partner_attestation", "yes", read("partner_attestation", "true"), ""),
    ("C18", "partner_attestation", True, read("partner_attestation", "true"), ""),
    ("C18", "partner_attestation", 1, "E-LIST", ""),
    ("C18", "partner_attestation", "x", "E-LIST", ""),
    ("C18", "partner_attestation", None, "E-EMPTY", ""),
    ("C18", "partner_attestation", "No", "E-ATTEST-POR", ""),
    ("C19", "customer_email", "john@doe.com ", read("customer_email", "john@doe.com", told="I-TRIM"), ""),
    *[
        ("C19", "customer_email", value, "E-EMAIL", "")
        for value in ("John <john@doe.com>", "a@doe.com; b@doe.com", "jöhn@doe.com", "john@dö.com")
    ],
    ("C19", "customer_email", f"john@{'d' * 320}.com", "E-LENGTH", ""),
    ("C19", "customer_email", "john@microsoft.com", "E-EMAIL-MICROSOFT", ""),
    ("C19", "customer_email", "me@partner.com", "E-EMAIL-OWN", ""),
    *[("C20", "company_name", value, "E-COMPANY", "") for value in ("aaaa", "LLC")],
    ("C20", "company_name", "27\tRings", "E-CHARS", ""),
    ("C20", "company_name", "27  Rings", read("company_name", "27  Rings"), "design 9: not only spaces is Microsoft's rule"),
    ("C21", "domain", "x1.onmicrosoft.com", read("domain", "x1.onmicrosoft.com"), ""),
    ("C21", "domain", "X1.onmicrosoft.com", read("domain", "x1.onmicrosoft.com", told="I-CASE"), _TOLD),
    *[
        ("C21", "domain", value, "E-DOMAIN", "")
        for value in ("https://x1.onmicrosoft.com", "x1.onmicrosoft.com.", "х1.onmicrosoft.com")
    ],
    ("C22", "phone", "(716) 633-3600", read("phone", "(716) 633-3600"), ""),
    ("C22", "phone", 7166333600, read("phone", "7166333600"), ""),
    ("C22", "phone", "+17166333600", read("phone", "+17166333600"), ""),
    *[("C23", "country", value, "E-COUNTRY", "") for value in ("USA", "UK", "XX")],
    ("C23", "country", "us", read("country", "US", told="I-CASE"), "documented: said as an info"),
    ("C24", "mpn", "CFQ7TTC0LH16:0001\u200b", read("mpn", "CFQ7TTC0LH16:0001", told="I-NBSP"), _TOLD),
    ("C24", "mpn", "\u00a0CFQ7TTC0LH16:0001", read("mpn", "CFQ7TTC0LH16:0001", told="I-NBSP"), _TOLD),
    ("C24", "mpn", "CFQ7TTC0LH16–0001", "E-CHARS", ""),
    ("C24", "mpn", "cfq7ttc0lh16:0001", read("mpn", "CFQ7TTC0LH16:0001"), "Microsoft's are in capitals"),
    *[("C26", "company_name", f"Acme{sign}Ltd", "E-CHARS", "") for sign in "\u202e\u2066\U000e0041"],
    ("C27", "company_name", "東京商店 🍣", read("company_name", "東京商店 🍣"), ""),
    ("C27", "company_name", "Zoe\u0301 Bakery", read("company_name", "Zo\u00e9 Bakery"), ""),
    ("C27", "company_name", "İstanbul ışık", read("company_name", "İstanbul ışık"), ""),
    ("C29", "company_name", "ab" * 128, "E-LENGTH", ""),
    *[("C30", "po_number", Xml(f'<c {{at}} t="inlineStr"><is><t>{text}</t></is></c>'), "E-CHARS", "")
      for text in ("=HYPERLINK(1)", "=cmd|'/c calc'!A1")],
    *[
        ("C30", "po_number", Xml(f'<c {{at}} t="inlineStr"><is><t>{text}</t></is></c>'), read("po_number", text), "")
        for text in ("+1+1", "-1", "@SUM")
    ],
    ("C30", "customer_id", Xml('<c {at} t="inlineStr"><is><t>=1000105563</t></is></c>'), "E-CHARS", ""),
    ("C31", "quantity", Xml("<c {at}><f>2+3</f><v>5</v></c>"), read("quantity", "5", told="I-FORMULA"),
     "the saved result is used and said as an info; ux has no hold for it"),
    ("C31", "quantity", Xml("<c {at}><f>2+3</f></c>"), "F-FORMULA-STALE",
     "an error of the cell, so that each is named; its row is not lost"),
    *[
        ("C32", "quantity", Xml(f"<c {{at}}><f>{formula}</f><v>5</v></c>"), "E-VOLATILE", "")
        for formula in ("DAY(NOW())", "RANDBETWEEN(1,9)", "[1]Prices!$A$1", "'C:\\x\\[2]Nov'!A1")[:3]
    ],
    ("C32", "agreement_date", Xml("<c {at}><f>TODAY()</f><v>44660</v></c>"), "E-VOLATILE", ""),
    ("C33", "company_name", CellRichText("27 ", TextBlock(InlineFont(b=True), "Rings")), read("company_name", "27 Rings"), ""),
    ("C33", "po_number", Shown(0.5, "0%"), "E-TYPE", ""),
    ("C33", "po_number", time(12, 30), "E-TYPE", ""),
    ("C33", "po_number", timedelta(hours=36), "E-TYPE", ""),
    ("C33", "quantity", Shown(5, '"$"#,##0'), read("quantity", "5"), "currency is only how the number looks"),
    *[
        ("C34", "company_name", text, read("company_name", text), "")
        for text in ("<script>alert(1)</script>", "{{7*7}} Ltd", "${jndi:ldap://x}", "'; DROP TABLE orders")
    ],
    ("C35", "company_name", "27\nRings", "E-CHARS", "also in names: nothing of the platform takes two lines"),
    ("C35", "po_number", "x\r\nX-Header: y", "E-CHARS", ""),
]  # fmt: skip


def _cases() -> Iterator[Case]:
    for number, (case_id, name, typed, expected, ruling) in enumerate(_CELLS):
        wanted = invalid(expected, address(name)) if isinstance(expected, str) else expected
        yield Case(
            id=case_id,
            what=f"{name} {number}",
            content=spoilt(**{name: typed}),
            expected=wanted,
            ruling=ruling,
        )


def _dates_of_1904() -> bytes:
    workbook = corpus.book()
    workbook.epoch = datetime(1904, 1, 1)  # noqa: DTZ001  # Excel has no zones
    return saved(workbook)


def _product(name: str) -> bytes:
    workbook = corpus.book()
    sheet = workbook.create_sheet("Products")
    sheet.append(["Product (MPN)", "Product name"])
    for mpn in (name, name):
        sheet.append([mpn, "Exchange"])
    return saved(workbook)


CASES: tuple[Case, ...] = (
    *_cases(),
    Case(id="C16", what="1904", content=_dates_of_1904, expected=read("agreement_date", "2022-04-09")),
    Case(
        id="C25",
        what="not listed",
        content=lambda: _product("OTHER:1"),
        expected=invalid("E-PRODUCT", address("mpn")),
    ),
    Case(
        id="C25",
        what="listed twice",
        content=lambda: _product("CFQ7TTC0LH16:0001"),
        expected=warned("W-DUP-PRODUCT", "Products!A2, A3"),
        ruling="twice on our sheet is harmless; the marketplace's own complaint comes with check --online",
    ),
    *(
        Case(
            id="C28",
            what=f"control character {number}",
            content=spoilt(company_name=Xml(f'<c {{at}} t="inlineStr"><is><t>a{text}b</t></is></c>')),
            expected=invalid("E-CHARS", address("company_name")),
        )
        for number, text in enumerate(("_x000B_", "_x0000_", "&#xFFFD;", "&#xFFFE;"))
    ),
    Case(
        id="C28",
        what="NUL in the XML itself",
        content=spoilt(company_name=Xml('<c {at} t="inlineStr"><is><t>a\x00b</t></is></c>')),
        expected=invalid("E-CHARS", address("company_name")),
    ),
    Case(
        id="C29",
        what="a megabyte",
        content=spoilt(company_name=Xml(f'<c {{at}} t="inlineStr"><is><t>{"ab" * 500_000}</t></is></c>')),
        expected=invalid("E-LENGTH", address("company_name")),
    ),
    Case(
        id="C30",
        what="csv",
        content=csv_with(po_number="\t=1"),
        file="orders.csv",
        expected=invalid("E-CHARS", csv_address("po_number")),
    ),
    Case(
        id="C30",
        what="a wide equals sign",
        content=csv_with(company_name="＝1 Ltd"),
        file="orders.csv",
        expected=read("company_name", "＝1 Ltd"),
    ),
    Case(
        id="C36",
        what="sheet name",
        content=lambda: corpus.patched(
            corpus.good(), "xl/workbook.xml", b'name="Orders"', b'name="../../etc/x"'
        ),
        expected=read(rows=1),
    ),
    *(
        Case(id="C36", what=name[:20], content=csv_with(), file=name, expected=read(rows=1))
        for name in ("../../etc/x.csv", "CON.csv", "a:b.csv", f"{'x' * 300}.csv")
    ),
)
