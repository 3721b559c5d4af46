"""What a file is by its first bytes, never by its name alone; what cannot be read is named, with the way out."""

import enum
from pathlib import PureWindowsPath
from typing import Final

from bulk_orders.errors import InputError

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOK_SUFFIXES = {".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods"}
_TEXT_SUFFIXES = {".csv", ".tsv", ".txt", ".tab"}
_PICTURE: Final = "a picture"
_FOREIGN = {
    b"%PDF": "a PDF",
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"BM": _PICTURE,
    b"\x1f\x8b": "compressed with gzip",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
}
_JSON: Final = "JSON, not a table"
_E_MAIL: Final = "an e-mail, not a table"
_TEXT_FOREIGN = {
    b"<": "a web page or XML, not a workbook",
    b"{": _JSON,
    b"[{": _JSON,
    b"From: ": _E_MAIL,
    b"Received: ": _E_MAIL,
}
SAVE_AS_XLSX_FIX: Final = "Open it in Excel and save it as Excel Workbook (.xlsx)."
SAVE_OR_FETCH_FIX: Final = "Save it again in Excel, or download it again."
GIVE_A_TABLE_FIX: Final = "Use an .xlsx or .csv file."


class FileKind(enum.Enum):
    """What we read."""

    XLSX = "xlsx"
    CSV = "csv"


def file_kind(content: bytes, name: str) -> FileKind:
    """Return what the bytes are; an `InputError` says what they are when we cannot read them."""
    # Takes the place of a file's name at the start of a sentence.
    title = PureWindowsPath(name).name or "The file"
    suffix = PureWindowsPath(name).suffix.lower()
    if not content.strip(b"\xef\xbb\xbf\r\n\t \x1a"):
        raise InputError("{name} is empty.".format(name=title), fix=SAVE_OR_FETCH_FIX)
    if content.startswith(_ZIP):
        if suffix in _TEXT_SUFFIXES:
            raise InputError(
                "{name} is a zip or a workbook, although its name ends in {suffix}.".format(
                    name=title, suffix=suffix
                ),
                fix="Unpack it, or rename it to .xlsx if it is a workbook.",
            )
        return FileKind.XLSX
    if content.startswith(_OLE):
        raise _ole_refusal(content, title)
    for start, what in _FOREIGN.items():
        if content.startswith(start) and (start != b"BM" or b"\0" in content[:64]):
            raise InputError(
                "{name} is {what}, not a workbook.".format(name=title, what=what), fix=GIVE_A_TABLE_FIX
            )
    head = content[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    for start, what in _TEXT_FOREIGN.items():
        if head.startswith(start):
            raise InputError("{name} is {what}.".format(name=title, what=what), fix=SAVE_AS_XLSX_FIX)
    if suffix in _WORKBOOK_SUFFIXES:
        raise _not_a_workbook(content, title, suffix)
    return FileKind.CSV


def _ole_refusal(content: bytes, title: str) -> InputError:
    if _ENCRYPTED_STREAM in content:
        return InputError(
            "{name} is protected with a password.".format(name=title),
            fix="Remove the password in Excel (File, Info, Protect Workbook), save it and try again.",
        )
    return InputError("{name} is an old Excel workbook (.xls).".format(name=title), fix=SAVE_AS_XLSX_FIX)


def _not_a_workbook(content: bytes, title: str, suffix: str) -> InputError:
    if b"\0" in content[:4096] and not content.startswith(UTF16_MARKS):
        return InputError(
            "{name} is not a workbook, or it is damaged.".format(name=title), fix="Download or save it again."
        )
    return InputError(
        "{name} is a text file, although its name ends in {suffix}.".format(name=title, suffix=suffix),
        fix="Rename it to .csv, or open it in Excel and save it as .xlsx.",
    )
