"""What came of sending an order, as seen from our side and judged by nobody yet (`core.verdict` judges)."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the server answered to an order, undigested."""

    status: int
    headers: Mapping[str, str]
    """Header names in lower case."""
    body: bytes
    """At most the first 1 MiB."""
    is_complete: bool
    """False when the body broke off, or was over the size cap."""
    sent_at: datetime
    """Aware UTC, when the first byte was about to leave."""


class FailureKind(enum.StrEnum):
    """Why there is no reply. The kind is for people; what may be done next depends on `bytes_sent` alone."""

    NO_CONNECTION = "no connection"
    NO_SIGN_IN = "no sign-in"
    TAKEN_OVER = "taken over"
    CERTIFICATE = "certificate refused"
    TIMEOUT = "no answer in time"
    CONNECTION_LOST = "connection lost"
    UNREADABLE = "unreadable answer"


TAKEN_OVER: Final = "Not sent: another process may have taken this run over."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReply:
    """The order was to be sent, and no HTTP answer came."""

    kind: FailureKind
    detail: str
    """For people and logs; holds no secret and no customer data."""
    bytes_sent: int
    """Bytes of the order request handed to the operating system; 0 is proof that the order did not leave."""
    sent_at: datetime
