"""What the client must be told, and whether it makes sense."""

import ipaddress
import re
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit, urlunsplit

from pydantic import SecretStr

from bulk_orders.errors import SetupError
from bulk_orders.texts import marketplace as words

_VISIBLE_ASCII = re.compile(r"[\x21-\x7e]+")


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
    proxy: SecretStr | None = None
    """http:// or https:// address; may hold a user and a password."""
    allow_http: bool = False


def checked_settings(settings: ClientSettings) -> ClientSettings:
    """Return the settings as they can be used, trimmed where that is harmless. Raises `SetupError`."""
    for name in ("user", "marketplace"):
        if not getattr(settings, name).strip():
            raise SetupError(words.SETTING_EMPTY.format(setting=name), fix=words.SETTING_EMPTY_FIX)
    if ":" in settings.user:
        raise SetupError(words.USER_WITH_COLON, fix=words.USER_WITH_COLON_FIX)
    if not settings.password.get_secret_value():
        raise SetupError(words.NO_PASSWORD, fix=words.NO_PASSWORD_FIX)
    return replace(
        settings,
        base_url=checked_base_url(settings.base_url, allow_http=settings.allow_http),
        subscription_key=checked_header_value(settings.subscription_key, words.SUBSCRIPTION_KEY),
        proxy=checked_proxy(settings.proxy),
    )


def checked_base_url(base_url: str, *, allow_http: bool = False) -> str:
    """Return the base URL without the slash at its end. Raises `SetupError` for what cannot be, or must not be, called."""
    text = base_url.strip()
    if not _VISIBLE_ASCII.fullmatch(text):
        raise SetupError(words.BASE_URL_UNUSUAL, fix=words.BASE_URL_FIX)
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise SetupError(words.BASE_URL_NO_ADDRESS, fix=words.BASE_URL_FIX) from None
    if "@" in parts.netloc:
        raise SetupError(words.BASE_URL_WITH_USER, fix=words.BASE_URL_WITH_USER_FIX)
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        raise SetupError(words.BASE_URL_NO_HTTPS.format(url=text), fix=words.BASE_URL_FIX)
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise SetupError(words.BASE_URL_WITH_QUERY, fix=words.BASE_URL_WITH_QUERY_FIX)
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
        raise SetupError(words.BASE_URL_OPEN.format(url=text), fix=words.BASE_URL_OPEN_FIX)
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
        raise SetupError(words.PROXY_UNUSABLE, fix=words.PROXY_UNUSABLE_FIX)
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
    if not _VISIBLE_ASCII.fullmatch(text):
        raise SetupError(words.HEADER_UNUSABLE.format(name=name), fix=words.HEADER_UNUSABLE_FIX)
    return SecretStr(text)


def is_loopback(host: str) -> bool:
    """Return whether the host is this machine, by name or by number."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
