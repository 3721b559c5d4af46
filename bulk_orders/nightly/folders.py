"""The folders of an inbox and what moves between them; every move is one rename, so a file is always in one place whole.

inbox → work/CLAIM → processed/DAY or needs-attention. A night that dies leaves its file in `work`, where the next one finds it.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from bulk_orders.core.mapping import ENDING as MAPPING
from bulk_orders.errors import AnotherRunActive, SetupError
from bulk_orders.machine.file_lock import Taken, locked
from bulk_orders.machine.private_files import make_folder
from bulk_orders.reading.control_totals import ENDING as TOTALS
from bulk_orders.reading.mapping_file import mapping_path

NOTE_START: Final = "READ-ME-"
"""How the names of notes begin that lie beside files that need attention."""
_GLANCE_S: Final = 0.3
_NAMES_TRIED: Final = 999
FOLDER_UNUSABLE: Final = "The folder {path} cannot be used: {reason}."
FOLDER_UNUSABLE_FIX: Final = (
    "Let the user of this program read and write it, and check that its disk has room."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A file that this night took: nobody else sees it any more."""

    path: Path

    @property
    def name(self) -> str:
        """The file's name, as people gave it."""
        return self.path.name


@dataclass(frozen=True, slots=True, kw_only=True)
class NightFolders:
    """The folders of one inbox."""

    root: Path
    trigger: str = ""
    """Ending of the file that says that another is complete; it moves with that one, as control totals do."""

    @property
    def inbox(self) -> Path:
        """Where people drop files."""
        return self.root / "inbox"

    @property
    def work(self) -> Path:
        """Where a file is while it is worked on; what is found here was left by a night that died, or goes on."""
        return self.root / "work"

    @property
    def needs_attention(self) -> Path:
        """Where files go that were not sent, each with a note."""
        return self.root / "needs-attention"

    @property
    def all_processed(self) -> Path:
        """Where the folders of the days are."""
        return self.root / "processed"

    @property
    def logs(self) -> Path:
        """Where the log of each day is."""
        return self.root / "logs"

    @property
    def last_run(self) -> Path:
        """What the last night did, for machines and for the morning."""
        return self.root / "last-run.json"

    def processed(self, day: date) -> Path:
        """Return the folder of what was sent that day."""
        return self.all_processed / day.isoformat()

    def prepare(self) -> None:
        """Make the folders that are missing; the root must be there, for a share that is not mounted has none.

        Raises `SetupError`.
        """
        try:
            if not self.root.is_dir():
                raise SetupError(
                    "The folder {path} does not exist, so there is no inbox.".format(path=self.root),
                    fix="Mount the share, or make the folder; the folders inside it are made by the night.",
                )
            for folder in (self.inbox, self.work, self.needs_attention, self.all_processed, self.logs):
                self.made(folder)
        except OSError as error:
            raise SetupError(
                FOLDER_UNUSABLE.format(path=self.root, reason=error.strerror or error),
                fix=FOLDER_UNUSABLE_FIX,
            ) from error

    def made(self, folder: Path) -> Path:
        """Return the folder, made if it is missing, for those who may use the root. Raises `OSError`."""
        is_new = not folder.exists()
        make_folder(folder)
        if is_new:
            self.share(folder)
        return folder

    def share(self, path: Path) -> None:
        """Let the group of the root do with a file or folder what it may do with the root; nobody else anything.

        Whoever drops files must find the results, although another user places the orders. Raises `OSError`.
        """
        if os.name == "posix":
            root = self.root.stat()
            allowed = root.st_mode & stat.S_IRWXG
            if path.stat().st_gid != root.st_gid:
                with suppress(OSError):  # of a group that this user is not in
                    os.chown(path, -1, root.st_gid)
            path.chmod(0o700 | allowed if path.is_dir() else 0o600 | allowed & ~stat.S_IXGRP)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the only night of this inbox. Raises `AnotherRunActive`, or `SetupError` where no lock can be had."""
        lock = locked(self.root / "nightly.lock", self.root / "nightly.holder", patience_s=_GLANCE_S)
        try:
            with lock:
                yield
        except Taken as taken:
            holder = taken.holder
            who = (
                " (process {pid} on {host}, since {since:%Y-%m-%d %H:%M:%S} UTC)".format(
                    pid=holder.pid, host=holder.host, since=holder.since
                )
                if holder
                else ""
            )
            raise AnotherRunActive(
                "Another night is working on {path}{holder}.".format(path=self.root, holder=who),
                fix="Nothing to do: it works on the files that are there.",
            ) from taken

    def claim(self, file: Path, at: datetime) -> Claim:
        """Take a file out of the inbox by one rename, and what accompanies it after it. Raises `OSError`."""
        place = _free(self.work / f"{at:%Y%m%d-%H%M%S}")
        make_folder(place)
        claimed = Claim(path=place / file.name)
        try:
            file.rename(claimed.path)
        except OSError:
            with suppress(OSError):
                place.rmdir()
            raise
        self._bring_companions(claimed)
        return claimed

    def claimed_before(self) -> list[Claim]:
        """Return what earlier nights left in work, the oldest first, with what accompanies it. Raises `OSError`."""
        places = sorted(place for place in self.work.iterdir() if place.is_dir())
        found = []
        for place in places:
            files = [file for file in sorted(place.iterdir()) if not self.is_companion(file)]
            if not files:
                _remove_folder(place)
            for file in files:
                claim = Claim(path=file)
                self._bring_companions(claim)
                found.append(claim)
        return found

    def put_back(self, claim: Claim) -> Path:
        """Put a file back into the inbox, for the next night. Raises `OSError`."""
        return self._move(claim, self.inbox)

    def finish(self, claim: Claim, day: date) -> Path:
        """Put a file that was sent into the folder of its day. Raises `OSError`."""
        return self._move(claim, self.made(self.processed(day)))

    def set_aside(self, claim: Claim) -> Path:
        """Put a file that was not sent where people look after it. Raises `OSError`."""
        return self._move(claim, self.needs_attention)

    def bring_mapping(self, claim: Claim, moved_to: Path) -> None:
        """Put the file's own mapping, if the inbox has one, beside the file where it is now. Raises `OSError`.

        Others stay: all files of the inbox with the same headers are read by them.
        """
        kept = mapping_path(self.inbox / claim.name)
        if kept.is_file():
            kept.replace(mapping_path(moved_to))

    def companions(self, file: Path) -> list[Path]:
        """Return what accompanies a file: its trigger and its control totals."""
        found = (
            [file.with_name(f"{file.name}{self.trigger}"), file.with_suffix(self.trigger)]
            if self.trigger
            else []
        )
        found.append(file.with_suffix(TOTALS))
        return [path for path in found if path.exists()]

    def is_companion(self, file: Path) -> bool:
        """Tell whether a file says something about another one and is none itself."""
        is_known = file.suffix.lower() == TOTALS or is_mapping(file)
        return is_known or bool(self.trigger and file.name.endswith(self.trigger))

    def _bring_companions(self, claim: Claim) -> None:
        """Fetch what accompanies a claimed file from the inbox; a night that died may not have come to it."""
        for companion in self.companions(self.inbox / claim.name):
            companion.rename(claim.path.parent / companion.name)

    def _move(self, claim: Claim, folder: Path) -> Path:
        """Move a file with what accompanies it, the file itself last: while it is in work, the move is not over."""
        target = _free(folder / claim.name)
        for companion in self.companions(claim.path):
            ending = companion.name.removeprefix(claim.path.stem)
            companion.rename(_free(folder / f"{target.stem}{ending}"))
        claim.path.rename(target)
        _remove_folder(claim.path.parent)
        return target


def is_mapping(file: Path) -> bool:
    """Tell whether a file says what the columns of others are; it stays in the inbox."""
    return file.name.endswith(MAPPING)


def _free(path: Path) -> Path:
    """Return the path, or one with a number where something has that name: nothing is ever overwritten."""
    for number in range(2, _NAMES_TRIED):
        if not path.exists():
            return path
        stem = path.stem.rpartition(" (")[0] if path.stem.endswith(f" ({number - 1})") else path.stem
        path = path.with_name(f"{stem} ({number}){path.suffix}")
    return path


def _remove_folder(place: Path) -> None:
    with suppress(OSError):  # something else is in it; it is looked at again the next night
        place.rmdir()
