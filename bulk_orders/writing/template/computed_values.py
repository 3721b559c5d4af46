"""Works out what the template's formulas show, so that each is stored with its result."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bulk_orders.core.columns.table import Kind, column
from bulk_orders.core.model import SheetRole
from bulk_orders.writing.cells import date_value, decimal_number, whole_number
from bulk_orders.writing.drop_downs import OWN_DOMAIN, word_cells
from bulk_orders.writing.template.formula_terms import Value, day_number
from bulk_orders.writing.template.formulas import RANGES, Values, formula_terms

_NOTHING: Final[Values] = {}


class LiveSheets:
    """The filled sheets, and what their formulas show."""

    def __init__(self, filled: Mapping[SheetRole, Sequence[Values]], today: dt.date, own_domain: str) -> None:
        """Take rows by sheet, each its values by column name, and as `today` what TODAY() gives."""
        self.today = today
        self._filled = filled
        self._own_domain = own_domain
        self._known: dict[tuple[SheetRole, int, str], Value] = {}
        self._ranges: dict[str, Sequence[Value]] = {}

    def shown(self, role: SheetRole, index: int, name: str) -> Value:
        """Return what a formula column shows in a row of a sheet: the first filled row is 0, and rows after the last are empty."""
        index = min(index, len(self._filled.get(role, ())))
        place = (role, index, name)
        if place not in self._known:
            self._known[place] = formula_terms(role)[name].compute(SheetLine(self, role, index))
        return self._known[place]

    def typed(self, role: SheetRole, index: int, name: str) -> Value:
        """Return what stands in a cell that people fill, as it is written to the workbook."""
        rows = self._filled.get(role, ())
        words = (rows[index] if index < len(rows) else _NOTHING).get(name, "")
        return cell_value(column(role, name).kind, words)

    def named(self, name: str) -> Sequence[Value]:
        """Return the cells that go by a defined name, as far as they are filled."""
        if name not in self._ranges:
            self._ranges[name] = self._cells(name)
        return self._ranges[name]

    def _cells(self, name: str) -> Sequence[Value]:
        if name == OWN_DOMAIN:
            return (self._own_domain,)
        if name not in RANGES:
            return word_cells()[name]
        role, wanted = RANGES[name]
        look = self.shown if column(role, wanted).kind is Kind.FORMULA else self.typed
        return [look(role, index, wanted) for index in range(len(self._filled.get(role, ())))]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A row as terms see it."""

    sheets: LiveSheets
    role: SheetRole
    index: int

    @property
    def today(self) -> dt.date:
        """The day that TODAY() gives."""
        return self.sheets.today

    def cell(self, name: str) -> Value:
        """Return what the row's cell in a column shows."""
        look = self.sheets.shown if column(self.role, name).kind is Kind.FORMULA else self.sheets.typed
        return look(self.role, self.index, name)

    def named(self, name: str) -> Sequence[Value]:
        """Return the cells that go by a defined name."""
        return self.sheets.named(name)


def cell_value(kind: Kind, words: str) -> Value:
    """Return a cell as it is written: a day as Excel's number, an amount as a number, everything else as text."""
    found: float | None = None
    if kind is Kind.WHOLE_NUMBER:
        found = whole_number(words)
    elif kind is Kind.AMOUNT:
        found = decimal_number(words)
    elif kind is Kind.DATE and (day := date_value(words)) is not None:
        found = day_number(day.date())
    return words if found is None else float(found)
