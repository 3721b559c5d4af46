"""How an account signs in: with POST /token of the marketplace's API, or with a server of its own for tokens (OAuth 2).

What differs is here alone: where the request goes, what it carries, and what of the answer is the token. With OAuth 2 the
grant is the password's, and the server for tokens is told nothing of the API's own key.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from bulk_orders.marketplace.client_settings import ClientSettings

_REFUSED: Final = frozenset({"invalid_grant", "invalid_client", "unauthorized_client"})
"""What RFC 6749, 5.2 calls a user, a password or a client that are wrong, mostly with HTTP 400."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequest:
    """A request for a token; without its secrets in any text made of it."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    token_field: str
    life_field: str
    """Seconds."""
    is_oauth2: bool

    @property
    def host(self) -> str:
        """Who is asked, for people."""
        return urlsplit(self.url).netloc

    def is_refusal(self, status: int, value: Any) -> bool:
        """Return whether this answer says that the credentials are wrong."""
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return True
        error = value.get("error") if isinstance(value, dict) else None
        return self.is_oauth2 and status == HTTPStatus.BAD_REQUEST and error in _REFUSED


def token_request(settings: ClientSettings, api_headers: Mapping[str, str]) -> TokenRequest:
    """Return the request that `settings` sign in with; `api_headers` are those of every request to the API."""
    if settings.oauth2_url:
        return TokenRequest(
            url=f"{settings.oauth2_url}/token",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=urlencode(_form(settings), errors="surrogatepass").encode("ascii"),
            token_field="access_token",  # noqa: S106 - the name of a field
            life_field="expires_in",
            is_oauth2=True,
        )
    pair = f"{settings.user}:{settings.password.get_secret_value()}".encode("utf-8", "surrogatepass")
    basic = "Basic " + base64.b64encode(pair).decode("ascii")
    return TokenRequest(
        url=f"{settings.base_url}/token",
        headers={**api_headers, "Authorization": basic},
        body=json.dumps({"marketplace": settings.marketplace}).encode(),
        token_field="token",  # noqa: S106 - the name of a field
        life_field="expiresInSeconds",
        is_oauth2=False,
    )


def _form(settings: ClientSettings) -> dict[str, str]:
    """Return the password's grant; a client without a secret is a public one."""
    secret = settings.oauth2_client_secret.get_secret_value()
    return {
        "grant_type": "password",
        "username": settings.user,
        "password": settings.password.get_secret_value(),
        "client_id": settings.oauth2_client_id,
        **({"client_secret": secret} if secret else {}),
        "scope": "openid",
    }
