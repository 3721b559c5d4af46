"""Where columns of ours go on the user's sheet, and what they leave alone there."""

import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from books.own_books import HEADERS, checked, order_values, parts, png, results, sheet_part, with_parts

pytestmark = pytest.mark.long

_ROWS = 3
_PLAIN = HEADERS[1:]


def _book(folder: Path, *, picture_at: str = "", quantity: int = 5) -> bytes:
    """A flat workbook with headers in row 1 and three orders below; no filter."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("Orders")
    sheet.write_row(0, 0, _PLAIN)
    for row in range(1, 1 + _ROWS):
        values = order_values(row, _PLAIN, {}) | {"Margin": "x"}
        sheet.write_row(row, 0, values.values())
        sheet.write_number(row, _PLAIN.index("Quantity"), quantity)
    if picture_at:
        sheet.insert_image(picture_at, str(png(folder / "red.png")))
    book.close()
    return file.getvalue()


def _column_of_outcome(content: bytes) -> int:
    (cell,) = (
        cell for cell in openpyxl.load_workbook(BytesIO(content))["Orders"][1] if cell.value == "Outcome"
    )
    return int(cell.column)


@pytest.mark.parametrize("place", ["BZ1", "AZ2", "O30", "P200"])
def test_result_columns_stand_beside_the_data_where_no_drawing_would_cover_them(
    place: str, tmp_path: Path
) -> None:
    assert _column_of_outcome(results(tmp_path, _book(tmp_path, picture_at=place))) == len(_PLAIN) + 1


def test_result_columns_stand_right_of_a_drawing_that_would_cover_them(tmp_path: Path) -> None:
    assert _column_of_outcome(
        results(tmp_path, _book(tmp_path, picture_at="Q2"))
    ) > openpyxl.utils.column_index_from_string("Q")


def test_a_sheet_without_a_filter_gets_none(tmp_path: Path) -> None:
    made = results(tmp_path, _book(tmp_path))
    assert not openpyxl.load_workbook(BytesIO(made))["Orders"].auto_filter.ref
    assert b"Orders" not in b"".join(re.findall(rb"_FilterDatabase[^<]*<", parts(made)["xl/workbook.xml"]))


def test_a_number_in_a_cell_without_a_style_is_shown_as_it_is_under_the_mark(tmp_path: Path) -> None:
    """Though the workbook's first style is a date."""
    book = _book(tmp_path, quantity=-3)
    book = with_parts(
        book,
        {
            "xl/styles.xml": lambda xml: re.sub(rb'(<cellXfs[^>]*><xf numFmtId=)"0"', rb'\1"14"', xml),
            sheet_part(book, "Orders"): lambda xml: re.sub(rb'(<c r="D\d+") s="0"', rb"\1", xml),
        },
    )
    cell = openpyxl.load_workbook(BytesIO(checked(tmp_path, book)))["Orders"]["D2"]
    assert (cell.value, cell.number_format) == (-3, "General")
    assert cell.border.left.style == "medium"
