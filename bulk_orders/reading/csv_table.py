"""Reads a CSV file into rows of texts, as strictly as RFC 4180, so that no value can slip into the next column.

Encoding and separator are recognised; everything that would have to be guessed is refused with its line.
"""

import csv
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from bulk_orders.core.mapping import SEPARATORS, CsvForm
from bulk_orders.errors import InputError
from bulk_orders.ooxml.addresses import MAX_COLUMNS, MAX_ROWS
from bulk_orders.reading.file_kind import UTF16_MARKS

_MANY_NULS = 10
"""Among every other byte of a file's beginning: its letters have two bytes."""
_SEARCHED_CHARACTERS = 100_000
_SEPARATOR_TOLD = re.compile(r'("?)sep=([^\w "\r\n])\1[,;\t|]*(?:\r\n?|\n)', re.IGNORECASE)
"""Excel's first line; a program that wrote the file again may have quoted it, or filled it up with separators."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)?")

CsvRow = tuple[int, list[str]]
"""A row with the number Excel shows it under."""
RECOGNISED = CsvForm()


def csv_rows(content: bytes, form: CsvForm = RECOGNISED, header_row: int = 1) -> Iterator[CsvRow]:
    """Yield the header and all rows below it; each has as many texts as the header.

    The header is the first line that is not blank, from `header_row` on. Rows are numbered as Excel shows them: the first is
    1, a cell with line breaks counts once, a `sep=` line not at all. An `InputError` names the line in the file.
    """
    header_width = 0
    for sheet_row, line, texts in _records_of(content, form):
        if not any(texts) or sheet_row < header_row:
            continue
        if not header_width:
            header_width = len(texts)
            if header_width > MAX_COLUMNS:
                raise InputError(
                    "Line {line} has more columns than Excel can show.".format(line=line),
                    fix="Remove the surplus columns.",
                )
        yield sheet_row, _fitted(texts, header_width, line)


def csv_head(content: bytes, form: CsvForm, rows: int) -> list[CsvRow]:
    """Return the file's first rows as they are, for whoever looks for its header among them."""
    return [(sheet_row, texts) for sheet_row, _, texts in islice(_records_of(content, form), rows)]


def _records_of(content: bytes, form: CsvForm) -> Iterator[tuple[int, int, list[str]]]:
    text = _decoded(content, form.encoding)
    start, separator, lines_before = _separator_of(text)
    return _records(_lines(text, start), form.separator or separator, lines_before)


def is_utf8(content: bytes) -> bool:
    """Tell whether a file says by itself how its letters are written: UTF-8, or UTF-16 with its mark."""
    try:
        _decoded(content)
    except InputError:
        return False
    return True


_SAVE_AS_UTF8_FIX: Final = "Save it in Excel as CSV UTF-8 (Comma delimited)."


def _decoded(content: bytes, otherwise: str = "") -> str:
    """Decode UTF-8, or UTF-16 with its mark; `otherwise` is the encoding of a file that is neither."""
    is_utf16 = content.startswith(UTF16_MARKS)
    is_bare_utf16 = not is_utf16 and (
        content[:200:2].count(0) > _MANY_NULS or content[1:200:2].count(0) > _MANY_NULS
    )
    try:
        text = content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        if otherwise and not is_utf16:
            return _decoded_as(content, otherwise)
        if is_utf16:
            raise InputError(
                "The CSV file says that it is UTF-16 text but is not: it is damaged or was cut off.",
                fix=_SAVE_AS_UTF8_FIX,
            ) from error
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(
            "Line {line} of the CSV file is not UTF-8 text.".format(line=line), fix=_SAVE_AS_UTF8_FIX
        ) from error
    if is_bare_utf16:
        if otherwise:
            return _decoded_as(content, otherwise)
        raise InputError(
            "The CSV file looks like UTF-16 text without the mark that says so.", fix=_SAVE_AS_UTF8_FIX
        )
    if (place := text.find("\0")) >= 0:
        line = text.count("\n", 0, place) + 1
        raise InputError(
            "Line {line} of the CSV file has a NUL character.".format(line=line), fix=_SAVE_AS_UTF8_FIX
        )
    return text.rstrip("\x1a")


_CSV_NOT_IN: Final = "The CSV file is not in the encoding {encoding}."
_CSV_NOT_IN_FIX: Final = "Give the right one with --encoding, or save it as CSV UTF-8."


def _decoded_as(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(_CSV_NOT_IN.format(encoding=encoding), fix=_CSV_NOT_IN_FIX) from error
    if "\0" in text:
        raise InputError(_CSV_NOT_IN.format(encoding=encoding), fix=_CSV_NOT_IN_FIX)
    return text.rstrip("\x1a")


def _lines(text: str, start: int = 0) -> Iterator[str]:
    """Yield the lines with their ends; a StringIO would keep a copy of the text, four bytes for each character."""
    return (line[0] for line in _LINE.finditer(text, start) if line[0])


def _separator_of(text: str) -> tuple[int, str, int]:
    """Return where the text begins after its `sep=` line, the separator, and how many lines that were."""
    told = _SEPARATOR_TOLD.match(text)
    if told:
        return told.end(), told[2], 1
    header = _first_filled_row(text)
    return 0, max(SEPARATORS, key=header.count), 0


def _first_filled_row(text: str) -> str:
    """Return the beginning of the first row with something in it, without what is in quotes: line breaks, too, may be."""
    row: list[str] = []
    is_quoted = False
    for letter in islice(text, _SEARCHED_CHARACTERS):
        is_quoted ^= letter == '"'
        if is_quoted:
            continue
        if letter in "\r\n" and "".join(row).strip(" ,;\t|\r\n"):
            break
        row.append(letter)
    return "".join(row)


def _records(lines: Iterator[str], separator: str, lines_before: int) -> Iterator[tuple[int, int, list[str]]]:
    """Yield Excel's row number, the line where the row begins, and its texts."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    line = lines_before + 1
    sheet_row = 0
    while True:
        try:
            texts = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(
                "The quotes in line {line} of the CSV file do not match up, or a cell is too long.".format(
                    line=line
                ),
                fix='Write a quote inside a quoted cell twice (""), and close each quoted cell.',
            ) from error
        sheet_row += 1
        if sheet_row > MAX_ROWS:
            raise InputError(
                "The CSV file has more rows than Excel can show.", fix="Split it into several files."
            )
        yield sheet_row, line, texts
        line = lines_before + reader.line_num + 1


def _fitted(texts: list[str], width: int, line: int) -> list[str]:
    """Return as many texts as the header has; only empty ones may be too many, and those missing at the end are blank.

    Excel leaves the separators at the end of a line away where no cell follows.
    """
    if len(texts) == width:
        return texts
    if len(texts) < width:
        return texts + [""] * (width - len(texts))
    if not any(map(str.strip, texts[width:])):
        return texts[:width]
    raise InputError(
        "Line {line} of the CSV file has {cells} cells, the header has {width}.".format(
            line=line, cells=len(texts), width=width
        ),
        fix='Put cells that contain the separator in quotes ("), and give each line as many cells.',
    )
