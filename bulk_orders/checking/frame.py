"""A sheet as the rules see it: per column each different text once, and which row has which.

Rules ask about the different texts (few) and get an answer per row (many), so a rule costs next to nothing. A cell that
cannot be read, or whose cell note says that its text lies, counts as neither blank nor any value: other rules pass over it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bulk_orders.checking.normalise import ReadValue, is_checked, read_column, read_parameter
from bulk_orders.core.columns.table import TEXT_KINDS, Column, Kind, column, recognised
from bulk_orders.core.model import CellNote, SheetColumn, SheetRole, SheetTable
from bulk_orders.reading.cell_notes import CellNotes

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
CodeArray = npt.NDArray[np.int32]

PARAMETER_PREFIX = "parameter:"
"""Starts the name of a column headed `parameter: NAME`, which the table of columns does not have."""

_ALWAYS_DAMAGE: Mapping[CellNote, str] = {
    CellNote.ERROR: "E-CELL-ERROR",
    CellNote.FORMULA_STALE: "F-FORMULA-STALE",
    CellNote.VOLATILE: "E-VOLATILE",
    CellNote.MERGED: "F-MERGED",
    CellNote.MERGED_ASIDE: "F-MERGED",
}
_DAMAGE_TO_TEXTS: Mapping[CellNote, str] = {
    CellNote.FORMULA_ZERO: "F-FORMULA-STALE",
    CellNote.LONG_NUMBER: "E-LONG-ID",
}
_ROWS_TURNED = 1_000
_DONE: npt.NDArray[Any] = np.empty(0, dtype=object)
"""Stands for a column's texts when it has been read, so that they leave the memory at once."""
_OTHER_KINDS = frozenset({CellNote.DATE, CellNote.TIME, CellNote.BOOLEAN, CellNote.PERCENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A cell whose note says that its text is not what was meant."""

    code: str
    note: CellNote
    typed: str
    shown: str | None
    """What the cell shows instead, where that is known."""


@dataclass(frozen=True, kw_only=True)
class FrameColumn:
    """One column: `codes[position]` says which of `typed` and `canonical` a row has."""

    found: SheetColumn
    codes: CodeArray
    typed: Sequence[str]
    canonical: npt.NDArray[Any]
    """Canonical texts, as Python strings."""
    readings: Mapping[int, ReadValue]
    """By position in `typed`."""
    damaged: Mapping[int, Damage] = field(default_factory=dict)
    """By sheet row."""
    padded_rows: frozenset[int] = frozenset()
    """Sheet rows whose zeros come from the number format."""

    @cached_property
    def filled(self) -> BoolArray:
        """Which of `canonical` is a value; kept, for nearly every rule asks."""
        return self.canonical.astype(np.bool_)

    @cached_property
    def keys(self) -> IntArray:
        """A number for each of `canonical`, the same for the same value."""
        if self.canonical.tolist() == self.typed:  # no two are the same
            return np.arange(len(self.typed), dtype=np.int64)
        keys, _ = pd.factorize(self.canonical)
        return keys.astype(np.int64)

    def different(self, among: BoolArray) -> BoolArray:
        """Return which of `typed` and `canonical` some rows have."""
        found = np.zeros(len(self.typed), dtype=np.bool_)
        found[self.codes[among]] = True
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFrame:
    """The rows of one sheet, or of a part of it."""

    name: str
    roles: tuple[SheetRole, ...]
    """In the flat form ORDERS and CUSTOMERS, else one."""
    sheet_rows: IntArray
    columns: Mapping[str, FrameColumn]
    """By the names of `core.columns`, or `parameter:NAME`."""

    def __len__(self) -> int:
        return len(self.sheet_rows)

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def everywhere(self, *, broken: bool) -> BoolArray:
        """Return the same answer for each row."""
        return np.full(len(self), broken)

    def where(self, name: str, predicate: Callable[[str], bool], among: BoolArray | None = None) -> BoolArray:
        """Return the rows whose value is filled, readable and fulfils `predicate`; with `among`, which of those rows."""
        if name not in self.columns:
            return self.everywhere(broken=False)
        entry = self.columns[name]
        asked = np.flatnonzero(entry.filled if among is None else entry.filled & entry.different(among))
        answers = np.zeros(len(entry.typed), dtype=np.bool_)
        answers[asked] = [predicate(value) for value in entry.canonical[asked]]
        found: BoolArray = answers[entry.codes]
        return found if among is None else found & among

    def equals(self, name: str, key: str) -> BoolArray:
        """Return the rows that have this canonical value."""
        if name not in self.columns:
            return self.everywhere(broken=False)
        entry = self.columns[name]
        same: BoolArray = np.equal(entry.canonical, key).astype(np.bool_)
        return same[entry.codes]

    def filled(self, name: str) -> BoolArray:
        """Return the rows that have a readable value (or a blank that stands for one)."""
        if name not in self.columns:
            return self.everywhere(broken=False)
        entry = self.columns[name]
        found: BoolArray = entry.filled[entry.codes]
        return found

    def blank(self, name: str) -> BoolArray:
        """Return the rows where nothing was typed; what is damaged or unreadable is not blank."""
        if name not in self.columns:
            return self.everywhere(broken=True)
        entry = self.columns[name]
        is_blank = ~entry.filled
        is_blank[[unique for unique, reading in entry.readings.items() if reading.fault]] = False
        return is_blank[entry.codes] & ~self.damaged(name)

    def damaged(self, name: str) -> BoolArray:
        """Return the rows whose cell cannot be trusted."""
        entry = self.columns[name]
        if not entry.damaged:
            return self.everywhere(broken=False)
        return np.isin(self.sheet_rows, list(entry.damaged))

    def faulty(self, name: str, code: str) -> BoolArray:
        """Return the rows whose cell has this fault of reading."""
        entry = self.columns[name]
        faults = np.zeros(len(entry.typed), dtype=np.bool_)
        faults[[unique for unique, reading in entry.readings.items() if reading.fault == code]] = True
        rows = [sheet_row for sheet_row, damage in entry.damaged.items() if damage.code == code]
        broken: BoolArray = faults[entry.codes]
        return broken | np.isin(self.sheet_rows, rows) if rows else broken

    def informed(self, name: str, code: str) -> BoolArray:
        """Return the rows whose cell was changed in this harmless way."""
        entry = self.columns[name]
        changed = np.zeros(len(entry.typed), dtype=np.bool_)
        changed[[unique for unique, reading in entry.readings.items() if code in reading.infos]] = True
        return changed[entry.codes]

    def numbers(self, name: str, *, otherwise: int) -> IntArray:
        """Return a column of whole numbers; `otherwise` where there is none to read, or no such column."""
        if name not in self.columns:
            return np.full(len(self), otherwise, dtype=np.int64)
        entry = self.columns[name]
        numbers = [int(value) if value else otherwise for value in entry.canonical]
        return np.array(numbers, dtype=np.int64)[entry.codes]

    def value(self, name: str, position: int) -> str:
        """Return one canonical value; empty where the sheet has no such column."""
        if name not in self.columns:
            return ""
        entry = self.columns[name]
        return str(entry.canonical[entry.codes[position]])

    def typed(self, name: str, position: int) -> str:
        """Return what stands in the cell."""
        if name not in self.columns:
            return ""
        entry = self.columns[name]
        damage = entry.damaged.get(int(self.sheet_rows[position]))
        return damage.typed if damage else str(entry.typed[entry.codes[position]])

    def reading(self, name: str, position: int) -> ReadValue | None:
        """Return what is to be said about how the cell was read."""
        entry = self.columns[name]
        return entry.readings.get(int(entry.codes[position]))

    def series(self, name: str) -> pd.Series:
        """Return a column of canonical texts, blanks where the sheet has no such column; the index is Excel's row."""
        if name not in self.columns:
            return pd.Series("", index=self.sheet_rows, dtype=object, name=name)
        entry = self.columns[name]
        return pd.Series(entry.canonical[entry.codes], index=self.sheet_rows, dtype=object, name=name)

    def select(self, chosen: BoolArray) -> "SheetFrame":
        """Return the frame of some of the rows."""
        if chosen.all():
            return self
        columns = {name: replace(entry, codes=entry.codes[chosen]) for name, entry in self.columns.items()}
        return replace(self, sheet_rows=self.sheet_rows[chosen], columns=columns)

    def column(self, name: str) -> Column:
        """Return the entry of the table of columns; a name that it does not have is a `KeyError`."""
        return column_of(self.roles, name)


def column_of(roles: Iterable[SheetRole], name: str) -> Column:
    """Return the entry of the first of `roles` that has the column; none is a `KeyError`."""
    for role in roles:
        try:
            return column(role, name)
        except KeyError:
            continue
    raise KeyError(name)


def frame_of_columns(texts: pd.DataFrame, roles: tuple[SheetRole, ...]) -> SheetFrame:
    """Make a frame of columns that are called by name, header or alias; those that the table does not have are left out.

    Raises `TypeError` for a cell that is not a text: numbers have lost how they were typed.
    """
    columns: dict[str, FrameColumn] = {}
    sheet_rows = np.arange(len(texts), dtype=np.int64)
    for place, header in enumerate(map(str, texts.columns)):
        found = _named(header, roles)
        name = found.field or (f"{PARAMETER_PREFIX}{found.parameter}" if found.parameter else "")
        if name and name not in columns and _is_kept(roles, found):
            cells = texts.iloc[:, place].astype(object).fillna("").to_numpy(dtype=object, copy=True)
            if not all(isinstance(cell, str) for cell in pd.unique(cells)):
                raise TypeError(
                    (
                        "The column {column} contains values other than texts. Read the file with dtype=str."
                    ).format(column=header)
                )
            columns[name] = _column(found, roles, cells, sheet_rows, notes={}, shown={})
    return SheetFrame(name="", roles=roles, sheet_rows=sheet_rows, columns=columns)


def _named(header: str, roles: tuple[SheetRole, ...]) -> SheetColumn:
    entry = next((known for role in roles if (known := recognised(role, header.rstrip(" *")))), None)
    if entry is not None:
        return SheetColumn(letter="", header=header, field=entry.name)
    parameter = header.removeprefix(PARAMETER_PREFIX).strip() if header.startswith(PARAMETER_PREFIX) else ""
    return SheetColumn(letter="", header=header, parameter=parameter)


def frame_of(table: SheetTable, roles: tuple[SheetRole, ...]) -> SheetFrame:
    """Make a sheet's frame: every checked column and every free parameter, read once per different text."""
    sheet_rows = np.array(table.sheet_rows, dtype=np.int64)
    notes = table.notes if isinstance(table.notes, CellNotes) else CellNotes(table.notes)
    texts = _by_column(table)
    columns: dict[str, FrameColumn] = {}
    for index, found in enumerate(table.columns):
        name = found.field or (f"{PARAMETER_PREFIX}{found.parameter}" if found.parameter else "")
        if name and name not in columns and _is_kept(roles, found):
            columns[name] = _column(
                found, roles, texts[index], sheet_rows, notes.of_column(found.letter), table.shown
            )
        texts[index] = _DONE
    return SheetFrame(name=table.name, roles=roles, sheet_rows=sheet_rows, columns=columns)


def _by_column(table: SheetTable) -> list[npt.NDArray[Any]]:
    """Turn rows into columns, some rows at a time: measured, a third of going through all rows once per column."""
    columns = [np.empty(len(table.cells), dtype=object) for _ in table.columns]
    for start in range(0, len(table.cells), _ROWS_TURNED):
        rows = table.cells[start : start + _ROWS_TURNED]
        for column_texts, texts in zip(columns, zip(*rows, strict=True), strict=True):
            column_texts[start : start + len(rows)] = texts
    return columns


def _is_kept(roles: tuple[SheetRole, ...], found: SheetColumn) -> bool:
    return not found.field or column_of(roles, found.field).kind is not Kind.FORMULA


def _column(
    found: SheetColumn,
    roles: tuple[SheetRole, ...],
    texts: npt.NDArray[Any],
    sheet_rows: IntArray,
    notes: Mapping[int, CellNote],
    shown: Mapping[tuple[int, str], str],
) -> FrameColumn:
    entry = column_of(roles, found.field) if found.field else None
    damaged, padded = _judged(entry, notes, shown, found.letter, sheet_rows, texts)
    if damaged:
        texts[np.isin(sheet_rows, list(damaged))] = ""
    codes, uniques = pd.factorize(texts)
    typed: list[str] = uniques.tolist()
    values, readings = read_column(entry, typed, found.header) if entry else read_parameter(typed)
    if entry and entry.blank_means:
        values = [
            value or ("" if unique in readings and readings[unique].fault else entry.blank_means)
            for unique, value in enumerate(values)
        ]
    held = np.empty(len(values), dtype=object)
    held[:] = values
    return FrameColumn(
        found=found,
        codes=codes.astype(np.int32),
        typed=typed,
        canonical=held,
        readings=readings,
        damaged=damaged,
        padded_rows=padded,
    )


def _judged(
    entry: Column | None,
    notes: Mapping[int, CellNote],
    shown: Mapping[tuple[int, str], str],
    letter: str,
    sheet_rows: IntArray,
    texts: npt.NDArray[Any],
) -> tuple[dict[int, Damage], frozenset[int]]:
    """Return which noted cells cannot be trusted, and which had their zeros from the format."""
    if entry is not None and not is_checked(entry):
        return {}, frozenset()
    codes = {note: damage_code(entry, note) for note in set(notes.values())}
    is_padded = CellNote.ZERO_PADDED
    padded = (
        frozenset(row for row, note in notes.items() if note is is_padded)
        if is_padded in codes
        else frozenset()
    )
    if not any(codes.values()):  # as of a whole column of dates
        return {}, padded
    found = [(row, note, code) for row, note in notes.items() if (code := codes[note])]
    position = {int(row): place for place, row in enumerate(sheet_rows)}
    damaged = {
        row: Damage(code=code, note=note, typed=str(texts[position[row]]), shown=shown.get((row, letter)))
        for row, note, code in found
        if row in position
    }
    return damaged, padded


def damage_code(entry: Column | None, note: CellNote) -> str:
    """Return what a cell note means in a column, or nothing; `entry` is `None` for a free parameter."""
    kind = entry.kind if entry else Kind.TEXT
    if note in _ALWAYS_DAMAGE:
        return _ALWAYS_DAMAGE[note]
    if note in _DAMAGE_TO_TEXTS:
        return _DAMAGE_TO_TEXTS[note] if kind in TEXT_KINDS else ""
    if note is CellNote.SHOWN_OTHERWISE:
        return "" if kind is Kind.AMOUNT else "E-FORMAT"
    if note not in _OTHER_KINDS:
        return ""
    if kind is Kind.DATE:
        return "" if note is CellNote.DATE else "E-DATE"
    return "" if kind is Kind.CHOICE and note is CellNote.BOOLEAN else "E-TYPE"
