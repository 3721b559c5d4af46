"""What a night says: of files, of what waits, of what nobody has looked after, and why it does not begin."""

from typing import Final

# The folders

NO_FOLDER: Final = "The folder {path} does not exist, so there is no inbox."
NO_FOLDER_FIX: Final = "Mount the share, or make the folder; the folders inside it are made by the night."
FOLDER_UNUSABLE: Final = "The folder {path} cannot be used: {reason}."
FOLDER_UNUSABLE_FIX: Final = (
    "Let the user of this program read and write it, and check that its disk has room."
)
NAMED_NOWHERE: Final = "No folder is named for the nights of the profile {name}."
NAMED_NOWHERE_FIX: Final = (
    "Name it: bulk-orders nightly FOLDER, or folder under [profiles.{name}.nightly] in settings.toml."
)
HELD: Final = "Another night is working on {path}{holder}."
HELD_FIX: Final = "Nothing to do: it works on the files that are there."
HOLDER: Final = " (process {pid} on {host}, since {since:%Y-%m-%d %H:%M:%S} UTC)"

# Guards

NO_LIMIT: Final = "A live night needs a maximum number of orders for a file."
NO_LIMIT_FIX: Final = "Add --max-orders N, or max_orders under [profiles.{name}.nightly] in settings.toml."

# Files that stay in the inbox

NO_TRIGGER: Final = "it is not announced as complete"
STILL_WRITTEN: Final = "it is still being written"
STILL_EMPTY: Final = "it is empty"
NO_WORKBOOK: Final = "it is not a workbook or CSV file"
FROZEN: Final = "nothing is sent from {first} to {last}"
NIGHT_OVER: Final = "the night is over; nothing is sent after {time}"
STOPPED: Final = "the night was stopped"

NIGHT_ENDED: Final = "the night ended before its turn"

# What became of a file

SENT: Final = "{counts}."
AND: Final = ", "
NOTHING_TO_SEND: Final = "there was nothing to send"
LEFT_OPEN: Final = "{counts}. Not all of it was sent: {reason}"
LEFT_OPEN_FIX: Final = "Nothing: the next night resumes it. To go on earlier: bulk-orders resume {run_id}"
SEE_RESULTS: Final = "Open {path} and look at the summary."
NO_RESULTS: Final = "Write the results workbook again: bulk-orders report {run_id}"
ROWS_TO_FIX_ONE: Final = "{number} row has errors, so nothing was sent."
ROWS_TO_FIX_MANY: Final = "{number} rows have errors, so nothing was sent."
FILE_ERRORS: Final = "The workbook has errors as a whole, so nothing was sent: {first}"
FIX_CHECKED: Final = "Correct the red cells in {path} and put that file into the inbox."
MAP_FIX: Final = "Look through it with `{command}`, then put the file and {mapping} into the inbox."
FIX_FILE: Final = "Correct the file and put it into the inbox again."
SAME_AS_BEFORE: Final = (
    "The same file was processed before, on {day:%Y-%m-%d} (run {run_id}), so nothing was sent."
)
CANNOT_BE_MOVED: Final = "It cannot be moved: {reason}."
CANNOT_BE_MOVED_FIX: Final = (
    "Check the folder and its disk. Nothing is lost: the next night goes on with the file where it is."
)
BROKEN: Final = "Something inside the program went wrong ({kind}). The log has the details."
BROKEN_FIX: Final = (
    "Report it with `bulk-orders doctor --bundle FILE.zip`. Nothing is sent twice if you run the file."
)

CUT_OFF: Final = "The night was cut off while it put the file away."
CUT_OFF_FIX: Final = "Look for the file in {path}; nothing of it was sent."

RUN_OF: Final = "{name} ({run_id})"
NOTE: Final = """\
{name}: {what}
Where: {path}
What to do: {fix}
"""

# Alerts

FILE_OLD_ONE: Final = "{name} has been there for {number} day."
FILE_OLD_MANY: Final = "{name} has been there for {number} days."
RUN_STUCK: Final = "Run {run_id} is still open after {nights} nights."
NOT_REMEMBERED: Final = "{path} cannot be written: {reason}."
NOT_LOGGED: Final = "The log in {path} cannot be written."
NOT_DELETED: Final = "{path} is old and cannot be deleted: {reason}."

# At the terminal

FILE_LINE: Final = "  {mark} {name}: {what}"
FIX_LINE: Final = "      {fix}"
WAITING_LINE: Final = "  – {name} stays in the inbox: {why}."
ALERT_LINE: Final = "  ! {alert}"
STOPPED_LINE: Final = "  The night ended early: {reason}"
NOTHING_THERE: Final = "The inbox is empty: {path}"
WOULD_TAKE: Final = "  → {name} would be processed."
WOULD_RESUME: Final = "  → Run {run_id} ({name}) would be resumed."
WOULD_DELETE: Final = "  → {path} would be deleted."
HEAD: Final = "{environment}   profile {profile}   {folder}"
COMPLETE_FILES: Final = "files of the inbox to be complete"
"""After "Waiting for "."""
