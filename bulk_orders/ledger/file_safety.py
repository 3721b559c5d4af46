"""Where a ledger may be, who may read it, and whether it is still the file that was opened.

It knows paths, permissions and mounts, and nothing of what is in the file.
"""

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Final

from bulk_orders.errors import LedgerUnusable
from bulk_orders.machine.private_files import exposure

NETWORK_FILE_SYSTEMS: Final = frozenset(
    {
        "9p",
        "afs",
        "ceph",
        "cifs",
        "davfs",
        "fuse.davfs2",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.sshfs",
        "glusterfs",
        "lustre",
    }
    | {"ncpfs", "nfs", "nfs4", "smb3", "smbfs"}
)
"""File systems on which locks or fsync cannot be trusted, so that two runs could hold one ledger (sqlite.org/wal.html)."""
SYNCED_FOLDERS: Final = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "icloud drive",
    "mobile documents",
    "nextcloud",
)
"""Folders whose programs copy and replace files behind our back; compared with the start of each folder's name."""
MOUNTS: Final = Path("/proc/self/mounts")
WINDOWS: Final[Any] = getattr(ctypes, "windll", None)
"""Windows' own functions; None elsewhere."""


UNSAFE_PLACE_FIX: Final = "Choose a ledger on a disk of this computer."
UNUSABLE: Final = "The ledger {path} cannot be used: {reason}."


@dataclass(frozen=True, slots=True, kw_only=True)
class FileIdentity:
    """Which file a path named at one moment."""

    path: Path
    device: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> "FileIdentity":
        """Read the identity of the file at the path now. Raises `OSError`."""
        status = path.stat()
        return cls(path=path, device=status.st_dev, inode=status.st_ino)

    def is_intact(self) -> bool:
        """Tell whether the path still names that file."""
        try:
            status = self.path.stat()
        except OSError:
            return False
        return (status.st_dev, status.st_ino) == (self.device, self.inode)


def resolved(path: Path) -> Path:
    """Return the absolute path without symbolic links. Raises `OSError`, also for links that lead back to themselves."""
    try:
        return path.resolve()
    except RuntimeError as error:  # what Python 3.11 and 3.12 make of such links
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from error


def check_intact(ledger: FileIdentity) -> None:
    """Raise `LedgerUnusable` when the path no longer names the file that was opened."""
    if not ledger.is_intact():
        raise LedgerUnusable(
            "The ledger {path} was deleted, moved or replaced while it was in use.".format(path=ledger.path),
            fix="Put it back, then run again; what was sent in between is looked up, not sent again.",
        )


def mounted(table: Path = MOUNTS) -> str:
    """Return the table of mounts on Linux; empty elsewhere."""
    try:
        return table.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def why_unsafe(path: PurePath, mounts: str, *, windows: Any = WINDOWS) -> str:
    """Say why a ledger at this absolute path could not be trusted, as the end of a sentence; empty when it can."""
    for folder in path.parent.parts:
        if folder.casefold().startswith(SYNCED_FOLDERS):
            return (
                "in the folder “{folder}”, which another program keeps in step with other computers".format(
                    folder=folder
                )
            )
    if str(path).startswith(("\\\\", "//")) or _is_network_drive(path, windows):
        return "on a network drive"
    nearest, kind = Path("/"), ""
    for line in mounts.splitlines():
        point, file_system = [*line.split(" "), "", "", ""][1:3]
        folder_path = Path(point.replace("\\040", " ").replace("\\134", "\\"))
        if path.is_relative_to(folder_path) and len(folder_path.parts) >= len(nearest.parts):
            nearest, kind = folder_path, file_system
    return "on a network drive ({kind})".format(kind=kind) if kind in NETWORK_FILE_SYSTEMS else ""


def _is_network_drive(path: PurePath, windows: Any) -> bool:
    remote = 4  # DRIVE_REMOTE, winbase.h
    return windows is not None and bool(windows.kernel32.GetDriveTypeW(f"{path.drive}\\") == remote)


def publish(
    finished: Path,
    path: Path,
    *,
    link: Callable[[Path, Path], object] = os.link,
    syncs_folders: bool = sys.platform != "win32",
) -> None:
    """Give a finished file its name, durably, unless something has that name already: then `FileExistsError`."""
    try:
        link(finished, path)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links; two first starts at the same moment are not told apart there.
        if path.exists():
            raise FileExistsError(path) from None
        finished.rename(path)
    if syncs_folders:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; Windows opens no folders."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_place(path: Path, mounts: str) -> None:
    """Raise `LedgerUnusable` when a ledger at this absolute path could not be trusted."""
    if reason := why_unsafe(path, mounts):
        raise LedgerUnusable(
            "The ledger {path} is {reason}: two runs could order the same rows twice.".format(
                path=path, reason=reason
            ),
            fix=UNSAFE_PLACE_FIX,
        )


def check_existing(path: Path, *, may: Callable[[Path, int], bool] = os.access) -> None:
    """Raise `LedgerUnusable` when what lies at the path cannot be a ledger that this user may write.

    It never opens the file: closing it would let go of every lock that this process has on it (sqlite.org/howtocorrupt.html 2.2).
    """
    if not path.is_file():
        raise LedgerUnusable(
            "The ledger {path} is not a file.".format(path=path),
            fix="Choose the path of a file for the ledger.",
        )
    if (others := exposure(path)) and others.is_severe:
        raise LedgerUnusable(others.message, fix=others.fix)
    if not (may(path, os.R_OK | os.W_OK) and may(path.parent, os.W_OK | os.X_OK)):
        raise LedgerUnusable(
            "You are not allowed to read and write the ledger {path}.".format(path=path),
            fix="Give yourself the right to read and write it and its folder, or choose another ledger.",
        )
    if not path.stat().st_size:
        raise LedgerUnusable(
            "The ledger {path} is empty, so what was ordered before is not known.".format(path=path),
            fix="Put its backup in its place; if it was never used, delete it.",
        )


def check_absent(path: Path) -> None:
    """Raise `LedgerUnusable` when a ledger was here and only part of it is left."""
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        raise LedgerUnusable(
            "The ledger {path} is gone, but its last entries are still in {log}.".format(
                path=path, log=log.name
            ),
            fix="Put the ledger back beside it; only if nothing was ever ordered, delete that file.",
        )


def unusable_because(path: Path, error: OSError) -> LedgerUnusable:
    """Make the error for a ledger that the operating system does not let us use."""
    reason = error.strerror or type(error).__name__
    return LedgerUnusable(
        UNUSABLE.format(path=path, reason=reason),
        fix="Check its folder and your rights to it, or choose another path for the ledger.",
    )
