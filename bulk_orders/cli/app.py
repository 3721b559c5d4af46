"""The command line: arguments, help texts, exit codes.

What each command takes is declared in the modules `*_commands` beside this one. Heavy libraries are imported where they are
used, so that `--help` and a mistyped flag answer at once; that is why `commands/` is imported inside their functions.
"""

from typing import Annotated

import typer

from bulk_orders import __version__
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
from bulk_orders.cli.run_commands import audit, report, resolve, resume, run, status
from bulk_orders.cli.workbook_commands import check, fix, template
from bulk_orders.machine.log_lines import LogFormat
from bulk_orders.texts import front as words
from bulk_orders.texts import options as helps

app = typer.Typer(
    cls=WorkbookFirst,
    name="bulk-orders",
    help=words.PROGRAM,
    epilog=words.EXIT_CODES,
    no_args_is_help=False,
    invoke_without_command=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)

app.command(help=words.TEMPLATE)(template)
app.command(help=words.MAP, name="map")(map_)
app.command(help=words.CHECK)(check)
app.command(help=words.FIX)(fix)
app.command(help=words.RUN)(run)
app.command(help=words.PLAN)(plan)
app.command(help=words.APPROVE)(approve)
app.command(help=words.APPLY)(apply)
app.command(help=words.RESUME)(resume)
app.command(help=words.RESOLVE)(resolve)
app.command(help=words.AUDIT)(audit)
app.command(help=words.VERIFY)(verify)
app.command(help=words.STATUS)(status)
app.command(help=words.REPORT)(report)
app.command(help=words.NIGHTLY)(nightly)
app.command(help=words.NOTIFY)(notify)
app.command(help=words.HISTORY)(history)
app.command(help=words.UNDO)(undo)
app.command(help=words.PURGE)(purge)
app.command(help=words.DOCTOR)(doctor)
app.command(help=words.EXPLAIN)(explain)
app.command(help=words.HELP, name="help")(help_)
app.command(help=words.SANDBOX)(sandbox)
app.add_typer(ledger_app, name="ledger")


@app.callback()
def main_options(
    ctx: typer.Context,
    config: SettingsFileOption = None,
    ledger: LedgerFileOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help=helps.QUIET)] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help=helps.VERBOSE)] = False,
    log_format: LogFormatOption = LogFormat.WORDS,
    no_color: NoColorOption = False,
    no_input: NoInputOption = False,
    version: Annotated[bool, typer.Option("--version", help=helps.VERSION)] = False,
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
        typer.echo(words.VERSION.format(version=__version__))
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        typer.echo(words.WELCOME)
