"""The command line of `nightly` and `notify`."""

import typer

from bulk_orders.cli.invocation import exit_with, profile_of, session_of
from bulk_orders.cli.options import (
    JsonOption,
    MaxAmountOption,
    MaxOrdersOption,
    PracticeAtOption,
    PracticeOption,
    ProfileOption,
)
from bulk_orders.cli.upkeep_options import (
    InboxArgument,
    NightlyDryRunOption,
    NotAfterOption,
    NotifyTestOption,
    OnProblemOption,
)


def nightly(
    ctx: typer.Context,
    folder: InboxArgument = None,
    practice: PracticeOption = False,
    profile: ProfileOption = None,
    practice_at: PracticeAtOption = None,
    max_orders: MaxOrdersOption = None,
    max_amount: MaxAmountOption = None,
    on_problem: OnProblemOption = None,
    not_after: NotAfterOption = None,
    dry_run: NightlyDryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders nightly`."""
    from bulk_orders.cli.commands import nightly as command

    session = session_of(ctx)
    flags = {
        "folder": str(folder) if folder else None,
        "max_orders": max_orders,
        "max_amount": max_amount,
        "on_problem": on_problem,
        "not_after": not_after,
    }
    chosen = profile_of(session, practice, profile, practice_at)
    exit_with(command.nightly(session, chosen, flags, is_dry_run=dry_run, as_json=as_json))


def notify(
    ctx: typer.Context,
    practice: PracticeOption = False,
    profile: ProfileOption = None,
    test: NotifyTestOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders notify`."""
    from bulk_orders.cli.commands.notify import notify as tell

    session = session_of(ctx)
    chosen = profile_of(session, practice, profile, None)
    exit_with(tell(session, chosen, is_test=test, as_json=as_json))
