"""What a mapping says of the cells: other words for the entries of a list, dates with the day first, one value for all rows.

The check sees what is meant; problems, workbooks and the ledger keep what stands in the file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.columns.table import Column
from bulk_orders.core.mapping import HeaderMapping, known_fields
from bulk_orders.core.model import Problem, SheetColumn, SheetTable
from bulk_orders.core.problem_texts import problem
from bulk_orders.core.rule_constants import LEGAL_STATEMENTS
from bulk_orders.reading.workbook_tables import WorkbookTables


def as_meant(tables: WorkbookTables, mapping: HeaderMapping) -> WorkbookTables:
    """Return the tables with each cell as the mapping says that it is meant, and with the columns that it fixes."""
    return replace(
        tables,
        orders=_meant(tables.orders, mapping),
        problems=(*tables.problems, *_fixed_values(tables.orders.name, mapping)),
    )


def _meant(table: SheetTable, mapping: HeaderMapping) -> SheetTable:
    said = {*mapping.values, *mapping.dates, *mapping.parts}
    places = [(place, found.field) for place, found in enumerate(table.columns) if found.field in said]
    fixed = [fixed.value for fixed in mapping.fixed.values()]
    if not places and not fixed:
        return table
    cells = [[*texts, *fixed] for texts in table.cells]
    for place, name in places:
        read: dict[str, str] = {}  # most texts of a column stand in it many times
        for texts in cells:
            text = texts[place]
            if text not in read:
                read[text] = mapping.mapped(name, text)
            texts[place] = read[text]
    # A column without a letter has no cell that a problem could name; its row is named instead.
    columns = [SheetColumn(letter="", header=_header(name), field=name) for name in mapping.fixed]
    return replace(table, columns=(*table.columns, *columns), cells=cells)


def as_typed(checked: CheckResult, tables: WorkbookTables, mapping: HeaderMapping) -> CheckResult:
    """Return the result of a check of `as_meant(tables)` with the file's own tables, and each problem with what was typed."""
    table = tables.orders
    said = {*mapping.values, *mapping.dates, *mapping.parts}
    places = {found.letter: place for place, found in enumerate(table.columns) if found.field in said}
    rows = {sheet_row: place for place, sheet_row in enumerate(table.sheet_rows)} if places else {}

    def typed(found: Problem) -> Problem:
        letter = found.cells[0].rstrip("0123456789") if found.cells else ""
        if found.sheet != table.name or letter not in places or found.sheet_row not in rows:
            return found
        return replace(found, value=table.cells[rows[found.sheet_row]][places[letter]][:_VALUE_LIMIT])

    problems = tuple(typed(found) for found in checked.problems if not _is_settled(found, table))
    return replace(checked, tables=tables, problems=problems)


_VALUE_LIMIT = 100
"""Characters of what was typed that a problem keeps."""


def _is_settled(found: Problem, table: SheetTable) -> bool:
    """Tell whether a warning asks about a column of the file's own, of which the mapping says that it is one."""
    own = {f"{column.letter}{table.header_row}" for column in table.columns if not column.field}
    return found.code == "W-NOT-SENT" and found.sheet == table.name and bool(own.intersection(found.cells))


def _header(name: str) -> str:
    return _column(name).header


def _column(name: str) -> Column:
    return known_fields()[name]


def _fixed_values(sheet: str, mapping: HeaderMapping) -> Iterator[Problem]:
    """Tell of every value that no cell has, and of who makes a legal statement."""
    for name, fixed in mapping.fixed.items():
        parts: Mapping[str, str] = {"column": _header(name), "value": fixed.value, "mapping": mapping.name}
        if name in LEGAL_STATEMENTS:
            parts = {**parts, "who": fixed.stated_by, "when": fixed.stated_on}
        code = "I-STATED" if name in LEGAL_STATEMENTS else "I-FIXED"
        yield problem(code, parts=parts, sheet=sheet, column=_header(name), field=name, value=fixed.value)
