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
from bulk_orders.texts import ledger as words

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
        raise LedgerUnusable(words.REPLACED.format(path=ledger.path), fix=words.REPLACED_FIX)


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
            return words.SYNCED_FOLDER.format(folder=folder)
    if str(path).startswith(("\\\\", "//")) or _is_network_drive(path, windows):
        return words.NETWORK_DRIVE
    nearest, kind = Path("/"), ""
    for line in mounts.splitlines():
        point, file_system = [*line.split(" "), "", "", ""][1:3]
        folder_path = Path(point.replace("\\040", " ").replace("\\134", "\\"))
        if path.is_relative_to(folder_path) and len(folder_path.parts) >= len(nearest.parts):
            nearest, kind = folder_path, file_system
    return words.NETWORK_DRIVE_OF.format(kind=kind) if kind in NETWORK_FILE_SYSTEMS else ""


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
        raise LedgerUnusable(words.UNSAFE_PLACE.format(path=path, reason=reason), fix=words.UNSAFE_PLACE_FIX)


def check_existing(path: Path, *, may: Callable[[Path, int], bool] = os.access) -> None:
    """Raise `LedgerUnusable` when what lies at the path cannot be a ledger that this user may write.

    It never opens the file: closing it would let go of every lock that this process has on it (sqlite.org/howtocorrupt.html 2.2).
    """
    if not path.is_file():
        raise LedgerUnusable(words.NO_FILE.format(path=path), fix=words.NO_FILE_FIX)
    if (others := exposure(path)) and others.is_severe:
        raise LedgerUnusable(others.message, fix=others.fix)
    if not (may(path, os.R_OK | os.W_OK) and may(path.parent, os.W_OK | os.X_OK)):
        raise LedgerUnusable(words.NOT_ALLOWED.format(path=path), fix=words.NOT_ALLOWED_FIX)
    if not path.stat().st_size:
        raise LedgerUnusable(words.EMPTY.format(path=path), fix=words.EMPTY_FIX)


def check_absent(path: Path) -> None:
    """Raise `LedgerUnusable` when a ledger was here and only part of it is left."""
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        raise LedgerUnusable(words.GONE.format(path=path, log=log.name), fix=words.GONE_FIX)


def unusable_because(path: Path, error: OSError) -> LedgerUnusable:
    """Make the error for a ledger that the operating system does not let us use."""
    reason = error.strerror or type(error).__name__
    return LedgerUnusable(words.UNUSABLE.format(path=path, reason=reason), fix=words.UNUSABLE_FIX)
