"""The drop-down lists: which columns have one, the hidden sheet they are on, and the names they go by.

Lists go by defined names because Excel drops lists that point to another sheet when old programs save the workbook,
and a list written into the rule itself cannot have an entry with a comma.
"""

import string
from functools import cache
from itertools import chain
from typing import Any, Final

from xlsxwriter import Workbook

from bulk_orders.checking.values.places import countries, state_codes
from bulk_orders.core import sheet_names
from bulk_orders.core.columns.table import COLUMNS, Choice, Column, Kind
from bulk_orders.core.rule_constants import LEGAL_FORMS, NO_NAMES, RESERVED_ENDINGS
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.writing.cells import write_text
from bulk_orders.writing.formats import TEXT, Formats
from bulk_orders.writing.palette import FILLED_HEADER
from bulk_orders.writing.template.formula_terms import PLACES

YES_NO_COLUMN: Final = next(column for column in COLUMNS if column.name == "offer_attestation")
"""One of those whose drop-down has Yes and No, in this order."""
COUNTRY_LIST: Final = "L_Country"
COUNTRY_CODES: Final = "L_CountryCode"
STATE_CODES: Final = {"US": "L_StateUS", "CA": "L_StateCA"}
FORMS_OF_COMPANIES: Final = "L_LegalForm"
NO_COMPANY: Final = "L_NoCompany"
RESERVED: Final = "L_Reserved"
OWN_DOMAIN: Final = "L_OwnDomain"
DIGIT_CELLS: Final = "L_Digits"

DIGITS: Final = "A_Digits"
HEX_DIGITS: Final = "A_Hex"
LETTERS: Final = "A_Letters"
PLAIN_SIGNS: Final = "A_Plain"
HOST_SIGNS: Final = "A_Host"
MAIL_SIGNS: Final = "A_Mail"
COMPANY_SIGNS: Final = "A_Signs"
NAMELESS_SIGNS: Final = "A_Nameless"
"""Names of cells that hold the characters a text may be made of."""
TITLE_LIMIT: Final = 32
"""Characters of the title of an input or error message (MS-OI29500 2.1.613)."""
MESSAGE_LIMIT: Final = 255
ERROR_LIMIT: Final = 224

_NAMES: Final = {
    "submit": "L_Submit",
    "order_type": "L_Action",
    "commitment": "L_Commitment",
    "billing": "L_Billing",
    "offer_attestation": "L_YesNo",
    "tenant": "L_Tenant",
    "mca_accepted": "L_MCA",
    "special_qualifications": "L_Qual",
}


def labels(column: Column) -> tuple[str, ...]:
    """Return what the column's drop-down shows; empty if it has none."""
    return tuple(choice.label for choice in column.choices)


def list_names() -> dict[tuple[str, ...], str]:
    """Return defined names by what the list shows; columns with the same labels share one."""
    found: dict[tuple[str, ...], str] = {}
    for column in COLUMNS:
        if column.choices and column.in_template:
            found.setdefault(labels(column), _NAMES.get(column.name, f"L_{column.name}"))
    return found


def list_name(column: Column) -> str:
    """Return the defined name of the column's list; empty if it has none."""
    if column.kind is Kind.COUNTRY:
        return COUNTRY_LIST
    return list_names().get(labels(column), "") if column.choices else ""


def spelling_name(column: Column, key: str = "") -> str:
    """Return the defined name of all spellings of a column's entries, or of one entry."""
    sheet = column.sheet.value[0].upper()
    return f"K{sheet}_{column.name}_{key}" if key else f"K{sheet}_{column.name}"


@cache
def word_cells() -> dict[str, tuple[str, ...]]:
    """Return the cells of the sheet Lists by the names that formulas use; the partner's own domain is not among them."""
    words: dict[str, tuple[str, ...]] = {
        DIGITS: ("0123456789",),
        HEX_DIGITS: (f"{string.digits}abcdef",),
        LETTERS: (string.ascii_lowercase,),
        PLAIN_SIGNS: (string.ascii_lowercase + string.digits,),
        HOST_SIGNS: (f"{string.ascii_lowercase}{string.digits}.-",),
        MAIL_SIGNS: (f"{string.ascii_lowercase}{string.digits}.!#$%&'*+/=?^_`{{|}}~-@",),
        COMPANY_SIGNS: (f"{string.punctuation} ",),
        NAMELESS_SIGNS: (f"{string.digits}{string.punctuation} ",),
        DIGIT_CELLS: tuple(string.digits),
        FORMS_OF_COMPANIES: tuple(sorted(LEGAL_FORMS)),
        NO_COMPANY: tuple(sorted(NO_NAMES)),
        RESERVED: RESERVED_ENDINGS,
        COUNTRY_CODES: tuple(code for code, _ in countries()),
        **{name: state_codes(code) for code, name in STATE_CODES.items()},
    }
    for column in COLUMNS:
        if column.choices and column.in_template:
            keys = {choice.key: _spellings(choice) for choice in column.choices}
            words[spelling_name(column)] = tuple(chain.from_iterable(keys.values()))
            words |= {spelling_name(column, key): spellings for key, spellings in keys.items()}
    return words


def _spellings(choice: Choice) -> tuple[str, ...]:
    folded = (
        " ".join(spelling.casefold().split()) for spelling in (choice.key, choice.label, *choice.aliases)
    )
    return tuple(dict.fromkeys(folded))


def write_lists(book: Workbook, sheet: Any, formats: Formats, *, own_domain: str = "") -> None:
    """Fill the sheet, name the lists and hide it."""
    lists = {name: entries for entries, name in list_names().items()}
    lists[COUNTRY_LIST] = tuple(f"{code} – {name}" for code, name in countries())
    words = {name: entries for name, entries in word_cells().items() if not _is_part_of_another(name)}
    for position, (name, entries) in enumerate([*lists.items(), *words.items(), (OWN_DOMAIN, (own_domain,))]):
        sheet.write_string(0, position, name, formats.header(FILLED_HEADER))
        for row, entry in enumerate(entries, start=1):
            write_text(sheet, (row, position), entry, formats, num_format=TEXT)
        _name(book, name, position, 1, len(entries))
        _name_parts(book, name, position)
    for position, (name, count) in enumerate(PLACES.items(), start=len(lists) + len(words) + 1):
        sheet.write_string(0, position, name, formats.header(FILLED_HEADER))
        for place in range(1, count + 1):
            sheet.write_number(place, position, place, formats())
        _name(book, name, position, 1, count)
    sheet.set_column(0, len(lists) + len(words) + len(PLACES), 22)
    sheet.protect()
    sheet.hide()


def _is_part_of_another(name: str) -> bool:
    return any(
        name.startswith(f"{other}_") for other in word_cells() if name.startswith("K") and other != name
    )


def _name_parts(book: Workbook, name: str, position: int) -> None:
    """Name the stretch of each entry's spellings within those of its column."""
    first = 1
    for part, spellings in word_cells().items():
        if part.startswith(f"{name}_") and name.startswith("K"):
            _name(book, part, position, first, len(spellings))
            first += len(spellings)


def _name(book: Workbook, name: str, position: int, first: int, count: int) -> None:
    letters = column_letters(position)
    book.define_name(name, f"={sheet_names.LISTS}!${letters}${1 + first}:${letters}${first + count}")


def input_message(column: Column) -> dict[str, str]:
    """Return the title and text that Excel shows while a cell of the column is chosen."""
    text = column.help
    if column.example:
        # Shown while a cell of the column is chosen.
        text = "{help} Example: {example}".format(help=column.help, example=column.example)
    return {"input_title": column.header[:TITLE_LIMIT], "input_message": text[:MESSAGE_LIMIT]}
