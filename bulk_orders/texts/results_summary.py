"""The first sheet of a results workbook: what happened, and what to do next."""

from typing import Final

RUN: Final = "Run {run}"
LIVE: Final = "LIVE – these orders are real"
PRACTICE: Final = "PRACTICE – nothing was really ordered"
SOURCE: Final = (
    "{source}  ·  marketplace {marketplace}  ·  profile {profile}  ·  sent by {operator} on {host}"
)

# How long it took; the pieces share a line

STARTED: Final = "Started {at:%d-%b-%Y %H:%M} UTC"
UNFINISHED: Final = "not finished when this was written, {at:%d-%b-%Y %H:%M} UTC"
TOOK_MINUTES: Final = "took {minutes:,} min {seconds} s"
TOOK_SECONDS: Final = "took {seconds} s"
EXIT_CODE: Final = "exit code {code}"
STOPPED: Final = "stopped: {reason}"

# What happened, in one sentence of up to three parts

DONE: Final = "{done:,} of {total:,} rows are ordered or accepted"
FAILED: Final = "{number:,} failed or must be fixed"
DOUBTFUL: Final = "{number:,} must be checked by hand"

# Tables

OUTCOME: Final = "Outcome"
ROWS: Final = "Rows"
AMOUNT: Final = "Amount"
AMOUNT_IN: Final = "Amount ({currency})"
WHAT_TO_DO: Final = "What to do next"
TOTAL: Final = "Total"

FAILURES_TITLE: Final = "What needs somebody, grouped"
FIRST_ROW: Final = "First row"
REASON: Final = "Reason"
HOW_TO_FIX: Final = "How to fix"
MORE_REASONS: Final = "… and {number:,} more reasons, on the sheet Orders"

NEXT_TITLE: Final = "Next"

CUSTOMERS_TITLE: Final = "Orders by customer"
CUSTOMER: Final = "Customer"
ORDERS: Final = "Orders"
COMPANY: Final = "Company"
MORE_CUSTOMERS: Final = "… and {number:,} more customers, on the sheet Orders"

# The chart

CHART_TITLE: Final = "Rows by outcome"
CHART_DESCRIPTION: Final = "Bar chart of rows by outcome: {counts}."
