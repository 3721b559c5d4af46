"""Settings, secrets and folders: what is missing or wrong, and where to put it right."""

from typing import Final

SET: Final = "set"
NOT_SET: Final = "not set"
NOT_SHOWN: Final = "set, not a web address"
REDIRECTED: Final = (
    "The environment variable {variable} would send the credentials of the profile {name} "
    "to a different place than the settings file says."
)
REDIRECTED_FIX: Final = "Remove the variable {variable} from the environment, or write its value as {setting} under [profiles.{name}] in settings.toml."
FILE_ALONE: Final = (
    "The environment variable {variable} is set, but {setting} counts only in the settings file."
)
NO_TIME: Final = "use for example 24h, 90m or 2d"
NO_PATH: Final = "it must be the path of a file, in quotation marks"
WRONG: Final = 'The setting "{setting}" of the profile {name} is wrong: {reason}.'
WRONG_FIX: Final = "Compare with templates/settings.toml; `bulk-orders doctor` shows the settings in use."
MISSING: Final = "The profile {name} has no {setting}."
MISSING_SECRET_FIX: Final = (
    "Set the environment variable {prefix}{variable}, or {setting}_file in settings.toml."  # noqa: S105 - a sentence about one
)
MISSING_FIX: Final = "Add {setting} under [profiles.{name}] in settings.toml."
NO_FILE: Final = "There is no profile {name}: the settings file {path} does not exist."
NO_FILE_FIX: Final = "Copy templates/settings.toml there and fill it in, or name another with --config."
UNREADABLE: Final = "The settings file {path} cannot be read: {error}."
UNREADABLE_FIX: Final = "Correct it, or compare with templates/settings.toml."
NO_TABLE: Final = "The settings file {path} has no table for the profile {name}."
NO_TABLE_FIX: Final = (
    "Write its settings below a line [profiles.{name}]; compare with templates/settings.toml."
)
NO_PROFILE: Final = "There is no profile {name} in {path}; it has: {known}."
NO_PROFILES: Final = "none"
NO_PROFILE_FIX: Final = "Add [profiles.{name}] or use another."
SECRET_INSIDE: Final = "The settings file {path} contains the {secret} itself."  # noqa: S105 - a sentence about one
SECRET_INSIDE_FIX: Final = (
    "Move it to a file that only you can read and set {setting}_file, or to {prefix}{variable}."  # noqa: S105 - a sentence about one
)
NOT_TEXT: Final = "not text"
SECRET_FILE: Final = "The {secret} file {path} cannot be read: {reason}."  # noqa: S105 - a sentence about one
SECRET_FILE_FIX: Final = "Create it, or correct {setting}_file."  # noqa: S105 - a sentence about one

# Nights

URLS_FILE: Final = "The addresses of {name} cannot be read from {path}: {reason}."
URLS_FILE_FIX: Final = "Make that file, one Apprise URL a line, for yourself alone; or correct urls_file."
NO_DAYS: Final = "it must be a day such as 2026-12-24, or days such as 2026-12-24..2027-01-02"
NO_CLOCK: Final = "it must be a time of day such as 05:30"
NO_ZONE: Final = (
    "it must be the name of a time zone, such as Europe/Berlin; on Windows install the package tzdata"
)

# Folders and files of the program

FOLDER: Final = "The folder {path} cannot be made: {reason}."
FOLDER_FIX: Final = "Make it yourself, or name another with the environment variable BULK_ORDERS_HOME."
ORDER_BODY: Final = "The order-body template {path} cannot be read: {error}."
ORDER_BODY_FAULT: Final = "The order-body template {path}, line {line}: {what}"
ORDER_BODY_FIX: Final = (
    "Correct the file, or leave body_templates out of the profile to use the one that comes with the program."
)

# The keyring

PLAIN_KEYRING: Final = "The keyring of this computer is a plain file that anybody who gets it can read."
PLAIN_KEYRING_FIX: Final = "Use another keyring, or a file with the secret that only you can read."
KEYRING: Final = "The keyring does not give out {service} {name}: {reason}."
KEYRING_FIX: Final = "Unlock it and try again, or put the secret into a file or the environment."
