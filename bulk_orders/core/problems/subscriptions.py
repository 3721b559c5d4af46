"""What can be wrong with what is wanted of a subscription, on the sheet Subscriptions."""

from typing import Final

from bulk_orders.core.problems.entry import ProblemWords, text

ABOUT_SENDING: Final = frozenset({"W-CUT-NOW", "W-UNDER-WAY", "W-WISH-ENDS"})
"""What to think of before a wish is sent: of one that was ordered before it says nothing, least of all of that order itself."""

SUBSCRIPTION_TEXTS: tuple[ProblemWords, ...] = (
    text(
        "E-SEATS",
        "Seats that are not a number from 1",
        'Seats after "{value}" is not a whole number from 1.',
        "{todo}",
        "Seats after is the new total. A subscription is ended by its auto-renew, not by a total of 0.",
        "+5",
        "17",
    ),
    text(
        "E-WISH",
        "A word that is not in the list",
        '"{value}" is not in the list of {column}.',
        "Choose {choices}, or leave the cell blank.",
        "The sheet Subscriptions offers these words in its drop-down lists.",
        "maybe",
        "No",
    ),
    text(
        "E-WISH-CELL",
        "A cell that does not show what it holds",
        "{column} has no usable value: {why}.",
        "Type the value itself into the cell.",
        "A wish is read only where what the cell shows and what it holds are the same.",
        "#N/A",
        "17",
    ),
    text(
        "E-NOT-PULLED",
        "A row that no pull has filled",
        "The row has a wish, but {why}.",
        "Pull the sheet again with `bulk-orders subscriptions pull`; do not type these cells.",
        "A change needs the subscription and what it has now, as the marketplace said.",
    ),
    text(
        "E-INACTIVE",
        "A subscription that cannot be changed",
        'Subscription {subscription} is "{value}", not active.',
        "Empty the wishes of this row, or have the subscription put in order first.",
        "The marketplace refuses changes of a subscription that is not active.",
        "hold",
        "active",
    ),
    text(
        "W-CUT-NOW",
        "Fewer seats in the middle of a term",
        "Seats can be cut now only within 7 days of the purchase or the renewal, and that window {why}.",
        "{todo}",
        "Seats that were added can be given back for 7 days, too, and the sheet does not say when they were. The subscription is read first.",
        "Now",
        "At renewal",
    ),
    text(
        "E-TOO-LATE",
        "Too late for this renewal",
        "A change at renewal has to be ordered 2 days before it, and the renewal is {why}.",
        "{todo}",
        "A change that is scheduled later than two days before the renewal can miss it, and then waits for the next one.",
    ),
    text(
        "E-NO-RENEWAL",
        "A change at a renewal that does not come",
        "The seats are to change at renewal, but the subscription is not renewed: auto-renew is No.",
        "{todo}",
        "What is scheduled for a renewal is carried out only if there is one.",
    ),
    text(
        "E-WISHED-TWICE",
        "One subscription, two wishes",
        "Subscription {subscription} has different wishes in rows {rows}.",
        "Keep the wish in one row.",
        "A product of a subscription has one number of seats, and a subscription is either renewed or not.",
    ),
    text(
        "W-WISH-ENDS",
        "A subscription that will end",
        "Without auto-renew the subscription ends on {day}, at once; its users then lose access to their data.",
        "Go on if that is wanted.",
        "Since 2026 a subscription that is not renewed is cancelled on its last day, without days of grace.",
    ),
    text(
        "W-UNDER-WAY",
        "Something is under way already",
        "{why}.",
        "{todo}",
        "At Microsoft a change in the middle of a term deletes what is scheduled for the renewal, and one order at a time is carried out.",
    ),
    text(
        "W-NEXT-RUN",
        "Two wishes, one after the other",
        "Auto-renew is set first. The seats are left for the next run.",
        "Pull the sheet again after this run, and run it again.",
        "In each run one thing is done to a subscription, so that what comes second is decided by what the first has made of it.",
    ),
    text(
        "W-HIDDEN-WISH",
        "Wishes in hidden rows",
        "{number} in rows that are hidden or filtered out. They do not count.",
        "Show the rows, or use --include-hidden.",
        "What nobody sees is not ordered.",
    ),
)
