"""Who the system says that somebody is: never the environment, which everybody sets for themselves."""

import importlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_KNOWS_OWNERS: Final = os.name == "posix"


def login_name() -> str:
    """Return the login name of whoever runs this process, or the number of an account without a name."""
    return _name_of(os.getuid()) if _KNOWS_OWNERS else os.getlogin()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """Whose file it is, and whether nobody else can have written it."""

    owner: str
    """Empty where the system does not say."""
    is_theirs_alone: bool
    stamp: tuple[int, ...]
    """Differs once the file was replaced or written, or had its owner changed."""


def ownership(path: Path) -> Ownership:
    """Return whose file it is now. Raises `OSError`."""
    found = path.stat()
    return Ownership(
        owner=_name_of(found.st_uid) if _KNOWS_OWNERS else "",
        is_theirs_alone=not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH),
        stamp=(found.st_dev, found.st_ino, found.st_uid, found.st_mode, found.st_size, found.st_mtime_ns),
    )


def _name_of(uid: int) -> str:
    accounts: Any = importlib.import_module("pwd")
    try:
        return str(accounts.getpwuid(uid).pw_name)
    except KeyError:
        return str(uid)
