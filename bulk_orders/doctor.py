"""Is everything in place? One line a thing, and each line that is not well says the fix."""

import importlib.metadata
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulk_orders import __version__
from bulk_orders.errors import BulkOrdersError, ExitCode
from bulk_orders.marketplace.interface import Marketplace
from bulk_orders.places import Places, templates_folder
from bulk_orders.settings import Profile, check_complete
from bulk_orders.workbooks.results import probe

LIBRARIES: Final = (
    "pandas",
    "pandera",
    "openpyxl",
    "requests",
    "sqlalchemy",
    "python-calamine",
    "xlsxwriter",
    "tqdm",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at."""

    name: str
    is_well: bool
    text: str
    fix: str = ""
    exit_code: ExitCode = ExitCode.OK


def examine_machine(profile: Profile, places: Places, folder: Path) -> Iterator[Finding]:
    """What can be seen without the marketplace: versions, settings, folders."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)
    yield Finding(
        name="versions",
        is_well=True,
        text=f"bulk-orders {__version__}, Python {sys.version.split()[0]}, {versions}",
    )
    yield Finding(
        name="settings",
        is_well=True,
        text=f"{places.config_file} ({'found' if places.config_file.exists() else 'not there; practice needs none'})",
    )
    shown = ", ".join(f"{name}={value}" for name, value in profile.described().items() if value)
    yield Finding(name="profile", is_well=True, text=f"{profile.environment}: {shown}")
    yield _tried("templates", lambda: f"{_existing(templates_folder())}")
    yield _tried("data folder", lambda: _probed(places.data))
    yield _tried("this folder", lambda: _probed(folder))
    if not profile.is_practice:
        yield _tried("credentials", lambda: _complete(profile))


def examine_marketplace(marketplace: Marketplace, address: str) -> Iterator[Finding]:
    """Sign-in, and a harmless read. Nothing is ordered."""

    def signed_in() -> str:
        marketplace.sign_in()
        return f"accepted by {address}"

    def read() -> str:
        return f"{len(marketplace.list_products())} products in the catalogue"

    first = _tried("sign-in", signed_in)
    yield first
    if first.is_well:
        yield _tried("reading", read)


def _tried(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name=name, is_well=True, text=look())
    except BulkOrdersError as error:
        return Finding(name=name, is_well=False, text=error.message, fix=error.fix, exit_code=error.exit_code)
    except OSError as error:
        return Finding(
            name=name,
            is_well=False,
            text=f"{error.filename}: {error.strerror}",
            fix="Check that the folder exists and is yours.",
            exit_code=ExitCode.SETUP_WRONG,
        )


def _existing(path: Path) -> Path:
    next(path.iterdir())
    return path


def _probed(path: Path) -> str:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    probe(path)
    return f"{path} can be written to"


def _complete(profile: Profile) -> str:
    check_complete(profile)
    return "user, password and subscription key are set"
