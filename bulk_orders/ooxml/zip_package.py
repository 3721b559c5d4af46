"""The zip of a workbook, part by part: parts are copied as they are packed, changed ones are packed anew.

Nothing here knows what is in a part.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Final

from bulk_orders.errors import UnsafeToPatch
from bulk_orders.texts import own_copy as words

_CHUNK: Final = 1 << 20
_FEED: Final = 1 << 17
_LEVEL: Final = 1
"""Level 6 takes more than twice the time for a file that is a fifth smaller."""
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_LOCAL_LENGTHS: Final = struct.Struct("<26xHH")
_VERSION: Final = 20
_UTF8: Final = 0x800
_FIRST_DATE: Final = 0x21
"""1 January 1980, the earliest that a zip knows: parts of ours have no moment of their making."""
_LIMIT: Final = (1 << 32) - 1
_SMALL: Final = 60_000_000
"""For parts that are read whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedPart:
    """A part as it lies in the zip."""

    name: str
    start: int
    packed_bytes: int
    unpacked_bytes: int
    crc: int
    method: int
    time: int
    date: int


class Package:
    """A workbook's zip, to be read."""

    def __init__(self, content: bytes) -> None:
        """`UnsafeToPatch` where it is no zip that can be copied part by part."""
        self.content = content
        self.parts: dict[str, PackedPart] = {}
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive:
                for entry in archive.infolist():
                    if not entry.is_dir():
                        self._take(entry)
        except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OSError) as error:
            raise UnsafeToPatch(words.NO_WHOLE_FILE) from error

    def _take(self, entry: zipfile.ZipInfo) -> None:
        is_usual = (
            entry.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} and not entry.flag_bits & 1
        )
        if not is_usual or entry.filename.lower() in self.parts:
            raise UnsafeToPatch(words.ODD_PACKING)
        names, extra = _LOCAL_LENGTHS.unpack_from(self.content, entry.header_offset)
        year, month, day, hour, minute, second = entry.date_time
        self.parts[entry.filename.lower()] = PackedPart(
            name=entry.filename,
            start=entry.header_offset + _LOCAL.size + names + extra,
            packed_bytes=entry.compress_size,
            unpacked_bytes=entry.file_size,
            crc=entry.CRC,
            method=entry.compress_type,
            time=hour << 11 | minute << 5 | second // 2,
            date=(year - 1980) << 9 | month << 5 | day,
        )

    def has(self, name: str) -> bool:
        """Whether there is such a part; case does not matter."""
        return name.lower() in self.parts

    def packed(self, part: PackedPart) -> memoryview:
        """Return a part as it lies in the zip."""
        return memoryview(self.content)[part.start : part.start + part.packed_bytes]

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a part's bytes, about 1 MiB at a time."""
        part = self.parts.get(name.lower())
        if part is None:
            raise UnsafeToPatch(words.PART_MISSING.format(part=name))
        crc = size = 0
        try:
            for chunk in self._inflated(part):
                crc = zlib.crc32(chunk, crc)
                size += len(chunk)
                if size > part.unpacked_bytes:
                    break
                yield chunk
        except zlib.error as error:
            raise UnsafeToPatch(words.PART_DAMAGED.format(part=part.name)) from error
        if crc != part.crc or size != part.unpacked_bytes:
            raise UnsafeToPatch(words.PART_DAMAGED.format(part=part.name))

    def _inflated(self, part: PackedPart) -> Iterator[bytes]:
        packed = self.packed(part)
        if part.method == zipfile.ZIP_STORED:
            yield from (bytes(packed[at : at + _CHUNK]) for at in range(0, len(packed), _CHUNK))
            return
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        for at in range(0, len(packed), _FEED):
            rest: bytes | memoryview = packed[at : at + _FEED]
            while rest and not inflater.eof:
                yield inflater.decompress(rest, _CHUNK)
                rest = inflater.unconsumed_tail
        yield inflater.flush()

    def read(self, name: str) -> bytes:
        """Return a whole part."""
        part = self.parts.get(name.lower())
        if part is not None and part.unpacked_bytes > _SMALL:
            raise UnsafeToPatch(words.PART_TOO_LARGE.format(part=part.name))
        return b"".join(self.chunks(name))


class PackageWriter:
    """A workbook's zip, to be written to a file that can be rewound."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._written: list[tuple[PackedPart, int]] = []

    def copy(self, package: Package, part: PackedPart) -> None:
        """Write a part as it lies in another zip."""
        offset = self._begin(part)
        self._file.write(package.packed(part))
        self._written.append((part, offset))

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Pack a part while it is made: packing has a thread of its own, for it takes as long as making."""
        offset = self._begin(_new_part(name))
        packer = _Packer(self._file)
        with ThreadPoolExecutor(1) as pool:
            before: Future[None] | None = None
            for chunk in chunks:
                task = pool.submit(packer.pack, chunk)
                if before is not None:
                    before.result()  # never more than two chunks in memory
                before = task
            if before is not None:
                before.result()
        packer.finish()
        if max(packer.size, self._file.tell()) > _LIMIT:
            raise UnsafeToPatch(words.TOO_LARGE)
        part = _new_part(name, crc=packer.crc, size=packer.size, packed=packer.packed)
        end = self._file.tell()
        self._file.seek(offset)
        self._file.write(_local(part))
        self._file.seek(end)
        self._written.append((part, offset))

    def close(self) -> None:
        """Write the directory."""
        start = self._file.tell()
        for part, offset in self._written:
            name = part.name.encode()
            self._file.write(
                _CENTRAL.pack(
                    *(b"PK\1\2", _VERSION, _VERSION, _flags(part), part.method, part.time, part.date),
                    *(part.crc, part.packed_bytes, part.unpacked_bytes, len(name), 0, 0, 0, 0, 0, offset),
                )
                + name
            )
        number, size = len(self._written), self._file.tell() - start
        self._file.write(_END.pack(b"PK\5\6", 0, 0, number, number, size, start, 0))

    def _begin(self, part: PackedPart) -> int:
        offset = self._file.tell()
        self._file.write(_local(part))
        return offset


class _Packer:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        self.crc = self.size = self.packed = 0

    def pack(self, chunk: bytes) -> None:
        self.crc = zlib.crc32(chunk, self.crc)
        self.size += len(chunk)
        self._write(self._deflater.compress(chunk))

    def finish(self) -> None:
        self._write(self._deflater.flush())

    def _write(self, packed: bytes) -> None:
        self.packed += len(packed)
        self._file.write(packed)


def _new_part(name: str, *, crc: int = 0, size: int = 0, packed: int = 0) -> PackedPart:
    return PackedPart(
        name=name,
        start=0,
        packed_bytes=packed,
        unpacked_bytes=size,
        crc=crc,
        method=zipfile.ZIP_DEFLATED,
        time=0,
        date=_FIRST_DATE,
    )


def _flags(part: PackedPart) -> int:
    return 0 if part.name.isascii() else _UTF8


def _local(part: PackedPart) -> bytes:
    name = part.name.encode()
    return (
        _LOCAL.pack(
            *(b"PK\3\4", _VERSION, _flags(part), part.method, part.time, part.date),
            *(part.crc, part.packed_bytes, part.unpacked_bytes, len(name), 0),
        )
        + name
    )
