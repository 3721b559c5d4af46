"""The texts of a workbook's sheets, read in a process of its own: of workbooks that we made and people saved."""

import json

from bulk_orders.errors import InputError
from bulk_orders.machine.isolation import AnswerBroken, ByteSource, EndedEarly, ProcessLimits, call
from bulk_orders.ooxml.xml_events import SAVE_AGAIN_FIX
from bulk_orders.reading.isolated import GAVE_UP

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
        return call("bulk_orders.reading.child:send_sheet_texts", {"only": only}, [content], received, limits)
    except EndedEarly as error:
        raise InputError(GAVE_UP.format(name=name), fix=SAVE_AGAIN_FIX) from error
