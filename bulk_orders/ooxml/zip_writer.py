"""A workbook's zip, to be written: parts are copied as they are packed in another, changed ones are packed again.

Nothing here knows what is in a part.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, BinaryIO, Final

from bulk_orders.errors import UnsafeToPatch
from bulk_orders.ooxml.zip_package import Package, Part

try:
    from isal.isal_zlib import compressobj
except ImportError:  # there is none for Windows on ARM; zlib takes four times as long
    _COMPRESSOBJ: Callable[[int, int, int], Any] = zlib.compressobj
else:
    _COMPRESSOBJ = compressobj

_LEVEL: Final = 1
"""Of zlib, level 6 takes more than twice the time for a file that is a fifth smaller."""
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_VERSION: Final = 20
_UTF8: Final = 0x800
_FIRST_DATE: Final = 0x21
"""1 January 1980, the earliest that a zip knows: parts of ours have no moment of their making."""
_LIMIT: Final = (1 << 32) - 1


class PackageWriter:
    """A workbook's zip, to be written to a file that can be rewound."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._written: list[tuple[Part, int]] = []

    def copy(self, package: Package, part: Part) -> None:
        """Write a part as it is in another zip."""
        offset = self._begin(part)
        self._file.write(package.packed(part))
        self._written.append((part, offset))

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Pack a part while it is made: packing has a thread of its own because it takes as long as making.

        Raises `UnsafeToPatch` when the package becomes too large.
        """
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
            raise UnsafeToPatch("it would grow beyond 4 GB")
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
                    *(b"PK\1\2", _VERSION, _VERSION, _flags(part), _method(part), part.time, part.date),
                    *(part.crc, part.packed_bytes, part.unpacked_bytes, len(name), 0, 0, 0, 0, 0, offset),
                )
                + name
            )
        number, size = len(self._written), self._file.tell() - start
        self._file.write(_END.pack(b"PK\5\6", 0, 0, number, number, size, start, 0))

    def _begin(self, part: Part) -> int:
        offset = self._file.tell()
        self._file.write(_local(part))
        return offset


class _Packer:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._deflater = _COMPRESSOBJ(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
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


def _new_part(name: str, *, crc: int = 0, size: int = 0, packed: int = 0) -> Part:
    return Part(
        name=name,
        start=0,
        packed_bytes=packed,
        unpacked_bytes=size,
        crc=crc,
        is_deflated=True,
        time=0,
        date=_FIRST_DATE,
    )


def _method(part: Part) -> int:
    return zipfile.ZIP_DEFLATED if part.is_deflated else zipfile.ZIP_STORED


def _flags(part: Part) -> int:
    return 0 if part.name.isascii() else _UTF8


def _local(part: Part) -> bytes:
    name = part.name.encode()
    return (
        _LOCAL.pack(
            *(b"PK\3\4", _VERSION, _flags(part), _method(part), part.time, part.date),
            *(part.crc, part.packed_bytes, part.unpacked_bytes, len(name), 0),
        )
        + name
    )
