"""What every column of the template is looked at for, as the table of columns says: filled, readable, not too long.

To that come the rules that `core.stated_rules` has for the column, and what `customer_formulas` writes by hand. A test compares
with the full check, row by row, and lists what formulas cannot see.
"""

from collections.abc import Sequence

from bulk_orders.core.columns.table import Column, Kind
from bulk_orders.core.stated_rules import ALWAYS, required, sent, stated_rules
from bulk_orders.writing.drop_downs import (
    COUNTRY_CODES,
    DIGITS,
    HOST_SIGNS,
    LETTERS,
    MAIL_SIGNS,
    RESERVED,
    spelling_name,
)
from bulk_orders.writing.template.formula_terms import (
    AND,
    CONST,
    EQUALS,
    IF,
    LEN,
    LOWER,
    NOT,
    OR,
    Term,
    after_at,
    begins,
    compared,
    contains,
    ends,
    has_control_signs,
    is_blank,
    joined,
    last_label,
    made_of,
    one_of,
    part_of,
    term,
    text,
    unless_error,
)
from bulk_orders.writing.template.statement_formulas import DASHES, formula, is_always

SEPARATOR = "|"
"""Stands before each header in the hidden cells that list what is to be fixed."""
_MOST_DIGITS = 18


def piece(entry: Column, is_wrong: Term) -> Term:
    """Return the column's header with its separator when its cell is wrong, also when it shows an error; else nothing."""
    return IF(unless_error(is_wrong, CONST(True)), CONST(f"{SEPARATOR}{entry.header}"), CONST(""))


def listed(pieces: Sequence[Term]) -> Term:
    """List the headers of all cells that are wrong."""
    pattern = "&".join(f"{{{place}}}" for place in range(len(pieces)))
    return term(pattern, lambda *values: "".join(values), *pieces)


def wrong(entry: Column, *more: Term, is_sent_anyway: bool = False) -> Term:
    """Tell whether a cell stops the row: missing where it is required, unreadable, against a stated rule, or what `more` says."""
    of = text(entry.name)
    stated = (formula(entry.sheet, rule.statement) for rule in stated_rules(entry.sheet, entry.name))
    faults = [*_reading_faults(entry, of), *stated, *more]
    missing = formula(entry.sheet, required(entry))
    answer = IF(is_blank(of), missing, OR(*faults) if faults else CONST(False))
    matters = ALWAYS if is_sent_anyway else sent(entry)
    return (
        answer if is_always(entry.sheet, matters) else IF(formula(entry.sheet, matters), answer, CONST(False))
    )


def _reading_faults(entry: Column, of: Term) -> list[Term]:
    too_long = [compared(LEN(of), ">", entry.max_length)] if entry.max_length else []
    found: list[Term] = []
    match entry.kind:
        case Kind.CHOICE:
            found = [NOT(one_of(of, spelling_name(entry)))]
        case Kind.DIGITS:
            found = [*too_long, NOT(made_of(of, DIGITS))]
        case Kind.WHOLE_NUMBER:
            found = [NOT(made_of(of, DIGITS)), compared(LEN(of), ">", _MOST_DIGITS)]
        case Kind.COUNTRY:
            found = [NOT(_is_any_country(of))]
        case Kind.EMAIL:
            found = [*too_long, *_mail_faults(of)]
        case Kind.TEXT if entry.placeholders or entry.name == "reference":
            leading = [EQUALS(begins(of, 1), "=")] if entry.is_id else []
            found = [*too_long, has_control_signs(of), *leading]
        case _:
            pass  # dates and domains need more than the table says; notes have no rules
    return found


def _is_any_country(of: Term) -> Term:
    third = part_of(of, 3, 3)
    labelled = (EQUALS(third, f" {dash} ") for dash in DASHES)
    return AND(one_of(begins(of, 2), COUNTRY_CODES), OR(compared(LEN(of), "<", 3), *labelled))


def _mail_faults(of: Term) -> list[Term]:
    host = after_at(of)
    count = term('LEN({0})-LEN(SUBSTITUTE({0},"@",""))', lambda value: float(value.count("@")), of)
    dots = term('"."&SUBSTITUTE({0},"@",".")&"."', lambda value: f".{value.replace('@', '.')}.", of)
    return [
        compared(count, "<>", 1),
        NOT(made_of(LOWER(of), MAIL_SIGNS, is_long=True)),
        NOT(made_of(LOWER(host), HOST_SIGNS, is_long=True)),
        contains(dots, ".."),
        *_dashes_at_ends(host),
        NOT(contains(host, ".")),
        NOT(made_of(LOWER(ends(of, 1)), LETTERS)),
        one_of(last_label(of), RESERVED),
    ]


def _dashes_at_ends(host: Term) -> list[Term]:
    return [contains(joined(".", host), ".-"), contains(joined("", host, "."), "-.")]


def domain_faults(of: Term) -> list[Term]:
    """Return what keeps a text in small letters from being a domain with a dot; parts of more than 63 letters pass."""
    last = last_label(of)
    return [
        compared(LEN(of), "<", 4),
        NOT(made_of(of, HOST_SIGNS, is_long=True)),
        contains(joined(".", of, "."), ".."),
        *_dashes_at_ends(of),
        NOT(contains(of, ".")),
        compared(LEN(last), "<", 2),
        made_of(begins(last, 1), DIGITS),
    ]
