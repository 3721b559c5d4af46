"""Secrets in the operating system's keyring, where the optional library for it is installed."""

import importlib
from collections.abc import Callable
from typing import Any

from bulk_orders.errors import SetupError
from bulk_orders.texts import settings as words


def keyring_secret(
    service: str, name: str, *, load: Callable[[str], Any] = importlib.import_module
) -> str | None:
    """The secret kept as `name` under `service`; None without the library, a keyring, or that entry.

    Raises `SetupError` when there is a keyring and it does not open.
    """
    try:
        keyring, errors = load("keyring"), load("keyring.errors")
    except ImportError:
        return None
    try:
        secret: str | None = keyring.get_password(service, name)
    except errors.NoKeyringError:
        return None
    except errors.KeyringError as error:
        raise SetupError(
            words.KEYRING.format(service=service, name=name, reason=error or type(error).__name__),
            fix=words.KEYRING_FIX,
        ) from None
    return secret
