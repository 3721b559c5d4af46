"""The command line: arguments, help texts, exit codes.

What each command takes is declared in the modules `*_commands` beside this one. Heavy libraries are imported where they are
used, so that `--help` and a mistyped flag answer at once; that is why `commands/` is imported inside their functions.
"""

from typing import Annotated, Final

import typer

from bulk_orders.cli.default_command import WorkbookFirst
from bulk_orders.cli.help_commands import doctor, explain, help_, sandbox
from bulk_orders.cli.ledger_commands import history, ledger_app, purge, undo, verify
from bulk_orders.cli.mapping_commands import map_
from bulk_orders.cli.nightly_commands import nightly, notify
from bulk_orders.cli.options import (
    LedgerFileOption,
    LogFormatOption,
    NoColorOption,
    NoInputOption,
    SettingsFileOption,
)
from bulk_orders.cli.plan_commands import apply, approve, plan
from bulk_orders.cli.pull_commands import catalog_app, customers_app, subscriptions_app
from bulk_orders.cli.run_commands import audit, report, resolve, resume, run, status
from bulk_orders.cli.workbook_commands import check, fix, template
from bulk_orders.cli.worker_commands import worker_app
from bulk_orders.core.version import VERSION
from bulk_orders.machine.log_lines import LogFormat

_EXIT_CODES: Final = """\
Exit codes: 0 done · 1 bug · 2 command line · 3 workbook has errors · 4 some orders failed · 5 outcome unknown, look
before sending again · 6 sign-in or settings · 7 try again later · 8 another run · 9 a guard stopped it · 130 Ctrl-C"""
app = typer.Typer(
    cls=WorkbookFirst,
    name="bulk-orders",
    help=(
        "Turn a workbook of customers and products into marketplace orders: "
        "none placed twice, none lost in silence."
    ),
    epilog=_EXIT_CODES,
    no_args_is_help=False,
    invoke_without_command=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)

app.command(help="Make a workbook to fill in.")(template)
app.command(
    help=(
        "Find out what the columns of your own file are, so that it "
        "can be checked and run as it is. Nothing is sent."
    ),
    name="map",
)(map_)
app.command(help="Find problems. Nothing is sent.")(check)
app.command(
    help=(
        "Apply the lines of a checked workbook's sheet Problems "
        "that say Yes, and check again. Nothing is sent."
    )
)(fix)
app.command(
    help=(
        "Check, confirm, send, write the results workbook. "
        "Running a file again sends only what is not ordered yet."
    )
)(run)
app.command(
    help=(
        "Freeze a workbook's orders and prices, and write a plan "
        "workbook for whoever approves them. Nothing is sent."
    )
)(plan)
app.command(help="Approve a plan that somebody else made. Nothing is sent.")(approve)
app.command(
    help="Send exactly the orders of an approved plan, or say what has moved since and send nothing."
)(apply)
app.command(help="Go on after Ctrl-C, a crash or a reboot.")(resume)
app.command(help="Look up the rows to check by hand again, and decide on them. Nothing is sent.")(resolve)
app.command(
    help=(
        "Compare a run's orders with the marketplace's, one to one. "
        "Duplicates are reported while they can be cancelled."
    )
)(audit)
app.command(
    help=(
        "Check that the ledger is as it was written. "
        "Given results workbooks, also check that nothing was cut off its end."
    )
)(verify)
app.command(help="Ask what became of accepted orders, and refresh the results workbook.")(status)
app.command(help="Write the results workbook again from the ledger.")(report)
app.command(
    help=(
        "Work through an inbox once, unattended. "
        "Open runs are resumed, complete files are sent, and every file is put in its place."
    )
)(nightly)
app.command(help="Show who is notified of nights, or send them a test message.")(notify)
app.command(help="List the runs so far, newest first.")(history)
app.command(
    help=(
        "Write a workbook of a run's orders that can still be cancelled. "
        "Nothing is cancelled before you run that workbook."
    )
)(undo)
app.command(
    help=(
        "Erase what people wrote from the ledger, after showing it. "
        "Orders stay known: nothing is ordered again."
    )
)(purge)
app.command(help="Check settings, credentials, connection and folders, and say how to fix what is wrong.")(
    doctor
)
app.command(help="Say what a code means, why, and what to do.")(explain)
app.command(help="Print a page of help, or list them all.", name="help")(help_)
app.command(help="Start a practice marketplace that several runs or programs can share. Ctrl-C ends it.")(
    sandbox
)
app.add_typer(subscriptions_app, name="subscriptions")
app.add_typer(customers_app, name="customers")
app.add_typer(catalog_app, name="catalog")
app.add_typer(ledger_app, name="ledger")
app.add_typer(worker_app, name="worker")


_WELCOME: Final = """\
bulk-orders turns a workbook of customers and products into marketplace orders: none placed twice, none lost in silence.

  1. bulk-orders template -o orders.xlsx      make an empty workbook and fill it in
  2. bulk-orders check orders.xlsx            find problems; nothing is sent
  3. bulk-orders run orders.xlsx --practice   send the orders to the practice marketplace; nothing is billed

Then for real: bulk-orders run orders.xlsx --profile live.   All commands: bulk-orders --help"""


@app.callback()
def main_options(
    ctx: typer.Context,
    config: SettingsFileOption = None,
    ledger: LedgerFileOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only results and errors.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Write more to the log file.")] = False,
    log_format: LogFormatOption = LogFormat.WORDS,
    no_color: NoColorOption = False,
    no_input: NoInputOption = False,
    version: Annotated[bool, typer.Option("--version", help="The program's version.")] = False,
) -> None:
    """Take the options that every command has."""
    del no_color
    ctx.obj = {
        "config": config,
        "ledger": ledger,
        "quiet": quiet,
        "verbose": verbose,
        "log_format": log_format,
        "no_input": no_input,
    }
    if version:
        typer.echo("bulk-orders {version}".format(version=VERSION))
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        typer.echo(_WELCOME)
