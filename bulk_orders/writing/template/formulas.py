"""What the template's formula columns show, and where the names that its formulas use lead to.

The formulas do what the full check does as far as Excel's functions can; they are stored with their results, for
programs that show a workbook without calculating it.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

from bulk_orders.core.columns.table import Column, Kind, column, columns_of
from bulk_orders.core.model import SheetRole
from bulk_orders.core.stated_rules import sent
from bulk_orders.core.statements import Not
from bulk_orders.writing import check_column as words
from bulk_orders.writing.template import customer_formulas as customers
from bulk_orders.writing.template import order_formulas as orders
from bulk_orders.writing.template.column_formulas import SEPARATOR
from bulk_orders.writing.template.formula_terms import (
    AND,
    CONST,
    EQUALS,
    IF,
    NO_BREAK_SPACE,
    NOT,
    OR,
    Term,
    at_place,
    begins,
    cell,
    compared,
    is_blank,
    place_in,
    term,
    text,
    trimmed,
    unless_error,
)
from bulk_orders.writing.template.statement_formulas import (
    CUSTOMER_IDS,
    CUSTOMER_KEYS,
    CUSTOMER_TENANTS,
    NEW_DOMAINS,
    OF_PRODUCTS,
    ORDER_IMPORTS,
    ORDER_REFERENCES,
    ORDER_SUBSCRIPTIONS,
    PRODUCT_KEYS,
    PRODUCT_MPNS,
    formula,
    is_always,
)

CUSTOMER_CHECKS: Final = "C_Check"
CUSTOMER_NAMES: Final = "C_Name"
ORDER_CUSTOMERS: Final = "O_Customer"
MICROSOFT_CUSTOMERS: Final = "O_Microsoft"
PRODUCT_NAMES: Final = "P_Name"

RANGES: Final[Mapping[str, tuple[SheetRole, str]]] = {
    ORDER_REFERENCES: (SheetRole.ORDERS, "work_reference"),
    ORDER_SUBSCRIPTIONS: (SheetRole.ORDERS, "work_subscription"),
    ORDER_IMPORTS: (SheetRole.ORDERS, "work_import"),
    ORDER_CUSTOMERS: (SheetRole.ORDERS, "work_customer"),
    MICROSOFT_CUSTOMERS: (SheetRole.ORDERS, "work_microsoft"),
    CUSTOMER_CHECKS: (SheetRole.CUSTOMERS, "customer_check"),
    CUSTOMER_IDS: (SheetRole.CUSTOMERS, "customer_id"),
    CUSTOMER_KEYS: (SheetRole.CUSTOMERS, "work_id"),
    CUSTOMER_NAMES: (SheetRole.CUSTOMERS, "company_name"),
    CUSTOMER_TENANTS: (SheetRole.CUSTOMERS, "work_tenant"),
    NEW_DOMAINS: (SheetRole.CUSTOMERS, "work_domain"),
    PRODUCT_MPNS: (SheetRole.PRODUCTS, "mpn"),
    PRODUCT_KEYS: (SheetRole.PRODUCTS, "work_mpn"),
    PRODUCT_NAMES: (SheetRole.PRODUCTS, "product_name"),
    **{name: (SheetRole.PRODUCTS, wanted) for name, wanted in OF_PRODUCTS.values()},
}
"""The columns that formulas look things up in, by their defined names."""

_LISTED_BY_CATALOGUE: Final = frozenset({"customer_id", "company_name"})
_TO_FIX: Final = {
    SheetRole.ORDERS: ("work_to_fix",),
    SheetRole.CUSTOMERS: ("work_facts_to_fix", "work_details_to_fix"),
}

Values = Mapping[str, str]
"""A row by the names of `core.columns`, as the cells show it."""


@cache
def template_columns(role: SheetRole) -> tuple[Column, ...]:
    """Return the columns of a sheet of the template, A first; the hidden ones stand at the end."""
    return tuple(entry for entry in columns_of(role) if entry.in_template)


@cache
def seen_columns(role: SheetRole) -> tuple[Column, ...]:
    """Return the columns of a sheet of the template that people see."""
    return tuple(entry for entry in template_columns(role) if not entry.is_hidden)


@cache
def formula_terms(role: SheetRole) -> Mapping[str, Term]:
    """Return, by column name, what each column shows that Excel fills."""
    match role:
        case SheetRole.ORDERS:
            shown = {
                "check": _order_check(),
                "customer_name": _looked_up(
                    "customer_id",
                    "work_customer",
                    CUSTOMER_NAMES,
                    CUSTOMER_IDS,
                    words.NOT_ON_CUSTOMERS,
                ),
                "product_name": _looked_up(
                    "mpn", "work_product", PRODUCT_NAMES, PRODUCT_MPNS, words.NOT_ON_PRODUCTS
                ),
            }
            return {**shown, **orders.work_terms()}
        case SheetRole.CUSTOMERS:
            return {"customer_check": _customer_check(), **customers.work_terms()}
        case SheetRole.PRODUCTS:
            return orders.product_terms()


def skipped_formula(cells: Mapping[str, str]) -> str:
    """Return a formula that is TRUE when an order says Skip."""
    return orders.is_skipped().formula(dict(cells))


def to_fix_formula(entry: Column, check_cell: str, cells: Mapping[str, str]) -> str:
    """Return a formula that is TRUE when the row's Check names this column."""
    named = "&".join(cells[name] for name in _TO_FIX[entry.sheet])
    return (
        f'AND(LEFT({check_cell},1)="✖",'
        f'ISNUMBER(FIND("{SEPARATOR}{entry.header}{SEPARATOR}",{named}&"{SEPARATOR}")))'
    )


def not_needed_formula(entry: Column, cells: Mapping[str, str]) -> str:
    """Return a formula that is TRUE when the cell is not sent because of another cell; empty for columns that always count."""
    matters = sent(entry)
    return "" if is_always(entry.sheet, matters) else formula(entry.sheet, Not(matters)).formula(dict(cells))


def _inputs(role: SheetRole) -> list[str]:
    return [entry.name for entry in seen_columns(role) if entry.kind is not Kind.FORMULA]


def _is_any_filled(names: list[str]) -> Term:
    """Tell whether people have typed anything into these cells; an error counts as something."""
    cells = "&".join(f"{{{name}}}" for name in names)
    found = Term(
        f'TRIM(SUBSTITUTE({cells},"{NO_BREAK_SPACE}"," "))<>""',
        lambda line: any(trimmed(line.cell(name)) for name in names),
    )
    return unless_error(found, CONST(True))


def _told(to_fix: Term) -> Term:
    """Say what is to fix: `✖ 2 to fix: Quantity, Billing`."""
    begin, _, rest = words.TO_FIX_LISTED.partition("{number}")
    between, _, end = rest.partition("{headers}")
    number = f'LEN({{0}})-LEN(SUBSTITUTE({{0}},"{SEPARATOR}",""))'
    headers = f'SUBSTITUTE(MID({{0}},2,500),"{SEPARATOR}",", ")'
    pattern = f'"{begin}"&{number}&"{between}"&{headers}' + (f'&"{end}"' if end else "")
    return term(
        pattern,
        lambda names: words.TO_FIX_LISTED.format(
            number=names.count(SEPARATOR), headers=names[1:].replace(SEPARATOR, ", ")
        ),
        to_fix,
    )


def _order_check() -> Term:
    to_fix, place = cell("work_to_fix"), cell("work_customer")
    is_ready = EQUALS(begins(at_place(CUSTOMER_CHECKS, place), 1), words.READY[0])
    customer = IF(
        NOT(compared(place, ">", 0)),
        CONST(""),
        IF(is_ready, CONST(""), CONST(f"; {words.CUSTOMER_TO_FIX}")),
    )
    own = term("{0}&{1}", lambda told, besides: f"{told}{besides}", _told(to_fix), customer)
    verdict = IF(is_blank(to_fix), IF(is_ready, CONST(words.READY), CONST(f"✖ {words.CUSTOMER_TO_FIX}")), own)
    return IF(
        _is_any_filled(_inputs(SheetRole.ORDERS)),
        IF(orders.is_skipped(), CONST(words.SKIPPED), verdict),
        CONST(""),
    )


def _customer_check() -> Term:
    """Judge a customer; one that the catalogue listed is no mistake as long as nothing is ordered for it.

    One that only products of other vendors are ordered for needs nothing that the sheet asks.
    """
    facts, details = (cell(name) for name in _TO_FIX[SheetRole.CUSTOMERS])
    to_fix = term("{0}&{1}", lambda one, other: f"{one}{other}", facts, details)
    rest = [name for name in _inputs(SheetRole.CUSTOMERS) if name not in _LISTED_BY_CATALOGUE]
    tenant = f"{SEPARATOR}{column(SheetRole.CUSTOMERS, 'tenant').header}"
    has_order, of_microsoft = _is_ordered_for(ORDER_CUSTOMERS), _is_ordered_for(MICROSOFT_CUSTOMERS)
    is_only_listed = AND(
        NOT(_is_any_filled(rest)),
        EQUALS(begins(facts, len(tenant)), tenant),
        NOT(has_order),
    )
    verdict = IF(
        OR(is_blank(to_fix), AND(has_order, NOT(of_microsoft))),
        CONST(words.READY),
        IF(is_only_listed, CONST(words.NO_ORDER_YET), _told(to_fix)),
    )
    return IF(_is_any_filled(_inputs(SheetRole.CUSTOMERS)), verdict, CONST(""))


def _is_ordered_for(places: str) -> Term:
    """Return whether the customer's line is among those in the cells that go by a name."""
    place = place_in(cell("work_id"), CUSTOMER_KEYS)
    found = Term(
        f"ISNUMBER(MATCH({{0}},{places},0))",
        lambda line: place.compute(line) in line.named(places),
        (place,),
    )
    return unless_error(found, CONST(False))


def _looked_up(key: str, place: str, names: str, listed: str, not_found: str) -> Term:
    """Return the name that belongs to a key on another sheet; nothing while that sheet is empty."""
    is_empty = Term(f"COUNTA({listed})=0", lambda line: all(value == "" for value in line.named(listed)))
    found = IF(compared(cell(place), ">", 0), at_place(names, cell(place)), CONST(not_found))
    return unless_error(IF(OR(is_blank(text(key)), is_empty), CONST(""), found), CONST(""))
