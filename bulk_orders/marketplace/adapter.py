"""requests' adapter over connections that count, wait and reuse as an order needs it.

Knows the insides of requests and urllib3, so that no other module has to. What it changes:

- Head and body leave in one write, counted by the `Exchange` before it is begun.
- A connection that was idle for more than 2 s, or got bytes nobody asked for, is not used again: the peer may be
  closing it.
- No cookie is kept, and nothing is sent twice: urllib3's retries are all off.
"""

import socket
import ssl
import threading
from collections.abc import Mapping
from typing import Any

import urllib3
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection, HTTPSConnection

from bulk_orders.marketplace.wire import Exchange, StrictAnswer

LONGEST_IDLE_S = 2.0

NO_RETRIES = urllib3.Retry(
    total=0,
    connect=0,
    read=0,
    redirect=0,
    status=0,
    other=0,
    respect_retry_after_header=False,
    status_forcelist=(),
)


class _OfThisThread(threading.local):
    exchange: Exchange


# urllib3 hands a request to its connection through five layers, none of which takes a passenger.
# A request stays on its thread from beginning to end, so the thread carries the exchange.
_of_this_thread = _OfThisThread()


class _Watched:
    """What both kinds of connection do differently. Comes before urllib3's class among the bases."""

    sock: Any
    timeout: Any
    _held: list[bytes] | None = None
    _last_used_at = 0.0
    _is_tainted = False

    def connect(self) -> None:
        exchange = _of_this_thread.exchange
        usual = self.timeout
        self.timeout = exchange.begin_connecting()
        self._is_tainted = False
        try:
            super().connect()  # type: ignore[misc]
        finally:
            self.timeout = usual
            exchange.end_connecting()

    @property
    def is_connected(self) -> bool:
        """urllib3 asks this before it uses a connection again, and closes and opens again when it is not so."""
        idle_s = _of_this_thread.exchange.monotonic() - self._last_used_at
        return idle_s <= LONGEST_IDLE_S and not self._is_tainted and super().is_connected  # type: ignore[misc]

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        held = self._held = []
        try:
            super().request(method, url, *args, **kwargs)  # type: ignore[misc]
        finally:
            self._held = None
        self._hand_over(b"".join(held))

    def send(self, data: bytes) -> None:
        if self._held is None:
            super().send(data)  # type: ignore[misc]  # CONNECT to a proxy: not part of the request
        else:
            self._held.append(data)

    def _hand_over(self, payload: bytes) -> None:
        if self.sock is None:
            self.connect()
        exchange = _of_this_thread.exchange
        exchange.arm(self.sock)
        exchange.count(len(payload))
        rest = memoryview(payload)
        while rest:
            exchange.arm(self.sock)
            rest = rest[self.sock.send(rest) :]

    def response_class(
        self, sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None
    ) -> StrictAnswer:
        """Return what http.client calls to make the response; `url` is there because the class has it."""
        del url
        return StrictAnswer(sock, _of_this_thread.exchange, self._taint, debuglevel=debuglevel, method=method)

    def getresponse(self) -> Any:
        response = super().getresponse()  # type: ignore[misc]
        self._last_used_at = _of_this_thread.exchange.monotonic()
        return response

    def _taint(self) -> None:
        self._is_tainted = True


class WatchedHTTPConnection(_Watched, HTTPConnection):  # type: ignore[misc]
    """Without TLS: for this machine, and for a proxy."""


class WatchedHTTPSConnection(_Watched, HTTPSConnection):  # type: ignore[misc]
    """With TLS."""


class _HTTPPool(urllib3.HTTPConnectionPool):
    ConnectionCls = WatchedHTTPConnection


class _HTTPSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = WatchedHTTPSConnection


_POOLS: dict[str, Any] = {"http": _HTTPPool, "https": _HTTPSPool}


class CountingAdapter(HTTPAdapter):
    """requests' adapter over watched connections, for one origin. Safe to share between threads."""

    def __init__(self, *, connections: int, ssl_context: ssl.SSLContext) -> None:
        """Take `connections`, how many are kept open; more are made when needed."""
        self._ssl_context = ssl_context
        super().__init__(pool_connections=1, pool_maxsize=connections, max_retries=NO_RETRIES)

    def send_within(
        self, exchange: Exchange, request: PreparedRequest, *, deadline_s: float, proxies: dict[str, str]
    ) -> Response:
        """Send once, and read the answer's head; the body is for the caller. Raises what requests and urllib3 raise."""
        _of_this_thread.exchange = exchange
        return super().send(
            request, stream=True, timeout=(deadline_s, deadline_s), verify=True, proxies=proxies
        )

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        """Set our connections and our TLS; requests calls this once."""
        super().init_poolmanager(
            connections, maxsize, block=block, ssl_context=self._ssl_context, **pool_kwargs
        )
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: Any, **proxy_kwargs: Any) -> Any:
        """Return the same for connections through a proxy."""
        manager = super().proxy_manager_for(proxy, ssl_context=self._ssl_context, **proxy_kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Do nothing: the one TLS context always verifies, and reading the authorities for each connection is slow."""

    def build_response(self, req: PreparedRequest, resp: Any) -> Response:
        """Return the response without a cookie jar, and without the request, whose headers are secret."""
        del req
        response = Response()
        response.status_code = resp.status
        response.headers = CaseInsensitiveDict(joined_headers(resp.headers))
        response.raw = resp
        return response


def joined_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return names in lower case; repeated headers joined by a comma, as urllib3 does when asked by name."""
    return {name.lower(): headers[name] for name in headers}
