"""What a workbook in the place of ours says about itself, read in a process of its own: anybody may have put it there."""

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from bulk_orders.errors import InputError, UnsafeToPatch
from bulk_orders.machine.isolation import AnswerBroken, ByteSink, ByteSource, EndedEarly, ProcessLimits, call
from bulk_orders.ooxml.properties import CORE, CUSTOM, custom_properties, moment_of
from bulk_orders.ooxml.zip_package import open_package

_MOST_BYTES: Final = 400_000_000
"""Of a workbook; a larger one is not ours."""
_PIECE_BYTES: Final = 1 << 20
_MOST_BYTES_OF_PART: Final = 200_000
_MOST_BYTES_TOLD: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedBy:
    """What is said of whose workbook it is, and whether somebody saved it since."""

    properties: Mapping[str, str]
    created: str
    modified: str


def read_saved_by(path: Path) -> SavedBy | None:
    """Return what a workbook says about itself; None where it does not, or is none."""
    try:
        with open(path, "rb", opener=_opened) as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode) or about.st_size > _MOST_BYTES:
                return None
            pieces = iter(partial(file.read, _PIECE_BYTES), b"")
            limits = ProcessLimits.for_size(about.st_size)
            return call(f"{__name__}:send_saved_by", {}, pieces, _received, limits)
    except (OSError, EndedEarly):
        return None


def send_saved_by(_argument: Mapping[str, Any], source: ByteSource, out: ByteSink) -> None:
    """Read the two small parts, in the child, and hand them back as JSON; null where one cannot be read."""
    found = None
    try:
        package = open_package(source.read())
        core = package.read(CORE, at_most_bytes=_MOST_BYTES_OF_PART) if package.has(CORE) else b""
        custom = package.read(CUSTOM, at_most_bytes=_MOST_BYTES_OF_PART)
        found = asdict(
            SavedBy(
                properties=custom_properties(custom),
                created=moment_of(core, "created"),
                modified=moment_of(core, "modified"),
            )
        )
    except (InputError, UnsafeToPatch):
        pass
    out.write(json.dumps(found).encode())


def _received(source: ByteSource) -> SavedBy | None:
    try:
        told = json.loads(source.read(_MOST_BYTES_TOLD))
        if told is None:
            return None
        return SavedBy(
            properties={str(name): str(value) for name, value in told["properties"].items()},
            created=str(told["created"]),
            modified=str(told["modified"]),
        )
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError) as error:
        raise AnswerBroken from error


def _opened(path: str, flags: int) -> int:
    """Open without waiting, or a named pipe without a writer would hold us here for ever."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
