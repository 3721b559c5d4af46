"""One request, one answer: `Transport.exchange` returns a `Reply` or a `NoReply` and raises for nothing a network can do.

There is no requests.Session here: what a session adds is redirects, .netrc, proxies from the environment and cookies,
and none of them may touch an order. Proxy and authorities come from the settings alone.
"""

import re
import socket
import ssl
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from urllib.parse import urlsplit

from pydantic import SecretStr
from requests import PreparedRequest, RequestException
from requests.structures import CaseInsensitiveDict
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.exceptions import HTTPError, ProxyError
from urllib3.exceptions import TimeoutError as Urllib3TimeoutError

from bulk_orders.core.reply import TAKEN_OVER
from bulk_orders.errors import SetupError
from bulk_orders.marketplace.adapter import CountingAdapter
from bulk_orders.marketplace.interface import FailureKind, NoReply, Reply
from bulk_orders.marketplace.wire import Exchange, MustNotLeave

ORDER_BODY_CAP = 1024 * 1024
READ_BODY_CAP = 32 * 1024 * 1024

# What requests, urllib3, http.client, ssl and the socket raise for what peers do; ValueError is for heads that no parser expects.
NETWORK_FAILURES = (RequestException, HTTPError, HTTPException, OSError, ValueError)

_PIECE = 64 * 1024
_PROXY_STATUS = re.compile(r"Tunnel connection failed: ([0-9]{3})")
_LONGEST_CHAIN = 30


class Transport:
    """The way to one origin. Safe to share between threads."""

    def __init__(
        self,
        *,
        connections: int,
        connect_timeout_s: float,
        ca_file: str | None,
        proxy: SecretStr | None,
        monotonic: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        """Take `connections`, how many stay open; `now` gives aware UTC. Raises `SetupError` for an unusable CA file."""
        self._adapter = CountingAdapter(connections=connections, ssl_context=_tls(ca_file))
        self._proxies = dict.fromkeys(("http", "https"), proxy.get_secret_value()) if proxy else {}
        self._connect_timeout_s = connect_timeout_s
        self._monotonic = monotonic
        self._now = now

    def exchange(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None,
        deadline_s: float,
        body_cap: int,
        may_leave: Callable[[], bool] = lambda: True,
    ) -> Reply | NoReply:
        """Send once, if it `may_leave`, and read at most `body_cap` bytes of the answer, all within `deadline_s`."""
        request = PreparedRequest()
        request.method = method
        request.url = url
        request.body = body
        request.headers = CaseInsensitiveDict(headers)
        if body is not None:
            request.headers["Content-Length"] = str(len(body))
        exchange = Exchange(
            deadline_s=deadline_s,
            connect_timeout_s=self._connect_timeout_s,
            monotonic=self._monotonic,
            now=self._now,
            may_leave=may_leave,
        )
        try:
            response = self._adapter.send_within(
                exchange, request, deadline_s=deadline_s, proxies=self._proxies
            )
        except NETWORK_FAILURES as error:
            return _no_reply(error, exchange, urlsplit(url).netloc)
        answer_headers = dict(response.headers)
        content, is_complete = _read_body(response.raw, answer_headers, body_cap)
        return Reply(
            status=response.status_code,
            headers=answer_headers,
            body=content,
            is_complete=is_complete,
            sent_at=exchange.sent_at,
        )

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._adapter.close()


@cache
def _tls(ca_file: str | None) -> ssl.SSLContext:
    """Return one context for all clients with the same authorities: it is made to be shared, and reading them takes 16 ms.

    Not `ssl.create_default_context`, which writes the keys of every connection to the file that SSLKEYLOGFILE names.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cafile=ca_file or DEFAULT_CA_BUNDLE_PATH)
    except (OSError, ValueError) as error:
        raise SetupError(
            "The file of certificate authorities {path} cannot be used ({kind}).".format(
                path=ca_file, kind=type(error).__name__
            ),
            fix="Set ca_file to a PEM file that can be read, or leave it out.",
        ) from error
    if sys.version_info >= (3, 13):  # what the default context asks of certificates from then on
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_STRICT
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _read_body(raw: object, headers: Mapping[str, str], cap: int) -> tuple[bytes, bool]:
    """Return what came of the body, up to the cap, and whether it was all of it.

    A body without Content-Length or chunks ends with the connection and counts as whole: it cannot be told from
    one that broke off, except that a JSON object that broke off is not JSON.
    """
    content = bytearray()
    try:
        while piece := raw.read1(_PIECE, decode_content=False):  # type: ignore[attr-defined]
            content += piece
            if len(content) > cap:
                break
        has_ended = len(content) <= cap
    except NETWORK_FAILURES:
        has_ended = False
    if not has_ended:
        raw.close()  # type: ignore[attr-defined]  # the rest must not become the head of the next answer
    raw.release_conn()  # type: ignore[attr-defined]
    plain, is_whole = _decoded(bytes(content[:cap]), headers.get("content-encoding", ""), cap)
    return plain, has_ended and is_whole and _has_sane_length(headers, len(content))


def _has_sane_length(headers: Mapping[str, str], size: int) -> bool:
    """Return whether the head said how long the body is in a way that only one reading is possible of."""
    if "transfer-encoding" in headers:
        return headers["transfer-encoding"].strip().lower() == "chunked" and "content-length" not in headers
    stated = headers.get("content-length")
    return stated is None or (stated.isascii() and stated.isdigit() and int(stated[:20]) == size)


def _decoded(content: bytes, encoding: str, cap: int) -> tuple[bytes, bool]:
    """Return the body unpacked, though packing was not asked for, never beyond the cap; as it came when that does not work."""
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return content, True
    if name not in {"gzip", "x-gzip", "deflate"}:
        return content, False
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 32)  # 32: gzip or zlib, whichever the head shows
    try:
        plain = unpacking.decompress(content, cap)
    except zlib.error:
        return content, False
    return plain, unpacking.eof and not unpacking.unused_data


def _no_reply(error: Exception, exchange: Exchange, host: str) -> NoReply:
    chain = list(_chain(error))
    if any(isinstance(link, MustNotLeave) for link in chain):
        kind, detail = FailureKind.TAKEN_OVER, TAKEN_OVER
    else:
        kind, detail = _explained(chain, host, was_sent=exchange.bytes_sent > 0)
    return NoReply(
        kind=kind,
        detail=detail,
        bytes_sent=exchange.bytes_sent,
        sent_at=exchange.sent_at,
    )


def _explained(chain: list[BaseException], host: str, *, was_sent: bool) -> tuple[FailureKind, str]:
    """Return the kind and our sentence: the libraries' texts may hold addresses, headers and the server's words."""
    if any(isinstance(link, ssl.SSLCertVerificationError) for link in chain):
        return (
            FailureKind.CERTIFICATE,
            "The certificate of {host} is not trusted: {reason}.".format(
                host=host, reason=_why_not_trusted(chain)
            ),
        )
    is_timeout = any(isinstance(link, TimeoutError | Urllib3TimeoutError) for link in chain)
    if not was_sent:
        reason = _why_not_connected(chain, is_timeout=is_timeout)
        if any(isinstance(link, ProxyError) for link in chain):
            return FailureKind.NO_CONNECTION, "No connection to {host} through the proxy: {reason}.".format(
                host=host, reason=reason
            )
        return FailureKind.NO_CONNECTION, "No connection to {host}: {reason}.".format(
            host=host, reason=reason
        )
    if is_timeout:
        return FailureKind.TIMEOUT, "{host} did not answer within the deadline.".format(host=host)
    is_odd = any(
        isinstance(link, HTTPException) and not isinstance(link, RemoteDisconnected | IncompleteRead)
        for link in chain
    )
    if is_odd or not any(isinstance(link, OSError | IncompleteRead) for link in chain):
        return (
            FailureKind.UNREADABLE,
            "{host} answered something that is not HTTP, or too much of it ({kind}).".format(
                host=host, kind=type(chain[-1]).__name__
            ),
        )
    return FailureKind.CONNECTION_LOST, "The connection to {host} was lost before the answer came.".format(
        host=host
    )


def _why_not_trusted(chain: list[BaseException]) -> str:
    found = next(link for link in chain if isinstance(link, ssl.SSLCertVerificationError))
    return str(getattr(found, "verify_message", "")).rstrip(".") or "it could not be verified"


def _why_not_connected(chain: list[BaseException], *, is_timeout: bool) -> str:
    if any(isinstance(link, socket.gaierror) for link in chain):
        return "there is no such host, or no network"
    if proxy_status := next((m for m in (_PROXY_STATUS.search(str(link)) for link in chain) if m), None):
        return "the proxy answered {status}".format(status=proxy_status[1])
    if any(isinstance(link, ConnectionRefusedError) for link in chain):
        return "it was refused; nothing listens there"
    if any(isinstance(link, ssl.SSLError) for link in chain):
        return "the two sides could not agree on encryption"
    return "it took too long" if is_timeout else "it failed ({kind})".format(kind=type(chain[-1]).__name__)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and all that caused it; requests and urllib3 put causes into `args` and `reason` as well."""
    waiting: list[BaseException] = [error]
    seen: list[BaseException] = []
    while waiting and len(seen) < _LONGEST_CHAIN:
        link = waiting.pop(0)
        if any(link is other for other in seen):
            continue
        seen.append(link)
        yield link
        around = (link.__cause__, link.__context__, getattr(link, "reason", None), *link.args)
        waiting += [other for other in around if isinstance(other, BaseException)]
