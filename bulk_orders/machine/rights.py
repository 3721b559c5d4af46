"""Files and folders that this user has no right to use: which one is closed, and what to do."""

import os
from pathlib import Path

from bulk_orders.errors import SetupError


def is_there(path: Path) -> bool:
    """Tell whether there is such a file. Raises `SetupError` where this user has no right to look."""
    try:
        path.stat()
    except PermissionError as error:
        raise no_rights(error) from None
    except OSError:
        return False
    return True


def no_rights(error: PermissionError) -> SetupError:
    """Make the error for a file that this user has no right to use; it names the folder that is closed, if one is."""
    path = Path(error.filename)
    closed = next((folder for folder in reversed(path.absolute().parents) if _is_closed(folder)), None)
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
    except OSError:
        return True
    return False
