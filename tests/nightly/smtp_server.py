"""An SMTP server of our own on loopback, which keeps the messages that it is given."""

import email
import email.policy
import socketserver
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from types import TracebackType
from typing import Self


@dataclass
class Mail:
    """One message as it came."""

    recipients: list[str]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain", "html"))
        return str(body.get_content()) if body else ""

    @property
    def attachments(self) -> list[str]:
        return [str(part.get_filename()) for part in self.message.iter_attachments()]


class _Talk(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client needs that neither signs in nor encrypts."""

    def handle(self) -> None:
        self._say(b"220 loopback")
        recipients: list[str] = []
        while line := self.rfile.readline().strip():
            verb = line.split(b":")[0].split()[0].upper()
            if verb == b"QUIT":
                self._say(b"221 bye")
                return
            if verb == b"RCPT":
                recipients.append(line.partition(b"<")[2].partition(b">")[0].decode())
            if verb == b"DATA":
                self._say(b"354 go on")
                self._keep(recipients)
                recipients = []
            self._say(b"250 ok")

    def _keep(self, recipients: list[str]) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        server = self.server
        assert isinstance(server, SmtpServer)
        server.mails.append(Mail(recipients=recipients, message=message))

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


class SmtpServer(socketserver.ThreadingTCPServer):
    """Listens on a free port while its block lasts."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mails: list[Mail] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()
