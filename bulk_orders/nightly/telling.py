"""Telling people and machines of a night. A failure is logged and changes nothing: what was ordered is ordered."""

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from bulk_orders.errors import BulkOrdersError
from bulk_orders.machine.log_lines import log
from bulk_orders.nightly import health
from bulk_orders.nightly.messages import Message, messages, sample
from bulk_orders.nightly.metrics import try_metrics, write_metrics
from bulk_orders.nightly.notify import send
from bulk_orders.nightly.results import NightReport
from bulk_orders.settings.nightly import NightlySettings, recipient_urls
from bulk_orders.settings.profiles import Profile

logger = logging.getLogger("bulk_orders")

Step = tuple[str, str, Callable[[], None]]
"""What is told, by what name it is logged, and the telling."""


class Teller:
    """Tells of one night."""

    def __init__(self, profile: Profile, settings: NightlySettings, warn: Callable[[str], None]) -> None:
        """Take `warn`, which hears of files with addresses that others can read."""
        self._profile = profile
        self._settings = settings
        self._warn = warn
        self._night: UUID = uuid4()

    def begin(self) -> None:
        """Tell that the night begins."""
        if self._settings.health_url:
            self._try("health-start", lambda: self._ping(health.START))

    def tell(self, report: NightReport) -> bool:
        """Tell everybody whom it concerns how the night ended; return False where there were messages and none got through."""
        told = list(messages(report, self._settings))
        is_sent = [self._try(name, act) for name, _, act in self._steps(report, told)]
        messages_sent = is_sent[: len(told)]
        return any(messages_sent) or not messages_sent

    def test(self, report: NightReport) -> Iterator[tuple[str, BulkOrdersError | None]]:
        """Tell everybody that this is a test; yield what was told, and what was wrong with it."""
        for _, what, act in self._steps(report, sample(report, self._settings), is_test=True):
            try:
                act()
            except BulkOrdersError as error:
                yield what, error
            else:
                yield what, None

    def _steps(
        self, report: NightReport, told: Iterable[Message], *, is_test: bool = False
    ) -> Iterator[Step]:
        """Yield the messages first, each in its turn."""
        for message in told:
            what = "The test message to {name} was sent.".format(name=message.recipient)
            yield f"message-{message.recipient}", what, partial(self._send, message)
        if self._settings.metrics_file:
            path = Path(self._settings.metrics_file).expanduser()
            write = try_metrics if is_test else write_metrics
            yield "metrics", "The metrics can be written.", partial(write, path, report)
        if self._settings.health_url:
            code = self._settings.health_codes.get(report.exit_code, int(report.exit_code))
            yield "health-end", "The health address answers.", lambda: self._ping(str(code))

    def _send(self, message: Message) -> None:
        recipient = self._settings.recipients[message.recipient]
        send(message, recipient_urls(message.recipient, recipient, self._warn))

    def _ping(self, what: str) -> None:
        profile = self._profile
        proxy = profile.proxy.get_secret_value()
        health.ping(self._settings.health_url, what, self._night, proxy=proxy, ca_file=profile.ca_file)

    def _try(self, name: str, act: Callable[[], None]) -> bool:
        try:
            act()
        except BulkOrdersError as error:
            log(
                "telling-failed",
                level=logging.WARNING,
                what=name,
                error=type(error).__name__,
                reason=error.message,
            )
        except Exception as error:  # noqa: BLE001 - a library that fails in its own way is a failure to tell, no more
            log("telling-failed", level=logging.WARNING, what=name, error=type(error).__name__)
        else:
            log("told", what=name)
            return True
        return False
