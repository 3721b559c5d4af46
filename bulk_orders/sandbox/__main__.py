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
from bulk_orders.texts import sandbox as words


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
                on_ready=lambda url: print(words.LISTENING.format(url=url), flush=True),  # noqa: T201 - its one line
            )
    except BulkOrdersError as error:
        print(error, file=sys.stderr)  # noqa: T201 - there is no terminal layer in this process
        return error.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bulk_orders.sandbox",
        description=words.DESCRIPTION,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help=words.HOST)
    add("--port", type=int, default=0, help=words.PORT)
    add("--latency-ms", type=float, default=0.0, help=words.LATENCY)
    add("--limit", type=int, help=words.LIMIT)
    add("--faults", default="", help=words.FAULTS)
    add("--state", type=Path, help=words.STATE)
    add("--judge-token-file", type=Path, help=words.JUDGE_TOKEN)
    add("--seed", type=int, help=words.SEED)
    add("--account", default="", help=words.ACCOUNT)
    add("--list-without-po", action="store_true", help=words.LIST_WITHOUT_PO)
    add(
        "--processing-after-s",
        type=float,
        default=2.0,
        help=words.PROCESSING_AFTER,
    )
    add(
        "--completed-after-s",
        type=float,
        default=5.0,
        help=words.COMPLETED_AFTER,
    )
    add("--slow-after-s", type=float, default=1800.0, help=words.SLOW_AFTER)
    add("--accepted-after-s", type=float, default=3600.0, help=words.ACCEPTED_AFTER)
    add("--scheduled-days", type=int, default=30, help=words.SCHEDULED_DAYS)
    add("--token-lifetime-s", type=int, default=1500, help=words.LIFETIME)
    return parser


if __name__ == "__main__":
    sys.exit(main())
