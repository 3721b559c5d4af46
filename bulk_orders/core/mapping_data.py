"""A mapping as plain data, the same in its file, in the ledger and between processes; nothing that is read is believed."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final, TypeVar

from bulk_orders.core.columns.shapes import Column, Kind
from bulk_orders.core.mapping import (
    DATE_ORDERS,
    ENCODINGS,
    MOST_PARTS,
    SEPARATORS,
    CsvForm,
    FixedValue,
    HeaderMapping,
    header_key,
    header_names,
    known_fields,
    label_for,
    may_be_fixed,
    value_key,
)
from bulk_orders.core.rule_constants import LEGAL_STATEMENTS
from bulk_orders.errors import InputError

_Value = TypeVar("_Value")


def as_data(mapping: HeaderMapping) -> dict[str, Any]:
    """Return a mapping as its file has it: texts, numbers, lists and tables alone."""
    csv = {"encoding": mapping.csv.encoding, "separator": mapping.csv.separator}
    found: dict[str, Any] = {
        "confirmed": mapping.is_confirmed,
        "headers": list(mapping.headers),
        "sheet": mapping.sheet,
        "csv": {key: value for key, value in csv.items() if value},
        "columns": dict(mapping.columns),
        "values": {name: dict(values) for name, values in mapping.values.items() if values},
        "dates": dict(mapping.dates),
        "parts": dict(mapping.parts),
        "fixed": {name: _fixed_data(fixed) for name, fixed in mapping.fixed.items()},
    }
    return {key: value for key, value in found.items() if value not in ("", {})}


def _fixed_data(fixed: FixedValue) -> str | dict[str, str]:
    if not fixed.stated_by:
        return fixed.value
    return {"value": fixed.value, "stated_by": fixed.stated_by, "stated_on": fixed.stated_on}


def from_data(data: Mapping[str, Any], name: str) -> HeaderMapping:
    """Return the mapping of a file called `name`. Raises `InputError` that names the entry which is not as it should be."""
    return _Reader(data, name).mapping()


class _Reader:
    """Takes one mapping apart and believes nothing of it."""

    def __init__(self, data: Mapping[str, Any], name: str) -> None:
        self._data = data
        self._name = name
        self._known = known_fields()

    def mapping(self) -> HeaderMapping:
        unknown = set(self._data) - set(_ENTRIES)
        if unknown:
            raise self._fault(min(unknown), "only these: {entries}".format(entries=", ".join(_ENTRIES)))
        headers = self._headers()
        columns = self._by_field("columns", self._text)
        self._hold_to(columns, headers)
        found = HeaderMapping(
            headers=headers,
            columns=columns,
            values=self._by_field("values", self._values),
            fixed=self._by_field("fixed", self._fixed),
            dates=self._by_field("dates", self._order),
            parts=self._by_field("parts", self._parts),
            sheet=self._text("sheet", self._data.get("sheet", "")),
            csv=self._csv(),
            is_confirmed=self._data.get("confirmed") is True,
            name=self._name,
        )
        twice = set(found.fixed) & set(columns)
        if twice:
            raise self._fault(f"fixed.{min(twice)}", "a column of the file or a fixed value, not both")
        return found

    def _fault(self, entry: str, expected: str) -> InputError:
        return InputError(
            "In {name} the entry {entry} is not as it should be.".format(name=self._name, entry=entry),
            fix="Expected {expected}. Correct it, or delete the file and run `bulk-orders map` again.".format(
                expected=expected
            ),
        )

    def _headers(self) -> tuple[str, ...]:
        headers = self._data.get("headers")
        if not isinstance(headers, list) or not headers or not all(isinstance(text, str) for text in headers):
            raise self._fault("headers", "a list of the file's headers")
        if header_names(headers) != headers:
            raise self._fault("headers", "different headers; the second of a name is called Name #2")
        return tuple(headers)

    def _hold_to(self, columns: Mapping[str, str], headers: Iterable[str]) -> None:
        there = {header_key(header) for header in headers}
        used: set[str] = set()
        for name, header in columns.items():
            key = header_key(header)
            if key not in there or key in used:
                raise self._fault(f"columns.{name}", "one of the headers, and each of them once")
            used.add(key)

    def _by_field(self, entry: str, read: Callable[[str, Any], _Value]) -> dict[str, _Value]:
        table = self._data.get(entry, {})
        if not isinstance(table, dict):
            raise self._fault(entry, "a table")
        for name in table:
            if name not in self._known:
                raise self._fault(
                    f"{entry}.{name}", "the name of a column, as `bulk-orders help columns` lists them"
                )
        return {name: read(f"{entry}.{name}", value) for name, value in table.items()}

    def _text(self, entry: str, value: Any) -> str:
        if not isinstance(value, str):
            raise self._fault(entry, "a text in quotes")
        return value

    def _values(self, entry: str, value: Any) -> dict[str, str]:
        column = self._known[entry.partition(".")[2]]
        if not isinstance(value, dict) or not column.choices:
            raise self._fault(entry, "a table of typed texts with what they mean, of a column with a list")
        labels = {
            value_key(typed): label_for(column, self._text(entry, meant)) for typed, meant in value.items()
        }
        return {typed: self._label(entry, column, label) for typed, label in labels.items()}

    def _label(self, entry: str, column: Column, label: str | None) -> str:
        if label is None:
            raise self._fault(entry, _any_of(choice.label for choice in column.choices))
        return label

    def _fixed(self, entry: str, value: Any) -> FixedValue:
        column = self._known[entry.partition(".")[2]]
        told = {"value": value} if isinstance(value, str) else value
        if (
            not isinstance(told, dict)
            or set(told) - {"value", "stated_by", "stated_on"}
            or not may_be_fixed(column)
        ):
            raise self._fault(entry, "a value, of a column that may be the same in every row")
        typed = self._text(entry, told.get("value"))
        fixed = FixedValue(
            value=self._label(entry, column, label_for(column, typed)) if column.choices else typed,
            stated_by=self._text(entry, told.get("stated_by", "")).strip(),
            stated_on=str(told.get("stated_on", "")),
        )
        if column.name in LEGAL_STATEMENTS and not (fixed.stated_by and _is_day(fixed.stated_on)):
            raise self._fault(entry, "value, stated_by (a name) and stated_on (a date such as 2026-11-29)")
        return fixed

    def _order(self, entry: str, value: Any) -> str:
        if self._known[entry.partition(".")[2]].kind is not Kind.DATE or value not in DATE_ORDERS:
            raise self._fault(entry, _any_of(DATE_ORDERS))
        return str(value)

    def _parts(self, entry: str, value: Any) -> int:
        is_number = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_PARTS
        if entry != "parts.mpn" or not is_number:
            raise self._fault(entry, "mpn with a number from 1 to 5")
        return int(value)

    def _csv(self) -> CsvForm:
        table = self._data.get("csv", {})
        if not isinstance(table, dict) or set(table) - {"encoding", "separator"}:
            raise self._fault("csv", "a table with encoding and separator")
        encoding, separator = table.get("encoding", ""), table.get("separator", "")
        if encoding not in ("", *ENCODINGS):
            raise self._fault("csv.encoding", _any_of(ENCODINGS))
        if separator not in ("", *SEPARATORS):
            raise self._fault("csv.separator", "a comma, a semicolon, a tab or a bar")
        return CsvForm(encoding=encoding, separator=separator)


_ENTRIES: Final = ("confirmed", "headers", "sheet", "csv", "columns", "values", "dates", "parts", "fixed")


def _any_of(texts: Iterable[str]) -> str:
    return "one of {values}".format(values=", ".join(texts))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
