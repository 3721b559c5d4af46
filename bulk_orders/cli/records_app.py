"""`bulk-orders history` and `purge`: the commands that look into the ledgers alone."""

import typer

from bulk_orders.cli.invocation import exit_with, session_of
from bulk_orders.cli.options import (
    CustomerOption,
    JsonOption,
    LedgersProfileOption,
    OlderThanOption,
    PurgeYesOption,
)


def history(ctx: typer.Context, profile: LedgersProfileOption = None, as_json: JsonOption = False) -> None:
    """Run `bulk-orders history`."""
    from bulk_orders.cli.commands.history import history as list_runs

    exit_with(list_runs(session_of(ctx), profile_name=profile, as_json=as_json))


def purge(
    ctx: typer.Context,
    customer: CustomerOption = "",
    older_than: OlderThanOption = "",
    profile: LedgersProfileOption = None,
    yes: PurgeYesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders purge`."""
    from bulk_orders.cli.commands import purge as command

    options = command.PurgeOptions(
        customer_id=customer, older_than=older_than, profile_name=profile, is_yes=yes, as_json=as_json
    )
    exit_with(command.purge(session_of(ctx), options))
