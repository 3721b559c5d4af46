"""What is deleted when it is old: folders of processed files and logs of a day. What needs attention never is."""

import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from bulk_orders.nightly.folders import NightFolders

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_LOG: Final = re.compile(r"bulk-orders-(\d{4}-\d\d-\d\d)\.(?:log|jsonl)(?:\.\d+)?")


def old(folders: NightFolders, *, keep_days: int, today: date) -> list[Path]:
    """Return the folders and logs of days that are more than `keep_days` ago, by path; what has another name is not ours."""
    first_kept = today - timedelta(days=keep_days)
    return sorted(path for path, day in _dated(folders) if day < first_kept)


def _dated(folders: NightFolders) -> Iterator[tuple[Path, date]]:
    for path in folders.all_processed.iterdir():
        if _DAY.fullmatch(path.name) and path.is_dir() and not path.is_symlink() and (day := _day(path.name)):
            yield path, day
    for path in folders.logs.iterdir():
        if (found := _LOG.fullmatch(path.name)) and path.is_file() and (day := _day(found[1])):
            yield path, day


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def delete(path: Path) -> None:
    """Delete a folder with what is in it, or a file. Raises `OSError`."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
