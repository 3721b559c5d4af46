"""Files and folders that people name: those that are not there, stand in the way, or are closed to this user."""

import os
from pathlib import Path

from bulk_orders.errors import SetupError, UsageError
from bulk_orders.machine.shell import quoted


def check_folder(folder: Path) -> None:
    """Check that a file can be put into the folder, which is never made in silence. Raises `UsageError`."""
    if not folder.is_dir():
        raise UsageError(
            "There is no folder {folder}.".format(folder=folder), fix="Make it first, or name another one."
        )


def check_new(path: Path, usual_name: str) -> None:
    """Check that nothing has the name of a file to make, and that its folder is there. Raises `UsageError`."""
    if path.is_dir():
        raise UsageError(
            "{path} is a folder.".format(path=path),
            fix="Name a file in it, for example {example}.".format(example=quoted(path / usual_name)),
        )
    if path.exists():
        raise UsageError(
            "{path} already exists.".format(path=path), fix="Name another file, or move it away."
        )
    check_folder(path.parent)


def is_there(path: Path) -> bool:
    """Tell whether there is such a file. Raises `SetupError` where this user has no right to look."""
    try:
        path.stat()
    except PermissionError as error:
        raise unusable(error) from None
    except OSError:
        return False
    return True


def unusable(error: OSError) -> SetupError:
    """Make the error for the file that an `OSError` names; it names the folder that is closed to this user, if one is."""
    path = Path(os.fsdecode(error.filename))
    if not isinstance(error, PermissionError):
        return SetupError(
            "{path} cannot be used: {reason}.".format(path=path, reason=error.strerror),
            fix="Check the name and the disk, or name another file.",
        )
    places = [*reversed(path.absolute().parents), path.absolute()]
    closed = next((folder for folder in places if _is_closed(folder)), None)
    if closed is None:
        return SetupError(
            "{path} cannot be used: {reason}.".format(path=path, reason=error.strerror),
            fix="Get the right to use it, or close it where it is open, or name another file.",
        )
    return SetupError(
        "{path} cannot be used: you have no right to the folder {folder}.".format(path=path, folder=closed),
        fix=(
            "Get that right, or use another folder. "
            "The one for settings and data is set by the environment variable BULK_ORDERS_HOME."
        ),
    )


def _is_closed(folder: Path) -> bool:
    try:
        os.stat(os.path.join(folder, "."))  # noqa: PTH116, PTH118 - a `Path` drops the dot, which asks for what is inside
    except PermissionError:
        return True
    except OSError:  # a file, or nothing
        return False
    return False
