"""What the command line says before any command: welcome, exit codes, and one line for each command."""

from typing import Final

PROGRAM: Final = "Turn a workbook of customers and products into marketplace orders: none placed twice, none lost in silence."
VERSION: Final = "bulk-orders {version}"
WELCOME: Final = """\
bulk-orders turns a workbook of customers and products into marketplace orders: none placed twice, none lost in silence.

  1. bulk-orders template -o orders.xlsx      make an empty workbook and fill it in
  2. bulk-orders check orders.xlsx            find problems; nothing is sent
  3. bulk-orders run orders.xlsx --practice   send the orders to the practice marketplace; nothing is billed

Then for real: bulk-orders run orders.xlsx --profile live.   All commands: bulk-orders --help"""
EXIT_CODES: Final = """\
Exit codes: 0 done · 1 bug · 2 command line · 3 workbook has errors · 4 some orders failed · 5 outcome unknown, look
before sending again · 6 sign-in or settings · 7 try again later · 8 another run · 9 a guard stopped it · 130 Ctrl-C"""

NO_OPTION: Final = "There is no option {option} here."
OPTION_MEANT: Final = "Did you mean {option}? {more}"
OPTION_BEFORE: Final = "It goes before the command: `bulk-orders {option} {command} …`."
SEE_HELP: Final = "`{command} --help` lists what it takes."

# What each command does

TEMPLATE: Final = "Make a workbook to fill in."
MAP: Final = "Find out what the columns of your own file are, so that it can be checked and run as it is. Nothing is sent."
CHECK: Final = "Find problems. Nothing is sent."
FIX: Final = (
    "Apply the lines of a checked workbook's sheet Problems that say Yes, and check again. Nothing is sent."
)
RUN: Final = "Check, confirm, send, write the results workbook. Running a file again sends only what is not ordered yet."
PLAN: Final = "Freeze a workbook's orders and prices, and write a plan workbook for whoever approves them. Nothing is sent."
APPROVE: Final = "Approve a plan that somebody else made. Nothing is sent."
APPLY: Final = "Send exactly the orders of an approved plan, or say what has moved since and send nothing."
RESUME: Final = "Go on after Ctrl-C, a crash or a reboot."
RESOLVE: Final = "Look up the rows to check by hand again, and decide on them. Nothing is sent."
AUDIT: Final = "Compare a run's orders with the marketplace's, one to one. Duplicates are reported while they can be cancelled."
VERIFY: Final = "Check that the ledger is as it was written. Given results workbooks, also check that nothing was cut off its end."
LEDGER: Final = "Back up the ledger, even during a run, or restore a backup."
BACKUP: Final = "Copy the ledger to a new file, even during a run."
RESTORE: Final = "Replace the ledger with a backup. The old ledger is kept beside it."
NIGHTLY: Final = "Work through an inbox once, unattended: resume what is open, send what is complete, put every file in its place."
NOTIFY: Final = "Show who is notified of nights, or send them a test message."
STATUS: Final = "Ask what became of accepted orders, and refresh the results workbook."
REPORT: Final = "Write the results workbook again from the ledger."
PURGE: Final = (
    "Erase what people wrote from the ledger, after showing it. Orders stay known: nothing is ordered again."
)
UNDO: Final = "List a run's orders that can still be cancelled in a workbook. Nothing is cancelled: this version does not send cancellations."
HISTORY: Final = "List the runs so far, newest first."
DOCTOR: Final = "Check settings, credentials, connection and folders, and say how to fix what is wrong."
EXPLAIN: Final = "Say what a code means, why, and what to do."
HELP: Final = "Print a page of help, or list them all."
SANDBOX: Final = "Start a practice marketplace that several runs or programs can share. Ctrl-C ends it."

# Flags that cannot be combined

ONE_OR_ALL: Final = "Name one run, or all that are open."
ONE_OR_ALL_FIX: Final = "Type `bulk-orders status last`, or `bulk-orders status --all-open`."
YES_IN_LIVE: Final = "A live run is confirmed by its number of orders, not by --yes."
YES_IN_LIVE_FIX: Final = "Use --confirm N."
TWO_PROFILES: Final = "--practice and --profile cannot be combined."
TWO_PROFILES_FIX: Final = "Leave out one of them."
