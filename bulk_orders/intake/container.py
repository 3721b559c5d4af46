"""The gate: which bytes are let in, and the parts of a workbook's zip, inflated by us and counted while they grow.

Nothing here knows what a sheet is. Everything is refused that two programs could read in two ways: a part that
stands twice, a size that lies, parts that overlap, names that leave the folder.
"""

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from bulk_orders.errors import InputError

MAX_FILE_BYTES = 200_000_000
MAX_PARTS = 1_000
MAX_UNPACKED_BYTES = 3_000_000_000
"""A million rows of 30 columns unpack to 1.1 GB as Excel writes them, and to 2 GB with the texts inside the sheet."""
MAX_SMALL_PART_BYTES = 50_000_000
"""For the parts that are parsed as a tree: workbook, relationships, styles."""
RATIO_FROM_BYTES = 20_000_000
MAX_RATIO = 200
"""Real sheets pack 10 to 60 times; deflate's own limit is 1,032."""
CHUNK_BYTES = 1 << 20
_FEED_BYTES = 1 << 16
_LOCAL_HEADER = struct.Struct("<4s22xHH")

SAVE_AGAIN = "Open it in Excel, save it as .xlsx and try again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One packed part of the workbook."""

    name: str
    start: int
    """Where its packed bytes begin."""
    packed_bytes: int
    unpacked_bytes: int
    """As declared; inflating stops with an `InputError` where the truth differs."""
    crc: int
    is_deflated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A workbook's zip that passed the gate."""

    content: bytes
    parts: dict[str, Part]
    """By name in lower case, as Excel compares them."""

    def has(self, name: str) -> bool:
        """Whether there is such a part; case does not matter."""
        return name.lower() in self.parts

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a part's unpacked bytes, about 1 MiB at a time; an `InputError` where it is not what it says."""
        part = self.parts.get(name.lower())
        if part is None:
            raise InputError(f"The workbook lacks its part {name}.", fix=SAVE_AGAIN)
        seen = crc = 0
        for chunk in _inflated(self.content, part):
            seen += len(chunk)
            if seen > part.unpacked_bytes:
                break
            crc = zlib.crc32(chunk, crc)
            yield chunk
        if seen != part.unpacked_bytes or crc != part.crc:
            raise InputError(
                f"The workbook's part {part.name} is not what the zip says it is.", fix=SAVE_AGAIN
            )

    def small(self, name: str) -> bytes:
        """Return a whole part that has no business being large."""
        part = self.parts.get(name.lower())
        if part is not None and part.unpacked_bytes > MAX_SMALL_PART_BYTES:
            raise InputError(f"The workbook's part {part.name} is absurdly large.", fix=SAVE_AGAIN)
        return b"".join(self.chunks(name))


def read_file(path: Path) -> bytes:
    """Return a regular file's bytes, read once; an `InputError` for anything else."""
    if path.name.startswith("~$"):
        raise InputError(
            f"{path.name} is only Excel's mark that a workbook is open.", fix=f"Give {path.name[2:]} instead."
        )
    try:
        with open(path, "rb", opener=_opened) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise InputError(
                    f"{path.name} is not a file with data in it.", fix="Give an .xlsx or .csv file."
                )
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError(f"There is no file {path}.", fix="Check the name and the folder.") from error
    except (IsADirectoryError, PermissionError) as error:
        if path.is_dir():
            raise InputError(f"{path} is a folder.", fix="Give the workbook in it.") from error
        raise InputError(
            f"{path.name} may not be read.", fix="Close it where it is open, or ask for the right to read it."
        ) from error
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} cannot be read.", fix="Copy the file to this computer and try again."
        ) from error
    if not content:
        raise InputError(f"{path.name} is empty (0 bytes).", fix="Save it again in Excel, or fetch it again.")
    if len(content) > MAX_FILE_BYTES:
        raise InputError(f"{path.name} is larger than 200 MB.", fix="Split it into several workbooks.")
    return content


def _opened(path: str, flags: int) -> int:
    """Open without waiting, or a named pipe without a writer would hold us here for ever."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def open_package(content: bytes) -> Package:
    """Return the parts of a zipped workbook, or say in an `InputError` why it is not let in.

    The limits: 1,000 parts, 3 GB unpacked, and 200 times the packed size for a part over 20 MB.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries, directory_start = archive.infolist(), archive.start_dir
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OSError) as error:
        raise InputError(
            "The workbook is damaged: its zip cannot be opened, perhaps it was cut off.",
            fix="Fetch it again, or save it again in Excel.",
        ) from error
    if len(entries) > MAX_PARTS:
        raise InputError(f"The workbook has {len(entries):,} parts; at most 1,000 are read.", fix=SAVE_AGAIN)
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise InputError(
            "The workbook would unpack to more than 3 GB.", fix="Split it into several workbooks."
        )
    parts: dict[str, Part] = {}
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.is_dir():
            continue
        part = _part(content, entry)
        if part.name.lower() in parts:
            raise InputError(f"The workbook has its part {part.name} twice.", fix=SAVE_AGAIN)
        if entry.header_offset < end or part.start + part.packed_bytes > directory_start:
            raise InputError("The parts of the workbook's zip overlap.", fix=SAVE_AGAIN)
        end = part.start + part.packed_bytes
        parts[part.name.lower()] = part
    return Package(content=content, parts=parts)


def _part(content: bytes, entry: zipfile.ZipInfo) -> Part:
    name = entry.orig_filename
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    if is_link or name.startswith("/") or set(name) & set("\\\0:") or ".." in name.split("/"):
        raise InputError("The workbook's zip has a part whose name leaves the workbook.", fix=SAVE_AGAIN)
    if entry.flag_bits & 0x1:
        raise InputError("The workbook's zip is encrypted.", fix="Save it without a password and try again.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError("The workbook's zip is packed in a way Excel does not use.", fix=SAVE_AGAIN)
    if entry.file_size > RATIO_FROM_BYTES and entry.file_size > MAX_RATIO * entry.compress_size:
        raise InputError(
            f"The workbook's part {name} unpacks to more than {MAX_RATIO} times its size.", fix=SAVE_AGAIN
        )
    header = content[entry.header_offset : entry.header_offset + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
        raise InputError("The workbook is damaged: its zip does not fit together.", fix=SAVE_AGAIN)
    _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    name_start = entry.header_offset + _LOCAL_HEADER.size
    encoding = "utf-8" if entry.flag_bits & 0x800 else "cp437"
    if content[name_start : name_start + name_length] != name.encode(encoding, "replace"):
        raise InputError("The workbook's zip names the same part in two ways.", fix=SAVE_AGAIN)
    return Part(
        name=name,
        start=name_start + name_length + extra_length,
        packed_bytes=entry.compress_size,
        unpacked_bytes=entry.file_size,
        crc=entry.CRC,
        is_deflated=entry.compress_type == zipfile.ZIP_DEFLATED,
    )


def _inflated(content: bytes, part: Part) -> Iterator[bytes]:
    """Yield what really comes out, whatever size the zip declares."""
    packed = memoryview(content)[part.start : part.start + part.packed_bytes]
    if not part.is_deflated:
        for offset in range(0, len(packed), CHUNK_BYTES):
            yield bytes(packed[offset : offset + CHUNK_BYTES])
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for offset in range(0, len(packed), _FEED_BYTES):
            rest: bytes | memoryview = packed[offset : offset + _FEED_BYTES]
            while rest and not inflater.eof:
                yield inflater.decompress(rest, CHUNK_BYTES)
                rest = inflater.unconsumed_tail
        yield inflater.flush()
    except zlib.error as error:
        raise InputError(f"The workbook is damaged in its part {part.name}.", fix=SAVE_AGAIN) from error
