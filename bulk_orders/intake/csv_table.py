"""Reads a CSV file into rows of texts, as strictly as RFC 4180, so that no value can slip into the next column.

Encoding and separator are recognised; everything that would have to be guessed is refused with its line.
"""

import csv
from collections.abc import Iterator
from io import StringIO

from bulk_orders.errors import InputError
from bulk_orders.texts import intake_files as words

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = ",;\t"
_MAX_COLUMNS = 16_384
_SEARCHED_CHARACTERS = 100_000
_MAX_ROWS = 1_048_576

CsvRow = tuple[int, list[str]]
"""A row with the number Excel shows it under."""


def csv_rows(content: bytes) -> Iterator[CsvRow]:
    """Yield the header and all rows below it; each has as many texts as the header.

    The header is the first line that is not blank. Rows are numbered as Excel shows them: the first is 1, a cell
    with line breaks counts once, a `sep=` line not at all. An `InputError` names the line in the file.
    """
    text = _decoded(content)
    text, separator, lines_before = _separator_of(text)
    header_width = 0
    for sheet_row, line, texts in _records(text, separator, lines_before):
        if not any(texts):
            continue
        if not header_width:
            header_width = len(texts)
            if header_width > _MAX_COLUMNS:
                raise InputError(words.CSV_TOO_WIDE.format(line=line), fix=words.CSV_TOO_WIDE_FIX)
        yield sheet_row, _fitted(texts, header_width, line)


def _decoded(content: bytes) -> str:
    is_utf16 = content.startswith(_UTF16_MARKS)
    try:
        text = content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 if is_utf16 else content.count(b"\n", 0, error.start) + 1
        raise InputError(words.CSV_NOT_UTF8.format(line=line), fix=words.SAVE_AS_UTF8_FIX) from error
    if (place := text.find("\0")) >= 0:
        line = text.count("\n", 0, place) + 1
        raise InputError(words.CSV_NUL.format(line=line), fix=words.SAVE_AS_UTF8_FIX)
    return text.rstrip("\x1a")


def _separator_of(text: str) -> tuple[str, str, int]:
    """Return the text without its `sep=` line, the separator, and how many lines were taken off."""
    start = text[:8].split("\n", 1)[0].rstrip("\r").lower()
    if start.startswith("sep=") and len(start) == len("sep=") + 1:
        return text[5:].removeprefix("\r").removeprefix("\n"), start[-1], 1
    counts = dict.fromkeys(_SEPARATORS, 0)
    is_quoted = False
    for letter in _first_filled_line(text)[:_SEARCHED_CHARACTERS]:
        is_quoted ^= letter == '"'
        if not is_quoted and letter in counts:
            counts[letter] += 1
    return text, max(_SEPARATORS, key=counts.__getitem__), 0


def _first_filled_line(text: str) -> str:
    lines = (line for line in StringIO(text, newline=None) if line.strip(" ,;\t\r\n"))
    return next(lines, "")


def _records(text: str, separator: str, lines_before: int) -> Iterator[tuple[int, int, list[str]]]:
    """Yield Excel's row number, the line where the row begins, and its texts."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    line = lines_before + 1
    sheet_row = 0
    while True:
        try:
            texts = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(words.CSV_QUOTES.format(line=line), fix=words.CSV_QUOTES_FIX) from error
        sheet_row += 1
        if sheet_row > _MAX_ROWS:
            raise InputError(words.CSV_TOO_LONG, fix=words.CSV_TOO_LONG_FIX)
        yield sheet_row, line, texts
        line = lines_before + reader.line_num + 1


def _fitted(texts: list[str], width: int, line: int) -> list[str]:
    """Return as many texts as the header has; only empty ones may be too many."""
    if len(texts) == width:
        return texts
    if len(texts) > width and not any(texts[width:]):
        return texts[:width]
    raise InputError(
        words.CSV_UNEVEN.format(line=line, cells=len(texts), width=width), fix=words.CSV_UNEVEN_FIX
    )
