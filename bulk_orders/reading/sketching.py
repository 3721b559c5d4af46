"""Looks at somebody's own file before anything is known of its columns: at the beginnings of its sheets, then at one sheet whole."""

from typing import Final

from bulk_orders.core.mapping import SEPARATORS, CsvForm
from bulk_orders.errors import InputError
from bulk_orders.ooxml.zip_package import open_package
from bulk_orders.reading.csv_table import csv_head, csv_rows, is_utf8
from bulk_orders.reading.file_kind import FileKind, file_kind
from bulk_orders.reading.headers import bare_layout, named
from bulk_orders.reading.part_checks import check_parts
from bulk_orders.reading.row_blocks import blocks_of
from bulk_orders.reading.sheets import MAPPED_SEARCH_ROWS, Book
from bulk_orders.reading.sketch import Beginning, Place, Sketch
from bulk_orders.reading.tables import BlockSink, gathered
from bulk_orders.reading.workbook import csv_sheet
from bulk_orders.reading.workbook_tables import Form, WorkbookTables

USUAL_ENCODING: Final = "cp1252"
"""What Excel writes in Western Europe and America as "CSV", and so the first that is tried where a file is not UTF-8."""
ANY_ENCODING: Final = "iso8859-1"
_LONGEST_TEXT: Final = 200
"""Characters of a cell in a sketch."""


def sketch_of(content: bytes, name: str, csv: CsvForm) -> Sketch:
    """Return the beginnings of a file's sheets; `csv` is what is said of a CSV file. Raises `InputError` if it cannot be read."""
    if file_kind(content, name) is FileKind.CSV:
        return _sketch_of_csv(content, name, csv)
    package = open_package(content)
    book = Book(package, check_parts(package))
    return Sketch(
        sheets=tuple(_beginning(sheet.name, book.first_rows(sheet)) for sheet in book.data_sheets()),
        is_csv=False,
    )


def _sketch_of_csv(content: bytes, name: str, csv: CsvForm) -> Sketch:
    encoding = "" if is_utf8(content) else csv.encoding or _readable(content)
    separators = [csv.separator] if csv.separator else SEPARATORS
    heads = {}
    for separator in separators:
        form = CsvForm(encoding=encoding, separator=separator)
        try:
            heads[separator] = csv_head(content, form, MAPPED_SEARCH_ROWS)
        except InputError:
            if len(separators) == 1 or (separator == SEPARATORS[-1] and not heads):
                raise
    separator = max(heads, key=lambda found: _cells_in_common([texts for _, texts in heads[found]]))
    return Sketch(
        sheets=(_beginning(csv_sheet(name), heads[separator]),),
        is_csv=True,
        encoding=encoding,
        separator=separator,
    )


def _readable(content: bytes) -> str:
    """Return the usual encoding, or the one that reads every byte where a byte is none of the usual one's."""
    try:
        content.decode(USUAL_ENCODING)
    except UnicodeDecodeError:
        return ANY_ENCODING
    return USUAL_ENCODING


def _cells_in_common(rows: list[list[str]]) -> int:
    """Return how many cells most rows have: with the right separator many, with a wrong one mostly one."""
    widths = sorted(len(texts) for texts in rows if any(texts))
    return widths[len(widths) // 2] if widths else 0


def _beginning(name: str, rows: list[tuple[int, list[str]]]) -> Beginning:
    return Beginning(
        name=name,
        rows=tuple(tuple(text[:_LONGEST_TEXT] for text in texts) for _, texts in rows),
        numbers=tuple(number for number, _ in rows),
    )


def read_bare(content: bytes, name: str, place: Place, keep: BlockSink = gathered) -> WorkbookTables:
    """Return one sheet as a table whose columns are all its own. Raises `InputError` if there is no such sheet or row."""
    if file_kind(content, name) is FileKind.CSV:
        rows = csv_rows(content, place.csv, place.header_row)
        header = next(rows, None)
        if header is None or header[0] != place.header_row:
            raise _no_header(place)
        layout = named(bare_layout(header), place.names)
        table, _ = keep(place.sheet, layout, blocks_of(layout, rows))
        return WorkbookTables(form=Form.FLAT, orders=table, is_csv=True)
    package = open_package(content)
    book = Book(package, check_parts(package))
    sheet = next((sheet for sheet in book.data_sheets() if sheet.name == place.sheet), None)
    found = [head for head in book.first_rows(sheet) if head[0] == place.header_row] if sheet else []
    if sheet is None or not found:
        raise _no_header(place)
    layout = named(book.layout(sheet, found[0], ()), place.names)
    table, _ = book.table(sheet, layout, keep)
    return WorkbookTables(form=Form.FLAT, orders=table)


def _no_header(place: Place) -> InputError:
    return InputError(
        "Sheet {sheet} has no headers in row {row}.".format(sheet=place.sheet, row=place.header_row),
        fix="Give the sheet with --sheet, and the row of its headers with --header-row.",
    )
