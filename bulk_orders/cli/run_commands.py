"""`bulk-orders run`, `resume`, `resolve`, `audit`, `status` and `report`: the commands about a run."""

from typing import Annotated, Any

import typer

from bulk_orders.cli.invocation import exit_with, profile_of, session_of
from bulk_orders.cli.options import (
    AbsentOption,
    AllOpenOption,
    AllowUnverifiedOption,
    ConfirmHeldOption,
    ConfirmOption,
    DropOption,
    DryRunOption,
    EvenCancelledOption,
    FaultsOption,
    FirstOption,
    HiddenOption,
    JsonOption,
    MaxAmountOption,
    MaxOrdersOption,
    MaxPerCustomerOption,
    NewLedgerOption,
    NoCustomerDataOption,
    OnlyReadyOption,
    PracticeAtOption,
    PracticeOption,
    PresentAllOption,
    PresentOption,
    ProfileOption,
    RateOption,
    ReasonOption,
    ResendAbsentOption,
    ResultsFileOption,
    RowOption,
    RunArgument,
    RunOrNoneArgument,
    RunProfileOption,
    StopAfterOption,
    WaitOption,
    WorkersElsewhereOption,
    YesOption,
    per_second,
    seconds,
)
from bulk_orders.cli.workbook_arguments import WorkbooksArgument
from bulk_orders.errors import UsageError


def run(
    ctx: typer.Context,
    files: WorkbooksArgument,
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
    max_per_customer: MaxPerCustomerOption = None,
    estimate: Annotated[bool, typer.Option("--estimate", help="Show what they cost before asking.")] = False,
    rate: RateOption = None,
    stop_after: StopAfterOption = None,
    include_hidden: HiddenOption = False,
    new_ledger: NewLedgerOption = False,
    allow_unverified: AllowUnverifiedOption = False,
    dry_run: DryRunOption = False,
    workers_elsewhere: WorkersElsewhereOption = False,
    target: ResultsFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders run`. Raises `UsageError` for --yes with real orders, and for what workers would not heed."""
    from bulk_orders.cli.commands.run import SendOptions
    from bulk_orders.cli.commands.run_files import run_files
    from bulk_orders.runs.new_run import RunOptions

    session = session_of(ctx, waits_for_orders=True, are_sent_elsewhere=workers_elsewhere)
    flags = {"faults": faults, "rate_per_s": per_second(rate), "stop_after": stop_after}
    flags["allow_unverified"] = allow_unverified or None
    chosen = profile_of(session, practice, profile, practice_at, **flags)
    if yes and not chosen.is_practice:
        raise UsageError(
            "A live run is confirmed by its number of orders, not by --yes.", fix="Use --confirm N."
        )
    if workers_elsewhere and not (rate is None and stop_after is None):
        raise UsageError(
            "--rate and --stop-after do not reach workers: each goes by its own settings.",
            fix="Leave them out, and set rate_per_s and stop_after in the profile, on every machine.",
        )
    options = RunOptions(
        only_ready=only_ready,
        first=first,
        include_hidden=include_hidden,
        max_orders=max_orders,
        max_amount=max_amount,
        max_per_customer=max_per_customer,
        estimate=estimate,
        is_first_ever=new_ledger,
        results=target,
    )
    send = SendOptions(as_json=as_json, confirm=confirm, is_dry_run=dry_run, at_workers=workers_elsewhere)
    exit_with(run_files(session, files, chosen, options, send))


def resume(
    ctx: typer.Context,
    run_id: RunArgument,
    profile: RunProfileOption = None,
    workers_elsewhere: WorkersElsewhereOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders resume`."""
    from bulk_orders.cli.commands.run import resume as resume_run

    session = session_of(ctx, waits_for_orders=True, are_sent_elsewhere=workers_elsewhere)
    exit_with(
        resume_run(session, run_id, profile_name=profile, as_json=as_json, at_workers=workers_elsewhere)
    )


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
        command.resolve(
            session_of(ctx, waits_for_orders=True),
            run_id,
            profile_name=profile,
            as_json=as_json,
            decision=decision,
        )
    )


def audit(
    ctx: typer.Context,
    run_id: RunArgument = "last",
    profile: RunProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders audit`."""
    from bulk_orders.cli.commands.follow import audit as compare

    exit_with(compare(session_of(ctx), run_id, profile_name=profile, as_json=as_json))


def status(
    ctx: typer.Context,
    run_id: RunOrNoneArgument = None,
    all_open: AllOpenOption = False,
    wait: WaitOption = "0s",
    profile: RunProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders status`. Raises `UsageError` unless one run or all are meant."""
    from bulk_orders.cli.commands import follow as command

    if (run_id is None) is not all_open:
        raise UsageError(
            "Name one run, or all that are open.",
            fix="Type `bulk-orders status last`, or `bulk-orders status --all-open`.",
        )
    options: dict[str, Any] = {"profile_name": profile, "wait_s": seconds(wait, "--wait"), "as_json": as_json}
    session = session_of(ctx, waits_for_orders=True)
    exit_with(
        command.status(session, run_id, **options) if run_id else command.status_all(session, **options)
    )


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
