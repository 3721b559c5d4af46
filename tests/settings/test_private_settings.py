"""Secrets and settings: from files that are files, from nobody else's files, never shown, never led astray."""

import os
from pathlib import Path

import pytest

from bulk_orders.errors import SetupError
from bulk_orders.settings.profiles import SHOWN, Profile, load_profile, shown_address

LIVE = """[profiles.live]
base_url = "https://api.cloud.im/marketplace/na"
user = "u"
"""
SECRETS = {"BULK_ORDERS_PASSWORD": "a-password", "BULK_ORDERS_SUBSCRIPTION_KEY": "a-key"}


def config(folder: Path, more: str = "", text: str = LIVE) -> Path:
    folder.chmod(0o700)
    path = folder / "settings.toml"
    path.write_text(text + more, encoding="utf-8")
    path.chmod(0o600)
    return path


def secret_file(folder: Path, mode: int = 0o600) -> Path:
    path = folder / "password.txt"
    path.write_text("a-password\n", encoding="utf-8")
    path.chmod(mode)
    return path


def test_every_setting_may_be_shown_or_is_only_said_to_be_set() -> None:
    fields = set(Profile.model_fields)
    assert fields - SHOWN == {
        *("password", "subscription_key", "client_id", "oauth2_client_secret", "ledger_url"),
        *("base_url", "oauth2_url", "proxy"),
    }
    profile = Profile.model_validate(
        {
            "password": "canary-1",
            "subscription_key": "canary-2",
            "proxy": "http://u:canary-3@proxy:8080",
            "ledger_url": "postgresql://u:canary-4@host/ledger",
        }
    )
    assert "canary" not in repr(profile) + str(profile.described()) + str(profile)
    assert profile.described()["proxy"] == "http://proxy:8080"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://user:canary@proxy.example:8080", "http://proxy.example:8080"),
        ("http://user:can@ary@proxy.example:8080/x", "http://proxy.example:8080/x"),
        ("https://api.example/na?key=canary#canary", "https://api.example/na"),
        ("user:canary@proxy.example:8080", "set, not a web address"),
        ("canary", "set, not a web address"),
        ("http://[canary", "set, not a web address"),
        ("", ""),
    ],
)
def test_of_an_address_only_what_is_no_secret_is_shown(address: str, shown: str) -> None:
    assert shown_address(address) == shown


@pytest.mark.parametrize("where", ["file", "flag"])
def test_a_base_url_with_a_password_is_refused_before_anything_shows_it(tmp_path: Path, where: str) -> None:
    address = "https://u:canary@api.cloud.im/marketplace/na"
    text = LIVE.replace("https://api.cloud.im/marketplace/na", address) if where == "file" else LIVE
    flags = {"base_url": address} if where == "flag" else {}

    with pytest.raises(SetupError) as refused:
        load_profile("live", config_file=config(tmp_path, text=text), environment=SECRETS, flags=flags)

    assert "canary" not in str(refused.value)


@pytest.mark.parametrize("value", ["5", "true", "[]", '""', '" "', "1979-05-27"])
def test_a_path_that_is_no_text_is_a_sentence(tmp_path: Path, value: str) -> None:
    with pytest.raises(SetupError, match="password_file"):
        load_profile("live", config_file=config(tmp_path, f"password_file = {value}\n"), environment={})


@pytest.mark.skipif(os.name == "nt", reason="no such devices")
@pytest.mark.parametrize("name", ["/dev/full", "/dev/zero", "/dev/null", "pipe"])
def test_a_device_or_a_pipe_is_no_secret_and_no_settings_file(tmp_path: Path, name: str) -> None:
    path = Path(name)
    if name == "pipe":
        path = tmp_path / "pipe"
        os.mkfifo(path)
    with pytest.raises(SetupError, match="not a regular file"):
        load_profile("live", config_file=config(tmp_path, f'password_file = "{path}"\n'), environment={})
    with pytest.raises(SetupError, match="not a regular file"):
        load_profile("live", config_file=path, environment={})


def test_a_secret_file_with_nothing_in_it_is_said(tmp_path: Path) -> None:
    path = secret_file(tmp_path)
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(SetupError, match=r"The password file .* is empty\.") as refused:
        load_profile("live", config_file=config(tmp_path, f'password_file = "{path}"\n'), environment={})
    assert refused.value.fix == "Write the password into it."


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_a_secret_that_others_can_read_is_used_and_said(tmp_path: Path) -> None:
    path = secret_file(tmp_path, 0o644)
    said: list[str] = []

    profile = load_profile(
        "live", config_file=config(tmp_path, f'password_file = "{path}"\n'), environment={}, warn=said.append
    )

    assert profile.password.get_secret_value() == "a-password"
    assert said == [f"Others on this computer can read {path}. Run: chmod 600 {path}"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
@pytest.mark.parametrize("which", ["secret", "settings", "folder"])
def test_a_file_that_everybody_can_change_is_refused(tmp_path: Path, which: str) -> None:
    path = secret_file(tmp_path)
    settings = config(tmp_path, f'password_file = "{path}"\n')
    changed = {"secret": path, "settings": settings, "folder": tmp_path}[which]
    changed.chmod(0o777 if which == "folder" else 0o666)

    with pytest.raises(SetupError, match="Everybody on this computer can") as refused:
        load_profile("live", config_file=settings, environment={})

    assert "Run: chmod" in refused.value.fix


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BULK_ORDERS_BASE_URL", "https://evil.example/marketplace/na"),
        ("BULK_ORDERS_BASE_URL", "https://api.cloud.im.evil.example/marketplace/na"),
        ("BULK_ORDERS_CA_FILE", "/home/evil/ca.pem"),
        ("BULK_ORDERS_OAUTH2_URL", "https://evil.example/auth"),
        ("BULK_ORDERS_PROXY", "http://evil.example:8080"),
    ],
)
def test_the_environment_alone_sends_credentials_no_other_way(
    tmp_path: Path, variable: str, value: str
) -> None:
    path = config(tmp_path, 'proxy = "http://proxy.example:8080"\n')

    with pytest.raises(SetupError, match=variable):
        load_profile("live", config_file=path, environment={**SECRETS, variable: value})


def test_the_environment_may_say_what_the_settings_file_says_or_leaves_open(tmp_path: Path) -> None:
    open_file = config(tmp_path, text='[profiles.live]\nuser = "u"\n')
    address = {"BULK_ORDERS_BASE_URL": "https://api.cloud.im/marketplace/na"}

    assert load_profile("live", config_file=open_file, environment={**SECRETS, **address}).base_url
    assert load_profile("live", config_file=config(tmp_path), environment={**SECRETS, **address}).base_url
