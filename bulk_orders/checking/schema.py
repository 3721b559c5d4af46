"""The checks as pandera schemas: one for each sheet, made from the columns and the rules. This is what the check runs.

A data engineer can validate a frame of texts with it before there is a workbook:

    bulk_orders.schema("flat").validate(frame, lazy=True)

Columns go by the names of the table of columns, or by a header that is recognised. The failure cases of `SchemaErrors` name
column, index and code; `bulk-orders explain CODE` says more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Final, Literal

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.api.base.checks import CheckResult
from pandera.errors import SchemaErrorReason, SchemaErrors

from bulk_orders.checking.catalogue import catalogue_of, in_catalogue_spelling
from bulk_orders.checking.company_details import with_switch
from bulk_orders.checking.frame import PARAMETER_PREFIX, BoolArray, FrameColumn, frame_of_columns
from bulk_orders.checking.rows import Beside, Rows
from bulk_orders.checking.rule import Rule
from bulk_orders.checking.rules.cells import cell_rules
from bulk_orders.checking.rules.customers import customer_rules
from bulk_orders.checking.rules.orders import order_rules
from bulk_orders.checking.rules.products import product_rules
from bulk_orders.checking.rules.unused import unused_rules
from bulk_orders.core.columns.table import Kind, Need, columns_of
from bulk_orders.core.model import SheetRole
from bulk_orders.core.problem_texts import PROBLEM_TEXTS

Sheet = Literal["orders", "customers", "products", "flat"]
"""What a schema is for; `flat` is orders and customers side by side."""

MOST_TOLD: Final = 10_000
"""Cells of one rule that become problems; nobody reads more, and a crafted sheet could have millions."""
ROLES: Final[Mapping[str, tuple[SheetRole, ...]]] = {
    **{role.value: (role,) for role in SheetRole},
    "flat": (SheetRole.ORDERS, SheetRole.CUSTOMERS),
}


class Texts(pd.DataFrame):
    """Texts as they stand in the cells, with the rows that were read from them."""

    _metadata = ("rows",)
    rows: Rows

    @property
    def _constructor(self) -> type["Texts"]:
        return Texts


class CellCheck(pa.Check):
    """A rule as a check of a frame; the cases are the cells of the rule's column, and no others."""

    def __init__(self, rule: Rule) -> None:
        """Make the check; its error is the rule's code."""
        title = PROBLEM_TEXTS[rule.code].title
        super().__init__(rule.broken, name=rule.name, error=rule.code, title=title, n_failure_cases=MOST_TOLD)
        self.rule = rule

    def __call__(self, check_obj: Texts, column: str | None = None) -> CheckResult:  # noqa: ARG002 - pandera's
        """Compute which rows break the rule."""
        rows = check_obj.rows
        broken = self.rule.broken(rows)
        if not broken.any():
            return CheckResult(True, True, check_obj, None)
        told = np.flatnonzero(broken)[: self.n_failure_cases]
        cases = {
            "column": self.rule.field,
            "index": check_obj.index[told],
            "failure_case": [rows.frame.typed(self.rule.field, int(place)) for place in told],
        }
        return CheckResult(~broken, False, check_obj, pd.DataFrame(cases))


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What one rule found."""

    rule: Rule
    mask: BoolArray
    """All rows that break it."""
    told: Sequence[int]
    """The first of them, as positions of the frame."""


def schema(
    sheet: Sheet,
    *,
    customers: pd.DataFrame | None = None,
    products: pd.DataFrame | None = None,
    own_domain: str = "",
    today: date = date.max,
    parameters: Sequence[str] = (),
) -> pa.DataFrameSchema:
    """Return the schema of a sheet.

    `customers` and `products` are what the orders are compared with, `own_domain` is the partner's e-mail domain, and an
    agreement after `today` is in the future. `parameters` are the names of columns headed `parameter: NAME`.

    >>> import bulk_orders
    >>> checks = bulk_orders.schema("orders")
    >>> checks.name, "quantity" in checks.columns
    ('orders', True)
    """
    beside = Beside(
        today=today,
        own_domain=own_domain,
        customers=None if customers is None else frame_of_columns(customers, ROLES["customers"]),
        catalogue=None if products is None else catalogue_of(frame_of_columns(products, ROLES["products"])),
    )
    names = tuple(f"{PARAMETER_PREFIX}{name}" for name in parameters)
    columns, checks = _parts(sheet, names)
    return pa.DataFrameSchema(
        dict(columns),
        checks=list(checks),
        parsers=pa.Parser(partial(_read, ROLES[sheet], beside, names)),
        name=sheet,
    )


def in_words(checks: pa.DataFrameSchema) -> str:
    """Return the checks of a schema as a table for people: `print(in_words(schema("orders")))`."""
    return pd.DataFrame(
        {
            "column": check.rule.field,
            "code": check.rule.code,
            "severity": PROBLEM_TEXTS[check.rule.code].severity.value,
            "finds": check.title,
            "seen by the template's Check column": check.rule.seen.value,
        }
        for check in checks.checks
    ).to_string(index=False)


def _read(
    roles: tuple[SheetRole, ...], beside: Beside, parameters: Sequence[str], texts: pd.DataFrame
) -> Texts:
    if isinstance(texts, Texts):
        return texts
    frame = with_switch(frame_of_columns(texts, roles))
    unchecked = [
        name for name in frame.columns if name.startswith(PARAMETER_PREFIX) and name not in parameters
    ]
    if unchecked:
        raise TypeError(
            "The schema has no check for the column {column}. Name it in schema(…, parameters=[…]).".format(
                column=unchecked[0]
            )
        )
    if beside.catalogue is not None:
        frame = in_catalogue_spelling(frame, beside.catalogue)
    return texts_of(Rows(frame=frame, beside=beside), texts.index)


def texts_of(rows: Rows, index: pd.Index) -> Texts:
    """Return the texts of rows as a frame: each different text of a column is held once."""
    columns = {name: _categorical(entry) for name, entry in rows.frame.columns.items() if entry.found.header}
    texts = Texts(columns, index=index)
    texts.rows = rows
    return texts


def _categorical(entry: FrameColumn) -> pd.Categorical:
    different: pd.Index = pd.Index(entry.typed, dtype=object)
    return pd.Categorical.from_codes(entry.codes, different, validate=False)


@lru_cache(maxsize=32)
def _parts(sheet: Sheet, parameters: tuple[str, ...]) -> tuple[Mapping[str, pa.Column], Sequence[CellCheck]]:
    columns = {
        entry.name: pa.Column(
            nullable=True,
            required=entry.need is Need.ALWAYS and not entry.or_else,
            title=entry.header,
            description=entry.help,
        )
        for role in reversed(ROLES[sheet])
        for entry in columns_of(role)
        if entry.kind is not Kind.FORMULA
    }
    return columns, [CellCheck(rule) for rule in rules_of(sheet, parameters)]


def rules_of(sheet: Sheet, parameters: tuple[str, ...] = ()) -> list[Rule]:
    """Return all rules of a sheet; `parameters` are columns of its own, named `parameter:NAME`."""
    match sheet:
        case "orders":
            cells = cell_rules(SheetRole.ORDERS, is_flat=False, parameters=parameters)
            return [*cells, *order_rules(), *unused_rules(parameters)]
        case "customers":
            cells = cell_rules(SheetRole.CUSTOMERS, is_flat=False, parameters=parameters)
            return [*cells, *customer_rules(is_flat=False)]
        case "products":
            return product_rules()
        case "flat":
            return [
                *(rule for rule in rules_of("orders", parameters) if rule.code != "E-CUSTOMER"),
                *cell_rules(SheetRole.CUSTOMERS, is_flat=True),
                *customer_rules(is_flat=True),
            ]


def broken_rules(checks: pa.DataFrameSchema, rows: Rows) -> Iterator[Broken]:
    """Yield each rule of a schema that is broken, once, with all its rows."""
    if not len(rows.frame):
        return
    # The rules ask the rows. Measured: looking through all different texts once more would take a tenth of the whole check.
    numbers = {name: entry.codes for name, entry in rows.frame.columns.items() if entry.found.header}
    texts = Texts(numbers, index=pd.Index(rows.frame.sheet_rows))
    texts.rows = rows
    try:
        checks.validate(texts, lazy=True, inplace=True)
    except SchemaErrors as found:
        for error in found.schema_errors:
            if error.reason_code is SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME:
                continue  # the reader has told of it
            if error.reason_code is not SchemaErrorReason.DATAFRAME_CHECK:
                raise
            mask = ~error.check_output
            yield Broken(rule=error.check.rule, mask=mask, told=np.flatnonzero(mask)[:MOST_TOLD].tolist())
