"""Which addresses and secrets are accepted, and that each refusal says what to do."""

import pytest
from pydantic import SecretStr
from scripted_server import World

from bulk_orders.errors import SetupError
from bulk_orders.marketplace.client_settings import checked_base_url, checked_proxy


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("https://api.cloud.im/marketplace/na/", "https://api.cloud.im/marketplace/na"),
        ("https://api.cloud.im/marketplace/na", "https://api.cloud.im/marketplace/na"),
        ("  https://api.cloud.im/marketplace/eu//\n", "https://api.cloud.im/marketplace/eu"),
        ("https://simpleapiprod.azure-api.net", "https://simpleapiprod.azure-api.net"),
        ("https://host:8443/a/b/", "https://host:8443/a/b"),
        ("HTTPS://Host/a", "https://Host/a"),
        ("http://127.0.0.1:8000/marketplace/dev", "http://127.0.0.1:8000/marketplace/dev"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
        ("http://localhost/", "http://localhost"),
    ],
)
def test_a_base_url_keeps_its_path_and_loses_its_last_slash(written: str, used: str) -> None:
    assert checked_base_url(written) == used


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "api.cloud.im/marketplace/na",
        "ftp://api.cloud.im",
        "https://",
        "https:///marketplace",
        "http://api.cloud.im/marketplace/na",
        "http://127.0.0.1.evil.example/",
        "http://10.0.0.5/",
        "https://user:secret@api.cloud.im/",
        "https://user@api.cloud.im/",
        "https://api.cloud.im/a b",
        "https://api.cloud.im/a\r\nX-Evil: 1",
        "https://api.cloud.im/?x=1",
        "https://api.cloud.im/#top",
        "https://api.cloud.im:99999/",
        "https://api.cloud.im:port/",
        "https://api.cloud.im:0/",
        "https://[::1/",
        "https://маркет.example/",
    ],
)
def test_a_base_url_that_cannot_or_must_not_be_called_is_refused_with_the_way_out(written: str) -> None:
    with pytest.raises(SetupError) as caught:
        checked_base_url(written)
    assert caught.value.fix
    assert "secret" not in str(caught.value)


def test_http_can_be_allowed_on_purpose() -> None:
    assert checked_base_url("http://10.0.0.5/a", allow_http=True) == "http://10.0.0.5/a"


@pytest.mark.parametrize(
    "written", ["socks5://u:secret@h:1", "http://u:secret@:80", "h:80", "http://u:secret@h:x"]
)
def test_a_proxy_that_cannot_be_used_is_refused_without_being_shown(written: str) -> None:
    with pytest.raises(SetupError, match="http://HOST:PORT") as caught:
        checked_proxy(SecretStr(written))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"subscription_key": SecretStr("")},
        {"subscription_key": SecretStr("two canary\r\nlines")},
        {"subscription_key": SecretStr("canary-ключ")},
        {"password": SecretStr("")},
        {"user": " "},
        {"user": "a:b"},
        {"marketplace": ""},
        {"ca_file": "/no/such/file.pem"},
    ],
    ids=str,
)
def test_settings_that_make_no_sense_are_refused_before_anything_is_called(
    changes: dict[str, object],
) -> None:
    with pytest.raises(SetupError) as caught:
        World().client("https://127.0.0.1:9", **changes)
    assert caught.value.fix
    assert "canary" not in str(caught.value)


def test_a_subscription_key_pasted_with_a_line_break_is_trimmed() -> None:
    client = World().client("https://127.0.0.1:9", subscription_key=SecretStr(" key\n"))
    assert client._settings.subscription_key.get_secret_value() == "key"
