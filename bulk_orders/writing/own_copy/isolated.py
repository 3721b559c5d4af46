"""Writes into a copy of somebody's workbook in a process of its own: its bytes come back, or an `UnsafeToPatch`.

The workbook is a stranger's, so what takes it apart has little memory and time, no secrets, and no file to write.
"""

import gc
import importlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from io import BytesIO
from itertools import chain
from typing import Any, BinaryIO, Final

from bulk_orders.errors import UnsafeToPatch
from bulk_orders.machine.isolation import (
    AnswerBroken,
    ByteSink,
    ByteSource,
    EndedEarly,
    ProcessLimits,
    Why,
    call,
)
from bulk_orders.writing.own_copy.told import OtherSheetsWanted
from bulk_orders.writing.own_copy.transfer import pieces, received, sent

_CPU_S: Final = 4.0
"""For a small workbook."""
_BYTES_OF_A_ROW: Final = 500
"""As it is sent, or a line of the sheet Attempts."""
_PIECE_BYTES: Final = 1 << 20
_LINE_BYTES: Final = 100_000
GAVE_UP: Final = "it is written in a way that cannot be added to"
_REASONS: Final = {
    Why.NOT_STARTED: "the process that adds to it could not be started",
    Why.NO_TURN: "the computer was too busy to add to it",
    Why.TOO_SLOW: "adding to it takes longer than a workbook of its size should need",
    Why.TOO_MUCH_MEMORY: "adding to it takes more memory than a workbook of its size should need",
    Why.GAVE_UP: GAVE_UP,
}


def in_child(
    function: str, told: object, source: bytes, file: BinaryIO, batches: Iterable[object] = (), rows: int = 0
) -> None:
    """Write into `file` what a function makes of a workbook and of what it is told.

    `function` is `module:name` of ours; it is called with a file, the workbook's bytes and what it is told, whose type is
    that of its argument `told`. If it has a fourth, that is a source of the `batches`, with so many `rows` in them, which
    are made while it is at work. Raises what it raises: `UnsafeToPatch` or `OtherSheetsWanted`.
    """
    order = sent(told)
    least = ProcessLimits.for_size(0)
    limits = ProcessLimits.for_size(len(source) + len(order) + rows * _BYTES_OF_A_ROW)
    limits = replace(limits, cpu_s=_CPU_S + limits.cpu_s - least.cpu_s, wall_s=limits.wall_s)
    argument = _argument(function, order, source)
    contents = chain([order, source], pieces(batches))
    try:
        call(f"{__name__}:send_copy", argument, contents, partial(_received, file=file), limits)
    except EndedEarly as error:
        raise UnsafeToPatch(_REASONS[error.why]) from error


def here(
    function: str, told: object, source: bytes, file: BinaryIO, batches: Iterable[object] = (), rows: int = 0
) -> None:
    """Do the same without a process: for tests, which have nothing to fear from their own workbooks."""
    del rows
    order = sent(told)
    contents = b"".join([order, source, *pieces(batches)])
    _fill(_argument(function, order, source), BytesIO(contents), file)


def _argument(function: str, order: bytes, source: bytes) -> dict[str, Any]:
    return {"function": function, "order_bytes": len(order), "source_bytes": len(source)}


def send_copy(argument: Mapping[str, Any], source: ByteSource, out: ByteSink) -> None:
    """Write the copy, in the child, and hand it back; or the reason why there is none."""
    gc.disable()  # hardly any circular garbage is made, and every look for it goes through all that was told
    file = BytesIO()
    try:
        _fill(argument, source, file)
    except UnsafeToPatch as unsafe:
        out.write(json.dumps({"reason": unsafe.reason}).encode() + b"\n")
        return
    except OtherSheetsWanted:
        out.write(b'{"others": true}\n')
        return
    while source.read(_PIECE_BYTES):
        pass  # who sends what nobody needed does not listen before all of it is taken
    out.write(json.dumps({"bytes": file.getbuffer().nbytes}).encode() + b"\n")
    out.write(file.getbuffer())


def _fill(argument: Mapping[str, Any], source: ByteSource, file: BinaryIO) -> None:
    module, _, name = str(argument["function"]).partition(":")
    fill: Callable[..., None] = getattr(importlib.import_module(module), name)
    told = received(fill.__annotations__["told"], source.read(int(argument["order_bytes"])))
    workbook = source.read(int(argument["source_bytes"]))
    if "more" in fill.__annotations__:
        fill(file, workbook, told, source)
    else:
        fill(file, workbook, told)


def _received(source: ByteSource, *, file: BinaryIO) -> None:
    try:
        head = json.loads(source.readline(_LINE_BYTES))
        reason, left = head.get("reason"), int(head.get("bytes", 0))
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise AnswerBroken from error
    if isinstance(reason, str):
        raise UnsafeToPatch(reason)
    if "others" in head:
        raise OtherSheetsWanted
    while left > 0:
        piece = source.read(min(left, _PIECE_BYTES))
        if not piece:
            raise AnswerBroken
        file.write(piece)
        left -= len(piece)
