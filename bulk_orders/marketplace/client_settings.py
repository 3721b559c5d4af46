"""What the client must be told, and whether it makes sense."""

import ipaddress
import re
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

from pydantic import SecretStr

from bulk_orders.errors import SetupError

VISIBLE_ASCII: Final = re.compile(r"[\x21-\x7e]+")
_NOT_GIVEN: Final = SecretStr("")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSettings:
    """One account at one marketplace, and how patient to be with it."""

    base_url: str
    marketplace: str
    user: str
    password: SecretStr
    subscription_key: SecretStr
    client_id: SecretStr = _NOT_GIVEN
    """What the header X-Client-Id says in every request to the API; empty sends none."""
    oauth2_url: str = ""
    """Where tokens come from, without the last `/token`; empty is the API itself."""
    oauth2_client_id: str = ""
    oauth2_client_secret: SecretStr = _NOT_GIVEN
    """Empty for a public client."""
    order_deadline_s: float = 330.0
    """For one order from connecting to the answer's last byte; longer than any gateway is known to wait (300 s)."""
    read_deadline_s: float = 60.0
    """The same for a token or a read."""
    connect_timeout_s: float = 10.0
    """For each address of the host; the deadlines include it."""
    ca_file: str | None = None
    """PEM file of the authorities to trust in place of the usual ones, for networks that inspect TLS."""
    proxy: SecretStr | None = None
    """http:// or https:// address; may hold a user and a password."""
    allow_http: bool = False
    doctor: str = "bulk-orders doctor"
    """What to type to try the settings."""


_SETTING_EMPTY: Final = "The setting {setting} is empty."


def checked_settings(settings: ClientSettings) -> ClientSettings:
    """Return the settings as they can be used, trimmed where that is harmless. Raises `SetupError`."""
    for name in ("user", "marketplace"):
        if not getattr(settings, name).strip():
            raise SetupError(
                _SETTING_EMPTY.format(setting=name), fix="The reseller panel shows it (API section)."
            )
    if ":" in settings.user:
        raise SetupError(
            "The user has a colon in it, which a sign-in cannot carry.", fix="Check the setting user."
        )
    if not settings.password.get_secret_value():
        raise SetupError(
            "The password is empty.",
            fix="Set it in the environment or the keyring; see `{doctor}`.".format(doctor=settings.doctor),
        )
    client_id = settings.client_id
    if client_id.get_secret_value().strip():
        client_id = checked_header_value(client_id, "client id (client_id)")
    return replace(
        settings,
        base_url=checked_base_url(settings.base_url, allow_http=settings.allow_http),
        oauth2_url=_checked_oauth2(settings),
        client_id=client_id,
        subscription_key=checked_header_value(settings.subscription_key, "subscription key"),
        proxy=checked_proxy(settings.proxy),
    )


def secrets_of(settings: ClientSettings) -> tuple[SecretStr, ...]:
    """Return what requests carry that nobody may read in an answer, beside user and password."""
    own = (settings.subscription_key, settings.client_id, settings.oauth2_client_secret)
    return (*own, *proxy_secrets(settings.proxy))


def _checked_oauth2(settings: ClientSettings) -> str:
    """Return the address of the server for tokens, or nothing without one. Raises `SetupError`."""
    if not settings.oauth2_url.strip():
        return ""
    if not settings.oauth2_client_id.strip():
        raise SetupError(
            _SETTING_EMPTY.format(setting="oauth2_client_id"),
            fix="The marketplace's support gives it out together with oauth2_url.",
        )
    url = checked_base_url(
        settings.oauth2_url,
        allow_http=settings.allow_http,
        name="address of the sign-in (oauth2_url)",
        fix=(
            "Ask the marketplace's support for the address that gives out "
            "tokens, and put it in the settings as oauth2_url."
        ),
    )
    return url.removesuffix("/token")


# After "The ".
def checked_base_url(
    base_url: str,
    *,
    allow_http: bool = False,
    name: str = "base URL",
    fix: str = (
        "Copy it from the reseller panel (API section), for example "
        "https://api.cloud.im/marketplace/eu, and put it in the settings as base_url."
    ),
) -> str:
    """Return an address without the slash at its end. Raises `SetupError` for what cannot be, or must not be, called.

    `name` and `fix` say of another address than the base URL what it is and where it comes from.
    """
    text = base_url.strip()
    if not VISIBLE_ASCII.fullmatch(text):
        raise SetupError(
            "The {name} is empty, or has spaces or unusual characters in it.".format(name=name), fix=fix
        )
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise SetupError("The {name} is not a web address.".format(name=name), fix=fix) from None
    if "@" in parts.netloc:
        raise SetupError(
            "The {name} has a user name or password in it.".format(name=name),
            fix="Take out everything between // and @; user and password have settings of their own.",
        )
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        raise SetupError("{url} is not a web address that starts with https://.".format(url=text), fix=fix)
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise SetupError("The {name} has a ? or # in it.".format(name=name), fix="Cut it off there.")
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
        raise SetupError(
            "The {name} {url} is not encrypted, so passwords would travel in the open.".format(
                name=name, url=text
            ),
            fix="Write https:// instead of http://.",
        )
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def checked_proxy(proxy: SecretStr | None) -> SecretStr | None:
    """Return the proxy's address, or None. Raises `SetupError`, which does not repeat the address: it may hold a password."""
    text = proxy.get_secret_value().strip() if proxy else ""
    if not text:
        return None
    try:
        parts = urlsplit(text)
        is_usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        raise SetupError(
            "The proxy is not a usable address.", fix="Write it as http://HOST:PORT; SOCKS is not supported."
        )
    return SecretStr(text)


def proxy_secrets(proxy: SecretStr | None) -> tuple[SecretStr, ...]:
    """Return what the proxy is signed in to with, as it is in the address and as it travels; empty without a sign-in."""
    user_info = urlsplit(proxy.get_secret_value()).netloc.rpartition("@")[0] if proxy else ""
    if not user_info:
        return ()
    pair = unquote(user_info)
    return tuple(SecretStr(secret) for secret in (pair, pair.partition(":")[2]) if secret)


def checked_header_value(secret: SecretStr, name: str) -> SecretStr:
    """Return a secret that can be in a header, trimmed. Raises `SetupError`, which does not repeat it."""
    text = secret.get_secret_value().strip()
    if not VISIBLE_ASCII.fullmatch(text):
        raise SetupError(
            "The {name} is empty, or has characters in it that cannot be sent.".format(name=name),
            fix="Copy it again from the reseller panel, without line breaks.",
        )
    return SecretStr(text)


def is_loopback(host: str) -> bool:
    """Return whether the host is this machine, by name or by number."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
