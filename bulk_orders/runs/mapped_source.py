"""A file read by its own mapping, if there is one beside it; nothing is guessed where there is none."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bulk_orders.checking.check import CheckContext
from bulk_orders.checking.result import CheckResult
from bulk_orders.core.mapping import HeaderMapping, header_key, header_names
from bulk_orders.core.mapping_data import as_data
from bulk_orders.errors import InputError
from bulk_orders.machine.shell import command
from bulk_orders.reading.control_totals import totals_beside
from bulk_orders.reading.input_file import read_file
from bulk_orders.reading.isolated import sketch_safely
from bulk_orders.reading.mapping_file import mapping_path, mappings_beside
from bulk_orders.reading.source import Source
from bulk_orders.runs.check import mapping_of, read_and_check


class MappingUnusable(InputError):
    """A file cannot be read by its own mapping: nobody confirmed it, or it is for other headers."""


def read_source(
    path: Path, context: CheckContext, *, mapped_at: Path | None = None
) -> tuple[Source, CheckResult]:
    """Read a file once and check that copy. Raises `InputError` when there is nothing to check.

    So it is where a mapping is not confirmed, where two differ, and where a file's own is for other headers than it has.
    `mapped_at` is the path beside which its mappings are kept, where the file was moved away from them.
    """
    content = read_file(path)
    mappings = mappings_beside(mapped_at or path)
    own = next((mapping for mapping in mappings if mapping.name == mapping_path(path).name), None)
    try:
        checked = read_and_check(content, path.name, context, mappings, totals=totals_beside(path))
    except InputError as error:
        headers = _nearest_headers(content, path, own) if own else ()
        if own is None or not headers:
            raise  # it has another reason than its headers
        raise _other_headers(path, own, headers) from error
    mapping = mapping_of(checked.tables, mappings)
    if mapping is not None:
        _hold_to(path, mapping, own, mappings)
    elif own is not None:
        raise _other_headers(path, own, [column.header for column in checked.tables.orders.columns])
    return Source(path=path, content=content, mapping=mapping), checked


def _hold_to(
    path: Path, mapping: HeaderMapping, own: HeaderMapping | None, mappings: Sequence[HeaderMapping]
) -> None:
    """Refuse a mapping that nobody confirmed, or that another one contradicts; a file's own comes before the others'."""
    if not mapping.is_confirmed:
        fix = "Look through it with `{command}`, which also confirms it.".format(command=map_command(path))
        raise MappingUnusable("The mapping {mapping} is not confirmed.".format(mapping=mapping.name), fix=fix)
    said = as_data(replace(mapping, headers=()))
    for other in mappings:
        if mapping is not own and other.keys == mapping.keys and as_data(replace(other, headers=())) != said:
            raise InputError(
                "The mappings {first} and {second} are for the same headers and differ.".format(
                    first=mapping.name, second=other.name
                ),
                fix="Delete or move the one that is wrong.",
            )


def _nearest_headers(content: bytes, path: Path, own: HeaderMapping) -> Sequence[str]:
    """Return the row of a file that is most like its mapping's headers; none where they are there, or the file is not readable."""
    try:
        sketch = sketch_safely(content, path.name, own.csv)
    except InputError:
        return ()
    rows = [texts for sheet in sketch.sheets for texts in sheet.rows]
    if any(map(own.fits, rows)):
        return ()
    return max(rows, key=lambda texts: len(own.keys & set(map(header_key, texts))), default=())


def _other_headers(path: Path, own: HeaderMapping, headers: Sequence[str]) -> MappingUnusable:
    """Return what is said of a file that no longer has its mapping's headers, with the first that is new or gone."""
    there = {header_key(name): name for name in header_names(headers) if name}
    known = {header_key(name): name for name in own.headers}
    new = next((name for key, name in there.items() if key not in known), "")
    gone = next((name for key, name in known.items() if key not in there), "")
    difference = ""
    if there and new:
        difference = ": {header} is new".format(header=new)
    elif there and gone:
        difference = ": {header} is missing".format(header=gone)
    return MappingUnusable(
        "The headers of {name} are not those of {mapping}{difference}.".format(
            name=path.name, mapping=own.name, difference=difference
        ),
        fix="Run `{command}` to bring the mapping up to date.".format(command=map_command(path)),
    )


def map_command(path: Path) -> str:
    """Return the command that makes or confirms the mapping of a file, as a shell takes it."""
    return command("bulk-orders", "map", path)
