"""What every column of the template is looked at for, as the table of columns says: filled, readable, not too long.

The rules of one sheet are in `template_rules_orders` and `_customers`. They do what the full check does, as far as Excel's
formulas can; a test compares the two, row by row, and lists what formulas cannot.
"""

from collections.abc import Sequence

from bulk_orders.core.columns.table import Column, Kind, Need, column
from bulk_orders.core.model import SheetRole
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

SEPARATOR = "|"
"""Stands before each header in the hidden cells that list what is to be fixed."""
_IDS = frozenset({"reference", "po_number", "mpn"})
_DASHES = ("–", "-", "—")


def piece(entry: Column, is_wrong: Term) -> Term:
    """The column's header, with its separator, when its cell is wrong; also when a cell shows an error."""
    return IF(unless_error(is_wrong, CONST(True)), CONST(f"{SEPARATOR}{entry.header}"), CONST(""))


def listed(pieces: Sequence[Term]) -> Term:
    """The headers of all cells that are wrong."""
    pattern = "&".join(f"{{{place}}}" for place in range(len(pieces)))
    return term(pattern, lambda *values: "".join(values), *pieces)


def wrong(entry: Column, *more: Term, is_sent_anyway: bool = False) -> Term:
    """Whether a cell stops the row: missing where it is required, unreadable, or what `more` says of a filled cell."""
    of = text(entry.name)
    faults = [*_reading_faults(entry, of), *more]
    filled = OR(*faults) if faults else CONST(False)
    answer = IF(is_blank(of), _is_required(entry), filled)
    if entry.sent_when is None or entry.need is Need.ALWAYS or is_sent_anyway:
        return answer
    return IF(_is(entry.sheet, entry.sent_when), answer, CONST(False))


def chosen(role: SheetRole, name: str, key: str, of: Term | None = None) -> Term:
    """Whether a cell says, in one of its spellings, what `key` means in a drop-down column."""
    return one_of(of or text(name), spelling_name(column(role, name), key))


def is_country(of: Term, code: str) -> Term:
    """Whether a text is this country's code, alone or with its name as in the drop-down."""
    return OR(EQUALS(of, code), *(EQUALS(begins(of, 5), f"{code} {dash} ") for dash in _DASHES))


def _is(role: SheetRole, pair: tuple[str, str]) -> Term:
    name, key = pair
    if column(role, name).kind is Kind.COUNTRY:
        return is_country(text(name), key)
    return chosen(role, name, key)


def _is_required(entry: Column) -> Term:
    if entry.need is Need.SOMETIMES:
        return OR(*(_is(entry.sheet, pair) for pair in entry.required_when))
    return CONST(entry.need is Need.ALWAYS)


def _reading_faults(entry: Column, of: Term) -> list[Term]:
    too_long = [compared(LEN(of), ">", entry.max_length)] if entry.max_length else []
    match entry.kind:
        case Kind.CHOICE:
            return [NOT(one_of(of, spelling_name(entry)))]
        case Kind.DIGITS:
            return [*too_long, NOT(made_of(of, DIGITS))]
        case Kind.COUNTRY:
            return [NOT(_is_any_country(of))]
        case Kind.EMAIL:
            return [*too_long, *_mail_faults(of)]
        case Kind.TEXT if entry.placeholders or entry.name == "reference":
            leading = [EQUALS(begins(of, 1), "=")] if entry.name in _IDS else []
            return [*too_long, has_control_signs(of), *leading]
        case _:
            return []  # whole numbers, dates and domains have rules of their own; notes have none


def _is_any_country(of: Term) -> Term:
    third = part_of(of, 3, 3)
    labelled = (EQUALS(third, f" {dash} ") for dash in _DASHES)
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
    """What keeps a text in small letters from being a domain with a dot; parts of more than 63 letters pass."""
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
