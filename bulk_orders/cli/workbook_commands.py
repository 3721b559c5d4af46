"""`bulk-orders template`, `check` and `fix`: the commands about the workbook to fill in."""

from pathlib import Path
from typing import Annotated

import typer

from bulk_orders.cli.invocation import exit_with, profile_of, session_of
from bulk_orders.cli.options import (
    CheckedFileOption,
    EstimateOption,
    FixedFileOption,
    HiddenOption,
    JsonOption,
    MaxAmountOption,
    MaxPerCustomerOption,
    OnlineOption,
    PracticeAtOption,
    PracticeOption,
    PreparedRowsOption,
    ProfileOption,
    StrictOption,
    TemplateFileOption,
    WithCatalogOption,
)
from bulk_orders.cli.workbook_arguments import WorkbookArgument


def template(
    ctx: typer.Context,
    target: TemplateFileOption = Path("orders.xlsx"),
    rows: PreparedRowsOption = 200,
    with_catalog: WithCatalogOption = False,
    practice: PracticeOption = False,
    profile: ProfileOption = None,
    practice_at: PracticeAtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders template`."""
    from bulk_orders.cli.commands.report import template as make_template

    session = session_of(ctx)
    is_asked = with_catalog or practice or profile or practice_at
    chosen = profile_of(session, practice, profile, practice_at) if is_asked else None
    exit_with(
        make_template(session, target, rows=rows, profile=chosen, with_catalog=with_catalog, as_json=as_json)
    )


def check(
    ctx: typer.Context,
    file: WorkbookArgument,
    practice: PracticeOption = False,
    profile: ProfileOption = None,
    practice_at: PracticeAtOption = None,
    online: OnlineOption = False,
    estimate: EstimateOption = False,
    max_amount: MaxAmountOption = None,
    max_per_customer: MaxPerCustomerOption = None,
    target: CheckedFileOption = None,
    as_json: JsonOption = False,
    strict: StrictOption = False,
    include_hidden: HiddenOption = False,
    show_all: Annotated[
        bool, typer.Option("--all", help="Show every problem with its code, and what is good to know.")
    ] = False,
) -> None:
    """Run `bulk-orders check`."""
    from bulk_orders.cli.commands import check as command
    from bulk_orders.library.sources import Ask

    session = session_of(ctx)
    options = command.CheckOptions(
        as_json=as_json,
        strict=strict,
        ask=Ask(online=online, estimate=estimate, max_amount=max_amount, max_per_customer=max_per_customer),
        include_hidden=include_hidden,
        show_all=show_all,
        target=target,
    )
    exit_with(command.check(session, file, profile_of(session, practice, profile, practice_at), options))


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
        fix_workbook(session, file, profile_of(session, False, profile, None), target=target, as_json=as_json)
    )
