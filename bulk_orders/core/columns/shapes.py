"""What can be said about a column of the workbook: the shapes that the table in `core.columns` is filled with."""

import enum
from dataclasses import dataclass
from typing import Final

from bulk_orders.core.model import SheetRole


class Kind(enum.StrEnum):
    """How a column's text is read and written."""

    TEXT = "text"
    DIGITS = "digits"
    """An id made of digits, kept as text."""
    WHOLE_NUMBER = "whole number"
    AMOUNT = "amount"
    CHOICE = "choice"
    DATE = "date"
    EMAIL = "e-mail"
    DOMAIN = "domain"
    COUNTRY = "country"
    FORMULA = "formula"
    """Filled by Excel; ignored on reading."""


class Need(enum.StrEnum):
    """Whether people must fill a column."""

    ALWAYS = "required"
    SOMETIMES = "required in some cases"
    OPTIONAL = "optional"
    FILLED = "filled by Excel"


YES_SPELLINGS: Final = ("true", "y")
NO_SPELLINGS: Final = ("false", "n")
"""What is read as Yes and No besides these words, in every column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One entry of a drop-down list."""

    key: str
    """Canonical form inside the program; never shown, never translated."""
    label: str
    """What the drop-down shows."""
    api: tuple[str, ...]
    """What is sent, one text per entry of the column's `placeholders`; an empty text is not sent."""
    aliases: tuple[str, ...] = ()
    """Other spellings that are read, compared without case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the workbook."""

    name: str
    sheet: SheetRole
    header: str
    """Without the ` *` that marks required columns in the template."""
    kind: Kind
    need: Need
    help: str
    """What it is and where to find it; one or two sentences, at most 255 characters with the example."""
    aliases: tuple[str, ...] = ()
    """Other headers that are recognised, API names among them, compared without case, spaces and punctuation."""
    choices: tuple[Choice, ...] = ()
    or_else: str = ""
    """A column of the sheet that may be filled instead, where the tenant exists already; only with `Need.ALWAYS`."""
    blank_means: str = ""
    """The canonical key that a blank cell stands for; empty where blank means "not stated"."""
    max_length: int | None = None
    is_id: bool = False
    """It names something elsewhere: a quotation mark, a leading = or a number that Excel shortened is never meant."""
    required_when: tuple[tuple[str, str], ...] = ()
    """Any of these (column name, canonical key) makes it required where it is sent; only with `Need.SOMETIMES`."""
    sent_when: tuple[str, str] | None = None
    """Sent only when that column has that canonical key."""
    order_types: tuple[str, ...] = ()
    """The types of order that use a column of the orders, by `core.order_types`; empty for all. Others neither need nor send it."""
    placeholders: tuple[str, ...] = ()
    """The names that order-body templates use for it; empty if it is never sent."""
    api_field: str = ""
    """Where it goes in the order body, for people: `products[].mpn`."""
    example: str = ""
    in_template: bool = True
    is_hidden: bool = False
    """A step of the template's formulas, which nobody looks at."""
    names_nobody: bool = False
    """Nothing in it is about a person: it stays in results without customers' data. What is new is left out there."""
    width: int = 16
    """Characters, in the template."""

    @property
    def is_microsofts(self) -> bool:
        """Whether it is an activation parameter of Microsoft's, which orders for other vendors' products neither need nor send."""
        return self.api_field.startswith("parameter ")

    @property
    def api_name(self) -> str:
        """The API's name of the key or parameter, such as `mpn` or `microsoft_domain`; empty for what is not sent."""
        return self.api_field.removeprefix("parameter ").partition(" ")[0].rpartition(".")[2]
