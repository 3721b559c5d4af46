"""Mappings as files beside the workbooks they are for: `export.mapping.toml`."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

from bulk_orders.core.mapping import ENDING, HeaderMapping
from bulk_orders.core.mapping_data import as_data, from_data
from bulk_orders.core.plain_text import with_unseen_shown
from bulk_orders.errors import InputError
from bulk_orders.reading.input_file import read_file

_MOST_FILES: Final = 200
"""In one folder; whoever has more keeps them by kind of file."""
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_OUR_COPIES = re.compile(r"\.(?:checked|fixed(?: \(2\))?|results-[0-9]{8}-[0-9]{4})\Z")


def mapping_path(path: Path) -> Path:
    """Return where the mapping of a file goes: beside it, also beside its checked and results workbooks."""
    stem = path.stem
    while found := _OUR_COPIES.search(stem):
        stem = stem[: found.start()]
    return path.with_name(f"{stem}{ENDING}")


def mappings_beside(path: Path) -> tuple[HeaderMapping, ...]:
    """Return the mappings in a file's folder, its own first. Raises `InputError` if its own cannot be read; others are passed over."""
    own = mapping_path(path)
    found = [read_mapping(own)] if own.is_file() else []
    for other in sorted(path.parent.glob(f"*{ENDING}"))[:_MOST_FILES]:
        if other.name != own.name:
            with suppress(InputError):
                found.append(read_mapping(other))
    return tuple(found)


def read_mapping(path: Path) -> HeaderMapping:
    """Read one mapping. Raises `InputError` that names the file and the entry."""
    try:
        data = tomllib.loads(read_file(path).decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            "{name} is not a TOML file: {reason}.".format(name=path.name, reason=error),
            fix="Correct that line, or delete the file and run `bulk-orders map` again.",
        ) from error
    return from_data(data, path.name)


_FILE_HEAD: Final = (
    "What the columns of {name} are, made by `bulk-orders map`. "
    "Files with the same headers in this folder are read in the same way."
)


def mapping_text(mapping: HeaderMapping, source_name: str) -> str:
    """Return the text of a mapping's file, with a word on what it is for."""
    lines = [f"# {_FILE_HEAD.format(name=with_unseen_shown(source_name))}", ""]
    return "\n".join([*lines, *_entries(as_data(mapping), "")]) + "\n"


def _entries(table: Mapping[str, Any], above: str) -> Iterator[str]:
    """Yield the lines of a table: its own values first, then the tables in it."""
    for key, value in table.items():
        if not isinstance(value, dict):
            yield f"{_key(key)} = {_value(key, value)}"
    for key, value in table.items():
        if isinstance(value, dict):
            name = f"{above}.{_key(key)}" if above else _key(key)
            yield from ("", f"[{name}]")
            yield from _entries(value, name)


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _text(key)


def _value(key: str, value: Any) -> str:
    match value:
        case bool() | int():
            return str(value).lower()
        case list():
            return "[\n" + "".join(f"    {_text(entry)},\n" for entry in value) + "]"
        case str() if key == "stated_on":
            return date.fromisoformat(value).isoformat()
        case _:
            return _text(str(value))


def _text(text: str) -> str:
    """Return a TOML string; JSON's are, but for DEL, which TOML wants escaped, and lone surrogates, which it cannot have."""
    cleaned = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(cleaned, ensure_ascii=False).replace("\x7f", "\\u007f")
