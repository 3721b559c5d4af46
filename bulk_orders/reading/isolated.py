"""Reads a file of unknown origin in a process of its own (`isolation`): tables come back, or an `InputError`."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import PureWindowsPath
from typing import Any, Final, TypeVar, assert_never

from bulk_orders.core.mapping import CsvForm, HeaderMapping
from bulk_orders.core.mapping_data import as_data
from bulk_orders.errors import InputError
from bulk_orders.machine.isolation import EndedEarly, ProcessLimits, Why, call
from bulk_orders.ooxml.xml_events import SAVE_AGAIN_FIX
from bulk_orders.reading.sketch import Place, Sketch
from bulk_orders.reading.transfer import received, received_sketch
from bulk_orders.reading.workbook_tables import WorkbookTables

GAVE_UP: Final = "{name} cannot be read: the reader gave up on it."
CHILD: Final = "bulk_orders.reading.child"
_Answer = TypeVar("_Answer")


def read_safely(
    content: bytes, name: str, limits: ProcessLimits | None = None, mappings: Sequence[HeaderMapping] = ()
) -> WorkbookTables:
    """Return what `workbook.read_workbook` returns, read in a child process; an `InputError` where it ends early."""
    allowed = limits or ProcessLimits.for_size(len(content))
    receive = partial(received, at_most_bytes=allowed.answer_bytes)
    told = [{"name": mapping.name, **as_data(mapping)} for mapping in mappings]
    return _asked("send_tables", {"name": name, "mappings": told}, content, receive, allowed)


def sketch_safely(content: bytes, name: str, csv: CsvForm) -> Sketch:
    """Return the first rows of every sheet, read in a child process; an `InputError` where it ends early."""
    argument = {"name": name, "encoding": csv.encoding, "separator": csv.separator}
    return _asked("send_sketch", argument, content, received_sketch, ProcessLimits.for_size(len(content)))


def read_bare_safely(content: bytes, name: str, place: Place) -> WorkbookTables:
    """Return one sheet with all of its columns as its own, read in a child process; an `InputError` where it ends early."""
    allowed = ProcessLimits.for_size(len(content))
    receive = partial(received, at_most_bytes=allowed.answer_bytes)
    argument = {
        "name": name,
        "sheet": place.sheet,
        "header_row": place.header_row,
        "encoding": place.csv.encoding,
        "separator": place.csv.separator,
        "names": dict(place.names),
    }
    return _asked("send_bare", argument, content, receive, allowed)


def _asked(
    function: str,
    argument: Mapping[str, Any],
    content: bytes,
    receive: Callable[[Any], _Answer],
    allowed: ProcessLimits,
) -> _Answer:
    try:
        return call(f"{CHILD}:{function}", argument, [content], receive, allowed)
    except EndedEarly as error:
        name = PureWindowsPath(str(argument["name"])).name
        # Takes the place of a file's name at the start of a sentence.
        raise _ended_early(name or "The file", error.why) from error


_MAKE_SMALLER_FIX: Final = "Save it again in Excel without anything outside the tables, or split it."


def _ended_early(title: str, why: Why) -> InputError:
    match why:
        case Why.NOT_STARTED:
            return InputError(
                "{name} was not read: the process that reads workbooks could not be started.".format(
                    name=title
                ),
                fix="Free some memory on this computer, or restart it, and try again.",
            )
        case Why.NO_TURN:
            return InputError(
                "{name} could not be read in time: this computer is too busy.".format(name=title),
                fix="Close other programs, or wait until they are done, and try again.",
            )
        case Why.TOO_SLOW:
            return InputError(
                "{name} takes too long to read for its size.".format(name=title), fix=_MAKE_SMALLER_FIX
            )
        case Why.TOO_MUCH_MEMORY:
            return InputError(
                "{name} needs far more memory than a workbook of its size.".format(name=title),
                fix=_MAKE_SMALLER_FIX,
            )
        case Why.GAVE_UP:
            return InputError(GAVE_UP.format(name=title), fix=SAVE_AGAIN_FIX)
        case _ as never:
            assert_never(never)
