"""What is wrong with the formulas of a sheet: no result, one that Excel would not show, or another one tomorrow."""

import re
from array import array
from functools import lru_cache
from typing import Final

from bulk_orders.core.model import CellNote
from bulk_orders.ooxml.addresses import column_index
from bulk_orders.ooxml.areas import area_of
from bulk_orders.ooxml.xml_bytes import tag_attributes, unescaped
from bulk_orders.reading.sheet_findings import SheetScan, cell_before
from bulk_orders.reading.volatile_formulas import is_volatile

_FORMULA: Final = re.compile(rb"<f(\s[^<>]*?)?(?:/>|>([^<]*)</f>)\s*(?:(<v)[^<>]*>([^<]{0,24}))?")
_WITH_FORMULA: Final = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^<>]*><f')
_SHARED: Final = re.compile(rb'\bsi="([0-9]{1,7})"')
_ZERO: Final = re.compile(rb"[-+]?0+(?:\.0*)?(?:[eE][-+]?[0-9]{1,3})?")
_LONG_BYTES: Final = 200
"""Shorter formulas are looked at in less time than it takes to find out whether they are known."""
_LONGEST_BYTES: Final = 8_192
"""Excel takes none that is longer, and none is kept."""
_OF_OTHER_KINDS: Final = re.compile(rb' t="(?!(?:n|str)")')


def scan_formulas(
    rows: bytes, scan: SheetScan, *, are_stale: bool, volatile_names: frozenset[str] = frozenset()
) -> None:
    """Note the formulas of rows in the usual form; `are_stale` says that no result counts."""
    if b"</f>" not in rows and b' si="' not in rows:
        return
    for letters, row in _WITH_FORMULA.findall(rows):
        scan.formulas.setdefault(column_index(letters), array("L")).append(int(row))
    for formula in _FORMULA.finditer(rows):
        changes = _changes(formula, rows, scan, volatile_names)
        result = formula[4]
        if result and not (are_stale or changes or _ZERO.fullmatch(result)):
            continue
        if cell := cell_before(rows, formula.start()):
            note = _note_of(formula, cell[2], are_stale=are_stale, changes=changes)
            if note:
                is_over = note is CellNote.FORMULA_STALE and not result
                scan.note(cell[:2], note, is_over=is_over)
                _spill(scan, formula[1] or b"", note)


def _changes(formula: re.Match[bytes], rows: bytes, scan: SheetScan, names: frozenset[str]) -> bool:
    """Tell whether the saved result may differ from what the formula gives tomorrow."""
    shared = _SHARED.search(formula[1] or b"")
    if formula[2] and _is_volatile(formula, rows, names):
        if shared:
            scan.volatile_shares.add(shared[1])
        return True
    return shared is not None and shared[1] in scan.volatile_shares


def _is_volatile(formula: re.Match[bytes], rows: bytes, names: frozenset[str]) -> bool:
    """Tell whether a formula is volatile; of long ones that are filled down a column, which differ in the row, one is looked at.

    Somebody's name, or a character written as its number, may have the row's digits in it.
    """
    text = formula[2]
    if names or b"&#" in text or not _LONG_BYTES <= len(text) <= _LONGEST_BYTES:
        return is_volatile(unescaped(text), names)
    cell = cell_before(rows, formula.start())
    return _is_volatile_in_any_row(text.replace(b"%d" % cell[0], b"1") if cell else text)


@lru_cache(maxsize=2_000)
def _is_volatile_in_any_row(formula: bytes) -> bool:
    return is_volatile(unescaped(formula))


def _note_of(formula: re.Match[bytes], about: bytes, *, are_stale: bool, changes: bool) -> CellNote | None:
    result = formula[4]
    # A formula whose result is the empty text has t="str" and an empty <v>.
    if not (result or (formula[3] and b' t="str"' in about)):
        return CellNote.FORMULA_STALE
    if changes:
        return CellNote.VOLATILE
    if are_stale:
        return CellNote.FORMULA_STALE
    # PhpSpreadsheet writes the 0 of a formula that it did not calculate as a text, too.
    is_other = _OF_OTHER_KINDS.search(about)
    return CellNote.FORMULA_ZERO if _ZERO.fullmatch(result) and not is_other else None


def _spill(scan: SheetScan, about: bytes, note: CellNote) -> None:
    told = tag_attributes(about)
    if told.get("t") in {"array", "dataTable"} and note is not CellNote.FORMULA_ZERO:
        area = area_of(told.get("ref", ""))
        if area:
            scan.spilt.append((area, note))


def spread_over_areas(scan: SheetScan) -> None:
    """Note the cells that a noted formula fills besides its own, as far as the sheet is filled."""
    for (first_row, first_column, last_row, last_column), note in scan.spilt:
        for row in range(first_row, min(last_row, scan.last_row) + 1):
            for column in range(first_column, min(last_column + 1, scan.width)):
                scan.note((row, column), note)
