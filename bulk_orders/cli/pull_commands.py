"""`bulk-orders subscriptions …`, `customers …` and `catalog …`: the commands that read what the marketplace has into workbooks."""

import typer

from bulk_orders.cli.invocation import exit_with, profile_of, session_of
from bulk_orders.cli.options import (
    JsonOption,
    PracticeAtOption,
    PracticeOption,
    ProfileOption,
)
from bulk_orders.cli.pull_options import (
    ComparisonFileOption,
    DueBeforeOption,
    EarlierCatalogArgument,
    FreshOption,
    LaterCatalogArgument,
    PulledCustomerOption,
    PulledFileOption,
    PulledSubscriptionsOption,
    day_of,
)

subscriptions_app = typer.Typer(
    help="Read the marketplace's subscriptions into a workbook, where you write what you want.",
    rich_markup_mode=None,
)


@subscriptions_app.callback()
def subscriptions() -> None:
    """Make `pull` a command of its own, as in the other groups: without this the group itself would be it."""


@subscriptions_app.command(
    name="pull",
    help=(
        "Read the subscriptions into a workbook. A workbook that was pulled before is brought up to date: "
        "your columns and wishes are kept."
    ),
)
def pull_subscriptions(
    ctx: typer.Context,
    target: PulledFileOption = None,
    customer: PulledCustomerOption = None,
    due_before: DueBeforeOption = "",
    fresh: FreshOption = False,
    practice: PracticeOption = False,
    profile: ProfileOption = None,
    practice_at: PracticeAtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders subscriptions pull`."""
    from bulk_orders.cli.commands import subscriptions as command

    session = session_of(ctx)
    options = command.PullOptions(
        target=target,
        customers=tuple(customer or ()),
        due_before=day_of(due_before, "--due-before"),
        is_fresh=fresh,
        as_json=as_json,
    )
    exit_with(command.pull(session, profile_of(session, practice, profile, practice_at), options))


customers_app = typer.Typer(help="Read the marketplace's customers into a workbook.", rich_markup_mode=None)
catalog_app = typer.Typer(
    help="Read the marketplace's catalogue into a workbook, or compare two of them.", rich_markup_mode=None
)


@customers_app.callback()
def customers() -> None:
    """Make `pull` a command of its own, as above."""


@customers_app.command(
    name="pull", help="Read the customers into a workbook, with address and first contact."
)
def pull_customers(
    ctx: typer.Context,
    target: PulledFileOption = None,
    practice: PracticeOption = False,
    profile: ProfileOption = None,
    practice_at: PracticeAtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders customers pull`."""
    from bulk_orders.cli.commands import catalog as command

    session = session_of(ctx)
    chosen = profile_of(session, practice, profile, practice_at)
    exit_with(command.pull_customers(session, chosen, target, as_json=as_json))


@catalog_app.command(name="pull", help="Read the catalogue into a workbook, with every price.")
def pull_catalog(
    ctx: typer.Context,
    target: PulledFileOption = None,
    practice: PracticeOption = False,
    profile: ProfileOption = None,
    practice_at: PracticeAtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders catalog pull`."""
    from bulk_orders.cli.commands import catalog as command

    session = session_of(ctx)
    chosen = profile_of(session, practice, profile, practice_at)
    exit_with(command.pull_catalog(session, chosen, target, as_json=as_json))


@catalog_app.command(
    name="compare",
    help="Say which prices rise from one pull to another, and what that means for renewals. Nobody is asked.",
)
def compare_catalogs(
    ctx: typer.Context,
    before: EarlierCatalogArgument,
    after: LaterCatalogArgument,
    subscriptions: PulledSubscriptionsOption = None,
    due_before: DueBeforeOption = "",
    target: ComparisonFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders catalog compare`."""
    from bulk_orders.cli.commands import catalog as command

    session = session_of(ctx)
    options = command.CompareOptions(
        subscriptions=subscriptions,
        due_before=day_of(due_before, "--due-before"),
        target=target,
        as_json=as_json,
    )
    exit_with(command.compare(session, before, after, options))
