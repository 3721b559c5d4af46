"""How the platform and the gateway in front of it put an answer."""

import json
import random
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final
from uuid import UUID

from bulk_orders.sandbox.messages import Answer, RefusedError, Request

GATEWAY_TIMEOUT: Final = (
    b"<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>\r\n"
    b"<center><h1>504 Gateway Time-out</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)
LOGIN_PAGE: Final = (
    b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>\r\n"
)


class AnswerWriter:
    """Gives every answer a correlation id and a date."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._date: tuple[int, str] = (0, "")

    def json(self, status: int, body: Mapping[str, Any], at: datetime) -> Answer:
        """Return an answer as the platform gives it when all is well."""
        return self._answer(status, _dumped(body), "application/json", at, self._correlation_id())

    def raw(self, status: int, body: bytes, content_type: str, at: datetime) -> Answer:
        """Return an answer that is none of the platform's: a proxy's page, or nothing at all."""
        return self._answer(status, body, content_type, at, self._correlation_id())

    def refusal(self, request: Request, at: datetime, refused: RefusedError) -> Answer:
        """Return the refusal in the platform's shape (API description 1.1) or in that of its gateway."""
        correlation_id = self._correlation_id()
        if refused.by_gateway:
            body: dict[str, Any] = {"statusCode": refused.status, "message": refused.message}
        else:
            body = {
                "timeStamp": at.isoformat(timespec="milliseconds"),
                "status": refused.status,
                "message": refused.message,
                "path": request.path,
                "correlationId": correlation_id,
            }
        return self._answer(
            refused.status, _dumped(body), "application/json", at, correlation_id, headers=refused.headers
        )

    def _answer(
        self,
        status: int,
        body: bytes,
        content_type: str,
        at: datetime,
        correlation_id: str,
        *,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> Answer:
        common = (
            ("Content-Type", content_type),
            ("X-Correlation-ID", correlation_id),
            ("Date", self._http_date(at)),
        )
        return Answer(status=status, headers=common + headers, body=body)

    def _correlation_id(self) -> str:
        return f"a8n-{UUID(int=self._rng.getrandbits(128), version=4)}"

    def _http_date(self, at: datetime) -> str:
        second = int(at.timestamp())
        if self._date[0] != second:
            self._date = (second, format_datetime(at, usegmt=True))
        return self._date[1]


def _dumped(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()
