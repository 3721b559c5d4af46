"""A workbook's zip, to be read: which one is let in, and its parts, inflated by us and counted while they grow.

Nothing here knows what a sheet is. Everything is refused that two programs could read in two ways: a part that
appears twice, a size that lies, parts that overlap, names that leave the folder.
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from bulk_orders.errors import InputError
from bulk_orders.ooxml.xml_events import PART_DAMAGED, SAVE_AGAIN_FIX

MAX_PARTS = 1_000
MAX_UNPACKED_BYTES = 3_000_000_000
"""A million rows of 30 columns unpack to 1.1 GB as Excel writes them, and to 2 GB with the texts inside the sheet."""
MAX_SMALL_PART_BYTES = 50_000_000
"""For the parts that are read whole: workbook, relationships, styles."""
RATIO_FROM_BYTES = 20_000_000
MAX_RATIO = 200
"""Real sheets pack 10 to 60 times; deflate's own limit is 1,032."""
CHUNK_BYTES = 1 << 20
_FEED_BYTES = 1 << 17
"""What the first chunk holds of a sheet says what cells of its columns look like."""
_LOCAL_HEADER = struct.Struct("<4s22xHH")
SPLIT_WORKBOOK_FIX: Final = "Split it into several workbooks."
PART_MISSING: Final = "The workbook lacks its part {part}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part as it is in a zip."""

    name: str
    start: int
    """Where its packed bytes begin."""
    packed_bytes: int
    unpacked_bytes: int
    """As declared; inflating stops with an `InputError` where the truth differs."""
    crc: int
    is_deflated: bool
    time: int
    date: int
    """When it was made, as zips have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A workbook's zip in which nothing was refused."""

    content: bytes
    parts: dict[str, Part]
    """By name in lower case, as Excel compares them."""

    def has(self, name: str) -> bool:
        """Tell whether there is such a part; case does not matter."""
        return name.lower() in self.parts

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a part's unpacked bytes, about 1 MiB at a time; an `InputError` where it is not what it says."""
        part = self.parts.get(name.lower())
        if part is None:
            raise InputError(PART_MISSING.format(part=name), fix=SAVE_AGAIN_FIX)
        seen = crc = 0
        for chunk in self._inflated(part):
            seen += len(chunk)
            if seen > part.unpacked_bytes:
                break
            crc = zlib.crc32(chunk, crc)
            yield chunk
        if seen != part.unpacked_bytes or crc != part.crc:
            raise InputError(
                "The workbook's part {part} is not what the zip says it is.".format(part=part.name),
                fix=SAVE_AGAIN_FIX,
            )

    def packed(self, part: Part) -> memoryview:
        """Return a part as it is in the zip."""
        return memoryview(self.content)[part.start : part.start + part.packed_bytes]

    def read(self, name: str, *, at_most_bytes: int) -> bytes:
        """Return a whole part that has no business being larger than so many bytes. Raises `InputError` if it is."""
        part = self.parts.get(name.lower())
        if part is not None and part.unpacked_bytes > at_most_bytes:
            raise InputError(
                "The workbook's part {part} is far too large.".format(part=part.name), fix=SAVE_AGAIN_FIX
            )
        return b"".join(self.chunks(name))

    def _inflated(self, part: Part) -> Iterator[bytes]:
        """Yield what really comes out, whatever size the zip declares."""
        packed = self.packed(part)
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
            raise InputError(PART_DAMAGED.format(part=part.name), fix=SAVE_AGAIN_FIX) from error


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
            fix="Download it again, or save it again in Excel.",
        ) from error
    if len(entries) > MAX_PARTS:
        raise InputError(
            "The workbook has {number:,} parts; at most 1,000 are read.".format(number=len(entries)),
            fix="Copy its sheets of orders and customers into a new workbook, and use that one.",
        )
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise InputError("The workbook would unpack to more than 3 GB.", fix=SPLIT_WORKBOOK_FIX)
    parts: dict[str, Part] = {}
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.orig_filename.endswith(("/", "\\")):
            continue
        part = _part(content, entry)
        if part.name.lower() in parts:
            raise InputError(
                "The workbook has its part {part} twice.".format(part=part.name), fix=SAVE_AGAIN_FIX
            )
        if entry.header_offset < end or part.start + part.packed_bytes > directory_start:
            raise InputError("The parts of the workbook's zip overlap.", fix=SAVE_AGAIN_FIX)
        end = part.start + part.packed_bytes
        parts[part.name.lower()] = part
    return Package(content=content, parts=parts)


def _part(content: bytes, entry: zipfile.ZipInfo) -> Part:
    written = entry.orig_filename
    # Some programs write Windows' separator, a leading slash, or `./`; what is meant is plain.
    steps = [step for step in written.replace("\\", "/").split("/") if step not in {"", "."}]
    name = "/".join(steps)
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    if is_link or set(name) & set("\0:") or ".." in steps or not steps:
        raise InputError("The workbook's zip has a part whose name leaves the workbook.", fix=SAVE_AGAIN_FIX)
    if entry.flag_bits & 0x1:
        raise InputError("The workbook's zip is encrypted.", fix="Save it without a password and try again.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError("The workbook's zip is packed in a way Excel does not use.", fix=SAVE_AGAIN_FIX)
    if entry.file_size > RATIO_FROM_BYTES and entry.file_size > MAX_RATIO * entry.compress_size:
        raise InputError(
            "The workbook's part {part} unpacks to more than {times} times its size.".format(
                part=name, times=MAX_RATIO
            ),
            fix=SAVE_AGAIN_FIX,
        )
    header = content[entry.header_offset : entry.header_offset + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
        raise InputError("The workbook is damaged: its zip does not fit together.", fix=SAVE_AGAIN_FIX)
    _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    name_start = entry.header_offset + _LOCAL_HEADER.size
    encoding = "utf-8" if entry.flag_bits & 0x800 else "cp437"
    if content[name_start : name_start + name_length] != written.encode(encoding, "replace"):
        raise InputError("The workbook's zip names the same part in two ways.", fix=SAVE_AGAIN_FIX)
    year, month, day, hour, minute, second = entry.date_time
    return Part(
        name=name,
        start=name_start + name_length + extra_length,
        packed_bytes=entry.compress_size,
        unpacked_bytes=entry.file_size,
        crc=entry.CRC,
        is_deflated=entry.compress_type == zipfile.ZIP_DEFLATED,
        time=hour << 11 | minute << 5 | second // 2,
        date=(year - 1980) << 9 | month << 5 | day,
    )
