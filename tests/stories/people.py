"""A workbook that names people in every place where it can, and where their names are looked for afterwards."""

import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from html import unescape
from io import BytesIO
from pathlib import Path

import openpyxl
from books.order_books import BASIC, TOO_MANY, order_row
from openpyxl.comments import Comment
from processes import Desk

ANNA = "1000106001"
BORIS = "1000106002"
"""Their companies' ids."""
PEOPLE = {
    ANNA: (
        "Annabella",
        "Quillfeather",
        "annabella@quillfeatherkites.com",
        "+15550104711",
        "12 Larkspur Mews",
    ),
    BORIS: ("Borislav", "Thistlewood", "borislav@thistlewoodlooms.com", "+15550104712", "34 Foxglove Lane"),
}
COMPANY = {ANNA: "Quillfeather Kites", BORIS: "Thistlewood Looms"}
SPOKEN_OF = "Philippa Nettlebed said so on the phone"
"""In a column of the user's own."""


def rows_of(customer_id: str, number: int, **changes: str) -> dict[str, str]:
    """An order for that company, signed by its person."""
    first, last, email, phone, address = PEOPLE[customer_id]
    return {
        **order_row(number),
        "microsoft_domain": f"company{customer_id}.onmicrosoft.com",
        "reference": f"{last} {number}",
        "customerId": customer_id,
        "customer_company_name": COMPANY[customer_id],
        "mca_acceptance": "Yes",
        "agreement_date": "2026-11-02",
        "first_name_agreement": first,
        "last_name_agreement": last,
        "email_address_agreement": email,
        "Send company details?": "Yes",
        "effective_address": address,
        "effective_city": "Springfield",
        "effective_state": "IL",
        "effective_postal_code": "62701",
        "effective_country": "US",
        "effective_phonenumber": phone,
        "customer_email": email,
        "Who asked": SPOKEN_OF,
        **changes,
    }


def workbook_of_people(path: Path, *rows: dict[str, str]) -> Path:
    """A flat workbook of these rows, with a comment and a property that name somebody, too."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Orders"
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    sheet["A2"].comment = Comment(SPOKEN_OF, "Philippa Nettlebed")
    book.properties.creator = "Philippa Nettlebed"
    book.save(path)
    return path


def three_rows() -> list[dict[str, str]]:
    """One that is taken, one that the marketplace refuses, one whose cell is wrong: all of Anna; and one of Boris."""
    return [
        rows_of(ANNA, 1),
        rows_of(ANNA, 2, mpn=BASIC, quantity=TOO_MANY),
        rows_of(ANNA, 3, quantity="as many as Nettlebed said"),
        rows_of(BORIS, 4),
    ]


def words_of(*customers: str) -> list[str]:
    """All that must not be found any more."""
    return [
        *(word for customer in customers for word in (*PEOPLE[customer], COMPANY[customer])),
        "Nettlebed",
    ]


def told_by(content: bytes, wanted: Iterable[str]) -> list[str]:
    """Which of the words stand in the bytes, in whatever case and encoding."""
    texts = [content.decode(code, "replace").casefold() for code in ("utf-8", "utf-16-le", "latin-1")]
    return [word for word in wanted if any(word.casefold() in unescape(text) for text in texts)]


def files_of_ledger(desk: Desk, ledger: str = "practice/ledger.sqlite") -> Iterator[Path]:
    """The ledger's file and all that is named after it."""
    path = desk.home / ledger
    yield from path.parent.glob(f"{path.name}*")


def found_in_ledger(desk: Desk, wanted: Iterable[str]) -> list[str]:
    """Which of the words stand anywhere in the raw files, or packed in what a table holds."""
    wanted = list(wanted)
    found = [word for path in files_of_ledger(desk) for word in told_by(path.read_bytes(), wanted)]
    with closing(sqlite3.connect(desk.home / "practice" / "ledger.sqlite")) as connection:
        for (content,) in connection.execute("SELECT content FROM sources"):
            found += told_by(content, wanted)
            if content.startswith(b"PK"):
                found += _found_in_parts(content, wanted)
    return found


def found_in_package(path: Path, wanted: Iterable[str]) -> list[str]:
    """Which of the words stand in any part of a workbook or zip, or in its raw bytes."""
    wanted = list(wanted)
    content = path.read_bytes()
    return told_by(content, wanted) + _found_in_parts(content, wanted)


def _found_in_parts(content: bytes, wanted: list[str]) -> list[str]:
    with zipfile.ZipFile(BytesIO(content)) as package:
        names = package.namelist()
        parts = [package.read(name) for name in names]
    return [word for part in (*parts, " ".join(names).encode()) for word in told_by(part, wanted)]
