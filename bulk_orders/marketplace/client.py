"""The marketplace over HTTP.

An order goes out once, whole, and what was seen of its answer comes back undigested; nothing here sends it again.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode

from pydantic import SecretStr

from bulk_orders.core.json_values import text_of
from bulk_orders.core.version import VERSION
from bulk_orders.errors import MarketplaceDown, SetupError
from bulk_orders.marketplace.client_settings import ClientSettings, checked_settings, secrets_of
from bulk_orders.marketplace.interface import (
    Estimate,
    FailureKind,
    Marketplace,
    NoReply,
    OrderList,
    ParameterValidation,
    PlatformOrder,
    PlatformSubscription,
    ReadFailed,
    Reply,
)
from bulk_orders.marketplace.paging import PAGE_SIZE, Listing, Page, collect
from bulk_orders.marketplace.parsing import (
    Unreadable,
    estimate_of,
    order_of,
    rows_of,
    subscription_of,
    total_of,
    unwrapped,
    validation_of,
)
from bulk_orders.marketplace.reading import Answer, Question, Reader
from bulk_orders.marketplace.redaction import Redactor
from bulk_orders.marketplace.sign_in import SignIn
from bulk_orders.marketplace.token import TokenKeeper
from bulk_orders.marketplace.token_request import TokenRequest, token_request
from bulk_orders.marketplace.transport import ORDER_BODY_CAP, READ_BODY_CAP, Transport

T = TypeVar("T")
V = TypeVar("V")
Row = Mapping[str, Any]

_LIST_PASSES = 2
"""How often a list is read in search of a complete reading, when the answer has no way to say that it is not."""
_SLOT_LASTS_S = 0.02
"""An order that waited longer for its sign-in has lost its turn in the pace, and waits for another."""
_ODD_FIX: Final = "Try again later."


class HttpMarketplace(Marketplace):
    """One account at one marketplace. Safe to share between threads."""

    def __init__(
        self,
        settings: ClientSettings,
        *,
        connections: int,
        monotonic: Callable[[], float],
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
        jitter: Callable[[], float],
        pace: Callable[[], None],
        throttled: Callable[[float], None] = lambda _wait_s: None,
        may_leave: Callable[[], bool] = lambda: True,
    ) -> None:
        """Take `connections`, how many threads send at the same time; `monotonic` and `sleep` are in seconds.

        `now` gives aware UTC, 0 ≤ `jitter()` < 1, and `pace` returns when the next read or sign-in may go; `throttled` is told
        for how long a 429 to a read asks everybody to wait; an order leaves only while `may_leave()`. Opens no connection.
        Raises `SetupError` when the settings make no sense.
        """
        self._settings = checked_settings(settings)
        self._now = now
        self._monotonic = monotonic
        self._pace = pace
        self._may_leave = may_leave
        self._transport = Transport(
            connections=connections,
            connect_timeout_s=self._settings.connect_timeout_s,
            ca_file=self._settings.ca_file,
            proxy=self._settings.proxy,
            monotonic=monotonic,
            now=now,
        )
        self._redactor = Redactor(
            user=self._settings.user, password=self._settings.password, others=secrets_of(self._settings)
        )
        self._common_headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "User-Agent": f"bulk-orders/{VERSION}",
        }
        sign_in = SignIn(
            self._send_sign_in,
            token_request(self._settings, self._api_headers()),
            user=self._settings.user,
            marketplace=self._settings.marketplace,
            doctor=self._settings.doctor,
            pace=pace,
            sleep=sleep,
            jitter=jitter,
        )
        self._tokens = TokenKeeper(sign_in, monotonic=monotonic)
        self._reader = Reader(
            self._send_question, self._tokens, pace=pace, sleep=sleep, jitter=jitter, throttled=throttled
        )

    def sign_in(self) -> None:
        """See the port."""
        self._tokens.fresh()

    def renew_token(self) -> None:
        """See the port. Callers whose refused token was replaced in the meantime share the new one."""
        self._tokens.renew()

    def close(self) -> None:
        """Close the connections that are kept open; new ones are made when needed."""
        self._transport.close()

    def place(self, body: Mapping[str, Any]) -> Reply | NoReply:
        """See the port. Raises `TypeError` or `ValueError`, before anything is sent, for a body that JSON cannot hold."""
        return self._send_once("POST", "/orders", _json_bytes(body))

    def set_auto_renewal(self, subscription_id: str, *, is_on: bool) -> Reply | NoReply:
        """See the port."""
        target = f"/subscriptions/{quote(subscription_id.strip(), safe='')}"
        return self._send_once("PATCH", target, _json_bytes({"renewalStatus": is_on}))

    def _send_once(self, method: str, target: str, content: bytes) -> Reply | NoReply:
        sent_at, began_s = self._now(), self._monotonic()
        try:
            token = self._tokens.fresh()
            if self._monotonic() - began_s > _SLOT_LASTS_S:
                self._pace()  # all who waited for one sign-in would leave in one moment
                token = self._tokens.fresh()
        except (SetupError, MarketplaceDown) as error:
            return NoReply(
                kind=FailureKind.NO_SIGN_IN,
                detail=str(error),
                bytes_sent=0,
                sent_at=sent_at,
            )
        return self._exchange(
            method,
            target,
            token=token,
            body=content,
            deadline_s=self._settings.order_deadline_s,
            body_cap=ORDER_BODY_CAP,
            may_leave=self._may_leave,
        )

    def get_order(self, order_id: str) -> PlatformOrder | None:
        """See the port. An answer about another order than the one asked for is a failed read."""
        found = self._one("/orders", order_id)
        return None if found is None else _read(order_of, found)

    def list_orders(
        self,
        *,
        customer_id: str = "",
        created_from: datetime | None = None,
        created_to: datetime | None = None,
        status: str = "",
    ) -> OrderList:
        """See the port. Moments go out in whole seconds, widened; rows of other customers or statuses are left out of the result."""
        listing = self._listing(
            "/orders",
            _id,
            customerId=customer_id,
            creationTimeFrom=_whole_second(created_from),
            creationTimeTo=_whole_second(created_to, seconds_later=1),
            status=status,
        )
        rows = (
            row for row in listing.rows if not status or text_of(row.get("status")).casefold() in {"", status}
        )
        orders = (_read(order_of, row) for row in rows)
        return OrderList(
            orders=tuple(order for order in orders if _is_of(customer_id, order.customer_id)),
            is_complete=listing.is_complete,
            server_time=listing.server_time,
        )

    def list_subscriptions(
        self, *, customer_id: str, created_from: datetime | None = None
    ) -> tuple[PlatformSubscription, ...]:
        """See the port. The platform filters by day and may mean the day after, so the day before is asked for."""
        day = (created_from.astimezone(UTC) - timedelta(days=1)).date().isoformat() if created_from else ""
        listing = self._complete_listing("/subscriptions", _id, customerId=customer_id, creationDateFrom=day)
        subscriptions = (_read(subscription_of, row) for row in listing.rows)
        return tuple(found for found in subscriptions if _is_of(customer_id, found.customer_id))

    def get_subscription(self, subscription_id: str) -> PlatformSubscription | None:
        """See the port. An answer about another subscription than the one asked for is a failed read."""
        found = self._one("/subscriptions", subscription_id)
        return None if found is None else _read(subscription_of, found)

    def list_products(self, *, mpn: str = "", name: str = "") -> tuple[Mapping[str, Any], ...]:
        """See the port. Rows of other products are left out: a filter that was not understood lets everything through."""
        rows = self._complete_listing("/products", _whole_row, may_repeat=True, mpn=mpn, name=name).rows
        wanted = {"mpn": mpn, "name": name}
        return tuple(
            row
            for row in rows
            if all(text_of(row.get(key)) == text.strip() for key, text in wanted.items() if text)
        )

    def list_customers(self) -> tuple[Mapping[str, Any], ...]:
        """See the port."""
        return self._complete_listing("/customers", _id).rows

    def get_customer(self, customer_id: str) -> Mapping[str, Any] | None:
        """See the port. An answer about another customer than the one asked for is a failed read."""
        return self._one("/customers", customer_id)

    def validate_parameters(self, request: Mapping[str, Any]) -> ParameterValidation:
        """See the port."""
        return _read(validation_of, self._post("/validation/parameters", request).value)

    def estimate(self, body: Mapping[str, Any]) -> Estimate:
        """See the port."""
        return _read(estimate_of, self._post("/orders/estimate", body).value)

    def _post(self, path: str, body: Mapping[str, Any]) -> Answer:
        return self._reader.ask(Question(method="POST", target=path, body=_json_bytes(body)))

    def _one(self, path: str, name: str) -> Mapping[str, Any] | None:
        if not name.strip():
            raise ReadFailed("GET {path} needs an id, and got none.".format(path=path))
        answer = self._reader.ask(
            Question(method="GET", target=f"{path}/{quote(name.strip(), safe='')}"), may_be_absent=True
        )
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        found = _read(unwrapped, answer.value)
        if text_of(found.get("id")) != name.strip():
            raise ReadFailed("GET {path} was answered for another id.".format(path=path), fix=_ODD_FIX)
        return found

    def _complete_listing(
        self, path: str, identity: Callable[[Row], str], *, may_repeat: bool = False, **filters: str
    ) -> Listing:
        for _ in range(_LIST_PASSES):
            listing = self._listing(path, identity, **filters)
            if listing.is_complete or (may_repeat and listing.is_counted):
                return listing
        raise ReadFailed(
            "GET {path} gave a different number of rows than the marketplace counts.".format(path=path),
            fix=_ODD_FIX,
        )

    def _listing(self, path: str, identity: Callable[[Row], str], **filters: str) -> Listing:
        given = {name: value for name, value in filters.items() if value}

        def fetch(offset: int) -> Page:
            query = urlencode({**given, "offset": offset, "limit": PAGE_SIZE})
            answer = self._reader.ask(Question(method="GET", target=f"{path}?{query}"))
            return Page(
                rows=_read(rows_of, answer.value),
                total=total_of(answer.value),
                server_time=answer.server_time,
            )

        return collect(fetch, identity)

    def _api_headers(self) -> dict[str, str]:
        """Return the headers of every request to the API, but for who asks."""
        key = {"X-Subscription-Key": self._settings.subscription_key.get_secret_value()}
        client_id = self._settings.client_id.get_secret_value()
        return key | ({"X-Client-Id": client_id} if client_id else {})

    def _send_question(self, question: Question, token: SecretStr) -> Reply | NoReply:
        return self._exchange(
            question.method,
            question.target,
            token=token,
            body=question.body,
            deadline_s=self._settings.read_deadline_s,
            body_cap=READ_BODY_CAP,
        )

    def _exchange(
        self,
        method: str,
        target: str,
        *,
        token: SecretStr,
        body: bytes | None,
        deadline_s: float,
        body_cap: int,
        may_leave: Callable[[], bool] = lambda: True,
    ) -> Reply | NoReply:
        """Send one request and return its answer; what the server says is cleaned and redacted here, and nowhere else."""
        self._redactor.learn(token)
        answer = self._transport.exchange(
            method,
            self._settings.base_url + target,
            headers={
                **self._common_headers,
                **self._api_headers(),
                "Authorization": f"Bearer {token.get_secret_value()}",
            },
            body=body,
            deadline_s=deadline_s,
            body_cap=body_cap,
            may_leave=may_leave,
        )
        return self._redactor.reply(answer) if isinstance(answer, Reply) else answer

    def _send_sign_in(self, asked: TokenRequest) -> Reply | NoReply:
        """Return the answer as it came: it holds the new token, and `SignIn` takes nothing else out of it."""
        return self._transport.exchange(
            "POST",
            asked.url,
            headers={**self._common_headers, **asked.headers},
            body=asked.body,
            deadline_s=self._settings.read_deadline_s,
            body_cap=ORDER_BODY_CAP,
        )


def _json_bytes(body: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        # Half a surrogate pair has no UTF-8; JSON can spell it out.
        return json.dumps(body, allow_nan=False, separators=(",", ":")).encode()


def _read(parse: Callable[[V], T], value: V) -> T:
    try:
        return parse(value)
    except Unreadable as error:
        raise ReadFailed(
            "The marketplace's answer cannot be used: {error}.".format(error=error), fix=_ODD_FIX
        ) from error


def _id(row: Row) -> str:
    return text_of(row.get("id"))


def _whole_row(row: Row) -> str:
    """Return the row as one text: the catalogue repeats MPNs, for each plan and period, and promises no id that is a row's alone."""
    return json.dumps(row, sort_keys=True)


def _is_of(customer_id: str, found: str) -> bool:
    """Return whether a row can be the customer's; a filter that was not understood lets everything through without a word."""
    return not customer_id or not found or found == customer_id.strip()


def _whole_second(moment: datetime | None, *, seconds_later: int = 0) -> str:
    if moment is None:
        return ""
    return (moment.astimezone(UTC) + timedelta(seconds=seconds_later)).strftime("%Y-%m-%dT%H:%M:%SZ")
