"""DataFrames in and out: frames of orders become the tables that a workbook of the same texts is read as.

A cell is a text, or something with one text that is meant: a number, a day in a column of dates, True or False in a column
of choices, a missing value. Everything else is a problem with its cell.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd

from bulk_orders.checking.frame import column_of
from bulk_orders.checking.normalise import is_checked
from bulk_orders.core.columns.table import Kind
from bulk_orders.core.model import Problem, SheetColumn, SheetRole
from bulk_orders.core.problem_texts import problem
from bulk_orders.errors import UsageError
from bulk_orders.reading.cell_text import number_text
from bulk_orders.reading.in_memory import FIRST_ROW, NAMES, as_kept, tables_in_memory
from bulk_orders.reading.workbook_tables import WorkbookTables

Frame: TypeAlias = pd.DataFrame
"""What `to_frame` returns, for rooms that know no pandas."""
DataFrames: TypeAlias = pd.DataFrame | Mapping[str, pd.DataFrame]
"""One frame of orders, in the flat form with the customers' columns; or frames by `orders`, `customers` and `products`."""

_MOMENT: Final = "datetime64[us, UTC]"
_TYPES: Final[Mapping[str, str]] = {
    "row": "Int64",
    "attempts": "Int64",
    "to_send": "bool",
    "cancel_before": _MOMENT,
    "ordered_at": _MOMENT,
    "cells": "object",
    "order_rows": "object",
}
"""Of the fields of records that are not texts."""
_CELLS_TOLD: Final = 100
"""Cells of one column that a problem names; in a column of the wrong type they are all wrong."""
_COMING_AGAIN: Final = frozenset({bool, int, float, dt.date, pd.Timestamp, type(None)})
"""Types of values that are said once for all that are equal."""
_MOST_BITS: Final = 1_024
"""Of a whole number: far more than any column takes."""


def tables_of(source: object) -> WorkbookTables:
    """Return the tables of `DataFrames`. Columns go by the headers that a workbook may have; the index is not read.

    Raises `UsageError` for anything else, and `InputError` where a workbook of the same cells could not be read.
    """
    frames = source if isinstance(source, Mapping) else {SheetRole.ORDERS.value: source}
    unknown = [str(sheet) for sheet in frames if sheet not in set(SheetRole)]
    if unknown or SheetRole.ORDERS not in frames:
        raise UsageError(
            'There is no sheet "{sheet}" to pass a DataFrame for.'.format(sheet=unknown[0])
            if unknown
            else "The mapping has no DataFrame of orders.",
            fix="The keys are orders, customers and products; orders is required.",
        )
    sheets: dict[SheetRole, _GivenFrame] = {}
    for role in SheetRole:
        if role in frames:
            frame = frames[role]
            if not isinstance(frame, pd.DataFrame):
                kind = type(frame).__name__
                raise UsageError(
                    "A {kind} cannot be checked or run.".format(kind=kind),
                    fix=(
                        "Pass a path, a pandas DataFrame, or a mapping of "
                        "orders, customers and products to DataFrames."
                    ),
                )
            sheets[role] = _GivenFrame(frame, NAMES[role])
    return tables_in_memory(sheets)


@dataclass(frozen=True, slots=True)
class _GivenFrame:
    """A frame as a sheet that somebody has in memory."""

    frame: pd.DataFrame
    name: str

    @property
    def headers(self) -> Sequence[str]:
        return ["" if _is_missing(label) else str(label) for label in self.frame.columns]

    @property
    def row_count(self) -> int:
        return len(self.frame)

    def column(
        self, position: int, found: SheetColumn, roles: Sequence[SheetRole]
    ) -> tuple[list[str], Iterable[Problem]]:
        entry = column_of(roles, found.field) if found.field else None
        saying = _Saying(kind=entry.kind if entry else Kind.TEXT)
        values = self.frame.iloc[:, position].astype(object).tolist()
        texts, changed = as_kept(saying.texts(values))
        is_read = is_checked(entry) if entry else bool(found.parameter)
        why = saying.why | changed
        return texts, [self._problem(found, why)] if why and is_read else []

    def _problem(self, found: SheetColumn, why: Mapping[int, str]) -> Problem:
        """Tell of the cells of a column without a text that is certainly meant."""
        rows = [FIRST_ROW + place for place in sorted(why)[:_CELLS_TOLD]]
        cells = tuple(f"{found.letter}{row}" for row in rows)
        header = found.header.rstrip(" *")
        return problem(
            "F-CELL",
            parts={"cell": cells[0], "column": header, "why": why[min(why)]},
            sheet=self.name,
            sheet_row=rows[0],
            cells=cells,
            column=header,
            field=found.field,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saying:
    """Says the values of one column as texts."""

    kind: Kind
    why: dict[int, str] = field(default_factory=dict)
    """Why a value has no text that is certainly meant, by its place in the column."""

    def texts(self, values: list[Any]) -> list[str]:
        """Return each value as text, empty for a missing one; most are texts already, and most others come again."""
        texts = values.copy()
        known: dict[tuple[type, Any], tuple[str, str]] = {}
        for place in [place for place, value in enumerate(values) if value.__class__ is not str]:
            value = values[place]
            name = (value.__class__, value if value.__class__ in _COMING_AGAIN else place)
            if name not in known:
                known[name] = ("", "") if _is_missing(value) else self._said(value)
            texts[place], why = known[name]
            if why:
                self.why[place] = why
        return texts

    def _said(self, value: Any) -> tuple[str, str]:
        """Return the text of a value, and why it may not be the one that is meant."""
        match value:
            case str():
                said = str.__str__(value), ""
            case bool() | np.bool_():
                said = (
                    "TRUE" if value else "FALSE",
                    "" if self.kind is Kind.CHOICE else "True or False where other words are expected",
                )
            case int() | np.integer() if int(value).bit_length() <= _MOST_BITS:
                said = str(int(value)), ""
            case float() | np.floating():
                text, note = number_text(float(value))
                said = text, "a float with more digits than it keeps exactly" if note else ""
            case Decimal() if value.is_finite() and abs(value.adjusted()) <= _MOST_BITS:
                whole, _, rest = f"{value:f}".partition(".")
                said = f"{whole}.{rest}" if rest.strip("0") else whole, ""
            case np.datetime64():
                said = self._day(pd.Timestamp(value))
            case dt.date():
                said = self._day(value)
            case _:
                said = str(value), "a value of type {kind}".format(kind=type(value).__name__)
        return said

    def _day(self, value: dt.date) -> tuple[str, str]:
        if isinstance(value, dt.datetime):
            nanosecond = getattr(value, "nanosecond", 0)  # a pandas Timestamp has some
            if value.tzinfo is not None or value.time() != dt.time.min or nanosecond:
                return value.isoformat(sep=" "), "a moment, which is more than a day"
            value = value.date()
        return value.isoformat(), "" if self.kind is Kind.DATE else "a date outside a column of dates"


def _is_missing(value: Any) -> bool:
    """Tell whether a value is None, NaN, NaT or pd.NA."""
    if isinstance(value, Decimal):
        return value.is_nan()
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def frame_of_records(records: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Return records as a frame of these columns, with the same types whatever is missing: texts but for `_TYPES`."""
    frame = pd.DataFrame(list(records), columns=list(columns), dtype=object)
    return frame.astype({name: _TYPES.get(name, "str") for name in columns})
