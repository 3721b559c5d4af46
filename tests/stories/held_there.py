"""What the practice marketplace holds of subscriptions, asked of it directly and not by the program."""

import base64
import http.client
import json
import time
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from processes import Practice

from bulk_orders.sandbox import PRACTICE_KEY, PRACTICE_PASSWORD, PRACTICE_USER

MOST_TRIES = 40
"""Faults strike whoever asks."""


class HeldThere:
    """One signed-in reader."""

    def __init__(self, practice: Practice) -> None:
        self._origin = urlsplit(practice.base_url)
        basic = base64.b64encode(f"{PRACTICE_USER}:{PRACTICE_PASSWORD}".encode()).decode()
        answer = self._asked("POST", "/token", f"Basic {basic}", {"marketplace": "us"})
        self._bearer = f"Bearer {answer['token']}"

    def subscriptions(self, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
        return {
            subscription: self._asked("GET", f"/subscriptions/{subscription}", self._bearer)
            for subscription in ids
        }

    def place(self, body: Mapping[str, Any]) -> str:
        """Order something as somebody in the panel does, and return the order's id."""
        return str(self._asked("POST", "/orders", self._bearer, body)["id"])

    def _asked(
        self, method: str, path: str, authorisation: str, body: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        headers = {
            "Authorization": authorisation,
            "X-Subscription-Key": PRACTICE_KEY,
            "Content-Type": "application/json",
        }
        for _ in range(MOST_TRIES):
            connection = http.client.HTTPConnection(self._origin.netloc, timeout=30)
            try:
                sent = json.dumps(body) if body is not None else None
                connection.request(method, f"{self._origin.path}{path}", body=sent, headers=headers)
                answer = connection.getresponse()
                text = answer.read()
                if answer.status < 300:
                    found: Mapping[str, Any] = json.loads(text)
                    return found
            finally:
                connection.close()
            time.sleep(0.1)
        raise AssertionError(f"{method} {path}: no answer")
