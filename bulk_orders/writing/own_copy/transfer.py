"""What the process that writes into somebody's workbook receives: values of ours as JSON, many of a kind column by column.

Both ends are this program. A column in which all say the same is sent once, and one at its default not at all. Instead of
many values that have fields only, named tuples with these fields are received: they take a tenth of the time.
"""

import json
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from itertools import repeat
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from bulk_orders.machine.isolation import ByteSource

_LONGEST_LENGTH: Final = 20
"""In digits."""
_Value = TypeVar("_Value")


def sent(value: object) -> bytes:
    """Return a value as it is sent: a dataclass of texts, numbers, moments, choices, and others of them."""
    return json.dumps(value, default=_plain).encode()


def received(kind: type[_Value], content: bytes) -> _Value:
    """Return the value of this kind that was sent."""
    value: _Value = _reader(kind)(json.loads(content))
    return value


def pieces(values: Iterable[object]) -> Iterator[bytes]:
    """Yield values one after the other as they are sent, each with its length before it."""
    for value in values:
        content = sent(value)
        yield b"%d\n" % len(content) + content


class Pieces:
    """What `pieces` sent, read as far as it is asked for, and kept because it may be asked for again."""

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._read: list[bytes] = []

    def __getitem__(self, number: int) -> bytes:
        """Return the content of a piece, counted from 0."""
        while len(self._read) <= number:
            self._read.append(self._source.read(int(self._source.readline(_LONGEST_LENGTH))))
        return self._read[number]


def _plain(value: Any) -> Any:
    """Return what JSON knows instead of a value that it does not know."""
    if isinstance(value, datetime):
        return value.isoformat()
    if not is_dataclass(value):
        return list(value)
    found = {field.name: getattr(value, field.name) for field in fields(value)}
    return {name: _columns(entry) if _is_many(entry) else entry for name, entry in found.items()}


def _is_many(value: object) -> bool:
    return isinstance(value, Sequence) and len(value) > 0 and is_dataclass(value[0])


def _columns(records: Sequence[Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for field in fields(records[0]):
        column = [*map(attrgetter(field.name), records)]
        first, filled = column[0], next(filter(None, column), None)
        if first == column[-1] and column.count(first) == len(column):
            if first != field.default:
                columns[field.name] = {"all": first}
        elif isinstance(filled, datetime):  # quicker here than one by one in `_plain`
            columns[field.name] = [moment and moment.isoformat() for moment in column]
        else:
            columns[field.name] = column
    return {"number": len(records), "columns": columns}


def _read_columns(kind: type, told: Mapping[str, Any]) -> list[Any]:
    readers, columns = _field_readers(kind), told["columns"]
    values: list[Iterable[Any]] = []
    for field in fields(kind):
        read, column = readers[field.name], columns.get(field.name)
        if column is None:
            made = field.default_factory() if field.default_factory is not MISSING else field.default
            values.append(repeat(made, told["number"]))
        elif isinstance(column, dict):
            values.append(repeat(read(column["all"]), told["number"]))
        else:
            values.append(column if read is _same else map(read, column))
    names = [field.name for field in fields(kind)]
    if any(isinstance(member, property) for member in vars(kind).values()):
        return [kind(**dict(zip(names, entries, strict=True))) for entries in zip(*values, strict=True)]
    light = namedtuple(kind.__name__, names)  # type: ignore[misc]  # noqa: PYI024 - of a kind that is known only here
    return [*map(light._make, zip(*values, strict=True))]


def _same(value: Any) -> Any:
    return value


@cache
def _field_readers(kind: type) -> dict[str, Callable[[Any], Any]]:
    return {name: _reader(hint) for name, hint in get_type_hints(kind).items()}


def _reader(hint: Any) -> Callable[[Any], Any]:
    """Return what makes a value of this kind again from what JSON made of it."""
    if get_origin(hint) is not None:
        return _reader_of_many(get_origin(hint), get_args(hint))
    if hint is datetime:
        return datetime.fromisoformat
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {choice.value: choice for choice in hint}.__getitem__
    if isinstance(hint, type) and is_dataclass(hint):
        return lambda told: hint(**{name: _field_readers(hint)[name](value) for name, value in told.items()})
    return _same


def _reader_of_many(origin: Any, inner: tuple[Any, ...]) -> Callable[[Any], Any]:
    """Return the same for a kind that has others in it: `X | None`, mappings, tuples, and what is like a list."""
    if origin in (Union, UnionType):
        read = _reader(next(kind for kind in inner if kind is not NoneType))
        return _same if read is _same else lambda told: None if told is None else read(told)
    if issubclass(origin, Mapping):
        name_of, value_of = int if inner[0] is int else _reader(inner[0]), _reader(inner[1])
        return lambda told: {name_of(name): value_of(entry) for name, entry in told.items()}
    if origin is tuple and inner[-1] is not Ellipsis:
        readers = [*map(_reader, inner)]
        return lambda told: tuple(read(entry) for read, entry in zip(readers, told, strict=True))
    make = origin if origin in (frozenset, list) else tuple
    read = _reader(inner[0])
    return lambda told: make(_read_columns(inner[0], told) if isinstance(told, dict) else map(read, told))
