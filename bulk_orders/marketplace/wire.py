"""One exchange on the wire: its deadline, its byte count, and an answer that is believed only when whole.

- `Exchange.bytes_sent` is raised *before* a byte is offered to the operating system, and stays 0 for connecting,
  the TLS handshake and a proxy's CONNECT: 0 proves that the order did not leave.
- Every wait on the socket is for what is left of the deadline. (Looking up a host name cannot be interrupted, nor
  the turn to the next address of a host; nothing has left by then, and nothing leaves after the deadline.)
- A line that breaks off is an error; http.client takes a head that breaks off for a whole one.
"""

import http.client
import io
import socket
from collections.abc import Callable
from datetime import datetime
from typing import Any

LARGEST_HEAD = 64 * 1024
"""Bytes of status line and headers, informational answers included."""

_SLACK_S = 0.05
"""How far a socket's timeout may be over what is left before it is set again; setting it is a system call."""
_READ_AHEAD = 8192


class MustNotLeave(OSError):
    """What was to be sent must not leave any more."""


class Exchange:
    """One request and its answer: the deadline, and what was handed to the operating system. Belongs to one thread."""

    __slots__ = (
        "_connect_by",
        "_connect_timeout_s",
        "_deadline_at",
        "_may_leave",
        "_now",
        "bytes_sent",
        "monotonic",
        "sent_at",
        "started_at",
    )

    def __init__(
        self,
        *,
        deadline_s: float,
        connect_timeout_s: float,
        monotonic: Callable[[], float],
        now: Callable[[], datetime],
        may_leave: Callable[[], bool] = lambda: True,
    ) -> None:
        """Start the deadlines: `now` gives aware UTC; both times are seconds from this moment, the second for connecting alone.

        `may_leave` is asked as the last act before the first byte of the request.
        """
        self.monotonic = monotonic
        self.started_at = monotonic()
        self.sent_at = now()
        self.bytes_sent = 0
        self._deadline_at = self.started_at + deadline_s
        self._connect_timeout_s = connect_timeout_s
        self._connect_by: float | None = None
        self._now = now
        self._may_leave = may_leave

    def begin_connecting(self) -> float:
        """Return the seconds that connecting may take. Raises `TimeoutError` when the deadline has passed."""
        now = self.monotonic()
        self._connect_by = min(self._deadline_at, now + self._connect_timeout_s)
        return self._left(self._connect_by - now)

    def end_connecting(self) -> None:
        """End the time for connecting: the request may go out now."""
        self._connect_by = None

    def arm(self, sock: socket.socket) -> None:
        """Let the next call on the socket wait for what is left. Raises `TimeoutError` when nothing is."""
        ends_at = self._deadline_at if self._connect_by is None else self._connect_by
        left = self._left(ends_at - self.monotonic())
        armed = sock.gettimeout()
        if armed is None or not left <= armed <= left + _SLACK_S:
            sock.settimeout(left)

    def count(self, size: int) -> None:
        """Count `size` bytes of the request, about to be offered to the operating system. Raises `MustNotLeave`."""
        if not self.bytes_sent:
            self.sent_at = self._now()
            if not self._may_leave():
                raise MustNotLeave
        self.bytes_sent += size

    def _left(self, seconds: float) -> float:
        if seconds <= 0:
            raise TimeoutError("the deadline has passed")
        return seconds


class _TimedRaw(io.RawIOBase):
    """What comes in from a socket, each wait armed with what is left, and the head not endless."""

    def __init__(self, inner: io.RawIOBase, sock: socket.socket, exchange: Exchange) -> None:
        super().__init__()
        self._inner = inner
        self._sock = sock
        self._exchange = exchange
        self.head_left: int | None = LARGEST_HEAD + _READ_AHEAD
        self.is_shut = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self.is_shut:
            return None
        self._exchange.arm(self._sock)
        size = self._inner.readinto(buffer)
        if self.head_left is not None and size:
            self.head_left -= size
            if self.head_left < 0:
                raise http.client.HTTPException("the head of the answer is too large")
        return size

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


class _StrictReader(io.BufferedReader):
    """Lines are whole or an error; says whether anything was left over when it was closed."""

    raw: _TimedRaw

    def __init__(self, raw: _TimedRaw, on_leftover: Callable[[], None]) -> None:
        super().__init__(raw, _READ_AHEAD)
        self._on_leftover = on_leftover

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(-1 if size is None else size)
        if not line.endswith(b"\n") and len(line) != size:
            raise http.client.IncompleteRead(line)
        return line

    def close(self) -> None:
        if not self.closed:
            self.raw.is_shut = True  # so that peeking shows what is here and does not wait for more
            if self.peek(1):
                self._on_leftover()
        super().close()


class StrictAnswer(http.client.HTTPResponse):
    """An answer read through a `_StrictReader`, with all informational answers before it skipped, not only 100."""

    fp: _StrictReader

    def __init__(
        self,
        sock: socket.socket,
        exchange: Exchange,
        on_leftover: Callable[[], None],
        *,
        debuglevel: int,
        method: str | None,
    ) -> None:
        super().__init__(sock, debuglevel, method=method)
        self._raw = _TimedRaw(self.fp.detach(), sock, exchange)
        self.fp = _StrictReader(self._raw, on_leftover)

    def begin(self, **limits: Any) -> None:
        """Read the head of the real answer; `limits` are what newer versions of http.client pass on."""
        super().begin(**limits)
        while (
            http.HTTPStatus.CONTINUE <= self.status < http.HTTPStatus.OK
            and self.status != http.HTTPStatus.SWITCHING_PROTOCOLS
        ):
            self.headers = None  # type: ignore[assignment]  # begin() reads anew only without headers
            super().begin(**limits)
        self._raw.head_left = None
