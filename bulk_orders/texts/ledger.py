"""Why a ledger cannot be used, and what to do about it."""

from typing import Final

# Where it is

UNSAFE_PLACE: Final = "The ledger {path} is {reason}: two runs could order the same rows twice."
UNSAFE_HERE: Final = "The ledger {path} is in a place where SQLite cannot keep it safe."
UNSAFE_PLACE_FIX: Final = "Choose a ledger on a disk of this computer."
SYNCED_FOLDER: Final = "in the folder “{folder}”, which another program keeps in step with other computers"
NETWORK_DRIVE: Final = "on a network drive"
NETWORK_DRIVE_OF: Final = "on a network drive ({kind})"
NO_FILE: Final = "The ledger {path} is not a file."
NO_FILE_FIX: Final = "Choose the path of a file for the ledger."
NOT_ALLOWED: Final = "You are not allowed to read and write the ledger {path}."
NOT_ALLOWED_FIX: Final = (
    "Give yourself the right to read and write it and its folder, or choose another ledger."
)
EMPTY: Final = "The ledger {path} is empty, so what was ordered before is not known."
EMPTY_FIX: Final = "Put its backup in its place; if it was never used, delete it."
GONE: Final = "The ledger {path} is gone, but its last entries are still in {log}."
GONE_FIX: Final = "Put the ledger back beside it; only if nothing was ever ordered, delete that file."
REPLACED: Final = "The ledger {path} was deleted, moved or replaced while it was in use."
REPLACED_FIX: Final = "Put it back, then run again; what was sent in between is looked up, not sent again."

# What is in it

FOREIGN: Final = "The file {path} is another program's database."
FOREIGN_FIX: Final = "Choose another path for the ledger."
NEWER: Final = "The ledger {path} was written by a newer version of bulk-orders{writer} (its format is {version}, this one knows {known})."
NEWER_FIX: Final = "Update bulk-orders{wanted}, or choose another ledger."
THAT_VERSION: Final = " to version{writer} or later"
OUTGROWN: Final = (
    "The ledger {path} was updated by a newer version of bulk-orders while this one had it open."
)
OUTGROWN_FIX: Final = "Update bulk-orders, then run again; what was sent is looked up, not sent again."
NOT_COPIED: Final = "The ledger {path} is from an older version of bulk-orders, and the copy that must precede its update failed: {reason}."
NOT_COPIED_FIX: Final = (
    "Make room on its disk for a copy, check that its folder can be written to, then run again."
)
OLDER_AND_HELD: Final = "The ledger {path} is from an older version of bulk-orders and cannot be updated while another run is using it{holder}."
OLDER_AND_HELD_FIX: Final = "Wait until that run has ended, then try again."
UNKNOWN_FORMAT: Final = "The ledger {path} has an unknown format ({version})."
UNKNOWN_FORMAT_FIX: Final = "Put its backup in its place."
DAMAGED: Final = "The ledger {path} is damaged: {found}."
DAMAGED_FIX: Final = "Put its backup in its place, and keep the damaged file."

# What migrations bring

SCHEMA_2: Final = "Orders that are held or dropped keep the reason; how far each account was read is kept, and which orders there were not made here."
SCHEMA_3: Final = "Plans are kept, with who made and who approved each."
SCHEMA_4: Final = "Orders keep the day they are scheduled for, the customer's link, and Microsoft's ids."

# What the database says

UNUSABLE: Final = "The ledger {path} cannot be used: {reason}."
UNUSABLE_FIX: Final = "Fix that, or choose another path for the ledger."
UNFORESEEN_FIX: Final = "Run again; if it happens again, report it."
ENTRY_REFUSED: Final = "The ledger {path} cannot take this entry: {cause}."
ENTRY_REFUSED_FIX: Final = "Report it."
DISK_FULL: Final = "the disk is full"
DISK_FULL_FIX: Final = "Make room on the disk, then run again."
BUSY: Final = "another program has kept it locked for 30 seconds"
LOCKED: Final = "another program has kept it locked"
LOCKED_FIX: Final = "Close that program, then run again."
READ_ONLY: Final = "it cannot be written to"
READ_ONLY_FIX: Final = "Give yourself the right to write to it and its folder."
NOT_OURS: Final = "you are not allowed to open it"
NOT_OURS_FIX: Final = "Give yourself the right to read and write it and its folder."
CANNOT_OPEN: Final = "it cannot be opened"
CANNOT_OPEN_FIX: Final = "Check that it and its folder still exist and can be written to."
NO_LEDGER: Final = "it is not a ledger, or it is damaged"
NO_LEDGER_FIX: Final = "Choose another path for the ledger, or put its backup in its place."
IT_IS_DAMAGED: Final = "it is damaged"
DISK_FAILED: Final = "the disk failed while it was read or written"
DISK_FAILED_FIX: Final = "Check the disk, then run again."

# Who uses it

HELD: Final = "Another run is using the ledger {path}{holder}."
HELD_IN_MEMORY: Final = "Another run is using this ledger."
HELD_FIX: Final = "Wait until it has ended, or look at it with: bulk-orders history"
HOLDER: Final = " (process {pid} on {host}, since {since:%Y-%m-%d %H:%M:%S} UTC)"
LOCK_GONE: Final = "The lock file {path} was deleted while this run held it: another run may be active."
LOCK_GONE_FIX: Final = "Look for other runs with: bulk-orders history. Then run again."

# No longer open

CLOSED: Final = "The ledger {path} was closed."
CLOSED_BEFORE: Final = "The ledger {path} was closed before this was written."
CLOSED_IN_MEMORY: Final = "The ledger was closed before this was written."
CLOSED_FIX: Final = "Open it again."
NOT_WRITTEN: Final = "The ledger {path} was not written."
WRITER_GONE: Final = "The ledger {path} can no longer be written to."
RUN_AGAIN_FIX: Final = "Run again."

# Whether it is as it was written

LOG_CHANGED: Final = "the event log was changed at event {number}; nothing after it can be trusted"
CUT_OFF: Final = (
    "{source} was written when the log had {number} events, and now it has {there}: the newest were cut off, or an older "
    "copy was put back"
)
ANOTHER_LOG: Final = (
    "{source} knows another event {number}: the log was rewritten, or it belongs to another ledger"
)
CHANGED: Final = {
    "order": "the order of row {row} of run {run_id} (order number {order}) is not as the program wrote it",
    "attempt": "attempt {number} of row {row} of run {run_id} is not as the program wrote it",
    "run": "the record of run {id} is not as the program wrote it",
    "rows": "the rows or the kept workbook of run {id} are not as the program wrote them",
    "plan": "plan {id} is not as the program wrote it",
}
"""By kind of what was changed."""
NOT_READABLE: Final = {
    "order": "the orders cannot be read ({why}): the program never wrote that",
    "attempt": "the attempts cannot be read ({why}): the program never wrote that",
    "run": "the runs cannot be read ({why}): the program never wrote that",
    "rows": "the rows cannot be read ({why}): the program never wrote that",
    "plan": "the plans cannot be read ({why}): the program never wrote that",
}
REMOVED: Final = {
    "order": "the order {id} is in the log and nowhere else",
    "attempt": "attempt {number} of the order {id} is in the log and nowhere else",
    "run": "run {id} is in the log and nowhere else",
    "rows": "the rows and the workbook of run {id} are in the log and nowhere else",
    "plan": "plan {id} is in the log and nowhere else",
}
"""By kind of what is gone."""
NOTHING_NOTED: Final = "{source} does not say how far the ledger's log had come when it was written."
NOTHING_NOTED_FIX: Final = "Only results workbooks from version 0.2 or later do; name one of those."

# What was erased

NOT_SCRUBBED: Final = (
    "What people wrote is erased, but {path} may still contain traces of it on the disk: {reason}."
)
NOT_SCRUBBED_FIX: Final = (
    "Close other programs that read the ledger and make room on its disk, then run the same command again."
)

# Backups

BACKUP_EXISTS: Final = "{path} already exists."
BACKUP_EXISTS_FIX: Final = "Choose a new name for the backup, for example with today's date."
NOT_A_LEDGER: Final = "{path} is not a ledger of bulk-orders."
NOT_A_LEDGER_FIX: Final = "Name a file that `bulk-orders ledger backup` made, or a copy of a ledger."
BACKUP_NEWER: Final = "The ledger {path} was written by a newer version of bulk-orders."
BACKUP_NEWER_FIX: Final = "Install that version, then restore it."
ANOTHER_BACKUP_FIX: Final = "Use another backup; nothing was changed."
