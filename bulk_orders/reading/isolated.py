"""Reads a file of unknown origin in a process of its own (`isolation`): tables come back, or an `InputError`."""

from collections.abc import Mapping
from functools import partial
from pathlib import PureWindowsPath
from typing import Any, assert_never

from bulk_orders.errors import InputError
from bulk_orders.machine.isolation import EndedEarly, Limits, Sink, Source, Why, call
from bulk_orders.reading.transfer import Sender, received
from bulk_orders.reading.workbook import WorkbookTables, read_workbook
from bulk_orders.texts import reading_files as words


def read_safely(content: bytes, name: str, limits: Limits | None = None) -> WorkbookTables:
    """Return what `workbook.read_workbook` returns, read in a child process; an `InputError` where it ends early."""
    allowed = limits or Limits.for_size(len(content))
    receive = partial(received, at_most_bytes=allowed.answer_bytes)
    try:
        return call(f"{__name__}:send_tables", {"name": name}, [content], receive, allowed)
    except EndedEarly as error:
        raise _ended_early(PureWindowsPath(name).name or words.NAMELESS_FILE, error.why) from error


def send_tables(argument: Mapping[str, Any], source: Source, out: Sink) -> None:
    """Read one workbook, in the child, and hand it back."""
    sender = Sender(out)
    try:
        sender.finish(read_workbook(source.read(), str(argument["name"]), sender.keep))
    except InputError as error:
        sender.refuse(error)


def _ended_early(title: str, why: Why) -> InputError:
    match why:
        case Why.NOT_STARTED:
            return InputError(words.NOT_STARTED.format(name=title), fix=words.NOT_STARTED_FIX)
        case Why.NO_TURN:
            return InputError(words.NO_TURN.format(name=title), fix=words.NO_TURN_FIX)
        case Why.TOO_SLOW:
            return InputError(words.TOO_SLOW.format(name=title), fix=words.MAKE_SMALLER_FIX)
        case Why.TOO_MUCH_MEMORY:
            return InputError(words.TOO_MUCH_MEMORY.format(name=title), fix=words.MAKE_SMALLER_FIX)
        case Why.GAVE_UP:
            return InputError(words.GAVE_UP.format(name=title), fix=words.SAVE_AGAIN_FIX)
        case _ as never:
            assert_never(never)
