"""The rules of the sheet Customers as the template's formulas have them; the sentences of the full check say why."""

from datetime import date
from typing import Final

from bulk_orders.core.columns.table import Need, column, columns_of
from bulk_orders.core.model import SheetRole
from bulk_orders.core.rule_words import (
    EARLIEST_AGREEMENT_YEAR,
    GUIDES_DOMAIN,
    MICROSOFT,
    NEW_TENANT_ENDING,
    PHONE_DIGITS,
)
from bulk_orders.writing.cells import date_value
from bulk_orders.writing.drop_downs import (
    COMPANY_SIGNS,
    DIGIT_CELLS,
    DIGITS,
    FORMS_OF_COMPANIES,
    LETTERS,
    NAMELESS_SIGNS,
    NO_COMPANY,
    OWN_DOMAIN,
    PLAIN_SIGNS,
    STATE_CODES,
)
from bulk_orders.writing.template.column_formulas import (
    chosen,
    domain_faults,
    is_country,
    listed,
    piece,
    wrong,
)
from bulk_orders.writing.template.formula_terms import (
    Line,
    Term,
    Value,
    after_at,
    before_ending,
    both,
    cell,
    compared,
    count_of,
    day_number,
    either,
    ends,
    fixed,
    is_blank,
    length,
    made_of,
    negated,
    one_of,
    part_of,
    same,
    small,
    term,
    text,
    trimmed,
    unless_error,
    when,
    without,
)

_ROLE: Final = SheetRole.CUSTOMERS
CUSTOMER_KEYS: Final = "C_Key"
NEW_DOMAINS: Final = "C_NewDomain"
_FIRST_DETAIL: Final = "address"
_LONGEST_DOMAIN: Final = 253
_ISO_LENGTH: Final = 10


def work_terms() -> dict[str, Term]:
    """The sheet's hidden columns by name."""
    identity = text("customer_id")
    entry = column(_ROLE, "customer_id")
    is_id = both(made_of(identity, DIGITS), negated(compared(length(identity), ">", entry.max_length or 0)))
    is_new = both(chosen(_ROLE, "tenant", "new"), negated(is_blank(cell("work_id"))))
    names = [known.name for known in columns_of(_ROLE)]
    details = names.index(_FIRST_DETAIL)
    return {
        "work_id": unless_error(when(is_id, identity, fixed("")), fixed("")),
        "work_domain": unless_error(when(is_new, small(text("domain")), fixed("")), fixed("")),
        "work_day": _day(),
        "work_facts_to_fix": listed(_pieces(names[:details], are_details=False)),
        "work_details_to_fix": when(
            unless_error(chosen(_ROLE, "send_company_details", "yes"), fixed(False)),
            listed(_pieces(names[details:], are_details=True)),
            fixed(""),
        ),
    }


def _pieces(names: list[str], *, are_details: bool) -> list[Term]:
    rules = _rules()
    return [
        piece(entry, wrong(entry, *rules.get(entry.name, ()), is_sent_anyway=are_details))
        for entry in (column(_ROLE, name) for name in names)
        if entry.need is not Need.FILLED and (entry.placeholders or entry.choices)
    ]


def _rules() -> dict[str, tuple[Term, ...]]:
    """What a filled cell can be wrong in, besides being unreadable."""
    is_own_id_twice = both(
        negated(is_blank(cell("work_id"))), compared(count_of(cell("work_id"), CUSTOMER_KEYS), ">", 1)
    )
    return {
        "customer_id": (is_own_id_twice,),
        "company_name": _company(),
        "domain": (_domain(),),
        "partner_attestation": (chosen(_ROLE, "partner_attestation", "no"),),
        "mca_accepted": (both(chosen(_ROLE, "tenant", "new"), chosen(_ROLE, "mca_accepted", "on_file")),),
        "agreement_date": _agreement_date(),
        "agreement_first_name": _contact("agreement_first_name"),
        "agreement_last_name": _contact("agreement_last_name"),
        "state": (_state(),),
        "postal_code": (_postal_code(),),
        "phone": (_phone(),),
        "customer_email": _refused_mail(),
    }


def _company() -> tuple[Term, ...]:
    name = text("company_name")
    bare = without(small(name), " ", ".", ",")
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
        compared(length(name), "<", 2),
        made_of(name, COMPANY_SIGNS, is_long=True),
        one_sign,
        one_of(bare, FORMS_OF_COMPANIES),
        single_letters,
        one_of(name, NO_COMPANY),
    )


def _contact(name: str) -> tuple[Term, ...]:
    return compared(length(text(name)), "<", 2), made_of(text(name), NAMELESS_SIGNS)


def _domain() -> Term:
    of = small(text("domain"))
    label = before_ending(of, NEW_TENANT_ENDING)
    taken = Term(
        f"SUMPRODUCT(({NEW_DOMAINS}={{work_domain}})*({CUSTOMER_KEYS}<>{{work_id}}))>0", _is_taken_by_another
    )
    cannot_be_made = either(
        compared(length(of), ">", _LONGEST_DOMAIN),
        negated(same(ends(of, len(NEW_TENANT_ENDING)), NEW_TENANT_ENDING)),
        is_blank(label),
        negated(made_of(label, PLAIN_SIGNS, is_long=True)),
        both(negated(is_blank(cell("work_domain"))), taken),
    )
    no_domain = either(*domain_faults(of), compared(length(of), ">", _LONGEST_DOMAIN))
    by_tenant = when(
        chosen(_ROLE, "tenant", "new"),
        cannot_be_made,
        both(
            no_domain,
            either(chosen(_ROLE, "tenant", "existing"), negated(made_of(of, PLAIN_SIGNS, is_long=True))),
        ),
    )
    return when(same(of, GUIDES_DOMAIN), fixed(True), by_tenant)


def _is_taken_by_another(line: Line) -> Value:
    pairs = zip(line.named(NEW_DOMAINS), line.named(CUSTOMER_KEYS), strict=True)
    own = (line.cell("work_domain"), line.cell("work_id"))
    return any(domain == own[0] and customer != own[1] for domain, customer in pairs)


def _day() -> Term:
    """The agreement's day as a number: of a real date, of year-month-day, or of month-day-year that reads in one way."""
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


def _state() -> Term:
    in_country = [
        both(is_country(text("country"), code), negated(one_of(text("state"), name)))
        for code, name in STATE_CODES.items()
    ]
    return either(*in_country)


def _postal_code() -> Term:
    """Four digits in the United States are a lost zero, of which the full check warns."""
    code = text("postal_code")
    five_and_four = both(
        compared(length(code), "<", 11),
        same(part_of(code, 6, 1), "-"),
        made_of(without(code, "-"), DIGITS),
        negated(compared(length(without(code, "-")), "<>", 9)),
    )
    digits = both(made_of(code, DIGITS), compared(length(code), ">", 3), compared(length(code), "<", 6))
    packed = without(code, " ")
    letters = [made_of(small(part_of(packed, place, 1)), LETTERS) for place in (1, 3, 5)]
    figures = [made_of(part_of(packed, place, 1), DIGITS) for place in (2, 4, 6)]
    has_its_space = both(compared(length(code), "<", 8), same(part_of(code, 4, 1), " "))
    spaced = either(compared(length(code), "<", 7), has_its_space)
    canadian = both(negated(compared(length(packed), "<>", 6)), *letters, *figures, spaced)
    country = text("country")
    return either(
        both(is_country(country, "US"), negated(either(digits, five_and_four))),
        both(is_country(country, "CA"), negated(canadian)),
    )


def _phone() -> Term:
    def count(value: str) -> Value:
        return float(sum(sign in "0123456789" for sign in value))

    digits = term(f'SUMPRODUCT(LEN({{0}})-LEN(SUBSTITUTE({{0}},{DIGIT_CELLS},"")))', count, text("phone"))
    return compared(digits, "<", PHONE_DIGITS)


def _refused_mail() -> tuple[Term, ...]:
    host = after_at(text("customer_email"))
    own = Term(f"{OWN_DOMAIN}", lambda line: str(line.named(OWN_DOMAIN)[0]))
    is_own = term(
        'AND({1}<>"",OR({0}={1},RIGHT({0},LEN({1})+1)="."&{1}))',
        lambda value, mine: bool(mine) and f".{value.lower()}".endswith(f".{mine.lower()}"),
        host,
        own,
    )
    return same(host, MICROSOFT), same(ends(host, len(MICROSOFT) + 1), f".{MICROSOFT}"), is_own
