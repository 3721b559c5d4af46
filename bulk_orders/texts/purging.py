"""What `bulk-orders purge` shows, asks and says."""

from typing import Final

# What the command line lacks

NOTHING_SAID: Final = "Nothing was named to erase."
NOTHING_SAID_FIX: Final = "Add --customer ID, --older-than 400d, or --profile NAME for a profile that has keep_personal_days in the settings file."
NO_AGE: Final = "“{text}” is not an age."
NO_AGE_FIX: Final = "Use for example 400d, 8 weeks, 18 months or 2 years."

# What is found

NO_LEDGER: Final = "There is no ledger yet, so nothing is kept."
LEDGER: Final = "The {environment} ledger, {path}:"
ORDERS_ONE: Final = "{number} order"
ORDERS_MANY: Final = "{number:,} orders"
RUNS_ONE: Final = "{number} run"
RUNS_MANY: Final = "{number:,} runs"
OF_ORDERS: Final = "  - of {orders}: the body, your reference, a new tenant's domain, the marketplace's words, reasons that people typed"
OF_RUNS: Final = "  - of {runs}: the kept workbook with the cells of all its customers, the names of its files, sentences that quote a cell"
PLANS_ONE: Final = "{number} plan"
PLANS_MANY: Final = "{number:,} plans"
OF_PLANS: Final = "  - of {plans}: the planned orders with their bodies, the names of its files; it can no longer be applied"
RUN_LINE: Final = "      {run_id}  {name}"
COPY: Final = "  - the copy {path}, with everything in it"
STAYS: Final = "    Product, quantity, ids, PO number, outcome and digests stay: nothing is ordered again, and reports still say what became of each row."
NOTHING_THERE: Final = "  There is nothing to erase."
TO_ERASE: Final = "  This will be erased for good:"

# What waits

WAITING: Final = "  Stays until it is settled:"
WAITING_ROW: Final = "  ⚠ row {row} of run {run_id} {why}: {todo}"
WAITING_RUN: Final = "  ⚠ run {run_id} {why}: {todo}"
IN_DOUBT: Final = "is in doubt"
HELD: Final = "is held"
UNSENT: Final = "is not sent yet"
RUN_NOT_ENDED: Final = "has not ended, and its workbook is still needed"
RUN_NOT_SETTLED: Final = "has rows that are not settled, and its workbook is still needed"

# What is the user's own

YOURS: Final = "  Yours to delete; the program does not touch it:"
YOUR_FILE: Final = "      {path}"
YOUR_LEDGER: Final = (
    "      {path}  (a copy of a ledger: delete it, or name it with --ledger and purge it, too)"
)
YOUR_BACKUPS: Final = "    And backups and workbooks stored elsewhere: bulk-orders help personal-data"

# Asking and the end

TYPE_PURGE: Final = "Type PURGE to erase this: "
NOT_PURGED: Final = "Nothing was erased."
NOT_PURGED_FIX: Final = "Type PURGE when asked, or add --yes."
CHANGED: Final = "Nothing was erased: the ledger has changed since the list was shown."
CHANGED_FIX: Final = "Run the same command again."
ERASED: Final = "  ✔ {environment} ledger: {orders} and {runs} no longer contain anything about people"
PLANS_ERASED: Final = "  ✔ {environment} ledger: the orders in {plans} are erased"
COPIES_ERASED: Final = "  ✔ Deleted: {path}"
NOT_ALL: Final = (
    "  ⚠ Not all could be erased yet. Settle what is named above, then run the same command again."
)
KEPT_AS_LONG: Final = (
    "  ✔ Older than keep_personal_days ({days}): what people wrote in {orders}, {runs} and {plans} is erased"
)
NOT_KEPT: Final = "What is older than keep_personal_days was not erased: {reason} Run: bulk-orders purge --profile {profile}"
