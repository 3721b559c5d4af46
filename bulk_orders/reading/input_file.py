"""Which files are read at all: regular ones, of a size that a workbook may have."""

import os
import stat
from pathlib import Path

from bulk_orders.errors import InputError
from bulk_orders.texts import reading_files as words

MAX_FILE_BYTES = 200_000_000


def read_file(path: Path) -> bytes:
    """Return a regular file's bytes, read once; an `InputError` for anything else."""
    if path.name.startswith("~$"):
        raise InputError(
            words.OPEN_MARK.format(name=path.name), fix=words.OPEN_MARK_FIX.format(name=path.name[2:])
        )
    try:
        with open(path, "rb", opener=_opened) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise InputError(words.NO_DATA.format(name=path.name), fix=words.GIVE_A_TABLE_FIX)
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError(words.NO_FILE.format(path=path), fix=words.NO_FILE_FIX) from error
    except (IsADirectoryError, PermissionError) as error:
        if path.is_dir():
            raise InputError(words.FOLDER.format(path=path), fix=words.FOLDER_FIX) from error
        raise InputError(words.NOT_ALLOWED.format(name=path.name), fix=words.NOT_ALLOWED_FIX) from error
    except (OSError, ValueError) as error:
        raise InputError(words.UNREADABLE.format(path=path), fix=words.UNREADABLE_FIX) from error
    if not content:
        raise InputError(words.NO_BYTES.format(name=path.name), fix=words.SAVE_OR_FETCH_FIX)
    if len(content) > MAX_FILE_BYTES:
        raise InputError(words.TOO_LARGE.format(name=path.name), fix=words.SPLIT_WORKBOOK_FIX)
    return content


def _opened(path: str, flags: int) -> int:
    """Open without waiting, or a named pipe without a writer would hold us here for ever."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
