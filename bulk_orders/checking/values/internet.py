"""How e-mail addresses and domains are read; syntax only, nothing is looked up on the network."""

import re
from functools import lru_cache

from bulk_orders.core.rule_constants import RESERVED_ENDINGS

_PLAIN_EMAIL = re.compile(
    r"(?=[^@]{1,64}@)[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    rf"(?!(?i:{'|'.join(RESERVED_ENDINGS)})\Z)"
    r"[A-Za-z]{2,24}"
)
_HOSTNAME = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
_NEW_TENANT = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.onmicrosoft\.com")
_TENANT_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_EMAIL_INSIDE = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def is_email(text: str) -> bool:
    """Tell whether a text is one e-mail address in plain letters; the usual ones are decided by a pattern."""
    if _PLAIN_EMAIL.fullmatch(text):
        return True
    has_real_ending = text.rpartition(".")[2].lower() not in RESERVED_ENDINGS
    return has_real_ending and text.isascii() and _is_unusual_email(text)


@lru_cache(maxsize=4096)
def _is_unusual_email(text: str) -> bool:
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - few workbooks need it

    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True


def email_proposal(text: str) -> str | None:
    """Return the only address inside `John <john@doe.com>` or `mailto:john@doe.com`."""
    inside = {address for address in _EMAIL_INSIDE.findall(text) if is_email(address)}
    return inside.pop() if len(inside) == 1 and text.count("@") == 1 else None


def email_domain(address: str) -> str:
    """Return what stands after the @, in small letters."""
    return address.rpartition("@")[2].lower()


def is_hostname(text: str) -> bool:
    """Tell whether a text is a domain in small ASCII letters, with a dot."""
    return _HOSTNAME.fullmatch(text) is not None


def is_new_tenant_domain(domain: str) -> bool:
    """Tell whether Microsoft can create the domain: letters, digits and hyphens between them before `.onmicrosoft.com`."""
    return _NEW_TENANT.fullmatch(domain) is not None


def is_tenant_id(text: str) -> bool:
    """Tell whether a text is the ID of a Microsoft tenant, as the portal shows it."""
    return _TENANT_ID.fullmatch(text) is not None


def domain_proposal(text: str) -> str | None:
    """Return the domain inside `https://acme.onmicrosoft.com/` or `admin@acme.onmicrosoft.com`."""
    host = re.sub(r"^[a-z]+://", "", text.strip())
    host = re.split(r"[/?#:]", host)[0].rpartition("@")[2].rstrip(".")
    return host if is_hostname(host) and host != text else None


def new_tenant_proposal(domain: str) -> str | None:
    """Return `acme.onmicrosoft.com` for `acme`, `acme.com` or `ac_me.onmicrosoft.com`."""
    name = re.sub(
        r"[^a-z0-9]", "", domain.removesuffix(".onmicrosoft.com").removeprefix("www.").split(".")[0]
    )
    return f"{name}.onmicrosoft.com" if name else None
