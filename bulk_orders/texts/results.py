"""The results workbook apart from its summary: legends, notes, and the sheets Attempts and Run info."""

from collections.abc import Mapping
from typing import Final

TITLE: Final = "Results of run {run}"
"""In the properties of the file."""
ORDERS_TITLE: Final = "{sheet}: results of run {run}"
ORDERS_LEGEND: Final = (
    "{headline} Correct red cells here and run this workbook: what is ordered is not sent again."
)
OTHERS_LEGEND: Final = "As in the workbook that was run; red cells are explained in their notes."
FOR_ONE_ROW: Final = "{sheet} row {rows}"
FOR_MANY_ROWS: Final = "{sheet} rows {rows}"
AND_MORE: Final = "{rows} and {number:,} more"

HEADER_NOTES: Final[Mapping[str, str]] = {
    "amount": "The first bill, as the marketplace answered it.",
    "cancel_before": "Microsoft's window for cancelling: 7 days from the order. Ask your distributor for theirs. Amber: less than 48 hours are left.",
    "scheduled_for": "The day on which the marketplace carries out an order that is scheduled; year-month-day.",
    "acceptance_link": "Where the customer accepts the Microsoft Customer Agreement. The order waits for that.",
    "microsoft_ids": "Microsoft's own ids, as far as the marketplace shows them: tenant, order, subscription.",
    "support_reference": "Send this value to the marketplace's support team when you ask about the order.",
}
"""What the headers of result columns explain, by column."""

# Attempts

ROW_HEADER: Final = "Row"
ATTEMPT_HEADER: Final = "Attempt"
BEGUN_HEADER: Final = "Begun at (UTC)"
SECONDS_HEADER: Final = "Seconds"
VERDICT_HEADER: Final = "Verdict"
HTTP_STATUS_HEADER: Final = "HTTP status"
BYTES_SENT_HEADER: Final = "Bytes sent"
REASON_HEADER: Final = "Reason"
SUPPORT_REFERENCE_HEADER: Final = "Support reference"
NEVER_ENDED: Final = "never ended"
"""The verdict of an attempt of which only the beginning is known."""

# Run info

RUN: Final = "Run"
ENVIRONMENT: Final = "Environment"
PROFILE: Final = "Profile"
MARKETPLACE: Final = "Marketplace"
STARTED: Final = "Started at (UTC)"
ENDED: Final = "Ended at (UTC)"
NOT_FINISHED: Final = "not finished"
WRITTEN: Final = "Written at (UTC)"
STOPPED_BY: Final = "Stopped by"
EXIT_CODE: Final = "Exit code"
COMPARED: Final = "Compared with the marketplace"
COMPARED_AS: Final = {True: "yes, complete", False: "incomplete: run `bulk-orders audit`", None: "–"}
SENT_BY: Final = "Sent by"
ON_COMPUTER: Final = "On computer"
WORKBOOK: Final = "Workbook"
SHA256: Final = "SHA-256 of the workbook"
ROWS_ON: Final = "Rows on {sheet}"
MADE_NEW_BECAUSE: Final = "Made new, not a copy of it, because"
ROWS_BY_OUTCOME: Final = "Rows by outcome"
ROWS_IN_ALL: Final = "Rows in all"
SETTINGS: Final = "Settings"
NONE_STATED: Final = "none stated"
PROGRAM: Final = "Program"
LEDGER: Final = "Ledger"
LOG_EVENTS: Final = "Events in its log"
LOG_HEAD: Final = "Hash of the newest event"
SCHEMA: Final = "Results schema"
