"""The practice marketplace as a process of its own: `python -m bulk_orders.sandbox --port 0`.

Prints one line, `listening on URL`, when it takes requests; ends with 0 on SIGTERM and SIGINT.
"""

import argparse
import secrets
import sys
from pathlib import Path

from bulk_orders.errors import BulkOrdersError
from bulk_orders.machine.private_files import replace_text
from bulk_orders.sandbox.account_kinds import account_kind
from bulk_orders.sandbox.ageing import Ageing
from bulk_orders.sandbox.behaviour import Behaviour
from bulk_orders.sandbox.practice import practice_marketplace
from bulk_orders.sandbox.server import serve


def main(arguments: list[str] | None = None) -> int:
    """Serve as the arguments say until a signal comes; the process's exit code."""
    options = _parser().parse_args(arguments)
    try:
        kind = account_kind(options.account)
    except BulkOrdersError as error:
        print(error, file=sys.stderr)  # noqa: T201 - there is no terminal layer in this process
        return error.exit_code
    behaviour = Behaviour(
        **kind,
        list_shows_po=not options.list_without_po,
        ageing=Ageing(
            processing_after_s=options.processing_after_s,
            completed_after_s=options.completed_after_s,
            slow_after_s=options.slow_after_s,
            accepted_after_s=options.accepted_after_s,
            scheduled_days=options.scheduled_days,
        ),
        token_lifetime_s=options.token_lifetime_s,
        limit_per_s=options.limit,
    )
    token = secrets.token_urlsafe(16) if options.judge_token_file else None
    try:
        if token:
            replace_text(options.judge_token_file, token)
        with practice_marketplace(
            faults=options.faults, behaviour=behaviour, state=options.state, seed=options.seed
        ) as simulator:
            serve(
                simulator,
                host=options.host,
                port=options.port,
                latency_s=options.latency_ms / 1000,
                judge_token=token,
                on_ready=lambda url: print("listening on {url}".format(url=url), flush=True),  # noqa: T201 - its one line
            )
    except BulkOrdersError as error:
        print(error, file=sys.stderr)  # noqa: T201 - there is no terminal layer in this process
        return error.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bulk_orders.sandbox",
        description="A marketplace to practise on; nothing is ordered or billed.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="loopback address to listen on (%(default)s)")
    add("--port", type=int, default=0, help="port to listen on; 0 takes a free one (%(default)s)")
    add("--latency-ms", type=float, default=0.0, help="delay of each answer (%(default)s)")
    add("--limit", type=int, help="maximum requests in any second (no limit)")
    add("--faults", default="", help="for example 429=0.1,500-after-commit=every:50,list-lag=3,seed=7")
    add("--state", type=Path, help="file that remembers the orders from one start to the next")
    add(
        "--judge-token-file",
        type=Path,
        help="file to write the judges' token to; without it the pages /_practice/… do not exist",
    )
    add("--seed", type=int, help="makes tokens, correlation ids and faults repeatable")
    add(
        "--account",
        default="",
        help="kind of account, for example po=poNumber,period=line,vendor=line,sign-in=oauth2",
    )
    add("--list-without-po", action="store_true", help="leave poNumber out of the rows of GET /orders")
    add(
        "--processing-after-s",
        type=float,
        default=2.0,
        help="age at which an order is processing (%(default)s)",
    )
    add(
        "--completed-after-s",
        type=float,
        default=5.0,
        help="age at which an order is completed (%(default)s)",
    )
    add(
        "--slow-after-s",
        type=float,
        default=1800.0,
        help="age at which a slow order is completed (%(default)s)",
    )
    add(
        "--accepted-after-s",
        type=float,
        default=3600.0,
        help="age at which the customer accepts the agreement (%(default)s)",
    )
    add(
        "--scheduled-days",
        type=int,
        default=30,
        help="days until a scheduled order is carried out (%(default)s)",
    )
    add("--token-lifetime-s", type=int, default=1500, help="(%(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
