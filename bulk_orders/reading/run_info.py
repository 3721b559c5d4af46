"""What a results workbook says of its run on the sheet Run info: names and values, read in a process of its own."""

import json
from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

from bulk_orders.errors import InputError
from bulk_orders.machine.isolation import AnswerBroken, EndedEarly, Limits, Sink, Source, call
from bulk_orders.ooxml.zip_package import open_package
from bulk_orders.reading.part_checks import check_parts
from bulk_orders.reading.sheets import Book
from bulk_orders.texts import reading_files as words

_MOST_LINES: Final = 1_000
_MOST_BYTES: Final = 1_000_000


def read_run_info(content: bytes, name: str) -> dict[str, str]:
    """Return the sheet's second column by its first. Raises `InputError` if there is no such sheet, or it cannot be read."""
    limits = Limits.for_size(len(content))
    try:
        told = call(f"{__name__}:send_run_info", {}, [content], _received, limits)
    except EndedEarly as error:
        raise InputError(words.GAVE_UP.format(name=name), fix=words.SAVE_AGAIN_FIX) from error
    if not told:
        raise InputError(words.NO_RUN_INFO.format(name=name), fix=words.NO_RUN_INFO_FIX)
    return told


def send_run_info(_argument: Mapping[str, Any], source: Source, out: Sink) -> None:
    """Read the sheet, in the child, and hand it back as JSON; an empty object where it cannot be read."""
    try:
        package = open_package(source.read())
        book = Book(package, check_parts(package))
        lines = dict(islice(book.run_info(), _MOST_LINES))
    except InputError:
        lines = {}
    out.write(json.dumps(lines).encode())


def _received(source: Source) -> dict[str, str]:
    try:
        told = json.loads(source.read(_MOST_BYTES))
        return {str(name): str(value) for name, value in told.items()}
    except (ValueError, AttributeError, RecursionError) as error:
        raise AnswerBroken from error
