"""The keyring: asked for one name, absent without a word, locked with a sentence."""

from types import SimpleNamespace
from typing import Any

import pytest

from bulk_orders.errors import SetupError
from bulk_orders.settings.secrets import keyring_secret


class KeyringError(Exception):
    pass


class NoKeyringError(KeyringError):
    pass


def library(answer: str | Exception | None) -> Any:
    """What `importlib.import_module` would give for `keyring` and `keyring.errors`."""

    def get_password(service: str, name: str) -> str | None:
        assert (service, name) == ("bulk-orders", "live:password")
        if isinstance(answer, Exception):
            raise answer
        return answer

    keyring = SimpleNamespace(get_password=get_password, get_keyring=object)
    errors = SimpleNamespace(KeyringError=KeyringError, NoKeyringError=NoKeyringError)
    return {"keyring": keyring, "keyring.errors": errors}.__getitem__


def not_installed(name: str) -> Any:
    raise ModuleNotFoundError(name)


@pytest.mark.parametrize("kept", ["s3cret", None])
def test_what_the_keyring_keeps_is_given(kept: str | None) -> None:
    assert keyring_secret("bulk-orders", "live:password", load=library(kept)) == kept


def test_without_the_library_there_is_no_secret() -> None:
    assert keyring_secret("bulk-orders", "live:password", load=not_installed) is None


def test_without_a_keyring_there_is_no_secret() -> None:
    assert keyring_secret("bulk-orders", "live:password", load=library(NoKeyringError())) is None


def test_a_keyring_that_does_not_open_says_so() -> None:
    with pytest.raises(SetupError, match="The keyring does not give out bulk-orders live:password: locked"):
        keyring_secret("bulk-orders", "live:password", load=library(KeyringError("locked")))


class PlaintextKeyring:
    pass


@pytest.mark.parametrize(
    "chosen", [PlaintextKeyring(), SimpleNamespace(backends=[object(), PlaintextKeyring()])]
)
def test_a_keyring_that_is_a_plain_file_is_refused(chosen: object) -> None:
    plain = SimpleNamespace(get_keyring=lambda: chosen, get_password=lambda *_: "secret")

    with pytest.raises(SetupError, match="plain file"):
        keyring_secret("bulk-orders", "live:password", load=lambda _: plain)
