"""What Excel works out on the sheet Subscriptions, and what it colours; and the same in Python, for what is shown before it does."""

from collections.abc import Iterator, Mapping
from typing import Final

from bulk_orders.core.columns.subscriptions import (
    AT_RENEWAL,
    AUTO_RENEW_AFTER,
    NO,
    NOW,
    SEATS_AFTER,
    SUBSCRIPTION_COLUMNS,
    WHEN,
)
from bulk_orders.core.subscriptions import ACTIVE
from bulk_orders.core.vendors import MICROSOFT_NAME
from bulk_orders.core.wishes import NOTICE_BEFORE_RENEWAL
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.writing import palette
from bulk_orders.writing.cells import decimal_number, whole_number

PLACE: Final = {entry.name: index for index, entry in enumerate(SUBSCRIPTION_COLUMNS)}
ROW_MARK: Final = "\x00"
"""Stands for the row's number in a formula that is made once for all rows."""
_SOON_DAYS: Final = 30
"""A renewal is amber so many days before."""

Row = Mapping[str, str]
"""A subscription's texts by the names of `core.columns.subscriptions`: ISO days, plain numbers, Yes and No."""


def colour_rules(row: int) -> Iterator[tuple[str, str, palette.Colours]]:
    """Yield, in order, which column is coloured by which formula: the first that is true counts. `row` is the first.

    What a check or a run marks is red for good reasons that no formula knows: of wishes only what is red here, too, has a fill.
    """
    cell = {name: f"${column_letters(index)}{row}" for name, index in PLACE.items()}
    seats, after, when = cell["seats"], cell[SEATS_AFTER], cell[WHEN]
    renews, renews_after = cell["auto_renew"], cell[AUTO_RENEW_AFTER]
    renewal, window = cell["renewal_date"], cell["cancel_before"]
    inactive = f'{cell["status"]}<>"{ACTIVE}"'
    is_changed, is_switched = (
        f'AND({wish}<>"",{wish}<>{now})' for wish, now in ((after, seats), (renews_after, renews))
    )
    is_late = f'OR({renewal}="",{renewal}-TODAY()<{NOTICE_BEFORE_RENEWAL.days})'
    ends = f'IF({renews_after}="",{renews},{renews_after})="{NO}"'
    is_microsofts = f'OR({cell["vendor"]}="",ISNUMBER(SEARCH("{MICROSOFT_NAME}",{cell["vendor"]})))'
    is_cut = f'AND({when}="{NOW}",{after}<{seats},OR({window}="",{window}<=TODAY()),{is_microsofts})'
    cannot = f'AND({when}<>"{NOW}",OR({ends},{is_late}))'
    is_number = f"IF(ISNUMBER({after}),AND({after}>=1,{after}=INT({after})),FALSE)"
    yield SEATS_AFTER, f"=AND({is_changed},OR({inactive},NOT({is_number}),{cannot}))", palette.BAD
    yield SEATS_AFTER, f"=AND({is_changed},{is_cut})", palette.DOUBT
    yield SEATS_AFTER, f"={is_changed}", palette.GOOD
    yield AUTO_RENEW_AFTER, f"=AND({is_switched},{inactive})", palette.BAD
    yield AUTO_RENEW_AFTER, f"={is_switched}", palette.GOOD
    yield "change", f'={cell["change"]}<>""', palette.GOOD
    yield "status", f"=AND({inactive},OR({is_changed},{is_switched}))", palette.BAD
    yield "status", f"={inactive}", palette.DOUBT
    yield "auto_renew", f'={renews}="{NO}"', palette.DOUBT
    yield "renewal_date", f'=AND({renewal}<>"",{renewal}-TODAY()<{_SOON_DAYS})', palette.DOUBT


def _cell(name: str) -> str:
    return f"{column_letters(PLACE[name])}{ROW_MARK}"


def _formulas() -> tuple[str, str, str]:
    """Return the formulas of Change, Difference and Cost difference; a mark stands for the row."""
    seats, after = _cell("seats"), _cell(SEATS_AFTER)
    renews, renews_after = _cell("auto_renew"), _cell(AUTO_RENEW_AFTER)
    when = f'IF({_cell(WHEN)}="{NOW}"," now"," at renewal")'
    is_seats = f'AND({after}<>"",{after}<>{seats})'
    is_renewal = f'AND({renews_after}<>"",{renews_after}<>{renews})'
    of_seats = (
        f'IFERROR({seats}&" → "&{after}&" seats ("&TEXT({after}-{seats},"+0;-0")&")"&{when},"? "&{after})'
    )
    of_renewal = f'"auto-renew "&{renews}&" → "&{renews_after}'
    change = (
        f'=IF({is_seats},{of_seats},"")&IF(AND({is_seats},{is_renewal}),", ","")'
        f'&IF({is_renewal},{of_renewal},"")'
    )
    difference = f'=IF({after}="","",IFERROR({after}-{seats},""))'
    price, less = _cell("unit_price"), _cell("difference")
    cost = f'=IF(OR({less}="",{price}=""),"",IFERROR({less}*{price},""))'
    return change, difference, cost


CHANGE, DIFFERENCE, COST = _formulas()


def change_of(row: Row) -> str:
    """Return what the formula of Change shows for a row."""
    told = []
    seats, after = row.get("seats", ""), row.get(SEATS_AFTER, "")
    if after not in {"", seats}:
        difference = difference_of(row)
        when = NOW if row.get(WHEN) == NOW else AT_RENEWAL
        told.append(
            "? {after}".format(after=after)
            if difference is None
            else "{seats} → {after} seats ({difference:+d}) {when}".format(
                seats=seats, after=after, difference=difference, when=when.lower()
            )
        )
    renews, renews_after = row.get("auto_renew", ""), row.get(AUTO_RENEW_AFTER, "")
    if renews_after not in {"", renews}:
        told.append("auto-renew {now} → {after}".format(now=renews, after=renews_after))
    return ", ".join(told)


def difference_of(row: Row) -> int | None:
    """Return what the formula of Difference shows; None for nothing."""
    seats, after = whole_number(row.get("seats", "")), whole_number(row.get(SEATS_AFTER, ""))
    return None if after is None or seats is None else after - seats


def cost_difference_of(row: Row) -> float | None:
    """Return what the formula of Cost difference shows; None for nothing."""
    difference, price = difference_of(row), decimal_number(row.get("unit_price", ""))
    return None if difference is None or price is None else difference * price
