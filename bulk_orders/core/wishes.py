"""Reads what one row of the sheet Subscriptions wishes, and says what is wrong with it as far as that takes no marketplace."""

from datetime import date, timedelta
from typing import Final

from bulk_orders.core.columns import subscriptions as columns
from bulk_orders.core.columns.subscriptions import AUTO_RENEW_AFTER, SEATS_AFTER, WHEN
from bulk_orders.core.model import CellNote, Problem, Severity
from bulk_orders.core.order_types import (
    AUTO_RENEW_OFF,
    AUTO_RENEW_ON,
    CHANGE_AT_RENEWAL,
    CHANGE_NOW,
    OrderType,
)
from bulk_orders.core.problem_texts import problem
from bulk_orders.core.subscription_rows import SubscriptionRow, WantedChange
from bulk_orders.core.subscriptions import ACTIVE
from bulk_orders.core.vendors import is_microsofts

NOTICE_BEFORE_RENEWAL: Final = timedelta(days=2)
"""A change at renewal is ordered at least so long before."""
_AFTER_RENEWAL: Final = "Seats after, pull again after the renewal, and cut them in its first 7 days."
_LARGEST: Final = 10_000_000
_MERGED: Final = "it is merged with another cell"
_UNUSABLE: Final = {
    CellNote.ERROR: "it shows an error of Excel",
    CellNote.FORMULA_STALE: "its formula has no result",
    CellNote.VOLATILE: "its formula has another result tomorrow",
    CellNote.MERGED: _MERGED,
    CellNote.MERGED_ASIDE: _MERGED,
    CellNote.SHOWN_OTHERWISE: "it shows another value than it holds",
    CellNote.PERCENT: "it is a percentage",
    CellNote.DATE: "it is a date",
    CellNote.TIME: "it is a time",
}
"""Why a cell with such a note says nothing that could be ordered."""


class WishReader:
    """Reads the wishes of one row."""

    def __init__(self, row: SubscriptionRow, sheet: str, today: date) -> None:
        self.problems: list[Problem] = []
        self.changes: list[WantedChange] = []
        self._row = row
        self._sheet = sheet
        self._today = today
        self._renewal = _day(row.text("renewal_date"))

    def read(self) -> None:
        """Find the differences, or what is wrong."""
        seats = self._seats_after()
        renews = self._choice(AUTO_RENEW_AFTER)
        when = self._choice(WHEN)
        if self.problems or not self._is_pulled(seats, renews):
            return
        is_renewed = self._row.text("auto_renew") == columns.YES
        if seats is not None and seats != int(self._row.text("seats")):
            self._want_seats(
                seats, is_now=when == columns.NOW, is_renewed=(renews or self._row.text("auto_renew"))
            )
        if renews and (renews == columns.YES) != is_renewed:
            self._want_renewal(renews == columns.YES, is_renewed)
        if not self.changes:
            return
        if self._row.text("status").casefold() != ACTIVE:
            self._say(
                "E-INACTIVE",
                "status",
                subscription=self._row.text("subscription_id"),
                value=self._row.text("status"),
            )
        self._take_one()
        if self._row.text("under_way"):
            self._say(
                "W-UNDER-WAY", "under_way", why=self._row.text("under_way"), todo=self._about_under_way()
            )

    def _take_one(self) -> None:
        """Leave the seats for the next run where auto-renew is to be set, too: a renewal that is to come is there first."""
        settings = [change for change in self.changes if not change.is_of_seats]
        if settings and len(self.changes) > 1:
            self.changes = settings
            # With an error nothing is set, and nothing is left for later.
            if all(found.severity is not Severity.ERROR for found in self.problems):
                self._say("W-NEXT-RUN", SEATS_AFTER)

    def _seats_after(self) -> int | None:
        text = self._usable(SEATS_AFTER)
        if not text:
            return None
        digits = text.replace("\u00a0", "").replace(" ", "")
        if digits.isascii() and digits.isdigit() and 1 <= int(digits[:9]) <= _LARGEST and len(digits) < 9:  # noqa: PLR2004
            return int(digits)
        todo = "Type the new total, for example 17; blank leaves the seats as they are."
        if digits.strip("0") == "":
            todo = "To end the subscription, set Auto-renew after to No. It then ends on its renewal date."
        self._say("E-SEATS", SEATS_AFTER, value=text, todo=todo)
        return None

    def _choice(self, name: str) -> str:
        """Return the entry that a cell means; empty for a blank one, and for one that is told of."""
        text = self._usable(name)
        if not text:
            return ""
        for entry, spellings in columns.SPELLINGS[name].items():
            if text.casefold() in spellings:
                return entry
        self._say(
            "E-WISH",
            name,
            value=text,
            column=columns.COLUMN_OF[name].header,
            choices=" or ".join(columns.SPELLINGS[name]),
        )
        return ""

    def _usable(self, name: str) -> str:
        """Return a cell's text, unless what it holds is not what it shows."""
        why = _UNUSABLE.get(self._row.notes.get(name, CellNote.BOOLEAN))
        if why is None:
            return self._row.text(name)
        self._say("E-WISH-CELL", name, column=columns.COLUMN_OF[name].header, why=why)
        return ""

    def _is_pulled(self, seats: int | None, renews: str) -> bool:
        """Tell whether the row says what there is now."""
        row = self._row
        for name in ("subscription_id", "customer_id", "mpn"):
            if not row.text(name):
                self._say(
                    "E-NOT-PULLED",
                    name,
                    why="{column} is blank".format(column=columns.COLUMN_OF[name].header),
                )
                return False
        if seats is not None and not (row.text("seats").isascii() and row.text("seats").isdigit()):
            self._say("E-NOT-PULLED", "seats", why="Seats does not say how many there are now")
            return False
        if renews and row.text("auto_renew") not in columns.SPELLINGS[AUTO_RENEW_AFTER]:
            self._say("E-NOT-PULLED", "auto_renew", why="Auto-renew does not say how it is now")
            return False
        return True

    def _want_seats(self, seats: int, *, is_now: bool, is_renewed: str) -> None:
        now = int(self._row.text("seats"))
        is_late_cut = self._is_late_cut(seats, now)
        ends = is_renewed == columns.NO
        if is_now and is_late_cut:
            self._warn_of_late_cut(ends=ends)
        elif not is_now and ends:
            todo = "Set Auto-renew after to Yes, or When to Now, or empty Seats after."
            if is_late_cut:
                todo = "Set Auto-renew after to Yes, or empty Seats after."
            self._say("E-NO-RENEWAL", SEATS_AFTER, todo=todo)
        elif not is_now:
            self._hold_to_notice(is_late_cut=is_late_cut)
        self._add(CHANGE_NOW if is_now else CHANGE_AT_RENEWAL, now, seats)

    def _is_late_cut(self, seats: int, now: int) -> bool:
        """Tell whether the seats can be cut now only if some of them were added lately, which the sheet does not say."""
        until = _day(self._row.text("cancel_before"))
        return (
            seats < now
            and is_microsofts(self._row.text("vendor"))
            and (until is None or self._today >= until)
        )

    def _warn_of_late_cut(self, *, ends: bool) -> None:
        """Say what else can be done: at renewal only where there is one, and while there is still notice."""
        until = _day(self._row.text("cancel_before"))
        if ends:
            otherwise = "empty Seats after: there is no renewal at which to cut them."
        elif self._renewal is None or self._renewal < self._today:
            otherwise = "pull the sheet again."
        elif self._renewal - self._today < NOTICE_BEFORE_RENEWAL:
            otherwise = "empty {rest}".format(rest=_AFTER_RENEWAL)
        else:
            otherwise = "set When to At renewal."
        why = "ended on {day}".format(day=_told(until)) if until else "is over"
        todo = "Go on if you added them in the last 7 days. Otherwise {otherwise}".format(otherwise=otherwise)
        self._say("W-CUT-NOW", SEATS_AFTER, why=why, todo=todo)

    def _hold_to_notice(self, *, is_late_cut: bool) -> None:
        if self._renewal is None:
            why, todo = "not known", "Set When to Now, or pull the sheet again."
            if is_late_cut:
                todo = "Empty Seats after, or pull the sheet again."
        elif self._renewal < self._today:
            why, todo = "over since {day}".format(day=_told(self._renewal)), "Pull the sheet again."
        elif self._renewal - self._today < NOTICE_BEFORE_RENEWAL:
            why = "on {day}".format(day=_told(self._renewal))
            todo = "Set When to Now, or wait until it is renewed and pull again."
            if is_late_cut:
                todo = "Empty {rest}".format(rest=_AFTER_RENEWAL)
        else:
            return
        self._say("E-TOO-LATE", SEATS_AFTER, why=why, todo=todo)

    def _want_renewal(self, after: bool, now: bool) -> None:
        if not after:
            self._say(
                "W-WISH-ENDS", AUTO_RENEW_AFTER, day=_told(self._renewal) if self._renewal else "its last day"
            )
        self._add(AUTO_RENEW_ON if after else AUTO_RENEW_OFF, now, after)

    def _about_under_way(self) -> str:
        if any(change.action is CHANGE_NOW for change in self.changes):
            return "A change now deletes what is scheduled. Go on if that is wanted."
        return "Wait until it is carried out, or go on: the marketplace will tell."

    def _add(self, action: OrderType, now: int | bool, after: int | bool) -> None:
        row = self._row
        self.changes.append(
            WantedChange(
                action=action,
                subscription_id=row.text("subscription_id"),
                customer_id=row.text("customer_id"),
                mpn=row.text("mpn"),
                vendor=row.text("vendor"),
                product_name=row.text("product_name"),
                now=now,
                after=after,
                renewal_date=self._renewal,
                sheet_row=row.sheet_row,
                read_at=row.text("read_at"),
            )
        )

    def _say(self, code: str, name: str, **parts: str) -> None:
        cell = self._row.cells.get(name)
        self.problems.append(
            problem(
                code,
                parts=parts,
                sheet=self._sheet,
                sheet_row=self._row.sheet_row,
                cells=(cell,) if cell else (),
                column=columns.COLUMN_OF[name].header,
                field=name,
                value=self._row.text(name),
            )
        )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])  # a CSV file may have a time behind it
    except ValueError:
        return None


def _told(day: date) -> str:
    return "{day:%d-%b-%Y}".format(day=day)
