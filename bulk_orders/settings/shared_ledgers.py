"""Which profiles keep their ledger in a database that others use, too: who looks for a run has to look there."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bulk_orders.machine.private_files import read_text
from bulk_orders.settings.profiles import ENVIRONMENT_PREFIX, PRACTICE, Profile
from bulk_orders.settings.secrets import found_secret, plain

_SETTING = "ledger_url"


def shared_ledgers(
    *,
    config_file: Path,
    environment: Mapping[str, str],
    keyring: Callable[[str, str], str | None] | None,
    warn: Callable[[str], None],
) -> list[Profile]:
    """Return profiles with nothing but their ledger URL, each URL once; none where the settings cannot be read.

    Raises `SetupError` for a URL that is named and cannot be read: nobody could tell what is remembered.
    """
    found: dict[Any, Profile] = {}
    for name, table in _tables(config_file).items():
        values = {key: table[key] for key in (f"{_SETTING}_file",) if key in table}
        given = environment.get(f"{ENVIRONMENT_PREFIX}{_SETTING.upper()}")
        if given and name != PRACTICE:
            values[_SETTING] = given
        url = found_secret(_SETTING, name, values, keyring, warn)
        if plain(url):
            found.setdefault(plain(url), Profile(name=name, ledger_url=url))
    return list(found.values())


def _tables(config_file: Path) -> dict[str, dict[str, Any]]:
    try:
        profiles = tomllib.loads(read_text(config_file)).get("profiles", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}  # what needs the settings says so
    tables = profiles if isinstance(profiles, dict) else {}
    return {name: table for name, table in tables.items() if isinstance(table, dict)}
