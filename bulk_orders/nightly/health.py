"""Pings to a service that raises an alarm when none comes, in the form of healthchecks.io: `/start`, then `/CODE`."""

from typing import Final
from uuid import UUID

import requests

from bulk_orders.errors import RunError

TIMEOUT_S: Final = 10.0
START: Final = "start"
_WELL: Final = 300
_NO_PING: Final = "The health address does not answer: {reason}."
_NO_PING_FIX: Final = "Check health_url and the network."


def ping(url: str, what: str, night: UUID, *, proxy: str = "", ca_file: str = "") -> None:
    """Ask for `url/what?rid=NIGHT`; both pings of a night have the same id. Raises `RunError` if the answer is not 2xx.

    Nothing but the profile's proxy and authority is used, whatever the environment says; redirects are not followed.
    """
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.get(
                f"{url.rstrip('/')}/{what}",
                params={"rid": str(night)},
                timeout=TIMEOUT_S,
                allow_redirects=False,
                proxies={"http": proxy, "https": proxy} if proxy else {},
                verify=ca_file or True,
            )
        except (requests.RequestException, ValueError) as error:
            raise RunError(_NO_PING.format(reason=type(error).__name__), fix=_NO_PING_FIX) from None
    if answer.status_code >= _WELL:
        raise RunError(_NO_PING.format(reason=answer.status_code), fix=_NO_PING_FIX)
