"""What a file is by its first bytes, never by its name alone; what cannot be read is named, with the way out."""

import enum
from pathlib import PureWindowsPath

from bulk_orders.errors import InputError
from bulk_orders.texts import reading_files as words

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOK_SUFFIXES = {".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods"}
_TEXT_SUFFIXES = {".csv", ".tsv", ".txt", ".tab"}
_FOREIGN = {
    b"%PDF": words.PDF,
    b"\x89PNG": words.PICTURE,
    b"\xff\xd8\xff": words.PICTURE,
    b"GIF8": words.PICTURE,
    b"BM": words.PICTURE,
    b"\x1f\x8b": words.GZIP,
    b"7z\xbc\xaf": words.SEVEN_ZIP,
    b"Rar!": words.RAR,
}
_TEXT_FOREIGN = {
    b"<": words.WEB_PAGE,
    b"{": words.JSON,
    b"[{": words.JSON,
    b"From: ": words.E_MAIL,
    b"Received: ": words.E_MAIL,
}


class FileKind(enum.Enum):
    """What we read."""

    XLSX = "xlsx"
    CSV = "csv"


def file_kind(content: bytes, name: str) -> FileKind:
    """Return what the bytes are; an `InputError` says what they are when we cannot read them."""
    title = PureWindowsPath(name).name or words.NAMELESS_FILE
    suffix = PureWindowsPath(name).suffix.lower()
    if not content.strip(b"\xef\xbb\xbf\r\n\t \x1a"):
        raise InputError(words.EMPTY.format(name=title), fix=words.SAVE_OR_FETCH_FIX)
    if content.startswith(_ZIP):
        if suffix in _TEXT_SUFFIXES:
            raise InputError(words.MISNAMED_ZIP.format(name=title, suffix=suffix), fix=words.MISNAMED_ZIP_FIX)
        return FileKind.XLSX
    if content.startswith(_OLE):
        raise _ole_refusal(content, title)
    for start, what in _FOREIGN.items():
        if content.startswith(start) and (start != b"BM" or b"\0" in content[:64]):
            raise InputError(words.FOREIGN.format(name=title, what=what), fix=words.GIVE_A_TABLE_FIX)
    head = content[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    for start, what in _TEXT_FOREIGN.items():
        if head.startswith(start):
            raise InputError(words.FOREIGN_TEXT.format(name=title, what=what), fix=words.SAVE_AS_XLSX_FIX)
    if suffix in _WORKBOOK_SUFFIXES:
        raise _not_a_workbook(content, title, suffix)
    return FileKind.CSV


def _ole_refusal(content: bytes, title: str) -> InputError:
    if _ENCRYPTED_STREAM in content:
        return InputError(words.LOCKED.format(name=title), fix=words.LOCKED_FIX)
    return InputError(words.OLD_WORKBOOK.format(name=title), fix=words.SAVE_AS_XLSX_FIX)


def _not_a_workbook(content: bytes, title: str, suffix: str) -> InputError:
    if b"\0" in content[:4096] and not content.startswith(UTF16_MARKS):
        return InputError(words.NO_WORKBOOK.format(name=title), fix=words.NO_WORKBOOK_FIX)
    return InputError(words.MISNAMED_TEXT.format(name=title, suffix=suffix), fix=words.MISNAMED_TEXT_FIX)
