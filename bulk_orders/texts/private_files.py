"""Files that others on this computer could read or change, and how to fix that."""

from typing import Final

TOO_LARGE: Final = "it is too large"
NOT_A_FILE: Final = "it is not a regular file"
EVERYBODY_CHANGES: Final = "Everybody on this computer can change {path}."
OTHERS_CHANGE: Final = "Others on this computer (a group) can change {path}."
OTHERS_READ: Final = "Others on this computer can read {path}."
EVERYBODY_REPLACES: Final = "Everybody on this computer can replace files in {path}."
OTHERS_REPLACE: Final = "Others on this computer (a group) can replace files in {path}."
MEND_FILE: Final = "Run: chmod 600 {path}"
MEND_FOLDER: Final = "Run: chmod go-w {path}"
