"""The results workbook, sorted, filtered, corrected and added to by hand, is run again: only what is new is sent.

The hand works on the sheet's XML, as Excel does when it sorts: whole rows change places, with their styles.
"""

import re
import zipfile
from pathlib import Path

import pytest
from books.order_books import BASIC, TOO_MANY, order_row, order_rows, result_rows, write_book
from books.own_books import sheet_part, with_parts
from processes import Desk

pytestmark = pytest.mark.long

_ROW = re.compile(rb'<row r="(\d+)"([^>]*)>(.*?)</row>', re.DOTALL)


class Hand:
    """Rows of the sheet Orders of a results workbook, whose texts all stand in the cells themselves."""

    def __init__(self, xml: bytes, shared: list[str]) -> None:
        self._shared = shared
        self.rows = [(row[2], row[3]) for row in _ROW.finditer(xml)]
        self._xml = xml
        head = self.rows[0][1]
        self.columns = {self._text(cell): cell[1] for cell in self._cells(head)}

    def _cells(self, row: bytes) -> list[re.Match[bytes]]:
        return list(re.finditer(rb'<c r="([A-Z]+)\d+"([^>]*)>(.*?)</c>', row))

    def _text(self, cell: re.Match[bytes]) -> str:
        value = re.search(rb"<(?:v|t)[^>]*>([^<]*)<", cell[3])
        text = value[1].decode() if value else ""
        return self._shared[int(text)] if b't="s"' in cell[2] else text

    def text(self, row: bytes, header: str) -> str:
        return next((self._text(cell) for cell in self._cells(row) if cell[1] == self.columns[header]), "")

    def typed(self, row: bytes, header: str, text: str) -> bytes:
        cell = rb'(<c r="%s\d+"(?: s="\d+")?)[^>]*>.*?</c>' % self.columns[header]
        return re.sub(cell, rb'\1 t="inlineStr"><is><t>%s</t></is></c>' % text.encode(), row, count=1)

    def written(self) -> bytes:
        rows = []
        for number, (about, row) in enumerate(self.rows, start=1):
            cells = re.sub(rb'(<c r="[A-Z]+)\d+"', rb'\g<1>%d"' % number, row)
            rows.append(b'<row r="%d"%s>%s</row>' % (number, about, cells))
        start, end = self._xml.index(b"<row "), self._xml.index(b"</sheetData>")
        return self._xml[:start] + b"".join(rows) + self._xml[end:]


def work_by_hand(path: Path) -> None:
    content = path.read_bytes()
    part = sheet_part(content, "Orders")
    with zipfile.ZipFile(path) as archive:
        shared = archive.read("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in archive.namelist() else b""
        texts = re.findall(rb"<si><t[^>]*>([^<]*)</t></si>", shared)
        hand = Hand(archive.read(part), [text.decode() for text in texts])
    head, *rows = hand.rows
    rows.sort(key=lambda row: hand.text(row[1], "customerId"), reverse=True)
    for place, (about, row) in enumerate(rows):
        match hand.text(row, "reference"):
            case "ROW-0007":
                rows[place] = (about, hand.typed(row, "quantity", "40"))
            case "ROW-0008":
                rows[place] = (about, hand.typed(row, "customerId", "1000106400"))
            case "ROW-0002":
                rows[place] = (about + b' hidden="1"', row)  # filtered away
    new = rows[1][1][: rows[1][1].index(b'<c r="%s' % hand.columns["Outcome"])]
    new = hand.typed(hand.typed(new, "reference", "NEW-1"), "customerId", "1000106500")
    hand.rows = [head, *rows[:3], (b"", new), *rows[3:]]
    path.write_bytes(with_parts(content, {part: lambda _: hand.written()}))


def test_sorted_filtered_corrected_and_added_to_exactly_three_orders_are_sent(desk: Desk) -> None:
    practice = desk.practice()
    failing = [order_row(7, mpn=BASIC, quantity=TOO_MANY), order_row(8, customerId="999")]
    book = write_book(desk.folder / "orders.xlsx", [*order_rows(6), *failing])
    first = desk.run("run", book, "--practice-at", practice.base_url, "--json")
    results = Path(first.json["files"]["results"])
    assert (first.json["counts"]["accepted"], first.json["counts"]["rejected"], practice.count()) == (6, 2, 6)
    work_by_hand(results)

    second = desk.run("run", results, "--practice-at", practice.base_url, "--json")

    assert (second.code, second.json["counts"]["accepted"], practice.count()) == (0, 3, 9)
    sent = {
        (order["customerId"], order["sent"]["products"][0]["quantity"]) for order in practice.orders()[6:]
    }
    assert {("1000106006", 40), ("1000106400", 9)} <= sent
    assert "1000106500" in {customer for customer, _ in sent}
    written = result_rows(Path(second.json["files"]["results"]))
    outcomes = {row["reference"]: row["outcome_code"] for row in written}
    assert outcomes["NEW-1"] == outcomes["ROW-0007"] == outcomes["ROW-0008"] == "accepted"
    assert [row["reference"] for row in written if row["outcome_code"] == "ordered_before"] == [
        *("ROW-0006", "ROW-0005", "ROW-0004", "ROW-0003", "ROW-0002", "ROW-0001")
    ]
    assert all(row["Order number"] for row in written)


def test_a_run_says_why_the_results_of_a_csv_file_are_in_a_new_workbook(desk: Desk) -> None:
    practice = desk.practice()
    row = order_row(1)
    book = desk.folder / "orders.csv"
    book.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    ended = desk.run("run", book, "--practice-at", practice.base_url)
    assert ended.code == 0
    assert "a new workbook, not a copy of yours: it is a CSV file" in ended.err
