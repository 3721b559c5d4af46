"""The checks of `doctor`: one line per check, and each line that is not well says how to fix it."""

import importlib.metadata
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulk_orders.core.offers import offer_of
from bulk_orders.core.version import VERSION
from bulk_orders.core.wording import counted
from bulk_orders.errors import BulkOrdersError, ExitCode
from bulk_orders.machine.private_files import make_folder
from bulk_orders.marketplace.interface import Marketplace
from bulk_orders.settings.completeness import check_complete
from bulk_orders.settings.folders import Folders, templates_folder
from bulk_orders.settings.profiles import Profile
from bulk_orders.wiring import load_templates
from bulk_orders.writing.new_book.results import probe

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


def examine_machine(profile: Profile, folders: Folders, folder: Path) -> Iterator[Finding]:
    """Examine what needs no marketplace: versions, settings, folders."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)
    yield Finding(
        name="versions",
        is_well=True,
        text="bulk-orders {version}, Python {python}, {libraries}".format(
            version=VERSION, python=sys.version.split()[0], libraries=versions
        ),
    )
    path = folders.config_file
    yield Finding(
        name="settings",
        is_well=True,
        text="{path} (found)".format(path=path)
        if path.exists()
        else "{path} (does not exist; practice needs none)".format(path=path),
    )
    shown = ", ".join(f"{name}={value}" for name, value in profile.described().items() if value)
    yield Finding(
        name="profile",
        is_well=True,
        text=f"{profile.environment}: {shown}",
    )
    yield _tried("templates", lambda: _usable(profile))
    yield _tried("data folder", lambda: _probed(folders.data))
    yield _tried("this folder", lambda: _probed(folder))
    if not profile.is_practice:
        yield _tried("credentials", lambda: _complete(profile))


def examine_marketplace(marketplace: Marketplace, address: str) -> Iterator[Finding]:
    """Sign in and read something harmless. Nothing is ordered."""

    def signed_in() -> str:
        marketplace.sign_in()
        return "accepted by {address}".format(address=address)

    def read() -> str:
        products = {offer_of(entry).mpn for entry in marketplace.list_products()}
        return counted(
            len(products), "{number} product in the catalogue", "{number} products in the catalogue"
        )

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


def _usable(profile: Profile) -> str:
    """Name the folders, once the order body in them is one that can be sent."""
    load_templates(profile)
    return ", ".join(filter(None, (str(templates_folder()), profile.body_templates)))


def _probed(path: Path) -> str:
    probe(make_folder(path))
    return "{path} can be written to".format(path=path)


def _complete(profile: Profile) -> str:
    check_complete(profile)
    return "user, password and subscription key are set"
