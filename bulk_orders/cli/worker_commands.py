"""`bulk-orders worker` and `bulk-orders worker status`."""

import typer

from bulk_orders.cli.invocation import exit_with, session_of
from bulk_orders.cli.options import JsonOption, PracticeAtOption
from bulk_orders.cli.upkeep_options import HealthFileOption, WorkerProfilesOption, WorkersProfileOption

worker_app = typer.Typer(
    help="Send the orders of runs that were begun with --workers-elsewhere, until Ctrl-C. Any number of workers may.",
    rich_markup_mode=None,
    invoke_without_command=True,
)


@worker_app.callback()
def worker(
    ctx: typer.Context,
    profile: WorkerProfilesOption = None,
    practice_at: PracticeAtOption = None,
    health_file: HealthFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders worker`."""
    if ctx.invoked_subcommand is not None:
        return
    from bulk_orders.cli.commands import worker as command

    session = session_of(ctx, waits_for_orders=True)
    profiles = command.profiles_of(session, profile or [], practice_at)
    exit_with(command.work(session, profiles, health_file, as_json=as_json))


@worker_app.command(help="Say which workers are there, and which runs they send.")
def status(ctx: typer.Context, profile: WorkersProfileOption = "live", as_json: JsonOption = False) -> None:
    """Run `bulk-orders worker status`."""
    from bulk_orders.cli.commands import worker as command

    exit_with(command.status(session_of(ctx), profile, as_json=as_json))
