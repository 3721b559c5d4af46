"""The API gateway in front of the platform: subscription key, tokens and the rate limit."""

import base64
import binascii
import hmac
import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from urllib.parse import parse_qsl

from bulk_orders.sandbox.messages import RefusedError

PRACTICE_USER: Final = "practice"
PRACTICE_PASSWORD: Final = "practice"  # noqa: S105 - known to everyone on purpose
PRACTICE_KEY: Final = "practice"
PRACTICE_CLIENT: Final = "practice"

SignInWay = Literal["basic", "oauth2"]
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Whom the marketplace lets in."""

    user: str = PRACTICE_USER
    password: str = PRACTICE_PASSWORD
    subscription_key: str = PRACTICE_KEY
    oauth2_client_id: str = PRACTICE_CLIENT
    oauth2_client_secret: str = PRACTICE_CLIENT


_EXPIRED: Final = "The token is not valid or has expired."
_NOT_FOUND: Final = "Not Found"


class Gateway:
    """Lets a request in or refuses it with `RefusedError`."""

    def __init__(
        self,
        *,
        credentials: Credentials,
        rng: random.Random,
        token_lifetime_s: int,
        limit_per_s: int | None,
        sign_in: SignInWay = "basic",
        client_id: str = "",
    ) -> None:
        self._credentials = credentials
        self._sign_in = sign_in
        self._client_id = client_id
        self._rng = rng
        self._token_lifetime_s = token_lifetime_s
        self._limit_per_s = limit_per_s
        self._let_in_at: deque[float] = deque()
        self._tokens: dict[str, float] = {}

    def check_key(self, headers: Mapping[str, str]) -> None:
        """Refuse a request without the right subscription key, or the X-Client-Id that is wanted. Raises `RefusedError`."""
        key = headers.get("x-subscription-key")
        if not key:
            raise RefusedError(401, "Access denied due to missing subscription key.", by_gateway=True)
        if not _same(key, self._credentials.subscription_key):
            raise RefusedError(401, "Access denied due to invalid subscription key.", by_gateway=True)
        if self._client_id and not _same(headers.get("x-client-id", ""), self._client_id):
            raise RefusedError(401, "Access denied due to missing or unknown X-Client-Id.", by_gateway=True)

    def check_rate(self, now: datetime) -> None:
        """Refuse a request when as many as the limit were let in during the second before it. Raises `RefusedError`."""
        if self._limit_per_s is None:
            return
        at = now.timestamp()
        while self._let_in_at and self._let_in_at[0] <= at - 1:
            self._let_in_at.popleft()
        if len(self._let_in_at) >= self._limit_per_s:
            raise too_many(1)
        self._let_in_at.append(at)

    def check_basic(self, headers: Mapping[str, str]) -> None:
        """Refuse a token request with the wrong user or password, or where tokens come from elsewhere. Raises `RefusedError`."""
        if self._sign_in != "basic":
            raise RefusedError(404, _NOT_FOUND)
        scheme, _, encoded = headers.get("authorization", "").partition(" ")
        try:
            plain = base64.b64decode(encoded, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            plain = ""
        user, _, password = plain.partition(":")
        right = _same(user, self._credentials.user) and _same(password, self._credentials.password)
        if scheme.lower() != "basic" or not right:
            raise RefusedError(401, "Bad credentials.")

    def check_form(self, headers: Mapping[str, str], body: bytes) -> None:
        """Refuse a grant that is not the password's, with all it takes: the form alone, and not a word of the API's secrets.

        Raises `RefusedError`.
        """
        if self._sign_in != "oauth2":
            raise RefusedError(404, _NOT_FOUND)
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != _FORM or not {"authorization", "x-subscription-key"}.isdisjoint(headers):
            raise RefusedError(400, "invalid_request")
        given = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        if (given.get("grant_type"), given.get("scope")) != ("password", "openid"):
            raise RefusedError(400, "unsupported_grant_type")
        known = self._credentials
        if not (
            _same(given.get("client_id", ""), known.oauth2_client_id)
            and _same(given.get("client_secret", ""), known.oauth2_client_secret)
        ):
            raise RefusedError(401, "invalid_client")
        if not (
            _same(given.get("username", ""), known.user) and _same(given.get("password", ""), known.password)
        ):
            raise RefusedError(401, "invalid_grant")

    def issue_token(self, now: datetime) -> dict[str, str | int]:
        """Return a new token; older ones stay good until they expire."""
        at = now.timestamp()
        self._tokens = {token: end for token, end in self._tokens.items() if end > at}
        token = f"practice.{self._rng.getrandbits(256):064x}"
        self._tokens[token] = at + self._token_lifetime_s
        return {"token": token, "expiresInSeconds": self._token_lifetime_s}

    def check_token(self, headers: Mapping[str, str], now: datetime) -> None:
        """Refuse a request without a token that is still good. Raises `RefusedError`."""
        if self._tokens.get(_bearer(headers), 0.0) <= now.timestamp():
            raise RefusedError(401, _EXPIRED)

    def end_session(self, headers: Mapping[str, str]) -> None:
        """Forget the token of the request, as if its session had died, and refuse the request.

        Raises `RefusedError`.
        """
        self._tokens.pop(_bearer(headers), None)
        raise RefusedError(401, _EXPIRED)


def too_many(retry_after_s: int, *, header: str | None = None) -> RefusedError:
    """Return the gateway's refusal of one request too many; `header` replaces the seconds in Retry-After."""
    return RefusedError(
        429,
        "Rate limit is exceeded. Try again in {retry_after_s} seconds.".format(retry_after_s=retry_after_s),
        by_gateway=True,
        headers=(("Retry-After", header or str(retry_after_s)),),
    )


def _bearer(headers: Mapping[str, str]) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())
