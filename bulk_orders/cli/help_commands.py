"""`bulk-orders doctor`, `explain`, `help` and `sandbox`: the commands that help to set up, to understand and to practise."""

from typing import Annotated

import typer

from bulk_orders.cli.invocation import exit_with, profile_of, session_of
from bulk_orders.cli.options import (
    CodeArgument,
    FaultsOption,
    FirstDayOption,
    ForgetAccountOption,
    JsonOption,
    NewLedgerOption,
    PracticeAtOption,
    ProfileOption,
    TopicArgument,
)
from bulk_orders.cli.upkeep_options import (
    BundleOption,
    FirstStepsOption,
    RequestLimitOption,
    SandboxStateOption,
)
from bulk_orders.errors import UsageError


def doctor(
    ctx: typer.Context,
    profile: ProfileOption = None,
    practice_at: PracticeAtOption = None,
    bundle: BundleOption = None,
    first_steps: FirstStepsOption = False,
    forget_account: ForgetAccountOption = False,
    first_day: FirstDayOption = None,
    new_ledger: NewLedgerOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders doctor`. Raises `UsageError` where it is asked for two things."""
    session = session_of(ctx)
    chosen = profile_of(session, False, profile, practice_at)
    if sum(map(bool, (bundle, first_steps, forget_account, first_day))) > 1:
        raise UsageError(
            "--bundle, --first-steps, --forget-account and --first-day are four things.",
            fix="Ask for one at a time.",
        )
    if first_steps:
        from bulk_orders.cli.commands.first_steps import lead

        exit_with(lead(session, chosen, as_json=as_json))
    if first_day:
        from bulk_orders.cli.commands.first_day import lead as lead_first_day

        exit_with(lead_first_day(session, first_day, chosen, is_first_ever=new_ledger, as_json=as_json))
    from bulk_orders.cli.commands.doctor_command import diagnose
    from bulk_orders.cli.commands.doctor_command import forget_account as forget

    if forget_account:
        exit_with(forget(session, chosen, as_json=as_json))
    exit_with(diagnose(session, chosen, as_json=as_json, bundle=bundle))


def explain(ctx: typer.Context, code: CodeArgument = None, as_json: JsonOption = False) -> None:
    """Run `bulk-orders explain`."""
    from bulk_orders.cli.commands import explain as command

    session = session_of(ctx)
    exit_with(
        command.explain(session, code, as_json=as_json)
        if code
        else command.explain_all(session, as_json=as_json)
    )


def help_(ctx: typer.Context, topic: TopicArgument = None, as_json: JsonOption = False) -> None:
    """Run `bulk-orders help`."""
    from bulk_orders.cli.commands import help_pages

    session = session_of(ctx)
    commands = ctx.parent.command.commands if ctx.parent else {}  # type: ignore[attr-defined]
    exit_with(
        help_pages.print_page(session, topic, commands, as_json=as_json)
        if topic
        else help_pages.list_pages(session, as_json=as_json)
    )


def sandbox(
    ctx: typer.Context,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The port; 0 takes a free one.")
    ] = 8765,
    faults: FaultsOption = None,
    latency_ms: Annotated[float, typer.Option("--latency-ms", min=0, help="Delay of each answer.")] = 0.0,
    limit: RequestLimitOption = None,
    account: Annotated[
        str,
        typer.Option(
            "--account",
            metavar="KIND",
            help=(
                "What is unusual about its account: "
                "po=poNumber, po-kept=20, period=line, vendor=line, sign-in=oauth2."
            ),
        ),
    ] = "",
    state: SandboxStateOption = None,
    as_json: JsonOption = False,
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
            account=account,
            state=state,
            as_json=as_json,
        )
    )
