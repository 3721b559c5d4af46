"""The hidden columns of the sheet Customers, and the rules that formulas see in part: dates, domains, characters."""

from datetime import date
from typing import Final

from bulk_orders.core.columns.table import Column, Need, column, columns_of
from bulk_orders.core.model import SheetRole
from bulk_orders.core.rule_constants import (
    EARLIEST_AGREEMENT_YEAR,
    NEW_TENANT_ENDING,
)
from bulk_orders.core.stated_rules import LACKS_TENANT, stated_rules
from bulk_orders.core.statements import Taken
from bulk_orders.writing.cells import date_value
from bulk_orders.writing.drop_downs import (
    COMPANY_SIGNS,
    DIGITS,
    FORMS_OF_COMPANIES,
    HEX_DIGITS,
    LETTERS,
    NAMELESS_SIGNS,
    NO_COMPANY,
    PLAIN_SIGNS,
)
from bulk_orders.writing.template.column_formulas import domain_faults, listed, piece, wrong
from bulk_orders.writing.template.formula_terms import (
    AND,
    CONST,
    EQUALS,
    IF,
    LEN,
    LOWER,
    NOT,
    OR,
    Line,
    Term,
    Value,
    before_ending,
    begins,
    cell,
    compared,
    day_number,
    ends,
    is_blank,
    made_of,
    one_of,
    part_of,
    term,
    text,
    trimmed,
    unless_error,
    without,
)
from bulk_orders.writing.template.statement_formulas import chosen, formula, is_country

_ROLE: Final = SheetRole.CUSTOMERS
_FIRST_DETAIL: Final = "address"
_SWITCHED_ON: Final = ("send_company_details", "yes")
_LONGEST_DOMAIN: Final = 253
_ISO_LENGTH: Final = 10
_TENANT_ID_LENGTH: Final = 36
_TENANT_ID_DASHES: Final = (9, 14, 19, 24)


def work_terms() -> dict[str, Term]:
    """Return the sheet's hidden columns by name."""
    identity = text("customer_id")
    entry = column(_ROLE, "customer_id")
    is_id = AND(made_of(identity, DIGITS), NOT(compared(LEN(identity), ">", entry.max_length or 0)))
    (among,) = (
        rule.statement.among for rule in stated_rules(_ROLE, "domain") if isinstance(rule.statement, Taken)
    )
    is_new = AND(formula(_ROLE, among), NOT(is_blank(cell("work_id"))))
    entries = columns_of(_ROLE)
    first = entries.index(column(_ROLE, _FIRST_DETAIL))
    details = [known for known in entries[first:] if known.sent_when == _SWITCHED_ON]
    facts = [known for known in entries if known not in details]
    return {
        "work_id": unless_error(IF(is_id, identity, CONST("")), CONST("")),
        "work_domain": unless_error(IF(is_new, LOWER(text("domain")), CONST("")), CONST("")),
        "work_tenant": unless_error(
            IF(formula(_ROLE, LACKS_TENANT), CONST("lacking"), CONST("")), CONST("lacking")
        ),
        "work_day": _day(),
        "work_facts_to_fix": listed(_pieces(facts, are_details=False)),
        "work_details_to_fix": IF(
            unless_error(chosen(_ROLE, "send_company_details", "yes"), CONST(False)),
            listed(_pieces(details, are_details=True)),
            CONST(""),
        ),
    }


def _pieces(entries: list[Column], *, are_details: bool) -> list[Term]:
    rules = _by_hand()
    return [
        piece(entry, wrong(entry, *rules.get(entry.name, ()), is_sent_anyway=are_details))
        for entry in entries
        if entry.in_template and entry.need is not Need.FILLED and (entry.placeholders or entry.choices)
    ]


def _by_hand() -> dict[str, tuple[Term, ...]]:
    """Return, by column, what formulas see of mistakes in filled cells that only Python sees whole."""
    return {
        "company_name": _company(),
        "domain": (_domain(),),
        "tenant_id": (_tenant_id(),),
        "agreement_date": _agreement_date(),
        "agreement_first_name": _contact("agreement_first_name"),
        "agreement_last_name": _contact("agreement_last_name"),
        "postal_code": (_postal_code(),),
    }


def _company() -> tuple[Term, ...]:
    name = text("company_name")
    bare = without(LOWER(name), " ", ".", ",")
    one_sign = term(
        'SUBSTITUTE(SUBSTITUTE(LOWER({0})," ",""),LOWER(LEFT({0},1)),"")=""',
        lambda value: not value.lower().replace(" ", "").replace(value[:1].lower(), ""),
        name,
    )
    single_letters = term(
        'LEN({0})+1=2*LEN(SUBSTITUTE({0}," ",""))',
        lambda value: len(value) + 1 == 2 * len(value.replace(" ", "")),
        name,
    )
    return (
        compared(LEN(name), "<", 2),
        made_of(name, COMPANY_SIGNS, is_long=True),
        one_sign,
        one_of(bare, FORMS_OF_COMPANIES),
        single_letters,
        one_of(name, NO_COMPANY),
    )


def _contact(name: str) -> tuple[Term, ...]:
    return compared(LEN(text(name)), "<", 2), made_of(text(name), NAMELESS_SIGNS)


def _domain() -> Term:
    of = LOWER(text("domain"))
    label = before_ending(of, NEW_TENANT_ENDING)
    cannot_be_made = OR(
        compared(LEN(of), ">", _LONGEST_DOMAIN),
        NOT(EQUALS(ends(of, len(NEW_TENANT_ENDING)), NEW_TENANT_ENDING)),
        is_blank(label),
        EQUALS(begins(label, 1), "-"),
        EQUALS(ends(label, 1), "-"),
        NOT(made_of(without(label, "-"), PLAIN_SIGNS, is_long=True)),
    )
    no_domain = OR(*domain_faults(of), compared(LEN(of), ">", _LONGEST_DOMAIN))
    return IF(
        chosen(_ROLE, "tenant", "new"),
        cannot_be_made,
        AND(
            no_domain,
            OR(chosen(_ROLE, "tenant", "existing"), NOT(made_of(of, PLAIN_SIGNS, is_long=True))),
        ),
    )


def _tenant_id() -> Term:
    """Tell whether a text is no ID as Microsoft Entra shows it: 32 hexadecimal digits in five groups."""
    of = LOWER(text("tenant_id"))
    is_long_enough = NOT(compared(LEN(of), "<>", _TENANT_ID_LENGTH))
    dashes = [EQUALS(part_of(of, place, 1), "-") for place in _TENANT_ID_DASHES]
    digits = without(of, "-")
    return NOT(
        AND(is_long_enough, NOT(compared(LEN(digits), "<>", 32)), *dashes, made_of(digits, HEX_DIGITS))
    )


def _day() -> Term:
    """Return the agreement's day as a number: of a real date, of year-month-day, or of month-day-year that reads in one way."""
    of = text("agreement_date").pattern
    year_first = f"DATE(VALUE(LEFT({of},4)),VALUE(MID({of},6,2)),VALUE(RIGHT({of},2)))"
    month_first = f"DATE(VALUE(RIGHT({of},4)),VALUE(LEFT({of},2)),VALUE(MID({of},4,2)))"
    # A day that the calendar does not have becomes another one, so the text is made again and compared.
    is_year_first = (
        f'YEAR({year_first})&"-"&{_two_digits("MONTH", year_first)}&"-"&{_two_digits("DAY", year_first)}={of}'
    )
    is_month_first = f'{_two_digits("MONTH", month_first)}&"-"&{_two_digits("DAY", month_first)}&"-"&YEAR({month_first})={of}'
    reads_in_one_way = f"OR(VALUE(MID({of},4,2))>12,LEFT({of},2)=MID({of},4,2))"
    pattern = (
        "IF(ISNUMBER({agreement_date}),{agreement_date},IFERROR("
        f'IF(MID({of},3,1)="-",IF(AND({is_month_first},{reads_in_one_way}),{month_first},0),'
        f"IF({is_year_first},{year_first},0)),0))"
    )
    return Term(pattern, _day_of)


def _two_digits(part: str, day: str) -> str:
    return f"RIGHT(0&{part}({day}),2)"


def _day_of(line: Line) -> Value:
    typed = line.cell("agreement_date")
    if isinstance(typed, float):
        return typed
    written = trimmed(typed)
    is_turned = written[2:3] == "-"
    iso = f"{written[-4:]}-{written[:5]}" if is_turned else written
    day = date_value(iso) if len(iso) == _ISO_LENGTH else None
    if day is None or (is_turned and day.day <= 12 and day.day != day.month):  # noqa: PLR2004 - months of a year
        return 0.0
    return day_number(day.date())


def _agreement_date() -> tuple[Term, ...]:
    day = cell("work_day")
    first = date(EARLIEST_AGREEMENT_YEAR, 1, 1)
    return (
        compared(day, "<", day_number(first)),
        term("{0}<>INT({0})", lambda value: not value.is_integer(), day),
        Term("{work_day}>TODAY()", lambda line: float(line.cell("work_day")) > day_number(line.today)),
    )


def _postal_code() -> Term:
    """Four digits in the United States are a lost zero, of which the full check warns."""
    code = text("postal_code")
    five_and_four = AND(
        compared(LEN(code), "<", 11),
        EQUALS(part_of(code, 6, 1), "-"),
        made_of(without(code, "-"), DIGITS),
        NOT(compared(LEN(without(code, "-")), "<>", 9)),
    )
    digits = AND(made_of(code, DIGITS), compared(LEN(code), ">", 3), compared(LEN(code), "<", 6))
    packed = without(code, " ")
    letters = [made_of(LOWER(part_of(packed, place, 1)), LETTERS) for place in (1, 3, 5)]
    figures = [made_of(part_of(packed, place, 1), DIGITS) for place in (2, 4, 6)]
    has_its_space = AND(compared(LEN(code), "<", 8), EQUALS(part_of(code, 4, 1), " "))
    spaced = OR(compared(LEN(code), "<", 7), has_its_space)
    canadian = AND(NOT(compared(LEN(packed), "<>", 6)), *letters, *figures, spaced)
    country = text("country")
    return OR(
        AND(is_country(country, "US"), NOT(OR(digits, five_and_four))),
        AND(is_country(country, "CA"), NOT(canadian)),
    )
