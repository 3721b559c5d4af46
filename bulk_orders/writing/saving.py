"""How a workbook gets onto the disk: written aside, read back, then put in its place in one step.

A file that is not ours, or that somebody has saved since we wrote it, is never replaced: the workbook then gets
a number after its name. Nothing here knows what is in a workbook.
"""

import contextlib
import io
import os
import secrets
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final

from bulk_orders.errors import ResultsNotWritten
from bulk_orders.machine.private_files import opener
from bulk_orders.writing.book_properties import SAVED_PROPERTY
from bulk_orders.writing.saved_by import read_saved_by

Replace = Callable[[Path, Path], None]
"""Puts the first file in place of the second, as `os.replace` does."""

Fill = Callable[[BinaryIO], None]

MAKE_ROOM: Final = "Make room or choose another folder with -o FILE."
"""What to do where a workbook that somebody asked for can't be written."""
ROWS_READ_BACK: Final = 500
"""Larger workbooks are read back part by part (checksums), not row by row."""
_NAMES_TRIED: Final = 99
_PIECE_BYTES: Final = 1 << 20
_LEFT_BEHIND_AFTER_S: Final = 3_600
_PART_NAME: Final = ".bulk-orders-{token}.part"
_PART_GLOB: Final = ".bulk-orders-*.part"


def publish(
    path: Path,
    fill: Fill,
    *,
    mark: str,
    last_rows: Mapping[str, int],
    fix: str,
    streams: bool = False,
    aside: Path | None = None,
    replace: Replace = os.replace,
) -> Path:
    """Write a workbook and return where it is: `path`, or `path` with a number if that one must stay or is in use.

    `fill` writes the workbook's bytes. An existing file is replaced only if it carries `mark` in its properties and was
    not saved by anybody since. Every byte is read back. `last_rows` says, by sheet, the last row that must be there then;
    without any, only checksums are compared. What `streams` leaves nothing open when writing fails, and goes to the disk
    while it is made; every stretch of bytes is written at once, or again as a whole.
    A workbook that must stay is moved to `aside`, where that is given, and the new one takes its place.
    Raises `ResultsNotWritten` with `fix`.
    """
    try:
        part, checksums = _write_aside(path.parent, fill if streams else partial(_at_once, fill))
        try:
            _compare(part, checksums)
            if not streams:
                _read_back(part, last_rows)
            return _put_in_place(part, path, mark, replace, aside)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise ResultsNotWritten(
            "Can't write {name} in {folder}: {reason}.".format(
                name=path.name, folder=path.parent, reason=_reason(error)
            ),
            fix=fix,
        ) from error


def probe(directory: Path) -> None:
    """Find out that workbooks can be written to `directory`, before anything is ordered; sweeps what a crash left.

    Raises `ResultsNotWritten`.
    """
    first = directory / _PART_NAME.format(token=secrets.token_hex(8))
    second = directory / _PART_NAME.format(token=secrets.token_hex(8))
    try:
        _sweep(directory)
        with _open_new(first) as file:
            file.write(b"can this folder be written?")
            _to_disk(file)
        first.replace(second)
        second.unlink()
    except OSError as error:
        for leftover in (first, second):
            with contextlib.suppress(OSError):
                leftover.unlink(missing_ok=True)
        raise ResultsNotWritten(
            "The results workbook can't be written to {folder}: {reason}.".format(
                folder=directory, reason=_reason(error)
            ),
            fix="Nothing was sent. Make room or choose another folder with -o FOLDER, then run again.",
        ) from error


def is_replaceable(path: Path, mark: str) -> bool:
    """Tell whether nothing is lost when `path` is replaced.

    Excel, LibreOffice and openpyxl all set the time of the last change when they save: a workbook of ours in which
    it differs from the time of creation, or from the time that we noted, has been worked on by a person.
    """
    if path.is_symlink() or not path.exists():
        return True  # replacing a link leaves alone what it points to
    found = read_saved_by(path)
    if found is None:
        return False
    noted = found.properties.get(SAVED_PROPERTY)
    is_untouched = noted == found.modified if noted is not None else found.created == found.modified != ""
    return is_untouched and mark in found.properties.values()


class _Checksummed(io.BufferedRandom):
    """A file that knows what was written to it."""

    def __init__(self, raw: io.FileIO) -> None:
        super().__init__(raw)
        self.checksums: dict[int, tuple[int, int]] = {}
        """Length and checksum of each stretch, by where it begins."""

    def write(self, content: Any, /) -> int:
        """Write a stretch, and remember it."""
        stretch = memoryview(content)
        self.checksums[self.tell()] = stretch.nbytes, zlib.crc32(stretch)
        return super().write(stretch)

    def truncate(self, size: int | None = None, /) -> int:
        """Forget what stood behind the new end."""
        end = super().truncate(size)
        self.checksums = {start: known for start, known in self.checksums.items() if start < end}
        return end


def _write_aside(directory: Path, fill: Fill) -> tuple[Path, Mapping[int, tuple[int, int]]]:
    part = directory / _PART_NAME.format(token=secrets.token_hex(8))
    try:
        with _open_new(part) as file:
            fill(file)
            _to_disk(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part, file.checksums


def _at_once(fill: Fill, file: BinaryIO) -> None:
    # A zip file on a full disk complains once more, with a traceback, when it is forgotten.
    content = io.BytesIO()
    fill(content)
    file.write(content.getbuffer())


def _open_new(path: Path) -> _Checksummed:
    # Results hold customers' data: readable by their owner only, and never written through a planted link.
    return _Checksummed(io.FileIO(path, "x+b", opener=opener))


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


_NOT_THE_SAME_ON_DISK: Final = "what was read back from the disk differs from what was written"


def _compare(part: Path, checksums: Mapping[int, tuple[int, int]]) -> None:
    """Read every byte back: that is quicker than unpacking all parts, and nothing is left out."""
    end = 0
    with part.open("rb") as file:
        for start, (length, checksum) in sorted(checksums.items()):
            if start != end or _checksum(file, length) != checksum:
                raise OSError(_NOT_THE_SAME_ON_DISK)
            end += length
        if file.read(1):
            raise OSError(_NOT_THE_SAME_ON_DISK)


def _checksum(file: BinaryIO, length: int) -> int:
    checksum = 0
    while length and (piece := file.read(min(length, _PIECE_BYTES))):
        checksum = zlib.crc32(piece, checksum)
        length -= len(piece)
    return checksum if not length else -1


def _read_back(part: Path, last_rows: Mapping[str, int]) -> None:
    with zipfile.ZipFile(part) as archive:
        broken = archive.testzip()
    if broken is not None:
        raise OSError(
            "{part} was read back from the disk differently from what was written".format(part=broken)
        )
    if not last_rows or sum(last_rows.values()) > ROWS_READ_BACK:
        return
    from openpyxl import load_workbook  # noqa: PLC0415 - it brings numpy along, and few processes come here

    with part.open("rb") as file:
        book = load_workbook(file, read_only=True)
        for name, expected in last_rows.items():
            rows = enumerate(book[name].iter_rows(values_only=True), start=1)
            found = max(
                (number for number, values in rows if any(value is not None for value in values)), default=0
            )
            if found < expected:
                raise OSError(
                    "sheet {sheet} has {found} rows after writing, {expected} were expected".format(
                        sheet=name, found=found, expected=expected
                    )
                )
        book.close()


def _put_in_place(part: Path, path: Path, mark: str, replace: Replace, aside: Path | None) -> Path:
    refused: OSError | None = None
    if aside is not None and not is_replaceable(path, mark):
        with contextlib.suppress(PermissionError):  # Windows: the workbook is open in Excel
            replace(path, aside)
    for number in range(1, _NAMES_TRIED + 1):
        target = path if number == 1 else path.with_name(f"{path.stem} ({number}){path.suffix}")
        if not is_replaceable(target, mark):
            continue
        try:
            replace(part, target)
        except (PermissionError, IsADirectoryError) as error:  # Windows: the workbook is open in Excel
            refused = error
            continue
        _remember_names(path.parent)
        return target
    raise refused or FileExistsError(
        "{number} workbooks of that name already exist".format(number=_NAMES_TRIED)
    )


def _remember_names(directory: Path) -> None:
    if os.name != "posix":
        return  # Windows has no fsync for directories
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(directory: Path) -> None:
    for leftover in directory.glob(_PART_GLOB):
        with contextlib.suppress(OSError):  # another run swept it meanwhile, or it is not ours to remove
            if time.time() - leftover.lstat().st_mtime > _LEFT_BEHIND_AFTER_S:
                leftover.unlink(missing_ok=True)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
