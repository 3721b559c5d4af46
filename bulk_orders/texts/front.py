"""What the command line says before any command: welcome, exit codes, and one line for each command."""

from typing import Final

PROGRAM: Final = (
    "A workbook of customers and products in, marketplace orders out: never twice, never silently lost."
)
VERSION: Final = "bulk-orders {version}"
WELCOME: Final = """\
bulk-orders turns a workbook of customers and products into marketplace orders: never twice, never silently lost.

  1. bulk-orders template -o orders.xlsx      make an empty workbook and fill it in
  2. bulk-orders check orders.xlsx            find problems; nothing is sent
  3. bulk-orders run orders.xlsx --practice   send the orders to the practice marketplace; nothing is billed

Then for real: bulk-orders run orders.xlsx --profile live.   All commands: bulk-orders --help"""
EXIT_CODES: Final = """\
Exit codes: 0 done · 1 bug · 2 command line · 3 workbook has errors · 4 some orders failed · 5 outcome unknown, look
before sending again · 6 sign-in or settings · 7 try again later · 8 another run · 9 a guard stopped it · 130 Ctrl-C"""

SEE_HELP: Final = "`{command} --help` says what it takes."

# What each command does

TEMPLATE: Final = "Make a workbook to fill in."
CHECK: Final = "Find problems. Nothing is sent."
FIX: Final = (
    "Apply the lines of a checked workbook's sheet Problems that say Yes, and check again. Nothing is sent."
)
RUN: Final = "Check, confirm, send, write the results workbook. Running a file again sends only what is not ordered yet."
RESUME: Final = "Go on after Ctrl-C, a crash or a reboot."
RESOLVE: Final = (
    "Look again for the rows to check by hand, and say what is to become of them. Nothing is sent from here."
)
AUDIT: Final = "Compare a run's orders with the marketplace's, one to one. Duplicates are named while they can be cancelled."
VERIFY: Final = "Check that the ledger still says what was written. With results workbooks also that nothing was cut off its end."
LEDGER: Final = "Copy the ledger while runs go on, or put a copy back."
BACKUP: Final = "Copy the ledger into a new file. Runs may go on meanwhile."
RESTORE: Final = "Put a backup in the ledger's place. What was there is kept beside it."
STATUS: Final = "Ask what became of accepted orders, and refresh the results workbook."
REPORT: Final = "Write the results workbook again, from the ledger alone."
PURGE: Final = (
    "Erase what people wrote from the ledger, after showing it. Orders stay known: nothing is ordered again."
)
HISTORY: Final = "List the runs so far, newest first."
DOCTOR: Final = "Look at settings, credentials, reach and folders; each line that is not well says the fix."
EXPLAIN: Final = "Say what a code means, why, and what to do."
HELP: Final = "Print a page of help, or list them all."
SANDBOX: Final = (
    "Start a practice marketplace of its own, for several runs or other programs. Ctrl-C ends it."
)

# Flags that exclude each other

YES_IN_LIVE: Final = "A live run is confirmed by its number of orders, not by --yes."
YES_IN_LIVE_FIX: Final = "Use --confirm N."
TWO_PROFILES: Final = "--practice and --profile exclude each other."
TWO_PROFILES_FIX: Final = "Leave out one of them."
