"""The command line: arguments, help texts, exit codes.

Heavy libraries are imported where they are used, so that `--help` and a mistyped flag answer at once; that is why the
commands' own modules are imported inside the functions.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bulk_orders import __version__
from bulk_orders.cli.default_command import WorkbookFirst
from bulk_orders.cli.invocation import exit_with, session_of
from bulk_orders.cli.ledger_app import ledger_app
from bulk_orders.cli.options import (
    AbsentOption,
    BundleOption,
    CheckedFileOption,
    CodeArgument,
    ConfirmHeldOption,
    ConfirmOption,
    DropOption,
    DryRunOption,
    EstimateOption,
    EvenCancelledOption,
    FaultsOption,
    FirstOption,
    FixedFileOption,
    HiddenOption,
    JsonOption,
    LedgerFileOption,
    MaxAmountOption,
    MaxOrdersOption,
    NewLedgerOption,
    NoColorOption,
    NoCustomerDataOption,
    NoInputOption,
    NotedWorkbooksArgument,
    OnlineOption,
    OnlyReadyOption,
    PracticeAtOption,
    PracticeOption,
    PreparedRowsOption,
    PresentAllOption,
    PresentOption,
    ProfileOption,
    RateOption,
    ReasonOption,
    RequestLimitOption,
    ResendAbsentOption,
    ResultsFileOption,
    RowOption,
    RunArgument,
    RunProfileOption,
    SandboxStateOption,
    SettingsFileOption,
    StopAfterOption,
    StrictOption,
    TemplateFileOption,
    TopicArgument,
    WaitOption,
    WithCatalogOption,
    WorkbookArgument,
    YesOption,
    per_second,
    seconds,
)
from bulk_orders.cli.records_app import history, purge
from bulk_orders.errors import UsageError
from bulk_orders.texts import front as words
from bulk_orders.texts import options as helps

if TYPE_CHECKING:
    from bulk_orders.cli.session import Session
    from bulk_orders.settings.profiles import Profile

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

app.add_typer(ledger_app, name="ledger")


@app.callback()
def main_options(
    ctx: typer.Context,
    config: SettingsFileOption = None,
    ledger: LedgerFileOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help=helps.QUIET)] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help=helps.VERBOSE)] = False,
    no_color: NoColorOption = False,
    no_input: NoInputOption = False,
    version: Annotated[bool, typer.Option("--version", help=helps.VERSION)] = False,
) -> None:
    """Take the options that every command has."""
    del no_color
    ctx.obj = {"config": config, "ledger": ledger, "quiet": quiet, "verbose": verbose, "no_input": no_input}
    if version:
        typer.echo(words.VERSION.format(version=__version__))
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        typer.echo(words.WELCOME)


@app.command(help=words.TEMPLATE)
def template(
    ctx: typer.Context,
    target: TemplateFileOption = Path("orders.xlsx"),
    rows: PreparedRowsOption = 200,
    with_catalog: WithCatalogOption = False,
    practice: PracticeOption = False,
    profile: ProfileOption = None,
    practice_at: PracticeAtOption = None,
) -> None:
    """Run `bulk-orders template`."""
    from bulk_orders.cli.commands.report import template as make_template

    session = session_of(ctx)
    is_asked = with_catalog or practice or profile or practice_at
    chosen = _profile(session, practice, profile, practice_at) if is_asked else None
    exit_with(make_template(session, target, rows=rows, profile=chosen, with_catalog=with_catalog))


@app.command(help=words.CHECK)
def check(
    ctx: typer.Context,
    file: WorkbookArgument,
    practice: PracticeOption = False,
    profile: ProfileOption = None,
    practice_at: PracticeAtOption = None,
    online: OnlineOption = False,
    estimate: EstimateOption = False,
    target: CheckedFileOption = None,
    as_json: JsonOption = False,
    strict: StrictOption = False,
    include_hidden: HiddenOption = False,
    show_all: Annotated[bool, typer.Option("--all", help=helps.ALL)] = False,
) -> None:
    """Run `bulk-orders check`."""
    from bulk_orders.cli.commands import check as command

    session = session_of(ctx)
    options = command.CheckOptions(
        as_json=as_json,
        strict=strict,
        online=online,
        estimate=estimate,
        include_hidden=include_hidden,
        show_all=show_all,
        target=target,
    )
    exit_with(command.check(session, file, _profile(session, practice, profile, practice_at), options))


@app.command(help=words.FIX)
def fix(
    ctx: typer.Context,
    file: WorkbookArgument,
    profile: ProfileOption = None,
    target: FixedFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders fix`."""
    from bulk_orders.cli.commands.fix import fix as fix_workbook

    session = session_of(ctx)
    exit_with(
        fix_workbook(session, file, _profile(session, False, profile, None), target=target, as_json=as_json)
    )


@app.command(help=words.RUN)
def run(
    ctx: typer.Context,
    file: WorkbookArgument,
    practice: PracticeOption = False,
    profile: ProfileOption = None,
    practice_at: PracticeAtOption = None,
    faults: FaultsOption = None,
    only_ready: OnlyReadyOption = False,
    first: FirstOption = None,
    yes: YesOption = False,
    confirm: ConfirmOption = None,
    max_orders: MaxOrdersOption = None,
    max_amount: MaxAmountOption = None,
    estimate: Annotated[bool, typer.Option("--estimate", help=helps.ESTIMATE_BEFORE_ASKING)] = False,
    rate: RateOption = None,
    stop_after: StopAfterOption = None,
    include_hidden: HiddenOption = False,
    new_ledger: NewLedgerOption = False,
    dry_run: DryRunOption = False,
    target: ResultsFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders run`."""
    from bulk_orders.cli.commands.run import SendOptions, run_file
    from bulk_orders.runs.new_run import RunOptions

    session = session_of(ctx)
    flags = {"faults": faults, "rate_per_s": per_second(rate), "stop_after": stop_after}
    chosen = _profile(session, practice, profile, practice_at, **flags)
    if yes and not chosen.is_practice:
        raise UsageError(words.YES_IN_LIVE, fix=words.YES_IN_LIVE_FIX)
    options = RunOptions(
        only_ready=only_ready,
        first=first,
        include_hidden=include_hidden,
        max_orders=max_orders,
        is_first_ever=new_ledger,
        results=target,
    )
    send = SendOptions(
        as_json=as_json, confirm=confirm, is_dry_run=dry_run, max_amount=max_amount, estimate=estimate
    )
    exit_with(run_file(session, file, chosen, options, send))


@app.command(help=words.RESUME)
def resume(
    ctx: typer.Context, run_id: RunArgument, profile: RunProfileOption = None, as_json: JsonOption = False
) -> None:
    """Run `bulk-orders resume`."""
    from bulk_orders.cli.commands.run import resume as resume_run

    exit_with(resume_run(session_of(ctx), run_id, profile_name=profile, as_json=as_json))


@app.command(help=words.RESOLVE)
def resolve(
    ctx: typer.Context,
    run_id: RunArgument,
    row: RowOption = None,
    present: PresentOption = None,
    present_all: PresentAllOption = False,
    even_cancelled: EvenCancelledOption = False,
    absent: AbsentOption = False,
    confirm: ConfirmHeldOption = False,
    drop: DropOption = False,
    resend_absent: ResendAbsentOption = False,
    reason: ReasonOption = "",
    profile: RunProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders resolve`."""
    from bulk_orders.cli.commands import follow as command

    said = {
        "present": present is not None,
        "present-all": present_all,
        "absent": absent,
        "confirm": confirm,
        "drop": drop,
        "resend-absent": resend_absent,
    }
    decision = command.decision_from(said, row or [], present or "", reason, even_cancelled=even_cancelled)
    exit_with(
        command.resolve(session_of(ctx), run_id, profile_name=profile, as_json=as_json, decision=decision)
    )


@app.command(help=words.AUDIT)
def audit(
    ctx: typer.Context,
    run_id: RunArgument = "last",
    profile: RunProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders audit`."""
    from bulk_orders.cli.commands.follow import audit as compare

    exit_with(compare(session_of(ctx), run_id, profile_name=profile, as_json=as_json))


@app.command(help=words.VERIFY)
def verify(
    ctx: typer.Context,
    workbooks: NotedWorkbooksArgument = None,
    profile: RunProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders verify`."""
    from bulk_orders.cli.commands.ledger_command import verify as compare

    exit_with(compare(session_of(ctx), workbooks or [], profile_name=profile, as_json=as_json))


@app.command(help=words.STATUS)
def status(
    ctx: typer.Context,
    run_id: RunArgument,
    wait: WaitOption = "0s",
    profile: RunProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders status`."""
    from bulk_orders.cli.commands.follow import status as follow

    exit_with(follow(session_of(ctx), run_id, profile_name=profile, wait_s=seconds(wait), as_json=as_json))


@app.command(help=words.REPORT)
def report(
    ctx: typer.Context,
    run_id: RunArgument,
    target: ResultsFileOption = None,
    no_customer_data: NoCustomerDataOption = False,
    profile: RunProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders report`."""
    from bulk_orders.cli.commands import report as command

    options = command.ReportOptions(target=target, as_json=as_json, names_nobody=no_customer_data)
    exit_with(command.report(session_of(ctx), run_id, options, profile_name=profile))


app.command(help=words.HISTORY)(history)
app.command(help=words.PURGE)(purge)


@app.command(help=words.DOCTOR)
def doctor(
    ctx: typer.Context,
    profile: ProfileOption = None,
    practice_at: PracticeAtOption = None,
    bundle: BundleOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders doctor`."""
    from bulk_orders.cli.commands.doctor_command import diagnose

    session = session_of(ctx)
    exit_with(
        diagnose(session, _profile(session, False, profile, practice_at), as_json=as_json, bundle=bundle)
    )


@app.command(help=words.EXPLAIN)
def explain(ctx: typer.Context, code: CodeArgument = None) -> None:
    """Run `bulk-orders explain`."""
    from bulk_orders.cli.commands import explain as command

    exit_with(command.explain(session_of(ctx), code) if code else command.explain_all(session_of(ctx)))


@app.command(help=words.HELP, name="help")
def help_(ctx: typer.Context, topic: TopicArgument = None) -> None:
    """Run `bulk-orders help`."""
    from bulk_orders.cli.commands import help_pages

    session = session_of(ctx)
    commands = ctx.parent.command.commands if ctx.parent else {}  # type: ignore[attr-defined]
    exit_with(help_pages.print_page(session, topic, commands) if topic else help_pages.list_pages(session))


@app.command(help=words.SANDBOX)
def sandbox(
    ctx: typer.Context,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help=helps.PORT)] = 8765,
    faults: FaultsOption = None,
    latency_ms: Annotated[float, typer.Option("--latency-ms", min=0, help=helps.LATENCY)] = 0.0,
    limit: RequestLimitOption = None,
    state: SandboxStateOption = None,
) -> None:
    """Run `bulk-orders sandbox`."""
    from bulk_orders.cli.commands.sandbox import serve_sandbox

    exit_with(
        serve_sandbox(
            session_of(ctx),
            port=port,
            faults=faults or "",
            latency_ms=latency_ms,
            limit_per_s=limit,
            state=state,
        )
    )


def _profile(
    session: "Session", practice: bool, name: str | None, practice_at: str | None, **flags: Any
) -> "Profile":
    if name and (practice or practice_at):
        raise UsageError(words.TWO_PROFILES, fix=words.TWO_PROFILES_FIX)
    return session.profile(name or "practice", base_url=practice_at, **flags)
