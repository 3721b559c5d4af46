"""One pass over a sheet's XML for what python-calamine drops, and for the extent that would make it abort.

Whole megabytes are searched for the few marks that matter; no cell is parsed that has none. A sheet that is
written in an unusual but legal way is brought into the usual form first (`sheet_rewriting`).
Values are calamine's business.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from bulk_orders.core.model import CellNote
from bulk_orders.errors import InputError
from bulk_orders.ooxml.addresses import MAX_COLUMNS, MAX_ROWS, column_index
from bulk_orders.ooxml.areas import merged_areas
from bulk_orders.ooxml.number_formats import NumberStyles
from bulk_orders.ooxml.searches import OVERLAP, ROWS_BEGIN
from bulk_orders.ooxml.xml_bytes import PREFIX, is_on, tag_attributes, unescaped
from bulk_orders.ooxml.xml_check import check_xml_start
from bulk_orders.ooxml.xml_events import SAVE_AGAIN_FIX
from bulk_orders.ooxml.zip_package import Package
from bulk_orders.reading.formula_scan import scan_formulas, spread_over_areas
from bulk_orders.reading.sheet_findings import SheetScan, cell_before
from bulk_orders.reading.sheet_rewriting import SHEET_ODD_XML
from bulk_orders.reading.usual_rows import usual_rows

MAX_BOX_CELLS = 60_000_000
"""Rows times columns from A1 to the furthest cell; calamine keeps every one of them, filled or not."""
_MAX_BLOCK_BYTES = 64_000_000
_MANY_STYLES = 64

# No expression runs past a "<": a crafted sheet could make it go over the same megabyte again and again.
_FILLED_CELL = re.compile(rb'<c r="([A-Z]+)([0-9]+)"(?:[^<>]*[^/<>])?>')
_ROW = re.compile(rb'<row r="([0-9]+)"')
_EMPTY_CELL = re.compile(rb'(?<! t="e)"></c>')
_HIDDEN = re.compile(rb'\s(?:hidden="\s*(?:1|true)\s*"|ht="\s*(?=\.?[0-9])0*(?:\.[0-7][0-9]*)?\s*")')
_NO_WIDTH = re.compile(r"\s*(?=\.?[0-9])0*(?:\.[01][0-9]*)?\s*")
"""Of a row and of a column less than two pixels, of which nothing can be read."""
_COLUMN_NUMBER = re.compile("[0-9]{1,5}")
_VALUE = re.compile(rb"<v[^<>]*>([^<]*)</v>")
_DEFAULTS = re.compile(b"<" + PREFIX + rb"sheetFormatPr\s[^<>]*>")
_COLUMN = re.compile(b"<" + PREFIX + rb"col\s[^<>]*>")
_ROWS_END = re.compile(b"</" + PREFIX + rb"sheetData\s*>")
_ASIDE = re.compile(rb"<!|<\?(?!xml\s)")
"""Comments, CDATA and instructions: searches for bytes would find in them what is not there."""
_ERROR_CELL = re.compile(
    rb'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?) t="e"[^<>]*(?:/>|>(?:<f[^<>]*>(?:[^<]*</f>)?)?(?:<v>[^<]*</v>)?</c>)'
)
_FILLED = re.compile(b"<" + PREFIX + rb"[vt](?:\s[^<>]*)?>[^<]")
SHEET_UNREADABLE: Final = "Sheet {sheet} of the workbook cannot be read."


class OddForm(Exception):
    """A sheet is not written in the usual form."""


def scan_sheet(
    chunks: Iterable[bytes],
    part: str,
    sheet: str,
    styles: NumberStyles,
    take: Callable[[bytes], object],
    *,
    are_stale: bool = False,
    volatile_names: frozenset[str] = frozenset(),
) -> SheetScan:
    """Return what calamine drops of a sheet in the usual form; `OddForm` where it is in another.

    `are_stale` says that no formula's result counts. `take` gets the rows as calamine is to have them: whole ones, without the errors, some of which it does not know. An
    `InputError` is raised for a sheet that it must not be given.
    """
    scan = SheetScan()
    wanted = _style_search(styles)
    row_before = 0
    place = ""
    for place, block in _blocks(chunks):
        if place != "rows" and _ASIDE.search(block):
            raise OddForm
        if place == "before":
            check_xml_start(block, part)
            scan.hidden_columns.update(_hidden_columns(block))
        elif place == "rows":
            usual = usual_rows(block, row_before)
            if usual is None:
                raise OddForm
            block = _without_empty_cells(block)  # noqa: PLW2901 - the same rows
            if usual.tags:
                _scan_rows(usual.tags, scan)
                row_before = int(usual.tags[-1][0])
            _measure(block, usual.width, sheet, scan)
            has_errors = _scan_errors(block, scan)
            scan_formulas(block, scan, are_stale=are_stale, volatile_names=volatile_names)
            if wanted:
                _scan_styles(block, wanted, styles, scan)
            take(_ERROR_CELL.sub(rb"\1/>", block) if has_errors else block)
        else:
            if ROWS_BEGIN.search(block):
                raise InputError(SHEET_ODD_XML.format(sheet=sheet), fix=SAVE_AGAIN_FIX)
            scan.merges.extend(merged_areas(block))
    if place == "rows":
        raise InputError(SHEET_UNREADABLE.format(sheet=sheet), fix=SAVE_AGAIN_FIX)
    spread_over_areas(scan)
    return scan


def is_filled(package: Package, part: str) -> bool:
    """Tell whether any cell of the sheet has a value; reads no further than the first."""
    end = b""
    for chunk in package.chunks(part):
        if _FILLED.search(end + chunk):
            return True
        end = chunk[-200:]
    return False


def _blocks(chunks: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield what is before the rows, the rows cut before a row's tag, and what follows cut after a tag.

    The rows come without their namespace prefix.
    """
    place, rest, prefix = "before", b"", b""
    for chunk in chunks:
        seen = max(len(rest) - OVERLAP, 0)
        rest += chunk
        if len(rest) > _MAX_BLOCK_BYTES:
            raise InputError("A sheet of the workbook has a row that is far too long.", fix=SAVE_AGAIN_FIX)
        if place == "before":
            found = ROWS_BEGIN.search(rest, seen)
            if found is None:
                continue
            yield place, rest[: found.start()]
            place, prefix, rest = "after" if found[2] else "rows", found[1], rest[found.end() :]
        if place == "rows":
            found = _ROWS_END.search(rest) if b"sheetData" in rest else None
            end = found.start() if found else max(rest.rfind(b"<" + prefix + b"row"), 0)
            yield place, _without_prefix(rest[:end], prefix)
            rest = rest[end:]
            place = "after" if found else place
        if place == "after":
            end = rest.rfind(b">") + 1
            yield place, rest[:end]
            rest = rest[end:]
    if rest:
        yield place, _without_prefix(rest, prefix)


def _without_prefix(rows: bytes, prefix: bytes) -> bytes:
    return rows.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</") if prefix else rows


def _without_empty_cells(rows: bytes) -> bytes:
    """Return rows in which a cell that has nothing in it is written as one tag, as by most programs."""
    return _EMPTY_CELL.sub(b'"/>', rows) if b'"></c>' in rows else rows


def _scan_rows(tags: Sequence[tuple[bytes, bytes]], scan: SheetScan) -> None:
    """Note the hidden rows that have cells."""
    attributes = {text for _, text in tags}  # few differ, so few are searched
    hidden = {text for text in attributes if not text.endswith(b"/") and _HIDDEN.search(text)}
    if hidden:
        scan.hidden_rows.update(int(number) for number, text in tags if text in hidden)


def _measure(rows: bytes, width: int, sheet: str, scan: SheetScan) -> None:
    """Extend the furthest row and column, and refuse a cell that is much too far away.

    Ghost cells, formatted but empty, do not count: people draw borders over whole columns.
    """
    last_filled = _ROW.match(rows, rows.rfind(b"<row ", 0, max(rows.rfind(b"</c>"), 0)))
    if last_filled:
        scan.last_row = max(scan.last_row, int(last_filled[1]))
    if width > scan.width:
        filled = set(_FILLED_CELL.findall(rows))
        scan.last_row = max(scan.last_row, *(int(row) for _, row in filled), 0)
        scan.width = max(scan.width, *(column_index(letters) + 1 for letters, _ in filled), 0)
    if scan.width > MAX_COLUMNS or scan.last_row > MAX_ROWS:
        raise InputError(
            "Sheet {sheet} has a cell beyond XFD1048576, Excel's last one.".format(sheet=sheet),
            fix=SAVE_AGAIN_FIX,
        )
    if scan.last_row * scan.width > MAX_BOX_CELLS:
        raise InputError(
            "Sheet {sheet} has a cell far outside the table: {rows:,} rows by {columns:,} columns.".format(
                sheet=sheet, rows=scan.last_row, columns=scan.width
            ),
            fix="Delete what is below and to the right of the table (Ctrl+End finds it), save and try again.",
        )


def _scan_errors(rows: bytes, scan: SheetScan) -> bool:
    """Note the errors that cells show, and tell whether there may be any."""
    first = position = rows.find(b' t="e"')
    while position >= 0:
        cell = cell_before(rows, position)
        if cell and b' t="e"' in cell[2]:
            end = position if cell[2].endswith(b"/") else max(rows.find(b"</c>", position), position)
            value = _VALUE.search(rows, position, end)
            text = unescaped(value[1]) if value else ""
            scan.marks.setdefault(cell[0], {})[cell[1]] = (CellNote.ERROR, text or "#ERROR")
        position = rows.find(b' t="e"', position + 1)
    return first >= 0


def _hidden_columns(head: bytes) -> set[int]:
    """Return the columns that are hidden, or of no width by themselves or by default."""
    defaults = [tag_attributes(tag).get("defaultColWidth", "") for tag in _DEFAULTS.findall(head)]
    hidden = set(range(MAX_COLUMNS)) if any(map(_NO_WIDTH.fullmatch, defaults)) else set()
    for tag in _COLUMN.findall(head):
        about = tag_attributes(tag)
        first, last = (_COLUMN_NUMBER.fullmatch(about.get(name, "")) for name in ("min", "max"))
        if not first or not last:
            continue
        columns = range(int(first[0]) - 1, min(int(last[0]), MAX_COLUMNS))
        if is_on(about.get("hidden")) or _NO_WIDTH.fullmatch(about.get("width", "")):
            hidden.update(columns)
        elif "width" in about:
            hidden.difference_update(columns)
    return hidden


def _style_search(styles: NumberStyles) -> re.Pattern[bytes] | None:
    wanted = sorted(styles.telling)
    if not wanted:
        return None
    numbers = b"|".join(b"%d" % style for style in wanted) if len(wanted) <= _MANY_STYLES else rb"[0-9]+"
    return re.compile(rb' s="(' + numbers + rb')"')


def _scan_styles(rows: bytes, wanted: re.Pattern[bytes], styles: NumberStyles, scan: SheetScan) -> None:
    styled: dict[int, tuple[tuple[int, int], ...]] = {}
    for found in wanted.finditer(rows):
        style = int(found[1])
        cell = cell_before(rows, found.start())
        if cell and not cell[2].endswith(b"/") and style in styles.telling:
            styled[cell[0]] = *styled.get(cell[0], ()), (cell[1], style)
    # Most rows are alike: with a million of them it matters that they share what is kept.
    alike = {cells: cells for cells in styled.values()}
    for row, cells in styled.items():
        scan.styles[row] = scan.styles.get(row, ()) + alike[cells]
