"""The HTTP face of the practice marketplace, on the loopback interface only.

Carries out on the socket what the simulator decided: hangs, resets and truncated answers are real.
"""

import asyncio
import contextlib
import hmac
import logging
import os
import signal
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Iterator
from types import TracebackType
from typing import Any, Final, Self, cast
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from bulk_orders.errors import UsageError
from bulk_orders.sandbox.messages import Answer, Request
from bulk_orders.sandbox.simulator import AUTHORITY, MAX_BODY_BYTES, Simulator

logger = logging.getLogger("bulk_orders")

BASE_PATH: Final = "/marketplace/us"
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_HOST_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")
# Linger on, for 0 s: the kernel sends RST instead of FIN. Windows has shorts in this structure.
_RESET_ON_CLOSE: Final = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
_TRANSPORT: Final = "practice.transport"


class _Protocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type] # uvicorn chooses the class when it is imported
    """Lets the application reach the connection: it is the `state` of each request's scope."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self.app_state = {_TRANSPORT: transport}


class _Face:
    """The ASGI application below the base path."""

    def __init__(self, simulator: Simulator, latency_s: float, prefix: str = "") -> None:
        self._simulator = simulator
        self._prefix = prefix
        self._latency_s = latency_s
        self._hanging: set[asyncio.Future[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            return
        # The order is taken before the latency: a client that gives up meanwhile has still placed it.
        answer = self._simulator.handle(_request(scope, body, self._prefix))
        if self._latency_s:
            await asyncio.sleep(self._latency_s)
        if answer.fault is None:
            await _send(answer, send)
        else:
            await self._misbehave(answer, scope, receive, send)

    def release(self) -> None:
        """End all hangs, so that the server can stop; call it in the server's loop."""
        for hanging in self._hanging:
            if not hanging.done():
                hanging.set_result(None)

    async def _misbehave(self, answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
        transport = cast("asyncio.Transport", scope["state"][_TRANSPORT])
        fault = answer.fault
        if fault is None or fault.kind == "slow":
            await asyncio.sleep(fault.seconds if fault else 0)
            await _send(answer, send)
            return
        if fault.kind == "hang":
            await self._hang(fault.seconds, receive)
        elif fault.kind == "truncate":
            await _send(answer, send, cut_at=len(answer.body) // 2)
        else:
            transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE
            )
        if fault.kind == "truncate":
            transport.close()
        else:
            transport.abort()
        # Returning before the connection is gone would make the server answer 500.
        await _gone(receive)

    async def _hang(self, seconds: float, receive: Receive) -> None:
        """Say nothing until the time is up, the client has gone, or the server stops."""
        released = asyncio.get_running_loop().create_future()
        gone = asyncio.ensure_future(_gone(receive))
        self._hanging.add(released)
        try:
            await asyncio.wait({released, gone}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._hanging.discard(released)
            gone.cancel()


class _OnlyThisAddress:
    """Answers only who asked for this very address: a web page that a name leads here asks for that name (DNS rebinding)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _asks_for_us(scope):
            logger.warning("practice marketplace: refused a request for another host")
            await JSONResponse(
                {"message": "This practice marketplace serves one machine; use its own address."},
                status_code=421,
            )(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _asks_for_us(scope: Scope) -> bool:
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    _, port = scope["server"]
    return len(hosts) == 1 and hosts[0] in {f"{name}:{port}".encode() for name in _HOST_NAMES}


def _judge_pages(simulator: Simulator, token: str) -> list[Route]:
    """Serve `/_practice/orders` and `/_practice/stats` to holders of the token: every order with names and addresses."""

    def page(read: Callable[[], object]) -> Callable[[HttpRequest], Awaitable[JSONResponse]]:
        async def answer(request: HttpRequest) -> JSONResponse:
            given = request.headers.get("authorization", "").encode("utf-8", "replace")
            if not hmac.compare_digest(given, f"Bearer {token}".encode()):
                logger.warning("practice marketplace: refused a request without the judge's token")
                return JSONResponse({"message": "This page needs the token of the judges."}, status_code=401)
            return JSONResponse(read())

        return answer

    def orders() -> object:
        return [{**order, "created": order["created"].isoformat()} for order in simulator.orders]

    def stats() -> object:
        return {
            "orders": simulator.order_count,
            "throttled": simulator.throttled,
            "requests": simulator.requests,
            "answers": simulator.answers,
            "faults": simulator.faults,
        }

    return [Route("/_practice/orders", page(orders)), Route("/_practice/stats", page(stats))]


def create_app(
    simulator: Simulator,
    *,
    latency_s: float = 0.0,
    judge_token: str | None = None,
) -> Starlette:
    """Return the practice marketplace as an ASGI application.

    With a `judge_token` two pages outside the base path show who has it what was ordered and asked.
    """
    face = _Face(simulator, latency_s)
    app = Starlette(
        routes=[
            Mount(BASE_PATH, app=face),
            Mount(AUTHORITY, app=_Face(simulator, latency_s, AUTHORITY)),
            *(_judge_pages(simulator, judge_token) if judge_token else []),
        ],
        middleware=[Middleware(_OnlyThisAddress)],
    )
    app.state.release = face.release
    return app


class _Server(uvicorn.Server):
    """Uvicorn's server that says when it listens, ends hangs when it stops, and leaves signals as they were."""

    def __init__(self, app: Starlette, on_ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_Protocol,
                ws="none",
                lifespan="off",
                loop="asyncio",
                log_config=None,
                log_level="error",
                access_log=False,
                server_header=False,
                date_header=False,
                timeout_graceful_shutdown=2,
            )
        )
        self._release: Callable[[], None] = app.state.release
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._release()
        await super().shutdown(sockets=sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGINT and SIGTERM; unlike uvicorn's own, a stop that was asked for is no failure."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {
            number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class PracticeServer:
    """A practice marketplace in a thread of this process, for the time of a `with` block.

    It listens before the block begins; leaving the block ends hanging answers and frees the port.
    """

    def __init__(
        self,
        simulator: Simulator,
        *,
        port: int = 0,
        latency_s: float = 0.0,
        judge_token: str | None = None,
    ) -> None:
        """Listen on `port`; 0 takes a free one, and `base_url` has it. `latency_s` delays each answer; see `create_app`."""
        self.simulator = simulator
        self._ready = threading.Event()
        app = create_app(simulator, latency_s=latency_s, judge_token=judge_token)
        self._server = _Server(app, self._ready.set)
        self._socket = _listening("127.0.0.1", port)
        self.origin = _origin(self._socket.getsockname())
        """Scheme, host and port, without a slash at the end."""
        self.base_url = self.origin + BASE_PATH
        """What a client is told as the address of the API, without a slash at the end."""
        self.authority_url = self.origin + AUTHORITY
        """And of the server that gives tokens with OAuth 2."""
        self._thread = threading.Thread(
            target=self._server.run,
            kwargs={"sockets": [self._socket]},
            name="practice-marketplace",
            daemon=True,
        )

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


def serve(
    simulator: Simulator,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    latency_s: float = 0.0,
    judge_token: str | None = None,
    on_ready: Callable[[str], None],
) -> None:
    """Serve until SIGINT or SIGTERM; `on_ready` is told the base URL once requests are taken. See `create_app`.

    Raises `UsageError` for a host that is not the loopback interface, or a port that is taken.
    """
    if host not in _LOOPBACK:
        raise UsageError(
            "The practice marketplace does not listen on {host}.".format(host=host),
            fix="Use one of {hosts}.".format(hosts=", ".join(sorted(_LOOPBACK))),
        )
    try:
        listening = _listening(host, port)
    except OSError as error:
        raise UsageError(
            "Port {port} of {host} cannot be used: {reason}.".format(
                port=port, host=host, reason=error.strerror
            ),
            fix="Try --port 0.",
        ) from error
    with listening:
        base_url = _origin(listening.getsockname()) + BASE_PATH
        app = create_app(simulator, latency_s=latency_s, judge_token=judge_token)
        _Server(app, lambda: on_ready(base_url)).run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named asyncio switches Nagle's algorithm off; otherwise each answer waits 40 ms for an ACK.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if (
            os.name == "posix"
        ):  # a port in TIME_WAIT may be used again; on Windows the option would steal ports
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(1024)
    except OSError:
        listening.close()
        raise
    listening.setblocking(False)
    return listening


def _origin(name: tuple[Any, ...]) -> str:
    host = f"[{name[0]}]" if ":" in name[0] else name[0]
    return f"http://{host}:{name[1]}"


def _request(scope: Scope, body: bytes, prefix: str) -> Request:
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    query = scope["query_string"]
    return Request(
        method=scope["method"],
        path=f"{prefix}{path}" or "/",
        query=dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True)) if query else {},
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
        body=body,
    )


async def _body(receive: Receive) -> bytes | None:
    """Read the request's body, at most one byte more than is allowed; None when the client has gone."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if not message.get("more_body", False) or size > MAX_BODY_BYTES:
            return b"".join(parts)[: MAX_BODY_BYTES + 1]


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(answer: Answer, send: Send, *, cut_at: int | None = None) -> None:
    """Send the answer; with `cut_at` only so many bytes of the body that was announced."""
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    is_cut = cut_at is not None
    await send({"type": "http.response.body", "body": answer.body[:cut_at], "more_body": is_cut})
