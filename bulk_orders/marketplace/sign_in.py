"""The token call, and what its answers mean.

Signing in twice does no harm, so it is tried again where an order would not be.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import SecretStr

from bulk_orders.core.retry_after import retry_after_s
from bulk_orders.errors import BulkOrdersError, CredentialsRefused, MarketplaceDown, SetupError
from bulk_orders.marketplace.client_settings import VISIBLE_ASCII
from bulk_orders.marketplace.interface import FailureKind, NoReply, Reply
from bulk_orders.marketplace.parsing import Unreadable, looks_like_html, read_json
from bulk_orders.marketplace.reading import TEMPORARY
from bulk_orders.marketplace.token import Grant, life_s
from bulk_orders.marketplace.token_request import TokenRequest

logger = logging.getLogger("bulk_orders")

TRIES = 3
LONGEST_PAUSE_S = 60.0
"""A server that asks for a longer wait is treated as down."""

_FIRST_PAUSE_S = 1.0


@dataclass(frozen=True, slots=True)
class _Again:
    """Worth another try, not before `pause_s`; if there is none, `error` is what to raise."""

    error: BulkOrdersError
    pause_s: float = 0.0


class SignIn:
    """Gets tokens for one account."""

    def __init__(
        self,
        send: Callable[[TokenRequest], Reply | NoReply],
        request: TokenRequest,
        *,
        user: str,
        marketplace: str,
        doctor: str,
        pace: Callable[[], None],
        sleep: Callable[[float], None],
        jitter: Callable[[], float],
    ) -> None:
        """Call `send` with `request`; `pace` returns when it may go. `user`, `marketplace` and `doctor` are for people.

        `sleep` takes seconds; 0 ≤ `jitter()` < 1.
        """
        self._pace = pace
        self._send = send
        self._request = request
        self._user = user
        self._code = marketplace
        self._doctor = doctor
        self._host = request.host
        self._sleep = sleep
        self._jitter = jitter

    def __call__(self) -> Grant:
        """Return a new token. Raises `CredentialsRefused`, `SetupError` or `MarketplaceDown`."""
        for attempt_number in range(1, TRIES + 1):
            self._pace()
            found = self._understood(self._send(self._request))
            if isinstance(found, Grant):
                return found
            if attempt_number == TRIES or found.pause_s > LONGEST_PAUSE_S:
                raise found.error
            self._sleep(max(found.pause_s, self._jitter() * _FIRST_PAUSE_S * 2 ** (attempt_number - 1)))
        raise AssertionError("the last try returns or raises")

    def _understood(self, answer: Reply | NoReply) -> Grant | _Again:
        if isinstance(answer, NoReply):
            return self._understood_silence(answer)
        pause_s = retry_after_s(answer.headers, answer.sent_at)
        if answer.status == HTTPStatus.FORBIDDEN and pause_s is not None:
            return _Again(
                _down(
                    "{host} says that its quota is used up (403, wait {pause_s:.0f} s).".format(
                        host=self._host, pause_s=pause_s
                    )
                ),
                pause_s,
            )
        value = _value(answer)
        if self._request.is_refusal(answer.status, value):
            raise self._refused(answer)
        if answer.status in TEMPORARY or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return _Again(
                _down(
                    "{host} answers {status} to the sign-in.".format(host=self._host, status=answer.status)
                ),
                pause_s or 0.0,
            )
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES or looks_like_html(
            answer.headers, answer.body
        ):
            raise self._wrong_place(answer)
        return self._grant(value)

    def _understood_silence(self, silence: NoReply) -> _Again:
        if silence.kind is FailureKind.CERTIFICATE:
            raise SetupError(
                silence.detail,
                fix=(
                    "Check base_url and this computer's clock; where the network inspects encrypted "
                    "traffic, set ca_file to the network's authority. Certificates are always checked."
                ),
            )
        return _Again(
            MarketplaceDown(
                silence.detail,
                fix=(
                    "Check base_url, the network and the proxy setting. "
                    "Try again in a few minutes; if it keeps failing, ask the marketplace's support."
                ),
            )
        )

    def _grant(self, value: Any) -> Grant | _Again:
        asked = self._request
        found = value if isinstance(value, dict) else {}
        inner = found.get("data")
        if asked.token_field not in found and isinstance(inner, dict):
            found = inner
        token = found.get(asked.token_field)
        if not isinstance(token, str) or not VISIBLE_ASCII.fullmatch(token):
            return _Again(_down("{host} signed in but sent no usable token.".format(host=self._host)))
        return Grant(token=SecretStr(token), life_s=life_s(found.get(asked.life_field)))

    def _refused(self, answer: Reply) -> CredentialsRefused:
        logger.warning("sign-in refused host=%s status=%d", self._host, answer.status)
        return CredentialsRefused(
            "{host} refused the sign-in of {user} ({status}).".format(
                host=self._host, user=self._user, status=answer.status
            ),
            fix=(
                "Check user, password, oauth2_client_id and "
                "oauth2_client_secret in the settings, then run `{doctor}`."
            ).format(doctor=self._doctor)
            if self._request.is_oauth2
            else (
                "Check user, password, subscription_key and marketplace in the "
                "settings, then run `{doctor}`. After a change of the API "
                "user the reseller panel shows a new subscription key."
            ).format(doctor=self._doctor),
        )

    def _wrong_place(self, answer: Reply) -> SetupError:
        if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}:
            fix = (
                (
                    "Ask the marketplace's support whether this client may sign in "
                    "with a user and a password (grant type password)."
                )
                if self._request.is_oauth2
                else (
                    "Check that marketplace ({marketplace}) is the code shown in "
                    "the reseller panel, then run `{doctor}`."
                ).format(marketplace=self._code, doctor=self._doctor)
            )
            return SetupError(
                "{host} does not accept the sign-in request ({status}).".format(
                    host=self._host, status=answer.status
                ),
                fix=fix,
            )
        if self._request.is_oauth2:
            return SetupError(
                (
                    "The setting oauth2_url seems wrong: "
                    "{host} gives out no tokens there (it answered {status})."
                ).format(host=self._host, status=answer.status),
                fix=(
                    "Copy it again from what the marketplace's support gave you, then run `{doctor}`."
                ).format(doctor=self._doctor),
            )
        return SetupError(
            "The base URL seems wrong: {host} has no sign-in there (it answered {status}).".format(
                host=self._host, status=answer.status
            ),
            fix="Copy base_url again from the reseller panel (API section), then run `{doctor}`.".format(
                doctor=self._doctor
            ),
        )


def _value(answer: Reply) -> Any:
    try:
        return read_json(answer.body) if answer.is_complete else None
    except Unreadable:
        return None


def _down(message: str) -> MarketplaceDown:
    return MarketplaceDown(
        message, fix="Try again in a few minutes; if it keeps failing, ask the marketplace's support."
    )
