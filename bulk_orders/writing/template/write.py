"""The empty workbook that people fill: what stands on which sheet is made from `core.columns`.

The file has no moment of its making in it, so that the copy in `templates/` changes only when the template does.
"""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final

from bulk_orders.core import sheet_names
from bulk_orders.core.columns.table import COLUMNS
from bulk_orders.core.model import SheetRole
from bulk_orders.core.our_marks import META_SHEET
from bulk_orders.writing.drop_downs import write_lists
from bulk_orders.writing.formats import Formats
from bulk_orders.writing.new_book.book import CREATED, new_book
from bulk_orders.writing.saving import MAKE_ROOM, Replace, publish
from bulk_orders.writing.template.computed_values import LiveSheets
from bulk_orders.writing.template.examples_sheet import write_examples
from bulk_orders.writing.template.formulas import Values
from bulk_orders.writing.template.sheets import (
    FIRST_ROW,
    SHEET_NAMES,
    FormulaSheet,
    TemplateSheet,
    define_names,
)
from bulk_orders.writing.template.start_sheet import write_start

TEMPLATE_VERSION: Final = 1
TEMPLATE_KIND: Final = "orders workbook"


def write_template(
    path: Path,
    *,
    rows: int = 200,
    catalogue: Sequence[Values] | None = None,
    customers: Sequence[Values] | None = None,
    orders: Sequence[Values] | None = None,
    own_domain: str = "",
    today: date = date.max,
    replace: Replace = os.replace,
) -> Path:
    """Write the template and return where it is; a workbook that somebody filled is not replaced but numbered past.

    `catalogue`, `customers` and `orders` fill the sheets Products, Customers and Orders with rows by column name, as
    cells show them. `rows` rows have formulas; lists and colours reach 5,000. `own_domain` is the partner's, where no
    customer has an e-mail address. `today` is for the stored results of formulas only; by the latest day, the default,
    no day is in the future. Raises `ResultsNotWritten`.
    """
    filled = {
        SheetRole.PRODUCTS: catalogue or (),
        SheetRole.CUSTOMERS: customers or (),
        SheetRole.ORDERS: orders or (),
    }

    def fill(file: BinaryIO) -> None:
        fill_template(file, filled, rows, own_domain=own_domain, today=today)

    return publish(
        path,
        fill,
        mark=f"template {TEMPLATE_VERSION}",
        last_rows={SHEET_NAMES[role]: FIRST_ROW - 1 + len(values) for role, values in filled.items()},
        fix=MAKE_ROOM,
        replace=replace,
    )


def schema_hash() -> str:
    """Return a SHA-256 in hex that changes whenever the table of columns does."""
    return hashlib.sha256(repr(COLUMNS).encode()).hexdigest()


def fill_template(
    file: BinaryIO,
    filled: Mapping[SheetRole, Sequence[Values]],
    rows: int,
    *,
    own_domain: str = "",
    today: date = date.max,
    afterwards: Callable[[Any, Mapping[SheetRole, Any], Formats], None] | None = None,
) -> None:
    """Write the template's bytes; `afterwards` may add sheets, and write over cells of the book's own, by role."""
    # In the properties of the file.
    book = new_book(
        file,
        kind=TEMPLATE_KIND,
        mark=f"template {TEMPLATE_VERSION}",
        title="Orders for the marketplace",
        created=CREATED,
        row_by_row=False,
    )
    formats = Formats(book)
    live = LiveSheets(filled, today, own_domain)
    start = book.add_worksheet(sheet_names.START_HERE)
    sheets = {role: book.add_worksheet(name, FormulaSheet) for role, name in SHEET_NAMES.items()}
    define_names(book)
    write_start(start, formats, TEMPLATE_VERSION)
    for role, sheet in sheets.items():
        TemplateSheet(sheet, formats, role, filled, live).write(formula_rows=rows)
    if afterwards:
        afterwards(book, sheets, formats)
    write_examples(book.add_worksheet(sheet_names.EXAMPLES), formats)
    write_lists(book, book.add_worksheet(sheet_names.LISTS), formats, own_domain=own_domain)
    _write_meta(book.add_worksheet(META_SHEET))
    (sheets[SheetRole.ORDERS] if any(filled.values()) else start).activate()
    book.close()


def _write_meta(sheet: Any) -> None:
    lines = (("template_version", str(TEMPLATE_VERSION)), ("schema_hash", schema_hash()), ("language", "en"))
    for row, (name, value) in enumerate(lines):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)
    sheet.protect()
    sheet.very_hidden()
