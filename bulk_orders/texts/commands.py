"""What the commands say, one by one."""

from typing import Final

NEXT: Final = "Next:    {command}     ({what})"
NO_RUN: Final = "There is no run {run_id}."
WARNING_LINE: Final = "⚠ {sentence}"
NO_RUN_FIX: Final = "`bulk-orders history` lists them."

# template

EXISTS: Final = "{path} already exists."
EXISTS_FIX: Final = "Name another file with -o, or move it away."
ASKING_FOR_CATALOGUE: Final = "Asking the marketplace for its products and customers …"
CATALOGUE_IS_IN: Final = "It contains {products} and {customers}."
PRODUCTS_ONE: Final = "{number} Microsoft product"
PRODUCTS_MANY: Final = "{number} Microsoft products"
FILL_IN: Final = "Fill it in, then:  bulk-orders check {path}"

# check

OWN_DOMAIN_TAKEN: Final = (
    "  Your own e-mail domain, which no customer's e-mail may use, comes from the API user: {domain}"
)
READING: Final = "Reading {name} …"
CHECKED_MADE_NEW: Final = "The checked workbook is a new one, not a copy of your file: {reason}"
KEPT_AND_NOT_SENT: Final = "  Kept and not sent: {columns}"
FIX_RED_CELLS: Final = "Nothing was sent. Open this and fix the red cells:"
THEN_RUN: Final = "Then:  {command}"
NEXT_RUN: Final = "Nothing was sent. Next:  {command}"
NOTHING_LEFT: Final = "Nothing was sent, and nothing is left to send."
LEDGER_NOT_LOOKED_INTO: Final = "  Whether rows were ordered before is not known: {reason}"
READY: Final = "✔ {number} ready"
TO_FIX: Final = "✖ {number} to fix"
SKIPPED: Final = "– {number} skipped by you"
ORDERED_BEFORE: Final = "↺ {number} ordered before"
HIDDEN: Final = "– {number} hidden, not sent"
WARNING: Final = "⚠ {number} warning"
WARNINGS: Final = "⚠ {number} warnings"

# fix

NOT_WRITTEN_OVER: Final = "{name} is never overwritten."
NOT_WRITTEN_OVER_FIX: Final = "Name another file with -o."
APPLIED: Final = "  ✔ {where}: {typed} → {proposed}"
EMPTY_CELL: Final = "(empty)"
NOT_APPLIED: Final = "  ✖ {where}: not applied. {reason}"
NOTHING_APPROVED: Final = (
    "No line of the sheet Problems says Yes under Apply? in {name}; nothing was written."
)
REMAINS: Final = "Nothing was sent. What remains is marked in:"
ALL_FIXED: Final = "Nothing was sent. All fixed:"
NEXT_CHECK_FIXED: Final = "Next:  bulk-orders check {path}"
NEXT_RUN_FIXED: Final = "Next:  {command}"

# run, resume

PRACTICE_HEAD: Final = "  PRACTICE   nothing is billed · marketplace {marketplace}"
LIVE_HEAD: Final = "  LIVE   these orders are real · marketplace {marketplace}"
PRODUCT: Final = "Product"
ORDERS: Final = "Orders"
LICENCES: Final = "Licences"
TO_BE_SENT: Final = "  {orders} for {customers}; {tenants} will be created."
ORDERS_ONE: Final = "{number} order"
ORDERS_MANY: Final = "{number} orders"
CUSTOMERS_ONE: Final = "{number} customer"
CUSTOMERS_MANY: Final = "{number} customers"
TENANTS_ONE: Final = "{number} new Microsoft tenant"
TENANTS_MANY: Final = "{number} new Microsoft tenants"
DOUBTFUL_ONE: Final = "  {number} row of an earlier run is in doubt: it is looked up, not sent."
DOUBTFUL_MANY: Final = "  {number} rows of an earlier run are in doubt: they are looked up, not sent."
TAKES_ABOUT: Final = "  At the allowed rate this takes about {duration}."
SEND_IT: Final = "Type {orders} to send the order, or Enter to stop:"
HOW_MANY: Final = (
    "Type {orders} to send {orders} orders, a smaller number to send only the first few, or Enter to stop:"
)
STOPPED: Final = "Stopped. Nothing was sent."
GOES_ON: Final = "Run {run_id} goes on: {orders}, {doubtful}."
LEFT_TO_SEND_ONE: Final = "{number} order is left to send"
LEFT_TO_SEND_MANY: Final = "{number} orders are left to send"
TO_LOOK_UP_ONE: Final = "{number} in doubt is looked for"
TO_LOOK_UP_MANY: Final = "{number} in doubt are looked for"
DRY_RUN: Final = "Dry run: nothing was sent. Leave out --dry-run to send."
OTHER_NUMBER: Final = "To be sent: {orders}; --confirm says {said}."
OTHER_NUMBER_FIX: Final = "Use --confirm {orders}."
NOBODY_TO_ASK: Final = "A live run has to be confirmed, and nobody is there to ask."
NOBODY_TO_ASK_FIX: Final = "Add --confirm {orders}, or state control totals and add --max-orders."
RUN_STOPPED: Final = "✖ The run stopped: {reason}"
ROWS_ONE: Final = "{number} row"
ROWS_MANY: Final = "{number} rows"
RUN_STOPPED_BEFORE: Final = "✖ The run stopped before its end; not sent: {unsent} of {rows}. {reason}"
DONE: Final = "Done in {duration}.   Run {run_id}   {environment}"

# status, resolve

NO_DECISION: Final = "No decision was given."
NO_DECISION_FIX: Final = "Add --present, --present-all, --absent, --confirm, --drop or --resend-absent."
TWO_DECISIONS: Final = "--{one} and --{other} cannot be combined."
TWO_DECISIONS_FIX: Final = "Decide on one thing at a time."
NEEDS_ROW: Final = "--{kind} needs a row."
NEEDS_ROW_FIX: Final = "Name it with --row N; `bulk-orders resolve RUN` shows the rows."
ROW_FOUND: Final = "  row {row}: found ({note})"
ROW_NOT_FOUND: Final = "  row {row}: not found yet ({note})"
UTC: Final = "{moment:%Y-%m-%d %H:%M:%S} UTC"
NEVER: Final = "never"
TIME_UNKNOWN: Final = "time unknown"
ROW: Final = "  Row {row}  {reference}"
NO_REFERENCE: Final = "without a reference"
SENT: Final = "    sent      {sent}   customer {customer_id}   {mpn} × {quantity}   PO {po_number}"
KNOWN: Final = "    known     {message}"
HELD: Final = "    held      since {since}   {code}"
WHY_HELD: Final = "    why       {message}"
TO_DO: Final = "    to do     {fix}"
KNOWN_SINCE: Final = "    known     {message} (since {moment:%Y-%m-%d %H:%M:%S} UTC)"
READ: Final = "    reading   {note}"
THERE: Final = "    there     {made}   {number}   {products}   PO {po_number}   {status}"
ORDER_NAME: Final = "{order_number} (id {order_id})"
NO_PRODUCTS: Final = "products unknown"
NOTHING_THERE: Final = "    there     no order of this customer around that time"
NOTHING_ALIKE: Final = "    there     no order of the last 30 days that looks like it and belongs to no row"
IS_IT_MEANT: Final = "    Type its order id if it exists, c to confirm that another order is wanted, d to drop it, or Enter to leave it:"
NO_SUCH_KEY: Final = '    "{typed}" is none of these.'
NEEDS_A_REASON: Final = "    Every decision needs a reason."
WRONG_ANSWER: Final = "    ✖ {problem}"
ARE_THEY_THOSE_ONE: Final = "  Type {number} to confirm that this row is that order, or Enter to stop:"
ARE_THEY_THOSE_MANY: Final = (
    "  Type {number} to confirm that these {number} rows are those orders, or Enter to stop:"
)
DOES_IT_EXIST: Final = (
    "    Type its order id if it exists, a if it does not (send again), d to drop it, or Enter to leave it:"
)
WHY: Final = "    Why? (kept in the log)"
FAILED_READS: Final = "⚠ The marketplace gave no usable answer about {orders}; ask again later."
LOOK_BY_HAND: Final = (
    "  Look in the Control Panel for the rows to check by hand. They are never sent again automatically."
)

RUN_HEAD: Final = "Run {run_id}   {name}   {environment}"
FOR_ONE: Final = "{option} is for one workbook, and there are {number}."
FOR_ONE_FIX: Final = "Run them one by one, or let control totals state the number of orders of each (`bulk-orders help workbook`)."
FOR_ONE_FILE_FIX: Final = "Name a folder that exists; each workbook gets its results there."
NOT_ASKED: Final = "Run {run_id} cannot be asked: {message}"
NONE_OPEN: Final = "No run is open: every order is set up, failed or decided on."

# history

RUN_COLUMN: Final = "Run"
WHERE: Final = "Where"
PROFILE: Final = "Profile"
ROWS: Final = "Rows"
ENDED: Final = "Ended"
WORKBOOK: Final = "Workbook"
APPROVED_PLAN: Final = "Plan"
PLAN_APPROVED_BY: Final = "{plan_id}, approved by {by}"
ERASED: Final = "(erased)"
RUNNING: Final = "running or cut off"
EXIT: Final = "exit {exit_code}"
NO_OUTCOME: Final = '--outcome "{text}" is not an outcome.'
NO_OUTCOME_FIX: Final = "Choose from {outcomes}."
NO_RUNS: Final = "No runs yet. Try:  bulk-orders run sample_data/orders-demo.xlsx --practice"

# explain

TOPIC: Final = "Topic"
NO_PAGE: Final = "There is no help page {topic}."
NO_PAGE_FIX: Final = "`bulk-orders help` lists them all."
NO_PAGE_NEAR_FIX: Final = "Did you mean `bulk-orders help {topic}`?"
NO_PAGE_COMMAND_FIX: Final = "A command lists its options itself: `bulk-orders {command} --help`."
NO_CODE: Final = "There is no code {code}."
NO_CODE_FIX: Final = "`bulk-orders explain` lists them all."
NO_CODE_NEAR_FIX: Final = "Did you mean {codes}?"
CODE_HEAD: Final = "{code}  {title}  ({severity})"
WHAT_TO_DO: Final = "What to do: {fix}"
AS_THE_MESSAGE_SAYS: Final = "see the message on the cell; it differs from cell to cell."
WHY_IT_IS: Final = "Why: {why}"
BEFORE: Final = "  Before: {before}"
AFTER: Final = "  After:  {after}"
CODE: Final = "Code"
SEVERITY: Final = "Severity"
TITLE: Final = "Title"

# verify, ledger

LEDGER: Final = "{environment} ledger"
PRACTICE_LEDGER: Final = "practice"
LIVE_LEDGER: Final = "live"
ONE_EVENT: Final = "{number} event"
EVENTS: Final = "{number:,} events"
ONE_RUN: Final = "{number} run"
RUNS: Final = "{number:,} runs"
LEDGER_WHOLE: Final = "  ✔ {ledger}: its log of {events} is unbroken, and all runs, rows, orders and attempts are as they were written"
COMPARED_WITH: Final = "  ✔ {ledger}: it continues from what {workbooks} recorded"
NOT_COMPARED: Final = (
    "    Not compared with a results workbook: whether the newest events were cut off cannot be seen without one. "
    "Add one: bulk-orders verify RESULTS.xlsx"
)
FINDING: Final = "  ✖ {ledger}: {finding}"
VERIFY_FIX: Final = "What to do: bulk-orders help backups"
NO_LEDGER_OF: Final = "{source} belongs to a {environment} run, and there is no such ledger here."
NO_LEDGER_OF_FIX: Final = "Verify it where that ledger is, or name the profile with --profile."
BACKED_UP: Final = "  ✔ {runs} up to {last_run} copied to {path}"
NO_RUN_YET: Final = "no run"
KEEP_IT_ELSEWHERE: Final = (
    "    It names your customers. Keep it where only you can read it, and not only on this disk."
)
NO_LEDGER_YET: Final = "There is no {environment} ledger yet: {path}."
NO_LEDGER_YET_FIX: Final = "The first run makes it."
CONTENTS: Final = "{which}  {runs}, the last one {last_run}, {events}"
THE_BACKUP: Final = "The backup:     "
THE_LEDGER_NOW: Final = "The ledger now: "
NO_LEDGER_NOW: Final = "The ledger now:  there is none"
LEDGER_UNREADABLE: Final = "The ledger now:  {why}"
TYPE_RESTORE: Final = "Type RESTORE to replace {path} with the backup: "
NOT_RESTORED: Final = "Nothing was restored."
NOT_RESTORED_FIX: Final = "Type RESTORE when asked, or add --yes."
RESTORED: Final = "  ✔ {path} is the backup now"
KEPT_ASIDE: Final = "    The old ledger is kept as {path}"
AFTER_RESTORE: Final = (
    "    Nothing that was ordered since is ordered again: the next run reads the account before it sends, and waits once, up "
    "to {minutes} minutes, for orders that may still be on their way."
)

# sandbox

LISTENING: Final = "listening on {url}"
SEND_THERE: Final = "Send orders to it:  bulk-orders run FILE --practice-at {url}"
SIGN_IN_THERE: Final = (
    "Sign in from a profile:  base_url {url}, user {user}, password {password}, subscription key {key}"
)
TOKENS_THERE: Final = "Its tokens come from (oauth2_url):  {url}"
