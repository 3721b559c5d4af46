"""`bulk-orders ledger …`: the commands about the ledger's file."""

import typer

from bulk_orders.cli.invocation import exit_with, session_of
from bulk_orders.cli.options import BackupArgument, JsonOption, PracticeLedgerOption, RestoreYesOption
from bulk_orders.texts import front as words

ledger_app = typer.Typer(help=words.LEDGER, rich_markup_mode=None)


@ledger_app.command(help=words.BACKUP)
def backup(
    ctx: typer.Context,
    file: BackupArgument,
    practice: PracticeLedgerOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders ledger backup`."""
    from bulk_orders.cli.commands.ledger_command import backup as copy_ledger

    exit_with(copy_ledger(session_of(ctx), file, is_practice=practice, as_json=as_json))


@ledger_app.command(help=words.RESTORE)
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
