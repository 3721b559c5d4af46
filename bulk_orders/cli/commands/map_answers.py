"""What the options of `map` say, as answers; and which option answers what is doubtful."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bulk_orders.checking.header_mapping.doubts import DoubtKind, MappingDoubt
from bulk_orders.checking.header_mapping.proposal import Answers
from bulk_orders.core.columns.table import Column
from bulk_orders.core.mapping import (
    DATE_ORDERS,
    FixedValue,
    field_named,
    header_key,
    known_fields,
    label_for,
    may_be_fixed,
    value_key,
)
from bulk_orders.core.rule_constants import LEGAL_STATEMENTS
from bulk_orders.errors import UsageError
from bulk_orders.machine.shell import quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class MapOptions:
    """The flags of `map`."""

    columns: Sequence[str] = ()
    """`Header=column`; nothing after the equals sign for a column of the file's own."""
    values: Sequence[str] = ()
    """`column:typed=label`."""
    fixed: Sequence[str] = ()
    """`column=value`."""
    dates: Sequence[str] = ()
    """`column=day-month-year`."""
    stated_by: str = ""
    sheet: str = ""
    header_row: int = 0
    encoding: str = ""
    separator: str = ""
    as_json: bool = False
    known: Mapping[str, Column] = field(default_factory=known_fields)

    @property
    def are_given(self) -> bool:
        """Whether anything was said, so that a mapping is wanted whatever the headers are."""
        said = (self.columns, self.values, self.fixed, self.dates, self.stated_by, self.sheet)
        return any((*said, self.header_row, self.encoding, self.separator, self.as_json))


def answers_from(options: MapOptions, headers: Sequence[str], today: date) -> Answers:
    """Return what the options say. Raises `UsageError` that names the option which cannot be used."""
    columns: dict[str, str] = {}
    for text in options.columns:
        header, name = _apart("--column", text, "Ref=reference")
        columns[_header(header, headers)] = _field(name) if name else ""
    said = [name for name in columns.values() if name]
    if twice := next((name for name in said if said.count(name) > 1), ""):
        raise UsageError(
            "Two columns are said to be {header}.".format(header=options.known[twice].header),
            fix="Name the right one only; the others are your own with nothing after the equals sign.",
        )
    values: dict[str, dict[str, str]] = {}
    for text in options.values:
        typed, label = _apart("--value", text, "Commitment:Annual=1 year")
        column, _, typed = typed.partition(":")
        name = _field(column)
        values.setdefault(name, {})[value_key(typed)] = label_or_fault(options.known[name], label)
    fixed = {}
    for text in options.fixed:
        column, value = _apart("--fixed", text, "Commitment=1 year")
        name = _field(column)
        fixed[name] = fixed_value(options.known[name], value, options.stated_by, today)
    return Answers(columns=columns, values=values, fixed=fixed, dates=_dates(options))


def _dates(options: MapOptions) -> dict[str, str]:
    dates = {}
    for text in options.dates:
        column, order = _apart("--dates", text, "Agreement date=day-month-year")
        if order not in DATE_ORDERS:
            raise UsageError("--dates takes {values}.".format(values=" or ".join(DATE_ORDERS)))
        dates[_field(column)] = order
    return dates


def _apart(option: str, text: str, example: str) -> tuple[str, str]:
    before, equals, after = text.rpartition("=")
    if not equals or not before.strip():
        fix = 'Write it as in {option} "{example}".'.format(option=option, example=example)
        raise UsageError('{option} "{text}" has no equals sign.'.format(option=option, text=text), fix=fix)
    return before.strip(), after.strip()


def _header(typed: str, headers: Sequence[str]) -> str:
    found = next((header for header in headers if header_key(header) == header_key(typed)), None)
    if found is None:
        fix = "Its headers are: {headers}.".format(headers=", ".join(headers))
        raise UsageError('The file has no header "{header}".'.format(header=typed), fix=fix)
    return found


def _field(text: str) -> str:
    name = field_named(text)
    if not name:
        raise UsageError(
            'There is no column "{name}" that a file could have.'.format(name=text),
            fix="`bulk-orders help columns` lists them.",
        )
    return name


def label_or_fault(column: Column, typed: str) -> str:
    """Return the label of a list that was typed. Raises `UsageError` that lists them if it is none."""
    label = label_for(column, typed)
    if label is None:
        labels = ", ".join(choice.label for choice in column.choices)
        raise UsageError(
            '"{value}" is not in the list of {header}.'.format(value=typed, header=column.header),
            fix="It has: {labels}.".format(labels=labels),
        )
    return label


def fixed_value(column: Column, value: str, stated_by: str, today: date) -> FixedValue:
    """Return a value for every row; a legal statement with who makes it and when. Raises `UsageError` if it cannot be one."""
    if not may_be_fixed(column):
        raise UsageError(
            "{header} cannot be the same in every row.".format(header=column.header),
            fix="Add a column for it to the file.",
        )
    label = label_or_fault(column, value) if column.choices else value
    if column.name not in LEGAL_STATEMENTS:
        return FixedValue(value=label)
    if not stated_by.strip():
        raise UsageError(
            "{header} is a legal statement, and nobody is named who makes it.".format(header=column.header),
            fix='Add --stated-by "NAME" if you state it.',
        )
    return FixedValue(value=label, stated_by=stated_by.strip(), stated_on=today.isoformat())


def question_of(doubt: MappingDoubt) -> str:
    """Return what is asked about a doubt."""
    column = known_fields()[doubt.field]
    where = doubt.candidates[0].name if doubt.candidates else ""
    match doubt.kind:
        case DoubtKind.COLUMN:
            return 'Which column is "{header}"? {help}'.format(header=column.header, help=column.help)
        case DoubtKind.MISSING if not may_be_fixed(column):
            return 'No column is "{header}". Add it to the file.'.format(header=column.header)
        case DoubtKind.MISSING if column.name in LEGAL_STATEMENTS:
            return (
                'No column is "{header}". '
                "{help} You state it for every row of this file and of those like it. Yes or No?"
            ).format(header=column.header, help=column.help)
        case DoubtKind.MISSING:
            return 'No column is "{header}". {help} What is it in every row?'.format(
                header=column.header, help=column.help
            )
        case DoubtKind.VALUE:
            return 'What does "{typed}" mean in {header}?'.format(typed=doubt.typed, header=where)
        case DoubtKind.DATES:
            return 'Is "{typed}" in {header} day or month first?'.format(typed=doubt.typed, header=where)


def options_of(doubt: MappingDoubt) -> list[str]:
    """Return the options that would answer a doubt, the likeliest first; none where only a new column would."""
    column = known_fields()[doubt.field]
    labels = [choice.label for choice in column.choices]
    match doubt.kind:
        case DoubtKind.COLUMN:
            said = [f"{found.name}={column.name}" for found in doubt.candidates]
            return [
                _option("--column", text)
                for text in [*said, *(f"{found.name}=" for found in doubt.candidates[:1])]
            ]
        case DoubtKind.MISSING if not may_be_fixed(column):
            return []
        case DoubtKind.MISSING:
            who = f" {_option('--stated-by', 'NAME')}" if column.name in LEGAL_STATEMENTS else ""
            return [
                f"{_option('--fixed', f'{column.header}={label}')}{who}"
                for label in labels or [column.example]
            ]
        case DoubtKind.VALUE:
            return [_option("--value", f"{column.header}:{doubt.typed}={label}") for label in labels]
        case DoubtKind.DATES:
            return [_option("--dates", f"{column.header}={order}") for order in DATE_ORDERS]


def _option(name: str, text: str) -> str:
    return f"{name} {quoted(' '.join(text.split()))}"
