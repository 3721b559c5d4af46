"""What the client must be told, and whether it makes sense."""

import ipaddress
import re
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr

from bulk_orders.errors import SetupError

_VISIBLE_ASCII = re.compile(r"[\x21-\x7e]+")
_BASE_URL_FIX = "Copy it from the reseller panel (API section), for example https://api.cloud.im/marketplace/eu, and put it in the settings as base_url."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSettings:
    """One account at one marketplace, and how patient to be with it."""

    base_url: str
    marketplace: str
    user: str
    password: SecretStr
    subscription_key: SecretStr
    order_deadline_s: float = 330.0
    """For one order from connecting to the answer's last byte; longer than any gateway is known to wait (300 s)."""
    read_deadline_s: float = 60.0
    """The same for a token or a read."""
    connect_timeout_s: float = 10.0
    """For each address of the host; the deadlines include it."""
    ca_file: str | None = None
    """PEM file of the authorities to trust in place of the usual ones, for networks that inspect TLS."""
    proxy: str | None = field(default=None, repr=False)
    """http:// or https:// address; may hold a password, hence not shown."""
    allow_http: bool = False


def checked_settings(settings: ClientSettings) -> ClientSettings:
    """The settings as they can be used, trimmed where that is harmless. Raises `SetupError`."""
    for name in ("user", "marketplace"):
        if not getattr(settings, name).strip():
            raise SetupError(
                f"The setting {name} is empty.", fix="The reseller panel shows it (API section)."
            )
    if ":" in settings.user:
        raise SetupError(
            "The user has a colon in it, which a sign-in cannot carry.", fix="Check the setting user."
        )
    if not settings.password.get_secret_value():
        raise SetupError(
            "The password is empty.",
            fix="Set it in the environment or the keyring; see `bulk-orders doctor`.",
        )
    return replace(
        settings,
        base_url=checked_base_url(settings.base_url, allow_http=settings.allow_http),
        subscription_key=checked_header_value(settings.subscription_key, "subscription key"),
        proxy=checked_proxy(settings.proxy),
    )


def checked_base_url(base_url: str, *, allow_http: bool = False) -> str:
    """The base URL without the slash at its end. Raises `SetupError` for what cannot be, or must not be, called."""
    text = base_url.strip()
    if not _VISIBLE_ASCII.fullmatch(text):
        raise SetupError(
            "The base URL is empty, or has spaces or unusual characters in it.", fix=_BASE_URL_FIX
        )
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise SetupError("The base URL is not a web address.", fix=_BASE_URL_FIX) from None
    if "@" in parts.netloc:
        raise SetupError(
            "The base URL has a user name or password in it.",
            fix="Take out everything between // and @; user and password have settings of their own.",
        )
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        raise SetupError(f"{text} is not a web address that starts with https://.", fix=_BASE_URL_FIX)
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise SetupError("The base URL has a ? or # in it.", fix="Cut it off there.")
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
        raise SetupError(
            f"The base URL {text} is not encrypted, and passwords would travel in the open.",
            fix="Write https:// in place of http://.",
        )
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def checked_proxy(proxy: str | None) -> str | None:
    """The proxy's address, or None. Raises `SetupError`, which does not repeat the address: it may hold a password."""
    if not proxy:
        return None
    try:
        parts = urlsplit(proxy.strip())
        is_usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        raise SetupError(
            "The proxy is not a usable address.", fix="Write it as http://HOST:PORT; SOCKS is not supported."
        )
    return proxy.strip()


def checked_header_value(secret: SecretStr, name: str) -> SecretStr:
    """A secret that can stand in a header, trimmed. Raises `SetupError`, which does not repeat it."""
    text = secret.get_secret_value().strip()
    if not _VISIBLE_ASCII.fullmatch(text):
        raise SetupError(
            f"The {name} is empty, or has characters in it that cannot be sent.",
            fix="Copy it again from the reseller panel, without line breaks.",
        )
    return SecretStr(text)


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, by name or by number."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
