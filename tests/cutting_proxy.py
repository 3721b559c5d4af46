"""Between a client and a PostgreSQL server: passes everything on, until it is told to cut the next COMMIT off.

Run as a process of its own: `cutting_proxy.py SOCKET ORDERS` listens on a port of this machine, which it prints. A file ORDERS
says what becomes of the next COMMIT, once: `before`, the server never gets it; `after`, its answer gets lost; `silent`, the
server never gets it and does not notice that the client is gone; `late`, it is on its way when the server ends.
"""

import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path

_COMMIT = b"COMMIT\0"


def serve(server: str, orders: Path) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    while True:
        client, _ = listening.accept()
        try:
            pair = Pair(client, server, orders)
        except OSError:  # the server is away
            client.close()
            continue
        threading.Thread(target=pair.pass_on, daemon=True).start()


class Pair:
    """One client's connection, and the one that it has with the server."""

    def __init__(self, client: socket.socket, server: str, orders: Path) -> None:
        self.client = client
        self.server = socket.socket(socket.AF_UNIX)
        self.server.connect(server)
        self.orders = orders
        self.order = ""

    def pass_on(self) -> None:
        threading.Thread(target=self._back, daemon=True).start()
        with suppress(OSError):
            self._forth()
        self._end()

    def _forth(self) -> None:
        while data := self.client.recv(65536):
            if _COMMIT in data and self.orders.exists():
                self.order = self.orders.read_text(encoding="ascii")
                self.orders.unlink()
                if self.order not in {"after", "late"}:
                    break
            if self.order != "late":
                self.server.sendall(data)

    def _back(self) -> None:
        with suppress(OSError):  # the server was killed: the client hears of it, too
            while (data := self.server.recv(65536)) and self.order != "after":
                self.client.sendall(data)
        self._end()

    def _end(self) -> None:
        for end in (self.client, *([] if self.order == "silent" else [self.server])):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    serve(sys.argv[1], Path(sys.argv[2]))
