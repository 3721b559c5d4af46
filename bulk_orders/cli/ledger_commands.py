"""`bulk-orders verify`, `history`, `undo`, `purge` and `ledger …`: the commands about the ledgers alone."""

import typer

from bulk_orders.cli.invocation import exit_with, session_of
from bulk_orders.cli.options import (
    CancellableOption,
    JsonOption,
    LimitOption,
    OutcomeOption,
    RunArgument,
    RunProfileOption,
    SinceOption,
    UndoFileOption,
    UndoRowOption,
)
from bulk_orders.cli.upkeep_options import (
    BackupArgument,
    CopyProfileOption,
    CustomerOption,
    LedgersProfileOption,
    NotedWorkbooksArgument,
    OlderThanOption,
    PracticeLedgerOption,
    PurgeYesOption,
    RestoreYesOption,
)


def history(
    ctx: typer.Context,
    limit: LimitOption = None,
    since: SinceOption = "",
    outcome: OutcomeOption = None,
    cancellable: CancellableOption = False,
    profile: LedgersProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders history`."""
    from bulk_orders.cli.commands import history as command

    wanted = command.Filter(limit=limit, since=since, outcomes=tuple(outcome or ()), cancellable=cancellable)
    exit_with(command.history(session_of(ctx), wanted, profile_name=profile, as_json=as_json))


def undo(
    ctx: typer.Context,
    run_id: RunArgument,
    row: UndoRowOption = None,
    target: UndoFileOption = None,
    profile: RunProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders undo`."""
    from bulk_orders.cli.commands.undo import undo as list_orders

    session = session_of(ctx)
    exit_with(list_orders(session, run_id, row or [], target, profile_name=profile, as_json=as_json))


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


def verify(
    ctx: typer.Context,
    workbooks: NotedWorkbooksArgument = None,
    profile: RunProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders verify`."""
    from bulk_orders.cli.commands.ledger_command import verify as compare

    exit_with(compare(session_of(ctx), workbooks or [], profile_name=profile, as_json=as_json))


ledger_app = typer.Typer(
    help="Back up the ledger, even during a run, restore a backup, or copy it into a shared database.",
    rich_markup_mode=None,
)


@ledger_app.command(help="Copy the ledger to a new file, even during a run.")
def backup(
    ctx: typer.Context,
    file: BackupArgument,
    practice: PracticeLedgerOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders ledger backup`."""
    from bulk_orders.cli.commands.ledger_command import backup as copy_ledger

    exit_with(copy_ledger(session_of(ctx), file, is_practice=practice, as_json=as_json))


@ledger_app.command(help="Replace the ledger with a backup. The old ledger is kept beside it.")
def restore(
    ctx: typer.Context,
    file: BackupArgument,
    practice: PracticeLedgerOption = False,
    yes: RestoreYesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders ledger restore`."""
    from bulk_orders.cli.commands.ledger_command import restore as put_back

    exit_with(put_back(session_of(ctx), file, is_practice=practice, is_yes=yes, as_json=as_json))


@ledger_app.command(help="Copy the ledger's file into the profile's database, which must be empty.")
def copy(ctx: typer.Context, profile: CopyProfileOption = "live", as_json: JsonOption = False) -> None:
    """Run `bulk-orders ledger copy`."""
    from bulk_orders.cli.commands.ledger_command import copy as copy_ledger

    exit_with(copy_ledger(session_of(ctx), profile_name=profile, as_json=as_json))
