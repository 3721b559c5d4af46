"""Typed texts become canonical ones, or say why they cannot: one reading per different text of a column.

It knows one cell at a time (dates: one column at a time). What cells say about one another is in the `rules_` modules.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from bulk_orders.checking.reading_codes import (
    PARAMETER,
    codes_of,
    may_be_shortened,
    may_say_nothing,
)
from bulk_orders.checking.values.characters import (
    Forbidden,
    cleaned,
    forbidden,
    has_text_mark,
    mended,
)
from bulk_orders.checking.values.choices import (
    choice_key,
    labels_in_words,
    nearest_label,
    says_nothing,
    some_say_nothing,
)
from bulk_orders.checking.values.damaged import (
    is_error_value,
    is_in_exponents,
    may_be_damaged,
    quoted_in_formula,
)
from bulk_orders.checking.values.dates import DateRead, meant_order, read_date
from bulk_orders.checking.values.internet import domain_proposal, email_proposal, is_email, is_hostname
from bulk_orders.checking.values.part_numbers import in_capitals
from bulk_orders.checking.values.places import country_code, country_proposal
from bulk_orders.core.columns.shapes import NO_SPELLINGS
from bulk_orders.core.columns.table import Column, Kind
from bulk_orders.core.model import SheetRole
from bulk_orders.core.order_types import what_instead
from bulk_orders.core.problem_texts import shown
from bulk_orders.core.rule_constants import LEGAL_STATEMENTS

CHECKED_PRODUCT_FIELDS: Final = frozenset(
    {
        "mpn",
        "commitments_offered",
        "billing_offered",
        "quantity_min",
        "quantity_max",
        "offer_attestation_required",
    }
)
"""What other sheets are checked against; the rest of Products is for people."""

_CELL_LIMIT: Final = 32_767
"""Characters that an Excel cell can hold; a CSV could have more."""
_LOOKUPS: Final = 200
"""Unusual texts of a column for which a proposal is looked for; a wrong column pasted in has thousands."""
_NEIGHBOURS: Final = 8
"""Texts that are sooner read than judged in two halves."""
_MOST_DIGITS: Final = 18
"""More digits would not fit the 64-bit numbers that the ranges are checked with."""
_DIGITS = re.compile(r"[0-9]+")
_ID_OF_A_CUSTOMER = re.compile(r"(?=.*[0-9])[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
_POINT_ZERO = re.compile(r"([0-9]+)\.0{1,2}")
_WHOLE = re.compile(r"([+-]?)([0-9]+)(?:\.0{1,2})?")
_THOUSANDS = re.compile(r"([1-9][0-9]{0,2})((?:[.,'’ \u00a0\u202f][0-9]{3})+)")
"""`1.000` is a thousand to some and one to others."""
_BARE_NAME = re.compile(r"[a-z0-9]+")
_STATE_CODE = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadValue:
    """What a typed text turned out to be."""

    value: str = ""
    """Canonical; empty where blank or unreadable."""
    fault: str = ""
    """The code of why it cannot be read."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """For the sentence of the fault or the info."""
    proposal: str | None = None
    infos: tuple[str, ...] = ()
    """Codes of what was changed."""


def is_checked(column: Column) -> bool:
    """Tell whether a column's content matters to an order, or has a longest length: that of notes and prices does not."""
    if column.kind is Kind.FORMULA:
        return False
    if column.sheet is SheetRole.PRODUCTS:
        return column.name in CHECKED_PRODUCT_FIELDS
    return bool(column.placeholders or column.choices or column.max_length)


def read_column(
    column: Column, typed: Sequence[str], header: str = ""
) -> tuple[list[str], dict[int, ReadValue]]:
    """Return the canonical texts, and the readings of those entries that are unreadable or were changed.

    `typed` holds each different text of the column once; `header` is what stands above it.
    """
    if not is_checked(column):
        return [text.strip() for text in typed], {}
    reader = _reader(column, typed, header)
    values = list(typed)
    readings: dict[int, ReadValue] = {}
    for position in _unusual(column, typed):
        if not typed[position]:
            continue
        reading = _read(column, typed[position], reader, may_look=len(readings) < _LOOKUPS)
        values[position] = reading.value
        if reading.fault or reading.infos:
            readings[position] = reading
    _hold_to_codes(column, readings)
    return values, readings


def _hold_to_codes(column: Column, readings: Mapping[int, ReadValue]) -> None:
    """Stop at a code that no rule of the column has, which would be lost in silence."""
    faults, infos = codes_of(column)
    for reading in readings.values():
        if reading.fault not in faults | {""} or not infos.issuperset(reading.infos):
            raise AssertionError(column.name, reading)


def read_parameter(typed: Sequence[str]) -> tuple[list[str], dict[int, ReadValue]]:
    """Read a column headed `parameter: NAME`: any text without characters that cannot be sent."""
    return read_column(PARAMETER, typed)


Reader = Callable[[Column, str, bool], ReadValue]
"""The last argument says whether a costly look for a proposal is still worth it."""


def _reader(column: Column, typed: Sequence[str], header: str) -> Reader:
    """Return how the column's texts are read."""
    if column.kind is Kind.DATE:
        order = meant_order([cleaned(text, is_id=False)[0] for text in typed], header)
        return partial(_date, order)
    return _READERS.get(column.kind, _text)


def _unusual(column: Column, typed: Sequence[str]) -> Sequence[int]:
    """Return which texts must be read one by one, in order; most may be taken as they stand, which is quick to see."""
    places = range(len(typed))
    if column.kind in _PLAIN_FORMS:
        limit = column.max_length or _CELL_LIMIT
        plain = map(_PLAIN_FORMS[column.kind], typed)
        judged = zip(places, typed, plain, strict=True)
        return [place for place, text, is_plain in judged if not is_plain or len(text) > limit]
    if column.kind is Kind.DATE or column.kind in _READERS or column.name == "state":
        return places
    if all(map(str.isascii, typed)):
        return _not_plain(column, typed, places)
    other_letters = [place for place in places if not typed[place].isascii()]
    plain_letters = [place for place in places if typed[place].isascii()]
    return sorted([*other_letters, *_not_plain(column, typed, plain_letters)])


def _not_plain(column: Column, typed: Sequence[str], places: Sequence[int]) -> Sequence[int]:
    """Return the texts that are not plain, with a few of their neighbours."""
    if _are_all_plain(column, [typed[place] for place in places]):
        return ()
    if len(places) <= _NEIGHBOURS:
        return places
    half = len(places) // 2
    return [*_not_plain(column, typed, places[:half]), *_not_plain(column, typed, places[half:])]


def _are_all_plain(column: Column, typed: Sequence[str]) -> bool:
    """Judge ASCII texts at once, joined as lines: reading one by one would change none of them if this holds."""
    joined = "\n".join(("", *typed, ""))
    if joined.count("\n") > len(typed) + 1 or not joined.replace("\n", "").isprintable():
        return False
    if column.name == "mpn" and joined.upper() != joined:
        return False
    if may_say_nothing(column) and some_say_nothing(joined):
        return False
    signs = " ='\"" if column.is_id else " '"
    return (
        not any(f"\n{sign}" in joined or f"{sign}\n" in joined for sign in signs if sign in joined)
        and not may_be_damaged(joined)
        and max(map(len, typed), default=0) <= (column.max_length or _CELL_LIMIT)
    )


def _read(column: Column, text: str, reader: Reader, *, may_look: bool) -> ReadValue:
    clean, infos = cleaned(text, is_id=column.is_id)
    if not clean:
        return ReadValue()
    if may_say_nothing(column) and says_nothing(clean):
        return ReadValue(infos=("I-NOTHING",))
    reading = _unreadable(column, clean) or reader(column, clean, may_look)
    if reading.fault:
        return reading
    if column.kind is Kind.TEXT and has_text_mark(clean):
        infos = (*infos, "W-APOSTROPHE")
    if meant := mended(clean):
        parts = {**reading.parts, "meant": meant}
        reading = replace(reading, parts=parts, proposal=meant, infos=(*reading.infos, "W-ENCODING"))
    return replace(reading, infos=(*infos, *reading.infos)) if infos else reading


def _unreadable(column: Column, clean: str) -> ReadValue | None:
    """Return why a text cannot be read in any column."""
    if is_error_value(clean):
        return ReadValue(fault="E-CELL-ERROR")
    found = _quoted(clean) or forbidden(clean, is_id=column.is_id, is_ascii=column.name == "mpn")
    if found is not None:
        todo = (
            "Type {proposal}".format(proposal=found.proposal)
            if found.proposal
            else "Type it again without that character."
        )
        return ReadValue(
            fault="E-CHARS", parts={"why": found.why, "todo": todo}, proposal=found.proposal or None
        )
    limit = column.max_length or _CELL_LIMIT
    if len(clean) > limit and column.kind is not Kind.COUNTRY:
        return ReadValue(fault="E-LENGTH", parts={"value": str(len(clean)), "limit": str(limit)})
    return None


def _quoted(text: str) -> Forbidden | None:
    quoted = quoted_in_formula(text)
    return None if quoted is None else Forbidden(why="a leading =", proposal=quoted)


def _text(column: Column, text: str, _may_look: bool) -> ReadValue:
    if may_be_shortened(column) and is_in_exponents(text):
        return ReadValue(fault="E-LONG-ID")
    if column.name == "mpn" and (capitals := in_capitals(text)) != text:
        return ReadValue(value=capitals, infos=("I-CASE",), parts={"canonical": capitals})
    if column.name == "state" and _STATE_CODE.fullmatch(text) and not text.isupper():
        return ReadValue(value=text.upper(), infos=("I-CASE",), parts={"canonical": text.upper()})
    return ReadValue(value=text)


def _digits(_column: Column, text: str, _may_look: bool) -> ReadValue:
    narrow = _narrow(text)
    point_zero = _POINT_ZERO.fullmatch(narrow)
    if point_zero:
        return ReadValue(value=point_zero[1])
    if _DIGITS.fullmatch(narrow):
        return ReadValue(
            value=narrow, infos=("I-WIDTH",) if narrow != text else (), parts={"canonical": narrow}
        )
    if is_in_exponents(narrow):
        return ReadValue(fault="E-LONG-ID")
    if _ID_OF_A_CUSTOMER.fullmatch(narrow):
        return ReadValue(value=narrow, infos=("W-DIGITS",))
    runs = _DIGITS.findall(re.sub(r"[\s.,'-]", "", narrow))
    proposal = runs[0] if len(runs) == 1 else None
    return ReadValue(
        fault="E-DIGITS", parts={"todo": _type(proposal, "Type the number only.")}, proposal=proposal
    )


def _whole_number(_column: Column, text: str, _may_look: bool) -> ReadValue:
    narrow = _narrow(text)
    whole = _WHOLE.fullmatch(narrow)
    if whole and len(whole[2]) <= _MOST_DIGITS:
        number = str(int(whole[2])) if whole[1] != "-" else str(-int(whole[2]))
        infos = ("I-WIDTH",) if narrow != text else ()
        return ReadValue(value=number, infos=infos, parts={"canonical": number})
    proposal = _whole_number_proposal(text)
    thousands = _THOUSANDS.fullmatch(narrow)
    if thousands:
        digits = re.sub(r"[^0-9]", "", narrow)
        todo = "It can mean {small} or {large}; type the one you mean in plain digits.".format(
            small=thousands[1], large=digits
        )
    else:
        todo = _type(proposal, "Type a whole number in plain digits.")
    return ReadValue(fault="E-NUMBER", parts={"todo": todo}, proposal=proposal)


def _whole_number_proposal(text: str) -> str | None:
    """Return the one number in `5 seats` or `٥`; nothing for `1.5`, `1,000` or `2 x 5`, which can mean several."""
    plain = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    found = re.fullmatch(r"[^0-9+.,-]*([0-9]{1,9})(?:\s[^0-9]*|[^\W\d_]*)", plain)
    return str(int(found[1])) if found and int(found[1]) > 0 and not re.search(r"\d\s*%", plain) else None


def _choice(column: Column, text: str, may_look: bool) -> ReadValue:
    key = choice_key(column, text)
    if key is not None:
        return ReadValue(value=key)
    if column.name == "order_type":
        todo = (
            what_instead(text) or "Choose an action from the list; `bulk-orders help actions` explains them."
        )
        return ReadValue(fault="E-ORDER-TYPE", parts={"todo": todo})
    if column.name == "mca_accepted" and text.casefold() in {"no", *NO_SPELLINGS}:
        return ReadValue(
            fault="E-MCA",
            parts={
                "reason": "the order needs the agreement",
                "todo": "Choose Yes once the customer has accepted it.",
            },
        )
    proposal = nearest_label(column, text) if may_look and column.name not in LEGAL_STATEMENTS else None
    choices = f'"{proposal}"' if proposal else labels_in_words(column)
    return ReadValue(
        fault="E-LIST", parts={"todo": "Choose {choices}.".format(choices=choices)}, proposal=proposal
    )


def _country(_column: Column, text: str, may_look: bool) -> ReadValue:
    code = country_code(text)
    if code is None:
        proposal = country_proposal(text) if may_look else None
        todo = _type(proposal, "Choose the country from the list, for example US.")
        return ReadValue(fault="E-COUNTRY", parts={"todo": todo}, proposal=proposal)
    was_small = not text[:2].isupper()
    return ReadValue(value=code, infos=("I-CASE",) if was_small else (), parts={"canonical": code})


def _date(order: str, _column: Column, text: str, _may_look: bool) -> ReadValue:
    match read_date(_narrow(text), order):
        case str() as iso:
            return ReadValue(value=iso)
        case DateRead() as problem:
            return ReadValue(fault=problem.code, parts=problem.parts, proposal=problem.proposal)


def _email(_column: Column, text: str, _may_look: bool) -> ReadValue:
    if is_email(text):
        return ReadValue(value=text)
    proposal = email_proposal(text)
    todo = _type(proposal, "Type one address, for example john@doe.com.")
    return ReadValue(fault="E-EMAIL", parts={"todo": todo}, proposal=proposal)


def _domain(_column: Column, text: str, _may_look: bool) -> ReadValue:
    small = text.lower()
    if is_hostname(small) or _BARE_NAME.fullmatch(small):
        # Whether a name without a dot will do depends on the tenant; a rule of customers says.
        return ReadValue(value=small, infos=("I-CASE",) if small != text else (), parts={"canonical": small})
    proposal = domain_proposal(small)
    todo = _type(proposal, "Type the domain only, for example acme.onmicrosoft.com.")
    why = '"{value}" is not a domain.'.format(value=shown(text))
    return ReadValue(fault="E-DOMAIN", parts={"why": why, "todo": todo}, proposal=proposal)


def _type(proposal: str | None, otherwise: str) -> str:
    return "Type {proposal}.".format(proposal=proposal) if proposal else otherwise


def _narrow(text: str) -> str:
    """Turn digits and signs of double width into plain ones; other scripts' digits stay."""
    if text.isascii():
        return text
    return "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in text)


_READERS: Final[Mapping[Kind, Reader]] = {
    Kind.DIGITS: _digits,
    Kind.WHOLE_NUMBER: _whole_number,
    Kind.CHOICE: _choice,
    Kind.COUNTRY: _country,
    Kind.EMAIL: _email,
    Kind.DOMAIN: _domain,
}
_PLAIN_FORMS: Final[Mapping[Kind, Callable[[str], object]]] = {
    Kind.DIGITS: _DIGITS.fullmatch,
    Kind.EMAIL: is_email,
    Kind.DOMAIN: is_hostname,
}
