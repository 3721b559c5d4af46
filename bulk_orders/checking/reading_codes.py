"""Which codes the reading of a column can come to: the schema has a check for each, before there is anything to read."""

from collections.abc import Mapping
from typing import Final

from bulk_orders.core.columns.table import Column, Kind, Need
from bulk_orders.core.model import SheetRole

_OTHER_NUMBERS: Final = frozenset({"phone", "postal_code"})
_FAULTS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.DIGITS: ("E-DIGITS", "E-LONG-ID"),
    Kind.WHOLE_NUMBER: ("E-NUMBER",),
    Kind.CHOICE: ("E-LIST",),
    Kind.COUNTRY: ("E-COUNTRY",),
    Kind.DATE: ("E-DATE", "E-DATE-TEXT", "E-DATE-IMPOSSIBLE"),
    Kind.EMAIL: ("E-EMAIL",),
    Kind.DOMAIN: ("E-DOMAIN",),
}
_FAULTS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "order_type": ("E-ORDER-TYPE",),
    "mca_accepted": ("E-MCA", "E-LIST"),
}
_INFOS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.TEXT: ("W-APOSTROPHE", "W-ENCODING"),
    Kind.DIGITS: ("I-WIDTH", "W-DIGITS"),
    Kind.WHOLE_NUMBER: ("I-WIDTH",),
    Kind.COUNTRY: ("I-CASE",),
    Kind.DOMAIN: ("I-CASE",),
}
_INFOS_OF: Final[Mapping[str, tuple[str, ...]]] = {"mpn": ("I-CASE",), "state": ("I-CASE",)}
"""What the readers of a kind, and of a column, say of what they were given."""

PARAMETER: Final = Column(
    name="parameter",
    sheet=SheetRole.ORDERS,
    header="parameter",
    kind=Kind.TEXT,
    need=Need.OPTIONAL,
    help="",
    placeholders=("parameter",),
)


def may_say_nothing(column: Column) -> bool:
    """Tell whether `n/a` leaves a cell blank: where a value is demanded, in a vendor's own parameter, or as a name it does not."""
    is_name = column.name == "company_name"  # which has a rule of its own for what is no name
    return column.need is not Need.ALWAYS and column is not PARAMETER and not is_name


def may_be_shortened(column: Column) -> bool:
    """Tell whether Excel may have made a number of a text, and shortened it."""
    return column.kind is Kind.TEXT and (column.is_id or column.name in _OTHER_NUMBERS)


def codes_of(column: Column) -> tuple[frozenset[str], frozenset[str]]:
    """Return the codes that the readings of a column can have: faults, and what was put right or is doubtful."""
    own = _FAULTS_OF.get(column.name) or _FAULTS.get(column.kind, ())
    faults = {"E-CELL-ERROR", "E-CHARS", *own}
    infos = {"I-NBSP", "I-TRIM", *_INFOS.get(column.kind, ()), *_INFOS_OF.get(column.name, ())}
    if column.kind is not Kind.COUNTRY:
        faults.add("E-LENGTH")
    if may_be_shortened(column):
        faults.add("E-LONG-ID")
    if column.is_id:
        infos = infos - {"W-APOSTROPHE"} | {"I-QUOTES"}
    if column.name == "mpn":
        infos.discard("W-ENCODING")  # it is ASCII
    if may_say_nothing(column):
        infos.add("I-NOTHING")
    return frozenset(faults), frozenset(infos)
