"""`bulk-orders plan`, `approve` and `apply`: a run in three steps, by two people."""

from pathlib import Path
from typing import Annotated

import typer

from bulk_orders.cli.invocation import exit_with, profile_of, session_of
from bulk_orders.cli.options import (
    AllowUnverifiedOption,
    HiddenOption,
    JsonOption,
    MaxOrdersOption,
    NewLedgerOption,
    OnlyReadyOption,
    PracticeAtOption,
    PracticeOption,
    ProfileOption,
    ResultsFileOption,
    seconds,
    written_workbook,
)
from bulk_orders.cli.workbook_arguments import WorkbookArgument

PlanArgument = Annotated[
    str, typer.Argument(metavar="PLAN", help="The plan's id, or its workbook.", show_default=False)
]
PlanProfileOption = Annotated[
    str | None, typer.Option("--profile", metavar="NAME", help="The profile, if not the plan's own.")
]
PlannedFileArgument = Annotated[
    Path | None,
    typer.Argument(
        readable=False,
        metavar="FILE",
        help="The workbook that was planned, if it is not where it was.",
        show_default=False,
    ),
]
PlanFileOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        readable=False,
        metavar="PATH",
        help="Where the plan workbook goes: a file or a folder.",
        callback=written_workbook,
    ),
]
ExpiresOption = Annotated[
    str | None,
    typer.Option(
        "--expires",
        metavar="TIME",
        help="How long the plan can be applied: 90m, 24h, 2d. Without it, the profile's plan_expires.",
    ),
]


def plan(
    ctx: typer.Context,
    file: WorkbookArgument,
    practice: PracticeOption = False,
    profile: ProfileOption = None,
    practice_at: PracticeAtOption = None,
    only_ready: OnlyReadyOption = False,
    include_hidden: HiddenOption = False,
    max_orders: MaxOrdersOption = None,
    allow_unverified: AllowUnverifiedOption = False,
    expires: ExpiresOption = None,
    target: PlanFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders plan`."""
    from bulk_orders.cli.commands.plan import plan_file
    from bulk_orders.runs.new_run import RunOptions

    session = session_of(ctx)
    flags = {"allow_unverified": allow_unverified or None}
    chosen = profile_of(session, practice, profile, practice_at, **flags)
    options = RunOptions(only_ready=only_ready, include_hidden=include_hidden, max_orders=max_orders)
    expires_s = seconds(expires, "--expires") if expires else chosen.plan_expires_s
    exit_with(plan_file(session, file, chosen, options, expires_s=expires_s, target=target, as_json=as_json))


def approve(
    ctx: typer.Context, plan: PlanArgument, profile: PlanProfileOption = None, as_json: JsonOption = False
) -> None:
    """Run `bulk-orders approve`."""
    from bulk_orders.cli.commands.plan import approve_plan

    exit_with(approve_plan(session_of(ctx), plan, profile_name=profile, as_json=as_json))


def apply(
    ctx: typer.Context,
    plan: PlanArgument,
    file: PlannedFileArgument = None,
    profile: PlanProfileOption = None,
    new_ledger: NewLedgerOption = False,
    target: ResultsFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders apply`."""
    from bulk_orders.cli.commands.plan import apply_plan
    from bulk_orders.runs.new_run import RunOptions

    options = RunOptions(is_first_ever=new_ledger, results=target)
    exit_with(apply_plan(session_of(ctx), plan, file, options, profile_name=profile, as_json=as_json))
