"""A gateway between the program and a practice marketplace: it can send orders on twice, lose answers, and be down."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from processes import Practice

_HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "date", "server"}


class Gateway(ThreadingHTTPServer):
    """Repeats the first `twice` placings, and does not answer the one numbered `lost` (the first is 1)."""

    daemon_threads = True

    def __init__(self, practice: Practice, *, twice: int = 0, lost: int = 0) -> None:
        super().__init__(("127.0.0.1", 0), _Forward)
        behind = urlsplit(practice.base_url)
        assert behind.hostname
        assert behind.port
        self.behind = (behind.hostname, behind.port)
        self.base_url = f"http://127.0.0.1:{self.server_port}{behind.path}"
        self.is_down = False
        """Nothing is sent on, and what is on its way is not answered."""
        self.surcharge = 0
        """Added to the total of every estimate, in hundredths."""
        self.twice = twice
        self.lost = lost
        self._placings = 0
        self._lock = threading.Lock()

    def placing(self, method: str, path: str) -> int:
        """Its number; 0 for every other request."""
        if method != "POST" or not path.endswith("/orders"):
            return 0
        with self._lock:
            self._placings += 1
            return self._placings


class _Forward(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Gateway

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.is_down:
            self.close_connection = True
            return
        placing = self.server.placing(self.command, self.path)
        for _ in range(2 if 0 < placing <= self.server.twice else 1):
            connection = http.client.HTTPConnection(*self.server.behind)
            host = f"{self.server.behind[0]}:{self.server.behind[1]}"
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            connection.request(self.command, self.path, body, headers | {"Host": host})
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
        if self.server.is_down or 0 < placing == self.server.lost:
            self.close_connection = True
            return
        if self.server.surcharge and self.path.endswith("/orders/estimate"):
            content = _dearer(content, self.server.surcharge)
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP_BY_HOP - {"date"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET  # noqa: N815 - the name that the server looks for

    def log_message(self, *_: object) -> None:
        pass


def _dearer(content: bytes, hundredths: int) -> bytes:
    told = json.loads(content)
    total = told.get("data", told)["total"]
    total["amount"] = float(Decimal(str(total["amount"])) + Decimal(hundredths) / 100)
    return json.dumps(told).encode()


@contextmanager
def gateway_before(practice: Practice, **plan: int) -> Iterator[Gateway]:
    """The gateway, until the block ends."""
    with Gateway(practice, **plan) as gateway:
        threading.Thread(target=gateway.serve_forever, daemon=True).start()
        try:
            yield gateway
        finally:
            gateway.shutdown()
