"""The help of the command line: what each option and argument means."""

from typing import Final

# Of the program

SETTINGS_FILE: Final = "The settings file."
LEDGER_FILE: Final = "The ledger to use instead of your own."
QUIET: Final = "Only results and errors."
VERBOSE: Final = "Write more to the log file."
LOG_FORMAT: Final = "How lines of the log file are written: for people, or as JSON for machines."
NO_COLOR: Final = "No colours (there are none to switch off yet)."
NO_INPUT: Final = "Never ask; stop with exit code 9 where a person would be asked."
VERSION: Final = "The program's version."

# Of its commands

INBOX: Final = "The folder with the inbox. The settings may name it instead."
ON_PROBLEM: Final = (
    "What happens to a file in which rows have errors: hold sends nothing of it, send-ready its good rows."
)
NOT_AFTER: Final = "Send nothing after this time of day, HH:MM; the next night goes on."
NOTIFY_TEST: Final = "Send everybody a test message, and say whether it arrived at the service."
NIGHTLY_DRY_RUN: Final = "Show what the night would do, and do nothing."

TEMPLATE_FILE: Final = "Where to write the workbook."
PREPARED_ROWS: Final = "Rows prepared in the tables."
WITH_CATALOG: Final = "Fill in the marketplace's products and customers."
ONLINE: Final = "Ask the marketplace whether it would accept the orders."
ESTIMATE: Final = "Ask the marketplace what they would cost."
CHECKED_FILE: Final = "Where the checked workbook goes: a file or a folder."
STRICT: Final = "Warnings count as errors."
ALL: Final = "Show every problem with its code, and what is good to know."
RESULTS_FILE: Final = "Where the results workbook goes: a file or a folder."
PLAN: Final = "The plan's id, or its workbook."
PLAN_FILE: Final = "Where the plan workbook goes: a file or a folder."
PLAN_PROFILE: Final = "The profile, if not the plan's own."
PLANNED_FILE: Final = "The workbook that was planned, if it is not where it was."
EXPIRES: Final = "How long the plan can be applied: 90m, 24h, 2d. Without it, the profile's plan_expires."
WAIT: Final = "Keep asking for this long: 90s, 30m, 2h."
FIXED_FILE: Final = "Where the corrected workbook goes: a file or a folder."
CODE: Final = "For example E-TERM-BILLING. Without it all codes are listed."
TOPIC: Final = "For example runbook. Without it all topics are listed."
PORT: Final = "The port; 0 takes a free one."
LATENCY: Final = "Delay of each answer."
REQUEST_LIMIT: Final = "Maximum requests per second."
ACCOUNT: Final = "What its account wants other than usual: po=poNumber, po-kept=20, period=line, vendor=line, sign-in=oauth2."
SANDBOX_STATE: Final = "The file that remembers its orders."
WORKBOOK: Final = "The workbook, .xlsx or .csv."
WORKBOOKS: Final = (
    "The workbook, .xlsx or .csv. Several are run one after another, each with the same limits."
)
NOTED_WORKBOOKS: Final = "Results workbooks; each records how far the ledger's log had come."
BACKUP_FILE: Final = "The backup."
PRACTICE_LEDGER: Final = "The practice ledger instead of the live one."
RESTORE_YES: Final = "Do not ask."
CUSTOMER: Final = "Only what concerns this customer."
OLDER_THAN: Final = (
    "Only what is older: 400d, 8 weeks, 18 months, 2 years. Without both, the profile's keep_personal_days."
)
PURGE_YES: Final = "Do not ask."
NO_CUSTOMER_DATA: Final = (
    "Leave out names, addresses, the sheet Customers, your own columns and quoted words."
)
BUNDLE: Final = "Also write a zip for whoever helps you, without secrets or customers' data."
RUN: Final = "The run's id, as `history` lists it; `last` is the newest."
JSON: Final = "One JSON object on stdout, for machines."
PRACTICE: Final = "The built-in practice marketplace (the default); nothing is billed."
PROFILE: Final = "A profile in settings.toml; its orders are real."
RUN_PROFILE: Final = "The profile, if not the run's own."
PRACTICE_AT: Final = "A practice marketplace started with `bulk-orders sandbox`."
FAULTS: Final = "What goes wrong in the practice marketplace: 429=0.1,500-after-commit=every:50."
HIDDEN: Final = "Include rows that are hidden or filtered out."
RATE: Final = "Maximum requests per second; 0 means no limit."
ONLY_READY: Final = "Send the rows without errors even if others have some."
FIRST: Final = "Send only the first N orders."
YES: Final = "Do not ask; for practice only."
ESTIMATE_BEFORE_ASKING: Final = "Show what they cost before asking."
CONFIRM: Final = "Confirm a live run of exactly N orders."
MAX_ORDERS: Final = "Send nothing if there are more orders than this."
MAX_AMOUNT: Final = "Stop if the first bills would come to more than this, in any currency, by estimate."
MAX_PER_CUSTOMER: Final = (
    "Stop if the first bills of one customer would come to more than this, in any currency, by estimate."
)
STOP_AFTER: Final = "Stop after this many identical failures in a row; 0 means never."
ALL_OPEN: Final = (
    "All runs with orders that are being set up, in doubt, held or not sent yet, instead of one."
)
LIMIT: Final = "Only the newest N runs."
SINCE: Final = "Only runs since a day (2026-11-01), or of a time until now (7d, 8 weeks, 3 months)."
CANCELLABLE: Final = "List the orders that can still be cancelled, and until when."
UNDO_ROW: Final = "Only this row of the run's workbook. May be given more than once."
UNDO_FILE: Final = "Where to write it: a .xlsx file (undo-RUN.xlsx here)."
OUTCOME: Final = (
    "Only runs with rows that ended so: unknown, held, rejected, accepted … May be given more than once."
)
DRY_RUN: Final = "Do everything except sending."
NEW_LEDGER: Final = "Do not wait for orders of another ledger: none was ever used for this account."

# Decisions on rows

ROW: Final = "The row that a decision is about; several are possible."
PRESENT: Final = "The row's order exists: it is this one."
PRESENT_ALL: Final = "Every held row that matches exactly one order is that order; lists them and asks first."
EVEN_CANCELLED: Final = "The order named with --present may be a cancelled one."
ABSENT: Final = "The row's order does not exist, and its settle window is over; `resume` sends it again."
CONFIRM_HELD: Final = "A held row is wanted; `resume` sends it."
DROP: Final = "The row must not be sent, now or later."
RESEND_ABSENT: Final = "Treat every row that three complete readings after the settle window did not find as absent; `resume` sends it again."
REASON: Final = "The reason, kept in the log; every decision needs one."

# Values that cannot be read

NO_FOLDER: Final = "There is no folder {name}."
NO_FOLDER_FIX: Final = "Make it first, or name a workbook: -o {name}"
NO_WORKBOOK_NAME: Final = "The output is an .xlsx workbook, but {name} has another ending."
NO_WORKBOOK_NAME_FIX: Final = "Use -o {name}"
NO_RATE: Final = '--rate "{rate}" is not a rate.'
NO_RATE_FIX: Final = "Use for example 2/s."
NO_TIME: Final = '{option} "{text}" is not a time.'
NO_TIME_FIX: Final = "Use for example 90s, 30m or 2h."
LEDGERS_PROFILE: Final = "Only this profile's ledger (`practice` is one). Without it, every ledger."

# doctor

FIRST_STEPS: Final = (
    "Lead from nothing to the first practice order: makes a workbook with two orders, and says what to type."
)

FORGET_ACCOUNT: Final = (
    "Forget what was learnt about the account; the next run learns it again, by free estimates."
)
FIRST_DAY: Final = (
    "Lead through the first day with an account, step by step, with this workbook's first two orders at most."
)

# map

MAP_COLUMN: Final = 'What one of your columns is: "Ref=reference". Nothing after the equals sign: it is your own. May be repeated.'
MAP_VALUE: Final = 'What a word in a list\'s column means: "Commitment:Annual=1 year". May be repeated.'
MAP_FIXED: Final = (
    'A value for every row, of a column that your file does not have: "Commitment=1 year". May be repeated.'
)
MAP_STATED_BY: Final = (
    "Who makes the legal statements among the fixed values. The name and today's date are saved."
)
MAP_DATES: Final = (
    'Whether the day or the month comes first: "Agreement date=day-month-year", or month-day-year.'
)
MAP_SHEET: Final = "The sheet with the orders."
MAP_HEADER_ROW: Final = "The row with the headers, as Excel numbers it."
MAP_ENCODING: Final = "What a CSV file is written in that is not UTF-8: cp1252, for example."
MAP_SEPARATOR: Final = "What stands between the cells of a CSV file: comma, semicolon, tab or bar."
