"""Folders and files for one user alone: how they are made, how small ones are read, and who else could get at them.

Every folder and every file that the program makes is made here, whatever the umask is.
"""

import errno
import importlib
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulk_orders.machine.shell import quoted

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600
SMALL_FILE_BYTES: Final = 1024 * 1024
"""No settings and no secret are longer."""

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_HAS_MODES: Final = os.name == "posix"


def make_folder(folder: Path) -> Path:
    """Make the folder and those above it that are missing, for their owner only, and return it.

    Raises `OSError`, which is `NotADirectoryError` where something else has that name.
    """
    for missing in reversed([folder, *folder.parents]):
        if missing.exists():
            continue
        with suppress(FileExistsError):  # another process was quicker
            missing.mkdir(mode=FOLDER_MODE)
            missing.chmod(FOLDER_MODE)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    return folder


def opener(path: str, flags: int) -> int:
    """Open a file so that its owner alone may read it; `open(…, opener=opener)` is how every file is written.

    One that must be new ("x") is never made through a link. What is not a regular file is refused with `OSError`, for a
    device or a pipe would swallow what is written to it.
    """
    flags |= getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    if flags & os.O_EXCL:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags, FILE_MODE)
    try:
        status = _regular(descriptor, path)
        if _HAS_MODES and status.st_uid == os.getuid() and stat.S_IMODE(status.st_mode) != FILE_MODE:
            os.fchmod(descriptor, FILE_MODE)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def replace_text(path: Path, text: str) -> None:
    """Put the text into the file in one step, written aside under a name that nobody can foresee. Raises `OSError`."""
    aside = path.with_name(f"{path.name}.{os.urandom(8).hex()}")
    try:
        with open(aside, "x", encoding="utf-8", opener=opener) as file:
            file.write(text)
        aside.replace(path)
    except BaseException:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise


def read_text(path: Path) -> str:
    """Read a small text file in UTF-8. Raises `OSError`, also for what is too large or not a regular file, or `UnicodeDecodeError`."""
    # Not blocking: opening a pipe would wait until somebody writes to it.
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 - see the flags
        _regular(file.fileno(), str(path))
        content = file.read(SMALL_FILE_BYTES + 1)
    if len(content) > SMALL_FILE_BYTES:
        raise OSError(errno.EFBIG, "it is too large", str(path))
    return content.decode("utf-8-sig").replace("\r\n", "\n")


def forbid_core_dumps() -> None:
    """Forbid core dumps: one would be a file with the secrets and the customers' data in it."""
    with suppress(ImportError, ValueError, OSError):  # Windows has none, and macOS may refuse
        resource = importlib.import_module("resource")
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _regular(descriptor: int, path: str) -> os.stat_result:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file", path)
    return status


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Somebody else on this computer can get at a file."""

    is_severe: bool
    """Everybody can change it: nothing in it can be trusted."""
    message: str
    fix: str


def exposure(path: Path, *, is_secret: bool = True) -> Exposure | None:
    """Tell who else could change the file or put another one in its place, and for secrets who could read it.

    None where nobody could, and on Windows, where files inherit who may do what.
    """
    if not _HAS_MODES:
        return None
    found = [_of_file(path, is_secret=is_secret), _of_folder(path.parent)]
    return max((one for one in found if one), key=lambda one: one.is_severe, default=None)


def _of_file(path: Path, *, is_secret: bool) -> Exposure | None:
    mode = _mode(path)
    if mode & stat.S_IWOTH:
        message = "Everybody on this computer can change {path}.".format(path=path)
    elif mode & stat.S_IWGRP:
        message = "Others on this computer (a group) can change {path}.".format(path=path)
    elif mode & _OTHERS and is_secret:
        message = "Others on this computer can read {path}.".format(path=path)
    else:
        return None
    fix = "Run: chmod 600 {path}".format(path=quoted(path))
    return Exposure(is_severe=bool(mode & stat.S_IWOTH), message=message, fix=fix)


def _of_folder(folder: Path) -> Exposure | None:
    mode = _mode(folder)
    # In a folder with the sticky bit, as /tmp, nobody can put away or replace what belongs to somebody else.
    if mode & stat.S_ISVTX:
        return None
    if mode & stat.S_IWOTH:
        message = "Everybody on this computer can replace files in {path}.".format(path=folder)
    elif mode & stat.S_IWGRP:
        message = "Others on this computer (a group) can replace files in {path}.".format(path=folder)
    else:
        return None
    fix = "Run: chmod go-w {path}".format(path=quoted(folder))
    return Exposure(is_severe=bool(mode & stat.S_IWOTH), message=message, fix=fix)


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError:
        return 0
