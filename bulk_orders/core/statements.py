"""What a rule can say so that Excel can say it too: each statement is a value, and stands for the rows in which it is so.

`checking.statements` answers a statement for all rows of a sheet at once, `writing.template.statement_formulas` with the
formula that Excel works out for one row. `core.stated_rules` has the rules that are made of statements.
"""

from dataclasses import dataclass
from typing import TypeAlias

from bulk_orders.core.model import SheetRole


@dataclass(frozen=True, slots=True)
class Every:
    """All of these are so; always so without any."""

    statements: tuple["Statement", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of these is so; never so without any."""

    statements: tuple["Statement", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """This is not so."""

    statement: "Statement"


@dataclass(frozen=True, slots=True)
class Says:
    """The cell has this canonical value, in whatever spelling."""

    column: str
    key: str


@dataclass(frozen=True, slots=True)
class Filled:
    """The cell has a value."""

    column: str


@dataclass(frozen=True, slots=True)
class IsOneOf:
    """The text is one of these words, whatever their case."""

    column: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IsState:
    """The text is a state of this country."""

    column: str
    country: str


@dataclass(frozen=True, slots=True)
class IsMailAt:
    """The address is at this domain or below it; where none is named, at the partner's own."""

    column: str
    domain: str = ""


@dataclass(frozen=True, slots=True)
class DigitsBelow:
    """The text has fewer digits."""

    column: str
    count: int


@dataclass(frozen=True, slots=True)
class Repeated:
    """Among the rows of which something is so, another one has the same value."""

    column: str
    among: "Statement" = Every(())


@dataclass(frozen=True, slots=True)
class Taken:
    """Among the rows of which something is so, another one has the same value and another owner."""

    column: str
    owner: str
    among: "Statement"


@dataclass(frozen=True, slots=True)
class Unlisted:
    """No row of another sheet has this value; said of nothing where there is no such sheet."""

    column: str
    sheet: SheetRole


@dataclass(frozen=True, slots=True)
class ProductSays:
    """The row's product has this canonical value on the sheet Products."""

    column: str
    key: str


@dataclass(frozen=True, slots=True)
class NotOffered:
    """The row's product lists what it is offered with, and this value is not among it."""

    column: str
    offers: str


@dataclass(frozen=True, slots=True)
class OfMicrosoft:
    """The row buys a product of Microsoft's, which it is where no other vendor is named; customers without such orders are not looked at.

    What acts on a subscription that is there needs nothing of its customer's.
    """


@dataclass(frozen=True, slots=True)
class OfCustomer:
    """The row's customer is listed, and this is so of its row on the sheet Customers, or of the flat row itself."""

    statement: "Statement"


@dataclass(frozen=True, slots=True)
class Outside:
    """The number is below or above what the row's product allows, or else below 1 or above what any product could."""

    column: str
    smallest: str
    largest: str


Statement: TypeAlias = (
    Every
    | Either
    | Not
    | Says
    | Filled
    | IsOneOf
    | IsState
    | IsMailAt
    | DigitsBelow
    | Repeated
    | Taken
    | Unlisted
    | ProductSays
    | NotOffered
    | OfMicrosoft
    | OfCustomer
    | Outside
)
