"""What the template's Check column looks for while people type, as Excel formulas and as the same rules in Python.

The formulas are stored with their results, for programs that show a workbook without calculating it; the Python twin
gives those results. This is a first sieve: missing cells and the commonest contradictions. The full check reads the file.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from bulk_orders.core.columns import Column, Kind, Need, column, columns_of
from bulk_orders.core.model import SheetRole

CUSTOMER_IDS: Final = "C_ID"
CUSTOMER_NAMES: Final = "C_Name"
PRODUCT_MPNS: Final = "P_MPN"
PRODUCT_NAMES: Final = "P_Name"

READY: Final = "✔ Ready"
SKIPPED: Final = "– Skipped"
NOT_ON_CUSTOMERS: Final = "not on Customers"
NOT_ON_PRODUCTS: Final = "not on Products"
_NEW_DOMAIN_ENDING: Final = ".onmicrosoft.com"

Values = Mapping[str, str]
"""A row by the names of `core.columns`, as the cells show it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong with one cell."""

    name: str
    """Of the column."""
    formula: str
    """TRUE when it is wrong; `{name}` stands for the cell of that column in the same row."""
    holds: Callable[[Values, Collection[str]], bool]
    """The same in Python; the second argument are the Customer IDs on the sheet Customers."""


@cache
def template_columns(role: SheetRole) -> tuple[Column, ...]:
    """The columns of a sheet of the template, A first."""
    return tuple(entry for entry in columns_of(role) if entry.in_template)


@cache
def findings(role: SheetRole) -> tuple[Finding, ...]:
    """Everything that is looked for on a sheet, column by column."""
    found = [
        _missing(entry) for entry in template_columns(role) if entry.need in {Need.ALWAYS, Need.SOMETIMES}
    ]
    return (*found, *(_order_contradictions() if role is SheetRole.ORDERS else _customer_contradictions()))


def check_text(role: SheetRole, values: Values, customer_ids: Collection[str] = ()) -> str:
    """What the Check cell of a row shows."""
    inputs = [entry.name for entry in template_columns(role) if entry.kind is not Kind.FORMULA]
    if not any(values.get(name) for name in inputs):
        return ""
    if values.get("submit", "").strip().lower() == "skip":
        return SKIPPED
    wrong = [entry.name for entry in findings(role) if entry.holds(values, customer_ids)]
    if not wrong:
        return READY
    return f"✖ {len(wrong)} to fix: " + ", ".join(column(role, name).header for name in wrong)


def check_formula(role: SheetRole, cells: Mapping[str, str]) -> str:
    """The Check formula of a row; `cells` are the addresses of its cells by column name."""
    looked_for = findings(role)
    count = "+".join(f"({entry.formula.format_map(cells)})" for entry in looked_for)
    names = "&".join(
        f'IF({entry.formula.format_map(cells)},", {column(role, entry.name).header}","")'
        for entry in looked_for
    )
    verdict = f'IF({count}=0,"{READY}","✖ "&({count})&" to fix: "&MID({names},3,200))'
    if role is SheetRole.ORDERS:
        verdict = f'IF({skipped_formula(cells)},"{SKIPPED}",{verdict})'
    return f'=IF({has_data_formula(role, cells)},{verdict},"")'


def has_data_formula(role: SheetRole, cells: Mapping[str, str]) -> str:
    """TRUE when people have typed anything into the row."""
    inputs = [entry.name for entry in template_columns(role) if entry.kind is not Kind.FORMULA]
    return "COUNTA(" + ",".join(_runs([cells[name] for name in inputs])) + ")>0"


def skipped_formula(cells: Mapping[str, str]) -> str:
    """TRUE when the row says Skip."""
    return f'LOWER(TRIM({cells["submit"]}))="skip"'


def not_needed_formula(entry: Column, cells: Mapping[str, str]) -> str:
    """TRUE when the cell is not sent because of another cell; empty for columns that always count."""
    if entry.need is Need.ALWAYS or entry.sent_when is None:
        return ""
    return f"NOT({_is(entry.sheet, entry.sent_when).format_map(cells)})"


def lookup_formula(key_cell: str, keys: str, names: str, not_found: str) -> str:
    """The name that belongs to a key on another sheet; nothing while that sheet is empty."""
    match = f'INDEX({names},MATCH(TRIM({key_cell})&"",{keys},0))&""'
    return f'=IF(OR(TRIM({key_cell})="",COUNTA({keys})=0),"",IFERROR({match},"{not_found}"))'


def _missing(entry: Column) -> Finding:
    blank = f'TRIM({{{entry.name}}})=""'
    if entry.need is Need.ALWAYS:
        return Finding(name=entry.name, formula=blank, holds=lambda values, _: _is_blank(values, entry.name))
    when = "OR(" + ",".join(_is(entry.sheet, pair) for pair in entry.required_when) + ")"
    sent = f",{_is(entry.sheet, entry.sent_when)}" if entry.sent_when else ""

    def holds(values: Values, _: Collection[str]) -> bool:
        is_required = any(_equals(entry.sheet, values, pair) for pair in entry.required_when)
        is_sent = entry.sent_when is None or _equals(entry.sheet, values, entry.sent_when)
        return is_required and is_sent and _is_blank(values, entry.name)

    return Finding(name=entry.name, formula=f"AND({when}{sent},{blank})", holds=holds)


def _order_contradictions() -> list[Finding]:
    month, monthly = ("commitment", "month"), ("billing", "month")
    return [
        Finding(
            name="customer_id",
            formula=f'AND(TRIM({{customer_id}})<>"",ISNA(MATCH(TRIM({{customer_id}})&"",{CUSTOMER_IDS},0)))',
            holds=lambda values, ids: (
                not _is_blank(values, "customer_id") and values["customer_id"].strip() not in ids
            ),
        ),
        Finding(
            name="quantity",
            formula='AND(TRIM({quantity})<>"",IFERROR(OR(VALUE({quantity})<1,VALUE({quantity})<>INT(VALUE({quantity}))),TRUE))',
            holds=lambda values, _: (
                not _is_blank(values, "quantity") and not _is_quantity(values["quantity"])
            ),
        ),
        Finding(
            name="billing",
            formula=f'AND({_is(SheetRole.ORDERS, month)},TRIM({{billing}})<>"",NOT({_is(SheetRole.ORDERS, monthly)}))',
            holds=lambda values, _: (
                _equals(SheetRole.ORDERS, values, month)
                and not _is_blank(values, "billing")
                and not _equals(SheetRole.ORDERS, values, monthly)
            ),
        ),
    ]


def _customer_contradictions() -> list[Finding]:
    new, not_attested, on_file = ("tenant", "new"), ("partner_attestation", "no"), ("mca_accepted", "on_file")
    role = SheetRole.CUSTOMERS
    return [
        Finding(
            name="partner_attestation",
            formula=_is(role, not_attested),
            holds=lambda values, _: _equals(role, values, not_attested),
        ),
        Finding(
            name="mca_accepted",
            formula=f"AND({_is(role, new)},{_is(role, on_file)})",
            holds=lambda values, _: _equals(role, values, new) and _equals(role, values, on_file),
        ),
        Finding(
            name="domain",
            formula=f'AND({_is(role, new)},TRIM({{domain}})<>"",RIGHT(LOWER(TRIM({{domain}})),{len(_NEW_DOMAIN_ENDING)})<>"{_NEW_DOMAIN_ENDING}")',
            holds=lambda values, _: (
                _equals(role, values, new)
                and not _is_blank(values, "domain")
                and not values["domain"].strip().lower().endswith(_NEW_DOMAIN_ENDING)
            ),
        ),
    ]


def _shown(role: SheetRole, pair: tuple[str, str]) -> str:
    """What a cell shows for (column name, canonical key), in lower case."""
    name, key = pair
    labels = {choice.key: choice.label for choice in column(role, name).choices}
    return labels.get(key, key).lower()


def _is(role: SheetRole, pair: tuple[str, str]) -> str:
    cell = f"TRIM({{{pair[0]}}})"
    if column(role, pair[0]).kind is Kind.COUNTRY:  # the drop-down shows `US – United States`
        cell = f"LEFT({cell},2)"
    return f'LOWER({cell})="{_shown(role, pair)}"'


def _equals(role: SheetRole, values: Values, pair: tuple[str, str]) -> bool:
    text = values.get(pair[0], "").strip().lower()
    if column(role, pair[0]).kind is Kind.COUNTRY:
        text = text[:2]
    return text == _shown(role, pair)


def _is_blank(values: Values, name: str) -> bool:
    return not values.get(name, "").strip()


def _is_quantity(text: str) -> bool:
    try:
        return float(text) >= 1 and float(text).is_integer()
    except ValueError:
        return False


def _runs(cells: list[str]) -> list[str]:
    """Neighbouring cells as ranges: `B4:D4`, `F4`."""
    runs: list[list[str]] = []
    for cell in cells:
        letter = cell.strip("$0123456789")
        if runs and ord(letter) == ord(runs[-1][-1].strip("$0123456789")) + 1:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return [run[0] if len(run) == 1 else f"{run[0]}:{run[-1]}" for run in runs]
