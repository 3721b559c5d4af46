"""The rules of the sheets Orders and Products as the template's formulas have them; Products only gives limits."""

from typing import Final

from bulk_orders.core.columns.table import Column, Need, column, columns_of
from bulk_orders.core.model import SheetRole
from bulk_orders.core.rule_constants import EXAMPLE_REFERENCES, LARGEST_QUANTITY, TOO_LONG_BILLING
from bulk_orders.writing.drop_downs import DIGITS, spelling_name
from bulk_orders.writing.template.column_formulas import chosen, listed, piece, wrong
from bulk_orders.writing.template.customer_formulas import CUSTOMER_KEYS
from bulk_orders.writing.template.formula_terms import (
    AND,
    CONST,
    EQUALS,
    IF,
    LEN,
    NOT,
    OR,
    Line,
    Term,
    Value,
    at_place,
    cell,
    compared,
    count_of,
    holds,
    is_blank,
    made_of,
    number,
    place_in,
    term,
    text,
    trimmed,
    unless_error,
)

CUSTOMER_IDS: Final = "C_ID"
ORDER_REFERENCES: Final = "O_Reference"
PRODUCT_MPNS: Final = "P_MPN"
PRODUCT_KEYS: Final = "P_Key"
PRODUCT_COMMITMENTS: Final = "P_Commitments"
PRODUCT_BILLINGS: Final = "P_Billings"
PRODUCT_MIN: Final = "P_Min"
PRODUCT_MAX: Final = "P_Max"
PRODUCT_ATTESTATIONS: Final = "P_Attestation"

_ROLE: Final = SheetRole.ORDERS
_MOST_DIGITS: Final = 18


def is_skipped() -> Term:
    """Whether the row says Skip."""
    return unless_error(chosen(_ROLE, "submit", "skip"), CONST(False))


def work_terms() -> dict[str, Term]:
    """The hidden columns of the sheet Orders by name."""
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
    return {
        "work_reference": unless_error(IF(is_skipped(), CONST(""), text("reference")), CONST("")),
        "work_customer": unless_error(IF(is_no_number, CONST(0.0), customer_place), CONST(0.0)),
        "work_product": unless_error(
            IF(OR(is_blank(mpn), NOT(is_this_product)), CONST(0.0), product_place), CONST(0.0)
        ),
        "work_to_fix": listed(
            [
                piece(entry, wrong(entry, *_rules().get(entry.name, ())))
                for entry in columns_of(_ROLE)
                if entry.in_template and entry.need is not Need.FILLED and _is_looked_at(entry)
            ]
        ),
    }


def _is_looked_at(entry: Column) -> bool:
    return bool(entry.placeholders or entry.choices) or entry.name == "reference"


def _rules() -> dict[str, tuple[Term, ...]]:
    """What a filled cell can be wrong in, besides being unreadable."""
    reference = cell("work_reference")
    is_used_twice = AND(NOT(is_blank(reference)), compared(count_of(reference, ORDER_REFERENCES), ">", 1))
    needs_yes = chosen(
        SheetRole.PRODUCTS,
        "offer_attestation_required",
        "yes",
        term("TRIM({0})", trimmed, _of_product(PRODUCT_ATTESTATIONS)),
    )
    return {
        "reference": (
            is_used_twice,
            OR(*(EQUALS(text("reference"), name) for name in sorted(EXAMPLE_REFERENCES))),
        ),
        "customer_id": (_has_no_line("work_customer"),),
        "mpn": (AND(_has_no_line("work_product"), _is_any(PRODUCT_MPNS)),),
        "quantity": (_quantity(),),
        "commitment": (_is_not_offered("commitment", PRODUCT_COMMITMENTS),),
        "billing": (_too_long_billing(), _is_not_offered("billing", PRODUCT_BILLINGS)),
        "offer_attestation": (
            IF(
                _has_no_line("work_product"),
                CONST(False),
                AND(chosen(_ROLE, "offer_attestation", "no"), needs_yes),
            ),
        ),
    }


def _has_no_line(work: str) -> Term:
    return NOT(compared(cell(work), ">", 0))


def _is_any(name: str) -> Term:
    return Term(f"COUNTA({name})>0", lambda line: any(value != "" for value in line.named(name)))


def _of_product(name: str) -> Term:
    return at_place(name, cell("work_product"))


def _quantity() -> Term:
    """Whole numbers only; a limit that is blank or unreadable does not limit anything."""
    typed = text("quantity")
    least = _limit(PRODUCT_MIN, 1.0)
    most = _limit(PRODUCT_MAX, float(LARGEST_QUANTITY))
    outside = term(
        "OR({0}<MAX(1,{1}),{0}>{2})",
        lambda value, low, high: value < max(1.0, low) or value > high,
        number(typed),
        least,
        most,
    )
    is_whole = AND(made_of(typed, DIGITS), NOT(compared(LEN(typed), ">", _MOST_DIGITS)))
    return IF(is_whole, outside, CONST(True))


def _limit(name: str, otherwise: float) -> Term:
    of_product = unless_error(number(term("TRIM({0})", trimmed, _of_product(name))), CONST(otherwise))
    return IF(_has_no_line("work_product"), CONST(otherwise), of_product)


def _too_long_billing() -> Term:
    pairs = [
        AND(chosen(_ROLE, "commitment", term_key), chosen(_ROLE, "billing", billed))
        for term_key, billed in TOO_LONG_BILLING
    ]
    return OR(*pairs)


def _is_not_offered(name: str, offered: str) -> Term:
    """Whether the product's line lists what it is offered with, and this is not among it."""
    list_of_product = _of_product(offered)
    which = term(
        "+".join(f"{place}*({{{place - 1}}})" for place in range(1, 1 + len(column(_ROLE, name).choices))),
        lambda *is_it: float(sum(place for place, is_so in enumerate(is_it, start=1) if is_so)),
        *(chosen(_ROLE, name, choice.key) for choice in column(_ROLE, name).choices),
    )
    refused = AND(NOT(is_blank(list_of_product)), NOT(holds(list_of_product, which)))
    return IF(_has_no_line("work_product"), CONST(False), refused)


def product_terms() -> dict[str, Term]:
    """The hidden columns of the sheet Products by name."""
    return {
        "work_mpn": unless_error(text("mpn"), CONST("")),
        "work_commitments": _offered_digits("commitments_offered", "commitment"),
        "work_billings": _offered_digits("billing_offered", "billing"),
    }


def _offered_digits(list_name: str, name: str) -> Term:
    """`12` where the first two choices of a column are offered; nothing where an entry of the list is not understood."""
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
    """How many of a list's spellings stand between two semicolons of a text."""

    def compute(line: Line) -> Value:
        within = str(packed.compute(line)).lower()
        return float(sum(f";{str(spelling).lower()};" in within for spelling in line.named(name)))

    return Term(f'SUMPRODUCT(--ISNUMBER(SEARCH(";"&{name}&";",{{0}})))', compute, (packed,))
