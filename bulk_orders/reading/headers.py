"""Recognises header rows and columns by name, wherever they stand, and says what is wrong with them.

The names come from `core.columns`. Cells below the header are not looked at here.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bulk_orders.core.columns.subscriptions import CHECK, NAME_OF, WISHES
from bulk_orders.core.columns.table import (
    COLUMNS,
    RESULT_HEADERS,
    Column,
    Kind,
    Need,
    columns_of,
    folded,
    recognised,
)
from bulk_orders.core.free_parameters import JSON_MARK
from bulk_orders.core.mapping import HeaderMapping, header_key, header_names
from bulk_orders.core.model import Problem, Severity, SheetColumn, SheetRole
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.reading.header_fit import fitting

HEADER_SEARCH_ROWS = 15
_SHOWN_CHARACTERS = 40
_PARAMETER = re.compile(r"\s*parameter\s*:\s*(.*?)\s*(\(\s*json\s*\))?\s*", re.IGNORECASE | re.DOTALL)
_REMARK = re.compile(r"\s*\([^()]*\)\s*\*?\s*\Z")
ROW_KEY_HEADER = "row_key"
"""Of the columns that a results workbook adds, the one that is read: a row is its order after sorting and editing."""
_RESULTS = frozenset(folded(header) for header in RESULT_HEADERS)
_CHECK_NAMES = {folded(entry.header): CHECK for entry in columns_of(SheetRole.ORDERS) if entry.name == CHECK}
_WISH_NAMES = {**_CHECK_NAMES, **NAME_OF}
_SENT_AS_PARAMETERS = {
    column.api_name.casefold(): column for column in COLUMNS if column.api_field.startswith("parameter ")
}
_LOOK_ALIKES = dict(
    zip(
        "аеорсухіјѕԁԛԝһαορνικτАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
        "aeopcyxijsdqwhaopviktABEKMHOPCTYXIJSABEZHIKMNOPTYX",
        strict=True,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the columns of a sheet stand."""

    header_row: int
    columns: tuple[SheetColumn, ...]
    positions: tuple[int, ...]
    """Of each column, from 0."""
    inputs: tuple[int, ...]
    """Indexes into `columns` of those that make a row data: recognised, not filled by Excel."""
    problems: tuple[Problem, ...]

    @property
    def fields(self) -> frozenset[str]:
        """The names, as in `core.columns`, that were found."""
        return frozenset(column.field for column in self.columns if column.field)


def _fault_of_parameter(name: str, cell: str) -> tuple[str, str] | None:
    """Return what is wrong with a parameter of a vendor's own, and the fix: it would be sent twice where a column sends it."""
    if not name:
        return "The header in {cell} does not say which parameter.".format(
            cell=cell
        ), "Write its name after the colon, as in parameter: domain_prefix."
    if column := _SENT_AS_PARAMETERS.get(name.casefold()):
        fix = "Use the column {header} instead.".format(header=column.header)
        return "The header in {cell} names the parameter that the column {header} sends.".format(
            cell=cell, header=column.header
        ), fix
    return None


def known_column(header: str, roles: Iterable[SheetRole]) -> Column | None:
    """Return what a typed header stands for on a sheet of these roles, the first role first.

    A remark in brackets at its end may be missing or added: `Agreement date (if MCA accepted)`.
    """
    for spelling in (header, _REMARK.sub("", header)):
        for role in roles:
            if found := recognised(role, spelling):
                return found
    return None


def find_header(
    rows: Iterable[tuple[int, Sequence[str]]], roles: Sequence[SheetRole]
) -> tuple[int, list[str]] | None:
    """Return the number and texts of the row with most known headers, the first of equals.

    It needs two of them, or more than half of its filled cells.
    """
    best: tuple[int, list[str]] | None = None
    best_score = 0
    for sheet_row, texts in rows:
        found = {known.name for text in texts if text and (known := known_column(text, roles))}
        is_header = len(found) > 1 or len(found) * 2 > sum(1 for text in texts if text.strip())
        if is_header and len(found) > best_score:
            best, best_score = (sheet_row, list(texts)), len(found)
    return best


def layout_of(
    sheet: str,
    header: tuple[int, list[str]],
    roles: Sequence[SheetRole],
    mapping: HeaderMapping | None = None,
) -> Layout:
    """Return where each column of a sheet stands and what is wrong with its headers.

    The header's texts reach as far as the sheet; columns without one stay until their cells are known to be empty. With a
    mapping a column is what it says, and no name of ours counts beside it.
    """
    return _Reader(sheet, header[0], roles, mapping).layout(header[1])


def bare_layout(header: tuple[int, list[str]]) -> Layout:
    """Return the columns of a sheet as its own, so that all cells of all of them are read."""
    columns = tuple(
        SheetColumn(letter=column_letters(position), header=text.strip())
        for position, text in enumerate(header[1])
    )
    every = tuple(range(len(columns)))
    return Layout(header_row=header[0], columns=columns, positions=every, inputs=every, problems=())


def named(layout: Layout, names: Mapping[str, str]) -> Layout:
    """Return the layout with the names of columns, by their headers as `folded`; the first of several has it."""
    taken: set[str] = set()
    columns = []
    for column in layout.columns:
        name = names.get(folded(column.header), "")
        columns.append(replace(column, field="" if name in taken else name))
        taken.add(name)
    return replace(layout, columns=tuple(columns))


def of_wishes(bare: Layout) -> Layout:
    """Return the layout of a sheet of subscriptions, without the columns that an earlier run added but for the order's key.

    What people write makes a row data; what a pull wrote may be hidden.
    """
    layout = named(bare, _WISH_NAMES)
    kept = [
        index
        for index, column in enumerate(layout.columns)
        if column.field or column.header == ROW_KEY_HEADER or folded(column.header) not in _RESULTS
    ]
    return replace(
        layout,
        columns=tuple(layout.columns[index] for index in kept),
        positions=tuple(layout.positions[index] for index in kept),
        inputs=tuple(at for at, index in enumerate(kept) if layout.columns[index].field in WISHES),
    )


class _Reader:
    """Goes through one header row from left to right."""

    def __init__(
        self, sheet: str, header_row: int, roles: Sequence[SheetRole], mapping: HeaderMapping | None
    ) -> None:
        self._sheet = sheet
        self._header_row = header_row
        self._roles = roles
        self._mapping = mapping
        self._taken: dict[str, str] = {}
        self._columns: list[SheetColumn] = []
        self._positions: list[int] = []
        self._inputs: list[int] = []
        self._problems: list[Problem] = []

    def layout(self, headers: list[str]) -> Layout:
        for position, (header, name) in enumerate(zip(headers, header_names(headers), strict=True)):
            self._read(position, header, name)
        meant = set() if self._mapping else self._guess_unknown()
        self._miss_required(meant)
        return Layout(
            header_row=self._header_row,
            columns=tuple(self._columns),
            positions=tuple(self._positions),
            inputs=tuple(self._inputs),
            problems=tuple(self._problems),
        )

    def _read(self, position: int, header: str, own_name: str) -> None:
        letter, text = column_letters(position), header.strip()
        parameter = _PARAMETER.fullmatch(text)
        known = self._known(text, own_name) if text and not parameter else None
        is_result = known is None and folded(text) in _RESULTS and SheetRole.ORDERS in self._roles
        if is_result and text != ROW_KEY_HEADER:
            return
        own = parameter[1] if parameter else ""
        name = f"parameter: {own}" if parameter else known.name if known else ""
        if parameter and (fault := _fault_of_parameter(own, f"{letter}{self._header_row}")):
            self._tell("F-HEADER", letter, fault[0], fix=fault[1], header=text)
            name = ""
        if name in self._taken:
            if known and known.kind is Kind.FORMULA:
                return
            first = self._taken[name]
            self._tell(
                "F-DUP-HEADER",
                letter,
                self._twice(text, letter, first),
                fix="Keep one of the two columns; rename or delete the other.",
                header=text,
                also=first,
            )
            name = ""
        elif name:
            self._taken[name] = letter
        if name and not (known and known.kind is Kind.FORMULA):
            self._inputs.append(len(self._columns))
        self._positions.append(position)
        self._columns.append(
            SheetColumn(
                letter=letter,
                header=text,
                field=name if known else "",
                parameter=f"{own}{JSON_MARK if parameter and parameter[2] else ''}" if own and name else "",
            )
        )

    def _twice(self, text: str, letter: str, first: str) -> str:
        """Say that two headers are equal, or that two different ones are read as the same column."""
        other = next(column.header for column in self._columns if column.letter == first)
        if folded(other) == folded(text):
            return '"{header}" appears twice on sheet {sheet}: columns {first} and {second}.'.format(
                header=short(text), sheet=self._sheet, first=first, second=letter
            )
        return '"{other}" and "{header}" on sheet {sheet} are the same: columns {first} and {second}.'.format(
            other=short(other.rstrip(" *")),
            header=short(text.rstrip(" *")),
            sheet=self._sheet,
            first=first,
            second=letter,
        )

    def _known(self, header: str, own_name: str) -> Column | None:
        """Return the first role's column, or a later role's when the first one's stands further left already."""
        if self._mapping:
            name = self._mapping.fields.get(header_key(own_name))
            every = (column for role in self._roles for column in columns_of(role))
            return next((column for column in every if column.name == name), None)
        found = [known for role in self._roles if (known := known_column(header, [role]))]
        return next((known for known in found if known.name not in self._taken), found[0] if found else None)

    def _missing(self) -> list[Column]:
        missing: dict[str, Column] = {}
        for role in self._roles:
            for column in columns_of(role):
                if column.kind is not Kind.FORMULA and column.name not in self._taken:
                    missing.setdefault(column.name, column)
        return list(missing.values())

    def _missing_required(self) -> list[Column]:
        fixed = self._mapping.fixed if self._mapping else {}
        return [
            column
            for column in self._missing()
            if column.need is Need.ALWAYS
            and column.sheet is not SheetRole.PRODUCTS
            and column.name not in fixed
            and not (column.or_else and column.or_else in self._taken)
            and not (column.is_microsofts and "vendor" in self._taken)  # then each row tells what it needs
        ]

    def _guess_unknown(self) -> set[str]:
        """Tell of headers by which a required column is missing; return the names of those meant.

        All other columns are the workbook's own: they are kept, and named where the check says what is not sent.
        """
        every = [column for role in self._roles for column in columns_of(role)]
        missing = {column.name for column in self._missing()}
        wanted = self._missing_required()
        meant: set[str] = set()
        for column in self._columns:
            if column.field or column.parameter or column.header in {"", ROW_KEY_HEADER}:
                continue
            latin = "".join(_LOOK_ALIKES.get(letter, letter) for letter in column.header)
            known = known_column(latin, self._roles) if latin != column.header else None
            if known and known.name in missing:
                self._tell_look_alike(column, known)
            elif (known := fitting(column.header, every, wanted)) and known.name not in meant:
                self._tell(
                    "F-HEADER",
                    column.letter,
                    'Column "{header}" is not known. Did you mean "{known}"?'.format(
                        header=short(column.header), known=known.header
                    ),
                    fix=(
                        'Change the header to "{known}", or rename the column if it is something else.'
                    ).format(known=known.header),
                    header=column.header,
                    proposal=known.header,
                )
            else:
                continue
            meant.add(known.name)
        return meant

    def _tell_look_alike(self, column: SheetColumn, known: Column) -> None:
        letter = next(letter for letter in column.header if letter in _LOOK_ALIKES)
        # A letter that Unicode has no name for.
        name = unicodedata.name(letter, "unnamed").lower()
        self._tell(
            "F-HEADER",
            column.letter,
            'Column "{header}" has a foreign letter: U+{code:04X}, {name}.'.format(
                header=short(column.header), code=ord(letter), name=name
            ),
            fix='Type the header again as "{known}".'.format(known=known.header),
            header=column.header,
            proposal=known.header,
        )

    def _miss_required(self, meant: set[str]) -> None:
        for column in self._missing_required():
            if column.name not in meant:
                self._problems.append(
                    Problem(
                        code="F-MISSING-COLUMN",
                        severity=Severity.ERROR,
                        sheet=self._sheet,
                        column=column.header,
                        field=column.name,
                        message='The column "{header}" is missing on sheet {sheet}.'.format(
                            header=column.header, sheet=self._sheet
                        ),
                        fix="Add it. If the headers are your own, type `bulk-orders map FILE`.",
                    )
                )

    def _tell(
        self,
        code: str,
        letter: str,
        message: str,
        *,
        fix: str,
        header: str,
        also: str = "",
        proposal: str | None = None,
    ) -> None:
        cells = tuple(f"{place}{self._header_row}" for place in (letter, also) if place)
        self._problems.append(
            Problem(
                code=code,
                severity=Severity.ERROR,
                message=message,
                fix=fix,
                sheet=self._sheet,
                sheet_row=self._header_row,
                cells=cells,
                column=header,
                value=header[:100],
                proposal=proposal,
            )
        )


def short(header: str) -> str:
    """Return a header as it fits into a sentence."""
    text = " ".join(header.split())
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
