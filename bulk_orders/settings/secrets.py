"""Where secrets come from: the environment, a file of their own, or the operating system's keyring; never from a flag."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from bulk_orders.errors import SetupError
from bulk_orders.machine.private_files import exposure, read_text
from bulk_orders.settings.wrong_settings import WRONG_SETTING

KEYRING_SERVICE: Final = "bulk-orders"


def keyring_secret(
    service: str, name: str, *, load: Callable[[str], Any] = importlib.import_module
) -> str | None:
    """Return the secret kept as `name` under `service`; None without the library, a keyring, or that entry.

    Raises `SetupError` when there is a keyring and it does not open, or when it keeps secrets in a plain file.
    """
    try:
        keyring, errors = load("keyring"), load("keyring.errors")
    except ImportError:
        return None
    if any("plaintext" in type(backend).__name__.lower() for backend in _backends(keyring)):
        raise SetupError(
            "The keyring of this computer is a plain file that anybody who gets it can read.",
            fix="Use another keyring, or a file with the secret that only you can read.",
        )
    try:
        secret: str | None = keyring.get_password(service, name)
    except errors.NoKeyringError:
        return None
    except errors.KeyringError as error:
        raise SetupError(
            "The keyring does not give out {service} {name}: {reason}.".format(
                service=service, name=name, reason=error or type(error).__name__
            ),
            fix="Unlock it and try again, or put the secret into a file or the environment.",
        ) from None
    return secret


def _backends(keyring: Any) -> list[Any]:
    """Return the keyring in use, or those that it passes questions on to."""
    chosen = keyring.get_keyring()
    return list(getattr(chosen, "backends", None) or [chosen])


def plain(value: Any) -> Any:
    """Return the text of a secret; anything else as it is."""
    return value.get_secret_value() if isinstance(value, SecretStr) else value


_SECRET_FILE_FIX: Final = "Create it, or correct {setting}_file."  # noqa: S105 - a sentence about one


def found_secret(
    secret: str,
    profile: str,
    values: dict[str, Any],
    keyring: Callable[[str, str], str | None] | None,
    warn: Callable[[str], None],
) -> SecretStr:
    """Look in the environment first, then in the named file, then in the keyring.

    Raises `SetupError` for a file that cannot be read or that others can change, and for a keyring that is a plain file.
    """
    path = values.pop(f"{secret}_file", None)
    given = plain(values.get(secret))
    if given:
        return SecretStr(str(given))
    if path is not None and not (isinstance(path, str) and path.strip()):
        raise SetupError(
            WRONG_SETTING.format(
                setting=f"{secret}_file",
                name=profile,
                reason="it must be the path of a file, in quotation marks",
            ),
            fix=_SECRET_FILE_FIX.format(setting=secret),
        )
    if path:
        try:
            found = Path(path).expanduser()
            text = read_text(found).strip()
            check_private(found, warn, holds_secret=True)
        except (OSError, RuntimeError, ValueError) as error:
            # A home that is not known, and a NUL in the path, are among them.
            reason = getattr(error, "strerror", None) or "not text"
            raise SetupError(
                "The {secret} file {path} cannot be read: {reason}.".format(
                    secret=secret.replace("_", " "), path=path, reason=reason
                ),
                fix=_SECRET_FILE_FIX.format(setting=secret),
            ) from None
        if not text:
            raise SetupError(
                "The {secret} file {path} is empty.".format(secret=secret.replace("_", " "), path=path),
                fix="Write the {secret} into it.".format(secret=secret.replace("_", " ")),
            )
        return SecretStr(text)
    return SecretStr((keyring(KEYRING_SERVICE, f"{profile}:{secret}") if keyring else None) or "")


def check_private(path: Path, warn: Callable[[str], None], *, holds_secret: bool) -> None:
    """Raise `SetupError` for a file that everybody can change; warn of less."""
    others = exposure(path, is_secret=holds_secret)
    if others is None:
        return
    if others.is_severe:
        raise SetupError(others.message, fix=others.fix)
    warn(f"{others.message} {others.fix}")
