"""The checks of `doctor`: one line per check, and each line that is not well says how to fix it."""

import importlib.metadata
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulk_orders import __version__
from bulk_orders.core.offers import offer_of
from bulk_orders.errors import BulkOrdersError, ExitCode
from bulk_orders.machine.private_files import make_folder
from bulk_orders.marketplace.interface import Marketplace
from bulk_orders.settings.folders import Folders, templates_folder
from bulk_orders.settings.profiles import Profile, check_complete
from bulk_orders.texts import doctor as words
from bulk_orders.texts.plural import counted
from bulk_orders.wiring import load_template
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
        name=words.VERSIONS,
        is_well=True,
        text=words.VERSIONS_ARE.format(
            version=__version__, python=sys.version.split()[0], libraries=versions
        ),
    )
    path = folders.config_file
    yield Finding(
        name=words.SETTINGS,
        is_well=True,
        text=words.SETTINGS_FOUND.format(path=path)
        if path.exists()
        else words.SETTINGS_ABSENT.format(path=path),
    )
    shown = ", ".join(f"{name}={value}" for name, value in profile.described().items() if value)
    yield Finding(
        name=words.PROFILE,
        is_well=True,
        text=words.PROFILE_IS.format(environment=profile.environment, settings=shown),
    )
    yield _tried(words.TEMPLATES, lambda: _usable(profile))
    yield _tried(words.DATA_FOLDER, lambda: _probed(folders.data))
    yield _tried(words.THIS_FOLDER, lambda: _probed(folder))
    if not profile.is_practice:
        yield _tried(words.CREDENTIALS, lambda: _complete(profile))


def examine_marketplace(marketplace: Marketplace, address: str) -> Iterator[Finding]:
    """Sign in and read something harmless. Nothing is ordered."""

    def signed_in() -> str:
        marketplace.sign_in()
        return words.SIGNED_IN.format(address=address)

    def read() -> str:
        products = {offer_of(entry).mpn for entry in marketplace.list_products()}
        return counted(len(products), words.PRODUCTS_ONE, words.PRODUCTS_MANY)

    first = _tried(words.SIGN_IN, signed_in)
    yield first
    if first.is_well:
        yield _tried(words.READING, read)


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
            fix=words.FOLDER_FIX,
            exit_code=ExitCode.SETUP_WRONG,
        )


def _usable(profile: Profile) -> str:
    """Name the folders, once the order body in them is one that can be sent."""
    load_template(profile)
    return ", ".join(filter(None, (str(templates_folder()), profile.body_templates)))


def _probed(path: Path) -> str:
    probe(make_folder(path))
    return words.WRITABLE.format(path=path)


def _complete(profile: Profile) -> str:
    check_complete(profile)
    return words.CREDENTIALS_SET
