"""Which activation parameters the platform wants for a Microsoft NCE product, and what it says to wrong ones.

Names are case-sensitive and unknown names are ignored, as on the platform: a misspelt parameter is a missing one.
Source: the vendor's guide for Microsoft 365 NCE orders, and the connector's purchase request parameters.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final

from bulk_orders.sandbox.catalogue import MICROSOFT, Product

Problem = tuple[str, str]
"""Parameter name and message."""

Given = Mapping[str, Mapping[str, Any]]
"""Parameter name to the parameter as sent."""

TAKEN_DOMAINS: Final = frozenset(
    f"{prefix}.onmicrosoft.com"
    for prefix in ("taken", "acme", "contoso", "fabrikam", "northwind", "example", "test")
)
"""Domains that a new tenant cannot have although no order of this marketplace took them."""

_SUFFIX: Final = ".onmicrosoft.com"
_DOMAIN: Final = re.compile(r"[a-z0-9][a-z0-9-]*\.onmicrosoft\.com", re.IGNORECASE)
_GUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_US_DATE: Final = re.compile(r"(\d\d)-(\d\d)-(\d{4})", re.ASCII)
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")

# Microsoft's rule: a company's name is not its legal form alone; a few of the published list.
_LEGAL_FORMS: Final = frozenset(
    {
        "llc",
        "llc.",
        "l.l.c.",
        "inc",
        "inc.",
        "corp",
        "corp.",
        "corporation",
        "ltd",
        "ltd.",
        "limited",
        "gmbh",
        "c p a",
    }
)


def by_name(parameters: Any) -> dict[str, dict[str, Any]]:
    """Return the parameters of a product line by name; what is not a parameter is left out, a repeated name wins last."""
    if not isinstance(parameters, list):
        return {}
    return {
        parameter["name"]: parameter
        for parameter in parameters
        if isinstance(parameter, dict) and isinstance(parameter.get("name"), str)
    }


def text(given: Given, name: str) -> str | None:
    """Return the plain value of a parameter, None when it is missing or no text."""
    value = given.get(name, {}).get("value")
    return value if isinstance(value, str) else None


def new_tenant_domain(given: Given) -> str | None:
    """Return the domain, in lower case, that a line will create a tenant for; None for an existing tenant."""
    if text(given, "tenant_preference") != "new":
        return None
    domain = text(given, "microsoft_domain")
    return domain.lower() if domain else None


_REQUIRED: Final = "is required"


def problems(product: Product, given: Given, taken: Collection[str]) -> Iterator[Problem]:
    """List everything wrong with a sales line's parameters; other vendors want theirs, and nothing of Microsoft's."""
    if product.vendor != MICROSOFT:
        yield from _wanted(product, given)
        return
    preference = text(given, "tenant_preference")
    if preference == "new":
        yield from _new_tenant(given, taken)
    elif preference == "existing":
        yield from _existing_tenant(given)
    else:
        yield "tenant_preference", "must be 'new' or 'existing'" if preference else _REQUIRED
    yield from _attestations(product, given)
    yield from _optional(given)
    if "migration_info_object" in given:
        yield from _imported(given["migration_info_object"])


def _imported(parameter: Mapping[str, Any]) -> Iterator[Problem]:
    told = parameter.get("structured_value")
    names = ("ms_customer_id", "subscription_id", "csp_order_id")
    if not isinstance(told, dict) or not all(
        isinstance(told.get(name), str) and told[name] for name in names
    ):
        yield "migration_info_object", "must have ms_customer_id, subscription_id and csp_order_id"


def _wanted(product: Product, given: Given) -> Iterator[Problem]:
    for name in product.texts_wanted:
        if not text(given, name):
            yield name, _REQUIRED
    for name in product.objects_wanted:
        if not isinstance(given.get(name, {}).get("structured_value"), dict):
            yield name, "must be an object"


_DOMAIN_ENDING: Final = "must be a prefix followed by '{suffix}'"
_AGREEMENT_DATE: Final = "must be a date in the format MM-DD-YYYY"


def _new_tenant(given: Given, taken: Collection[str]) -> Iterator[Problem]:
    domain = text(given, "microsoft_domain")
    if not domain:
        yield "microsoft_domain", _REQUIRED
    elif not _DOMAIN.fullmatch(domain):
        yield "microsoft_domain", _DOMAIN_ENDING.format(suffix=_SUFFIX)
    elif domain.lower() in taken or domain.lower() in TAKEN_DOMAINS:
        yield (
            "microsoft_domain",
            "names a domain that is already used by another tenant: '{domain}'".format(domain=domain),
        )
    if text(given, "mca_acceptance") != "yes":
        yield "mca_acceptance", "must be 'yes' for a new tenant"
    agreed = text(given, "agreement_date")
    if not agreed:
        yield "agreement_date", _REQUIRED
    elif not _is_us_date(agreed):
        yield "agreement_date", _AGREEMENT_DATE
    for name in ("first_name_agreement", "last_name_agreement"):
        if not (text(given, name) or "").strip():
            yield name, _REQUIRED


def _existing_tenant(given: Given) -> Iterator[Problem]:
    domain, tenant_id = text(given, "microsoft_domain"), text(given, "microsoft_tenant_id")
    if not domain and not tenant_id:
        yield "microsoft_domain", _REQUIRED
    if domain and not _DOMAIN.fullmatch(domain):
        yield "microsoft_domain", _DOMAIN_ENDING.format(suffix=_SUFFIX)
    if tenant_id and not _GUID.fullmatch(tenant_id):
        yield "microsoft_tenant_id", "must be a GUID"
    if "agreement_date" in given and not _is_us_date(text(given, "agreement_date") or ""):
        yield "agreement_date", _AGREEMENT_DATE


def _attestations(product: Product, given: Given) -> Iterator[Problem]:
    if _attested(given, "partner_on_record_attestation_accepted") is not True:
        yield (
            "partner_on_record_attestation_accepted",
            "is not attested: attestation_accepted must be true for a sales order",
        )
    offer = _attested(given, "offer_attestation")
    if not isinstance(offer, bool):
        yield "offer_attestation", "is not attested: attestation_accepted must be true or false"
    elif product.needs_offer_attestation and not offer:
        yield (
            "offer_attestation",
            "is not attested: attestation_accepted must be true for '{product}'".format(product=product.name),
        )


def _attested(given: Given, name: str) -> Any:
    structured = given.get(name, {}).get("structured_value")
    return structured.get("attestation_accepted") if isinstance(structured, dict) else None


def _optional(given: Given) -> Iterator[Problem]:
    for name in ("email_address_agreement", "customer_email"):
        if name in given and not _EMAIL.fullmatch(text(given, name) or ""):
            yield name, "must be an e-mail address"
    if (text(given, "customer_email") or "").lower().endswith("@microsoft.com"):
        yield "customer_email", "must not have the domain microsoft.com"
    if "customer_company_name" in given and not _is_company(text(given, "customer_company_name") or ""):
        yield "customer_company_name", "is not a valid company name"
    if "effective_country" in given and not _COUNTRY.fullmatch(text(given, "effective_country") or ""):
        yield "effective_country", "must be a two-letter country code"
    if "special_qualifications" in given and text(given, "special_qualifications") not in {"None", "soe"}:
        yield "special_qualifications", "must be 'None' or 'soe'"


def _is_company(name: str) -> bool:
    return len(set(name.strip())) > 1 and name.strip().lower() not in _LEGAL_FORMS


def _is_us_date(value: str) -> bool:
    match = _US_DATE.fullmatch(value)
    if not match:
        return False
    month, day, year = map(int, match.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
