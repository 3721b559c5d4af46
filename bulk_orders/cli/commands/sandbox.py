"""`sandbox`: a practice marketplace in this process until Ctrl-C."""

from pathlib import Path

from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.session import Session
from bulk_orders.errors import ExitCode
from bulk_orders.sandbox.account_kinds import account_kind
from bulk_orders.sandbox.behaviour import Behaviour
from bulk_orders.sandbox.gateway import PRACTICE_KEY, PRACTICE_PASSWORD, PRACTICE_USER
from bulk_orders.sandbox.practice import practice_marketplace
from bulk_orders.sandbox.server import BASE_PATH, serve
from bulk_orders.sandbox.simulator import AUTHORITY


def serve_sandbox(
    session: Session,
    *,
    port: int,
    faults: str,
    latency_ms: float,
    limit_per_s: int | None,
    account: str,
    state: Path | None,
    as_json: bool = False,
) -> ExitCode:
    """Serve until SIGINT or SIGTERM; the address is the one line on stdout, or in the JSON object, which comes first here."""

    def ready(url: str) -> None:
        if as_json:
            session.terminal.json(answer(ExitCode.OK, url=url))
        session.terminal.result("listening on {url}".format(url=url))
        session.terminal.say("Send orders to it:  bulk-orders run FILE --practice-at {url}".format(url=url))
        session.terminal.say(
            (
                "Sign in from a profile:  base_url {url}, user {user}, "
                "password {password}, subscription key {key}"
            ).format(url=url, user=PRACTICE_USER, password=PRACTICE_PASSWORD, key=PRACTICE_KEY)
        )
        if behaviour.sign_in == "oauth2":
            session.terminal.say(
                "Its tokens come from (oauth2_url):  {url}".format(
                    url=url.removesuffix(BASE_PATH) + AUTHORITY
                )
            )

    behaviour = Behaviour(limit_per_s=limit_per_s, **account_kind(account))
    with practice_marketplace(faults=faults, behaviour=behaviour, state=state) as simulator:
        serve(simulator, port=port, latency_s=latency_ms / 1000, on_ready=ready)
    return ExitCode.OK
