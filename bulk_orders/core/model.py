"""The values that travel through the program: frozen, without behaviour that needs the outside.

Read cells become `SheetTable`s, checked rows become `Row`s and `Problem`s, ready rows become `Order`s.
What happens to an order afterwards is in `core.lifecycle` and the ledger's records.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Final

AUTHOR: Final = "bulk-orders"
"""Who writes the notes on cells of our workbooks; notes by others are the user's."""

_CELLS_NAMED: Final = 3


class Severity(enum.StrEnum):
    """What a problem means for its row."""

    ERROR = "error"
    """The row is not sent."""
    WARNING = "warning"
    """The row is sent after confirmation."""
    INFO = "info"
    """We changed something harmless."""


class SheetRole(enum.StrEnum):
    """What a sheet is for. In the flat form one sheet plays ORDERS and CUSTOMERS at once."""

    ORDERS = "orders"
    CUSTOMERS = "customers"
    PRODUCTS = "products"


class CellNote(enum.StrEnum):
    """What a cell's text no longer tells: recorded only for the cells that need it."""

    DATE = "date"
    """A real date cell; the text is ISO `2022-04-09`."""
    TIME = "time"
    """A time, a date with a time, or a duration."""
    BOOLEAN = "boolean"
    """A real boolean; the text is `TRUE` or `FALSE`."""
    ERROR = "error"
    """An Excel error; the text is what Excel shows, `#N/A`."""
    FORMULA_STALE = "formula without a result"
    """Or with one that Excel would not show, as it has not calculated it."""
    FORMULA_ZERO = "formula with the result 0"
    """In a column of texts: what programs write that do not calculate, and what an empty cell is that is referred to."""
    VOLATILE = "formula with another result tomorrow"
    """A formula that uses the clock, random numbers or another workbook; the text is its saved result."""
    LONG_NUMBER = "number of more than 15 digits"
    """A number cell that Excel has rounded, or that shows as `1.2E+17`."""
    ZERO_PADDED = "zero-padded number"
    """A value to which its format adds zeros or literals; the text has them (`02134`, `PO-123`)."""
    MERGED = "merged"
    """Covered by a merged range that begins further up in the column; the text is empty."""
    MERGED_ASIDE = "merged from the left"
    """Covered by a merged range that begins in another column; the text is empty."""
    PERCENT = "percent"
    SHOWN_OTHERWISE = "shown otherwise"
    """Its number format shows another value than the text, which is what is stored: rounded, in thousands, without the year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a cell, a row or the workbook, and what to do about it."""

    code: str
    """As `bulk-orders explain` knows it: `E-EMPTY`, `F-HEADER`, `W-ZERO`, `I-TRIM`."""
    severity: Severity
    message: str
    fix: str = ""
    sheet: str = ""
    """The sheet's own name; empty for the workbook as a whole."""
    sheet_row: int | None = None
    """Excel's row number."""
    cells: tuple[str, ...] = ()
    """Excel's addresses on `sheet`, the main one first: `("H14",)`; empty for the sheet or the workbook."""
    column: str = ""
    """The header people see: `Quantity`."""
    field: str = ""
    """The column's name in `core.columns`."""
    value: str = ""
    """What was typed, cut at 100 characters."""
    proposal: str | None = None
    """What to type instead, when only one thing makes sense."""
    order_rows: tuple[int, ...] = ()
    """Rows of the Orders sheet that this stops or concerns, when the cell is on another sheet."""

    @property
    def where(self) -> str:
        """`Orders!H14`, `Orders!C31, C32`, `Orders row 14`, `Orders`, or the empty string."""
        if self.cells:
            more = ", …" if len(self.cells) > _CELLS_NAMED else ""
            return f"{self.sheet}!{', '.join(self.cells[:_CELLS_NAMED])}{more}"
        if self.sheet_row is not None:
            return "{sheet} row {row}".format(sheet=self.sheet, row=self.sheet_row)
        return self.sheet

    @property
    def sheet_rows(self) -> tuple[int, ...]:
        """The rows of its cells as Excel numbers them; without cells its own row, or none."""
        if len(self.cells) > 1:
            return tuple(dict.fromkeys(int(cell.lstrip(ascii_uppercase)) for cell in self.cells))
        return () if self.sheet_row is None else (self.sheet_row,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetColumn:
    """One column of a sheet as found."""

    letter: str
    """Excel's column letters: `H`, `AB`."""
    header: str
    """As typed, trimmed."""
    field: str = ""
    """The name in `core.columns`; empty for an extra column that is kept and not sent."""
    parameter: str = ""
    """`NAME` of a column headed `parameter: NAME`, case kept."""

    @property
    def is_read(self) -> bool:
        """Whether its cells are more than kept."""
        return bool(self.field or self.parameter)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTable:
    """One sheet as read: text cells with their addresses, and notes where text alone would lie."""

    name: str
    header_row: int
    """Excel's number of the row with the headers."""
    columns: tuple[SheetColumn, ...]
    sheet_rows: tuple[int, ...]
    """Excel's number of each row in `cells`; blank rows are absent."""
    cells: list[list[str]]
    """One list per row, one text per entry of `columns`; only truly empty cells are ``''``."""
    notes: Mapping[tuple[int, str], CellNote] = field(default_factory=dict)
    """By (sheet row, column letter)."""
    shown: Mapping[tuple[int, str], str] = field(default_factory=dict)
    """What cells noted as `SHOWN_OTHERWISE` show, where that is known."""
    hidden_rows: frozenset[int] = frozenset()
    """Excel's numbers of hidden or filtered rows that have data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One order row, checked and put in canonical form, with its customer's fields joined in."""

    sheet_row: int
    """On the Orders sheet (or the flat sheet)."""
    values: Mapping[str, str]
    """By the names of `core.columns`, canonical (`core.columns.shapes.Choice`, ISO dates, plain decimals); blanks absent."""
    parameters: tuple[tuple[str, str], ...] = ()
    """From `parameter: NAME` columns, blanks absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to place for one row."""

    key: str
    """The order key (`core.identity`)."""
    sheet_row: int
    reference: str
    customer_id: str
    mpn: str
    quantity: str
    domain: str
    """A new tenant's domain, else empty: other orders for it wait until the tenant is there (`sending.tenants`)."""
    marker: str
    """The PO number that is sent."""
    body: str
    """The order body as canonical JSON."""
    fingerprint: str
    """SHA-256 of the canonical content without the PO number: same content, same fingerprint."""

    @property
    def licences(self) -> int:
        """How many licences it asks for; 0 where it asks for none."""
        return int(self.quantity or 0)
