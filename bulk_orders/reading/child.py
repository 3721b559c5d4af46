"""What the child process does that reads files of unknown origin: `isolated` calls these by their names, and nobody else does.

The program itself loads none of it: foreign sheets are taken apart in the child alone.
"""

import json
from collections.abc import Mapping
from typing import Any

from bulk_orders.core.mapping import CsvForm
from bulk_orders.core.mapping_data import from_data
from bulk_orders.errors import InputError
from bulk_orders.machine.isolation import ByteSink, ByteSource
from bulk_orders.ooxml.zip_package import open_package
from bulk_orders.reading.part_checks import check_parts
from bulk_orders.reading.sheets import Book
from bulk_orders.reading.sketch import Place
from bulk_orders.reading.sketching import read_bare, sketch_of
from bulk_orders.reading.transfer import Sender
from bulk_orders.reading.workbook import read_workbook


def send_tables(argument: Mapping[str, Any], source: ByteSource, out: ByteSink) -> None:
    """Read one workbook, in the child, and hand it back."""
    mappings = [
        from_data({key: value for key, value in told.items() if key != "name"}, str(told["name"]))
        for told in argument["mappings"]
    ]
    sender = Sender(out)
    try:
        sender.finish(read_workbook(source.read(), str(argument["name"]), sender.keep, mappings=mappings))
    except InputError as error:
        sender.refuse(error)


def send_sketch(argument: Mapping[str, Any], source: ByteSource, out: ByteSink) -> None:
    """Look at one workbook, in the child, and hand back the beginnings of its sheets."""
    sender = Sender(out)
    try:
        sender.sketch(sketch_of(source.read(), str(argument["name"]), _csv_form(argument)))
    except InputError as error:
        sender.refuse(error)


def send_bare(argument: Mapping[str, Any], source: ByteSource, out: ByteSink) -> None:
    """Read one sheet with all of its columns, in the child, and hand it back."""
    place = Place(
        sheet=str(argument["sheet"]),
        header_row=int(argument["header_row"]),
        csv=_csv_form(argument),
        names={str(header): str(name) for header, name in argument["names"].items()},
    )
    sender = Sender(out)
    try:
        sender.finish(read_bare(source.read(), str(argument["name"]), place, sender.keep))
    except InputError as error:
        sender.refuse(error)


def send_sheet_texts(argument: Mapping[str, Any], source: ByteSource, out: ByteSink) -> None:
    """Read the sheets, in the child, and hand them back as JSON; an empty object for what cannot be read."""
    try:
        package = open_package(source.read())
        texts = dict(Book(package, check_parts(package)).texts(only=str(argument["only"])))
    except InputError:
        texts = {}
    out.write(json.dumps(texts).encode())


def _csv_form(argument: Mapping[str, Any]) -> CsvForm:
    return CsvForm(encoding=str(argument["encoding"]), separator=str(argument["separator"]))
