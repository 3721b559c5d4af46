"""The texts of a workbook's sheets, read in a process of its own: of workbooks that we made and people saved."""

import json
from collections.abc import Mapping
from typing import Any

from bulk_orders.errors import InputError
from bulk_orders.machine.isolation import AnswerBroken, ByteSink, ByteSource, EndedEarly, ProcessLimits, call
from bulk_orders.ooxml.xml_events import SAVE_AGAIN_FIX
from bulk_orders.ooxml.zip_package import open_package
from bulk_orders.reading.part_checks import check_parts
from bulk_orders.reading.sheets import GAVE_UP, Book

SheetTexts = dict[str, list[list[str]]]
"""By sheet, hidden ones too: the texts of each row from A1 on."""


def read_sheet_texts(content: bytes, name: str, *, only: str = "") -> SheetTexts:
    """Return the texts of every sheet, or of the one that is named; none of what cannot be read.

    Raises `InputError` when reading takes too much.
    """
    limits = ProcessLimits.for_size(len(content))

    def received(source: ByteSource) -> SheetTexts:
        try:
            told = json.loads(source.read(limits.answer_bytes))
            return {str(sheet): [[*map(str, row)] for row in rows] for sheet, rows in told.items()}
        except (ValueError, AttributeError, TypeError, RecursionError) as error:
            raise AnswerBroken from error

    try:
        return call(f"{__name__}:send_sheet_texts", {"only": only}, [content], received, limits)
    except EndedEarly as error:
        raise InputError(GAVE_UP.format(name=name), fix=SAVE_AGAIN_FIX) from error


def send_sheet_texts(argument: Mapping[str, Any], source: ByteSource, out: ByteSink) -> None:
    """Read the sheets, in the child, and hand them back as JSON; an empty object for what cannot be read."""
    try:
        package = open_package(source.read())
        texts = dict(Book(package, check_parts(package)).texts(only=str(argument["only"])))
    except InputError:
        texts = {}
    out.write(json.dumps(texts).encode())
