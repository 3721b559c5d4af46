"""What crosses the door of the practice marketplace: a request in, an answer out.

Plain values without a socket, so that the simulator can be driven in process and over HTTP alike.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

WireFault = Literal["hang", "reset", "truncate", "slow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What the connection has to suffer; whoever owns the socket carries it out."""

    kind: WireFault
    """`hang`: no byte for `seconds`, then the connection closes. `reset`: RST at once.
    `truncate`: half of the body, then the connection closes. `slow`: the whole answer after `seconds`."""

    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call, without scheme, host and base path."""

    method: str
    path: str
    """Below the base path and starting with a slash, for example `/orders/10000001`."""

    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    """Header names in lower case."""

    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the platform says to one request; with a fault, what it would have said."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """Without `Content-Length`, which belongs to whoever writes the bytes."""

    body: bytes
    fault: Fault | None = None

    def json(self) -> Any:
        """Return the body as JSON; raises `ValueError` when it is none."""
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        """Return the first header of that name in any case, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


class RefusedError(Exception):
    """The platform refuses the request; never leaves the simulator.

    `by_gateway` chooses the shape of the body: the API gateway in front of the platform has one of its own.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        by_gateway: bool = False,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.by_gateway = by_gateway
        self.headers = headers
