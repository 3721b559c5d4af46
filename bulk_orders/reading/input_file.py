"""Which files are read at all: regular ones, of a size that a workbook may have."""

import os
import stat
from pathlib import Path

from bulk_orders.errors import InputError
from bulk_orders.ooxml.zip_package import SPLIT_WORKBOOK_FIX
from bulk_orders.reading.file_kind import GIVE_A_TABLE_FIX, SAVE_OR_FETCH_FIX

MAX_FILE_BYTES = 200_000_000


def read_file(path: Path) -> bytes:
    """Return a regular file's bytes, read once; an `InputError` for anything else."""
    if path.name.startswith("~$"):
        raise InputError(
            "{name} is only Excel's lock file for an open workbook.".format(name=path.name),
            fix="Use {name} instead.".format(name=path.name[2:]),
        )
    try:
        with open(path, "rb", opener=_opened) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise InputError(
                    "{name} is not a file with data in it.".format(name=path.name), fix=GIVE_A_TABLE_FIX
                )
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError(
            "There is no file {path}.".format(path=path), fix="Check the name and the folder."
        ) from error
    except (IsADirectoryError, PermissionError) as error:
        if path.is_dir():
            raise InputError(
                "{path} is a folder.".format(path=path), fix="Name the workbook in it."
            ) from error
        raise InputError(
            "You are not allowed to read {name}.".format(name=path.name),
            fix="Close it where it is open, or ask for the right to read it.",
        ) from error
    except (OSError, ValueError) as error:
        raise InputError(
            "{path} cannot be read.".format(path=path), fix="Copy the file to this computer and try again."
        ) from error
    if not content:
        raise InputError("{name} is empty (0 bytes).".format(name=path.name), fix=SAVE_OR_FETCH_FIX)
    if len(content) > MAX_FILE_BYTES:
        raise InputError("{name} is larger than 200 MB.".format(name=path.name), fix=SPLIT_WORKBOOK_FIX)
    return content


def _opened(path: str, flags: int) -> int:
    """Open without waiting, or a named pipe without a writer would hold us here for ever."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
