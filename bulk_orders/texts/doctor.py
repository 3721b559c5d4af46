"""What `bulk-orders doctor` says about each thing it checked."""

from typing import Final

FIX: Final = "                 Fix: {fix}"
VERSIONS: Final = "versions"
VERSIONS_ARE: Final = "bulk-orders {version}, Python {python}, {libraries}"
SETTINGS: Final = "settings"
SETTINGS_FOUND: Final = "{path} (found)"
SETTINGS_ABSENT: Final = "{path} (does not exist; practice needs none)"
PROFILE: Final = "profile"
PROFILE_IS: Final = "{environment}: {settings}"
TEMPLATES: Final = "templates"
DATA_FOLDER: Final = "data folder"
THIS_FOLDER: Final = "this folder"
CREDENTIALS: Final = "credentials"
LEDGER: Final = "ledger"
RUNS_ONE: Final = "{number} run remembered"
RUNS_MANY: Final = "{number} runs remembered"
ACCOUNT: Final = "account"
FORGOTTEN: Final = (
    "What was learnt about the account is forgotten. The next run asks again, by free estimates."
)
NOTHING_TO_FORGET: Final = "Nothing was learnt about the account yet."
PRACTICE_MARKETPLACE: Final = "the practice marketplace"
SIGN_IN: Final = "sign-in"
WITH_OAUTH2: Final = "{address}, with a token from {oauth2}"
SIGNED_IN: Final = "accepted by {address}"
READING: Final = "reading"
PRODUCTS_ONE: Final = "{number} product in the catalogue"
PRODUCTS_MANY: Final = "{number} products in the catalogue"
FOLDER_FIX: Final = "Check that the folder exists and is yours."
WRITABLE: Final = "{path} can be written to"
CREDENTIALS_SET: Final = "user, password and subscription key are set"
PERSONAL_DATA: Final = "personal"
KEPT_FOREVER: Final = "kept until `bulk-orders purge` erases it (keep_personal_days is not set)"
KEPT_FOR: Final = "kept for {days} days; nothing is older"
KEPT_TOO_LONG: Final = "should be kept for {days} days; {orders} and {runs} are older and still contain it"
KEPT_TOO_LONG_FIX: Final = "bulk-orders purge --profile {profile}"

# The zip for whoever helps

BUNDLE_EXISTS: Final = "{path} already exists."
BUNDLE_EXISTS_FIX: Final = "Choose a new name."
BUNDLE_WRITTEN: Final = "Written: {path}"
BUNDLE_HOLDS: Final = "  {name:<18} {what}"
BUNDLE_FILES: Final = {
    "README.txt": "what is in it",
    "doctor.txt": "versions, and what was found above",
    "settings.json": "the profile's settings; secrets and names only as set or not set",
    "runs.json": "each run's id, moments, exit code and how many rows had which outcome",
    "ledger-schema.sql": "the ledger's tables, without their contents",
    "log.txt": "the log's moments, kinds, numbers and ids, without sentences",
}
BUNDLE_LEFT_OUT: Final = "  Not in it: workbooks, orders, customers, names of files, secrets, the marketplace's sentences. Look before you send it."
BUNDLE_README: Final = (
    "Written by `bulk-orders doctor --bundle`.\n\n"
    + "".join(f"{name:<18} {what}\n" for name, what in BUNDLE_FILES.items())
    + "\nNot in it: workbooks, orders, customers, names of files, secrets, the marketplace's sentences.\n"
)
IS_SET: Final = "set"
NOT_SHOWN: Final = "(not shown)"
OTHER_LINE: Final = "(a sentence)"

# First steps

NOT_WELL: Final = "This must be put right first:"
STEP: Final = "  {mark} {number}  {what}"
STEP_COMMAND: Final = "         {command}"
SET_UP: Final = "The program works on this computer."
WORKBOOK: Final = "{name} has two example orders for made-up customers."
CHECK_IT: Final = "Check it. Nothing is sent."
ORDER_IT: Final = "Place the orders on the practice marketplace. Nothing is billed."
RESULTS: Final = "Open the results: {path}"
RESULTS_LATER: Final = "Open the results workbook beside it."
YOUR_OWN: Final = "Make a workbook of your own, or map an export of another program."
FOR_REAL: Final = "For real, write your marketplace into the settings, then check them."
NEXT_STEP: Final = "Next:  {command}"
