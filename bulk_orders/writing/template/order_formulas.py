"""The hidden columns of the sheets Orders and Products: keys, places on other sheets, and what is to be fixed."""

from typing import Final

from bulk_orders.core.columns.table import Column, Kind, Need, column, columns_of
from bulk_orders.core.model import SheetRole
from bulk_orders.core.statements import OfMicrosoft
from bulk_orders.writing.drop_downs import DIGITS, spelling_name
from bulk_orders.writing.template.column_formulas import listed, piece, wrong
from bulk_orders.writing.template.formula_terms import (
    AND,
    CONST,
    IF,
    NOT,
    OR,
    Line,
    Term,
    Value,
    at_place,
    cell,
    compared,
    is_blank,
    is_number,
    made_of,
    place_in,
    term,
    text,
    unless_error,
    without,
)
from bulk_orders.writing.template.statement_formulas import (
    CUSTOMER_IDS,
    CUSTOMER_KEYS,
    PRODUCT_KEYS,
    chosen,
    compared_text,
    formula,
)

_ROLE: Final = SheetRole.ORDERS


def is_skipped() -> Term:
    """Tell whether the row says Skip."""
    return unless_error(chosen(_ROLE, "submit", "skip"), CONST(False))


def work_terms() -> dict[str, Term]:
    """Return the hidden columns of the sheet Orders by name."""
    customer, mpn = text("customer_id"), text("mpn")
    customer_place = unless_error(place_in(customer, CUSTOMER_KEYS), place_in(customer, CUSTOMER_IDS))
    # A star would find the first customer of all, for MATCH takes it for any text.
    is_no_number = OR(is_blank(customer), NOT(made_of(customer, DIGITS)))
    product_place = place_in(mpn, PRODUCT_KEYS)
    is_this_product = term(
        "EXACT(LOWER({0}),LOWER({1}))",
        lambda one, other: str(one).lower() == str(other).lower(),
        at_place(PRODUCT_KEYS, product_place),
        mpn,
    )
    is_counted = AND(NOT(is_skipped()), formula(_ROLE, OfMicrosoft()))
    return {
        "work_action": _action(),
        "work_reference": _unless_skipped(compared_text(_ROLE, "reference")),
        "work_subscription": _unless_skipped(compared_text(_ROLE, "subscription")),
        "work_import": _unless_skipped(compared_text(_ROLE, "microsoft_subscription")),
        "work_customer": unless_error(IF(is_no_number, CONST(0.0), customer_place), CONST(0.0)),
        "work_microsoft": IF(is_counted, cell("work_customer"), CONST(0.0)),
        "work_product": unless_error(
            IF(OR(is_blank(mpn), NOT(is_this_product)), CONST(0.0), product_place), CONST(0.0)
        ),
        "work_to_fix": listed(
            [
                piece(entry, wrong(entry, *([_no_amount()] if entry.kind is Kind.AMOUNT else ())))
                for entry in columns_of(_ROLE)
                if entry.in_template and entry.need is not Need.FILLED and _is_looked_at(entry)
            ]
        ),
    }


def _action() -> Term:
    """Return the canonical value of the action; nothing where it is not understood."""
    entry = column(_ROLE, "order_type")
    known = [
        IF(chosen(_ROLE, entry.name, choice.key), CONST(choice.key), CONST("")) for choice in entry.choices
    ]
    answer = IF(is_blank(text(entry.name)), CONST(entry.blank_means), listed(known))
    return unless_error(answer, CONST(""))


def _unless_skipped(found: Term) -> Term:
    return IF(is_skipped(), CONST(""), found)


def _is_looked_at(entry: Column) -> bool:
    return bool(entry.placeholders or entry.choices) or entry.name in {"reference", "max_price"}


def _no_amount() -> Term:
    """Return whether an amount cannot be read, as far as formulas see: where it is text, commas can be in the wrong place."""
    amount = cell("max_price")
    signs = without(text("max_price"), ",", ".")
    return IF(is_number(amount), compared(amount, "<", 0), NOT(made_of(signs, DIGITS)))


def product_terms() -> dict[str, Term]:
    """Return the hidden columns of the sheet Products by name."""
    return {
        "work_mpn": unless_error(text("mpn"), CONST("")),
        "work_commitments": _offered_digits("commitments_offered", "commitment"),
        "work_billings": _offered_digits("billing_offered", "billing"),
    }


def _offered_digits(list_name: str, name: str) -> Term:
    """Return `12` where the first two choices of a column are offered; nothing where an entry of the list is not understood."""
    entry = column(_ROLE, name)
    typed = text(list_name)
    packed = term(
        '";"&SUBSTITUTE(SUBSTITUTE({0}," ;",";"),"; ",";")&";"',
        lambda value: f";{value.replace(' ;', ';').replace('; ', ';')};",
        typed,
    )
    entries = term(
        'LEN({0})-LEN(SUBSTITUTE({0},";",""))-1', lambda value: float(value.count(";") - 1), packed
    )
    known = _spellings_in(packed, spelling_name(entry))
    digits = [
        IF(
            compared(_spellings_in(packed, spelling_name(entry, choice.key)), ">", 0),
            CONST(str(place)),
            CONST(""),
        )
        for place, choice in enumerate(entry.choices, start=1)
    ]
    is_understood = term("{0}={1}", lambda one, other: one == other, entries, known)
    return unless_error(IF(is_understood, listed(digits), CONST("")), CONST(""))


def _spellings_in(packed: Term, name: str) -> Term:
    """Count the spellings of a list that stand between two semicolons of a text."""

    def compute(line: Line) -> Value:
        within = str(packed.compute(line)).lower()
        return float(sum(f";{str(spelling).lower()};" in within for spelling in line.named(name)))

    return Term(f'SUMPRODUCT(--ISNUMBER(SEARCH(";"&{name}&";",{{0}})))', compute, (packed,))
