"""What a file is by its first bytes, never by its name alone; what cannot be read is named, with the way out."""

import enum
from pathlib import PureWindowsPath

from bulk_orders.errors import InputError

_SAVE_AS_XLSX = "Open it in Excel and save it as Excel Workbook (.xlsx)."
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOK_SUFFIXES = {".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods"}
_TEXT_SUFFIXES = {".csv", ".tsv", ".txt", ".tab"}
_FOREIGN = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"BM": "a picture",
    b"\x1f\x8b": "compressed with gzip",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
}
_TEXT_FOREIGN = {
    b"<": "a web page or XML, not a workbook",
    b"{": "JSON, not a table",
    b"[{": "JSON, not a table",
    b"From: ": "an e-mail, not a table",
    b"Received: ": "an e-mail, not a table",
}


class FileKind(enum.Enum):
    """What we read."""

    XLSX = "xlsx"
    CSV = "csv"


def file_kind(content: bytes, name: str) -> FileKind:
    """Return what the bytes are; an `InputError` says what they are when we cannot read them."""
    title = PureWindowsPath(name).name or "The file"
    suffix = PureWindowsPath(name).suffix.lower()
    if not content.strip(b"\xef\xbb\xbf\r\n\t \x1a"):
        raise InputError(f"{title} is empty.", fix="Save it again in Excel, or fetch it again.")
    if content.startswith(_ZIP):
        if suffix in _TEXT_SUFFIXES:
            raise InputError(
                f"{title} is a zip or a workbook, named {suffix}.",
                fix="Unpack it, or rename it to .xlsx if it is a workbook.",
            )
        return FileKind.XLSX
    if content.startswith(_OLE):
        raise _ole_refusal(content, title)
    for start, what in _FOREIGN.items():
        if content.startswith(start) and (start != b"BM" or b"\0" in content[:64]):
            raise InputError(f"{title} is {what}, not a workbook.", fix="Give an .xlsx or .csv file.")
    head = content[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    for start, what in _TEXT_FOREIGN.items():
        if head.startswith(start):
            raise InputError(f"{title} is {what}.", fix=_SAVE_AS_XLSX)
    if suffix in _WORKBOOK_SUFFIXES:
        raise _not_a_workbook(content, title, suffix)
    return FileKind.CSV


def _ole_refusal(content: bytes, title: str) -> InputError:
    if _ENCRYPTED_STREAM in content:
        return InputError(
            f"{title} is protected with a password.",
            fix="Remove the password in Excel (File, Info, Protect Workbook), save it and try again.",
        )
    return InputError(f"{title} is an old Excel workbook (.xls).", fix=_SAVE_AS_XLSX)


def _not_a_workbook(content: bytes, title: str, suffix: str) -> InputError:
    if b"\0" in content[:4096] and not content.startswith(_UTF16_MARKS):
        return InputError(f"{title} is not a workbook, or it is damaged.", fix="Fetch or save it again.")
    return InputError(
        f"{title} is a text file named {suffix}, not a workbook.",
        fix="Rename it to .csv, or open it in Excel and save it as .xlsx.",
    )
