"""Answers a statement of `core.statements` with the formula that Excel works out for one row."""

from collections.abc import Iterable, Mapping
from typing import Final, assert_never

from bulk_orders.core.columns.table import Kind, column
from bulk_orders.core.model import SheetRole
from bulk_orders.core.rule_constants import LARGEST_QUANTITY
from bulk_orders.core.stated_rules import ACTS_ON_SUBSCRIPTION, LACKS_TENANT, stated_rules
from bulk_orders.core.statements import (
    DigitsBelow,
    Either,
    Every,
    Filled,
    IsMailAt,
    IsOneOf,
    IsState,
    Not,
    NotOffered,
    OfCustomer,
    OfMicrosoft,
    Outside,
    ProductSays,
    Repeated,
    Says,
    Statement,
    Taken,
    Unlisted,
)
from bulk_orders.core.vendors import MICROSOFT_NAME
from bulk_orders.writing.drop_downs import DIGIT_CELLS, OWN_DOMAIN, STATE_CODES, spelling_name
from bulk_orders.writing.template.formula_terms import (
    AND,
    CONST,
    EQUALS,
    IF,
    LOWER,
    NOT,
    OR,
    Line,
    Term,
    Value,
    after_at,
    at_place,
    begins,
    cell,
    compared,
    contains,
    count_of,
    ends,
    holds,
    is_blank,
    number,
    one_of,
    term,
    text,
    trimmed,
    unless_error,
)

CUSTOMER_IDS: Final = "C_ID"
CUSTOMER_KEYS: Final = "C_Key"
NEW_DOMAINS: Final = "C_NewDomain"
CUSTOMER_TENANTS: Final = "C_Tenant"
ORDER_REFERENCES: Final = "O_Reference"
ORDER_SUBSCRIPTIONS: Final = "O_Subscription"
ORDER_IMPORTS: Final = "O_Import"
PRODUCT_MPNS: Final = "P_MPN"
PRODUCT_KEYS: Final = "P_Key"

OF_PRODUCTS: Final[Mapping[str, tuple[str, str]]] = {
    "quantity_min": ("P_Min", "quantity_min"),
    "quantity_max": ("P_Max", "quantity_max"),
    "offer_attestation_required": ("P_Attestation", "offer_attestation_required"),
    "commitments_offered": ("P_Commitments", "work_commitments"),
    "billing_offered": ("P_Billings", "work_billings"),
}
"""What formulas ask of a product: the name of the range, and the column that it is."""
_KEYS: Final = {
    "reference": ("work_reference", ORDER_REFERENCES),
    "subscription": ("work_subscription", ORDER_SUBSCRIPTIONS),
    "microsoft_subscription": ("work_import", ORDER_IMPORTS),
    "customer_id": ("work_id", CUSTOMER_KEYS),
    "domain": ("work_domain", NEW_DOMAINS),
}
"""The hidden column that holds what is compared of a column, and its range."""
_LISTED: Final = {
    SheetRole.CUSTOMERS: ("work_customer", ""),
    SheetRole.PRODUCTS: ("work_product", PRODUCT_MPNS),
}
"""The hidden column with the place on another sheet, and the range that says nothing while it is empty."""
_OF_CUSTOMERS: Final[Mapping[Statement, str]] = {LACKS_TENANT: CUSTOMER_TENANTS}
"""What is asked of an order's customer: the range of a hidden column that says something where it is so."""
_WORKED_OUT: Final = {"order_type": "work_action"}
"""The hidden column that has the canonical value of a choice that many formulas ask for."""
DASHES: Final = ("–", "-", "—")
_TRUE: Final = CONST(True)
_FALSE: Final = CONST(False)


def formula(role: SheetRole, statement: Statement) -> Term:  # noqa: C901, PLR0911, PLR0912 - one case each
    """Return whether a statement is so in a row of this sheet."""
    match statement:
        case Every(parts):
            return _every(formula(role, part) for part in parts)
        case Either(parts):
            return _either(formula(role, part) for part in parts)
        case Not(denied):
            found = formula(role, denied)
            return {id(_TRUE): _FALSE, id(_FALSE): _TRUE}.get(id(found), NOT(found))
        case Says(name, key):
            return _says(role, name, key)
        case Filled(name):
            return NOT(is_blank(text(name))) if column(role, name).in_template else _FALSE
        case IsOneOf(name, words):
            return OR(*(EQUALS(text(name), word) for word in words))
        case IsState(name, country):
            return one_of(text(name), STATE_CODES[country])
        case IsMailAt(name, domain):
            return _is_at(after_at(text(name)), domain)
        case DigitsBelow(name, count):
            return compared(_digits_in(text(name)), "<", count)
        case Repeated(name, _):
            work, keys = _KEYS[name]
            return AND(NOT(is_blank(cell(work))), compared(count_of(cell(work), keys), ">", 1))
        case Taken(name, owner):
            return AND(NOT(is_blank(cell(_KEYS[name][0]))), _is_taken(name, owner))
        case Unlisted(_, sheet):
            place, listed = _LISTED[sheet]
            return AND(_has_no_line(place), _is_any(listed)) if listed else _has_no_line(place)
        case ProductSays(name, key):
            of_product = term("TRIM({0})", trimmed, _of_product(name))
            return _if_listed(chosen(SheetRole.PRODUCTS, name, key, of_product))
        case NotOffered(name, offers):
            return _if_listed(_is_not_offered(role, name, _of_product(offers)))
        case OfMicrosoft():
            return _of_microsoft() if role is SheetRole.ORDERS else _TRUE
        case OfCustomer(asked):
            return _of_customer(_OF_CUSTOMERS[asked])
        case Outside(name, smallest, largest):
            return _is_outside(text(name), _limit(smallest, 1), _limit(largest, LARGEST_QUANTITY))
        case _:
            assert_never(statement)


def is_always(role: SheetRole, statement: Statement) -> bool:
    """Return whether a statement is so in every row of the template, which has not all columns."""
    return formula(role, statement) is _TRUE


def compared_text(role: SheetRole, name: str) -> Term:
    """Return what is compared of a column whose values must not repeat; nothing where the row is not among those compared."""
    (among,) = (
        rule.statement.among
        for rule in stated_rules(role, name)
        if isinstance(rule.statement, Repeated | Taken)
    )
    return unless_error(IF(formula(role, among), text(name), CONST("")), CONST(""))


def chosen(role: SheetRole, name: str, key: str, of: Term | None = None) -> Term:
    """Tell whether a cell says, in one of its spellings, what `key` means in a drop-down column."""
    return one_of(of or text(name), spelling_name(column(role, name), key))


def is_country(of: Term, code: str) -> Term:
    """Tell whether a text is this country's code, alone or with its name as in the drop-down."""
    return OR(EQUALS(of, code), *(EQUALS(begins(of, 5), f"{code} {dash} ") for dash in DASHES))


def _of_microsoft() -> Term:
    """Return whether an order buys and names no other vendor; a customer without such orders is not looked at, which its Check says."""
    vendor = text("vendor")
    is_microsofts = unless_error(OR(is_blank(vendor), contains(LOWER(vendor), MICROSOFT_NAME)), _TRUE)
    return AND(is_microsofts, NOT(formula(SheetRole.ORDERS, ACTS_ON_SUBSCRIPTION)))


def _of_customer(name: str) -> Term:
    place = cell("work_customer")
    return IF(compared(place, ">", 0), NOT(is_blank(at_place(name, place))), _FALSE)


def _every(answers: Iterable[Term]) -> Term:
    """Join answers that must all hold; what is always so does not lengthen the formula, and what is never so is all of it."""
    known = list(answers)
    if _FALSE in known:
        return _FALSE
    told = [answer for answer in known if answer is not _TRUE]
    return AND(*told) if told else _TRUE


def _either(answers: Iterable[Term]) -> Term:
    known = list(answers)
    if _TRUE in known:
        return _TRUE
    told = [answer for answer in known if answer is not _FALSE]
    return OR(*told) if told else _FALSE


def _says(role: SheetRole, name: str, key: str) -> Term:
    entry = column(role, name)
    if not entry.in_template:  # a cell that is not there says what a blank one says
        return _TRUE if entry.blank_means == key else _FALSE
    if name in _WORKED_OUT:
        return EQUALS(cell(_WORKED_OUT[name]), key)
    return is_country(text(name), key) if entry.kind is Kind.COUNTRY else chosen(role, name, key)


def _is_at(host: Term, domain: str) -> Term:
    if domain:
        return OR(EQUALS(host, domain), EQUALS(ends(host, len(domain) + 1), f".{domain}"))
    own = Term(f"{OWN_DOMAIN}", lambda line: str(line.named(OWN_DOMAIN)[0]))
    return term(
        'AND({1}<>"",OR({0}={1},RIGHT({0},LEN({1})+1)="."&{1}))',
        lambda value, mine: bool(mine) and f".{value.lower()}".endswith(f".{mine.lower()}"),
        host,
        own,
    )


def _digits_in(of: Term) -> Term:
    def count(value: str) -> Value:
        return float(sum(sign in "0123456789" for sign in value))

    return term(f'SUMPRODUCT(LEN({{0}})-LEN(SUBSTITUTE({{0}},{DIGIT_CELLS},"")))', count, of)


def _is_taken(name: str, owner: str) -> Term:
    (work, values), (own, owners) = _KEYS[name], _KEYS[owner]

    def compute(line: Line) -> Value:
        pairs = zip(line.named(values), line.named(owners), strict=True)
        mine = (line.cell(work), line.cell(own))
        return any(value == mine[0] and other != mine[1] for value, other in pairs)

    return Term(f"SUMPRODUCT(({values}={{{work}}})*({owners}<>{{{own}}}))>0", compute)


def _has_no_line(place: str) -> Term:
    return NOT(compared(cell(place), ">", 0))


def _is_any(name: str) -> Term:
    return Term(f"COUNTA({name})>0", lambda line: any(value != "" for value in line.named(name)))


def _of_product(name: str) -> Term:
    return at_place(OF_PRODUCTS[name][0], cell("work_product"))


def _if_listed(answer: Term) -> Term:
    return IF(_has_no_line("work_product"), _FALSE, answer)


def _limit(name: str, otherwise: int) -> Term:
    """Return a limit; one that is blank or unreadable does not limit anything."""
    of_product = unless_error(number(term("TRIM({0})", trimmed, _of_product(name))), CONST(float(otherwise)))
    return IF(_has_no_line("work_product"), CONST(float(otherwise)), of_product)


def _is_outside(typed: Term, least: Term, most: Term) -> Term:
    return term(
        "OR({0}<MAX(1,{1}),{0}>{2})",
        lambda value, low, high: value < max(1.0, low) or value > high,
        number(typed),
        least,
        most,
    )


def _is_not_offered(role: SheetRole, name: str, offered: Term) -> Term:
    """Tell whether a product lists places of choices (`12`, the first two), and that of this one is not among them."""
    choices = column(role, name).choices
    which = term(
        "+".join(f"{place}*({{{place - 1}}})" for place in range(1, 1 + len(choices))),
        lambda *is_it: float(sum(place for place, is_so in enumerate(is_it, start=1) if is_so)),
        *(chosen(role, name, choice.key) for choice in choices),
    )
    return AND(NOT(is_blank(offered)), NOT(holds(offered, which)))
