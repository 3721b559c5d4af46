"""Messages by Apprise, which knows e-mail, Teams, Slack and a hundred more. Apprise lives here."""

import importlib
import logging
from collections.abc import Callable, Sequence
from typing import Any, Final

from bulk_orders.errors import RunError, SetupError
from bulk_orders.nightly.messages import Message

Load = Callable[[str], Any]
EXTRA_FIX: Final = 'Install the extra, in the folder of the program: pip install ".[nightly]"'


def send(message: Message, urls: Sequence[str], *, load: Load = importlib.import_module) -> None:
    """Send a message to every address of its recipient.

    Raises `SetupError` without the library or with an address that is none, `RunError` if a service did not take it.
    No address is ever in an error: it may hold a password.
    """
    apprise = _library(load)
    asset = apprise.AppriseAsset(
        app_id="bulk-orders", app_desc="", app_url="", secure_logging=True, async_mode=False
    )
    sender = apprise.Apprise(asset=asset)
    if not urls or not all(sender.add(url) for url in urls):
        raise SetupError(
            "One of the addresses of {name} is not an Apprise URL.".format(name=message.recipient),
            fix=(
                "Compare with the list of services that Apprise supports, "
                "such as mailtos://user:password@example.com."
            ),
        )
    attach = apprise.AppriseAttachment(
        [
            load("apprise.attachment.file").AttachFile(str(path))
            for path in message.attachments
            if path.exists()
        ]
    )
    is_sent = sender.notify(
        title=message.subject, body=message.body, body_format="text", attach=attach if len(attach) else None
    )
    if not is_sent:
        raise RunError(
            "The message to {name} was not sent.".format(name=message.recipient),
            fix="Check its addresses and the network; the service may refuse the sign-in.",
        )


def _library(load: Load) -> Any:
    """Return the library, its own log silenced: it would print addresses to the terminal."""
    try:
        apprise = load("apprise")
    except ImportError:
        raise SetupError(
            "Messages need the library apprise, which is not installed.", fix=EXTRA_FIX
        ) from None
    logger = logging.getLogger("apprise")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    return apprise
